/* See window.h. A window keeps no more than its condition can tell apart: event_count the last
 * matches up to its highest threshold and one more, value_count the latest match of that many
 * values, temporal correlations what temporal.c says. What the condition asks of them is kept up to
 * date, so that a match costs the same in a window of ten and of a hundred thousand, but for the
 * logarithm of ranks. Rejected: counters in buckets of time, which are smaller and say nothing of
 * which records. */
#include "detect/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "detect/limits.h"
#include "detect/threshold.h"

static enum window_measure window_measure_of(const struct sigma_correlation *spec)
{
    switch (spec->type) {
    case SIGMA_EVENT_COUNT:
        return WINDOW_COUNT;
    case SIGMA_VALUE_COUNT:
        return WINDOW_DISTINCT;
    case SIGMA_TEMPORAL:
    case SIGMA_TEMPORAL_ORDERED:
        return WINDOW_STEPS;
    case SIGMA_VALUE_SUM:
    case SIGMA_VALUE_AVG:
        return WINDOW_SUM;
    case SIGMA_VALUE_PERCENTILE:
        return spec->has_percentile ? WINDOW_RANK : WINDOW_SHARE;
    case SIGMA_VALUE_MEDIAN:
        return WINDOW_RANK;
    }
    ASSERT(false);
}

static void window_begin(struct window *window)
{
    const struct sigma_correlation *spec = window->correlation->spec;
    switch (window->measure) {
    case WINDOW_DISTINCT:
        distinct_init(&window->distinct);
        break;
    case WINDOW_SUM:
        window->sum = calloc(1, sizeof(*window->sum));
        ASSERT(window->sum != NULL);
        break;
    case WINDOW_RANK:
        window->ranks.percentile = spec->type == SIGMA_VALUE_MEDIAN ? 50 : spec->percentile;
        break;
    case WINDOW_STEPS:
        temporal_init(&window->temporal, spec);
        break;
    case WINDOW_COUNT:
    case WINDOW_SHARE:
        break;
    }
}

struct window *window_new(const struct program_correlation *correlation, slice key)
{
    struct window *window = calloc(1, sizeof(*window));
    char *copy = malloc(key.len + 1);
    ASSERT(window != NULL && copy != NULL);
    if (key.len > 0)
        memcpy(copy, key.at, key.len);
    window->correlation = correlation;
    window->key = slice_make(copy, key.len);
    window->measure = window_measure_of(correlation->spec);
    window_begin(window);
    return window;
}

void window_free(struct window *window)
{
    window_fire_end(window);
    switch (window->measure) {
    case WINDOW_DISTINCT:
        distinct_free(&window->distinct);
        break;
    case WINDOW_SUM:
        free(window->sum);
        break;
    case WINDOW_RANK:
        ranks_free(&window->ranks);
        break;
    case WINDOW_SHARE:
        value_index_free(&window->shares);
        break;
    case WINDOW_STEPS:
        temporal_free(&window->temporal);
        break;
    case WINDOW_COUNT:
        break;
    }
    match_queue_free(&window->matches);
    free(window->firing.records);
    free((void *)(uintptr_t)window->key.at);
    free(window);
}

static size_t window_measure_memory(const struct window *window)
{
    switch (window->measure) {
    case WINDOW_DISTINCT:
        return distinct_memory(&window->distinct);
    case WINDOW_SUM:
        return sizeof(*window->sum);
    case WINDOW_RANK:
        return ranks_memory(&window->ranks);
    case WINDOW_SHARE:
        return value_index_memory(&window->shares);
    case WINDOW_STEPS:
        return temporal_memory(&window->temporal, window->correlation->spec);
    case WINDOW_COUNT:
        break;
    }
    return 0;
}

size_t window_memory(const struct window *window)
{
    size_t records = window->firing.records == NULL ? 0 : CORRELATION_RECORDS_MAX;
    return sizeof(*window) + window->key.len + match_queue_memory(&window->matches) +
           window_measure_memory(window) + records * sizeof(*window->firing.records);
}

/* --- matches --- */

/* How often the value is in the window changes by one. */
static void window_share_change(struct window *window, uint64_t hash, bool more)
{
    uint32_t before = value_index_get(&window->shares, hash);
    if (more)
        value_index_set(&window->shares, hash, before + 1);
    else if (before > 1)
        value_index_set(&window->shares, hash, before - 1);
    else
        value_index_remove(&window->shares, hash);
}

static void window_measure_add(struct window *window, const struct match_entry *entry)
{
    if (window->measure == WINDOW_SUM)
        exact_sum_add(window->sum, entry->number);
    else if (window->measure == WINDOW_RANK)
        ranks_add(&window->ranks, entry->number);
    else if (window->measure == WINDOW_SHARE)
        window_share_change(window, entry->hash, true);
}

static void window_drop_oldest(struct window *window)
{
    const struct match_entry *oldest = match_queue_at(&window->matches, 0);
    if (window->measure == WINDOW_SUM)
        exact_sum_subtract(window->sum, oldest->number);
    else if (window->measure == WINDOW_RANK)
        ranks_drop_oldest(&window->ranks);
    else if (window->measure == WINDOW_SHARE)
        window_share_change(window, oldest->hash, false);
    match_queue_remove(&window->matches, 0);
}

