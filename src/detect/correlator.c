/* See correlator.h: matches in the order of time in, firings out; what comes in another order goes
 * through reorder.c first. Windows end at a match:
 * after each one it is asked whether the condition holds for the timespan before it. A firing
 * begins when it does, is extended by every further match that finds it holding, and ends with the
 * first that does not, or when a timespan passes without a match.
 *
 * What a correlation found feeds the correlations above it: those that count see the beginning of a
 * firing, temporal ones also see that it goes on. Rejected: windows of fixed bounds, which miss
 * what falls across a bound. */
#include "detect/correlator.h"

#include <stdlib.h>

#include "base/base.h"
#include "base/civil.h"
#include "detect/detect_match.h"
#include "detect/reorder.h"
#include "detect/window.h"
#include "wire/reader.h"

/* Closed windows that the map may still know. */
#define CORRELATOR_CLOSED_MAX 4096

struct correlator_list {
    struct window *newest, *oldest; /* by their last match */
    struct map before;              /* groups that unless_before has seen */
};

struct correlator {
    const struct detect_program *program;
    correlation_emit emit;
    void *context;
    struct correlator_list *lists; /* by correlation */
    struct map windows; /* correlation and group → struct window *, 0 when it was closed */
    size_t window_count;
    size_t window_bytes, record_bytes;
    uint64_t evicted;
    struct reorder *waiting; /* NULL: matches come in order */
    uint64_t late;
    int64_t now_ns;
    struct buf key;
    struct buf group, joined; /* of the match at hand; kept here, since clearing them costs more
                                 than the rest */
    slice *values;            /* of the payload; absent where the event had none */
    size_t value_capacity;
};

/* One match on its way up. */
struct correlator_match {
    uint32_t base;
    struct match_record *record;
};

/* --- payloads --- */

/* A payload comes from a process that touches evidence: one that is not as it should be has no
 * values. */
static void correlator_read_payload(struct correlator *correlator, uint32_t rule, slice payload)
{
    size_t count = correlator->program->rules[rule].payload_count;
    struct reader reader = reader_over(payload);
    ASSERT(count <= correlator->value_capacity);
    for (size_t i = 0; i < count; i++) {
        correlator->values[i] = (slice){NULL, 0};
        if (reader_u8(&reader) == 0)
            continue;
        slice value = slice_first(reader_slice(&reader), CORRELATION_VALUE_MAX);
        correlator->values[i] = value.at == NULL ? S("") : value;
    }
    for (size_t i = 0; i < count && reader.failed; i++)
        correlator->values[i] = (slice){NULL, 0};
}

/* --- windows --- */

struct correlator *correlator_new(
    const struct detect_program *program, correlation_emit emit, void *context)
{
    struct correlator *correlator = calloc(1, sizeof(*correlator));
    ASSERT(correlator != NULL);
    correlator->program = program;
    correlator->emit = emit;
    correlator->context = context;
    correlator->now_ns = CIVIL_TIME_NONE;
    for (size_t i = 0; i < program->set->count; i++)
        correlator->value_capacity =
            size_max(correlator->value_capacity, program->rules[i].payload_count);
    correlator->values = calloc(correlator->value_capacity + 1, sizeof(*correlator->values));
    correlator->lists = calloc(program->correlation_count + 1, sizeof(*correlator->lists));
    ASSERT(correlator->values != NULL && correlator->lists != NULL);
    buf_init(&correlator->key, (CORRELATION_VALUE_MAX + 8) * (CORRELATION_FIELDS_MAX + 1));
    buf_init(&correlator->group, (CORRELATION_VALUE_MAX + 4) * CORRELATION_FIELDS_MAX);
    buf_init(&correlator->joined, (CORRELATION_VALUE_MAX + 4) * CORRELATION_FIELDS_MAX);
    return correlator;
}

static struct correlator_list *correlator_list_of(
    struct correlator *correlator, const struct window *window)
{
    return &correlator->lists[window->correlation - correlator->program->correlations];
}

static void correlator_unlink(struct correlator *correlator, struct window *window)
{
    struct correlator_list *list = correlator_list_of(correlator, window);
    if (window->newer != NULL)
        window->newer->older = window->older;
    else
        list->newest = window->older;
    if (window->older != NULL)
        window->older->newer = window->newer;
    else
        list->oldest = window->newer;
    window->newer = NULL;
    window->older = NULL;
}

