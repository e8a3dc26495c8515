/* Any order and any split over processes give the same steps, and no event is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "triage/activity.h"

#define EVENTS 4000

/* Times from -spread to +spread seconds around 1970, the same at every run. */
static int64_t time_of(uint64_t event, uint64_t spread_s)
{
    uint64_t mixed = (event + 1) * UINT64_C(0x9E3779B97F4A7C15);
    mixed ^= mixed >> 31;
    return ((int64_t)(mixed % (2 * spread_s + 1)) - (int64_t)spread_s) * CIVIL_NS_PER_S + 5;
}

static uint64_t sum(const struct activity *activity)
{
    uint64_t events = 0;
    for (size_t i = 0; i < activity_count(activity); i++)
        events += activity_events(activity, i);
    return events;
}

static void order_and_split_do_not_matter(void **state)
{
    (void)state;
    static const uint64_t spreads[] = {0, 3, 255, 256, 86400, 40000000};
    for (size_t s = 0; s < sizeof(spreads) / sizeof(spreads[0]); s++) {
        static struct activity forward, backward, parts[3], merged;
        forward = backward = merged = (struct activity){0};
        memset(parts, 0, sizeof(parts));
        for (uint64_t i = 0; i < EVENTS; i++) {
            activity_add(&forward, time_of(i, spreads[s]));
            activity_add(&backward, time_of(EVENTS - 1 - i, spreads[s]));
            activity_add(&parts[i % 3], time_of(i, spreads[s] / (1 + i % 3)));
        }
        assert_memory_equal(&forward, &backward, sizeof(forward));
        assert_int_equal(sum(&forward), EVENTS);
        for (size_t i = 0; i < 3; i++)
            activity_merge(&merged, &parts[2 - i]);
        static struct activity direct;
        direct = (struct activity){0};
        for (uint64_t i = 0; i < EVENTS; i++)
            activity_add(&direct, time_of(i, spreads[s] / (1 + i % 3)));
        assert_memory_equal(&merged, &direct, sizeof(direct));
    }
}

static void steps_say_when_they_begin(void **state)
{
    (void)state;
    struct activity activity = {0};
    assert_int_equal(activity_count(&activity), 0);
    activity_add(&activity, CIVIL_TIME_NONE);
    assert_int_equal(activity_count(&activity), 0);
    activity_add(&activity, 10 * CIVIL_NS_PER_S);
    activity_add(&activity, 11 * CIVIL_NS_PER_S + 1);
    activity_add(&activity, 11 * CIVIL_NS_PER_S + 2);
    assert_int_equal(activity_count(&activity), 2);
    assert_int_equal(activity_begin_s(&activity, 1), 11);
    assert_int_equal(activity_events(&activity, 1), 2);
    activity_add(&activity, 1000 * CIVIL_NS_PER_S);
    assert_int_equal(activity.step_s, 2);
    assert_int_equal(activity_begin_s(&activity, 0), 10);
    assert_int_equal(activity_events(&activity, 0), 3);
    assert_int_equal(activity_count(&activity), 496);
}

static void the_whole_range_of_time_fits(void **state)
{
    (void)state;
    struct activity activity = {0};
    activity_add(&activity, INT64_MAX);
    activity_add(&activity, INT64_MIN + 1);
    assert_int_equal(sum(&activity), 2);
    assert_true(activity_count(&activity) <= ACTIVITY_STEPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_split_do_not_matter),
        cmocka_unit_test(steps_say_when_they_begin),
        cmocka_unit_test(the_whole_range_of_time_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
