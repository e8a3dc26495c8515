/* Places on an axis are in order and inside it; ticks are round, few, and cover every length of
 * time. */
#include "base/test.h"

#include "base/civil.h"
#include "report/axis.h"

static int64_t time_of(int year, int month, int day, int hour, int minute)
{
    int64_t time_ns = 0;
    struct civil civil = {.year = year, .month = month, .day = day, .hour = hour, .minute = minute};
    assert_true(civil_to_ns(&civil, &time_ns));
    return time_ns;
}

static void a_moment_becomes_a_minute(void **state)
{
    (void)state;
    struct axis axis = axis_around(0, 0);
    assert_int_equal(axis.last_ns - axis.first_ns, 60 * CIVIL_NS_PER_S);
    assert_int_equal(axis_at(&axis, 0, 100), 50);
}

static void places_are_inside_and_in_order(void **state)
{
    (void)state;
    struct axis axis = axis_around(time_of(1700, 1, 1, 0, 0), time_of(2200, 1, 1, 0, 0));
    assert_int_equal(axis_at(&axis, INT64_MIN, 800), 0);
    assert_int_equal(axis_at(&axis, INT64_MAX, 800), 800);
    int64_t before = 0;
    for (int year = 1700; year < 2200; year += 10) {
        int64_t at = axis_at(&axis, time_of(year, 1, 1, 0, 0), 800);
        assert_true(at >= before && at <= 800);
        before = at;
    }
    struct axis whole = axis_around(INT64_MIN + 1, INT64_MAX);
    assert_true(whole.first_ns < whole.last_ns);
    assert_int_equal(axis_at(&whole, 0, 1000), 500);
}

/* From a second to centuries there are at least two ticks and never too many. */
static void every_length_has_ticks(void **state)
{
    (void)state;
    int64_t first = time_of(1990, 7, 14, 13, 37);
    for (int64_t span = CIVIL_NS_PER_S; span < INT64_C(8000000000) * CIVIL_NS_PER_S;
         span += span / 7) {
        struct axis axis = axis_around(first, first + span);
        struct axis_ticks ticks = axis_ticks(&axis);
        assert_true(ticks.count >= 2 && ticks.count <= AXIS_TICKS_MAX);
        for (size_t i = 0; i < ticks.count; i++) {
            assert_true(ticks.time_ns[i] >= axis.first_ns && ticks.time_ns[i] <= axis.last_ns);
            assert_true(i == 0 || ticks.time_ns[i] > ticks.time_ns[i - 1]);
        }
    }
}

static void check_label(int64_t first_ns, int64_t last_ns, size_t tick, slice want)
{
    char text[32];
    struct buf buf;
    struct axis axis = {first_ns, last_ns};
    struct axis_ticks ticks = axis_ticks(&axis);
    buf_init_fixed(&buf, text, sizeof(text));
    assert_true(tick < ticks.count);
    axis_label(&buf, ticks.unit, ticks.time_ns[tick]);
    assert_slice(buf_slice(&buf), want);
}

static void labels_are_round(void **state)
{
    (void)state;
    int64_t noon = time_of(2026, 11, 20, 12, 0);
    int64_t hour = 3600 * CIVIL_NS_PER_S;
    check_label(noon + 1, noon + 5 * CIVIL_NS_PER_S, 0, S("12:00:01"));
    check_label(noon + 1, noon + hour, 0, S("12:10"));
    check_label(noon, noon + 30 * hour, 1, S("18:00"));
    check_label(noon, noon + 24 * 5 * hour, 0, S("2026-11-21"));
    check_label(noon, noon + 24 * 200 * hour, 0, S("2026-12"));
    check_label(noon, noon + 24 * 365 * 4 * hour, 0, S("2027"));
    check_label(time_of(1960, 1, 2, 0, 0), time_of(1960, 1, 2, 6, 0), 0, S("00:00"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_becomes_a_minute),
        cmocka_unit_test(places_are_inside_and_in_order),
        cmocka_unit_test(every_length_has_ticks),
        cmocka_unit_test(labels_are_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
