/* See temporal.h. Without an expression the number of rules that occurred, or of those that
 * occurred in their order, is compared. With one, `and` of temporal_ordered means one after the
 * other, in the order of the text; `not` means that its rules did not occur in the window.
 *
 * `latest` answers without looking at matches, and so without a limit on them. Unordered: by rule,
 * when it matched last; it is in the window if that is. Ordered: by rule r and length n, the latest
 * begin of a row of n rules, in the order of the list and none behind r; a row is in the window if
 * its begin is. Ordered with an expression: by rule, again, and where all are there the steps are
 * walked; of these only the first and the last of a run of one rule are kept, which is all that an
 * order can tell apart. */
#include "detect/temporal.h"

#include <stdlib.h>

#include "base/base.h"
#include "detect/condition.h"
#include "detect/limits.h"
#include "detect/threshold.h"

#define TEMPORAL_NOWHERE SIZE_MAX
#define TEMPORAL_NEVER   INT64_MIN

static bool temporal_counts_rows(const struct sigma_correlation *spec)
{
    return spec->type == SIGMA_TEMPORAL_ORDERED && spec->parsed == NULL;
}

static size_t temporal_latest_count(const struct sigma_correlation *spec)
{
    return temporal_counts_rows(spec) ? spec->rule_count * spec->rule_count : spec->rule_count;
}

void temporal_init(struct temporal *temporal, const struct sigma_correlation *spec)
{
    size_t count = temporal_latest_count(spec);
    ASSERT(spec->rule_count <= CORRELATION_RULES_MAX);
    *temporal = (struct temporal){.latest = calloc(count, sizeof(*temporal->latest))};
    ASSERT(temporal->latest != NULL);
    for (size_t i = 0; i < count; i++)
        temporal->latest[i] = TEMPORAL_NEVER;
}

void temporal_free(struct temporal *temporal)
{
    match_queue_free(&temporal->steps);
    free(temporal->latest);
    temporal->latest = NULL;
}

size_t temporal_memory(const struct temporal *temporal, const struct sigma_correlation *spec)
{
    return match_queue_memory(&temporal->steps) +
           temporal_latest_count(spec) * sizeof(*temporal->latest);
}

/* --- matches --- */

/* Rows that end with this match. The latest begins do not fall from rule to rule, so what is late
 * enough ends the walk. */
static void temporal_add_rows(
    struct temporal *temporal, size_t rules, size_t reference, int64_t time_ns)
{
    for (size_t len = 0; len <= reference; len++) {
        int64_t begin = len == 0 ? time_ns : temporal->latest[(reference - 1) * rules + len - 1];
        for (size_t rule = reference; rule < rules; rule++) {
            int64_t *latest = &temporal->latest[rule * rules + len];
            if (*latest >= begin)
                break;
            *latest = begin;
        }
    }
}

/* The oldest step of a rule that matched again later. */
static size_t temporal_superfluous(const struct temporal *temporal)
{
    const struct match_queue *steps = &temporal->steps;
    size_t last[CORRELATION_RULES_MAX] = {0};
    for (size_t i = 0; i < steps->count; i++)
        last[match_queue_at(steps, i)->reference] = i;
    for (size_t i = 0; i < steps->count; i++)
        if (last[match_queue_at(steps, i)->reference] != i)
            return i;
    return 0;
}

bool temporal_add(struct temporal *temporal, const struct sigma_correlation *spec,
    const struct match_entry *entry)
{
    struct match_queue *steps = &temporal->steps;
    size_t count = steps->count;
    if (temporal_counts_rows(spec))
        temporal_add_rows(temporal, spec->rule_count, entry->reference, entry->time_ns);
    else
        temporal->latest[entry->reference] = entry->time_ns;
    if (count >= 2 && match_queue_at(steps, count - 1)->reference == entry->reference &&
        match_queue_at(steps, count - 2)->reference == entry->reference)
        match_queue_remove(steps, count - 1);
    match_queue_push(steps, entry);
    if (steps->count <= CORRELATION_STEPS_MAX)
        return true;
    bool walks = spec->type == SIGMA_TEMPORAL_ORDERED && spec->parsed != NULL;
    match_queue_remove(steps, walks ? 0 : temporal_superfluous(temporal));
    return !walks;
}

