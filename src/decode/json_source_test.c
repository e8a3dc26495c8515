/* How records are laid out in JSON objects, and what is lost when they are damaged. */
#include "decode/json_source.h"

#include <string.h>

#include "decode/decode_test.h"

static void expect(slice text, const char *want)
{
    decode_test_expect("json", "a", text, want);
}

static void lines(void **state)
{
    (void)state;
    expect(S("{\"a\":1}\n\n{\"a\":2}\r\n  {\"a\":3}"), "1@0 a=1\n3@9 a=2\n4@20 a=3\n");
    expect(S("\xEF\xBB\xBF{\"a\":1}\n\x1e{\"a\":2}\n"), "1@3 a=1\n2@12 a=2\n");
    expect(S("{\"a\":1},\n{\"a\":2},\n"), "1@0 a=1\n2@9 a=2\n");
    expect(S(""), "");
    expect(S(" \n\t"), "");
}

static void several_on_a_line_and_several_lines(void **state)
{
    (void)state;
    expect(S("{\"a\":1}{\"a\":2} {\"a\":3}\n{\"a\":4}"), "1@0 a=1\n1@7 a=2\n1@15 a=3\n2@23 a=4\n");
    expect(S("{\n  \"a\": 1,\n  \"b\": {\n  }\n}\n{\n  \"a\": \"}\\\"{\"\n}"),
        "1@0 a=1\n6@27 a=}\"{\n");
}

static void lists(void **state)
{
    (void)state;
    expect(S("[{\"a\":1},{\"a\":[2,3]}\n,\n{\"a\":{\"b\":4}}]"), "1@1 a=1\n2@9 a=2|3\n3@23\n");
    expect(S("[]"), "");
    expect(S("[{\"a\":1}]\n[{\"a\":2}]\n"), "1@1 a=1\n2@11 a=2\n");
    expect(
        S("[1,\"x\",[{\"a\":0}],null,{\"a\":5}]"), "1@1 !3\n2@3 !3\n3@7 !3\n4@17 !3\n5@22 a=5\n");
}

static void wrappers(void **state)
{
    (void)state;
    expect(S("{\"Records\":[{\"a\":1},{\"a\":2}]}\n{\"Records\":[{\"a\":3}]}"),
        "1@12 a=1\n2@20 a=2\n3@42 a=3\n");
    expect(S("{\n \"next\": \"x\",\n \"value\": [\n  {\n   \"a\": 1\n  }\n ],\n \"n\": {\"z\": "
             "1}\n}\n{\"a\":2}"),
        "1@30 a=1\n10@67 a=2\n");
    expect(
        S("{\"took\":1,\"_shards\":{\"n\":1},\"hits\":{\"total\":{\"v\":1},\"hits\":[{\"a\":1}]}}"),
        "1@60 a=1\n");
    /* any name, when the list is all there is */
    expect(S("{\"findings\":[{\"a\":1},{\"a\":2}]}"), "1@13 a=1\n2@21 a=2\n");
    expect(S("{\"findings\":[{\"b\":1}],\"a\":7}"), "1@0 a=7\n");
    /* a record with a time of its own is a record, whatever it holds */
    expect(S("{\"time\":\"2026-01-01T00:00:00Z\",\"a\":1,\"events\":[{\"a\":2}]}"),
        "1@0 2026-01-01T00:00:00Z a=1\n");
}

static void damage(void **state)
{
    (void)state;
    /* cut in a string, after a colon, between members; neither what is whole of it nor the next
     * line is ever lost */
    expect(S("{\"a\":1,\"b\":\"x\n{\"a\":2}\n{\"a\":3,\"b\":\n{\"a\":4}\n{\"a\":5,\n{\"a\":6}\n{"
             "\"a\":7}}\n{\"a\":8}"),
        "1@0 a=1\n2@14 a=2\n3@22 a=3\n4@34 a=4\n5@42 a=5\n6@50 a=6\n7@58 a=7\n7@65 !2\n8@67 a=8\n");
    expect(S("{\"a\":nul}\n{\"a\":1}\nfoo {\"a\":2}\n{\"a\":3"),
        "1@0 !2\n2@10 a=1\n3@18 !2\n4@30 !2\n");
    /* a pretty-printed record that breaks is one loss, and the lines in it are none */
    expect(S("{\n  \"a\": 1\n  \"b\": {\n    \"a\": 2\n  }\n}\n{\n  \"a\": 3\n}\n"),
        "1@0 !2\n7@37 a=3\n");
    expect(S("[{\"a\":1},{\"a\" 2},{\"a\":3},{\"a\":4"), "1@1 a=1\n2@9 !2\n3@17 a=3\n4@25 !2\n");
    expect(S("[\n{\"a\":1},\n{\"a\":2,\n{\"a\":3}\n]\n{\"a\":4}"),
        "1@2 a=1\n2@11 a=2\n3@19 a=3\n6@29 a=4\n");
}

static void cut_list_is_noted(void **state)
{
    struct decode_test test = {.only = "a"};
    (void)state;
    decode_test_run(&test, "json", S("{\"Records\":[{\"a\":1},{\"a\":2},"));
    assert_int_equal(test.events, 2);
    assert_int_equal(test.undecoded, 0);
    assert_int_equal(test.notes, 1);
    buf_free(&test.out);
}

static void nesting_and_size(void **state)
{
    struct buf text;
    struct decode_test deep = {.only = "a"}, large = {.only = "a"};
    (void)state;
    buf_init(&text, 3 * JSON_TEXT_MAX);
    for (size_t i = 0; i < 100000; i++)
        buf_append(&text, S("{\"x\":["));
    for (size_t i = 0; i < 100000; i++)
        buf_append(&text, S("]}"));
    buf_append(&text, S("\n{\"a\":1}\n"));
    decode_test_run(&deep, "json", buf_slice(&text));
    assert_int_equal(deep.events, 1);
    assert_int_equal(deep.undecoded, 1);
    buf_free(&deep.out);
    buf_clear(&text);
    buf_append(&text, S("{\"a\":0}\n{\"a\":\""));
    char *filler = buf_reserve(&text, JSON_TEXT_MAX);
    assert_non_null(filler);
    memset(filler, 'x', JSON_TEXT_MAX);
    buf_commit(&text, JSON_TEXT_MAX);
    buf_append(&text, S("\"}\n{\"a\":1}\n"));
    decode_test_run(&large, "json", buf_slice(&text));
    assert_int_equal(large.events, 2);
    assert_int_equal(large.undecoded, 1);
    buf_free(&large.out);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(several_on_a_line_and_several_lines),
        cmocka_unit_test(lists),
        cmocka_unit_test(wrappers),
        cmocka_unit_test(damage),
        cmocka_unit_test(cut_list_is_noted),
        cmocka_unit_test(nesting_and_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
