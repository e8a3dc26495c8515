/* Captures and files of flow datagrams: what holds records is found, and the rest is told of. */
#include "base/test.h"

#include "decode/decode_test.h"
#include "decode/flow_builder.h"

#define NAMES "destination.ip,observer.ip,netflow.exporter.address"

static slice datagram(struct flow_builder *builder, uint32_t sequence, bool template, bool data)
{
    flow_builder_v9(builder, sequence, 0);
    if (template) {
        flow_builder_set(builder, 0);
        FLOW_BUILDER_WORDS(builder, 256, 1, 12, 4);
        flow_builder_set_end(builder, 4);
    }
    if (data) {
        flow_builder_set(builder, 256);
        flow_builder_bytes(builder, S("\x0a\0\0\1"));
        flow_builder_set_end(builder, 4);
    }
    return flow_builder_end(builder);
}

static void put_packet(struct buf *out, unsigned vlan, uint16_t port, slice payload)
{
    char memory[512];
    struct buf frame;
    buf_init_fixed(&frame, memory, sizeof(memory));
    flow_builder_frame(&frame, vlan, port, payload);
    assert_false(frame.overflow);
    flow_builder_pcap_packet(out, 1767323046, buf_slice(&frame));
}

static void finds_flows_in_captures(void **state)
{
    static struct flow_builder builder;
    struct buf out;
    (void)state;
    buf_init(&out, 65536);
    flow_builder_pcap(&out);
    put_packet(&out, 0, 2055, datagram(&builder, 1, true, true));
    put_packet(&out, 7, 2055, datagram(&builder, 2, false, true));
    /* On no known port: its sets fit, or they do not. */
    put_packet(&out, 0, 3000, datagram(&builder, 3, false, true));
    put_packet(&out, 0, 3000, slice_first(datagram(&builder, 4, true, true), 26));
    put_packet(&out, 0, 53, S("hello"));
    decode_test_expect("pcap", NAMES, buf_slice(&out),
        "1@24 2026-01-02T03:04:05Z destination.ip=10.0.0.1 observer.ip=192.0.2.1 "
        "netflow.exporter.address=192.0.2.1:4444\n"
        "2@122 2026-01-02T03:04:05Z destination.ip=10.0.0.1 observer.ip=192.0.2.1 "
        "netflow.exporter.address=192.0.2.1:4444\n"
        "3@212 2026-01-02T03:04:05Z destination.ip=10.0.0.1 observer.ip=192.0.2.1 "
        "netflow.exporter.address=192.0.2.1:4444\n");
    struct decode_test test = {.only = NAMES};
    decode_test_run(&test, "pcap", buf_slice(&out));
    assert_int_equal(test.notes, 1);
    buf_free(&test.out);
    /* Cut inside of the last packet. */
    struct decode_test cut = {.only = NAMES};
    decode_test_run(&cut, "pcap", slice_first(buf_slice(&out), out.len - 3));
    assert_int_equal(cut.events, 3);
    assert_int_equal(cut.undecoded, 1);
    buf_free(&cut.out);
    buf_free(&out);
}

static void reads_data_before_its_template(void **state)
{
    static struct flow_builder builder;
    struct buf out;
    (void)state;
    buf_init(&out, 65536);
    buf_append(&out, datagram(&builder, 1, false, true));
    buf_append(&out, S("\0\0\0\0\0\0\0\0"));
    buf_append(&out, datagram(&builder, 2, true, false));
    decode_test_expect(
        "netflow", NAMES, buf_slice(&out), "1@0 2026-01-02T03:04:05Z destination.ip=10.0.0.1\n");
    decode_test_expect("netflow", NAMES, slice_first(buf_slice(&out), 28), "1@0 !3\n");
    /* What is behind might be a set that was cut. */
    buf_append(&out, S("no datagram"));
    decode_test_expect("netflow", NAMES, buf_slice(&out),
        "2@36 !2\n1@0 2026-01-02T03:04:05Z destination.ip=10.0.0.1\n2@36 !3\n");
    decode_test_expect("netflow", NAMES, S("no datagram"), "1@0 !2\n");
    buf_free(&out);
}

static void tells_by_content(void **state)
{
    static struct flow_builder builder;
    struct buf out;
    (void)state;
    const struct decode_options options = {.year = 0};
    buf_init(&out, 65536);
    flow_builder_pcap(&out);
    assert_slice(decode_recognise(buf_slice(&out), true, &options)->name, S("pcap"));
    slice v9 = datagram(&builder, 1, true, true);
    assert_slice(decode_recognise(v9, true, &options)->name, S("netflow"));
    flow_builder_ipfix(&builder, 1, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 1, 12, 4);
    flow_builder_set_end(&builder, 4);
    assert_slice(decode_recognise(flow_builder_end(&builder), true, &options)->name, S("ipfix"));
    assert_slice(decode_recognise(S("\0\0\0\5\0\0\0\1\xc0\0\2\1\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\0"),
                     true, &options)
                     ->name,
        S("sflow"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_flows_in_captures),
        cmocka_unit_test(reads_data_before_its_template),
        cmocka_unit_test(tells_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