static void correlator_link_newest(struct correlator *correlator, struct window *window)
{
    struct correlator_list *list = correlator_list_of(correlator, window);
    window->older = list->newest;
    if (list->newest != NULL)
        list->newest->newer = window;
    else
        list->oldest = window;
    list->newest = window;
}

static slice correlator_window_key(struct correlator *correlator, uint32_t correlation, slice group)
{
    buf_clear(&correlator->key);
    writer_u32(&correlator->key, correlation);
    buf_append(&correlator->key, group);
    ASSERT(!correlator->key.overflow);
    return buf_slice(&correlator->key);
}

static enum result correlator_emit_going(
    struct correlator *correlator, struct window *window, struct error *err)
{
    const struct sigma_correlation *spec = window->correlation->spec;
    struct window_firing *firing = &window->firing;
    slice values[CORRELATION_FIELDS_MAX];
    slice records[CORRELATION_RECORDS_MAX];
    struct reader key = reader_over(window->key);
    for (size_t i = 0; i < spec->group_by_count; i++)
        values[i] = reader_slice(&key);
    for (size_t i = 0; i < firing->record_count; i++)
        records[i] = match_record_key(firing->records[i]);
    struct correlation_firing out = {.rule = window->correlation->rule,
        .time_ns = firing->time_ns,
        .first_ns = firing->first_ns,
        .last_ns = firing->last_ns,
        .count = firing->count,
        .names = spec->group_by,
        .values = values,
        .group_count = spec->group_by_count,
        .records = records,
        .record_count = firing->record_count};
    enum result result = correlator->emit(correlator->context, &out, err);
    window_fire_end(window);
    return result;
}

static enum result correlator_emit_firing(
    struct correlator *correlator, struct window *window, struct error *err)
{
    return window->firing.going ? correlator_emit_going(correlator, window, err) : RESULT_OK;
}

/* The map cannot forget keys, so it is made anew when most of it is closed windows. */
static void correlator_compact(struct correlator *correlator)
{
    if (correlator->windows.count <= correlator->window_count * 2 + CORRELATOR_CLOSED_MAX)
        return;
    map_free(&correlator->windows);
    for (uint32_t i = 0; i < correlator->program->correlation_count; i++)
        for (struct window *window = correlator->lists[i].oldest; window != NULL;
             window = window->newer)
            *map_put(&correlator->windows, correlator_window_key(correlator, i, window->key),
                NULL) = (uint64_t)(uintptr_t)window;
}

static void correlator_drop(struct correlator *correlator, struct window *window)
{
    uint32_t index = (uint32_t)(window->correlation - correlator->program->correlations);
    slice key = correlator_window_key(correlator, index, window->key);
    *map_put(&correlator->windows, key, NULL) = 0;
    correlator_unlink(correlator, window);
    correlator->window_bytes -= window_memory(window);
    correlator->window_count--;
    correlator->evicted += window->dropped;
    window_free(window);
    correlator_compact(correlator);
}

static enum result correlator_close(
    struct correlator *correlator, struct window *window, struct error *err)
{
    enum result result = correlator_emit_firing(correlator, window, err);
    correlator_drop(correlator, window);
    return result;
}

static bool correlator_is_stale(const struct window *window, int64_t now_ns)
{
    int64_t end_ns;
    return checked_add_i64(window->last_ns, window->correlation->spec->timespan_ns, &end_ns) &&
           end_ns < now_ns;
}

/* Closes the windows of a correlation in which nothing is left. */
static enum result correlator_close_stale(
    struct correlator *correlator, struct correlator_list *list, struct error *err)
{
    enum result result = RESULT_OK;
    while (result == RESULT_OK && list->oldest != NULL &&
           correlator_is_stale(list->oldest, correlator->now_ns))
        result = correlator_close(correlator, list->oldest, err);
    return result;
}

static struct window *correlator_window(
    struct correlator *correlator, uint32_t correlation, slice group)
{
    slice key = correlator_window_key(correlator, correlation, group);
    uint64_t *known = map_put(&correlator->windows, key, NULL);
    struct window *window = (struct window *)(uintptr_t)*known;
    if (window != NULL) {
        correlator_unlink(correlator, window);
    } else {
        window = window_new(&correlator->program->correlations[correlation], group);
        *known = (uint64_t)(uintptr_t)window;
        correlator->window_bytes += window_memory(window);
        correlator->window_count++;
    }
    correlator_link_newest(correlator, window);
    return window;
}

