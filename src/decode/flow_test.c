/* NetFlow and IPFIX, datagram by datagram: what the standards say, and what breaks them. */
#include "decode/flow_test.h"

/* Template 256: addresses, ports, protocol, bytes in 4 and packets in 2 of 8. */
static void put_template(struct flow_builder *builder, unsigned set, unsigned id)
{
    flow_builder_set(builder, set);
    FLOW_BUILDER_WORDS(builder, (uint16_t)id, 7, 8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 4, 2, 2);
    flow_builder_set_end(builder, 4);
}

#define RECORD_LEN 19

static void put_record(struct flow_builder *builder, unsigned last, unsigned bytes)
{
    flow_builder_bytes(builder, S("\x0a\0\0\1\x0a\0\0"));
    flow_builder_u8(builder, last);
    FLOW_BUILDER_WORDS(builder, 1234, 443);
    flow_builder_u8(builder, 6);
    flow_builder_u32(builder, bytes);
    flow_builder_u16(builder, 3);
}

static void reads_version_5(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test,
        "source.ip,destination.ip,source.port,destination.port,network.bytes,"
        "event.start,event.end,event.duration,flow.sampling_rate,"
        "flow.estimated_bytes,netflow.exporter.engine_id,netflow.tcp_control_bits,"
        "netflow.padding_octets,observer.ip");
    flow_builder_v5(&builder, 1, 7, 100);
    flow_builder_bytes(&builder, S("\x0a\0\0\1\xc6\x33\x64\2\0\0\0\0"));
    FLOW_BUILDER_WORDS(&builder, 3, 4);
    flow_builder_u32(&builder, 5);
    flow_builder_u32(&builder, 600);
    flow_builder_u32(&builder, FLOW_BUILDER_UPTIME_MS - 3000);
    flow_builder_u32(&builder, FLOW_BUILDER_UPTIME_MS - 1000);
    FLOW_BUILDER_WORDS(&builder, 1234, 80, 0x001b, 0x0600, 64512, 64513, 0x1808, 0);
    flow_test_expect(&test, &builder,
        "e24 source.ip=10.0.0.1 destination.ip=198.51.100.2 source.port=1234 destination.port=80 "
        "network.bytes=600 event.start=2026-01-02T03:04:02.500Z event.end=2026-01-02T03:04:04.500Z "
        "event.duration=2000000000 flow.sampling_rate=100 flow.estimated_bytes=60000 "
        "netflow.exporter.engine_id=2 netflow.tcp_control_bits=27 observer.ip=192.0.2.1\n");
    /* One record where the header says three. */
    flow_builder_v5(&builder, 3, 8, 0);
    flow_builder_bytes(&builder, S("\x0a\0\0\1\xc6\x33\x64\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    flow_builder_bytes(&builder, S("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"));
    buf_clear(&test.out);
    flow_test_give(&test, flow_builder_end(&builder), 0);
    assert_true(slice_ends(buf_slice(&test.out), S("\nu2\n")));
    flow_test_end(&test);
}

static void reads_version_9(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "destination.ip,source.bytes,netflow.packet_delta_count");
    flow_builder_v9(&builder, 1, 0);
    put_template(&builder, 0, 256);
    flow_builder_set(&builder, 256);
    put_record(&builder, 2, 100);
    put_record(&builder, 3, 200);
    flow_builder_set_end(&builder, 4);
    flow_builder_bytes(&builder, S("\0\0\0\0\0\0\0\0"));
    flow_test_expect(&test, &builder,
        "e60 destination.ip=10.0.0.2 source.bytes=100 netflow.packet_delta_count=3\n"
        "e79 destination.ip=10.0.0.3 source.bytes=200 netflow.packet_delta_count=3\n");
    /* It holds on, for this exporter and source only. */
    flow_builder_v9(&builder, 2, 0);
    flow_builder_set(&builder, 256);
    put_record(&builder, 4, 300);
    flow_builder_set_end(&builder, 4);
    flow_test_expect(&test, &builder,
        "e24 destination.ip=10.0.0.4 source.bytes=300 netflow.packet_delta_count=3\n");
    flow_builder_v9(&builder, 2, 1);
    flow_builder_set(&builder, 256);
    put_record(&builder, 4, 300);
    flow_builder_set_end(&builder, 4);
    flow_test_expect(&test, &builder, "");
    assert_int_equal(test.waiting, 1);
    flow_test_end(&test);
}

