/* How fast matches are correlated: bench_correlate [-n ROUNDS] [-m MATCHES] [-c CASE]
 *
 * Every type of correlation takes the same stream: a match a millisecond, of which a window of
 * twenty seconds holds 20,000, with 10,000 values in random order. `quiet` thresholds are never
 * reached, so that whole windows are kept; `firing` ones always are. `groups` spreads the matches
 * over 5,000 groups. The types take turns, so that what disturbs the machine disturbs all; printed
 * is the median of the rounds, in processor time. The last line is value_count by event_count. With
 * -c only the cases whose name contains CASE run. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"
#include "base/civil.h"
#include "detect/detect.h"
#include "wire/reader.h"

#define BENCH_ROUNDS     5
#define BENCH_ROUNDS_MAX 99
#define BENCH_MATCHES    300000
#define BENCH_VALUES     10000
#define BENCH_GROUPS     5000
#define BENCH_RULES      3

struct bench_case {
    const char *name;
    const char *correlation; /* what follows `type:` */
    uint64_t groups;
};

#define BENCH_REST(rules, condition)                                                               \
    "\n  rules: [" rules "]\n  group-by: [g]\n  timespan: 20s\n" condition
#define BENCH_COUNT(type, condition) type BENCH_REST("a", "  condition: {" condition "}\n")

static const struct bench_case bench_cases[] = {
    {"event_count, quiet", BENCH_COUNT("event_count", "gt: 30000"), 1},
    {"value_count, quiet", BENCH_COUNT("value_count", "field: v, gt: 10000"), 1},
    {"event_count, firing", BENCH_COUNT("event_count", "gte: 1000"), 1},
    {"value_count, firing", BENCH_COUNT("value_count", "field: v, gte: 1000"), 1},
    {"event_count, groups", BENCH_COUNT("event_count", "gte: 1000"), BENCH_GROUPS},
    {"value_count, groups", BENCH_COUNT("value_count", "field: v, gte: 1000"), BENCH_GROUPS},
    {"value_sum", BENCH_COUNT("value_sum", "field: v, gt: 1e12"), 1},
    {"value_avg", BENCH_COUNT("value_avg", "field: v, gt: 1e12"), 1},
    {"value_median", BENCH_COUNT("value_median", "field: v, gt: 1e12"), 1},
    {"value_percentile", BENCH_COUNT("value_percentile", "field: v, percentile: 95, gt: 1e12"), 1},
    {"value_percentile, share", BENCH_COUNT("value_percentile", "field: v, gt: 101"), 1},
    {"temporal, quiet", "temporal" BENCH_REST("a, b, c, never", ""), 1},
    {"temporal, firing", "temporal" BENCH_REST("a, b, c", ""), 1},
    {"temporal, expression",
        "temporal" BENCH_REST("a, b, c, never", "  condition: (a and b and c) and never\n"), 1},
    {"temporal_ordered, quiet", "temporal_ordered" BENCH_REST("a, b, c, never", ""), 1},
    {"temporal_ordered, firing", "temporal_ordered" BENCH_REST("a, b, c", ""), 1},
    {"temporal_ordered, expression",
        "temporal_ordered" BENCH_REST(
            "a, b, c, never", "  condition: a and b and (c or never) and not never\n"),
        1},
    {"chain",
        "temporal_ordered" BENCH_REST(
            "below, b", "") "---\ntitle: below\nname: below\ncorrelation:\n  "
                            "type: " BENCH_COUNT("event_count", "gte: 1000"),
        1},
};
#define BENCH_CASES (sizeof(bench_cases) / sizeof(*bench_cases))

static double processor_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Pseudo-random numbers that are the same in every run (SplitMix64). */
static uint64_t bench_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

static struct detect_program *compile(struct rule_set *set, const struct bench_case *bench)
{
    static const char *const names[] = {"a", "b", "c", "never"};
    struct detect_program *program;
    struct buf yaml;
    struct error err;
    size_t count;
    buf_init(&yaml, 1 << 16);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        buf_append(&yaml, S("title: "));
        buf_append_cstr(&yaml, names[i]);
        buf_append(&yaml, S("\nname: "));
        buf_append_cstr(&yaml, names[i]);
        buf_append(
            &yaml, S("\nlogsource: {category: t}\ndetection: {s: {k: x}, condition: s}\n---\n"));
    }
    buf_append(&yaml, S("title: bench\nname: bench\ncorrelation:\n  type: "));
    buf_append_cstr(&yaml, bench->correlation);
    rule_set_add(set, S("bench.yml"), buf_slice(&yaml), false);
    if (detect_compile(set, &program, &err) != RESULT_OK)
        exit(2);
    const struct rule *rules = rule_set_rules(set, &count);
    for (size_t i = 0; i < count; i++)
        if (rules[i].refused) {
            fprintf(
                stderr, "%s: %.*s\n", bench->name, (int)rules[i].reason.len, rules[i].reason.at);
            exit(2);
        }
    buf_free(&yaml);
    return program;
}