/* The window whose last match is the oldest of all. */
static struct window *correlator_oldest(const struct correlator *correlator)
{
    struct window *oldest = NULL;
    for (size_t i = 0; i < correlator->program->correlation_count; i++) {
        struct window *window = correlator->lists[i].oldest;
        if (window != NULL && (oldest == NULL || window->last_ns < oldest->last_ns))
            oldest = window;
    }
    return oldest;
}

static enum result correlator_evict(struct correlator *correlator, struct error *err)
{
    enum result result = RESULT_OK;
    while (result == RESULT_OK && correlator->window_count > 0 &&
           correlator->window_bytes + correlator->record_bytes > CORRELATION_MEMORY_MAX) {
        struct window *oldest = correlator_oldest(correlator);
        ASSERT(oldest != NULL);
        correlator->evicted += !correlator_is_stale(oldest, correlator->now_ns);
        result = correlator_close(correlator, oldest, err);
    }
    return result;
}

/* --- matches --- */

/* The values at some places of the payload, one after the other. False when one is missing. */
static bool correlator_join(
    const struct correlator *correlator, const uint32_t *places, size_t count, struct buf *out)
{
    buf_clear(out);
    for (size_t i = 0; i < count; i++) {
        slice value = correlator->values[places[i]];
        if (slice_is_absent(value))
            return false;
        writer_slice(out, value);
    }
    return true;
}

static bool correlator_hash(struct correlator *correlator, const struct program_input *input,
    const struct sigma_correlation *spec, struct match_entry *entry)
{
    if (!correlator_join(correlator, input->value_at, spec->field_count, &correlator->joined))
        return false;
    entry->hash = map_hash(buf_slice(&correlator->joined));
    return true;
}

/* What the match is worth to the correlation. False when it has no such value. */
static bool correlator_entry(struct correlator *correlator, const struct program_input *input,
    const struct sigma_correlation *spec, struct match_entry *entry)
{
    switch (spec->type) {
    case SIGMA_EVENT_COUNT:
        return true;
    case SIGMA_TEMPORAL:
    case SIGMA_TEMPORAL_ORDERED:
        entry->reference = input->reference;
        return true;
    case SIGMA_VALUE_COUNT:
        return correlator_hash(correlator, input, spec, entry);
    case SIGMA_VALUE_PERCENTILE:
        if (!spec->has_percentile)
            return correlator_hash(correlator, input, spec, entry);
        break;
    case SIGMA_VALUE_SUM:
    case SIGMA_VALUE_AVG:
    case SIGMA_VALUE_MEDIAN:
        break;
    }
    return slice_to_double(slice_trim(correlator->values[input->value_at[0]]), &entry->number);
}

static void correlator_remember(
    struct correlator *correlator, struct correlator_list *list, slice group)
{
    if (list->before.count < CORRELATION_BEFORE_MAX)
        (void)map_put(&list->before, group, NULL);
    else if (map_find(&list->before, group) == NULL)
        correlator->evicted++;
}

static enum result correlator_source(struct correlator *correlator,
    const struct correlator_match *match, uint32_t source, bool began, struct error *err);

/* Puts the match into its window and sees what follows from it. `group` is no longer good when
 * correlations above have been fed. */
static enum result correlator_add(struct correlator *correlator, uint32_t correlation, slice group,
    const struct correlator_match *match, struct match_entry *entry, struct error *err)
{
    struct correlator_list *list = &correlator->lists[correlation];
    enum result result = correlator_close_stale(correlator, list, err);
    if (result != RESULT_OK)
        return result;
    struct window *window = correlator_window(correlator, correlation, group);
    uint32_t rule = window->correlation->rule;
    correlator->window_bytes -= window_memory(window);
    entry->time_ns = correlator->now_ns;
    entry->record = match->record;
    window_add(window, entry);
    bool holds = window_holds(window) && map_find(&list->before, group) == NULL;
    bool began = holds && !window->firing.going;
    if (holds)
        window_fire(window, match->record);
    correlator->window_bytes += window_memory(window);
    if (!holds)
        return correlator_emit_firing(correlator, window, err);
    return correlator_source(correlator, match, rule, began, err);
}

