/* Time stamps as daemons, routers, web servers and collectors write them. */
#include "wire/stamp.h"

#include "base/base.h"
#include "base/test.h"

/* What the tests give where a stamp has no year or no zone. */
#define YEAR   2025
#define ZONE_S (-3600)

struct row {
    slice text;
    slice time; /* RFC 3339 */
    unsigned missing;
    size_t left; /* bytes of text after the stamp */
};

static void check_row(bool (*read)(slice text, struct stamp *stamp), const struct row *row)
{
    struct stamp stamp = {0};
    char memory[64];
    struct buf buf;
    int64_t time_ns = 0;
    buf_init_fixed(&buf, memory, sizeof(memory));
    if (!read(row->text, &stamp) || !stamp_to_ns(&stamp, YEAR, ZONE_S, &time_ns))
        test_show("not read:", row->text);
    else
        civil_append(&buf, time_ns);
    assert_slice(buf_slice(&buf), row->time);
    assert_int_equal(stamp.missing, row->missing);
    assert_int_equal(row->text.len - stamp.len, row->left);
    assert_int_equal(stamp.civil.year == 0, (stamp.missing & STAMP_NO_YEAR) != 0);
    if (stamp.missing & STAMP_NO_ZONE)
        assert_int_equal(stamp.civil.offset_s, 0);
}

#define CHECK_ROWS(read, rows)                                                                     \
    for (size_t i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++)                               \
    check_row(read, &(rows)[i_])

static void refuse(bool (*read)(slice text, struct stamp *stamp), const slice *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct stamp stamp = {.len = 12345};
        if (read(texts[i], &stamp)) {
            test_show("read:", texts[i]);
            fail();
        }
        assert_int_equal(stamp.len, 12345);
    }
}

#define REFUSE(read, texts) refuse(read, texts, sizeof(texts) / sizeof((texts)[0]))