void temporal_expire(struct temporal *temporal, int64_t since_ns)
{
    while (temporal->steps.count > 0 && match_queue_at(&temporal->steps, 0)->time_ns < since_ns)
        match_queue_remove(&temporal->steps, 0);
}

/* --- conditions --- */

struct temporal_asking {
    const struct temporal *temporal;
    int64_t since_ns;
    bool ordered;
};

static bool temporal_since(int64_t time_ns, int64_t since_ns)
{
    return time_ns != TEMPORAL_NEVER && time_ns >= since_ns;
}

static size_t temporal_end(
    const struct temporal_asking *asking, const struct condition *condition, size_t from);

static size_t temporal_end_of_name(
    const struct temporal_asking *asking, const struct condition *condition, size_t from)
{
    const struct match_queue *steps = &asking->temporal->steps;
    if (!temporal_since(asking->temporal->latest[condition->least], asking->since_ns))
        return TEMPORAL_NOWHERE;
    if (!asking->ordered)
        return from;
    for (size_t i = from; i < steps->count; i++)
        if (match_queue_at(steps, i)->reference == condition->least)
            return i + 1;
    return TEMPORAL_NOWHERE;
}

static size_t temporal_end_of_all(
    const struct temporal_asking *asking, const struct condition *condition, size_t from)
{
    size_t at = from;
    for (size_t i = 0; i < condition->count && at != TEMPORAL_NOWHERE; i++)
        at = temporal_end(asking, condition->parts[i], at);
    return at;
}

static size_t temporal_end_of_any(
    const struct temporal_asking *asking, const struct condition *condition, size_t from)
{
    size_t first = TEMPORAL_NOWHERE;
    for (size_t i = 0; i < condition->count; i++)
        first = size_min(first, temporal_end(asking, condition->parts[i], from));
    return first;
}

/* The first place behind which the condition is satisfied, when it begins at `from`;
 * TEMPORAL_NOWHERE when it is not. Without an order all places are one. */
static size_t temporal_end(
    const struct temporal_asking *asking, const struct condition *condition, size_t from)
{
    switch (condition->type) {
    case CONDITION_NAME:
        return temporal_end_of_name(asking, condition, from);
    case CONDITION_AND:
        return temporal_end_of_all(asking, condition, from);
    case CONDITION_OR:
        return temporal_end_of_any(asking, condition, from);
    case CONDITION_NOT:
        return temporal_end(asking, condition->parts[0], 0) == TEMPORAL_NOWHERE ? from
                                                                                : TEMPORAL_NOWHERE;
    case CONDITION_OF: /* refused when the rule was loaded */
        break;
    }
    return TEMPORAL_NOWHERE;
}

/* How many of the rules occurred; ordered: the most that follow each other in the order of the
 * list. */
static size_t temporal_count(
    const struct temporal *temporal, const struct sigma_correlation *spec, int64_t since_ns)
{
    const int64_t *latest = temporal->latest;
    size_t rules = spec->rule_count;
    size_t count = 0;
    if (spec->type == SIGMA_TEMPORAL_ORDERED) {
        latest += (rules - 1) * rules;
        while (count < rules && temporal_since(latest[count], since_ns))
            count++;
        return count;
    }
    for (size_t i = 0; i < rules; i++)
        count += temporal_since(latest[i], since_ns);
    return count;
}

bool temporal_holds(
    const struct temporal *temporal, const struct sigma_correlation *spec, int64_t since_ns)
{
    if (spec->parsed != NULL) {
        struct temporal_asking asking = {.temporal = temporal,
            .since_ns = since_ns,
            .ordered = spec->type == SIGMA_TEMPORAL_ORDERED};
        return temporal_end(&asking, spec->parsed, 0) != TEMPORAL_NOWHERE;
    }
    size_t number = temporal_count(temporal, spec, since_ns);
    for (int i = 0; i < SIGMA_OPERATORS; i++)
        if (spec->has_operator[i])
            return threshold_holds(spec, (double)number);
    return number >= spec->rule_count;
}
