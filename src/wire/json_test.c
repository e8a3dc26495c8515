/* Reading JSON: what flattens to what, what is refused, and where the limits are. */
#include "wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static struct json_parser *parser;
static struct arena arena;
static struct json_flat flat;
static struct error err;

static int set_up(void **state)
{
    (void)state;
    json_prepare();
    parser = json_parser_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    json_parser_free(parser);
    arena_free(&arena);
    return 0;
}

/* The fields as "path=type:value" joined with '|'. */
static void expect(slice text, const char *want)
{
    static const char letters[] = "snbz{[";
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_int_equal(json_flatten(parser, &arena, text, &flat, &err), RESULT_OK);
    for (size_t i = 0; i < flat.count; i++) {
        if (i > 0)
            buf_append_byte(&out, '|');
        buf_append(&out, flat.fields[i].path);
        buf_append_byte(&out, '=');
        buf_append_byte(&out, letters[flat.fields[i].type]);
        buf_append_byte(&out, ':');
        buf_append(&out, flat.fields[i].value);
    }
    assert_int_equal(buf_slice(&out).len, slice_from_cstr(want).len);
    assert_memory_equal(buf_slice(&out).at, want, out.len);
    buf_free(&out);
}

static void refuse(slice text, enum result want)
{
    flat.count = 77;
    assert_int_equal(json_flatten(parser, &arena, text, &flat, &err), want);
    assert_int_equal(flat.count, 77);
    assert_int_not_equal(err.message_len, 0);
}

static void nesting(void **state)
{
    (void)state;
    expect(S("{\"a\":{\"b\":1,\"c\":[true,{\"d\":\"x\"}]}}"),
        "a={:{\"b\":1,\"c\":[true,{\"d\":\"x\"}]}|a.b=n:1|a.c=b:true|a.c.d=s:x");
    expect(S(" [ 1 , [ null ] , { \"a\" : { \"b\" : 2 } } ]\r\n"), "=n:1|=z:|a.b=n:2");
    expect(S("{\"l\":[{\"a\":1},{\"a\":2}],\"e\":[],\"o\":{}}"),
        "l=[:[{\"a\":1},{\"a\":2}]|l.a=n:1|l.a=n:2|e=[:[]|o={:{}");
    assert_int_equal(flat.list, 0);
    assert_int_equal(flat.top, JSON_OBJECT);
    expect(S("{\"l\":[1]}"), "l=[:[1]|l=n:1");
    assert_int_equal(flat.list, flat.count);
    expect(S("{\"a\":1,\"a\":2,\"\":3,\"x.y\":4}"), "a=n:1|a=n:2|=n:3|x.y=n:4");
    expect(S("\"lone\""), "=s:lone");
    assert_int_equal(flat.top, JSON_STRING);
}

static void numbers(void **state)
{
    static const char *const wrong[] = {"01", "-", "1.", ".5", "1e", "1e+", "+1", "0x1", "1a",
        "NaN", "1\"a\"", "1 2", "--1", "truee", "nul", "True"};
    (void)state;
    expect(S("[0,-0,1e3,1E-7,123456789012345678901234567890,1.50,-12.25e+30]"),
        "=n:0|=n:-0|=n:1e3|=n:1E-7|=n:123456789012345678901234567890|=n:1.50|=n:-12.25e+30");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        refuse(slice_from_cstr(wrong[i]), RESULT_MALFORMED);
}

static void strings(void **state)
{
    (void)state;
    expect(S("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"), "=s:\"\\/\b\f\n\r\t");
    expect(S("[\"\\u5146 \\uD83D\\uDD25\"]"), "=s:\xE5\x85\x86 \xF0\x9F\x94\xA5");
    expect(S("[\"\\ud83d\",\"\\udd25x\",\"\\ud83d\\u0041\"]"),
        "=s:\xEF\xBF\xBD|=s:\xEF\xBF\xBDx|=s:\xEF\xBF\xBD"
        "A");
    assert_int_equal(json_flatten(parser, &arena, S("\"a\\u0000b\""), &flat, &err), RESULT_OK);
    assert_int_equal(flat.fields[0].value.len, 3);
    assert_memory_equal(flat.fields[0].value.at, "a\0b", 3);
    expect(S("{\"k\\u0065y\":\"\"}"), "key=s:");
}

