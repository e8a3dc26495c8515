/* Times by a pattern. */
#include "decode/time_pattern.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"

static void expect(const char *pattern, const char *text, const char *want, unsigned missing)
{
    struct stamp stamp;
    struct buf out;
    int64_t time_ns;
    char memory[64];
    assert_true(time_pattern_is_valid(slice_from_cstr(pattern)));
    assert_true(time_pattern_read(slice_from_cstr(pattern), slice_from_cstr(text), &stamp));
    assert_int_equal(stamp.missing, missing);
    assert_true(stamp_to_ns(&stamp, 2026, 0, &time_ns));
    buf_init_fixed(&out, memory, sizeof(memory));
    civil_append(&out, time_ns);
    buf_append_byte(&out, '\0');
    assert_string_equal(memory, want);
}

static void refuse(const char *pattern, const char *text)
{
    struct stamp stamp;
    assert_true(time_pattern_is_valid(slice_from_cstr(pattern)));
    assert_false(time_pattern_read(slice_from_cstr(pattern), slice_from_cstr(text), &stamp));
}

static void reads(void **state)
{
    (void)state;
    expect("%m/%d/%Y %I:%M:%S %p", "11/20/2026  3:12:44 PM", "2026-11-20T15:12:44Z", STAMP_NO_ZONE);
    expect("%m/%d/%Y %I:%M:%S %p", "1/2/2026 12:00:00 am", "2026-01-02T00:00:00Z", STAMP_NO_ZONE);
    expect("%d.%m.%y %T", "20.11.26 03:12:44", "2026-11-20T03:12:44Z", STAMP_NO_ZONE);
    expect("%FT%T.%f%z", "2026-11-20T12:12:44.25+09:00", "2026-11-20T03:12:44.250Z", 0);
    expect("%A, %d %B %Y %H:%M:%S %Z", "Friday, 20 November 2026 03:12:44 UTC",
        "2026-11-20T03:12:44Z", 0);
    expect("%b %e %k:%M", "Nov  2 4:05", "2026-11-02T04:05:00Z", STAMP_NO_YEAR | STAMP_NO_ZONE);
    expect("at %s (100%%)", "at 1500000000.5 (100%)", "2017-07-14T02:40:00.500Z", 0);
    expect("%Y%m%d", "20261120", "2026-11-20T00:00:00Z", STAMP_NO_ZONE);
}

static void refuses(void **state)
{
    (void)state;
    refuse("%Y-%m-%d", "2026-13-01");
    refuse("%Y-%m-%d", "2026-11-20x");
    refuse("%Y-%m-%d", "2026-11");
    refuse("%H:%M", "25:00");
    refuse("%b", "Foo");
    refuse("%z", "+9x");
    refuse("%f", "");
    assert_false(time_pattern_is_valid(S("")));
    assert_false(time_pattern_is_valid(S("%")));
    assert_false(time_pattern_is_valid(S("%Y %q")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
