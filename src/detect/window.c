/* See window.h. A window keeps no more than its condition can tell apart: event_count the last
 * matches up to its highest threshold and one more, value_count the latest match of that many
 * values, temporal correlations the first and last of each run of one rule. Rejected: counters in
 * buckets of time, which are smaller and say nothing of which records. */
#include "detect/window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "detect/limits.h"
#include "detect/temporal.h"

#define WINDOW_FIRST_ENTRIES 4

struct window_record *window_record_new(slice bytes, size_t *total)
{
    struct window_record *record = malloc(sizeof(*record) + bytes.len);
    ASSERT(record != NULL && bytes.len <= UINT32_MAX);
    record->total = total;
    record->references = 1;
    record->len = (uint32_t)bytes.len;
    if (bytes.len > 0)
        memcpy(record->bytes, bytes.at, bytes.len);
    *total += sizeof(*record) + bytes.len;
    return record;
}

void window_record_release(struct window_record *record)
{
    ASSERT(record->references > 0);
    if (--record->references > 0)
        return;
    *record->total -= sizeof(*record) + record->len;
    free(record);
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
    return window;
}

void window_free(struct window *window)
{
    window_fire_end(window);
    for (size_t i = 0; i < window->count; i++)
        window_record_release(window->entries[window->first + i].record);
    free(window->entries);
    free(window->sorted);
    free(window->firing.records);
    free((void *)(uintptr_t)window->key.at);
    free(window);
}

size_t window_memory(const struct window *window)
{
    return sizeof(*window) + window->key.len + window->capacity * sizeof(*window->entries) +
           window->sorted_capacity * sizeof(*window->sorted) +
           (window->firing.records == NULL
                   ? 0
                   : CORRELATION_RECORDS_MAX * sizeof(*window->firing.records));
}

/* --- numbers in order, for median and percentile --- */

static bool window_is_sorted(const struct window *window)
{
    return window->correlation->spec->type == SIGMA_VALUE_MEDIAN ||
           (window->correlation->spec->type == SIGMA_VALUE_PERCENTILE &&
               window->correlation->spec->has_percentile);
}

