/* Ids that the reference implementation publishes, and what must be the same in both directions. */
#include "base/test.h"

#include <arpa/inet.h>

#include "base/base.h"
#include "decode/community_id.h"

static struct community_flow flow_of(
    const char *source, const char *destination, uint8_t protocol, uint16_t from, uint16_t to)
{
    struct community_flow flow = {.address_len = 4,
        .protocol = protocol,
        .ports = true,
        .source_port = from,
        .destination_port = to};
    if (inet_pton(AF_INET, source, flow.source) == 1) {
        assert_int_equal(inet_pton(AF_INET, destination, flow.destination), 1);
        return flow;
    }
    flow.address_len = 16;
    assert_int_equal(inet_pton(AF_INET6, source, flow.source), 1);
    assert_int_equal(inet_pton(AF_INET6, destination, flow.destination), 1);
    return flow;
}

static void expect(struct community_flow flow, const char *want)
{
    struct arena arena = {0};
    assert_slice(community_id(&arena, &flow), slice_from_cstr(want));
    arena_free(&arena);
}

static void is_that_of_the_reference(void **state)
{
    (void)state;
    expect(flow_of("128.232.110.120", "66.35.250.204", 6, 34855, 80),
        "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    expect(flow_of("66.35.250.204", "128.232.110.120", 6, 80, 34855),
        "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    expect(flow_of("192.168.1.52", "8.8.8.8", 17, 54585, 53), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
    expect(flow_of("8.8.8.8", "192.168.1.52", 17, 53, 54585), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
    expect(flow_of("192.168.0.89", "192.168.0.1", 1, 8, 0), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
    expect(flow_of("192.168.0.1", "192.168.0.89", 1, 0, 0), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
}

static slice id_of(struct arena *arena, struct community_flow flow)
{
    return community_id(arena, &flow);
}

static void knows_what_has_a_direction(void **state)
{
    struct arena arena = {0};
    (void)state;
    /* Echo over IPv6 meets its reply; "too big" goes one way; GRE has no ports. */
    assert_slice(id_of(&arena, flow_of("fe80::1", "fe80::2", 58, 128, 0)),
        id_of(&arena, flow_of("fe80::2", "fe80::1", 58, 129, 0)));
    slice there = id_of(&arena, flow_of("fe80::1", "fe80::2", 58, 2, 0));
    slice back = id_of(&arena, flow_of("fe80::2", "fe80::1", 58, 2, 0));
    assert_false(slice_equal(there, back));
    assert_slice(id_of(&arena, flow_of("10.0.0.1", "10.0.0.2", 47, 1, 2)),
        id_of(&arena, flow_of("10.0.0.2", "10.0.0.1", 47, 3, 4)));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_that_of_the_reference),
        cmocka_unit_test(knows_what_has_a_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
