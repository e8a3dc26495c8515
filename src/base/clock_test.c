/* The clocks go forward, and the one of the wall is of this century. */
#include "base/clock.h"

#include "base/civil.h"
#include "base/test.h"

static void goes_forward(void **state)
{
    (void)state;
    int64_t before_ns = clock_monotonic_ns();
    for (int i = 0; i < 1000; i++) {
        int64_t now_ns = clock_monotonic_ns();
        assert_true(now_ns >= before_ns);
        before_ns = now_ns;
    }
}

static void knows_the_century(void **state)
{
    (void)state;
    struct civil civil;
    civil_from_ns(clock_now_ns(), &civil);
    assert_in_range(civil.year, 2024, 2099);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_forward),
        cmocka_unit_test(knows_the_century),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
