/* Checked arithmetic: the last value that fits, the first that does not, and the output left alone.
 */
#include "base/checked.h"

#include "base/test.h"

static void checks_sizes(void **state)
{
    (void)state;
    size_t value = 7;
    assert_true(checked_add(SIZE_MAX - 1, 1, &value));
    assert_true(value == SIZE_MAX);
    assert_false(checked_add(SIZE_MAX, 1, &value));
    assert_true(value == SIZE_MAX);
    assert_true(checked_mul(SIZE_MAX / 2, 2, &value));
    assert_true(value == SIZE_MAX - 1);
    assert_false(checked_mul(SIZE_MAX / 2 + 1, 2, &value));
    assert_true(value == SIZE_MAX - 1);
    assert_int_equal(size_min(1, 2), 1);
    assert_int_equal(size_max(1, 2), 2);
}

static void checks_signed_numbers(void **state)
{
    (void)state;
    int64_t value = 7;
    assert_true(checked_add_i64(INT64_MIN, INT64_MAX, &value));
    assert_int_equal(value, -1);
    assert_false(checked_add_i64(INT64_MAX, 1, &value));
    assert_false(checked_add_i64(INT64_MIN, -1, &value));
    assert_false(checked_mul_i64(INT64_MIN, -1, &value));
    assert_int_equal(value, -1);
    assert_true(checked_mul_i64(INT64_MIN, 1, &value));
    assert_true(value == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_sizes),
        cmocka_unit_test(checks_signed_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