static void applies_what_options_say(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "netflow.type,netflow.scope.system,netflow.options.sampler_id,"
                           "netflow.options.sampler_random_interval,netflow.sampler_id,"
                           "network.bytes,flow.sampling_rate,flow.estimated_bytes");
    flow_builder_v9(&builder, 1, 0);
    flow_builder_set(&builder, 1);
    FLOW_BUILDER_WORDS(&builder, 257, 4, 8, 1, 4, 48, 1, 50, 4);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 0);
    FLOW_BUILDER_WORDS(&builder, 256, 2, 48, 1, 1, 4);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 257);
    flow_builder_bytes(&builder, S("\0\0\0\1\7\0\0\0\x40"));
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\7\0\0\0\x0a"
                                   "\x08\0\0\0\x0a"));
    flow_builder_set_end(&builder, 4);
    flow_test_expect(&test, &builder,
        "e64 netflow.type=netflow_options netflow.scope.system=1 netflow.options.sampler_id=7 "
        "netflow.options.sampler_random_interval=64\n"
        "e80 netflow.type=netflow_flow netflow.sampler_id=7 network.bytes=10 flow.sampling_rate=64 "
        "flow.estimated_bytes=640\n"
        "e85 netflow.type=netflow_flow netflow.sampler_id=8 network.bytes=10\n");
    flow_test_end(&test);
}

static void reads_variable_lengths_and_vendors(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "netflow.interface_name,netflow.interface_description,"
                           "netflow.nat_sub_string,netflow.element_4242_7,netflow.element_999");
    flow_builder_ipfix(&builder, 0, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 5, 82, 65535, 83, 65535, 0x8000 | 93, 65535, 0, 637,
        0x8000 | 7, 2, 0, 4242, 999, 1);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\4eth0\xff\0\5Gi0/1\0\1\2\3"));
    flow_builder_bytes(&builder, S("\0\xff\0\0\1x\xff\xff\xff"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder,
        "e56 netflow.interface_name=eth0 netflow.interface_description=Gi0/1 "
        "netflow.nat_sub_string= netflow.element_4242_7=AQI= netflow.element_999=Aw==\n"
        "e73 netflow.interface_name= netflow.interface_description= netflow.nat_sub_string=x "
        "netflow.element_4242_7=//8= netflow.element_999=/w==\n");
    flow_test_end(&test);
}

static void reads_both_directions_of_a_biflow(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "source.ip,source.bytes,destination.ip,destination.bytes,network.bytes,"
                           "client.ip,server.ip,netflow.reverse_octet_delta_count");
    flow_builder_ipfix(&builder, 0, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 5, 8, 4, 12, 4, 1, 4, 0x8000 | 1, 4, 0, 29305, 239, 1);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\x0a\0\0\1\x0a\0\0\2\0\0\0\5\0\0\0\7\1"));
    flow_builder_bytes(&builder, S("\x0a\0\0\1\x0a\0\0\2\0\0\0\5\0\0\0\7\2"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder,
        "e52 source.ip=10.0.0.1 source.bytes=5 destination.ip=10.0.0.2 destination.bytes=7 "
        "network.bytes=12 client.ip=10.0.0.1 server.ip=10.0.0.2 "
        "netflow.reverse_octet_delta_count=7\n"
        "e69 source.ip=10.0.0.2 source.bytes=7 destination.ip=10.0.0.1 destination.bytes=5 "
        "network.bytes=12 client.ip=10.0.0.2 server.ip=10.0.0.1 "
        "netflow.reverse_octet_delta_count=7\n");
    flow_test_end(&test);
}

static void learns_elements_of_the_exporter(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "netflow.options.information_element_name,netflow.queue_depth,"
                           "netflow.element_4242_9");
    flow_builder_ipfix(&builder, 0, 1);
    flow_builder_set(&builder, 3);
    FLOW_BUILDER_WORDS(&builder, 300, 4, 2, 346, 4, 303, 2, 339, 1, 341, 65535);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 300);
    flow_builder_u32(&builder, 4242);
    flow_builder_bytes(&builder, S("\x80\7\3\12queueDepth"));
    flow_builder_set_end(&builder, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 2, 0x8000 | 7, 2, 0, 4242, 0x8000 | 9, 1, 0, 4242);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\1\2\3"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder,
        "e48 netflow.options.information_element_name=queueDepth\n"
        "e94 netflow.queue_depth=258 netflow.element_4242_9=Aw==\n");
    flow_test_end(&test);
}

