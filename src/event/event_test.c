/* Events: fields as they are added, found and written as JSON, up to the limit. */
#include "event/event.h"

#include <string.h>

#include "base/base.h"
#include "base/test.h"
#include "wire/json_writer.h"

static struct arena arena;
static struct event event;

static int begin(void **state)
{
    (void)state;
    arena_reset(&arena);
    event_reset(&event, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void expect_json(bool ecs_only, slice expected)
{
    static char memory[1 << 16];
    struct buf out;
    struct json_writer json;
    buf_init_fixed(&out, memory, sizeof(memory));
    json_begin(&json, &out);
    event_write_json(&event, &json, ecs_only);
    assert_slice(buf_slice(&out), expected);
}

static void is_empty_at_first(void **state)
{
    (void)state;
    assert_int_equal(event.count, 0);
    assert_true(event.time_ns == CIVIL_TIME_NONE);
    assert_null(event_find(&event, S("a")));
    assert_true(slice_is_absent(event_value(&event, S("a"))));
    expect_json(false, S("{}"));
    expect_json(true, S("{}"));
}

static void finds_the_first_of_a_name(void **state)
{
    (void)state;
    event_add_string(&event, S("Name"), S("1"));
    event_add_string(&event, S("name"), S(""));
    event_add_string(&event, S("Name"), S("2"));
    assert_slice(event_value(&event, S("Name")), S("1"));
    assert_false(slice_is_absent(event_value(&event, S("name"))));
    assert_true(slice_is_absent(event_value(&event, S("NAME"))));
    assert_false(event_find(&event, S("Name"))->ecs);
}

static void leaves_out_ecs_fields_that_say_nothing(void **state)
{
    (void)state;
    event_add_ecs(&event, S("user.name"), S(""), EVENT_STRING);
    event_add_ecs(&event, S("user.name"), S("-"), EVENT_STRING);
    event_add_ecs(&event, S("user.name"), S("--"), EVENT_STRING);
    event_add_string(&event, S("native"), S("-"));
    assert_int_equal(event.count, 2);
    expect_json(false, S("{\"user.name\":\"--\",\"native\":\"-\"}"));
}

static void makes_numbers(void **state)
{
    (void)state;
    event_add_u64(&event, S("none"), 0);
    event_add_u64(&event, S("most"), UINT64_MAX);
    assert_slice(event_value(&event, S("most")), S("18446744073709551615"));
    expect_json(false, S("{\"none\":0,\"most\":18446744073709551615}"));
}

static void writes_only_json_numbers_as_numbers(void **state)
{
    (void)state;
    static const slice numbers[] = {S_INIT("0"), S_INIT("-0"), S_INIT("10"), S_INIT("0.5"),
        S_INIT("-1.25"), S_INIT("1e5"), S_INIT("1E+05"), S_INIT("0e-0"), S_INIT("1.5e10"),
        S_INIT("123456789012345678901234567890123456789012345678901234567890123456789")};
    static const slice others[] = {S_INIT(""), S_INIT("-"), S_INIT("0123"), S_INIT("-01"),
        S_INIT("0x1F"), S_INIT("+1"), S_INIT(".5"), S_INIT("1."), S_INIT("1.e5"), S_INIT("1e"),
        S_INIT("1e+"), S_INIT("1.5.5"), S_INIT("1 "), S_INIT(" 1"), S_INIT("1,5"), S_INIT("NaN"),
        S_INIT("inf"), S_INIT("1]"), S_INIT("--1"), S_INIT("1e5e5")};
    char memory[200];
    struct buf expected;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)begin(NULL);
        event_add(&event, S("n"), numbers[i], EVENT_NUMBER);
        buf_init_fixed(&expected, memory, sizeof(memory));
        buf_append(&expected, S("{\"n\":"));
        buf_append(&expected, numbers[i]);
        buf_append(&expected, S("}"));
        expect_json(false, buf_slice(&expected));
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        (void)begin(NULL);
        event_add(&event, S("n"), others[i], EVENT_NUMBER);
        buf_init_fixed(&expected, memory, sizeof(memory));
        buf_append(&expected, S("{\"n\":\""));
        buf_append(&expected, others[i]);
        buf_append(&expected, S("\"}"));
        expect_json(false, buf_slice(&expected));
    }
}

