/* What is missing of logs made for it: found whichever worker read which part, and nothing else. */
#include "triage/gaps.h"

#include <sys/mman.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/test.h"
#include "triage/gap_stretch.h"

#define SECOND CIVIL_NS_PER_S
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

struct record {
    const char *host;
    const char *channel; /* NULL: a line of the file "/var/log/syslog.1" */
    uint64_t number;
    int64_t time_ns;
};

static int temporary(void *context)
{
    (void)context;
    return memfd_create("gaps", MFD_CLOEXEC);
}

static void send(void *context, slice key, slice payload)
{
    struct gap_stretch stretch;
    struct error err;
    assert_true(gap_stretch_read(key, payload, &stretch));
    assert_false(gap_stretch_read(key, slice_first(payload, payload.len - 1), &stretch));
    assert_false(gap_stretch_read(slice_first(key, key.len - 1), payload, &stretch));
    assert_int_equal(sorter_add(context, key, payload, &err), RESULT_OK);
}

static void count(struct gap_stretch_counter *counter, const struct record *record, uint64_t offset)
{
    struct arena arena = {0};
    struct event event = {0};
    struct sign_place place = {.number = record->number, .offset = offset};
    event_reset(&event, &arena);
    event.time_ns = record->time_ns;
    if (record->channel != NULL) {
        event_add_string(&event, S("Channel"), slice_from_cstr(record->channel));
        event_add_u64(&event, S("EventRecordID"), record->number);
    }
    gap_stretch_count(
        counter, &event, slice_from_cstr(record->host), S("/var/log/syslog.1"), &place);
    arena_free(&arena);
}

static const char *const kinds[GAPS_KIND_COUNT] = {"cleared", "off", "restarted", "ends", "silent",
    "missing", "changed", "back", "clock", "lost", "begins", "stopped", "started", "host",
    "unjudged"};

/* "kind host log from-to numbers-numbers missing", times in minutes. */
static void tell(struct buf *out, const struct gaps_row *row)
{
    buf_append_cstr(out, kinds[row->kind]);
    buf_append_byte(out, ' ');
    buf_append(out, row->host);
    buf_append_byte(out, ' ');
    buf_append(out, row->log);
    buf_append_byte(out, ' ');
    buf_append_i64(out, row->from_ns / MINUTE);
    buf_append_byte(out, '-');
    buf_append_i64(out, row->to_ns / MINUTE);
    buf_append_byte(out, ' ');
    buf_append_u64(out, row->from_number);
    buf_append_byte(out, '-');
    buf_append_u64(out, row->to_number);
    buf_append_byte(out, ' ');
    buf_append_u64(out, row->missing);
    buf_append_byte(out, '\n');
}

/* The records are read by `workers` workers, each a piece of them. */
static void check_with(const struct record *records, size_t count_of, size_t workers, slice want)
{
    struct sorter *stretches = sorter_new((size_t)1 << 20, temporary, NULL, "memory");
    struct sorter *ranked = sorter_new((size_t)1 << 20, temporary, NULL, "memory");
    struct sorter_reader *reader;
    struct gaps_row row;
    struct error err;
    struct buf got;
    for (size_t worker = 0; worker < workers; worker++) {
        struct gap_stretch_counter counter;
        gap_stretch_counter_init(&counter, send, stretches);
        for (size_t i = worker * count_of / workers; i < (worker + 1) * count_of / workers; i++)
            count(&counter, &records[i], i);
        gap_stretch_flush(&counter);
        gap_stretch_counter_free(&counter);
    }
    buf_init(&got, 65536);
    assert_int_equal(gaps_rank(stretches, ranked, &err), RESULT_OK);
    assert_int_equal(sorter_read(ranked, &reader, &err), RESULT_OK);
    while (gaps_next(reader, &row, &err) == RESULT_OK)
        tell(&got, &row);
    assert_slice(buf_slice(&got), want);
    buf_free(&got);
    sorter_reader_free(reader);
    sorter_free(stretches);
    sorter_free(ranked);
}

static void check(const struct record *records, size_t count_of, slice want)
{
    for (size_t workers = 1; workers <= 4; workers++)
        check_with(records, count_of, workers, want);
}

#define RECORDS 400U

/* One record a minute. */
static void steady(struct record *records, const char *host, const char *channel)
{
    for (size_t i = 0; i < RECORDS; i++)
        records[i] = (struct record){host, channel, i + 1, (int64_t)i * MINUTE};
}

static void nothing_is_missing(void **state)
{
    struct record records[RECORDS];
    (void)state;
    steady(records, "h", "Security");
    check(records, RECORDS, S(""));
    /* In another order, as chunks of a ring are. */
    struct record turned[RECORDS];
    for (size_t i = 0; i < RECORDS; i++)
        turned[i] = records[(i + 150) % RECORDS];
    check(turned, RECORDS, S(""));
    steady(records, "h", NULL);
    check(records, RECORDS, S(""));
}

static void numbers_missing(void **state)
{
    struct record records[RECORDS];
    (void)state;
    steady(records, "h", "Security");
    for (size_t i = 100; i < RECORDS; i++)
        records[i].number += 7;
    check(records, RECORDS, S("missing h Security 99-100 100-108 7\n"));
}

static void clock_set_back(void **state)
{
    struct record records[RECORDS];
    (void)state;
    steady(records, "h", "Security");
    for (size_t i = 200; i < RECORDS; i++)
        records[i].time_ns -= 30 * MINUTE;
    check(records, RECORDS, S("back h Security 199-170 200-201 0\n"));
    steady(records, "h", NULL);
    for (size_t i = 200; i < RECORDS; i++)
        records[i].time_ns -= 30 * MINUTE;
    check_with(records, RECORDS, 1, S("back h log/syslog 199-170 200-201 0\n"));
}

