/* Which year, from a name, from neighbours, from the clock. */
#include "triage/years.h"

#include "base/base.h"
#include "base/test.h"

static int64_t at(int32_t year, int month, int day)
{
    struct civil civil = {.year = year, .month = month, .day = day};
    int64_t time_ns;
    assert_true(civil_to_ns(&civil, &time_ns));
    return time_ns;
}

static void test_name(void **context)
{
    enum years_source source;
    struct civil dec = {.month = 12, .day = 31, .hour = 23, .minute = 59};
    struct civil jan = {.month = 1, .day = 2};
    (void)context;
    /* Rotated on New Year's Day: what it ends with is of the year before. */
    assert_int_equal(years_infer(S("/x/auth.log-20240101.gz"), &dec, CIVIL_TIME_NONE,
                         CIVIL_TIME_NONE, at(2026, 11, 24), &source),
        2023);
    assert_int_equal(source, YEARS_FROM_NAME);
    assert_int_equal(years_infer(S("a.zip!syslog_2024-01-02"), &jan, at(2019, 1, 1), at(2019, 2, 1),
                         at(2026, 11, 24), &source),
        2024);
    /* A number that is no date says nothing. */
    assert_int_equal(years_infer(S("log-20249999"), &jan, at(2019, 1, 1), at(2019, 2, 1),
                         at(2026, 11, 24), &source),
        2019);
    assert_int_equal(source, YEARS_FROM_NEIGHBOURS);
}

static void test_neighbours(void **context)
{
    enum years_source source;
    struct civil dec = {.month = 12, .day = 30};
    struct civil jan = {.month = 1, .day = 3};
    struct civil leap = {.month = 2, .day = 29};
    (void)context;
    /* Just before and just after the span, over the turn of the year. */
    assert_int_equal(years_infer(S("auth.log"), &dec, at(2022, 1, 2), at(2022, 1, 20),
                         at(2026, 11, 24), &source),
        2021);
    assert_int_equal(years_infer(S("auth.log"), &jan, at(2021, 12, 1), at(2021, 12, 31),
                         at(2026, 11, 24), &source),
        2022);
    assert_int_equal(years_infer(S("auth.log"), &leap, at(2024, 2, 1), at(2024, 3, 1),
                         at(2026, 11, 24), &source),
        2024);
    assert_int_equal(source, YEARS_FROM_NEIGHBOURS);
}

static void test_now(void **context)
{
    enum years_source source;
    struct civil dec = {.month = 12, .day = 1};
    struct civil nov = {.month = 11, .day = 24};
    (void)context;
    assert_int_equal(years_infer(S("auth.log"), &dec, CIVIL_TIME_NONE, CIVIL_TIME_NONE,
                         at(2026, 11, 24), &source),
        2025);
    assert_int_equal(years_infer(S("auth.log"), &nov, CIVIL_TIME_NONE, CIVIL_TIME_NONE,
                         at(2026, 11, 24), &source),
        2026);
    assert_int_equal(source, YEARS_FROM_NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
