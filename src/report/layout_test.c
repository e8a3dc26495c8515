/* Lines keep to their width in columns, Japanese included, and lose nothing but spaces. */
#include "base/test.h"

#include "report/layout.h"
#include "report/width.h"

static void check(size_t columns, slice text, slice want)
{
    struct buf out;
    buf_init(&out, 4096);
    struct layout layout = {.out = &out, .columns = columns};
    layout_wrap(&layout, text, 2, 4);
    assert_slice(buf_slice(&out), want);
    buf_free(&out);
}

static void wraps(void **state)
{
    (void)state;
    check(20, S("short"), S("  short\n"));
    check(20, S(""), S("  \n") /* an empty paragraph is a line */);
    check(12, S("one two three four"), S("  one two\n    three\n    four\n"));
    check(12, S("one  two"), S("  one  two\n"));
    check(8, S("abcdefghijkl"), S("  abcdef\n    ghij\n    kl\n"));
    check(3, S("abc"), S("  a\n    b\n    c\n"));
    check(12, S("日本語の文を折る"), S("  日本語の文\n    を折る\n"));
    check(12, S("あいうえお。か"), S("  あいうえ\n    お。か\n"));
    check(12, S("ab日本（語）"), S("  ab日本\n    （語）\n"));
}

static void marks_take_no_room(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    struct layout layout = {.out = &out, .columns = 10};
    slice text = S(LAYOUT_CRITICAL "one" LAYOUT_PLAIN " two " LAYOUT_STRONG "x" LAYOUT_PLAIN);
    layout_wrap(&layout, text, 0, 0);
    assert_slice(buf_slice(&out), S("one two x\n"));
    assert_int_equal(layout_width(text), 9);
    buf_clear(&out);
    layout.colour = true;
    layout_wrap(&layout, text, 0, 0);
    assert_slice(buf_slice(&out), S("\x1b[1;31mone\x1b[0m two \x1b[1mx\x1b[0m\n"));
    buf_free(&out);
}

static void evidence_is_escaped_and_cut(void **state)
{
    (void)state;
    struct buf out;
    char endless[2000];
    buf_init(&out, 8192);
    for (size_t i = 0; i < sizeof(endless); i++)
        endless[i] = 'x';
    layout_evidence(&out, S("a\x1b[2J\nb" LAYOUT_STRONG));
    assert_slice(buf_slice(&out), S("a\\x1b[2J\\nb\\x02"));
    buf_clear(&out);
    layout_evidence(&out, S("\\C:\\new\n\\"));
    assert_slice(buf_slice(&out), S("\\C:\\new\\n\\"));
    buf_clear(&out);
    layout_evidence(&out, slice_make(endless, sizeof(endless)));
    assert_int_equal(width_of(buf_slice(&out)), LAYOUT_EVIDENCE_MAX);
    buf_clear(&out);
    layout_title(&out, slice_make(endless, sizeof(endless)));
    assert_int_equal(width_of(buf_slice(&out)), LAYOUT_TITLE_MAX);
    assert_true(slice_ends(buf_slice(&out), S("…")));
    buf_free(&out);
}

static void widths_are_unicodes(void **state)
{
    (void)state;
    assert_int_equal(width_of(S("abc")), 3);
    assert_int_equal(width_of(S("日本語")), 6);
    assert_int_equal(width_of(S("ｶﾅ")), 2);
    assert_int_equal(width_of(S("e\xcc\x81")), 1);
    assert_int_equal(width_of(S("\xff")), 1);
    assert_slice(width_first(S("日本語"), 5), S("日本"));
    assert_slice(width_first(S("abc"), 0), S(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wraps),
        cmocka_unit_test(marks_take_no_room),
        cmocka_unit_test(evidence_is_escaped_and_cut),
        cmocka_unit_test(widths_are_unicodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
