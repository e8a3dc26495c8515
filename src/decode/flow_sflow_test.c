/* sFlow 5: samples of packets and of counters, what is skipped, and what is cut. */
#include "decode/flow_test.h"

#define NAMES                                                                                      \
    "sflow.type,observer.ip,source.ip,source.port,destination.ip,destination.port,source.mac,"     \
    "network.transport,network.vlan.id,network.bytes,flow.estimated_bytes,flow.estimated_packets," \
    "observer.ingress.interface.id,observer.egress.interface.id,destination.as.number,"            \
    "sflow.if_in_octets,sflow.icmp_type,sflow.skipped_records"

static void put_words(struct flow_builder *builder, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        flow_builder_u32(builder, words[i]);
}

#define WORDS(builder, ...)                                                                        \
    put_words(builder, (const uint32_t[]){__VA_ARGS__},                                            \
        sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void begin(struct flow_builder *builder, uint32_t sequence, uint32_t samples)
{
    flow_builder_begin(builder);
    WORDS(builder, 5, 1, 0xc0000209, 0, sequence, 5000, samples);
}

/* A record of the front of a packet: 46 bytes and 2 that fill up. */
static void put_header(struct flow_builder *builder)
{
    WORDS(builder, 1, 64, 1, 1000, 4, 46);
    flow_builder_bytes(builder, S("\2\0\0\0\0\1\2\0\0\0\0\2\x81\0\0\7\x08\0"));
    flow_builder_bytes(builder, S("\x45\0\0\x1c\0\0\0\0\x40\x11\0\0\x0a\0\0\1\xc6\x33\x64\2"));
    flow_builder_bytes(builder, S("\x0f\xa0\0\x35\0\x08\0\0\0\0"));
}

static void reads_packets(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, NAMES);
    begin(&builder, 1, 1);
    WORDS(&builder, 1, 32 + 72 + 24 + 56 + 12, 1, 77, 100, 1000, 0, 3, 0x40000001, 4);
    put_header(&builder);
    WORDS(&builder, 1001, 16, 7, 0, 8, 0);
    WORDS(&builder, 1003, 48, 1, 0x0a000009, 64500, 64501, 64502, 1, 2, 2, 64503, 64504, 0, 0);
    WORDS(&builder, 0x0a000, 4, 0);
    flow_test_expect(&test, &builder,
        "e36 sflow.type=sflow_flow observer.ip=192.0.2.9 source.ip=10.0.0.1 source.port=4000 "
        "destination.ip=198.51.100.2 destination.port=53 source.mac=02:00:00:00:00:02 "
        "network.transport=udp network.vlan.id=7 network.bytes=1000 flow.estimated_bytes=100000 "
        "flow.estimated_packets=100 observer.ingress.interface.id=3 "
        "observer.egress.interface.id=1 destination.as.number=64504 sflow.skipped_records=1\n");
    flow_test_end(&test);
}

static void reads_what_the_agent_says(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, NAMES);
    begin(&builder, 1, 2);
    WORDS(&builder, 3, 44 + 40, 1, 0, 77, 1, 1000, 0, 0, 3, 0, 0xfffffff0, 1);
    WORDS(&builder, 3, 32, 84, 1, 0x0a000001, 0x0a000002, 8, 0, 0, 0);
    WORDS(&builder, 4, 16 + 96, 9, 0, 77, 1, 1, 88, 1, 6, 0, 1000000000, 1, 3, 0, 12345, 1, 2, 3, 4,
        5, 6, 0, 5, 1, 2, 3, 4, 5, 0);
    flow_test_expect(&test, &builder,
        "e36 sflow.type=sflow_flow observer.ip=192.0.2.9 source.ip=10.0.0.1 source.port=8 "
        "destination.ip=10.0.0.2 destination.port=0 network.transport=icmp network.bytes=84 "
        "observer.ingress.interface.id=3 observer.egress.interface.id=4294967280\n"
        "e128 sflow.type=sflow_counters observer.ip=192.0.2.9 sflow.if_in_octets=12345\n");
    flow_test_end(&test);
}

static void reports_what_is_cut(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "source.ip");
    begin(&builder, 1, 2);
    WORDS(&builder, 1, 32 + 72, 1, 77, 100, 1000, 0, 3, 4, 1);
    put_header(&builder);
    slice bytes = flow_builder_end(&builder);
    for (size_t len = 0; len <= bytes.len; len++) {
        buf_clear(&test.out);
        flow_test_give(&test, slice_first(bytes, len), 0);
        slice want = len == bytes.len ? S("e36 source.ip=10.0.0.1\nu2\n") : S("u2\n");
        assert_true(slice_equal(buf_slice(&test.out), want) ||
                    (len < 4 && slice_equal(buf_slice(&test.out), S("u3\n"))));
    }
    /* A record that goes beyond its sample, and a sample of another vendor's. */
    begin(&builder, 1, 2);
    WORDS(&builder, 1, 32 + 8, 1, 77, 100, 1000, 0, 3, 4, 1, 1, 999);
    WORDS(&builder, 0x0a001, 4, 0);
    flow_test_expect(&test, &builder, "e36\nu2\nu3\n");
    flow_test_end(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_packets),
        cmocka_unit_test(reads_what_the_agent_says),
        cmocka_unit_test(reports_what_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
