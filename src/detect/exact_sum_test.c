/* Sums are those of exact arithmetic, rounded once. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "base/test.h"
#include "detect/exact_sum.h"

#define NUMBERS 400

#define assert_double(actual, expected)                                                            \
    assert_true(!islessgreater(actual, expected) && !isnan(actual))

static double sum_of(const double *numbers, size_t count)
{
    struct exact_sum sum = {0};
    for (size_t i = 0; i < count; i++)
        exact_sum_add(&sum, numbers[i]);
    return exact_sum_value(&sum);
}

#define SUM(...)                                                                                   \
    sum_of((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void rounds_once(void **state)
{
    const double even = 9007199254740992.0; /* 2^53 */
    (void)state;
    assert_double(SUM(0.0), 0.0);
    assert_double(SUM(1, 2, 3.5), 6.5);
    assert_double(SUM(-1, -2, 0.25), -2.75);
    assert_double(SUM(1e300, 1, -1e300), 1.0);
    assert_double(SUM(1e-300, 1, -1), 1e-300);
    assert_double(SUM(even, 1), even);
    assert_double(SUM(even, 1, DBL_TRUE_MIN), even + 2);
    assert_double(SUM(-even, -1, -DBL_TRUE_MIN), -even - 2);
    assert_double(SUM(even + 2, 1), even + 4);
    assert_double(SUM(DBL_TRUE_MIN, DBL_TRUE_MIN), 2 * DBL_TRUE_MIN);
    assert_double(SUM(DBL_MIN, -DBL_TRUE_MIN), DBL_MIN - DBL_TRUE_MIN);
    assert_double(SUM(DBL_MAX, DBL_MAX), INFINITY);
    assert_double(SUM(-DBL_MAX, -DBL_MAX), -INFINITY);
    assert_double(SUM(DBL_MAX, DBL_MAX, -DBL_MAX), DBL_MAX);
    assert_double(SUM(0.1, 0.2, 0.3, -0.3, -0.2, -0.1), 0.0);
}

/* Any finite double, of any size. */
static double random_double(uint64_t *random)
{
    double number;
    do {
        uint64_t bits = test_random(random);
        memcpy(&number, &bits, sizeof(number));
    } while (!isfinite(number));
    return number;
}

/* What is left is the sum of what was not taken away, in any order. */
static void forgets_without_a_trace(void **state)
{
    uint64_t random = 7;
    (void)state;
    for (int round = 0; round < 200; round++) {
        double numbers[NUMBERS];
        double kept[NUMBERS];
        size_t kept_count = 0;
        struct exact_sum sum = {0};
        for (size_t i = 0; i < NUMBERS; i++) {
            numbers[i] = random_double(&random);
            exact_sum_add(&sum, numbers[i]);
        }
        for (size_t i = NUMBERS; i > 0; i--)
            if (test_random(&random) % 2 == 0)
                exact_sum_subtract(&sum, numbers[i - 1]);
            else
                kept[kept_count++] = numbers[i - 1];
        assert_double(exact_sum_value(&sum), sum_of(kept, kept_count));
        for (size_t i = 0; i < kept_count; i++)
            exact_sum_subtract(&sum, kept[i]);
        assert_double(exact_sum_value(&sum), 0.0);
    }
}

/* Multiples of 2^-20 below 2^60 are whole numbers to a wider type. */
static void agrees_with_whole_numbers(void **state)
{
    uint64_t random = 11;
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct exact_sum sum = {0};
        __int128 whole = 0;
        for (size_t i = 0; i < NUMBERS; i++) {
            int64_t number = (int64_t)test_random(&random) >> (11 + test_random(&random) % 50);
            whole += number;
            exact_sum_add(&sum, ldexp((double)number, -20));
            assert_double(exact_sum_value(&sum), ldexp((double)whole, -20));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_once),
        cmocka_unit_test(forgets_without_a_trace),
        cmocka_unit_test(agrees_with_whole_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
