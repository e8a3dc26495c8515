/* See rules_test.h. Correlations want matches in the order of time, and lines come in any: matches
 * are kept and sorted before they are fed. */
#include "command/rules_test.h"

#include <stdlib.h>

#include "base/base.h"
#include "base/civil.h"
#include "wire/json.h"
#include "wire/json_writer.h"
#include "wire/stamp.h"

/* Bytes of all group-by and value fields of one match. */
#define RULES_TEST_PAYLOAD_MAX ((size_t)1 << 20)

struct rules_match {
    int64_t time_ns;
    size_t order; /* as found */
    uint32_t rule;
    slice payload;
};

struct rules_firing {
    int64_t time_ns;
    size_t order; /* as emitted */
    slice line;
};

struct rules_run {
    const struct rules_test *test;
    const struct rule *rules;
    struct arena arena;       /* of the run */
    struct arena event_arena; /* of one event */
    struct json_parser *parser;
    struct detect_matcher *matcher;
    struct buf scratch;
    struct rules_match *matches;
    size_t match_count, match_capacity;
    struct rules_firing *firings;
    size_t firing_count, firing_capacity;
    int64_t time_ns; /* of the last event that had one */
};

static enum event_type rules_event_type(enum json_type type)
{
    switch (type) {
    case JSON_NUMBER:
        return EVENT_NUMBER;
    case JSON_BOOL:
        return EVENT_BOOL;
    case JSON_NULL:
        return EVENT_NULL;
    case JSON_STRING:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return EVENT_STRING;
}

/* Seconds since 1970, or a stamp. */
static bool rules_time(slice text, int64_t *time_ns)
{
    struct stamp stamp;
    double seconds;
    if (slice_to_double(text, &seconds) && seconds > -1e9 && seconds < 9e9) {
        *time_ns = (int64_t)(seconds * (double)CIVIL_NS_PER_S);
        return true;
    }
    return stamp_any(text, &stamp) && stamp_to_ns(&stamp, 1970, 0, time_ns);
}

static void rules_event(struct rules_run *run, const struct json_flat *flat, struct event *event)
{
    event_reset(event, &run->event_arena);
    for (size_t i = 0; i < flat->count; i++) {
        const struct json_field *field = &flat->fields[i];
        if (field->type != JSON_OBJECT && field->type != JSON_ARRAY)
            event_add(event, field->path, field->value, rules_event_type(field->type));
    }
    slice time = event_value(event, S("t"));
    if (time.len > 0)
        (void)rules_time(time, &run->time_ns);
    event->time_ns = run->time_ns;
}

static void rules_keep_match(struct rules_run *run, uint32_t rule, const struct event *event)
{
    if (run->match_count == run->match_capacity)
        run->matches =
            arena_grow(&run->arena, run->matches, &run->match_capacity, sizeof(*run->matches));
    buf_clear(&run->scratch);
    detect_correlation_payload(run->test->program, rule, event, &run->scratch);
    run->matches[run->match_count] = (struct rules_match){.time_ns = event->time_ns,
        .order = run->match_count,
        .rule = rule,
        .payload = arena_copy(&run->arena, buf_slice(&run->scratch))};
    run->match_count++;
}

static void rules_write_match(struct rules_run *run, uint32_t rule, uint64_t number)
{
    struct json_writer json;
    json_begin(&json, &run->test->out->buf);
    json_object_begin(&json);
    json_key(&json, S("rule"));
    json_string(&json, run->rules[rule].id);
    json_key(&json, S("event"));
    json_u64(&json, number);
    json_object_end(&json);
    buf_append_byte(&run->test->out->buf, '\n');
}

static void rules_line(struct rules_run *run, slice name, slice line, uint64_t number)
{
    struct json_flat flat;
    struct event event;
    struct error why;
    size_t count;
    arena_reset(&run->event_arena);
    enum result result = json_flatten(run->parser, &run->event_arena, line, &flat, &why);
    if (result == RESULT_OK && flat.top != JSON_OBJECT)
        result = error_set(&why, RESULT_MALFORMED, TEXT_RULES_TEST_OBJECT);
    if (result != RESULT_OK) {
        struct error where;
        (void)error_set(
            &where, result, TEXT_RULES_TEST_LINE, ARG(name), ARG(number + 1), ARG(&why));
        run->test->refused(run->test->context, &where);
        return;
    }
    rules_event(run, &flat, &event);
    const uint32_t *hits = detect_match_one_by_one(run->matcher, &event, true, &count);
    for (size_t i = 0; i < count; i++) {
        if (run->rules[hits[i]].generate)
            rules_write_match(run, hits[i], number);
        if (detect_feeds_correlation(run->test->program, hits[i]))
            rules_keep_match(run, hits[i], &event);
    }
}

static enum result rules_fire(
    void *context, const struct correlation_firing *firing, struct error *err)
{
    struct rules_run *run = context;
    struct json_writer json;
    (void)err;
    if (!run->rules[firing->rule].generate)
        return RESULT_OK;
    buf_clear(&run->scratch);
    json_begin(&json, &run->scratch);
    json_object_begin(&json);
    json_key(&json, S("rule"));
    json_string(&json, run->rules[firing->rule].id);
    json_key(&json, S("group"));
    json_object_begin(&json);
    for (size_t i = 0; i < firing->group_count; i++) {
        json_key(&json, firing->names[i]);
        json_string(&json, firing->values[i]);
    }
    json_object_end(&json);
    json_key(&json, S("time"));
    json_time(&json, firing->time_ns);
    json_object_end(&json);
    buf_append_byte(&run->scratch, '\n');
    if (run->firing_count == run->firing_capacity)
        run->firings =
            arena_grow(&run->arena, run->firings, &run->firing_capacity, sizeof(*run->firings));
    run->firings[run->firing_count] = (struct rules_firing){.time_ns = firing->time_ns,
        .order = run->firing_count,
        .line = arena_copy(&run->arena, buf_slice(&run->scratch))};
    run->firing_count++;
    return RESULT_OK;
}

static int rules_order(int64_t left_ns, int64_t right_ns, size_t left, size_t right)
{
    if (left_ns != right_ns)
        return left_ns < right_ns ? -1 : 1;
    return (left > right) - (left < right);
}

static int rules_match_order(const void *left, const void *right)
{
    const struct rules_match *a = left;
    const struct rules_match *b = right;
    return rules_order(a->time_ns, b->time_ns, a->order, b->order);
}

static int rules_firing_order(const void *left, const void *right)
{
    const struct rules_firing *a = left;
    const struct rules_firing *b = right;
    return rules_order(a->time_ns, b->time_ns, a->order, b->order);
}

static enum result rules_correlate(struct rules_run *run, struct error *err)
{
    struct correlator *correlator = correlator_new(run->test->program, rules_fire, run);
    enum result result = RESULT_OK;
    if (run->match_count > 0)
        qsort(run->matches, run->match_count, sizeof(*run->matches), rules_match_order);
    for (size_t i = 0; i < run->match_count && result == RESULT_OK; i++) {
        const struct rules_match *match = &run->matches[i];
        result =
            correlator_feed(correlator, match->rule, match->time_ns, S(""), match->payload, err);
    }
    if (result == RESULT_OK)
        result = correlator_finish(correlator, err);
    correlator_free(correlator);
    if (run->firing_count > 0)
        qsort(run->firings, run->firing_count, sizeof(*run->firings), rules_firing_order);
    for (size_t i = 0; i < run->firing_count && sink_settle(run->test->out); i++)
        buf_append(&run->test->out->buf, run->firings[i].line);
    return result;
}

enum result rules_test_run(
    const struct rules_test *test, slice name, slice events, struct error *err)
{
    struct rules_run run = {.test = test, .parser = json_parser_new()};
    size_t rules;
    slice line;
    run.rules = rule_set_rules(test->rules, &rules);
    run.matcher = detect_matcher_new(test->program);
    buf_init(&run.scratch, RULES_TEST_PAYLOAD_MAX);
    for (uint64_t number = 0; slice_next(&events, '\n', &line) && sink_settle(test->out); number++)
        if (slice_trim(line).len > 0)
            rules_line(&run, name, line, number);
    enum result result = rules_correlate(&run, err);
    detect_matcher_free(run.matcher);
    json_parser_free(run.parser);
    buf_free(&run.scratch);
    arena_free(&run.arena);
    arena_free(&run.event_arena);
    return result;
}
