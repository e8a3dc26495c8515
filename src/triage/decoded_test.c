/* Whole events as rows: that they come back as they were, are cut where they must be, and that
 * what is no row is refused. */
#include "triage/decoded.h"

#include "base/base.h"
#include "base/test.h"

static const struct sign_place test_place = {
    .file = 1, .object = 2, .number = 3, .offset = 4, .index = 5};

struct test_row {
    struct arena arena;
    struct buf key, payload;
    struct event event;
};

static void test_begin(struct test_row *test)
{
    *test = (struct test_row){0};
    buf_init(&test->key, 4096);
    buf_init(&test->payload, DECODED_ROW_MAX);
    event_reset(&test->event, &test->arena);
}

static void test_end(struct test_row *test)
{
    buf_free(&test->key);
    buf_free(&test->payload);
    arena_free(&test->arena);
}

static void travels(void **state)
{
    struct test_row test;
    struct decoded_row row;
    (void)state;
    test_begin(&test);
    test.event.time_ns = CIVIL_NS_PER_S;
    test.event.time_assumed = EVENT_TIME_ASSUMED_ZONE;
    event_add_ecs(&test.event, S("source.port"), S("22"), EVENT_NUMBER);
    event_add_string(&test.event, S("@timestamp"), S("yesterday"));
    event_add_string(&test.event, S("native"), S(""));
    decoded_write(&test.key, &test.payload, &test.event, &test_place, S("sshd"));
    assert_true(decoded_check(buf_slice(&test.key), buf_slice(&test.payload)));
    decoded_read(buf_slice(&test.payload), &test.arena, &row);
    assert_slice(row.decoder, S("sshd"));
    assert_int_equal(row.place.number, 3);
    assert_int_equal(row.event.time_ns, CIVIL_NS_PER_S);
    assert_int_equal(row.event.count, 4);
    assert_slice(event_value(&row.event, S("@timestamp")), S("1970-01-01T00:00:01Z"));
    assert_slice(event_value(&row.event, S("hikeshi.time_assumed")), S("zone"));
    const struct event_field *port = event_find(&row.event, S("source.port"));
    assert_slice(port->value, S("22"));
    assert_true(port->ecs && port->type == EVENT_NUMBER);
    assert_false(event_find(&row.event, S("native"))->ecs);
    test_end(&test);
}

/* An event larger than a row loses the ends of its values, and says so. */
static void is_cut(void **state)
{
    struct test_row test;
    struct decoded_row row;
    (void)state;
    test_begin(&test);
    size_t len = DECODED_ROW_MAX - 1000;
    char *text = arena_alloc(&test.arena, len);
    event_add_string(&test.event, S("first"), slice_make(text, len));
    event_add_string(&test.event, S("second"), slice_make(text, len));
    decoded_write(&test.key, &test.payload, &test.event, &test_place, S("json"));
    assert_false(test.payload.overflow);
    assert_true(decoded_check(buf_slice(&test.key), buf_slice(&test.payload)));
    decoded_read(buf_slice(&test.payload), &test.arena, &row);
    assert_int_equal(event_value(&row.event, S("first")).len, len);
    assert_in_range(event_value(&row.event, S("second")).len, 1, 1000);
    assert_slice(event_value(&row.event, S("hikeshi.cut")), S("true"));
    test_end(&test);
}

static void lost_comes_last(void **state)
{
    struct test_row test;
    struct decoded_row row;
    struct error why;
    struct buf before;
    (void)state;
    test_begin(&test);
    buf_init(&before, 4096);
    sign_place_key_write(&before, &test_place);
    (void)error_set(&why, RESULT_MALFORMED, TEXT_JSON_UNFINISHED);
    decoded_write_lost(&test.key, &test.payload, &test_place, S("json"), &why);
    assert_true(slice_compare(buf_slice(&before), buf_slice(&test.key)) < 0);
    decoded_read(buf_slice(&test.payload), &test.arena, &row);
    assert_slice(event_value(&row.event, S("event.undecoded")), S("record"));
    assert_slice(event_value(&row.event, S("error.message")), error_message_english(&why));
    buf_free(&before);
    test_end(&test);
}

/* A row that ends anywhere but between two fields is none. */
static void what_is_no_row(void **state)
{
    struct test_row test;
    (void)state;
    test_begin(&test);
    decoded_write(&test.key, &test.payload, &test.event, &test_place, S("json"));
    size_t head = test.payload.len;
    event_add_string(&test.event, S("a"), S("b"));
    buf_clear(&test.key);
    buf_clear(&test.payload);
    decoded_write(&test.key, &test.payload, &test.event, &test_place, S("json"));
    slice key = buf_slice(&test.key), payload = buf_slice(&test.payload);
    for (size_t len = 0; len <= payload.len; len++)
        assert_int_equal(
            decoded_check(key, slice_first(payload, len)), len == head || len == payload.len);
    assert_false(decoded_check(slice_first(key, 19), payload));
    test.payload.at[head] = 0x7f; /* no type */
    assert_false(decoded_check(key, payload));
    test_end(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(travels),
        cmocka_unit_test(is_cut),
        cmocka_unit_test(lost_comes_last),
        cmocka_unit_test(what_is_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
