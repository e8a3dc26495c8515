/* Disorder within the lateness leaves no trace; beyond it matches are counted, not mixed up. */
#include <string.h>

#include "base/base.h"
#include "base/test.h"
#include "detect/limits.h"
#include "detect/reorder.h"

#define MATCHES 3000

static void add(struct reorder *reorder, int64_t time_ns, uint64_t number, bool taken)
{
    char record[8];
    for (int i = 0; i < 8; i++)
        record[i] = (char)(number >> (56 - 8 * i));
    struct reorder_match match = {.time_ns = time_ns,
        .rule = (uint32_t)number,
        .record = slice_make(record, sizeof(record)),
        .payload = S("payload")};
    assert_int_equal(reorder_add(reorder, &match), taken);
}

/* Takes what is due; it must be the matches from *next on. */
static void take_due(struct reorder *reorder, uint64_t *next)
{
    struct reorder_match match;
    while (reorder_next(reorder, &match)) {
        assert_int_equal(match.rule, *next);
        assert_slice(match.payload, S("payload"));
        assert_int_equal(match.record.len, 8);
        ++*next;
    }
}

/* Matches in pairs of the same time; each comes late by less than `lateness`. */
static void restores_the_order(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (int64_t lateness = 0; lateness < 60; lateness += 3) {
        struct reorder *reorder = reorder_new(lateness);
        uint64_t next = 0;
        uint64_t number[MATCHES];
        int64_t comes[MATCHES];
        for (uint64_t i = 0; i < MATCHES; i++) {
            int64_t late = lateness == 0 ? 0 : (int64_t)(test_random(&random) % (uint64_t)lateness);
            size_t at = i;
            for (; at > 0 && comes[at - 1] > (int64_t)(i / 2) + late; at--) {
                comes[at] = comes[at - 1];
                number[at] = number[at - 1];
            }
            comes[at] = (int64_t)(i / 2) + late;
            number[at] = i;
        }
        for (uint64_t i = 0; i < MATCHES; i++) {
            add(reorder, (int64_t)(number[i] / 2), number[i], true);
            take_due(reorder, &next);
        }
        reorder_end(reorder);
        take_due(reorder, &next);
        assert_int_equal(next, MATCHES);
        assert_int_equal(reorder_late(reorder), 0);
        assert_int_equal(reorder_hurried(reorder), 0);
        reorder_free(reorder);
    }
    reorder_free(NULL);
}

static void counts_what_comes_too_late(void **state)
{
    struct reorder *reorder = reorder_new(10);
    uint64_t next = 1;
    (void)state;
    add(reorder, 100, 1, true);
    add(reorder, 110, 2, true);
    take_due(reorder, &next);
    assert_int_equal(next, 1); /* exactly as late is in time */
    add(reorder, 111, 3, true);
    take_due(reorder, &next);
    assert_int_equal(next, 2);
    add(reorder, 99, 9, false);
    assert_int_equal(reorder_late(reorder), 1);
    add(reorder, INT64_MAX, 4, true);
    take_due(reorder, &next);
    assert_int_equal(next, 4);
    add(reorder, INT64_MIN, 9, false);
    reorder_end(reorder);
    take_due(reorder, &next);
    assert_int_equal(next, 5);
    assert_int_equal(reorder_late(reorder), 2);
    reorder_free(reorder);
}

/* Room is bounded: the earliest goes early, and what is before it is late from then on. */
static void gives_out_early_when_full(void **state)
{
    struct reorder *reorder = reorder_new(INT64_MAX);
    const uint64_t more = 100;
    uint64_t next = 0;
    (void)state;
    for (uint64_t i = 0; i < CORRELATION_WAITING_MAX + more; i++) {
        add(reorder, (int64_t)i, i, true);
        take_due(reorder, &next);
    }
    assert_int_equal(next, more);
    assert_int_equal(reorder_hurried(reorder), more);
    add(reorder, 3, 0, false);
    reorder_free(reorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restores_the_order),
        cmocka_unit_test(counts_what_comes_too_late),
        cmocka_unit_test(gives_out_early_when_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
