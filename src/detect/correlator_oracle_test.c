/* The correlator against a simple one that looks through all matches of the timespan each time:
 * random correlations of every type, alone and upon each other, over random matches, in order and
 * out of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/detect_test.h"
#include "detect/sigma.h"

#define RULES       3 /* plain rules a, b and c */
#define MATCHES     48
#define ROUNDS      4800
#define EXPRESSIONS 7

/* A correlation as the oracle knows it. */
struct plan {
    enum sigma_correlation_type type;
    bool grouped;
    bool upon;      /* its first rule is the correlation below instead of a */
    int expression; /* into expressions, or -1 */
    int64_t span_s;
    bool has_operator[SIGMA_OPERATORS];
    int operand[SIGMA_OPERATORS];
    int percentile; /* -1: none */
};

struct match {
    int64_t time_s;
    uint32_t rule;
    char group; /* 0: the event has none */
    const char *value;
};

static const struct {
    const char *name;
    bool takes_field, temporal;
} types[] = {[SIGMA_EVENT_COUNT] = {"event_count", false, false},
    [SIGMA_VALUE_COUNT] = {"value_count", true, false},
    [SIGMA_TEMPORAL] = {"temporal", false, true},
    [SIGMA_TEMPORAL_ORDERED] = {"temporal_ordered", false, true},
    [SIGMA_VALUE_SUM] = {"value_sum", true, false},
    [SIGMA_VALUE_AVG] = {"value_avg", true, false},
    [SIGMA_VALUE_PERCENTILE] = {"value_percentile", true, false},
    [SIGMA_VALUE_MEDIAN] = {"value_median", true, false}};
#define TYPES ((uint64_t)(sizeof(types) / sizeof(*types)))

static const char *const operators[SIGMA_OPERATORS] = {"gt", "gte", "lt", "lte", "eq", "neq"};

/* NULL: the event has no such field. */
static const char *const values[] = {
    "1", "2", "2", "3.5", "-4", " 2 ", "x", "", NULL, "1e2", "0.25"};
#define VALUES ((uint64_t)(sizeof(values) / sizeof(*values)))

/* --- the oracle --- */

/* A match as an input of a correlation. */
struct input {
    const struct match *match;
    size_t number; /* of the match */
    uint32_t reference;
};

struct inputs {
    struct input items[MATCHES];
    size_t count;
};

/* First index behind which a rule of the list occurs, from `from` on; SIZE_MAX. */
static size_t after(const struct inputs *in, uint32_t reference, size_t from)
{
    for (size_t i = from; i < in->count; i++)
        if (in->items[i].reference == reference)
            return i + 1;
    return SIZE_MAX;
}

static bool has(const struct inputs *in, uint32_t reference)
{
    return after(in, reference, 0) != SIZE_MAX;
}

/* `x` then `y`, or in any order. */
static bool both(const struct inputs *in, uint32_t x, uint32_t y, bool ordered)
{
    size_t at = after(in, x, 0);
    return ordered ? at != SIZE_MAX && after(in, y, at) != SIZE_MAX : has(in, x) && has(in, y);
}

static const char *const expressions[EXPRESSIONS] = {"{0} and {1} and {2}", "{0} or {1} or {2}",
    "({0} or {1}) and {2}", "{0} and {1} and not {2}", "not {0} and ({1} or {2})",
    "{2} and ({0} and {1} or {1})", "{0} and not ({1} and {2})"};

static bool expression_holds(const struct inputs *in, int expression, bool ordered)
{
    size_t ab = after(in, 0, 0) == SIZE_MAX ? SIZE_MAX : after(in, 1, after(in, 0, 0));
    switch (expression) {
    case 0:
        return ordered ? ab != SIZE_MAX && after(in, 2, ab) != SIZE_MAX
                       : has(in, 0) && has(in, 1) && has(in, 2);
    case 1:
        return in->count > 0;
    case 2:
        return both(in, 0, 2, ordered) || both(in, 1, 2, ordered);
    case 3:
        return both(in, 0, 1, ordered) && !has(in, 2);
    case 4:
        return !has(in, 0) && in->count > 0;
    case 5: /* a before b adds nothing to b alone */
        return both(in, 2, 1, ordered);
    default:
        return has(in, 0) && !both(in, 1, 2, ordered);
    }
}

