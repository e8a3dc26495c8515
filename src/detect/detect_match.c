/* See detect_match.h. For one event every item is asked at most once, and only when a rule comes
 * to it: what it answered is kept beside the number of the event, so that nothing is cleared
 * between events. */
#include "detect/detect_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/clock.h"
#include "detect/limits.h"
#include "detect/matcher.h"
#include "wire/reader.h"

/* Events are numbered up to here, then from 1 again: an answer has one bit beside the number. */
#define MATCH_EVENTS_MAX (UINT32_MAX / 2)

struct detect_matcher *detect_matcher_new(const struct detect_program *program)
{
    struct detect_matcher *matcher = calloc(1, sizeof(*matcher));
    ASSERT(matcher != NULL);
    matcher->program = program;
    view_init(&matcher->view, &program->names);
    clue_finder_init(&matcher->finder, &program->index);
    matcher->regexes = regex_matcher_new();
    matcher->answers = calloc(program->item_count + 1, sizeof(*matcher->answers));
    matcher->places = calloc(program->place_count + 1, sizeof(*matcher->places));
    matcher->searched = calloc(program->place_count + 1, sizeof(*matcher->searched));
    matcher->asked = calloc(program->instance_count + 1, sizeof(*matcher->asked));
    matcher->matched = calloc(program->set->count + 1, sizeof(*matcher->matched));
    matcher->hits = calloc(program->set->count + 1, sizeof(*matcher->hits));
    ASSERT(matcher->answers != NULL && matcher->matched != NULL && matcher->hits != NULL);
    ASSERT(matcher->places != NULL && matcher->searched != NULL && matcher->asked != NULL);
    return matcher;
}

void detect_matcher_free(struct detect_matcher *matcher)
{
    if (matcher == NULL)
        return;
    view_free(&matcher->view);
    clue_finder_free(&matcher->finder);
    regex_matcher_free(matcher->regexes);
    free(matcher->answers);
    free(matcher->places);
    free(matcher->searched);
    free(matcher->asked);
    free(matcher->matched);
    free(matcher->hits);
    free(matcher->costs);
    free(matcher);
}

uint64_t detect_matcher_limited(const struct detect_matcher *matcher)
{
    return regex_matcher_limited(matcher->regexes);
}

struct detect_cost *detect_matcher_profile(struct detect_matcher *matcher)
{
    if (matcher->costs == NULL)
        matcher->costs = calloc(matcher->program->set->count + 1, sizeof(*matcher->costs));
    ASSERT(matcher->costs != NULL);
    return matcher->costs;
}

static bool match_item(struct detect_matcher *matcher, uint32_t index)
{
    uint32_t *answer = &matcher->answers[index];
    if (*answer / 2 != matcher->view.number)
        *answer = matcher->view.number * 2 +
                  item_match(&matcher->program->items[index], &matcher->view, matcher->regexes);
    return *answer % 2 != 0;
}

/* Depth is bounded where rules are read: CONDITION_DEPTH_MAX and YAML_DEPTH_MAX. */
bool matcher_node(struct detect_matcher *matcher, uint32_t index)
{
    const struct program_node *node = &matcher->program->nodes[index];
    const uint32_t *children = node->count == 0 ? NULL : &matcher->program->children[node->first];
    uint32_t found = 0;
    switch (node->type) {
    case SIGMA_ITEM:
        return match_item(matcher, node->item);
    case SIGMA_NOT:
        return !matcher_node(matcher, children[0]);
    case SIGMA_AND:
        for (uint32_t i = 0; i < node->count; i++)
            if (!matcher_node(matcher, children[i]))
                return false;
        return true;
    case SIGMA_OR:
        for (uint32_t i = 0; i < node->count; i++)
            if (matcher_node(matcher, children[i]))
                return true;
        return false;
    case SIGMA_COUNT:
        for (uint32_t i = 0; i < node->count && found < node->least; i++)
            found += matcher_node(matcher, children[i]);
        return found >= node->least;
    case SIGMA_NEVER:
        break;
    }
    return false;
}

static void match_rule(struct detect_matcher *matcher, uint32_t rule, uint32_t root)
{
    if (matcher->matched[rule] == matcher->view.number || !matcher_node(matcher, root))
        return;
    matcher->matched[rule] = matcher->view.number;
    matcher->hits[matcher->hit_count++] = rule;
}

