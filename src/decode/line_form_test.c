/* The forms, each with what could be taken for it. */
#include "base/test.h"

#include "base/base.h"
#include "decode/line.h"
#include "decode/line_form.h"

static void expect(const char *line, const char *want, const char *want_rest)
{
    struct stamp stamp;
    slice rest;
    int64_t time_ns;
    struct arena arena = {0};
    if (!line_stamp(slice_from_cstr(line), &stamp, &rest))
        fail_msg("no stamp: %s", line);
    assert_true(stamp_to_ns(&stamp, 2026, 0, &time_ns));
    assert_slice(civil_text(&arena, time_ns), slice_from_cstr(want));
    arena_free(&arena);
    assert_slice(rest, slice_from_cstr(want_rest));
}

static void forms_are_read(void **state)
{
    (void)state;
    expect("2026.11.20 03:12:44 LOG3: x", "2026-11-20T03:12:44Z", "LOG3: x");
    expect("2026:11:20-03:12:44: x", "2026-11-20T03:12:44Z", "x");
    expect("11/20/2026 03:12:44 x", "2026-11-20T03:12:44Z", "x");
    expect("11/09/2026 03:12:44 x", "2026-11-09T03:12:44Z", "x");
    expect("20/11/2026 03:12:44 x", "2026-11-20T03:12:44Z", "x");
    expect("05/20/2026:03:12:44 x", "2026-05-20T03:12:44Z", "x");
    expect("20-11-2026 03:12:44 +0300 x", "2026-11-20T00:12:44Z", "x");
    expect("09-11-2026 03:12:44 x", "2026-11-09T03:12:44Z", "x");
    expect("11-20-2026 03:12:44.5 x", "2026-11-20T03:12:44.500Z", "x");
    expect("11/20/2026 03:12:44 PM x", "2026-11-20T15:12:44Z", "x");
    expect("Nov 20, 2026 3:12:44 AM x", "2026-11-20T03:12:44Z", "x");
    expect("Nov-20-26 03:12:44 x", "2026-11-20T03:12:44Z", "x");
    expect("11/20-03:12:44.553882  x", "2026-11-20T03:12:44.553882Z", "x");
    expect("11/20/25-03:12:44.5 x", "2025-11-20T03:12:44.500Z", "x");
    expect("20261120T031244 x", "2026-11-20T03:12:44Z", "x");
    expect("@4000000050c4b1aa0f2a3b4c x", "2012-12-09T15:43:28.254425932Z", "x");
    expect("[1292652621] x", "2010-12-18T06:10:21Z", "x");
    expect("[PDT Nov 20 03:12:44] x", "2026-11-20T10:12:44Z", "x");
    expect("<W>2026-11-20 03:12:44.123 x", "2026-11-20T03:12:44.123Z", "x");
    expect("L 11/20/2026 - 03:12:44: x", "2026-11-20T03:12:44Z", "x");
    expect("[20/Nov/2026 03:12:44] x", "2026-11-20T03:12:44Z", "x");
    expect("[20-Nov-2026 03:12:44 +0200]: x", "2026-11-20T01:12:44Z", "x");
    expect("Nov 20 03:12:44 1234.example.com x", "2026-11-20T03:12:44Z", "1234.example.com x");
}

static void others_are_not(void **state)
{
    static const char *const lines[] = {"192.0.2.1 03:12:44", "1.2.3 03:12:44", "20:11:26-03:12:44",
        "13/13/2026 03:12:44", "2026.11.20", "11/20/2026 25:12:44", "[123] x", "[42949672960]",
        "Nov-20-26", "@40000000", "20261320T031244", "11/20/2026 13:12:44 PM", "L x"};
    struct stamp stamp;
    slice rest;
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (line_stamp(slice_from_cstr(lines[i]), &stamp, &rest))
            fail_msg("a stamp: %s", lines[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_read),
        cmocka_unit_test(others_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