static void lenient_strings(void **state)
{
    (void)state;
    expect(S("\"C:\\Users\\q \\x22\\xe5\\x85\\x86\\xff\""),
        "=s:C:\\Users\\q \"\xE5\x85\x86\xEF\xBF\xBD");
    assert_false(flat.repaired);
    expect(S("\"\\u12\""), "=s:\\u12");
    expect(S("{\"a\":\"x\xFFy\tz\\\t\"}"), "a=s:x\xEF\xBF\xBDy\tz\\\t");
    assert_true(flat.repaired);
    refuse(S("{\"a\":\"\t"), RESULT_MALFORMED);
}

static void malformed(void **state)
{
    static const char *const wrong[] = {"", " \n", "{", "}", "[", "]", "{]", "[}", "{\"a\"}",
        "{\"a\":}", "{\"a\":1,}", "[1,]", "[,1]", "[1 2]", "{\"a\" 1}", "{a:1}", "{\"a\":1}}",
        "{} {}", "\"a", "\"a\\\"", "\"a\"b", "\"a\"\"b\"", "{\"a\":1 \"b\":2}", "{1:2}", "[1:2]",
        "{\"a\",1}", "\\\"\xFF\"", "\\\"\t\"", "{\"a\":{\"b\":[1,2}", "\x01"};
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        refuse(slice_from_cstr(wrong[i]), RESULT_MALFORMED);
    refuse(slice_make("{\0}", 3), RESULT_MALFORMED);
}

static slice repeated(slice unit, size_t times, slice tail)
{
    char *text = arena_bytes(&arena, unit.len * times + tail.len);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * unit.len, unit.at, unit.len);
    memcpy(text + unit.len * times, tail.at, tail.len);
    return slice_make(text, unit.len * times + tail.len);
}

static void limits(void **state)
{
    (void)state;
    refuse(repeated(S("["), JSON_DEPTH_MAX + 1, S("")), RESULT_LIMIT);
    refuse(repeated(S("["), 1000000, S("")), RESULT_LIMIT);
    refuse(repeated(S("{\"a\":"), JSON_DEPTH_MAX, S("")), RESULT_MALFORMED);
    refuse(repeated(S(" "), JSON_TEXT_MAX, S("1")), RESULT_LIMIT);
    slice many = repeated(S("1,"), 100000, S("1]"));
    char *list = arena_bytes(&arena, many.len + 1);
    list[0] = '[';
    memcpy(list + 1, many.at, many.len);
    assert_int_equal(
        json_flatten(parser, &arena, slice_make(list, many.len + 1), &flat, &err), RESULT_OK);
    assert_int_equal(flat.count, JSON_FIELDS_MAX);
    assert_int_equal(flat.dropped, 100001 - JSON_FIELDS_MAX);
    arena_reset(&arena);
}

static void long_paths(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, 1 << 20);
    buf_append(&text, S("{\"a\":{\""));
    buf_append(&text, repeated(S("k"), JSON_PATH_MAX, S("")));
    buf_append(&text, S("\":{\"b\":[1,{\"c\":2}]},\"d\":3}}"));
    assert_int_equal(json_flatten(parser, &arena, buf_slice(&text), &flat, &err), RESULT_OK);
    assert_int_equal(flat.count, 2);
    assert_int_equal(flat.dropped, 2);
    assert_true(slice_equal(flat.fields[1].path, S("a.d")));
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nesting),
        cmocka_unit_test(numbers),
        cmocka_unit_test(strings),
        cmocka_unit_test(lenient_strings),
        cmocka_unit_test(malformed),
        cmocka_unit_test(limits),
        cmocka_unit_test(long_paths),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