static int match_order(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

void matcher_begin(struct detect_matcher *matcher, struct event *event)
{
    if (matcher->view.number >= MATCH_EVENTS_MAX) {
        view_forget(&matcher->view);
        clue_finder_forget(&matcher->finder);
        memset(matcher->answers, 0, matcher->program->item_count * sizeof(*matcher->answers));
        memset(matcher->places, 0, matcher->program->place_count * sizeof(*matcher->places));
        memset(matcher->searched, 0, matcher->program->place_count * sizeof(*matcher->searched));
        memset(matcher->asked, 0, matcher->program->instance_count * sizeof(*matcher->asked));
        memset(matcher->matched, 0, matcher->program->set->count * sizeof(*matcher->matched));
    }
    view_load(&matcher->view, event);
    matcher->hit_count = 0;
}

bool matcher_place(struct detect_matcher *matcher, uint32_t index)
{
    const struct program_place *place = &matcher->program->places[index];
    uint32_t *answer = &matcher->places[index];
    if (*answer / 2 != matcher->view.number) {
        bool there = (place->where == PROGRAM_NONE || matcher_node(matcher, place->where)) &&
                     (place->also == PROGRAM_NONE || matcher_node(matcher, place->also));
        *answer = matcher->view.number * 2 + there;
    }
    return *answer % 2 != 0;
}

static void match_rule_timed(
    struct detect_matcher *matcher, const struct program_instance *instance)
{
    struct detect_cost *cost = &matcher->costs[instance->rule];
    size_t hits = matcher->hit_count;
    int64_t begin_ns = clock_monotonic_ns();
    match_rule(matcher, instance->rule, instance->root);
    cost->time_ns += (uint64_t)(clock_monotonic_ns() - begin_ns);
    cost->asked++;
    cost->matched += matcher->hit_count - hits;
}

static void match_instance(struct detect_matcher *matcher, uint32_t index)
{
    const struct program_instance *instance = &matcher->program->instances[index];
    if (matcher->asked[index] == matcher->view.number)
        return;
    matcher->asked[index] = matcher->view.number;
    if (!matcher_place(matcher, instance->place))
        return;
    if (matcher->costs == NULL)
        match_rule(matcher, instance->rule, instance->root);
    else
        match_rule_timed(matcher, instance);
}

static void match_found(struct detect_matcher *matcher, size_t first);

/* Looks for the texts of any field that rules of the place want. */
static void match_anywhere(struct detect_matcher *matcher, uint32_t place)
{
    size_t count = matcher->finder.count;
    if (matcher->searched[place] == matcher->view.number || !matcher_place(matcher, place))
        return;
    matcher->searched[place] = matcher->view.number;
    clue_find_anywhere(&matcher->finder, &matcher->view, place);
    match_found(matcher, count);
}

static void match_link(struct detect_matcher *matcher, uint32_t link)
{
    size_t instances = matcher->program->instance_count;
    if (link < instances)
        match_instance(matcher, link);
    else
        match_anywhere(matcher, link - (uint32_t)instances);
}

/* Asks the rules of the clues that were found from `first` on. */
static void match_found(struct detect_matcher *matcher, size_t first)
{
    const struct clues *clues = &matcher->program->clues;
    size_t end = matcher->finder.count;
    for (size_t i = first; i < end; i++) {
        const struct clue *clue = &clues->items[matcher->finder.found[i]];
        for (uint32_t k = 0; k < clue->count; k++)
            match_link(matcher, clues->links[clue->first + k]);
    }
}

static void match_by_clues(struct detect_matcher *matcher)
{
    const struct clues *clues = &matcher->program->clues;
    clue_find(&matcher->finder, &matcher->view);
    match_found(matcher, 0);
    for (size_t i = 0; i < clues->always_count; i++)
        match_link(matcher, clues->always[i]);
}

static const uint32_t *match_end(struct detect_matcher *matcher, size_t *count)
{
    qsort(matcher->hits, matcher->hit_count, sizeof(*matcher->hits), match_order);
    *count = matcher->hit_count;
    return matcher->hits;
}

const uint32_t *detect_match(struct detect_matcher *matcher, struct event *event, size_t *count)
{
    matcher_begin(matcher, event);
    match_by_clues(matcher);
    return match_end(matcher, count);
}

const uint32_t *detect_match_one_by_one(
    struct detect_matcher *matcher, struct event *event, bool ignore_log_source, size_t *count)
{
    const struct detect_program *program = matcher->program;
    matcher_begin(matcher, event);
    for (uint32_t i = 0; i < program->set->count && ignore_log_source; i++)
        if (program->rules[i].root != PROGRAM_NONE)
            match_rule(matcher, i, program->rules[i].root);
    for (uint32_t i = 0; i < program->instance_count && !ignore_log_source; i++)
        match_instance(matcher, i);
    return match_end(matcher, count);
}

/* Names are equal when they are so without spaces. */
static bool match_name_is(slice name, slice wanted)
{
    size_t left = 0;
    size_t right = 0;
    for (;;) {
        while (left < name.len && name.at[left] == ' ')
            left++;
        while (right < wanted.len && wanted.at[right] == ' ')
            right++;
        if (left == name.len || right == wanted.len)
            return left == name.len && right == wanted.len;
        if (name.at[left++] != wanted.at[right++])
            return false;
    }
}

static const struct event_field *match_find(const struct event *event, slice name)
{
    for (size_t i = 0; i < event->count; i++)
        if (match_name_is(event->fields[i].name, name))
            return &event->fields[i];
    return NULL;
}

const struct event_field *detect_field(
    const struct detect_program *program, uint32_t rule, const struct event *event, slice name)
{
    const struct program_rule *about = &program->rules[rule];
    const struct event_field *field = match_find(event, name);
    for (size_t i = 0; field == NULL && i < about->rename_count; i++)
        if (slice_equal(about->renames[i].rule, name))
            field = match_find(event, about->renames[i].event);
    return field;
}

bool detect_feeds_correlation(const struct detect_program *program, uint32_t rule)
{
    return program->rules[rule].input_count > 0;
}

void detect_correlation_payload(const struct detect_program *program, uint32_t rule,
    const struct event *event, struct buf *payload)
{
    const struct program_rule *about = &program->rules[rule];
    for (size_t i = 0; i < about->payload_count; i++) {
        const struct event_field *field = detect_field(program, rule, event, about->payload[i]);
        bool there = field != NULL && field->type != EVENT_NULL;
        writer_u8(payload, there);
        if (there)
            writer_slice(payload, slice_first(field->value, CORRELATION_VALUE_MAX));
    }
}
