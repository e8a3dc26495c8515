/* Log-ons counted by several workers, joined and ranked: the same rows however they were spread. */
#include "triage/logons.h"

#include <sys/mman.h>

#include "base/base.h"
#include "base/test.h"

#define MINUTE (INT64_C(60) * CIVIL_NS_PER_S)

static int temporary(void *context)
{
    (void)context;
    return memfd_create("logons", MFD_CLOEXEC);
}

static void send(void *context, slice key, slice payload)
{
    struct error err;
    assert_true(logons_check(key, payload));
    assert_false(logons_check(key, slice_first(payload, payload.len - 1)));
    assert_false(logons_check(slice_first(key, key.len - 1), payload));
    assert_int_equal(sorter_add(context, key, payload, &err), RESULT_OK);
}

struct attempt {
    struct logon logon;
    int64_t minute;
    unsigned times;
};

#define SSH(name, from, fails, how)                                                                \
    {                                                                                              \
        .account = S_INIT(name), .host = S_INIT("h"), .address = S_INIT(from),                     \
        .log = S_INIT("system.auth"), .package = S_INIT(how), .method = LOGON_SSH,                 \
        .failure = (fails)                                                                         \
    }

static const struct attempt attempts[] = {
    {SSH("bob", "10.0.0.5", false, "publickey"), 0, 40},
    {SSH("root", "203.0.113.7", true, "password"), 10, 9},
    {SSH("eve", "203.0.113.7", true, "password"), 10, 3},
    {SSH("eve", "203.0.113.7", true, ""), 10, 1}, /* says the same again */
    {SSH("kim", "203.0.113.7", false, "password"), 20, 1},
    {SSH("kim", "203.0.113.8", false, "password"), 20, 1},
    {SSH("bob", "10.0.0.5", true, "password"), 30, 6},
    {SSH("ann", "10.0.0.5", false, "password"), 25, 1},
    {SSH("ann", "10.0.0.5", false, "password"), 35, 1},
};

static const char *const want[] = {
    "kim 203.0.113.7 1 guessed after 12",
    "kim 203.0.113.8 1 outside after 0",
    "root 203.0.113.7 9 many after 12",
    "eve 203.0.113.7 3 many after 12",
    "ann 10.0.0.5 2 remote after 6",
    "bob 10.0.0.5 40 remote after 6",
    "bob 10.0.0.5 6 failed after 6",
};

static void tell(struct buf *out, const struct logons_row *row)
{
    static const char *const names[] = {[LOGONS_GUESSED] = " guessed",
        [LOGONS_OUTSIDE] = " outside",
        [LOGONS_EXPLICIT] = " explicit",
        [LOGONS_MANY] = " many",
        [LOGONS_REMOTE] = " remote",
        [LOGONS_FAILED] = " failed",
        [LOGONS_PRIVILEGED] = " privileged",
        [LOGONS_LOCAL] = " local",
        [LOGONS_ROUTINE] = " routine"};
    buf_append(out, row->logon.account);
    buf_append_byte(out, ' ');
    buf_append(out, row->logon.address);
    buf_append_byte(out, ' ');
    buf_append_u64(out, row->count);
    buf_append_cstr(out, names[row->attention]);
    buf_append(out, S(" after "));
    buf_append_u64(out, row->source_failures);
}

/* Counts each attempt in one of `workers` counters. */
static struct sorter *counted(size_t workers)
{
    struct sorter *sorter = sorter_new((size_t)1 << 20, temporary, NULL, "memory");
    struct logons_counter counters[4];
    uint64_t offset = 0;
    for (size_t i = 0; i < workers; i++)
        logons_counter_init(&counters[i], send, sorter);
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
        for (unsigned k = 0; k < attempts[i].times; k++) {
            struct sign_place place = {.offset = offset, .number = offset};
            int64_t time_ns = attempts[i].minute * MINUTE + k * CIVIL_NS_PER_S;
            logons_count(&counters[offset % workers], &attempts[i].logon, time_ns, &place);
            offset++;
        }
    for (size_t i = 0; i < workers; i++) {
        logons_flush(&counters[i]);
        logons_counter_free(&counters[i]);
    }
    return sorter;
}

static void check(size_t workers)
{
    struct sorter *rows = counted(workers);
    struct sorter *ranked = sorter_new((size_t)1 << 20, temporary, NULL, "memory");
    struct sorter_reader *reader;
    struct logons_row row;
    struct error err;
    struct buf got;
    size_t count = 0;
    enum result result;
    buf_init(&got, 4096);
    assert_int_equal(logons_rank(rows, ranked, &err), RESULT_OK);
    assert_int_equal(sorter_read(ranked, &reader, &err), RESULT_OK);
    while ((result = logons_next(reader, &row, &err)) == RESULT_OK) {
        assert_true(count < sizeof(want) / sizeof(want[0]));
        buf_clear(&got);
        tell(&got, &row);
        assert_slice(buf_slice(&got), slice_from_cstr(want[count]));
        count++;
    }
    assert_int_equal(result, RESULT_END);
    assert_int_equal(count, sizeof(want) / sizeof(want[0]));
    sorter_reader_free(reader);
    sorter_free(rows);
    sorter_free(ranked);
    buf_free(&got);
}

static void joins_and_ranks(void **state)
{
    (void)state;
    for (size_t workers = 1; workers <= 4; workers++)
        check(workers);
}

/* More rows than are counted at the same time: none is lost. */
static void overflows_to_the_parent(void **state)
{
    struct sorter *sorter = sorter_new((size_t)1 << 24, temporary, NULL, "memory");
    struct sorter *ranked = sorter_new((size_t)1 << 24, temporary, NULL, "memory");
    struct logons_counter counter;
    struct sorter_reader *reader;
    struct logons_row row;
    struct error err;
    uint64_t sum = 0, rows = 0;
    (void)state;
    logons_counter_init(&counter, send, sorter);
    for (uint64_t i = 0; i < 3 * LOGONS_COUNTED_MAX; i++) {
        char name[32];
        struct buf account;
        struct sign_place place = {.offset = i};
        buf_init_fixed(&account, name, sizeof(name));
        buf_append_u64(&account, i % (2 * LOGONS_COUNTED_MAX));
        struct logon logon = {.account = buf_slice(&account), .method = LOGON_SSH, .failure = true};
        logons_count(&counter, &logon, CIVIL_TIME_NONE, &place);
    }
    logons_flush(&counter);
    logons_counter_free(&counter);
    assert_int_equal(logons_rank(sorter, ranked, &err), RESULT_OK);
    assert_int_equal(sorter_read(ranked, &reader, &err), RESULT_OK);
    for (; logons_next(reader, &row, &err) == RESULT_OK; rows++)
        sum += row.count;
    assert_int_equal(sum, 3 * LOGONS_COUNTED_MAX);
    assert_int_equal(rows, 2 * LOGONS_COUNTED_MAX);
    sorter_reader_free(reader);
    sorter_free(sorter);
    sorter_free(ranked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_and_ranks), cmocka_unit_test(overflows_to_the_parent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