static enum result count_firing(
    void *context, const struct correlation_firing *firing, struct error *err)
{
    (void)firing;
    (void)err;
    ++*(uint64_t *)context;
    return RESULT_OK;
}

static void append_value(struct buf *payload, uint64_t number)
{
    char memory[24];
    struct buf digits;
    buf_init_fixed(&digits, memory, sizeof(memory));
    buf_append_u64(&digits, number);
    writer_u8(payload, 1);
    writer_slice(payload, buf_slice(&digits));
}

/* The matches of one case, made before the clock runs. */
struct stream {
    struct arena arena;
    slice *payloads;
    uint32_t *rules;
};

static void make_stream(struct stream *stream, const struct detect_program *program,
    const struct bench_case *bench, size_t matches)
{
    uint64_t random = 1;
    struct buf payload;
    buf_init(&payload, 256);
    stream->payloads = ARENA_ARRAY(&stream->arena, slice, matches);
    stream->rules = ARENA_ARRAY(&stream->arena, uint32_t, matches);
    for (size_t i = 0; i < matches; i++) {
        uint32_t rule;
        do
            rule = (uint32_t)(bench_random(&random) % BENCH_RULES);
        while (!detect_feeds_correlation(program, rule));
        buf_clear(&payload);
        append_value(&payload, bench_random(&random) % bench->groups);
        append_value(&payload, bench_random(&random) % BENCH_VALUES);
        stream->rules[i] = rule;
        stream->payloads[i] = arena_copy(&stream->arena, buf_slice(&payload));
    }
    buf_free(&payload);
}

static double run(const struct bench_case *bench, size_t matches, uint64_t *firings)
{
    struct rule_set *set = rule_set_new(NULL);
    struct detect_program *program = compile(set, bench);
    struct stream stream = {0};
    struct error err;
    make_stream(&stream, program, bench, matches);
    *firings = 0;
    double before = processor_seconds();
    struct correlator *correlator = correlator_new(program, count_firing, firings);
    for (size_t i = 0; i < matches; i++) {
        char record[24] = {0};
        memcpy(record, &i, sizeof(i));
        if (correlator_feed(correlator, stream.rules[i], (int64_t)i * 1000000,
                slice_make(record, sizeof(record)), stream.payloads[i], &err) != RESULT_OK)
            exit(3);
    }
    if (correlator_finish(correlator, &err) != RESULT_OK || correlator_evicted(correlator) > 0)
        printf(
            "%s: %llu evicted\n", bench->name, (unsigned long long)correlator_evicted(correlator));
    correlator_free(correlator);
    double seconds = processor_seconds() - before;
    arena_free(&stream.arena);
    detect_program_free(program);
    rule_set_free(set);
    return seconds;
}

static int order_seconds(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static double seconds_of[BENCH_CASES][BENCH_ROUNDS_MAX];
static uint64_t firings_of[BENCH_CASES];

static void print_figures(slice wanted, uint64_t matches, uint64_t rounds)
{
    for (size_t i = 0; i < BENCH_CASES; i++) {
        if (!slice_contains(slice_from_cstr(bench_cases[i].name), wanted))
            continue;
        qsort(seconds_of[i], rounds, sizeof(seconds_of[i][0]), order_seconds);
        printf("%10.0f matches/s %8llu firings  %s\n", (double)matches / seconds_of[i][rounds / 2],
            (unsigned long long)firings_of[i], bench_cases[i].name);
    }
    if (wanted.len == 0)
        printf("value_count takes %.2f times as long as event_count\n",
            seconds_of[1][rounds / 2] / seconds_of[0][rounds / 2]);
}

int main(int argc, char **argv)
{
    slice wanted = S("");
    uint64_t rounds = BENCH_ROUNDS;
    uint64_t matches = BENCH_MATCHES;
    for (int option; (option = getopt(argc, argv, "n:m:c:")) != -1;) {
        slice value = slice_from_cstr(optarg);
        if (option == 'c')
            wanted = value;
        else if (option == 'n' ? !slice_to_u64(value, BENCH_ROUNDS_MAX, &rounds) || rounds == 0
                               : !slice_to_u64(value, INT32_MAX, &matches))
            return 2;
    }
    for (uint64_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < BENCH_CASES; i++)
            if (slice_contains(slice_from_cstr(bench_cases[i].name), wanted))
                seconds_of[i][round] = run(&bench_cases[i], matches, &firings_of[i]);
    print_figures(wanted, matches, rounds);
    return 0;
}
