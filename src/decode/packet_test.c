/* Headers of packets: each link and layer, and packets that end in the middle of them. */
#include "base/test.h"

#include "base/base.h"
#include "decode/packet.h"

#define IPV4_UDP                                                                                   \
    "\x45\0\0\x20\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2"                                         \
    "\x0f\xa0\x08\x07\0\x0c\0\0abcd"
#define IPV6_FRONT                                                                                 \
    "\x60\0\0\0\0\x14"                                                                             \
    "\0\x40\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
#define ETHERNET "\2\0\0\0\0\1\2\0\0\0\0\2"

static void expect_udp(slice bytes, enum packet_link link)
{
    struct packet packet;
    packet_parse(bytes, link, &packet);
    assert_slice(packet.source, S("\x0a\0\0\1"));
    assert_slice(packet.destination, S("\x0a\0\0\2"));
    assert_int_equal(packet.protocol, 17);
    assert_true(packet.has_ports);
    assert_int_equal(packet.source_port, 4000);
    assert_int_equal(packet.destination_port, 2055);
    assert_slice(packet.payload, S("abcd"));
    assert_false(packet.cut);
}

static void reads_every_link(void **state)
{
    (void)state;
    expect_udp(S(IPV4_UDP), PACKET_IP);
    /* Ethernet fills short packets up. */
    expect_udp(S(ETHERNET "\x08\0" IPV4_UDP "\0\0\0\0\0\0"), PACKET_ETHERNET);
    expect_udp(S(ETHERNET "\x88\xa8\0\5\x81\0\0\6\x08\0" IPV4_UDP), PACKET_ETHERNET);
    expect_udp(S(ETHERNET "\x88\x47\0\1\0\x40\0\2\1\x40" IPV4_UDP), PACKET_ETHERNET);
    expect_udp(S(ETHERNET "\x88\x64\x11\0\0\1\0\x22\0\x21" IPV4_UDP), PACKET_ETHERNET);
    expect_udp(S("\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0" IPV4_UDP), PACKET_LINUX_SLL);
    expect_udp(S("\x08\0\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0" IPV4_UDP), PACKET_LINUX_SLL2);
    expect_udp(S("\2\0\0\0" IPV4_UDP), PACKET_NULL);
}

static void reads_ipv6(void **state)
{
    struct packet packet;
    (void)state;
    /* Options for each hop, then ICMPv6: 8 and 12 of the 20 bytes. */
    packet_parse(S(IPV6_FRONT "\x3a\0\1\4\0\0\0\0\x80\0\0\0\0\0\0\0\0\0\0\0"), PACKET_IP, &packet);
    assert_int_equal(packet.source.len, 16);
    assert_int_equal(packet.protocol, 58);
    assert_true(packet.has_icmp);
    assert_int_equal(packet.icmp_type, 128);
}

static void reads_no_ports_of_later_fragments(void **state)
{
    struct packet packet;
    (void)state;
    packet_parse(
        S("\x45\0\0\x20\0\0\0\5\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2abcdefghijkl"), PACKET_IP, &packet);
    assert_true(packet.fragment);
    assert_false(packet.has_ports);
    assert_int_equal(packet.payload.len, 0);
}

static void reads_what_is_there(void **state)
{
    static const slice whole = S_INIT(ETHERNET "\x81\0\0\6\x08\0" IPV4_UDP);
    (void)state;
    for (size_t len = 0; len < whole.len; len++) {
        struct packet packet;
        packet_parse(slice_first(whole, len), PACKET_ETHERNET, &packet);
        assert_true(packet.payload.len < 4);
        assert_true(packet.source.len == 0 || packet.cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_link),
        cmocka_unit_test(reads_ipv6),
        cmocka_unit_test(reads_no_ports_of_later_fragments),
        cmocka_unit_test(reads_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