static void reads_iso(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {S_INIT("2026-11-20T03:12:44Z"), S_INIT("2026-11-20T03:12:44Z"), 0, 0},
        {S_INIT("2026-11-20t03:12:44z"), S_INIT("2026-11-20T03:12:44Z"), 0, 0},
        /* rsyslog, syslog-ng, RFC 5424's own examples */
        {S_INIT("2026-11-20T03:12:44.123456+09:00 web1 sshd[1]: x"),
            S_INIT("2026-11-19T18:12:44.123456Z"), 0, 16},
        {S_INIT("1985-04-12T23:20:50.52Z"), S_INIT("1985-04-12T23:20:50.520Z"), 0, 0},
        {S_INIT("2003-08-24T05:14:15.000003-07:00"), S_INIT("2003-08-24T12:14:15.000003Z"), 0, 0},
        /* Windows (100 ns), Go (ns), more digits than that */
        {S_INIT("2026-11-20T03:12:44.1234567Z"), S_INIT("2026-11-20T03:12:44.123456700Z"), 0, 0},
        {S_INIT("2026-11-20T03:12:44.123456789+00:00"), S_INIT("2026-11-20T03:12:44.123456789Z"), 0,
            0},
        {S_INIT("2026-11-20T03:12:44.1234567899999Z"), S_INIT("2026-11-20T03:12:44.123456789Z"), 0,
            0},
        /* Python's logging, log4j, PostgreSQL, Suricata, Zeek, audit exports */
        {S_INIT("2026-11-20 03:12:44,123 INFO"), S_INIT("2026-11-20T04:12:44.123Z"), STAMP_NO_ZONE,
            5},
        {S_INIT("2026-11-20 03:12:44.123 JST [99]"), S_INIT("2026-11-19T18:12:44.123Z"), 0, 5},
        {S_INIT("2026-11-20T03:12:44.123456+0000"), S_INIT("2026-11-20T03:12:44.123456Z"), 0, 0},
        {S_INIT("2026-11-20 03:12:44 +0900"), S_INIT("2026-11-19T18:12:44Z"), 0, 0},
        {S_INIT("2026-11-20 03:12:44"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE, 0},
        /* nginx error log, FortiGate, squid */
        {S_INIT("2026/11/20 03:12:44 [error] 1#1: x"), S_INIT("2026-11-20T04:12:44Z"),
            STAMP_NO_ZONE, 15},
        /* odd zones: Nepal, Chatham, Newfoundland, Kiribati, hours alone, "unknown local offset" */
        {S_INIT("2026-11-20T03:12:44+05:45"), S_INIT("2026-11-19T21:27:44Z"), 0, 0},
        {S_INIT("2026-11-20T03:12:44+12:45"), S_INIT("2026-11-19T14:27:44Z"), 0, 0},
        {S_INIT("2026-11-20T03:12:44-0330"), S_INIT("2026-11-20T06:42:44Z"), 0, 0},
        {S_INIT("2026-11-20T03:12:44+14:00"), S_INIT("2026-11-19T13:12:44Z"), 0, 0},
        {S_INIT("2026-11-20T03:12:44-12"), S_INIT("2026-11-20T15:12:44Z"), 0, 0},
        {S_INIT("2026-11-20T03:12:44-00:00"), S_INIT("2026-11-20T03:12:44Z"), 0, 0},
        {S_INIT("2026-11-20 03:12:44 CEST"), S_INIT("2026-11-20T01:12:44Z"), 0, 0},
        /* no zone: a word that only begins like one, an ambiguous one, a number, a sign alone */
        {S_INIT("2026-11-20 03:12:44 ESTABLISHED"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE,
            12},
        {S_INIT("2026-11-20 03:12:44 IST"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE, 4},
        {S_INIT("2026-11-20 03:12:44 -12345 bytes"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE,
            13},
        {S_INIT("2026-11-20 03:12:44 - root"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE, 7},
        {S_INIT("2026-11-20 03:12:44+99:00"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE, 6},
        {S_INIT("2026-11-20 03:12:44. Then"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE, 6},
        /* a leap second is the second before it */
        {S_INIT("2016-12-31T23:59:60Z"), S_INIT("2016-12-31T23:59:59Z"), 0, 0},
        {S_INIT("2024-02-29T00:00:00Z"), S_INIT("2024-02-29T00:00:00Z"), 0, 0},
    };
    CHECK_ROWS(stamp_iso, rows);
}

static void refuses_what_is_no_iso(void **state)
{
    (void)state;
    static const slice texts[] = {{NULL, 0}, S_INIT(""), S_INIT("2026"), S_INIT("2026-11-20"),
        S_INIT("2026-11-20T03:12"), S_INIT("2026-11-20T03:12:4"), S_INIT("2026-11-20T3:12:44Z"),
        S_INIT("2026-11-20T03-12-44Z"), S_INIT("2026-11-20_03:12:44"),
        S_INIT("2026-11-20  03:12:44"), S_INIT("2026-11/20 03:12:44"),
        S_INIT("2026/11-20 03:12:44"), S_INIT("26-11-20T03:12:44Z"),
        S_INIT("02026-11-20T03:12:44Z"), S_INIT("2026-00-20T03:12:44Z"),
        S_INIT("2026-13-20T03:12:44Z"), S_INIT("2026-11-00T03:12:44Z"),
        S_INIT("2026-11-32T03:12:44Z"), S_INIT("2026-11-20T24:00:00Z"),
        S_INIT("2026-11-20T03:60:00Z"), S_INIT("2026-11-20T03:12:61Z"),
        S_INIT("2026-11-20T03:12:445Z"), S_INIT(" 2026-11-20T03:12:44Z"),
        S_INIT("-2026-11-20T03:12:44Z"), S_INIT("2026-1-2T03:12:44Z"), S_INIT("20261120T031244Z")};
    REFUSE(stamp_iso, texts);
    /* A day that its month does not have is found when the time is asked for. */
    struct stamp stamp;
    int64_t time_ns;
    assert_true(stamp_iso(S("2023-02-29T00:00:00Z"), &stamp));
    assert_false(stamp_to_ns(&stamp, YEAR, 0, &time_ns));
}

static void reads_syslog(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {S_INIT("Nov 20 03:12:44 web1 sshd[1]: x"), S_INIT("2025-11-20T04:12:44Z"),
            STAMP_NO_YEAR | STAMP_NO_ZONE, 16},
        {S_INIT("Nov  2 03:12:44"), S_INIT("2025-11-02T04:12:44Z"), STAMP_NO_YEAR | STAMP_NO_ZONE,
            0},
        {S_INIT("Nov 2 03:12:44"), S_INIT("2025-11-02T04:12:44Z"), STAMP_NO_YEAR | STAMP_NO_ZONE,
            0},
        {S_INIT("Nov 02 03:12:44"), S_INIT("2025-11-02T04:12:44Z"), STAMP_NO_YEAR | STAMP_NO_ZONE,
            0},
        {S_INIT("DEC 31 23:59:60"), S_INIT("2026-01-01T00:59:59Z"), STAMP_NO_YEAR | STAMP_NO_ZONE,
            0},
        /* Cisco ASA, IOS (clock not synchronised, lost), NX-OS, and with `show-timezone year` */
        {S_INIT("Nov 20 2026 03:12:44: %ASA-6-302013: x"), S_INIT("2026-11-20T04:12:44Z"),
            STAMP_NO_ZONE, 18},
        {S_INIT("*Mar  1 18:46:11.003: %SYS-5-CONFIG_I: x"), S_INIT("2025-03-01T19:46:11.003Z"),
            STAMP_NO_YEAR | STAMP_NO_ZONE, 20},
        {S_INIT(".Mar  1 18:46:11.003 UTC: %SYS"), S_INIT("2025-03-01T18:46:11.003Z"),
            STAMP_NO_YEAR, 6},
        {S_INIT("Mar  1 2026 18:46:11.003 JST: %SYS"), S_INIT("2026-03-01T09:46:11.003Z"), 0, 6},
        {S_INIT("2026 Nov 20 03:12:44 UTC: %ETHPORT-5-IF_UP"), S_INIT("2026-11-20T03:12:44Z"), 0,
            18},
        {S_INIT("2026 Nov  2 03:12:44.123 n9k"), S_INIT("2026-11-02T04:12:44.123Z"), STAMP_NO_ZONE,
            4},
        /* fractions and zones behind the BSD form */
        {S_INIT("Nov 20 03:12:44.123456 host"), S_INIT("2025-11-20T04:12:44.123456Z"),
            STAMP_NO_YEAR | STAMP_NO_ZONE, 5},
        {S_INIT("Nov 20 03:12:44 CEST host"), S_INIT("2025-11-20T01:12:44Z"), STAMP_NO_YEAR, 5},
        {S_INIT("Nov 20 03:12:44 +0900 host"), S_INIT("2025-11-19T18:12:44Z"), STAMP_NO_YEAR, 5},
        {S_INIT("Nov 20 03:12:44 CESTA host"), S_INIT("2025-11-20T04:12:44Z"),
            STAMP_NO_YEAR | STAMP_NO_ZONE, 11},
        {S_INIT("Nov 20, 2026 03:12:44"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE, 0},
    };
    static const slice texts[] = {{NULL, 0}, S_INIT("Nov"), S_INIT("Nov 20"),
        S_INIT("Nov 20 03:12"), S_INIT("Nov 20 3:12:44"), S_INIT("Nov   2 03:12:44"),
        S_INIT("Nov20 03:12:44"), S_INIT("Nov 200 03:12:44"), S_INIT("Nov 0 03:12:44"),
        S_INIT("Nov 32 03:12:44"), S_INIT("Now 20 03:12:44"), S_INIT("November 20 03:12:44"),
        S_INIT("Nov 20 25:12:44"), S_INIT("Nov 20 03:12:441"), S_INIT("**Nov 20 03:12:44"),
        S_INIT("Nov 20 226 03:12:44"), S_INIT("Nov\t20 03:12:44"),
        S_INIT("2026 Nov 20 2026 03:12:44"), S_INIT("226 Nov 20 03:12:44"),
        S_INIT("20 Nov 2026 03:12:44")};
    CHECK_ROWS(stamp_syslog, rows);
    REFUSE(stamp_syslog, texts);
    /* The 29th of February is a day of some years only. */
    struct stamp stamp;
    int64_t time_ns;
    assert_true(stamp_syslog(S("Feb 29 00:00:00"), &stamp));
    assert_false(stamp_to_ns(&stamp, 2025, 0, &time_ns));
    assert_true(stamp_to_ns(&stamp, 2024, 0, &time_ns));
}

static void reads_every_month(void **state)
{
    (void)state;
    static const slice names = S_INIT("JanFebMarAprMayJunJulAugSepOctNovDec");
    for (size_t month = 0; month < 12; month++) {
        char memory[32];
        struct buf buf;
        struct stamp stamp;
        buf_init_fixed(&buf, memory, sizeof(memory));
        buf_append(&buf, slice_sub(names, month * 3, 3));
        buf_append(&buf, S(" 15 00:00:00"));
        assert_true(stamp_syslog(buf_slice(&buf), &stamp));
        assert_int_equal(stamp.civil.month, month + 1);
    }
}

static void reads_ncsa(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {S_INIT("20/Nov/2026:03:12:44 +0000] \"GET"), S_INIT("2026-11-20T03:12:44Z"), 0, 6},
        {S_INIT("10/Oct/2000:13:55:36 -0700"), S_INIT("2000-10-10T20:55:36Z"), 0, 0},
        {S_INIT("2/nov/2026:03:12:44 +0900"), S_INIT("2026-11-01T18:12:44Z"), 0, 0},
        {S_INIT("20/Nov/2026:03:12:44.123 +0545"), S_INIT("2026-11-19T21:27:44.123Z"), 0, 0},
        {S_INIT("20/Nov/2026:03:12:44"), S_INIT("2026-11-20T04:12:44Z"), STAMP_NO_ZONE, 0},
        {S_INIT("20-Nov-2026 03:12:44.5 +0200"), S_INIT("2026-11-20T01:12:44.500Z"), 0, 0},
        {S_INIT("20/sept./2026:03:12:44 +0000"), S_INIT("2026-09-20T03:12:44Z"), 0, 0},
    };
    static const slice texts[] = {{NULL, 0}, S_INIT("[20/Nov/2026:03:12:44 +0000]"),
        S_INIT("20/11/2026:03:12:44"), S_INIT("20/Nov/26:03:12:44"), S_INIT("20/Nov-2026:03:12:44"),
        S_INIT("20-Nov/2026:03:12:44"), S_INIT("00/Nov/2026:03:12:44"), S_INIT("20/Nov/2026:03:12"),
        S_INIT("20/Nov/2026:33:12:44"), S_INIT("20/Nov/2026:03:12:440"),
        S_INIT("200/Nov/2026:03:12:44")};
    CHECK_ROWS(stamp_ncsa, rows);
    REFUSE(stamp_ncsa, texts);
}

static void reads_unix(void **state)
{
    (void)state;
    static const struct {
        slice text;
        int64_t time_ns;
    } rows[] = {
        {S_INIT("1292652621"), INT64_C(1292652621000000000)},
        {S_INIT("1292652621.986"), INT64_C(1292652621986000000)},
        {S_INIT("1292652621,986"), INT64_C(1292652621986000000)},
        {S_INIT("1300475167.096535"), INT64_C(1300475167096535000)},
        {S_INIT("1300475167.0965351239"), INT64_C(1300475167096535123)},
        {S_INIT("921939242.5"), INT64_C(921939242500000000)},
        {S_INIT("1292652621986"), INT64_C(1292652621986000000)},
        {S_INIT("1292652621986123"), INT64_C(1292652621986123000)},
        {S_INIT("1292652621986123456"), INT64_C(1292652621986123456)},
        {S_INIT("9223372036854775807"), INT64_MAX},
    };
    int64_t time_ns = 7;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(stamp_unix(rows[i].text, &time_ns));
        assert_true(time_ns == rows[i].time_ns);
    }
    /* Other widths are other things: 8 a date, 9 and less a number, 12 and 14 a date with a time,
     * 17 and 18 Windows' FILETIME. */
    static const slice wrong[] = {{NULL, 0}, S_INIT(""), S_INIT("0"), S_INIT("20261120"),
        S_INIT("129265262"), S_INIT("12926526219"), S_INIT("202611200312"),
        S_INIT("20261120031244"), S_INIT("129265262198612"), S_INIT("12926526219861234"),
        S_INIT("133456789012345678"), S_INIT("9223372036854775808"), S_INIT("12926526219861234567"),
        S_INIT("-1292652621"), S_INIT("+1292652621"), S_INIT(" 1292652621"), S_INIT("1292652621 "),
        S_INIT("1292652621."), S_INIT("1292652621.x"), S_INIT("1292652621.5.5"),
        S_INIT("1292652621986.5"), S_INIT("9999999999.999999999"), S_INIT("9999999999"),
        S_INIT("12926526219.5"), S_INIT("12926526.5"), S_INIT("0x12926526"),
        S_INIT("1292652621\0")};
    time_ns = 7;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (stamp_unix(wrong[i], &time_ns))
            test_show("read:", wrong[i]);
        assert_int_equal(time_ns, 7);
    }
}

static void reads_any_that_fills_the_text(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {S_INIT("2026-11-20T03:12:44Z"), S_INIT("2026-11-20T03:12:44Z"), 0, 0},
        {S_INIT(" 2026-11-20T03:12:44Z\r\n"), S_INIT("2026-11-20T03:12:44Z"), 0, 3},
        {S_INIT("Nov 20 03:12:44"), S_INIT("2025-11-20T04:12:44Z"), STAMP_NO_YEAR | STAMP_NO_ZONE,
            0},
        {S_INIT("20/Nov/2026:03:12:44 +0000"), S_INIT("2026-11-20T03:12:44Z"), 0, 0},
        {S_INIT("1292652621.986"), S_INIT("2010-12-18T06:10:21.986Z"), 0, 0},
        {S_INIT("1292652621986"), S_INIT("2010-12-18T06:10:21.986Z"), 0, 0},
    };
    static const slice texts[] = {{NULL, 0}, S_INIT("  "), S_INIT("2026-11-20T03:12:44Z x"),
        S_INIT("2026-11-20T03:12:44+09:0"), S_INIT("Nov 20 03:12:44 host"),
        S_INIT("20/Nov/2026:03:12:44 +0000]"), S_INIT("20261120031244"), S_INIT("4711"),
        S_INIT("12:00:00")};
    CHECK_ROWS(stamp_any, rows);
    REFUSE(stamp_any, texts);
}

static void reads_zones(void **state)
{
    (void)state;
    static const struct {
        slice text;
        int32_t offset_s;
    } rows[] = {{S_INIT("UTC"), 0}, {S_INIT("Z"), 0}, {S_INIT("GMT"), 0}, {S_INIT("JST"), 32400},
        {S_INIT("+09:00"), 32400}, {S_INIT("-0330"), -12600}, {S_INIT("+05"), 18000},
        {S_INIT("-12:00"), -43200}, {S_INIT("CEST"), 7200}, {S_INIT("EST"), -18000}};
    static const slice wrong[] = {{NULL, 0}, S_INIT(""), S_INIT("utc"), S_INIT("CST"),
        S_INIT("IST"), S_INIT("+9"), S_INIT("09:00"), S_INIT("+09:0"), S_INIT("+0900 "),
        S_INIT("+090"), S_INIT("+09000"), S_INIT("+19:00"), S_INIT("+09:60"), S_INIT("UTC+9"),
        S_INIT("Asia/Tokyo"), S_INIT("+"), S_INIT("Z0")};
    int32_t offset_s = 7;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(stamp_zone(wrong[i], &offset_s));
        assert_int_equal(offset_s, 7);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(stamp_zone(rows[i].text, &offset_s));
        assert_int_equal(offset_s, rows[i].offset_s);
    }
}

static void reads_what_the_program_writes(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 100000; i++) {
        /* 1678..2261, with every number of fraction digits. */
        static const int64_t steps[] = {1000000000, 1000000, 1000, 1};
        int64_t time_ns = (int64_t)test_random(&seed) / 1024 * 1023;
        time_ns -= time_ns % steps[i % 4];
        char memory[64];
        struct buf buf;
        struct stamp stamp;
        int64_t back = 0;
        buf_init_fixed(&buf, memory, sizeof(memory));
        civil_append(&buf, time_ns);
        assert_true(stamp_iso(buf_slice(&buf), &stamp));
        assert_int_equal(stamp.len, buf.len);
        assert_int_equal(stamp.missing, 0);
        assert_true(stamp_to_ns(&stamp, 0, 12345, &back));
        assert_true(back == time_ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_iso),
        cmocka_unit_test(refuses_what_is_no_iso),
        cmocka_unit_test(reads_syslog),
        cmocka_unit_test(reads_every_month),
        cmocka_unit_test(reads_ncsa),
        cmocka_unit_test(reads_unix),
        cmocka_unit_test(reads_any_that_fills_the_text),
        cmocka_unit_test(reads_zones),
        cmocka_unit_test(reads_what_the_program_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