static void reads_lists(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "source.port,netflow.basic_list.source_transport_port,"
                           "netflow.sub_template_list.source_ipv4_address,"
                           "netflow.sub_template_multi_list.source_ipv4_address,"
                           "netflow.basic_list,netflow.sub_template_list");
    flow_builder_ipfix(&builder, 0, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 3, 291, 65535, 292, 65535, 293, 65535, 257, 1, 8, 4);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\11\3\0\7\0\2\0\1\0\2"));
    flow_builder_bytes(&builder, S("\13\3\1\1\x0a\0\0\1\x0a\0\0\2"));
    flow_builder_bytes(&builder, S("\11\3\1\1\0\10\x0a\0\0\3"));
    /* No length of elements; a template that is not there; nothing. */
    flow_builder_bytes(&builder, S("\5\3\0\7\0\0\3\3\1\2\0"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder,
        "e48 netflow.basic_list.source_transport_port=1|2 "
        "netflow.sub_template_list.source_ipv4_address=10.0.0.1|10.0.0.2 "
        "netflow.sub_template_multi_list.source_ipv4_address=10.0.0.3\n"
        "e80 netflow.basic_list=AwAHAAA= netflow.sub_template_list=AwEC\n");
    flow_test_end(&test);
}

static void keeps_to_the_newest_template(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "source.ip,destination.ip");
    flow_builder_ipfix(&builder, 0, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 1, 8, 4);
    FLOW_BUILDER_WORDS(&builder, 256, 1, 12, 4);
    FLOW_BUILDER_WORDS(&builder, 257, 1, 8, 4);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\x0a\0\0\1"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder, "e48 destination.ip=10.0.0.1\n");
    assert_int_equal(flow_state_counts(test.state)->replaced, 1);
    /* One is withdrawn, then all. */
    flow_builder_ipfix(&builder, 1, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 0);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\x0a\0\0\1"));
    flow_builder_set_end(&builder, 1);
    flow_builder_set(&builder, 257);
    flow_builder_bytes(&builder, S("\x0a\0\0\1"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder, "e36 source.ip=10.0.0.1\n");
    assert_int_equal(test.waiting, 2);
    flow_builder_ipfix(&builder, 2, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 2, 0);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 257);
    flow_builder_bytes(&builder, S("\x0a\0\0\1"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder, "");
    assert_int_equal(flow_state_counts(test.state)->withdrawn, 2);
    flow_test_end(&test);
}

static void tells_what_waits_for_its_template(void **state)
{
    static struct flow_builder early, later;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "destination.ip");
    flow_builder_v9(&early, 1, 0);
    put_template(&early, 0, 300);
    flow_builder_set(&early, 256);
    put_record(&early, 2, 100);
    flow_builder_set_end(&early, 4);
    flow_builder_set(&early, 300);
    put_record(&early, 3, 100);
    flow_builder_set_end(&early, 4);
    flow_test_expect(&test, &early, "e84 destination.ip=10.0.0.3\n");
    assert_int_equal(test.waiting, 2);
    flow_builder_v9(&later, 2, 0);
    put_template(&later, 0, 256);
    flow_test_expect(&test, &later, "");
    buf_clear(&test.out);
    flow_test_give(&test, flow_builder_end(&early), 2);
    assert_slice(buf_slice(&test.out), S("e60 destination.ip=10.0.0.2\n"));
    assert_int_equal(test.waiting, 0);
    assert_int_equal(flow_state_counts(test.state)->datagrams, 2);
    flow_test_end(&test);
}

static void counts_what_is_missing(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "source.ip");
    static const struct {
        uint32_t sequence;
        const char *want;
        uint64_t lost;
    } cases[] = {{5000, "", 0}, {5001, "", 0}, {5004, "n2\n", 2}, {5003, "", 2}, {5005, "", 2},
        {UINT32_MAX, "", 2}, {0, "", 2}, {2, "n2\n", 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        flow_builder_v9(&builder, cases[i].sequence, 0);
        flow_test_expect(&test, &builder, cases[i].want);
        assert_int_equal(flow_state_counts(test.state)->lost, cases[i].lost);
    }
    flow_test_end(&test);
}

static void reports_what_is_malformed(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "destination.ip");
    flow_builder_begin(&builder);
    FLOW_BUILDER_WORDS(&builder, 8, 1);
    flow_test_expect(&test, &builder, "u3\n");
    flow_builder_begin(&builder);
    FLOW_BUILDER_WORDS(&builder, 9, 1, 2);
    flow_test_expect(&test, &builder, "u2\n");
    /* A reserved set; a set shorter than its header; a template with no bytes. */
    flow_builder_v9(&builder, 1, 0);
    flow_builder_set(&builder, 17);
    flow_builder_u32(&builder, 1);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 0);
    FLOW_BUILDER_WORDS(&builder, 256, 1, 8, 0);
    flow_builder_set_end(&builder, 4);
    FLOW_BUILDER_WORDS(&builder, 256, 3, 0, 1);
    flow_test_expect(&test, &builder, "u3\nu2\nu2\n");
    /* A variable length that goes beyond its set. */
    flow_builder_ipfix(&builder, 0, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, 1, 82, 65535);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256);
    flow_builder_bytes(&builder, S("\1a\11b"));
    flow_builder_set_end(&builder, 1);
    flow_test_expect(&test, &builder, "e32\nu2\n");
    flow_test_end(&test);
}

