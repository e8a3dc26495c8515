/* Fronts of JSON objects: what is kept is whole, and is JSON. */
#include "decode/json_salvage.h"

#include "base/base.h"
#include "base/test.h"
#include "wire/json.h"

static void assert_salvaged(const char *text, const char *want)
{
    struct arena arena = {0};
    slice got = json_salvage(&arena, slice_from_cstr(text));
    if (want == NULL && !slice_is_absent(got))
        test_show("salvaged:", got);
    assert_int_equal(slice_is_absent(got), want == NULL);
    if (want != NULL)
        assert_slice(got, slice_from_cstr(want));
    arena_free(&arena);
}

static void keeps_whole_members(void **state)
{
    (void)state;
    assert_salvaged("{\"a\":1,\"b\":\"x", "{\"a\":1}");
    assert_salvaged("{\"a\":1,\"b\":\"x\"", "{\"a\":1,\"b\":\"x\"}");
    assert_salvaged("{\"a\":1,\"b\":", "{\"a\":1}");
    assert_salvaged("{\"a\":1,\"b\"", "{\"a\":1}");
    assert_salvaged("{\"a\":1,", "{\"a\":1}");
    assert_salvaged("{\"a\":{\"b\":[1,2,{\"c\":\"d\"", "{\"a\":{\"b\":[1,2,{\"c\":\"d\"}]}}");
    assert_salvaged("{\"a\":{\"b\":[1,23", "{\"a\":{\"b\":[1]}}");
    assert_salvaged("{\"a\":{\"b\":1},x", "{\"a\":{\"b\":1}}");
    assert_salvaged("{\"a\":\"x\\\",y\",\"b\":\"\\", "{\"a\":\"x\\\",y\"}");
}

static void leaves_the_rest(void **state)
{
    (void)state;
    assert_salvaged("", NULL);
    assert_salvaged("{", NULL);
    assert_salvaged("{\"a\":12", NULL);
    assert_salvaged("{\"a\":\"x", NULL);
    assert_salvaged("{\"a\":1}", NULL);
    assert_salvaged("{\"a\":1} more", NULL);
    assert_salvaged("[1,2", NULL);
    assert_salvaged("{foo, bar", NULL);
}

/* Of every front of a text: it can be read, and each of its leaves is one of the whole. */
static void every_front_is_sound(void **state)
{
    (void)state;
    slice text =
        S("{\"a\":\"x, y\",\"b\":{\"c\":[1,-2.5e3,\"\\\"z\"],\"d\":true},\"e\":[[{}],null],"
          "\"f\":{\"g\":\"h\"}}");
    struct json_parser *parsers[2] = {json_parser_new(), json_parser_new()};
    struct arena arena = {0};
    struct json_flat whole, front;
    struct error err;
    assert_int_equal(json_flatten(parsers[0], &arena, text, &whole, &err), RESULT_OK);
    for (size_t len = 0; len < text.len; len++) {
        slice salvaged = json_salvage(&arena, slice_first(text, len));
        if (slice_is_absent(salvaged))
            continue;
        assert_int_equal(json_flatten(parsers[1], &arena, salvaged, &front, &err), RESULT_OK);
        for (size_t i = 0; i < front.count; i++) {
            bool known = front.fields[i].type > JSON_NULL;
            for (size_t k = 0; k < whole.count && !known; k++)
                known = slice_equal(whole.fields[k].path, front.fields[i].path) &&
                        slice_equal(whole.fields[k].value, front.fields[i].value);
            assert_true(known);
        }
    }
    json_parser_free(parsers[0]);
    json_parser_free(parsers[1]);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_whole_members),
        cmocka_unit_test(leaves_the_rest),
        cmocka_unit_test(every_front_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
