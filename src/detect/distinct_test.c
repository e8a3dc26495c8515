/* Distinct values of a sliding window, and the index below them, against looking through all. */
#include "base/base.h"
#include "base/test.h"
#include "detect/distinct.h"
#include "detect/value_index.h"

#define VALUES 64
#define STEPS  20000

/* Hashes that fall on few places, as an attacker would like them. */
static uint64_t crowded_hash(uint64_t value)
{
    return (value % 3) << 40 | (value / 3 % 2) << 3 | value << 50;
}

static void index_agrees_with_a_table(void **state)
{
    uint64_t random = 5;
    uint32_t table[VALUES] = {0};
    struct value_index index = {0};
    size_t count = 0;
    (void)state;
    for (int step = 0; step < STEPS; step++) {
        uint64_t value = test_random(&random) % VALUES;
        uint64_t hash = crowded_hash(value);
        assert_int_equal(value_index_get(&index, hash), table[value]);
        if (table[value] > 0 && test_random(&random) % 2 == 0) {
            value_index_remove(&index, hash);
            table[value] = 0;
            count--;
        } else {
            count += table[value] == 0;
            table[value] = 1 + (uint32_t)(test_random(&random) % 1000);
            value_index_set(&index, hash, table[value]);
        }
        assert_int_equal(index.count, count);
    }
    assert_true(value_index_memory(&index) <= 16 * 4 * VALUES);
    value_index_free(&index);
}

/* The values seen since then, oldest first. */
static void check_values(const struct distinct *distinct, const int64_t *seen, int64_t since_ns)
{
    int64_t before = INT64_MIN;
    size_t count = 0;
    for (uint32_t i = distinct->oldest; i != DISTINCT_NONE; i = distinct->values[i].newer) {
        const struct distinct_value *value = &distinct->values[i];
        assert_true(value->time_ns >= since_ns && value->time_ns >= before);
        before = value->time_ns;
        count++;
    }
    assert_int_equal(count, distinct->count);
    for (uint64_t value = 0; value < VALUES; value++) {
        uint32_t place = value_index_get(&distinct->places, crowded_hash(value));
        assert_int_equal(place > 0, seen[value] >= since_ns);
        if (place > 0)
            assert_int_equal(distinct->values[place - 1].time_ns, seen[value]);
    }
}

static void keeps_the_latest_of_each_value(void **state)
{
    uint64_t random = 9;
    int64_t seen[VALUES];
    size_t bytes = 0;
    struct distinct distinct;
    int64_t now = 0;
    (void)state;
    distinct_init(&distinct);
    for (size_t i = 0; i < VALUES; i++)
        seen[i] = INT64_MIN;
    for (int step = 0; step < STEPS / 10; step++) {
        uint64_t value = test_random(&random) % VALUES;
        int64_t span = (int64_t)(test_random(&random) % 100);
        struct match_record *record = match_record_new(S("r"), &bytes);
        now += (int64_t)(test_random(&random) % 3);
        distinct_see(&distinct, crowded_hash(value), now, record);
        match_record_release(record);
        seen[value] = now;
        distinct_expire(&distinct, now - span);
        for (size_t i = 0; i < VALUES; i++)
            seen[i] = seen[i] >= now - span ? seen[i] : INT64_MIN;
        check_values(&distinct, seen, now - span);
    }
    assert_true(bytes > 0 && distinct_memory(&distinct) < 16384);
    distinct_free(&distinct);
    assert_int_equal(bytes, 0);
    assert_int_equal(distinct_memory(&distinct), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_agrees_with_a_table),
        cmocka_unit_test(keeps_the_latest_of_each_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
