/* The table of elements is in order, its names are apart, and native names are made as documented.
 */
#include "base/test.h"

#include "base/base.h"
#include "base/map.h"
#include "decode/flow_element.h"

struct row {
    uint32_t enterprise;
    uint16_t id;
    slice name;
};

static const struct row rows[] = {
#define ELEMENT(id, name, type)            {0, id, S_INIT(name)},
#define ENTERPRISE(number, id, name, type) {number, id, S_INIT(name)},
#include "decode/flow_elements.def"
#undef ELEMENT
#undef ENTERPRISE
};

static void finds_every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct flow_element element;
        assert_true(flow_element_find(rows[i].enterprise, rows[i].id, &element));
        assert_slice(element.name, rows[i].name);
        assert_in_range(element.type, FLOW_OCTET_ARRAY, FLOW_TYPE_COUNT - 1);
        assert_true(i == 0 || rows[i].enterprise > rows[i - 1].enterprise ||
                    (rows[i].enterprise == rows[i - 1].enterprise && rows[i].id > rows[i - 1].id));
    }
}

static void finds_no_other(void **state)
{
    struct flow_element element;
    (void)state;
    assert_false(flow_element_find(0, 0, &element));
    assert_false(flow_element_find(0, 1023, &element));
    assert_false(flow_element_find(0, 1024, &element));
    assert_false(flow_element_find(0, UINT16_MAX, &element));
    assert_false(flow_element_find(637, 90, &element));
    assert_false(flow_element_find(UINT32_MAX, 1, &element));
}

static void iana_names_are_apart(void **state)
{
    struct map names = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && rows[i].id < 1024; i++) {
        char memory[128];
        struct buf name;
        bool inserted;
        if (rows[i].enterprise != 0)
            break;
        buf_init_fixed(&name, memory, sizeof(memory));
        flow_element_append_name(&name, rows[i].name);
        assert_false(name.overflow);
        (void)map_put(&names, buf_slice(&name), &inserted);
        if (!inserted)
            fail_msg("twice: %.*s", (int)name.len, name.at);
    }
    map_free(&names);
}

static void knows_the_reverse(void **state)
{
    struct flow_element element;
    (void)state;
    assert_true(flow_element_find(FLOW_ENTERPRISE_REVERSE, 1, &element));
    assert_slice(element.name, S("octetDeltaCount"));
    assert_int_equal(element.type, FLOW_UNSIGNED64);
}

static void unfolds_types_of_version_9(void **state)
{
    static const struct {
        uint16_t type;
        uint32_t enterprise;
        uint16_t id;
        slice name;
    } cases[] = {{8, 0, 8, S_INIT("sourceIPv4Address")}, {33002, 0, 33002, S_INIT("fwExtEvent")},
        {40000, 0, 40000, S_INIT("username")}, {56701, 0, 56701, S_INIT("appId")},
        {57590, 35632, 118, S_INIT("l7Proto")},
        {45003, 9, 12235, S_INIT("applicationHttpUserAgent")}};
    struct flow_element element;
    uint32_t enterprise;
    uint16_t id;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(flow_element_find_v9(cases[i].type, &enterprise, &id, &element));
        assert_slice(element.name, cases[i].name);
        assert_int_equal(enterprise, cases[i].enterprise);
        assert_int_equal(id, cases[i].id);
    }
    assert_false(flow_element_find_v9(60000, &enterprise, &id, &element));
    assert_int_equal(enterprise, 0);
    assert_int_equal(id, 60000);
}

static void makes_native_names(void **state)
{
    static const struct {
        slice name, native;
    } cases[] = {{S_INIT("octetDeltaCount"), S_INIT("octet_delta_count")},
        {S_INIT("sourceIPv4Address"), S_INIT("source_ipv4_address")},
        {S_INIT("postNATSourceIPv4Address"), S_INIT("post_nat_source_ipv4_address")},
        {S_INIT("postMCastOctetDeltaCount"), S_INIT("post_mcast_octet_delta_count")},
        {S_INIT("selectorIDTotalFlowsObserved"), S_INIT("selector_id_total_flows_observed")},
        {S_INIT("messageMD5Checksum"), S_INIT("message_md5_checksum")},
        {S_INIT("dot1qCustomerDEI"), S_INIT("dot1q_customer_dei")},
        {S_INIT("mibObjectValueIPAddress"), S_INIT("mib_object_value_ip_address")},
        {S_INIT("flowStartSysUpTime"), S_INIT("flow_start_sys_up_time")},
        {S_INIT("p2pTechnology"), S_INIT("p2p_technology")},
        {S_INIT("VRFname"), S_INIT("vr_fname")}, {S_INIT("FW_Rule"), S_INIT("fw_rule")},
        {S_INIT("Timestamp"), S_INIT("timestamp")}, {S_INIT("IPSecSPI"), S_INIT("ip_sec_spi")},
        {S_INIT(""), S_INIT("")}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char memory[64];
        struct buf name;
        buf_init_fixed(&name, memory, sizeof(memory));
        flow_element_append_name(&name, cases[i].name);
        assert_slice(buf_slice(&name), cases[i].native);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_row),
        cmocka_unit_test(finds_no_other),
        cmocka_unit_test(iana_names_are_apart),
        cmocka_unit_test(knows_the_reverse),
        cmocka_unit_test(unfolds_types_of_version_9),
        cmocka_unit_test(makes_native_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
