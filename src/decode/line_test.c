/* Votes, stamps at the front of lines, and years that stamps leave out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "decode/line.h"

static bool fits_digit(slice line)
{
    return byte_is_digit(line.at[0]);
}

static void votes_by_lines(void **state)
{
    (void)state;
    assert_int_equal(line_share(S(""), true, fits_digit), 0);
    assert_int_equal(line_share(S("1\n2\na\n3\n"), true, fits_digit), 75);
    assert_int_equal(line_share(S("1\r\n\r\n2\n\n"), true, fits_digit), 100);
    assert_int_equal(line_share(S("1\n2\na cut li"), false, fits_digit), 100);
    assert_int_equal(line_share(S("1 one long cut li"), false, fits_digit), 100);
    assert_int_equal(line_share(S("\xef\xbb\xbf"
                                  "1\n"),
                         true, fits_digit),
        100);
}

static void tells_text_from_bytes(void **state)
{
    (void)state;
    assert_false(line_is_text(S("")));
    assert_true(line_is_text(S("one\ttwo\r\n\x1b[31mred\n")));
    assert_true(line_is_text(S("Vorg\xe4nge l\xf6schen\n")));
    assert_false(line_is_text(S("\x01\x02\x03\x04 abc")));
    assert_false(line_is_text(S("\xff\xfe\xfd\xfc\xfb")));
}

static void assert_stamp(slice line, const char *time, const char *rest)
{
    struct stamp stamp;
    slice after;
    int64_t time_ns;
    char memory[64];
    struct buf out;
    assert_true(line_stamp(line, &stamp, &after));
    assert_true(stamp_to_ns(&stamp, 2026, 0, &time_ns));
    buf_init_fixed(&out, memory, sizeof(memory));
    civil_append(&out, time_ns);
    assert_true(slice_equal(buf_slice(&out), slice_from_cstr(time)));
    assert_true(slice_equal(after, slice_from_cstr(rest)));
}

static void reads_stamps_of_all_logs(void **state)
{
    (void)state;
    assert_stamp(S("2026-11-20T03:12:44.5+09:00 x"), "2026-11-19T18:12:44.500Z", "x");
    assert_stamp(S("2026/11/20 03:12:44 [error] 7#7: y"), "2026-11-20T03:12:44Z", "[error] 7#7: y");
    assert_stamp(S("[Fri Nov 20 03:12:44.123456 2026] [core:error] z"),
        "2026-11-20T03:12:44.123456Z", "[core:error] z");
    assert_stamp(
        S("Fri Nov 20 03:12:44 2026 [pid 2] CONNECT"), "2026-11-20T03:12:44Z", "[pid 2] CONNECT");
    assert_stamp(S("Fri Nov  2 03:12:44 host"), "2026-11-02T03:12:44Z", "host");
    assert_stamp(S("1292652621.986    120 10.0.0.1"), "2010-12-18T06:10:21.986Z", "120 10.0.0.1");
    assert_stamp(S("2026-11-20  3:12:44 5 [Note] x"), "2026-11-20T03:12:44Z", "5 [Note] x");
    assert_stamp(S("20261120 03:12:44,db01,y"), "2026-11-20T03:12:44Z", "db01,y");
    assert_stamp(S("261120  3:12:44 z"), "2026-11-20T03:12:44Z", "z");
    assert_stamp(S("  [20/Nov/2026:03:12:44 +0100]: q"), "2026-11-20T02:12:44Z", "q");
}

static void refuses_what_only_looks_like_a_stamp(void **state)
{
    (void)state;
    struct stamp stamp;
    slice rest;
    assert_false(line_stamp(S(""), &stamp, &rest));
    assert_false(line_stamp(S("["), &stamp, &rest));
    assert_false(line_stamp(S("[Fri Nov 20 03:12:44 2026"), &stamp, &rest));
    assert_false(line_stamp(S("1292652621 12"), &stamp, &rest));
    assert_false(line_stamp(S("20261320 03:12:44"), &stamp, &rest));
    assert_false(line_stamp(S("261120 103:12:44"), &stamp, &rest));
    assert_false(line_stamp(S("2026-11-20  3:12:4"), &stamp, &rest));
    assert_false(line_stamp(S("2026-11-20"), &stamp, &rest));
    assert_false(line_stamp(S("March of time"), &stamp, &rest));
}

static void cuts_priorities(void **state)
{
    (void)state;
    uint64_t priority = 7777;
    assert_true(slice_equal(line_priority(S("<191>x"), &priority), S("x")));
    assert_int_equal(priority, 191);
    assert_true(slice_equal(line_priority(S("<0>"), &priority), S("")));
    assert_int_equal(priority, 0);
    assert_true(slice_equal(line_priority(S("<192>x"), &priority), S("<192>x")));
    assert_true(slice_equal(line_priority(S("<>x"), &priority), S("<>x")));
    assert_true(slice_equal(line_priority(S("<12"), &priority), S("<12")));
    assert_true(slice_equal(line_priority(S(""), &priority), S("")));
}

static int32_t year_of(struct line_years *years, int month, int day)
{
    struct stamp stamp = {.civil = {.month = month, .day = day}, .missing = STAMP_NO_YEAR};
    return line_years_step(years, &stamp, NULL);
}

static void rolls_over_at_new_year_only(void **state)
{
    (void)state;
    struct line_years years = {.year = 2025};
    assert_int_equal(year_of(&years, 11, 30), 2025);
    assert_int_equal(year_of(&years, 12, 31), 2025);
    assert_int_equal(year_of(&years, 12, 30), 2025);
    assert_int_equal(year_of(&years, 1, 1), 2026);
    assert_int_equal(year_of(&years, 12, 31), 2025);
    assert_int_equal(year_of(&years, 1, 1), 2026);
    assert_int_equal(year_of(&years, 8, 1), 2026);
    assert_int_equal(year_of(&years, 7, 20), 2026);
    assert_int_equal(year_of(&years, 1, 2), 2027);
    struct line_years fixed = {.year = 2020, .fixed = true};
    assert_int_equal(year_of(&fixed, 12, 31), 2020);
    assert_int_equal(year_of(&fixed, 1, 1), 2020);
    struct line_years unknown = {0};
    assert_int_equal(year_of(&unknown, 12, 31), 0);
    assert_int_equal(year_of(&unknown, 1, 1), 0);
}

static void scans_years(void **state)
{
    (void)state;
    struct stream *stream =
        stream_from_memory(S("no stamp\n<189>77: *Dec 29 00:00:00: %X\n<13>Dec 30 00:00:00 h "
                             "a\nJan  2 00:00:00 h b\n2026-02-01 00:00:00 c\n"
                             "Mar  3 04:05:06 h d"));
    struct decode_years years;
    struct error err;
    assert_int_equal(decode_scan_years(stream, &years, &err), RESULT_OK);
    assert_true(years.yearless);
    assert_int_equal(years.first.civil.month, 12);
    assert_int_equal(years.last.civil.month, 3);
    assert_int_equal(years.roll_overs, 1);
    stream_free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(votes_by_lines),
        cmocka_unit_test(tells_text_from_bytes),
        cmocka_unit_test(reads_stamps_of_all_logs),
        cmocka_unit_test(refuses_what_only_looks_like_a_stamp),
        cmocka_unit_test(cuts_priorities),
        cmocka_unit_test(rolls_over_at_new_year_only),
        cmocka_unit_test(scans_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