/* Rules that occurred; ordered: the longest row in the order of the list. */
static size_t rules_seen(const struct inputs *in, bool ordered)
{
    size_t rows[MATCHES] = {0};
    size_t longest = 0;
    for (size_t i = 0; i < in->count; i++) {
        for (size_t k = 0; k < i; k++)
            if (in->items[k].reference < in->items[i].reference)
                rows[i] = size_max(rows[i], rows[k]);
        longest = size_max(longest, ++rows[i]);
    }
    return ordered ? longest : (size_t)has(in, 0) + has(in, 1) + has(in, 2);
}

static double number_of(const struct input *input)
{
    double number = NAN;
    (void)slice_to_double(slice_trim(slice_from_cstr(input->match->value)), &number);
    return number;
}

/* How often the value of input `i` is among those from `from` on. */
static size_t same_values(const struct inputs *in, size_t i, size_t from)
{
    size_t same = 0;
    for (size_t k = from; k < in->count; k++)
        same += slice_equal(
            slice_from_cstr(in->items[i].match->value), slice_from_cstr(in->items[k].match->value));
    return same;
}

static int order_numbers(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static double percentile_of(const struct inputs *in, double percentile)
{
    double sorted[MATCHES];
    for (size_t i = 0; i < in->count; i++)
        sorted[i] = number_of(&in->items[i]);
    qsort(sorted, in->count, sizeof(*sorted), order_numbers);
    double rank = (double)(in->count - 1) * percentile / 100;
    size_t low = (size_t)rank;
    size_t high = size_min(low + 1, in->count - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - (double)low);
}

static double number_asked(const struct plan *plan, const struct inputs *in)
{
    double sum = 0;
    size_t distinct = 0;
    for (size_t i = 0; i < in->count; i++)
        if (plan->type == SIGMA_VALUE_COUNT)
            distinct += same_values(in, i, i) == 1;
        else if (types[plan->type].takes_field)
            sum += number_of(&in->items[i]);
    switch (plan->type) {
    case SIGMA_VALUE_COUNT:
        return (double)distinct;
    case SIGMA_VALUE_SUM:
        return sum;
    case SIGMA_VALUE_AVG:
        return sum / (double)in->count;
    case SIGMA_VALUE_MEDIAN:
        return percentile_of(in, 50);
    case SIGMA_VALUE_PERCENTILE:
        return plan->percentile >= 0
                   ? percentile_of(in, plan->percentile)
                   : (double)same_values(in, in->count - 1, 0) * 100 / (double)in->count;
    case SIGMA_TEMPORAL:
    case SIGMA_TEMPORAL_ORDERED:
        return (double)rules_seen(in, plan->type == SIGMA_TEMPORAL_ORDERED);
    case SIGMA_EVENT_COUNT:
        break;
    }
    return (double)in->count;
}

static bool plan_holds(const struct plan *plan, const struct inputs *in)
{
    bool asked = false;
    if (plan->expression >= 0)
        return expression_holds(in, plan->expression, plan->type == SIGMA_TEMPORAL_ORDERED);
    double number = number_asked(plan, in);
    for (int i = 0; i < SIGMA_OPERATORS; i++) {
        double operand = plan->operand[i];
        bool holds = i == SIGMA_GT    ? number > operand
                     : i == SIGMA_GTE ? number >= operand
                     : i == SIGMA_LT  ? number < operand
                     : i == SIGMA_LTE ? number <= operand
                     : i == SIGMA_EQ  ? !islessgreater(number, operand)
                                      : !!islessgreater(number, operand);
        asked = asked || plan->has_operator[i];
        if (plan->has_operator[i] && !holds)
            return false;
    }
    return asked || number >= RULES;
}

/* One firing as the test compares it. */
struct firing {
    bool upper; /* of the correlation called c */
    char group;
    int64_t time_s, first_s, last_s;
    uint64_t count;
    size_t records[CORRELATION_RECORDS_MAX];
    size_t record_count;
};

struct firings {
    struct firing items[MATCHES * 2];
    size_t count;
};

/* All that a correlation has taken in, and its open firings by group. */
struct oracle {
    const struct plan *plan;
    bool upper;
    struct inputs all;
    struct firing *going[256];
    struct firings *out;
};

static bool in_group(const struct plan *plan, const struct match *one, const struct match *other)
{
    return !plan->grouped || one->group == other->group;
}

static bool takes(const struct plan *plan, const struct match *match)
{
    double number;
    bool number_wanted = types[plan->type].takes_field && plan->type != SIGMA_VALUE_COUNT &&
                         (plan->type != SIGMA_VALUE_PERCENTILE || plan->percentile >= 0);
    return (!plan->grouped || match->group != 0) &&
           (!types[plan->type].takes_field || match->value != NULL) &&
           (!number_wanted || slice_to_double(slice_trim(slice_from_cstr(match->value)), &number));
}

static void add_record(struct firing *firing, size_t number)
{
    if (firing->record_count < CORRELATION_RECORDS_MAX)
        firing->records[firing->record_count++] = number;
}

static void begin_firing(struct oracle *oracle, const struct inputs *in, struct firing *firing)
{
    *firing = (struct firing){.upper = oracle->upper};
    for (size_t i = 0; i < in->count; i++) {
        if (oracle->plan->type == SIGMA_VALUE_COUNT && same_values(in, i, i) > 1)
            continue; /* the value comes again later */
        if (firing->count++ == 0)
            firing->first_s = in->items[i].match->time_s;
        add_record(firing, in->items[i].number);
    }
}

/* The condition is asked after one more input; *began tells whether a firing begins with it. */
static bool oracle_add(struct oracle *oracle, const struct input *input, bool *began)
{
    const struct plan *plan = oracle->plan;
    struct inputs in = {0};
    char group = plan->grouped ? input->match->group : 0;
    struct firing **going = &oracle->going[(unsigned char)group];
    *began = false;
    if (!takes(plan, input->match))
        return false;
    oracle->all.items[oracle->all.count++] = *input;
    for (size_t i = 0; i < oracle->all.count; i++)
        if (in_group(plan, oracle->all.items[i].match, input->match) &&
            oracle->all.items[i].match->time_s >= input->match->time_s - plan->span_s)
            in.items[in.count++] = oracle->all.items[i];
    if (in.count == 1)
        *going = NULL;
    bool holds = plan_holds(plan, &in);
    *began = holds && *going == NULL;
    if (!holds) {
        *going = NULL;
    } else if (*began) {
        *going = &oracle->out->items[oracle->out->count++];
        begin_firing(oracle, &in, *going);
        (*going)->group = group;
        (*going)->time_s = input->match->time_s;
    } else {
        (*going)->count++;
        add_record(*going, input->number);
    }
    if (holds)
        (*going)->last_s = input->match->time_s;
    return holds;
}

/* `under` takes a when `above` stands upon it; else `above` takes all. */
static void oracle_run(const struct plan *above, const struct plan *under,
    const struct match *matches, struct firings *out)
{
    struct oracle top = {.plan = above, .upper = true, .out = out};
    struct oracle bottom = {.plan = under, .upper = false, .out = out};
    out->count = 0;
    for (size_t i = 0; i < MATCHES; i++) {
        struct input input = {.match = &matches[i], .number = i, .reference = matches[i].rule};
        bool began = true;
        if (above->upon && matches[i].rule == 0) {
            bool holds = oracle_add(&bottom, &input, &began);
            if (!(types[above->type].temporal ? holds : began))
                continue;
        }
        (void)oracle_add(&top, &input, &began);
    }
}

/* --- random plans and matches --- */

static int64_t below(uint64_t *random, uint64_t count)
{
    return (int64_t)(test_random(random) % count);
}

static struct plan random_plan(uint64_t *random, enum sigma_correlation_type type)
{
    struct plan plan = {.type = type,
        .grouped = below(random, 3) > 0,
        .expression = -1,
        .percentile = -1,
        .span_s = 1 + below(random, 12)};
    bool share = type == SIGMA_VALUE_PERCENTILE && below(random, 2) == 0;
    if (type == SIGMA_VALUE_PERCENTILE && !share)
        plan.percentile = (int)below(random, 101);
    if (types[type].temporal && below(random, 2) == 0) {
        plan.expression = (int)below(random, EXPRESSIONS);
        return plan;
    }
    int64_t operators_count = types[type].temporal ? below(random, 2) : 1 + below(random, 2);
    for (int64_t i = 0; i < operators_count; i++) {
        int64_t chosen = below(random, SIGMA_OPERATORS);
        plan.has_operator[chosen] = true;
        plan.operand[chosen] = (int)(share ? below(random, 101) : below(random, 6));
    }
    return plan;
}

static void random_matches(uint64_t *random, struct match matches[MATCHES])
{
    int64_t time_s = 100;
    for (size_t i = 0; i < MATCHES; i++) {
        time_s += below(random, 3) == 0 ? 0 : below(random, 5) == 0 ? below(random, 14) : 1;
        matches[i] = (struct match){.time_s = time_s,
            .rule = (uint32_t)below(random, RULES),
            .group = "xxxxyy\0z"[below(random, 8)],
            .value = values[below(random, VALUES)]};
    }
}

/* --- the same as rules --- */

/* `rules`: what {0}, {1} and {2} stand for. */
static void append_expression(struct buf *yaml, const char *text, const slice *rules)
{
    for (slice rest = slice_from_cstr(text); rest.len > 0; rest = slice_from(rest, 1))
        if (rest.at[0] == '{') {
            buf_append(yaml, rules[rest.at[1] - '0']);
            rest = slice_from(rest, 2);
        } else {
            buf_append_byte(yaml, rest.at[0]);
        }
}

static void append_plan(struct buf *yaml, const struct plan *plan, slice name, slice first)
{
    const slice rules[RULES] = {first, S("b"), S("c")};
    bool all = slice_equal(name, S("top"));
    buf_append(yaml, S("---\ntitle: "));
    buf_append(yaml, name);
    buf_append(yaml, S("\nname: "));
    buf_append(yaml, name);
    buf_append(yaml, S("\ngenerate: true\ncorrelation:\n  type: "));
    buf_append_cstr(yaml, types[plan->type].name);
    buf_append(yaml, S("\n  rules: ["));
    for (size_t i = 0; i < (all ? RULES : 1); i++) {
        buf_append(yaml, i == 0 ? S("") : S(", "));
        buf_append(yaml, rules[i]);
    }
    buf_append(yaml, plan->grouped ? S("]\n  group-by: [g]\n  timespan: ") : S("]\n  timespan: "));
    buf_append_i64(yaml, plan->span_s);
    buf_append(yaml, S("s\n"));
    if (plan->expression >= 0) {
        buf_append(yaml, S("  condition: "));
        append_expression(yaml, expressions[plan->expression], rules);
        buf_append(yaml, S("\n"));
        return;
    }
    slice between = S("  condition: {");
    if (types[plan->type].takes_field) {
        buf_append(yaml, S("  condition: {field: v"));
        between = S(", ");
    }
    for (int i = 0; i < SIGMA_OPERATORS; i++) {
        if (!plan->has_operator[i])
            continue;
        buf_append(yaml, between);
        buf_append_cstr(yaml, operators[i]);
        buf_append(yaml, S(": "));
        buf_append_i64(yaml, plan->operand[i]);
        between = S(", ");
    }
    if (plan->percentile >= 0) {
        buf_append(yaml, S(", percentile: "));
        buf_append_i64(yaml, plan->percentile);
    }
    buf_append(yaml, slice_equal(between, S(", ")) ? S("}\n") : S(""));
}

struct run {
    struct detect_test test;
    const struct rule *rules;
    struct buf yaml;
    struct firings firings;
};

static void run_begin(struct run *run, const struct plan *above, const struct plan *under)
{
    static const char *const plain[RULES] = {"a", "b", "c"};
    size_t count;
    detect_test_begin(&run->test);
    run->firings.count = 0;
    buf_init(&run->yaml, 1 << 14);
    for (size_t i = 0; i < RULES; i++) {
        buf_append(&run->yaml, i == 0 ? S("title: ") : S("---\ntitle: "));
        buf_append_cstr(&run->yaml, plain[i]);
        buf_append(&run->yaml, S("\nname: "));
        buf_append_cstr(&run->yaml, plain[i]);
        buf_append(
            &run->yaml, S("\nlogsource: {category: test}\ndetection: {s: {k: x}, condition: s}\n"));
    }
    if (above->upon)
        append_plan(&run->yaml, under, S("under"), S("a"));
    append_plan(&run->yaml, above, S("top"), above->upon ? S("under") : S("a"));
    rule_set_add(run->test.set, S("t.yml"), buf_slice(&run->yaml), false);
    detect_test_compile(&run->test);
    run->rules = rule_set_rules(run->test.set, &count);
    for (size_t i = 0; i < count; i++)
        if (run->rules[i].refused)
            fail_msg("%.*s\n%.*s", (int)run->rules[i].reason.len, run->rules[i].reason.at,
                (int)run->yaml.len, run->yaml.at);
}

static void run_end(struct run *run)
{
    detect_test_end(&run->test);
    buf_free(&run->yaml);
}

static enum result run_fired(
    void *context, const struct correlation_firing *firing, struct error *err)
{
    struct run *run = context;
    (void)err;
    assert_true(run->firings.count < MATCHES * 2);
    struct firing *out = &run->firings.items[run->firings.count++];
    *out = (struct firing){.upper = slice_equal(run->rules[firing->rule].title, S("top")),
        .group = firing->group_count == 0 ? '\0' : firing->values[0].at[0],
        .time_s = firing->time_ns / CIVIL_NS_PER_S,
        .first_s = firing->first_ns / CIVIL_NS_PER_S,
        .last_s = firing->last_ns / CIVIL_NS_PER_S,
        .count = firing->count,
        .record_count = firing->record_count};
    for (size_t i = 0; i < firing->record_count; i++)
        memcpy(&out->records[i], firing->records[i].at, sizeof(out->records[i]));
    return RESULT_OK;
}

/* The places of the matches in the order in which they come: each at most `lateness` late. */
static void random_order(
    uint64_t *random, const struct match *matches, int64_t lateness_s, size_t order[MATCHES])
{
    int64_t comes[MATCHES];
    for (size_t i = 0; i < MATCHES; i++) {
        int64_t late = lateness_s == 0 ? 0 : below(random, (uint64_t)lateness_s + 1);
        size_t at = i;
        for (; at > 0 && comes[at - 1] > matches[i].time_s + late; at--) {
            comes[at] = comes[at - 1];
            order[at] = order[at - 1];
        }
        comes[at] = matches[i].time_s + late;
        order[at] = i;
    }
}

static void run_feed(struct run *run, struct correlator *correlator, const struct match *matches,
    const size_t order[MATCHES])
{
    struct buf payload;
    struct event event;
    struct error err;
    buf_init(&payload, 1 << 12);
    for (size_t k = 0; k < MATCHES; k++) {
        size_t i = order[k];
        char record[sizeof(i)] = {(char)i};
        const struct match *match = &matches[i];
        if (!detect_feeds_correlation(run->test.program, match->rule))
            continue;
        arena_reset(&run->test.arena);
        event_reset(&event, &run->test.arena);
        if (match->group != 0)
            event_add(&event, S("g"), slice_make(&match->group, 1), EVENT_STRING);
        if (match->value != NULL)
            event_add(&event, S("v"), slice_from_cstr(match->value), EVENT_STRING);
        buf_clear(&payload);
        detect_correlation_payload(run->test.program, match->rule, &event, &payload);
        assert_int_equal(correlator_feed(correlator, match->rule, match->time_s * CIVIL_NS_PER_S,
                             slice_make(record, sizeof(record)), buf_slice(&payload), &err),
            RESULT_OK);
    }
    buf_free(&payload);
    assert_int_equal(correlator_finish(correlator, &err), RESULT_OK);
    assert_int_equal(correlator_evicted(correlator), 0);
    assert_int_equal(correlator_late(correlator), 0);
}

/* --- comparing --- */

static int order_firings(const void *left, const void *right)
{
    const struct firing *a = left;
    const struct firing *b = right;
    if (a->upper != b->upper)
        return a->upper ? 1 : -1;
    if (a->time_s != b->time_s)
        return a->time_s < b->time_s ? -1 : 1;
    return a->group != b->group ? a->group - b->group
                                : (a->last_s > b->last_s) - (a->last_s < b->last_s);
}

/* A temporal window keeps the first and the last of a run of one rule: what was between them is not
 * counted, and is not the first when the window has left that behind. */
static bool same_firing(const struct firing *got, const struct firing *want, bool temporal)
{
    if (got->upper != want->upper || got->group != want->group || got->time_s != want->time_s ||
        got->last_s != want->last_s)
        return false;
    if (temporal)
        return got->first_s >= want->first_s && got->first_s <= want->time_s;
    return got->first_s == want->first_s && got->count == want->count &&
           got->record_count == want->record_count &&
           memcmp(got->records, want->records, got->record_count * sizeof(*got->records)) == 0;
}

static void show_firings(const char *what, const struct firings *firings)
{
    print_error("%s\n", what);
    for (size_t i = 0; i < firings->count; i++)
        print_error("  %s %c @%lld %lld-%lld count %llu records %zu\n",
            firings->items[i].upper ? "top" : "under",
            firings->items[i].group == 0 ? '-' : firings->items[i].group,
            (long long)firings->items[i].time_s, (long long)firings->items[i].first_s,
            (long long)firings->items[i].last_s, (unsigned long long)firings->items[i].count,
            firings->items[i].record_count);
}

static void compare(struct run *run, struct firings *want, const struct plan *above,
    const struct plan *under, const struct match *matches)
{
    bool same = run->firings.count == want->count;
    qsort(run->firings.items, run->firings.count, sizeof(*run->firings.items), order_firings);
    qsort(want->items, want->count, sizeof(*want->items), order_firings);
    for (size_t i = 0; same && i < want->count; i++)
        same = same_firing(&run->firings.items[i], &want->items[i],
            types[want->items[i].upper ? above->type : under->type].temporal);
    if (same)
        return;
    for (size_t i = 0; i < MATCHES; i++)
        print_error("%zu @%lld %c g=%c v=%s\n", i, (long long)matches[i].time_s,
            (char)('a' + (int)matches[i].rule), matches[i].group == 0 ? '-' : matches[i].group,
            matches[i].value == NULL ? "(none)" : matches[i].value);
    show_firings("fired:", &run->firings);
    show_firings("should have fired:", want);
    fail_msg("%.*s", (int)run->yaml.len, run->yaml.at);
}

/* Rules are compiled once for several streams of matches; every second one comes out of order. */
static size_t try_plans(uint64_t *random, enum sigma_correlation_type type, bool upon)
{
    static const enum sigma_correlation_type counting[] = {SIGMA_EVENT_COUNT, SIGMA_VALUE_COUNT,
        SIGMA_VALUE_SUM, SIGMA_VALUE_AVG, SIGMA_VALUE_PERCENTILE, SIGMA_VALUE_MEDIAN};
    static struct firings want;
    static struct run run;
    struct match matches[MATCHES];
    size_t order[MATCHES];
    int64_t lateness_s = below(random, 30);
    struct plan above = random_plan(random, type);
    struct plan under = random_plan(random, counting[below(random, 6)]);
    size_t fired = 0;
    above.upon = upon;
    run_begin(&run, &above, &under);
    for (int i = 0; i < 4; i++) {
        struct correlator *correlator = correlator_new(run.test.program, run_fired, &run);
        run.firings.count = 0;
        random_matches(random, matches);
        if (i % 2 > 0)
            correlator_tolerate(correlator, lateness_s * CIVIL_NS_PER_S);
        random_order(random, matches, i % 2 > 0 ? lateness_s : 0, order);
        oracle_run(&above, &under, matches, &want);
        run_feed(&run, correlator, matches, order);
        compare(&run, &want, &above, &under, matches);
        fired += want.count;
        correlator_free(correlator);
    }
    run_end(&run);
    return fired;
}

static void agrees_with_the_oracle(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (uint64_t type = 0; type < TYPES; type++)
        for (int upon = 0; upon < 2; upon++) {
            size_t fired = 0;
            for (size_t round = 0; round < ROUNDS / TYPES / 2; round++)
                fired += try_plans(&random, (enum sigma_correlation_type)type, upon > 0);
            assert_true(fired > ROUNDS / TYPES / 2);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_oracle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