static void writes_types(void **state)
{
    (void)state;
    event_add(&event, S("t"), S("true"), EVENT_BOOL);
    event_add(&event, S("f"), S("false"), EVENT_BOOL);
    event_add(&event, S("n"), S(""), EVENT_NULL);
    event_add_string(&event, S("s"), S("true"));
    event_add_string(&event, S("d"), S("12"));
    event_add_string(&event, S("q\"\n"), S("a\"b\\\x01\xFF\xE2\x82\xAC"));
    expect_json(false, S("{\"t\":true,\"f\":false,\"n\":null,\"s\":\"true\",\"d\":\"12\","
                         "\"q\\\"\\n\":\"a\\\"b\\\\\\u0001\xEF\xBF\xBD\xE2\x82\xAC\"}"));
}

static void writes_lists_once_and_ecs_first(void **state)
{
    (void)state;
    event_add_string(&event, S("b"), S("1"));
    event_add_string(&event, S("a"), S("2"));
    event_add_ecs(&event, S("host.ip"), S("10.0.0.1"), EVENT_STRING);
    event_add(&event, S("b"), S("3"), EVENT_NUMBER);
    event_add_ecs(&event, S("host.name"), S("h"), EVENT_STRING);
    event_add_ecs(&event, S("host.ip"), S("10.0.0.2"), EVENT_STRING);
    event_add(&event, S("b"), S(""), EVENT_NULL);
    expect_json(false, S("{\"host.ip\":[\"10.0.0.1\",\"10.0.0.2\"],\"host.name\":\"h\","
                         "\"b\":[\"1\",3,null],\"a\":\"2\"}"));
    expect_json(true, S("{\"host.ip\":[\"10.0.0.1\",\"10.0.0.2\"],\"host.name\":\"h\"}"));
}

/* A product may use a name of ECS for its own: the mapped field is the one that is written, whether
 * it came before or after. */
static void writes_a_key_once(void **state)
{
    (void)state;
    event_add_string(&event, S("source.ip"), S("own"));
    event_add_ecs(&event, S("source.ip"), S("mapped"), EVENT_STRING);
    event_add_string(&event, S("source.ip"), S("own"));
    expect_json(true, S("{\"source.ip\":\"mapped\"}"));
    expect_json(false, S("{\"source.ip\":\"mapped\"}"));
}

static void drops_and_counts_past_the_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVENT_FIELDS_MAX + 10; i++)
        event_add_u64(&event, S("n"), i);
    event_add_ecs(&event, S("user.name"), S("late"), EVENT_STRING);
    assert_int_equal(event.count, EVENT_FIELDS_MAX);
    assert_int_equal(event.dropped_fields, 11);
    assert_slice(event.fields[EVENT_FIELDS_MAX - 1].value, S("4095"));
    assert_true(slice_is_absent(event_value(&event, S("user.name"))));
    (void)begin(NULL);
    assert_int_equal(event.dropped_fields, 0);
    assert_int_equal(event.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(is_empty_at_first, begin),
        cmocka_unit_test_setup(finds_the_first_of_a_name, begin),
        cmocka_unit_test_setup(leaves_out_ecs_fields_that_say_nothing, begin),
        cmocka_unit_test_setup(makes_numbers, begin),
        cmocka_unit_test_setup(writes_only_json_numbers_as_numbers, begin),
        cmocka_unit_test_setup(writes_types, begin),
        cmocka_unit_test_setup(writes_lists_once_and_ecs_first, begin),
        cmocka_unit_test_setup(writes_a_key_once, begin),
        cmocka_unit_test_setup(drops_and_counts_past_the_limit, begin),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
