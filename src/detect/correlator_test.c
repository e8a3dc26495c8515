/* Vectors of correlation, written from the specification, and what this program decides where it
 * leaves a choice: windows include both ends, a firing lasts while its condition holds, matches
 * without the group's fields belong to no group. */
#include <stdlib.h>

#include "detect/detect_test.h"

/* Rules that the vectors refer to, by name. */
static const slice base_rules =
    S_INIT("title: fail\nname: fail\nlogsource: {category: test}\n"
           "detection: {s: {k: fail}, condition: s}\n"
           "---\ntitle: ok\nname: ok\nlogsource: {category: test}\n"
           "detection: {s: {k: ok}, condition: s}\n"
           "---\ntitle: third\nname: third\nlogsource: {category: test}\n"
           "detection: {s: {k: third}, condition: s}\n");

struct vector {
    const char *feature;
    const char *rules;   /* YAML, appended to the base rules */
    const char *events;  /* JSON with t, one a line */
    const char *firings; /* title{group}@time, by order of time; with + count - last where more
                            matches followed */
};

/* A correlation called c. */
#define CORRELATION(type, keys) "---\ntitle: c\nname: c\ncorrelation:\n  type: " type "\n" keys
#define COUNT(rest)             CORRELATION("event_count", "  rules: [fail]\n  group-by: [u]\n" rest)
#define FAIL(t, u)              "{\"t\":" #t ",\"k\":\"fail\",\"u\":\"" u "\"}\n"
#define OK(t, u)                "{\"t\":" #t ",\"k\":\"ok\",\"u\":\"" u "\"}\n"
#define THIRD(t, u)             "{\"t\":" #t ",\"k\":\"third\",\"u\":\"" u "\"}\n"
#define VALUE(t, u, v)          "{\"t\":" #t ",\"k\":\"fail\",\"u\":\"" u "\",\"v\":" v "}\n"