/* The oldest time inside a window that ends at the last match. */
static int64_t window_since(const struct window *window)
{
    int64_t since_ns;
    if (__builtin_sub_overflow(window->last_ns, window->correlation->spec->timespan_ns, &since_ns))
        return INT64_MIN; /* the timespan reaches behind the beginning of time */
    return since_ns;
}

static void window_expire(struct window *window)
{
    int64_t since_ns = window_since(window);
    if (window->measure == WINDOW_STEPS)
        temporal_expire(&window->temporal, since_ns);
    else if (window->measure == WINDOW_DISTINCT)
        distinct_expire(&window->distinct, since_ns);
    while (window->matches.count > 0 && match_queue_at(&window->matches, 0)->time_ns < since_ns)
        window_drop_oldest(window);
}

static void window_add_distinct(struct window *window, const struct match_entry *entry)
{
    struct distinct *distinct = &window->distinct;
    size_t enough = threshold_enough(window->correlation->spec, CORRELATION_DISTINCT_MAX);
    distinct_see(distinct, entry->hash, entry->time_ns, entry->record);
    if (distinct->count > enough)
        distinct_drop_oldest(distinct);
}

static void window_add_match(struct window *window, const struct match_entry *entry)
{
    bool counts = window->measure == WINDOW_COUNT;
    size_t most = CORRELATION_ENTRIES_MAX;
    if (counts)
        most = threshold_enough(window->correlation->spec, most);
    window_measure_add(window, entry);
    match_queue_push(&window->matches, entry);
    if (window->matches.count <= most)
        return;
    window_drop_oldest(window);
    window->dropped += !counts;
}

void window_add(struct window *window, const struct match_entry *entry)
{
    window->last_ns = entry->time_ns;
    window_expire(window);
    if (window->measure == WINDOW_DISTINCT)
        window_add_distinct(window, entry);
    else if (window->measure == WINDOW_STEPS)
        window->dropped += !temporal_add(&window->temporal, window->correlation->spec, entry);
    else
        window_add_match(window, entry);
}

/* --- conditions --- */

/* How many of a hundred values are the newest one: value_percentile without a percentile. */
static double window_share(const struct window *window)
{
    const struct match_queue *matches = &window->matches;
    const struct match_entry *newest = match_queue_at(matches, matches->count - 1);
    return (double)value_index_get(&window->shares, newest->hash) * 100 / (double)matches->count;
}

static double window_number(const struct window *window)
{
    switch (window->measure) {
    case WINDOW_DISTINCT:
        return (double)window->distinct.count;
    case WINDOW_SUM:
        return window->correlation->spec->type == SIGMA_VALUE_AVG
                   ? exact_sum_value(window->sum) / (double)window->matches.count
                   : exact_sum_value(window->sum);
    case WINDOW_RANK:
        return ranks_value(&window->ranks);
    case WINDOW_SHARE:
        return window_share(window);
    case WINDOW_COUNT:
    case WINDOW_STEPS:
        break;
    }
    return (double)window->matches.count;
}

bool window_holds(const struct window *window)
{
    const struct sigma_correlation *spec = window->correlation->spec;
    if (window->measure == WINDOW_STEPS)
        return temporal_holds(&window->temporal, spec, window_since(window));
    return threshold_holds(spec, window_number(window));
}

/* --- firings --- */

static void window_fire_record(struct window *window, struct match_record *record)
{
    struct window_firing *firing = &window->firing;
    if (firing->record_count < CORRELATION_RECORDS_MAX)
        firing->records[firing->record_count++] = match_record_hold(record);
}

/* What is in the window now contributes. */
static void window_fire_queue(struct window *window, const struct match_queue *matches)
{
    window->firing.first_ns = match_queue_at(matches, 0)->time_ns;
    window->firing.count = matches->count;
    for (size_t i = 0; i < matches->count && i < CORRELATION_RECORDS_MAX; i++)
        window_fire_record(window, match_queue_at(matches, i)->record);
}

static void window_fire_distinct(struct window *window, const struct distinct *distinct)
{
    size_t left = CORRELATION_RECORDS_MAX;
    window->firing.first_ns = distinct->values[distinct->oldest].time_ns;
    window->firing.count = distinct->count;
    for (uint32_t i = distinct->oldest; i != DISTINCT_NONE && left > 0; left--) {
        window_fire_record(window, distinct->values[i].record);
        i = distinct->values[i].newer;
    }
}

void window_fire(struct window *window, struct match_record *newest)
{
    struct window_firing *firing = &window->firing;
    firing->last_ns = window->last_ns;
    if (firing->going) {
        firing->count++;
        window_fire_record(window, newest);
        return;
    }
    if (firing->records == NULL)
        firing->records = calloc(CORRELATION_RECORDS_MAX, sizeof(*firing->records));
    ASSERT(firing->records != NULL);
    firing->going = true;
    firing->time_ns = window->last_ns;
    if (window->measure == WINDOW_DISTINCT)
        window_fire_distinct(window, &window->distinct);
    else
        window_fire_queue(
            window, window->measure == WINDOW_STEPS ? &window->temporal.steps : &window->matches);
}

void window_fire_end(struct window *window)
{
    struct window_firing *firing = &window->firing;
    for (size_t i = 0; i < firing->record_count; i++)
        match_record_release(firing->records[i]);
    firing->record_count = 0;
    firing->going = false;
}