/* Index of the first number that is not less. */
static size_t window_sorted_place(const struct window *window, double number, size_t count)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (window->sorted[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* `count`: numbers in the list before. */
static void window_sorted_add(struct window *window, double number, size_t count)
{
    if (count == window->sorted_capacity) {
        size_t capacity = size_max(WINDOW_FIRST_ENTRIES, window->sorted_capacity * 2);
        double *grown = realloc(window->sorted, capacity * sizeof(*grown));
        ASSERT(grown != NULL);
        window->sorted = grown;
        window->sorted_capacity = capacity;
    }
    size_t at = window_sorted_place(window, number, count);
    memmove(&window->sorted[at + 1], &window->sorted[at], (count - at) * sizeof(*window->sorted));
    window->sorted[at] = number;
}

static void window_sorted_remove(struct window *window, double number, size_t count)
{
    size_t at = window_sorted_place(window, number, count);
    ASSERT(at < count);
    memmove(
        &window->sorted[at], &window->sorted[at + 1], (count - at - 1) * sizeof(*window->sorted));
}

/* --- entries --- */

/* Sums of fractions drift when numbers are taken out again: made anew now and then. */
static void window_sum_remove(struct window *window, double number)
{
    window->sum -= number;
    if (++window->removed <= window->count)
        return;
    window->removed = 0;
    window->sum = 0;
    for (size_t i = 0; i < window->count; i++)
        window->sum += window->entries[window->first + i].number;
}

static void window_drop_oldest(struct window *window)
{
    struct window_entry oldest = window->entries[window->first];
    if (window_is_sorted(window))
        window_sorted_remove(window, oldest.number, window->count);
    window->first++;
    window->count--;
    window_sum_remove(window, oldest.number);
    window_record_release(oldest.record);
}

void window_expire(struct window *window, int64_t now_ns)
{
    int64_t oldest_ns;
    if (__builtin_sub_overflow(now_ns, window->correlation->spec->timespan_ns, &oldest_ns))
        return; /* the timespan reaches behind the beginning of time */
    while (window->count > 0 && window->entries[window->first].time_ns < oldest_ns)
        window_drop_oldest(window);
}

/* Takes an entry out of the middle. */
static void window_remove(struct window *window, size_t index)
{
    struct window_entry *entry = &window->entries[window->first + index];
    window_record_release(entry->record);
    memmove(entry, entry + 1, (window->count - index - 1) * sizeof(*entry));
    window->count--;
}

static void window_push(struct window *window, const struct window_entry *entry)
{
    if (window->first + window->count == window->capacity && window->first > window->count) {
        memcpy(window->entries, &window->entries[window->first],
            window->count * sizeof(*window->entries));
        window->first = 0;
    } else if (window->first + window->count == window->capacity) {
        size_t capacity = size_max(WINDOW_FIRST_ENTRIES, window->capacity * 2);
        struct window_entry *grown = realloc(window->entries, capacity * sizeof(*grown));
        ASSERT(grown != NULL);
        window->entries = grown;
        window->capacity = capacity;
    }
    window->entries[window->first + window->count++] = *entry;
    entry->record->references++;
}

/* The entries past which a count changes no comparison. */
static size_t window_enough(const struct sigma_correlation *spec, size_t most)
{
    double highest = 0;
    for (int i = 0; i < SIGMA_OPERATORS; i++)
        if (spec->has_operator[i])
            highest = fmax(highest, spec->operand[i]);
    return highest + 2 < (double)most ? (size_t)highest + 2 : most;
}

static void window_add_value(struct window *window, const struct window_entry *entry)
{
    for (size_t i = window->count; i > 0; i--) {
        if (window->entries[window->first + i - 1].hash != entry->hash)
            continue;
        window_remove(window, i - 1);
        break;
    }
    window_push(window, entry);
}

static void window_add_step(struct window *window, const struct window_entry *entry)
{
    const struct window_entry *entries = window->entries;
    size_t end = window->first + window->count;
    if (window->count >= 2 && entries[end - 1].reference == entry->reference &&
        entries[end - 2].reference == entry->reference)
        window_remove(window, window->count - 1);
    window_push(window, entry);
}

void window_add(struct window *window, const struct window_entry *entry)
{
    const struct sigma_correlation *spec = window->correlation->spec;
    size_t most = CORRELATION_ENTRIES_MAX;
    bool enough = false; /* dropping past `most` loses nothing */
    switch (spec->type) {
    case SIGMA_EVENT_COUNT:
        most = window_enough(spec, most);
        enough = true;
        window_push(window, entry);
        break;
    case SIGMA_VALUE_COUNT:
        most = window_enough(spec, CORRELATION_DISTINCT_MAX);
        enough = true;
        window_add_value(window, entry);
        break;
    case SIGMA_TEMPORAL:
    case SIGMA_TEMPORAL_ORDERED:
        most = CORRELATION_STEPS_MAX;
        window_add_step(window, entry);
        break;
    case SIGMA_VALUE_SUM:
    case SIGMA_VALUE_AVG:
    case SIGMA_VALUE_PERCENTILE:
    case SIGMA_VALUE_MEDIAN:
        if (window_is_sorted(window))
            window_sorted_add(window, entry->number, window->count);
        window->sum += entry->number;
        window_push(window, entry);
        break;
    }
    window->last_ns = entry->time_ns;
    while (window->count > most) {
        window_drop_oldest(window);
        window->dropped += !enough;
    }
}

/* --- conditions --- */

bool window_compare(const struct sigma_correlation *spec, double number)
{
    bool holds[SIGMA_OPERATORS];
    holds[SIGMA_GT] = number > spec->operand[SIGMA_GT];
    holds[SIGMA_GTE] = number >= spec->operand[SIGMA_GTE];
    holds[SIGMA_LT] = number < spec->operand[SIGMA_LT];
    holds[SIGMA_LTE] = number <= spec->operand[SIGMA_LTE];
    holds[SIGMA_EQ] = !islessgreater(number, spec->operand[SIGMA_EQ]);
    holds[SIGMA_NEQ] = islessgreater(number, spec->operand[SIGMA_NEQ]);
    for (int i = 0; i < SIGMA_OPERATORS; i++)
        if (spec->has_operator[i] && !holds[i])
            return false;
    return true;
}

/* Linear between the two nearest ranks, so that 50 is the median. */
static double window_percentile(const struct window *window, double percentile)
{
    double rank = (double)(window->count - 1) * percentile / 100;
    size_t low = (size_t)rank;
    size_t high = size_min(low + 1, window->count - 1);
    double share = rank - (double)low;
    return window->sorted[low] + (window->sorted[high] - window->sorted[low]) * share;
}

/* How many of a hundred values are the newest one: value_percentile without a percentile. */
static double window_share(const struct window *window)
{
    size_t same = 0;
    uint64_t newest = window->entries[window->first + window->count - 1].hash;
    for (size_t i = 0; i < window->count; i++)
        same += window->entries[window->first + i].hash == newest;
    return (double)same * 100 / (double)window->count;
}

bool window_holds(const struct window *window)
{
    const struct sigma_correlation *spec = window->correlation->spec;
    double number = (double)window->count;
    if (window->count == 0)
        return false;
    switch (spec->type) {
    case SIGMA_TEMPORAL:
    case SIGMA_TEMPORAL_ORDERED:
        return temporal_holds(spec, &window->entries[window->first], window->count);
    case SIGMA_EVENT_COUNT:
    case SIGMA_VALUE_COUNT:
        break;
    case SIGMA_VALUE_SUM:
        number = window->sum;
        break;
    case SIGMA_VALUE_AVG:
        number = window->sum / (double)window->count;
        break;
    case SIGMA_VALUE_PERCENTILE:
        number = spec->has_percentile ? window_percentile(window, spec->percentile)
                                      : window_share(window);
        break;
    case SIGMA_VALUE_MEDIAN:
        number = window_percentile(window, 50);
        break;
    }
    return window_compare(spec, number);
}

/* --- firings --- */

static void window_fire_record(struct window *window, struct window_record *record)
{
    struct window_firing *firing = &window->firing;
    if (firing->record_count == CORRELATION_RECORDS_MAX)
        return;
    record->references++;
    firing->records[firing->record_count++] = record;
}

void window_fire(struct window *window, int64_t now_ns)
{
    struct window_firing *firing = &window->firing;
    const struct window_entry *entries = &window->entries[window->first];
    ASSERT(window->count > 0);
    firing->last_ns = now_ns;
    if (firing->going) {
        firing->count++;
        window_fire_record(window, entries[window->count - 1].record);
        return;
    }
    if (firing->records == NULL)
        firing->records = calloc(CORRELATION_RECORDS_MAX, sizeof(*firing->records));
    ASSERT(firing->records != NULL);
    firing->going = true;
    firing->time_ns = now_ns;
    firing->first_ns = entries[0].time_ns;
    firing->count = window->count;
    for (size_t i = 0; i < window->count; i++)
        window_fire_record(window, entries[i].record);
}

void window_fire_end(struct window *window)
{
    struct window_firing *firing = &window->firing;
    for (size_t i = 0; i < firing->record_count; i++)
        window_record_release(firing->records[i]);
    firing->record_count = 0;
    firing->going = false;
}