static const struct vector event_counts[] = {
    {"at the threshold", COUNT("  timespan: 5m\n  condition: {gte: 3}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a"), "c{a}@2"},
    {"below the threshold", COUNT("  timespan: 5m\n  condition: {gte: 3}\n"),
        FAIL(0, "a") FAIL(1, "a"), ""},
    {"gt", COUNT("  timespan: 5m\n  condition: {gt: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(0, "b") FAIL(1, "b") FAIL(2, "b"), "c{b}@2"},
    {"groups are apart", COUNT("  timespan: 5m\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "b") FAIL(2, "b"), "c{b}@2"},
    {"values of groups keep their case", COUNT("  timespan: 5m\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "A"), ""},
    {"the timespan itself is inside", COUNT("  timespan: 1m\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(60, "a"), "c{a}@60"},
    {"past the timespan is outside", COUNT("  timespan: 1m\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(60.001, "a"), ""},
    {"windows slide", COUNT("  timespan: 1m\n  condition: {gte: 3}\n"),
        FAIL(0, "a") FAIL(40, "a") FAIL(80, "a") FAIL(90, "a"), "c{a}@90"},
    {"events in any order of lines", COUNT("  timespan: 10s\n  condition: {gte: 2}\n"),
        FAIL(100, "a") FAIL(5, "a") FAIL(95, "a"), "c{a}@100"},
    {"a firing goes on while it holds", COUNT("  timespan: 10s\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(8, "a") FAIL(9, "a"), "c{a}@1+4-9"},
    {"a pause ends a firing", COUNT("  timespan: 10s\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(100, "a") FAIL(101, "a"), "c{a}@1 c{a}@101"},
    {"a match that does not hold ends a firing", COUNT("  timespan: 10s\n  condition: {gte: 3}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(11.5, "a") FAIL(12, "a") FAIL(12.5, "a"),
        "c{a}@2 c{a}@12+4-12"},
    {"lt and lte hold from the first", COUNT("  timespan: 10s\n  condition: {lt: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(20, "a"), "c{a}@0 c{a}@20"},
    {"a range", COUNT("  timespan: 1h\n  condition: {gt: 2, lte: 4}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(0, "b") FAIL(1, "b"), "c{a}@2"},
    {"a range that is left", COUNT("  timespan: 1h\n  condition: {gte: 2, lte: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(3, "a"), "c{a}@1"},
    {"eq", COUNT("  timespan: 1h\n  condition: {eq: 2}\n"), FAIL(0, "a") FAIL(1, "a") FAIL(0, "b"),
        "c{a}@1"},
    {"neq", COUNT("  timespan: 1h\n  condition: {neq: 1}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(0, "b"), "c{a}@1"},
    {"two group-by fields",
        CORRELATION("event_count",
            "  rules: [fail]\n  group-by: [u, h]\n  timespan: 5m\n  condition: {gte: 2}\n"),
        "{\"t\":0,\"k\":\"fail\",\"u\":\"a\",\"h\":\"x\"}\n{\"t\":1,\"k\":\"fail\",\"u\":\"a\","
        "\"h\":\"y\"}\n"
        "{\"t\":2,\"k\":\"fail\",\"u\":\"a\",\"h\":\"x\"}\n",
        "c{a,x}@2"},
    {"no group-by",
        CORRELATION("event_count", "  rules: [fail]\n  timespan: 5m\n  condition: {gte: 3}\n"),
        FAIL(0, "a") FAIL(1, "b") FAIL(2, "c"), "c{}@2"},
    {"a group-by that is no list",
        CORRELATION(
            "event_count", "  rules: fail\n  group-by: u\n  timespan: 5m\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "a"), "c{a}@1"},
    {"no value, no group", COUNT("  timespan: 5m\n  condition: {gte: 2}\n"),
        "{\"t\":0,\"k\":\"fail\"}\n{\"t\":1,\"k\":\"fail\"}\n{\"t\":2,\"k\":\"fail\",\"u\":null}\n",
        ""},
    {"numbers and empty values are groups", COUNT("  timespan: 5m\n  condition: {gte: 2}\n"),
        "{\"t\":0,\"k\":\"fail\",\"u\":7}\n{\"t\":1,\"k\":\"fail\",\"u\":\"7\"}\n{\"t\":0,\"k\":"
        "\"fail\",\"u\":\"\"}\n"
        "{\"t\":3,\"k\":\"fail\",\"u\":\"\"}\n",
        "c{7}@1 c{}@3"},
    {"two rules are counted together",
        CORRELATION("event_count",
            "  rules: [fail, ok]\n  group-by: [u]\n  timespan: 5m\n  condition: {gte: 2}\n"),
        FAIL(0, "a") OK(1, "a"), "c{a}@1"},
    {"hours, days, weeks, months, years", COUNT("  timespan: 1M\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(2629746, "a") FAIL(0, "b") FAIL(2629747, "b"), "c{a}@2629746"},
};

#define SET(type, rest)                                                                            \
    CORRELATION(type, "  rules: [fail, ok, third]\n  group-by: [u]\n  timespan: 10s\n" rest)

static const struct vector temporals[] = {
    {"temporal, in any order", SET("temporal", ""), THIRD(0, "a") OK(1, "a") FAIL(10, "a"),
        "c{a}@10"},
    {"temporal, one is missing", SET("temporal", ""), FAIL(0, "a") OK(1, "a") OK(2, "a"), ""},
    {"temporal, other groups", SET("temporal", ""), FAIL(0, "a") OK(1, "b") THIRD(2, "a"), ""},
    {"temporal, too late", SET("temporal", ""), FAIL(0, "a") OK(1, "a") THIRD(10.5, "a"), ""},
    {"temporal, a later one replaces the first", SET("temporal", ""),
        FAIL(0, "a") OK(1, "a") FAIL(5, "a") THIRD(11, "a"), "c{a}@11"},
    {"temporal, a number of rules", SET("temporal", "  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") THIRD(2, "a"), "c{a}@2"},
    {"temporal, an expression", SET("temporal", "  condition: fail and (ok or third)\n"),
        FAIL(0, "a") THIRD(1, "a") OK(0, "b") THIRD(1, "b"), "c{a}@1"},
    {"temporal, an expression in capitals, without rules",
        CORRELATION("temporal", "  group-by: [u]\n  timespan: 10s\n  condition: fail AND ok\n"),
        OK(0, "a") FAIL(1, "a") FAIL(0, "b"), "c{a}@1"},
    {"temporal, not", SET("temporal", "  condition: fail and third and not ok\n"),
        FAIL(0, "a") THIRD(1, "a") OK(0, "b") FAIL(1, "b") THIRD(2, "b"), "c{a}@1"},
    {"ordered", SET("temporal_ordered", ""), FAIL(0, "a") OK(1, "a") THIRD(2, "a"), "c{a}@2"},
    {"ordered, at the same time, in the order of the lines", SET("temporal_ordered", ""),
        FAIL(0, "a") OK(0, "a") THIRD(0, "a") THIRD(0, "b") OK(0, "b") FAIL(0, "b"), "c{a}@0"},
    {"ordered, in a wrong order", SET("temporal_ordered", ""),
        FAIL(0, "a") THIRD(1, "a") OK(2, "a"), ""},
    {"ordered, the right order later", SET("temporal_ordered", ""),
        THIRD(0, "a") FAIL(1, "a") THIRD(2, "a") OK(3, "a") OK(4, "a") THIRD(5, "a"), "c{a}@5"},
    {"ordered, the first has left the window", SET("temporal_ordered", ""),
        FAIL(0, "a") OK(9, "a") THIRD(11, "a"), ""},
    {"ordered, a run of the first", SET("temporal_ordered", ""),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(3, "a") FAIL(4, "a") OK(12, "a") THIRD(13, "a"),
        "c{a}@13"},
    {"ordered, a number of rules", SET("temporal_ordered", "  condition: {gte: 2}\n"),
        OK(0, "a") FAIL(1, "a") THIRD(2, "a") THIRD(0, "b") OK(1, "b"), "c{a}@2"},
    {"ordered, an expression", SET("temporal_ordered", "  condition: fail and ok and not third\n"),
        OK(0, "a") FAIL(1, "a") OK(2, "a") FAIL(0, "b") THIRD(1, "b") OK(2, "b") OK(0, "c")
            FAIL(1, "c"),
        "c{a}@2"},
    {"ordered, alternatives", SET("temporal_ordered", "  condition: (fail or ok) and third\n"),
        THIRD(0, "a") OK(1, "a") THIRD(2, "a") THIRD(0, "b") FAIL(1, "b"), "c{a}@2"},
    {"one event that two rules match",
        "---\ntitle: d\nname: d\nlogsource: {category: test}\ndetection: {s: {k: fail}, condition: "
        "s}\n" CORRELATION("temporal", "  rules: [fail, d]\n  group-by: [u]\n  timespan: 1s\n"),
        FAIL(0, "a"), "c{a}@0"},
};

#define NUMBERS(type, condition)                                                                   \
    CORRELATION(type,                                                                              \
        "  rules: [fail]\n  group-by: [u]\n  timespan: 10s\n  condition: {field: v, " condition    \
        "}\n")

static const struct vector values[] = {
    {"value_count", NUMBERS("value_count", "gte: 3"),
        VALUE(0, "a", "1") VALUE(1, "a", "2") VALUE(2, "a", "3") VALUE(0, "b", "1")
            VALUE(1, "b", "1") VALUE(2, "b", "1"),
        "c{a}@2"},
    {"value_count, outside the window", NUMBERS("value_count", "gte: 3"),
        VALUE(0, "a", "1") VALUE(6, "a", "2") VALUE(12, "a", "3"), ""},
    {"value_count, a value that comes again stays", NUMBERS("value_count", "gte: 3"),
        VALUE(0, "a", "1") VALUE(6, "a", "2") VALUE(9, "a", "1") VALUE(12, "a", "3"), "c{a}@12"},
    {"value_count, events without the field", NUMBERS("value_count", "gte: 1"), FAIL(0, "a"), ""},
    {"value_count, eq", NUMBERS("value_count", "eq: 2"),
        VALUE(0, "a", "1") VALUE(1, "a", "2") VALUE(2, "a", "3") VALUE(0, "b", "1"), "c{a}@1"},
    {"value_count, two fields together",
        CORRELATION("value_count",
            "  rules: [fail]\n  timespan: 10s\n  condition: {field: [u, v], gte: 3}\n"),
        VALUE(0, "a", "1") VALUE(1, "a", "2") VALUE(2, "a", "1") VALUE(3, "b", "2"), "c{}@3"},
    {"value_sum", NUMBERS("value_sum", "gt: 100"),
        VALUE(0, "a", "60") VALUE(1, "a", "\"50\"") VALUE(0, "b", "100"), "c{a}@1"},
    {"value_sum, outside the window", NUMBERS("value_sum", "gt: 100"),
        VALUE(0, "a", "60") VALUE(11, "a", "60"), ""},
    {"value_sum, what is no number", NUMBERS("value_sum", "gte: 0"),
        VALUE(0, "a", "\"x\"") FAIL(0, "b"), ""},
    {"value_avg", NUMBERS("value_avg", "gt: 50"),
        VALUE(0, "a", "60") VALUE(1, "a", "50") VALUE(2, "b", "40") VALUE(3, "b", "60"),
        "c{a}@0+2-1"},
    {"value_avg, fractions", NUMBERS("value_avg", "lt: 0.5"),
        VALUE(0, "a", "0.25") VALUE(0, "b", "0.5"), "c{a}@0"},
    {"value_median", NUMBERS("value_median", "gte: 3"),
        VALUE(0, "a", "1") VALUE(1, "a", "100") VALUE(2, "a", "3") VALUE(0, "b", "1")
            VALUE(1, "b", "4"),
        "c{a}@1+3-2"},
    {"value_median, sliding", NUMBERS("value_median", "gte: 3"),
        VALUE(0, "a", "1") VALUE(1, "a", "1") VALUE(2, "a", "5") VALUE(10.5, "a", "5"), "c{a}@10"},
    {"value_percentile", NUMBERS("value_percentile", "percentile: 90, gt: 8"),
        VALUE(0, "a", "1") VALUE(1, "a", "2") VALUE(2, "a", "3") VALUE(3, "a", "9")
            VALUE(4, "a", "10"),
        "c{a}@4"},
    {"value_percentile, 50 is the median", NUMBERS("value_percentile", "percentile: 50, eq: 2.5"),
        VALUE(0, "a", "1") VALUE(1, "a", "4") VALUE(0, "b", "2"), "c{a}@1"},
    {"value_percentile, 0 and 100 are the ends",
        NUMBERS("value_percentile", "percentile: 100, gte: 9"),
        VALUE(0, "a", "1") VALUE(1, "a", "9") VALUE(2, "a", "2"), "c{a}@1+3-2"},
    {"value_percentile of the specification: a rare value", NUMBERS("value_percentile", "lte: 25"),
        VALUE(0, "a", "\"x\"") VALUE(1, "a", "\"x\"") VALUE(2, "a", "\"x\"") VALUE(3, "a", "\"y\""),
        "c{a}@3"},
};

#define MANY                                                                                       \
    "---\ntitle: many\nname: many\ncorrelation:\n  type: event_count\n  rules: [fail]\n  "         \
    "group-by: [u]\n"                                                                              \
    "  timespan: 10s\n  condition: {gte: 3}\n"

static const struct vector chains[] = {
    {"many failures, then success",
        MANY CORRELATION(
            "temporal_ordered", "  rules: [many, ok]\n  group-by: [u]\n  timespan: 10s\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") OK(5, "a") FAIL(0, "b") FAIL(1, "b") OK(5, "b"),
        "c{a}@5"},
    {"success before the failures",
        MANY CORRELATION(
            "temporal_ordered", "  rules: [many, ok]\n  group-by: [u]\n  timespan: 10s\n"),
        OK(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(3, "a"), ""},
    {"failures that went on until the success",
        MANY CORRELATION(
            "temporal_ordered", "  rules: [many, ok]\n  group-by: [u]\n  timespan: 10s\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(8, "a") FAIL(9, "a") FAIL(10, "a") OK(19, "a"),
        "c{a}@19"},
    {"an other group-by above",
        MANY CORRELATION(
            "event_count", "  rules: [many]\n  timespan: 10s\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(3, "b") FAIL(4, "b") FAIL(5, "b"), "c{}@5"},
    {"a firing that goes on counts once",
        MANY CORRELATION(
            "event_count", "  rules: [many]\n  timespan: 10s\n  condition: {gte: 2}\n"),
        FAIL(0, "a") FAIL(1, "a") FAIL(2, "a") FAIL(3, "a") FAIL(4, "a"), ""},
    {"generate",
        "---\ntitle: many\nname: many\ncorrelation:\n  type: event_count\n  rules: [fail]\n  "
        "group-by: [u]\n"
        "  timespan: 10s\n  condition: {gte: 2}\n" CORRELATION("temporal",
            "  rules: [many, ok]\n  group-by: [u]\n  timespan: 10s\n  generate: true\n"),
        FAIL(0, "a") FAIL(1, "a"), "many{a}@1"},
    {"aliases",
        CORRELATION("temporal", "  rules: [fail, ok]\n  group-by: [who]\n  timespan: 10s\n"
                                "  aliases:\n    who: {fail: u, ok: account}\n"),
        FAIL(0, "bob") FAIL(1, "eve") "{\"t\":2,\"k\":\"ok\",\"account\":\"bob\"}\n", "c{bob}@2"},
    {"an alias for one rule only",
        CORRELATION("temporal", "  rules: [fail, ok]\n  group-by: [u]\n  timespan: 10s\n  "
                                "aliases:\n    u: {ok: account}\n"),
        FAIL(0, "bob") "{\"t\":2,\"k\":\"ok\",\"account\":\"bob\",\"u\":\"x\"}\n", "c{bob}@2"},
    {"aliases through a chain",
        MANY CORRELATION("temporal", "  rules: [many, ok]\n  group-by: [who]\n  timespan: 10s\n"
                                     "  aliases:\n    who: {many: h, ok: host}\n"),
        "{\"t\":0,\"k\":\"fail\",\"u\":\"a\",\"h\":\"x\"}\n{\"t\":1,\"k\":\"fail\",\"u\":\"a\","
        "\"h\":\"x\"}\n"
        "{\"t\":2,\"k\":\"fail\",\"u\":\"a\",\"h\":\"x\"}\n{\"t\":3,\"k\":\"ok\",\"host\":\"x\"}\n",
        "c{x}@3"},
    {"a group that succeeded before",
        COUNT("  timespan: 10s\n  condition: {gte: 2}\nhikeshi: {unless_before: ok}\n"),
        OK(0, "a") FAIL(1000, "a") FAIL(1001, "a") FAIL(1002, "b") FAIL(1003, "b") OK(1004, "b"),
        "c{b}@1003"},
    {"a filter under a correlation",
        "---\ntitle: f\nlogsource: {category: test}\nfilter:\n  rules: [fail]\n  s: {u|startswith: "
        "adm_}\n  condition: not s\n" COUNT("  timespan: 10s\n  condition: {gte: 2}\n"),
        FAIL(0, "adm_x") FAIL(1, "adm_x") FAIL(2, "joe") FAIL(3, "joe"), "c{joe}@3"},
};

struct fed {
    int64_t time_ns;
    size_t order;
    uint32_t rule;
    slice payload;
};

struct run {
    struct detect_test test;
    struct arena arena;
    struct fed *fed;
    size_t count, capacity;
    struct buf lines; /* firings as text, unsorted */
    const struct rule *rules;
};

static void feed_match(struct run *run, uint32_t rule, const struct event *event)
{
    double seconds = 0;
    struct buf payload;
    (void)slice_to_double(event_value(event, S("t")), &seconds);
    buf_init(&payload, 1 << 16);
    detect_correlation_payload(run->test.program, rule, event, &payload);
    if (run->count == run->capacity)
        run->fed = arena_grow(&run->arena, run->fed, &run->capacity, sizeof(*run->fed));
    run->fed[run->count] = (struct fed){.time_ns = (int64_t)(seconds * 1e9),
        .order = run->count,
        .rule = rule,
        .payload = arena_copy(&run->arena, buf_slice(&payload))};
    run->count++;
    buf_free(&payload);
}

static int fed_order(const void *left, const void *right)
{
    const struct fed *a = left;
    const struct fed *b = right;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static enum result fire(void *context, const struct correlation_firing *firing, struct error *err)
{
    struct run *run = context;
    (void)err;
    if (!run->rules[firing->rule].generate)
        return RESULT_OK;
    if (run->lines.len > 0)
        buf_append_byte(&run->lines, ' ');
    buf_append(&run->lines, run->rules[firing->rule].title);
    buf_append_byte(&run->lines, '{');
    for (size_t i = 0; i < firing->group_count; i++) {
        buf_append(&run->lines, i == 0 ? S("") : S(","));
        buf_append(&run->lines, firing->values[i]);
    }
    buf_append(&run->lines, S("}@"));
    buf_append_i64(&run->lines, firing->time_ns / CIVIL_NS_PER_S);
    if (firing->last_ns > firing->time_ns) {
        buf_append_byte(&run->lines, '+');
        buf_append_u64(&run->lines, firing->count);
        buf_append_byte(&run->lines, '-');
        buf_append_i64(&run->lines, firing->last_ns / CIVIL_NS_PER_S);
    }
    assert_true(firing->first_ns <= firing->time_ns && firing->record_count > 0);
    return RESULT_OK;
}

static void begin(struct run *run, const char *rules)
{
    struct buf yaml;
    size_t count;
    *run = (struct run){0};
    detect_test_begin(&run->test);
    buf_init(&yaml, 1 << 16);
    buf_append(&yaml, base_rules);
    buf_append_cstr(&yaml, rules);
    buf_init(&run->lines, 1 << 16);
    rule_set_add(run->test.set, S("t.yml"), buf_slice(&yaml), false);
    buf_free(&yaml);
    detect_test_compile(&run->test);
    run->rules = rule_set_rules(run->test.set, &count);
    for (size_t i = 0; i < count; i++)
        if (run->rules[i].refused)
            fail_msg("%.*s", (int)run->rules[i].reason.len, run->rules[i].reason.at);
}

static void end(struct run *run)
{
    detect_test_end(&run->test);
    arena_free(&run->arena);
    buf_free(&run->lines);
}

static void match_all(struct run *run, slice events)
{
    slice line;
    while (slice_next(&events, '\n', &line)) {
        struct event event;
        size_t count;
        if (line.len == 0)
            continue;
        arena_reset(&run->test.arena);
        detect_test_event(&run->test, line, &event);
        const uint32_t *hits = detect_match_one_by_one(run->test.matcher, &event, true, &count);
        for (size_t i = 0; i < count; i++)
            if (detect_feeds_correlation(run->test.program, hits[i]))
                feed_match(run, hits[i], &event);
    }
    if (run->count > 0)
        qsort(run->fed, run->count, sizeof(*run->fed), fed_order);
}

static slice correlate(struct run *run)
{
    struct correlator *correlator = correlator_new(run->test.program, fire, run);
    struct error err;
    for (size_t i = 0; i < run->count; i++)
        assert_int_equal(correlator_feed(correlator, run->fed[i].rule, run->fed[i].time_ns,
                             S("record"), run->fed[i].payload, &err),
            RESULT_OK);
    assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
    assert_int_equal(correlator_evicted(correlator), 0);
    correlator_free(correlator);
    return buf_slice(&run->lines);
}

static void check(const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct run run;
        begin(&run, vectors[i].rules);
        match_all(&run, slice_from_cstr(vectors[i].events));
        slice got = correlate(&run);
        if (!slice_equal(got, slice_from_cstr(vectors[i].firings)))
            fail_msg("%s: fires \"%.*s\" instead of \"%s\"", vectors[i].feature, (int)got.len,
                got.at, vectors[i].firings);
        end(&run);
    }
}

#define CHECK(vectors)                                                                             \
    static void correlates_##vectors(void **state)                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        check(vectors, sizeof(vectors) / sizeof(*(vectors)));                                      \
    }

CHECK(event_counts)
CHECK(temporals)
CHECK(values)
CHECK(chains)

/* --- limits and odd input --- */

static slice payload_of(struct buf *payload, uint64_t group)
{
    struct buf value;
    char memory[32];
    buf_init_fixed(&value, memory, sizeof(memory));
    buf_append_u64(&value, group);
    buf_clear(payload);
    buf_append_byte(payload, 1);
    char len[4] = {(char)value.len, 0, 0, 0};
    buf_append(payload, slice_make(len, sizeof(len)));
    buf_append(payload, buf_slice(&value));
    return buf_slice(payload);
}

static void keeps_records_in_order(void **state)
{
    struct run run;
    struct buf payload;
    struct error err;
    (void)state;
    begin(&run, COUNT("  timespan: 1h\n  condition: {gte: 2}\n"));
    buf_init(&payload, 64);
    struct correlator *correlator = correlator_new(run.test.program, fire, &run);
    for (int64_t i = 0; i < 200; i++)
        assert_int_equal(correlator_feed(correlator, 0, i * CIVIL_NS_PER_S, S("r"),
                             payload_of(&payload, 7), &err),
            RESULT_OK);
    assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
    assert_slice(buf_slice(&run.lines), S("c{7}@1+200-199"));
    correlator_free(correlator);
    buf_free(&payload);
    end(&run);
}

/* Many groups at once: the oldest windows go first, and every one that goes is counted. */
static void evicts_the_oldest_windows(void **state)
{
    struct run run;
    struct buf payload;
    struct error err;
    static char record[1024];
    const int64_t groups = 100000;
    (void)state;
    begin(&run, COUNT("  timespan: 30d\n  condition: {gte: 2}\n"));
    buf_init(&payload, 64);
    struct correlator *correlator = correlator_new(run.test.program, fire, &run);
    for (int64_t i = 0; i < groups; i++)
        assert_int_equal(correlator_feed(correlator, 0, i, slice_make(record, sizeof(record)),
                             payload_of(&payload, (uint64_t)i), &err),
            RESULT_OK);
    assert_int_equal(
        correlator_feed(correlator, 0, groups, S("r"), payload_of(&payload, 0), &err), RESULT_OK);
    assert_int_equal(correlator_feed(correlator, 0, groups, S("r"),
                         payload_of(&payload, (uint64_t)groups - 1), &err),
        RESULT_OK);
    assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
    assert_slice(buf_slice(&run.lines), S("c{99999}@0"));
    assert_true(correlator_evicted(correlator) > 10000);
    assert_true(correlator_evicted(correlator) < (uint64_t)groups);
    correlator_free(correlator);
    buf_free(&payload);
    end(&run);
}

/* The payload of a match: a group, and a number as its value. */
static slice payload_of_value(struct buf *payload, uint64_t value)
{
    struct buf digits;
    char memory[32];
    char len[4] = {0};
    (void)payload_of(payload, 7);
    buf_init_fixed(&digits, memory, sizeof(memory));
    buf_append_u64(&digits, value);
    len[0] = (char)digits.len;
    buf_append_byte(payload, 1);
    buf_append(payload, slice_make(len, sizeof(len)));
    buf_append(payload, buf_slice(&digits));
    return buf_slice(payload);
}

/* Every one of many values counts, again and again: the last to come makes them enough. */
static void counts_ten_thousand_values(void **state)
{
    struct run run;
    struct buf payload;
    struct error err;
    const uint64_t values_wanted = 10000;
    (void)state;
    begin(&run, NUMBERS("value_count", "gte: 10000"));
    buf_init(&payload, 128);
    struct correlator *correlator = correlator_new(run.test.program, fire, &run);
    for (int64_t i = 0; i < 3 * (int64_t)values_wanted - 2; i++)
        assert_int_equal(correlator_feed(correlator, 0, i * 200000, S("r"),
                             payload_of_value(&payload, (uint64_t)i % (values_wanted - 1)), &err),
            RESULT_OK);
    assert_slice(buf_slice(&run.lines), S(""));
    assert_int_equal(correlator_feed(correlator, 0, 6 * CIVIL_NS_PER_S, S("r"),
                         payload_of_value(&payload, values_wanted), &err),
        RESULT_OK);
    assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
    assert_int_equal(correlator_evicted(correlator), 0);
    assert_slice(buf_slice(&run.lines), S("c{7}@6"));
    correlator_free(correlator);
    buf_free(&payload);
    end(&run);
}

/* Far more matches than a temporal window keeps: the first rule is not forgotten. */
static void remembers_a_rule_through_many_others(void **state)
{
    static const char *const kinds[] = {"temporal", "temporal_ordered"};
    (void)state;
    for (size_t kind = 0; kind < 2; kind++) {
        struct run run;
        struct buf payload;
        struct buf rules;
        struct error err;
        buf_init(&rules, 1024);
        buf_append(&rules, S("---\ntitle: d\nname: d\nlogsource: {category: test}\n"
                             "detection: {s: {k: d}, condition: s}\n"
                             "---\ntitle: c\ncorrelation:\n  type: "));
        buf_append_cstr(&rules, kinds[kind]);
        buf_append(&rules, S("\n  rules: [fail, ok, third, d]\n  group-by: [u]\n  timespan: 1h\n"));
        buf_append_byte(&rules, '\0');
        begin(&run, rules.at);
        buf_init(&payload, 64);
        struct correlator *correlator = correlator_new(run.test.program, fire, &run);
        for (int64_t i = 0; i < 10000; i++) {
            uint32_t rule = i == 0 ? 0 : i == 9999 ? 3 : 1 + (uint32_t)i % 2;
            assert_int_equal(correlator_feed(correlator, rule, i * 100000000, S("r"),
                                 payload_of(&payload, 7), &err),
                RESULT_OK);
        }
        assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
        assert_int_equal(correlator_evicted(correlator), 0);
        assert_slice(buf_slice(&run.lines), S("c{7}@999"));
        correlator_free(correlator);
        buf_free(&payload);
        buf_free(&rules);
        end(&run);
    }
}

/* A payload comes from a process that may have been taken over. */
static void survives_odd_payloads(void **state)
{
    static const slice payloads[] = {S_INIT(""), S_INIT("\1"), S_INIT("\1\377\377\377\377x"),
        S_INIT("\1\4\0\0\0ab"), S_INIT("\0\1\2\3\4\5")};
    struct run run;
    struct error err;
    (void)state;
    begin(&run, COUNT("  timespan: 1h\n  condition: {gte: 1}\n"));
    struct correlator *correlator = correlator_new(run.test.program, fire, &run);
    for (size_t i = 0; i < sizeof(payloads) / sizeof(*payloads); i++)
        assert_int_equal(
            correlator_feed(correlator, 0, (int64_t)i, S("r"), payloads[i], &err), RESULT_OK);
    assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
    assert_slice(buf_slice(&run.lines), S(""));
    correlator_free(correlator);
    end(&run);
}

static void leaves_out_what_has_no_time(void **state)
{
    struct run run;
    struct buf payload;
    struct error err;
    (void)state;
    begin(&run, COUNT("  timespan: 1h\n  condition: {gte: 1}\n"));
    buf_init(&payload, 64);
    struct correlator *correlator = correlator_new(run.test.program, fire, &run);
    assert_int_equal(
        correlator_feed(correlator, 0, CIVIL_TIME_NONE, S("r"), payload_of(&payload, 1), &err),
        RESULT_OK);
    assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
    assert_slice(buf_slice(&run.lines), S(""));
    correlator_free(correlator);
    buf_free(&payload);
    end(&run);
}

/* Windows and payloads are the same whether the events come in one run or are forgotten half-way.
 */
static void may_be_freed_with_open_windows(void **state)
{
    struct run run;
    struct buf payload;
    struct error err;
    (void)state;
    begin(&run,
        MANY CORRELATION("temporal", "  rules: [many, ok]\n  group-by: [u]\n  timespan: 1h\n"));
    buf_init(&payload, 64);
    struct correlator *correlator = correlator_new(run.test.program, fire, &run);
    for (int64_t i = 0; i < 9; i++)
        assert_int_equal(
            correlator_feed(correlator, 0, i, S("r"), payload_of(&payload, 1), &err), RESULT_OK);
    correlator_free(correlator);
    correlator_free(NULL);
    buf_free(&payload);
    end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(correlates_event_counts),
        cmocka_unit_test(correlates_temporals),
        cmocka_unit_test(correlates_values),
        cmocka_unit_test(correlates_chains),
        cmocka_unit_test(keeps_records_in_order),
        cmocka_unit_test(evicts_the_oldest_windows),
        cmocka_unit_test(counts_ten_thousand_values),
        cmocka_unit_test(remembers_a_rule_through_many_others),
        cmocka_unit_test(survives_odd_payloads),
        cmocka_unit_test(leaves_out_what_has_no_time),
        cmocka_unit_test(may_be_freed_with_open_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