static enum result correlator_input(struct correlator *correlator,
    const struct correlator_match *match, const struct program_input *input, struct error *err)
{
    const struct sigma_correlation *spec =
        correlator->program->correlations[input->correlation].spec;
    struct match_entry entry = {0};
    if (!correlator_join(correlator, input->group_at, spec->group_by_count, &correlator->group))
        return RESULT_OK; /* a match without the group's fields is of no group */
    slice group = buf_slice(&correlator->group);
    if (input->reference == PROGRAM_NONE) {
        correlator_remember(correlator, &correlator->lists[input->correlation], group);
        return RESULT_OK;
    }
    if (!correlator_entry(correlator, input, spec, &entry))
        return RESULT_OK;
    return correlator_add(correlator, input->correlation, group, match, &entry, err);
}

/* Feeds all correlations that refer to `source`. */
static enum result correlator_source(struct correlator *correlator,
    const struct correlator_match *match, uint32_t source, bool began, struct error *err)
{
    const struct program_rule *about = &correlator->program->rules[source];
    enum result result = RESULT_OK;
    for (size_t i = 0; i < about->input_count && result == RESULT_OK; i++) {
        const struct program_input *input = &about->inputs[i];
        enum sigma_correlation_type type =
            correlator->program->correlations[input->correlation].spec->type;
        bool is_temporal = type == SIGMA_TEMPORAL || type == SIGMA_TEMPORAL_ORDERED;
        if (input->base == match->base && (began || is_temporal))
            result = correlator_input(correlator, match, input, err);
    }
    return result;
}

/* A match whose turn it is. */
static enum result correlator_take(
    struct correlator *correlator, const struct reorder_match *match, struct error *err)
{
    ASSERT(match->time_ns >= correlator->now_ns);
    correlator->now_ns = match->time_ns;
    correlator_read_payload(correlator, match->rule, match->payload);
    struct correlator_match source = {
        .base = match->rule, .record = match_record_new(match->record, &correlator->record_bytes)};
    enum result result = correlator_source(correlator, &source, match->rule, true, err);
    match_record_release(source.record);
    return result == RESULT_OK ? correlator_evict(correlator, err) : result;
}

/* Takes the matches that need not wait any more. */
static enum result correlator_take_due(struct correlator *correlator, struct error *err)
{
    struct reorder_match match;
    enum result result = RESULT_OK;
    while (result == RESULT_OK && reorder_next(correlator->waiting, &match))
        result = correlator_take(correlator, &match, err);
    return result;
}

void correlator_tolerate(struct correlator *correlator, int64_t lateness_ns)
{
    ASSERT(correlator->waiting == NULL && correlator->now_ns == CIVIL_TIME_NONE);
    correlator->waiting = reorder_new(lateness_ns);
}

enum result correlator_feed(struct correlator *correlator, uint32_t rule, int64_t time_ns,
    slice record, slice payload, struct error *err)
{
    struct reorder_match match = {
        .time_ns = time_ns, .rule = rule, .record = record, .payload = payload};
    if (time_ns == CIVIL_TIME_NONE || !detect_feeds_correlation(correlator->program, rule))
        return RESULT_OK;
    if (correlator->waiting != NULL) {
        if (!reorder_add(correlator->waiting, &match))
            correlator->late++;
        return correlator_take_due(correlator, err);
    }
    if (time_ns < correlator->now_ns) {
        correlator->late++;
        return RESULT_OK;
    }
    return correlator_take(correlator, &match, err);
}

enum result correlator_finish(struct correlator *correlator, struct error *err)
{
    enum result result = RESULT_OK;
    if (correlator->waiting != NULL) {
        reorder_end(correlator->waiting);
        result = correlator_take_due(correlator, err);
    }
    for (size_t i = 0; i < correlator->program->correlation_count; i++)
        while (result == RESULT_OK && correlator->lists[i].oldest != NULL)
            result = correlator_close(correlator, correlator->lists[i].oldest, err);
    return result;
}

uint64_t correlator_late(const struct correlator *correlator)
{
    return correlator->late;
}

uint64_t correlator_evicted(const struct correlator *correlator)
{
    return correlator->evicted;
}

void correlator_free(struct correlator *correlator)
{
    if (correlator == NULL)
        return;
    for (size_t i = 0; i < correlator->program->correlation_count; i++) {
        while (correlator->lists[i].oldest != NULL)
            correlator_drop(correlator, correlator->lists[i].oldest);
        map_free(&correlator->lists[i].before);
    }
    map_free(&correlator->windows);
    reorder_free(correlator->waiting);
    buf_free(&correlator->key);
    buf_free(&correlator->group);
    buf_free(&correlator->joined);
    free(correlator->lists);
    free(correlator->values);
    free(correlator);
}
