/* The rank of a sliding window, against sorting it each time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/test.h"
#include "detect/ranks.h"

#define STEPS 400

static int order_numbers(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static double sorted_rank(const double *numbers, size_t count, double percentile)
{
    double sorted[STEPS];
    memcpy(sorted, numbers, count * sizeof(*numbers));
    qsort(sorted, count, sizeof(*sorted), order_numbers);
    double rank = (double)(count - 1) * percentile / 100;
    size_t low = (size_t)rank;
    size_t high = size_min(low + 1, count - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - (double)low);
}

static void agrees_with_sorting(void **state)
{
    static const double percentiles[] = {0, 1, 25, 50, 75, 90, 95, 99.9, 100};
    uint64_t random = 3;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct ranks ranks = {
            .percentile =
                percentiles[test_random(&random) % (sizeof(percentiles) / sizeof(double))]};
        double numbers[STEPS];
        size_t first = 0;
        uint64_t values = 1 + test_random(&random) % 50;
        uint64_t drops = 1 + test_random(&random) % 4;
        for (size_t end = 0; end < STEPS;) {
            if (first < end && test_random(&random) % 5 < drops) {
                ranks_drop_oldest(&ranks);
                first++;
            } else {
                numbers[end] = (double)(test_random(&random) % values) - 7;
                ranks_add(&ranks, numbers[end++]);
            }
            assert_int_equal(ranks.count, end - first);
            if (first == end)
                continue;
            double want = sorted_rank(&numbers[first], end - first, ranks.percentile);
            bool differs = islessgreater(ranks_value(&ranks), want);
            assert_false(differs);
        }
        assert_true(ranks_memory(&ranks) > 0);
        ranks_free(&ranks);
        assert_int_equal(ranks_memory(&ranks), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
