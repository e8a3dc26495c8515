/* Signs survive writing and reading; keys order as their values do; nonsense is refused. */
#include "triage/sign.h"

#include <string.h>

#include "base/base.h"
#include "base/test.h"

static void test_key_order(void **context)
{
    static const int64_t times[] = {CIVIL_TIME_NONE, -5, 0, 1, 255, 256, INT64_MAX};
    char memory[2][SIGN_KEY_LEN];
    struct buf keys[2];
    struct sign_key back;
    (void)context;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        for (size_t k = 0; k < sizeof(times) / sizeof(times[0]); k++) {
            struct sign_key left = {
                .time_ns = times[i], .place = {.file = 1, .offset = 7}, .rule = 3};
            struct sign_key right = {
                .time_ns = times[k], .place = {.file = 1, .offset = 7}, .rule = 3};
            buf_init_fixed(&keys[0], memory[0], SIGN_KEY_LEN);
            buf_init_fixed(&keys[1], memory[1], SIGN_KEY_LEN);
            sign_key_write(&keys[0], &left);
            sign_key_write(&keys[1], &right);
            int order = slice_compare(buf_slice(&keys[0]), buf_slice(&keys[1]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
            assert_true(sign_key_read(buf_slice(&keys[0]), &back));
            assert_true(back.time_ns == times[i] && back.place.offset == 7 && back.rule == 3);
        }
    }
    assert_false(sign_key_read(S("short"), &back));
}

static void make(struct buf *out)
{
    static const struct sign_place places[] = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
    const struct entity entities[] = {{ENTITY_HOST, S("web01")}, {ENTITY_IP, S("203.0.113.5")}};
    const struct triage_field fields[] = {{S("user.name"), S("root")}};
    struct sign_body body = {.source = TRIAGE_FROM_CORRELATION,
        .kind = RULE_PRECURSOR,
        .level = RULE_HIGH,
        .vector = RULE_VECTOR_WEB,
        .recovered = true,
        .last_ns = -9,
        .count = 42,
        .rule_id = S("id"),
        .title = S("title"),
        .places = places,
        .place_count = 2,
        .entities = entities,
        .entity_count = 2,
        .fields = fields,
        .field_count = 1,
        .raw = S("raw \0 text"),
        .source_address = S("10.0.0.5"),
        .command_line = S("cmd /c whoami")};
    sign_body_write(out, &body);
}

static void test_body(void **context)
{
    struct arena arena = {0};
    struct sign_body body;
    struct buf out;
    (void)context;
    buf_init(&out, 65536);
    make(&out);
    assert_true(sign_body_read(&arena, buf_slice(&out), &body));
    assert_int_equal(body.source, TRIAGE_FROM_CORRELATION);
    assert_int_equal(body.kind, RULE_PRECURSOR);
    assert_true(body.recovered && !body.time_assumed);
    assert_int_equal(body.count, 42);
    assert_int_equal(body.place_count, 2);
    assert_int_equal(body.places[1].number, 8);
    assert_slice(body.entities[1].value, S("203.0.113.5"));
    assert_slice(body.fields[0].value, S("root"));
    assert_slice(body.raw, S("raw \0 text"));
    assert_slice(body.source_address, S("10.0.0.5"));
    assert_slice(body.command_line, S("cmd /c whoami"));
    /* Cut anywhere, or with more behind, it is refused. */
    for (size_t len = 0; len < out.len; len++)
        assert_false(sign_body_read(&arena, slice_first(buf_slice(&out), len), &body));
    buf_append_byte(&out, 'x');
    assert_false(sign_body_read(&arena, buf_slice(&out), &body));
    buf_free(&out);
    arena_free(&arena);
}

static void test_hostile_bodies(void **context)
{
    struct arena arena = {0};
    struct sign_body body;
    struct buf out;
    (void)context;
    buf_init(&out, 65536);
    make(&out);
    for (size_t at = 0; at < out.len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            out.at[at] = (char)(out.at[at] ^ (1 << bit));
            if (sign_body_read(&arena, buf_slice(&out), &body)) {
                assert_true(body.level <= RULE_CRITICAL && body.entity_count <= ENTITY_MAX);
                assert_true(body.place_count <= CORRELATION_RECORDS_MAX);
            }
            out.at[at] = (char)(out.at[at] ^ (1 << bit));
            arena_reset(&arena);
        }
    }
    buf_free(&out);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_order),
        cmocka_unit_test(test_body),
        cmocka_unit_test(test_hostile_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