static void out_of_order_is_no_clock(void **state)
{
    struct record records[RECORDS];
    (void)state;
    steady(records, "h", NULL);
    for (size_t i = 10; i < RECORDS - 10; i += 3)
        records[i].time_ns -= 9 * MINUTE;
    check_with(records, RECORDS, 1, S(""));
}

static void numbers_begin_again(void **state)
{
    struct record records[RECORDS];
    (void)state;
    steady(records, "h", "Security");
    for (size_t i = 200; i < RECORDS; i++)
        records[i].number -= 200;
    check(records, RECORDS, S("restarted h Security 200-200 0-1 0\n"));
    /* The same file twice is no new log. */
    steady(records, "h", "Security");
    for (size_t i = 200; i < RECORDS; i++)
        records[i] = records[i - 200];
    check(records, RECORDS, S(""));
}

static void a_log_falls_silent(void **state)
{
    struct record records[2 * RECORDS];
    (void)state;
    steady(records, "h", "Security");
    steady(records + RECORDS, "h", "System");
    for (size_t i = 200; i < RECORDS; i++)
        records[i].time_ns += 60 * MINUTE;
    check(records, 2 * RECORDS,
        S("ends h System 399-459 400-0 0\n"
          "silent h Security 199-260 200-201 0\n"));
    /* Nothing else of the host: it may have been off. */
    check(records, RECORDS, S("host h  199-260 200-201 0\n"));
    /* Too few events to know what is usual. */
    check(records + 190, 15, S(""));
}

static void a_log_that_is_often_silent(void **state)
{
    struct record records[RECORDS];
    (void)state;
    for (size_t i = 0; i < RECORDS; i++)
        records[i] = (struct record){"h", "Security", i + 1, (int64_t)i * HOUR};
    check(records, RECORDS, S(""));
    for (size_t i = 100; i < RECORDS; i++)
        records[i].time_ns += 3 * HOUR;
    check(records, RECORDS, S(""));
    for (size_t i = 100; i < RECORDS; i++)
        records[i].time_ns += 3 * HOUR;
    check(records, RECORDS, S("host h  5940-6360 100-101 0\n"));
}

static void names_of_rotated_files(void **state)
{
    (void)state;
    assert_slice(gap_stretch_log_name(S("a/auth.log")), S("a/auth.log"));
    assert_slice(gap_stretch_log_name(S("auth.log")), S("auth.log"));
    assert_slice(gap_stretch_log_name(S("x/a/auth.log.1")), S("a/auth.log"));
    assert_slice(gap_stretch_log_name(S("x/y/a/auth.log.12.gz")), S("a/auth.log"));
    assert_slice(gap_stretch_log_name(S("x.zip!a/messages-20261120.xz")), S("a/messages"));
    assert_slice(gap_stretch_log_name(S("x/web01.zip!web-01")), S("web01.zip!web-01"));
    assert_slice(gap_stretch_log_name(S("")), S(""));
}

static void marks(void **state)
{
    struct arena arena = {0};
    struct event event = {0};
    struct gap_mark mark;
    enum gap_mark_says says;
    slice of;
    (void)state;
    event_reset(&event, &arena);
    event_add_string(&event, S("Channel"), S("System"));
    event_add_string(&event, S("Channel"), S("Application"));
    event_add_ecs(&event, S("event.provider"), S("Microsoft-Windows-Eventlog"), EVENT_STRING);
    event_add_ecs(&event, S("event.code"), S("104"), EVENT_STRING);
    event_add_ecs(&event, S("user.name"), S("Bob"), EVENT_STRING);
    assert_true(gap_mark_from_event(&event, &mark));
    assert_int_equal(mark.kind, GAP_MARK_CLEARED);
    assert_slice(mark.says, S("log cleared: Application"));
    assert_true(gap_mark_take_apart(mark.says, &says, &of));
    assert_int_equal(says, GAP_MARK_SAYS_LOG_CLEARED);
    assert_slice(of, S("Application"));
    assert_false(gap_mark_take_apart(S("something else"), &says, &of));
    assert_slice(mark.user, S("bob"));
    event_reset(&event, &arena);
    event_add_ecs(&event, S("event.module"), S("auditd"), EVENT_STRING);
    event_add_string(&event, S("type"), S("CONFIG_CHANGE"));
    event_add_string(&event, S("op"), S("set"));
    event_add_string(&event, S("audit_enabled"), S("0"));
    assert_true(gap_mark_from_event(&event, &mark));
    assert_int_equal(mark.kind, GAP_MARK_AUDIT_OFF);
    assert_slice(mark.says, S("audit switched off"));
    event_reset(&event, &arena);
    event_add_ecs(&event, S("process.name"), S("rsyslogd"), EVENT_STRING);
    event_add_string(&event, S("message"), S("[origin] exiting on signal 15."));
    assert_true(gap_mark_from_event(&event, &mark));
    assert_int_equal(mark.kind, GAP_MARK_STOPPED);
    event_reset(&event, &arena);
    event_add_ecs(&event, S("process.name"), S("cron"), EVENT_STRING);
    event_add_string(&event, S("message"), S("exiting on signal 15"));
    assert_false(gap_mark_from_event(&event, &mark));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_missing),
        cmocka_unit_test(numbers_missing), cmocka_unit_test(clock_set_back),
        cmocka_unit_test(out_of_order_is_no_clock), cmocka_unit_test(numbers_begin_again),
        cmocka_unit_test(a_log_falls_silent), cmocka_unit_test(a_log_that_is_often_silent),
        cmocka_unit_test(names_of_rotated_files), cmocka_unit_test(marks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
