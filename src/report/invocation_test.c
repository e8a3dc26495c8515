/* Commands can be copied as they stand. */
#include "base/test.h"

#include "report/invocation.h"

static void check(slice word, slice want)
{
    struct buf out;
    buf_init(&out, 1024);
    invocation_word(&out, word);
    assert_slice(buf_slice(&out), want);
    buf_free(&out);
}

static void quotes_words(void **state)
{
    (void)state;
    check(S("samples/auth.log"), S("samples/auth.log"));
    check(S(""), S("''"));
    check(S("my logs"), S("'my logs'"));
    check(S("$(reboot)"), S("'$(reboot)'"));
    check(S("it's"), S("'it'\\''s'"));
    check(S("日本"), S("'日本'"));
    check(S("C:\\logs"), S("$'C:\\\\logs'"));
    check(S("a\x1b[2J\n1"), S("$'a\\033[2J\\0121'"));
    check(S("\xe2\x80\xae"
            "x'"),
        S("$'\\342\\200\\256x\\''"));
    check(S("\xff"), S("$'\\377'"));
}

static void names_few_paths(void **state)
{
    (void)state;
    struct buf out;
    const slice paths[] = {S_INIT("a"), S_INIT("b c"), S_INIT("d"), S_INIT("e"), S_INIT("f")};
    struct report_options options = {.paths = paths, .path_count = 5};
    buf_init(&out, 1024);
    invocation_explain(&out, &options, (uuid){{0x12, 0x34}});
    assert_slice(
        buf_slice(&out), S("hikeshi explain 12340000-0000-0000-0000-000000000000 a 'b c' d e …"));
    buf_clear(&out);
    options.path_count = 1;
    invocation_everything(&out, &options);
    assert_slice(buf_slice(&out), S("hikeshi triage --format ndjson a"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_words),
        cmocka_unit_test(names_few_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