/* What is cut off takes no event before it away, and changes none. */
static void reads_what_is_there(void **state)
{
    static struct flow_builder builder;
    struct flow_test whole;
    (void)state;
    flow_test_begin(&whole, "destination.ip,network.bytes");
    flow_builder_v9(&builder, 1, 0);
    put_template(&builder, 0, 256);
    flow_builder_set(&builder, 256);
    for (unsigned i = 0; i < 3; i++)
        put_record(&builder, i, i);
    flow_builder_set_end(&builder, 4);
    slice bytes = flow_builder_end(&builder);
    const size_t first = 60;
    flow_test_give(&whole, bytes, 0);
    for (size_t len = 0; len < bytes.len; len++) {
        struct flow_test cut;
        flow_test_begin(&cut, whole.names);
        flow_test_give(&cut, slice_first(bytes, len), 0);
        slice lines = buf_slice(&cut.out), events = lines;
        size_t report = slice_find(lines, S("u"));
        if (report == 0 || (report < lines.len && lines.at[report - 1] == '\n'))
            events = slice_first(lines, report);
        size_t want = len < first ? 0 : size_min((len - first) / RECORD_LEN, 3);
        size_t count = 0;
        for (size_t i = 0; i < events.len; i++)
            count += events.at[i] == '\n';
        assert_true(slice_starts(buf_slice(&whole.out), events));
        assert_int_equal(count, want);
        flow_test_end(&cut);
    }
    flow_test_end(&whole);
}

static void keeps_its_bounds(void **state)
{
    static struct flow_builder builder;
    struct flow_test test;
    (void)state;
    flow_test_begin(&test, "destination.ip");
    for (unsigned id = 256; id < 256 + FLOW_DOMAIN_TEMPLATES_MAX + 2; id++) {
        flow_builder_v9(&builder, id, 0);
        put_template(&builder, 0, id);
        flow_test_give(&test, flow_builder_end(&builder), 0);
    }
    assert_int_equal(flow_state_counts(test.state)->evicted, 2);
    assert_slice(buf_slice(&test.out), S("n4\nn4\n"));
    /* The first is gone, the last is there. */
    flow_builder_v9(&builder, 256 + FLOW_DOMAIN_TEMPLATES_MAX + 2, 0);
    flow_builder_set(&builder, 256);
    put_record(&builder, 1, 1);
    flow_builder_set_end(&builder, 4);
    flow_builder_set(&builder, 256 + FLOW_DOMAIN_TEMPLATES_MAX + 1);
    put_record(&builder, 1, 1);
    flow_builder_set_end(&builder, 4);
    flow_test_expect(&test, &builder, "e48 destination.ip=10.0.0.1\n");
    assert_int_equal(test.waiting, 1);
    for (uint32_t source = 1; source <= FLOW_DOMAINS_MAX; source++) {
        flow_builder_v9(&builder, 1, source);
        flow_test_give(&test, flow_builder_end(&builder), 0);
    }
    assert_int_equal(flow_state_counts(test.state)->evicted_domains, 1);
    /* Too many fields: then there is no template of this id. */
    flow_builder_ipfix(&builder, 0, 1);
    flow_builder_set(&builder, 2);
    FLOW_BUILDER_WORDS(&builder, 256, FLOW_TEMPLATE_FIELDS_MAX + 1);
    for (unsigned i = 0; i <= FLOW_TEMPLATE_FIELDS_MAX; i++)
        FLOW_BUILDER_WORDS(&builder, 1, 4);
    flow_builder_set_end(&builder, 4);
    buf_clear(&test.out);
    flow_test_give(&test, flow_builder_end(&builder), 0);
    assert_true(slice_starts(buf_slice(&test.out), S("u4\n")));
    flow_test_end(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_version_5),
        cmocka_unit_test(reads_version_9),
        cmocka_unit_test(applies_what_options_say),
        cmocka_unit_test(reads_variable_lengths_and_vendors),
        cmocka_unit_test(reads_both_directions_of_a_biflow),
        cmocka_unit_test(learns_elements_of_the_exporter),
        cmocka_unit_test(reads_lists),
        cmocka_unit_test(keeps_to_the_newest_template),
        cmocka_unit_test(tells_what_waits_for_its_template),
        cmocka_unit_test(counts_what_is_missing),
        cmocka_unit_test(reports_what_is_malformed),
        cmocka_unit_test(reads_what_is_there),
        cmocka_unit_test(keeps_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
