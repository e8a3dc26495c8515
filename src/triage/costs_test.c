/* Costs of several objects add up by rule, the dearest first; what comes twice counts once. */
#include "base/test.h"

#include "base/base.h"
#include "triage/costs.h"

static int no_file(void *context)
{
    (void)context;
    return -1;
}

static void add_row(void *context, slice key, slice payload)
{
    struct error err;
    assert_true(costs_check(key, payload));
    assert_int_equal(sorter_add(context, key, payload, &err), RESULT_OK);
}

static void assert_row(
    struct sorter_reader *reader, uint32_t rule, uint64_t asked, uint64_t matched, uint64_t time_ns)
{
    struct costs_row row;
    struct error err;
    assert_int_equal(costs_next(reader, &row, &err), RESULT_OK);
    assert_int_equal(row.rule, rule);
    assert_int_equal(row.cost.asked, asked);
    assert_int_equal(row.cost.matched, matched);
    assert_int_equal(row.cost.time_ns, time_ns);
}

static void costs_add_up(void **state)
{
    (void)state;
    struct error err;
    struct sorter *rows = sorter_new((size_t)1 << 20, no_file, NULL, "none");
    struct sorter *ranked = sorter_new((size_t)1 << 20, no_file, NULL, "none");
    struct sign_place first = {.file = 1, .object = 2, .offset = 3};
    struct sign_place second = {.file = 1, .object = 3, .offset = 3};
    struct detect_cost costs[4] = {[1] = {5, 1, 100}, [3] = {2, 0, 50}};
    costs_flush(costs, 4, &first, add_row, rows);
    assert_int_equal(costs[1].asked, 0);
    costs[1] = (struct detect_cost){5, 1, 100};
    costs_flush(costs, 4, &first, add_row, rows); /* the same object again */
    costs[3] = (struct detect_cost){4, 4, 500};
    costs_flush(costs, 4, &second, add_row, rows);
    assert_int_equal(costs_rank(rows, ranked, &err), RESULT_OK);

    struct sorter_reader *reader;
    struct costs_row row;
    assert_int_equal(sorter_read(ranked, &reader, &err), RESULT_OK);
    assert_row(reader, 3, 6, 4, 550);
    assert_row(reader, 1, 5, 1, 100);
    assert_int_equal(costs_next(reader, &row, &err), RESULT_END);
    sorter_reader_free(reader);
    sorter_free(rows);
    sorter_free(ranked);
}

static void other_bytes_are_no_row(void **state)
{
    (void)state;
    assert_false(costs_check(S(""), S("")));
    assert_false(costs_check(S("123456789012345678901234"), S("short")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_add_up),
        cmocka_unit_test(other_bytes_are_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
