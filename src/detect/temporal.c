/* Temporal correlations (temporal.h). Without an expression the number of rules that occurred, or
 * of those that occurred in their order, is compared. With one, `and` of temporal_ordered means one
 * after the other, in the order of the text; `not` means that its rules did not occur in the
 * window. */
#include "detect/temporal.h"

#include "base/base.h"
#include "detect/condition.h"
#include "detect/limits.h"

#define TEMPORAL_NEVER SIZE_MAX

struct temporal_entries {
    const struct window_entry *items;
    size_t count;
    bool ordered;
};

static size_t temporal_end(
    const struct temporal_entries *entries, const struct condition *condition, size_t from);

static size_t temporal_end_of_name(
    const struct temporal_entries *entries, const struct condition *condition, size_t from)
{
    for (size_t i = from; i < entries->count; i++)
        if (entries->items[i].reference == condition->least)
            return i + 1;
    return TEMPORAL_NEVER;
}

static size_t temporal_end_of_all(
    const struct temporal_entries *entries, const struct condition *condition, size_t from)
{
    size_t at = from;
    for (size_t i = 0; i < condition->count; i++) {
        at = temporal_end(entries, condition->parts[i], entries->ordered ? at : 0);
        if (at == TEMPORAL_NEVER)
            return TEMPORAL_NEVER;
    }
    return at;
}

static size_t temporal_end_of_any(
    const struct temporal_entries *entries, const struct condition *condition, size_t from)
{
    size_t first = TEMPORAL_NEVER;
    for (size_t i = 0; i < condition->count; i++)
        first = size_min(first, temporal_end(entries, condition->parts[i], from));
    return first;
}

/* The first place behind which the condition is satisfied, when it begins at `from`; TEMPORAL_NEVER
 * when it is not. */
static size_t temporal_end(
    const struct temporal_entries *entries, const struct condition *condition, size_t from)
{
    switch (condition->type) {
    case CONDITION_NAME:
        return temporal_end_of_name(entries, condition, from);
    case CONDITION_AND:
        return temporal_end_of_all(entries, condition, from);
    case CONDITION_OR:
        return temporal_end_of_any(entries, condition, from);
    case CONDITION_NOT:
        return temporal_end(entries, condition->parts[0], 0) == TEMPORAL_NEVER ? from
                                                                               : TEMPORAL_NEVER;
    case CONDITION_OF: /* refused when the rule was loaded */
        break;
    }
    return TEMPORAL_NEVER;
}

/* How many of the rules occurred; ordered: the most that follow each other in the order of the
 * list. */
static size_t temporal_count(const struct temporal_entries *entries)
{
    size_t longest[CORRELATION_RULES_MAX] = {0}; /* rows of rules in order that end with this one */
    size_t most = 0;
    size_t seen = 0;
    for (size_t i = 0; i < entries->count; i++) {
        uint32_t reference = entries->items[i].reference;
        size_t before = 0;
        for (uint32_t k = 0; k < reference; k++)
            before = size_max(before, longest[k]);
        seen += longest[reference] == 0;
        longest[reference] = size_max(longest[reference], before + 1);
        most = size_max(most, longest[reference]);
    }
    return entries->ordered ? most : seen;
}

bool temporal_holds(
    const struct sigma_correlation *spec, const struct window_entry *items, size_t count)
{
    struct temporal_entries entries = {
        .items = items, .count = count, .ordered = spec->type == SIGMA_TEMPORAL_ORDERED};
    if (spec->parsed != NULL)
        return temporal_end(&entries, spec->parsed, 0) != TEMPORAL_NEVER;
    size_t number = temporal_count(&entries);
    for (int i = 0; i < SIGMA_OPERATORS; i++)
        if (spec->has_operator[i])
            return window_compare(spec, (double)number);
    return number >= spec->rule_count;
}
