/* Rows of a timeline: what they say of an event, and that they come back as they were sent. */
#include "triage/timeline.h"

#include "base/base.h"
#include "base/test.h"

static slice message_of(struct arena *arena, const char *fields, slice raw)
{
    struct event event = {0};
    struct timeline_row row;
    struct buf text;
    const struct sign_place place = {.file = 1};
    slice rest = slice_from_cstr(fields), field, name, value;
    event_reset(&event, arena);
    event.raw = raw;
    while (slice_next(&rest, '|', &field)) {
        (void)slice_cut(field, '=', &name, &value);
        if (slice_find_byte(name, '.') == name.len)
            event_add_string(&event, name, value);
        else
            event_add_ecs(&event, name, value, EVENT_STRING);
    }
    buf_init(&text, 65536);
    timeline_from_event(&event, &place, S("h"), S("l"), &text, &row);
    slice message = arena_copy(arena, row.message);
    buf_free(&text);
    return message;
}

static void messages(void **state)
{
    struct arena arena = {0};
    (void)state;
    assert_slice(message_of(&arena, "message=inner", S("Nov 20 a: inner\n")), S("Nov 20 a: inner"));
    assert_slice(message_of(&arena, "message=a sentence|x=1", S("")), S("a sentence"));
    assert_slice(message_of(&arena, "message=inner", S("{\"m\":1}")), S("inner"));
    assert_slice(message_of(&arena, "x=1", S("{\"x\":1}")), S("{\"x\":1}"));
    assert_slice(message_of(&arena,
                     "event.code=4624|event.provider=P|Channel=Security|Level=0|Keywords=0x80|"
                     "TargetUserName=bob|IpAddress=|LogonType=3|user.name=bob",
                     S("")),
        S("4624 P; TargetUserName=bob; LogonType=3"));
    arena_free(&arena);
}

static void travels(void **state)
{
    const struct timeline_row row = {.time_ns = -5,
        .place = {.file = 1, .object = 2, .number = 3, .offset = 4, .index = 5},
        .message = S("m"),
        .host = S("h"),
        .user = S("u"),
        .address = S("a"),
        .log = S("l"),
        .time_assumed = true};
    struct timeline_row got;
    struct buf key, payload;
    (void)state;
    buf_init(&key, 4096);
    buf_init(&payload, 4096);
    timeline_write(&key, &payload, &row);
    assert_true(timeline_read(buf_slice(&key), buf_slice(&payload), &got));
    assert_int_equal(got.time_ns, -5);
    assert_int_equal(got.place.number, 3);
    assert_int_equal(got.place.offset, 4);
    assert_slice(got.message, row.message);
    assert_slice(got.host, row.host);
    assert_slice(got.user, row.user);
    assert_slice(got.address, row.address);
    assert_slice(got.log, row.log);
    assert_true(got.time_assumed);
    for (size_t len = 0; len < payload.len; len++)
        assert_false(timeline_read(buf_slice(&key), slice_first(buf_slice(&payload), len), &got));
    assert_false(timeline_read(slice_first(buf_slice(&key), 8), buf_slice(&payload), &got));
    buf_free(&key);
    buf_free(&payload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(messages), cmocka_unit_test(travels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
