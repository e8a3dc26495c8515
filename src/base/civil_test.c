/* Civil time against a calendar that counts days one by one, over the whole range. */
#include "base/civil.h"

#include "base/test.h"

/* The calendar that a child learns: one day after the other. */
struct calendar {
    int32_t year;
    int month;
    int day;
    int weekday;  /* 0 = Sunday */
    int iso_week; /* ISO 8601 */
    int64_t days; /* since 1970-01-01 */
};

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of(int32_t year, int month)
{
    if (month == 2)
        return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void next_day(struct calendar *today)
{
    today->days++;
    if (++today->day > days_of(today->year, today->month)) {
        today->day = 1;
        if (++today->month > 12) {
            today->month = 1;
            today->year++;
        }
    }
    today->weekday = (today->weekday + 1) % 7;
    if (today->weekday != 1)
        return;
    /* A week is the first of its year when its Thursday, three days on, is at most the 7th of
     * January: when Monday is the 29th of December to the 4th of January. */
    bool first = (today->month == 12 && today->day >= 29) || (today->month == 1 && today->day <= 4);
    today->iso_week = first ? 1 : today->iso_week + 1;
}

static void check_time(const struct calendar *today, int hour, int minute, int second, int64_t ns)
{
    struct civil civil = {.year = today->year,
        .month = today->month,
        .day = today->day,
        .hour = hour,
        .minute = minute,
        .second = second,
        .ns = ns};
    struct civil back;
    int64_t time_ns = 0;
    assert_true(civil_to_ns(&civil, &time_ns));
    int64_t second_of_day = hour * 3600 + minute * 60 + second;
    assert_int_equal(time_ns, (today->days * 86400 + second_of_day) * CIVIL_NS_PER_S + ns);
    civil_from_ns(time_ns, &back);
    assert_memory_equal(&back, &civil, sizeof(civil));
    assert_int_equal(civil_iso_week(time_ns), today->iso_week);
}

static void agrees_with_the_calendar(void **state)
{
    (void)state;
    /* 1678-01-01 was a Saturday (so says any almanac), in the last week of 1677. */
    struct calendar today = {1678, 1, 1, 6, 52, -106650};
    size_t checked = 0;
    for (; today.year <= 2261; next_day(&today), checked++) {
        assert_int_equal(civil_days(today.year, today.month, today.day), today.days);
        assert_int_equal(civil_weekday(today.days), today.weekday);
        check_time(&today, 0, 0, 0, 0);
        check_time(&today, 12, 34, 56, 789012345);
        check_time(&today, 23, 59, 59, 999999999);
        if (today.year == 1970 && today.month == 1 && today.day == 1)
            assert_int_equal(today.days, 0);
    }
    assert_int_equal(checked, 213301);
}

static void knows_iso_weeks(void **state)
{
    (void)state;
    static const struct {
        struct civil day;
        int week;
    } known[] = {
        {{.year = 2005, .month = 1, .day = 1}, 53},
        {{.year = 2005, .month = 1, .day = 3}, 1},
        {{.year = 2007, .month = 12, .day = 31}, 1},
        {{.year = 2008, .month = 12, .day = 28}, 52},
        {{.year = 2008, .month = 12, .day = 29}, 1},
        {{.year = 2010, .month = 1, .day = 3}, 53},
        {{.year = 2020, .month = 12, .day = 31}, 53},
        {{.year = 2026, .month = 8, .day = 7}, 32},
        {{.year = 1969, .month = 12, .day = 29}, 1},
        {{.year = 1960, .month = 1, .day = 3}, 53},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        int64_t time_ns = 0;
        assert_true(civil_to_ns(&known[i].day, &time_ns));
        assert_int_equal(civil_iso_week(time_ns), known[i].week);
        assert_int_equal(
            civil_iso_week(time_ns + CIVIL_S_PER_DAY * CIVIL_NS_PER_S - 1), known[i].week);
    }
}

static void takes_every_number(void **state)
{
    (void)state;
    static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, INT64_MIN + 854775808, -1, 0, 1,
        -999999999, -1000000000, -1000000001, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct civil civil;
        civil_from_ns(numbers[i], &civil);
        assert_in_range(civil.ns, 0, 999999999);
        assert_in_range(civil.second, 0, 59);
        assert_in_range(civil.year, 1677, 2262);
        int64_t seconds = civil_days(civil.year, civil.month, civil.day) * 86400 +
                          civil.hour * 3600 + civil.minute * 60 + civil.second;
        /* seconds * 10^9 + ns, without an overflow on the way. */
        assert_true((__int128)seconds * 1000000000 + civil.ns == numbers[i]);
        assert_in_range(civil_iso_week(numbers[i]), 1, 53);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    static const struct civil right = {.year = 2024,
        .month = 2,
        .day = 29,
        .hour = 23,
        .minute = 59,
        .second = 60,
        .ns = 999999999};
    int64_t time_ns = 7;
    static const struct civil wrong[] = {
        {.year = 2023, .month = 2, .day = 29},
        {.year = 1900, .month = 2, .day = 29},
        {.year = 2024, .month = 0, .day = 1},
        {.year = 2024, .month = 13, .day = 1},
        {.year = 2024, .month = 1, .day = 0},
        {.year = 2024, .month = 4, .day = 31},
        {.year = 2024, .month = 1, .day = 1, .hour = 24},
        {.year = 2024, .month = 1, .day = 1, .hour = -1},
        {.year = 2024, .month = 1, .day = 1, .minute = 60},
        {.year = 2024, .month = 1, .day = 1, .second = 61},
        {.year = 2024, .month = 1, .day = 1, .ns = -1},
        {.year = 2024, .month = 1, .day = 1, .ns = 1000000000},
        {.year = 1677, .month = 12, .day = 31},
        {.year = 2262, .month = 1, .day = 1},
        {.year = INT32_MIN, .month = 1, .day = 1},
        {.year = INT32_MAX, .month = 1, .day = 1},
        {.year = 2261, .month = 12, .day = 31, .offset_s = INT32_MIN},
        {.year = 1678, .month = 1, .day = 1, .offset_s = INT32_MAX},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(civil_to_ns(&wrong[i], &time_ns));
    assert_int_equal(time_ns, 7);
    /* A leap second is the second before it. */
    assert_true(civil_to_ns(&right, &time_ns));
    assert_true(time_ns == INT64_C(1709251199999999999));
    assert_true(civil_to_ns(&(struct civil){.year = 2000, .month = 2, .day = 29}, &time_ns));
}

static void goes_by_the_offset(void **state)
{
    (void)state;
    struct civil civil = {.year = 2026, .month = 1, .day = 1, .hour = 8, .offset_s = 9 * 3600};
    int64_t time_ns = 0;
    assert_true(civil_to_ns(&civil, &time_ns));
    struct civil back;
    civil_from_ns(time_ns, &back);
    assert_int_equal(back.year, 2025);
    assert_int_equal(back.hour, 23);
    civil.offset_s = -(3 * 3600 + 1800);
    assert_true(civil_to_ns(&civil, &time_ns));
    civil_from_ns(time_ns, &back);
    assert_int_equal(back.hour, 11);
    assert_int_equal(back.minute, 30);
}

static void writes_rfc_3339(void **state)
{
    (void)state;
    static const struct {
        int64_t time_ns;
        slice text;
    } rows[] = {
        {CIVIL_TIME_NONE, S_INIT("")},
        {0, S_INIT("1970-01-01T00:00:00Z")},
        {-1, S_INIT("1969-12-31T23:59:59.999999999Z")},
        {1, S_INIT("1970-01-01T00:00:00.000000001Z")},
        {1000, S_INIT("1970-01-01T00:00:00.000001Z")},
        {1000000, S_INIT("1970-01-01T00:00:00.001Z")},
        {100000000, S_INIT("1970-01-01T00:00:00.100Z")},
        {INT64_C(1795144364123000000), S_INIT("2026-11-20T03:12:44.123Z")},
        {INT64_C(951782400000000000), S_INIT("2000-02-29T00:00:00Z")},
        {INT64_MAX, S_INIT("2262-04-11T23:47:16.854775807Z")},
        {INT64_MIN + 1, S_INIT("1677-09-21T00:12:43.145224193Z")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char memory[64];
        struct buf buf;
        buf_init_fixed(&buf, memory, sizeof(memory));
        civil_append(&buf, rows[i].time_ns);
        assert_slice(buf_slice(&buf), rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_calendar),
        cmocka_unit_test(knows_iso_weeks),
        cmocka_unit_test(takes_every_number),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(goes_by_the_offset),
        cmocka_unit_test(writes_rfc_3339),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
