/* For the tests of the rule engine: rules as YAML, events as JSON lines, results as text that a
 * test can compare. */
#ifndef DETECT_DETECT_TEST_H
#define DETECT_DETECT_TEST_H

#include <string.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/test.h"
#include "detect/detect.h"
#include "wire/json.h"

struct detect_test {
    struct rule_set *set;
    struct detect_program *program;
    struct detect_matcher *matcher;
    struct json_parser *parser;
    struct arena arena;
    struct buf out;
};

static inline void detect_test_begin(struct detect_test *test)
{
    *test = (struct detect_test){.set = rule_set_new(NULL), .parser = json_parser_new()};
    buf_init(&test->out, (size_t)1 << 20);
}

static inline void detect_test_compile(struct detect_test *test)
{
    struct error err;
    if (detect_compile(test->set, &test->program, &err) != RESULT_OK)
        fail_msg("%.*s", (int)err.message_len, err.message);
    test->matcher = detect_matcher_new(test->program);
}

static inline void detect_test_end(struct detect_test *test)
{
    detect_matcher_free(test->matcher);
    detect_program_free(test->program);
    rule_set_free(test->set);
    json_parser_free(test->parser);
    arena_free(&test->arena);
    buf_free(&test->out);
}

/* One JSON object becomes an event; the arena was reset before. */
static inline void detect_test_event(struct detect_test *test, slice json, struct event *event)
{
    static const enum event_type types[] = {[JSON_STRING] = EVENT_STRING,
        [JSON_NUMBER] = EVENT_NUMBER,
        [JSON_BOOL] = EVENT_BOOL,
        [JSON_NULL] = EVENT_NULL,
        [JSON_OBJECT] = EVENT_STRING,
        [JSON_ARRAY] = EVENT_STRING};
    struct json_flat flat;
    struct error err;
    if (json_flatten(test->parser, &test->arena, json, &flat, &err) != RESULT_OK)
        fail_msg("%.*s: %.*s", (int)json.len, json.at, (int)err.message_len, err.message);
    event_reset(event, &test->arena);
    for (size_t i = 0; i < flat.count; i++)
        if (flat.fields[i].type != JSON_OBJECT && flat.fields[i].type != JSON_ARRAY)
            event_add(event, flat.fields[i].path, flat.fields[i].value, types[flat.fields[i].type]);
}

/* What the compiled rules find, which is what asking each of them finds. */
static inline const uint32_t *detect_test_hits(
    struct detect_test *test, struct event *event, size_t *count)
{
    uint32_t memory[256];
    size_t expected;
    const uint32_t *hits = detect_match_one_by_one(test->matcher, event, false, &expected);
    assert_true(expected <= sizeof(memory) / sizeof(memory[0]));
    memcpy(memory, hits, expected * sizeof(memory[0]));
    hits = detect_match(test->matcher, event, count);
    assert_int_equal(*count, expected);
    for (size_t i = 0; i < expected; i++)
        assert_int_equal(hits[i], memory[i]);
    return hits;
}

/* Appends to `out` the numbers of the lines (from 0) that the rules match, each followed by the
 * titles when more than one rule is loaded. */
static inline slice detect_test_match(
    struct detect_test *test, slice events, bool ignore_log_source)
{
    size_t rules;
    slice line;
    const struct rule *about = rule_set_rules(test->set, &rules);
    buf_clear(&test->out);
    for (uint64_t number = 0; slice_next(&events, '\n', &line); number++) {
        struct event event;
        size_t count;
        arena_reset(&test->arena);
        detect_test_event(test, line, &event);
        const uint32_t *hits = ignore_log_source ? detect_match_one_by_one(test->matcher, &event,
                                                       ignore_log_source, &count)
                                                 : detect_test_hits(test, &event, &count);
        if (count == 0)
            continue;
        if (test->out.len > 0)
            buf_append_byte(&test->out, ' ');
        buf_append_u64(&test->out, number);
        for (size_t i = 0; i < count && rules > 1; i++) {
            buf_append_byte(&test->out, i == 0 ? ':' : ',');
            buf_append(&test->out, about[hits[i]].title);
        }
    }
    return buf_slice(&test->out);
}

#endif
