/* See item.h: matching. A value that the event does not have, or has as null, matches nothing;
 * `neq` asks that the field is there and that nothing matches. Rejected: neq as plain negation,
 * which would match every event without the field. Building is in item_build.c. */
#include "detect/item.h"

#include <string.h>

#include "base/civil.h"
#include "detect/modifier.h"
#include "wire/stamp.h"

struct item_asking {
    const struct item *item;
    struct view *view;
    struct regex_matcher *regexes;
};

/* The number that a time modifier takes out of a stamp, as it is written there: no zone is applied.
 */
static bool item_time_part(uint32_t modifiers, slice text, double *number)
{
    struct stamp stamp;
    if (!stamp_any(text, &stamp))
        return false;
    const struct civil *civil = &stamp.civil;
    bool has_year = (stamp.missing & STAMP_NO_YEAR) == 0;
    switch (modifiers & MODIFIER_TIMES) {
    case MODIFIER_MINUTE:
        *number = civil->minute;
        return true;
    case MODIFIER_HOUR:
        *number = civil->hour;
        return true;
    case MODIFIER_DAY:
        *number = civil->day;
        return true;
    case MODIFIER_MONTH:
        *number = civil->month;
        return true;
    case MODIFIER_YEAR:
        *number = civil->year;
        return has_year;
    default: {
        struct civil day = {.year = civil->year, .month = civil->month, .day = civil->day};
        int64_t time_ns;
        if (!has_year || !civil_to_ns(&day, &time_ns))
            return false;
        *number = civil_iso_week(time_ns);
        return true;
    }
    }
}

static bool item_compare(uint32_t modifiers, double left, double right)
{
    switch (modifiers & MODIFIER_COMPARES) {
    case MODIFIER_LT:
        return left < right;
    case MODIFIER_LTE:
        return left <= right;
    case MODIFIER_GT:
        return left > right;
    case MODIFIER_GTE:
        return left >= right;
    default:
        return left >= right && left <= right;
    }
}

static bool item_match_number(const struct item_asking *asking, double wanted, slice text)
{
    double number;
    uint32_t modifiers = asking->item->modifiers;
    bool is_number = (modifiers & MODIFIER_TIMES) != 0 ? item_time_part(modifiers, text, &number)
                                                       : slice_to_double(slice_trim(text), &number);
    return is_number && item_compare(modifiers, number, wanted);
}

static bool item_fields_agree(uint32_t modifiers, slice left, slice right)
{
    if ((modifiers & MODIFIER_CONTAINS) != 0)
        return slice_contains(left, right);
    if ((modifiers & MODIFIER_STARTSWITH) != 0)
        return slice_starts(left, right);
    if ((modifiers & MODIFIER_ENDSWITH) != 0)
        return slice_ends(left, right);
    return slice_equal(left, right);
}

static bool item_match_field(const struct item_asking *asking, uint32_t field, uint32_t value)
{
    struct view *view = asking->view;
    uint32_t modifiers = asking->item->modifiers;
    bool cased = (modifiers & MODIFIER_CASED) != 0;
    slice left = cased ? view_get(view, value)->value : view_lower(view, value);
    for (uint32_t other = view_first(view, field); other != 0; other = view_next(view, other)) {
        const struct event_field *right = view_get(view, other);
        if (right->type != EVENT_NULL &&
            item_fields_agree(modifiers, left, cased ? right->value : view_lower(view, other)))
            return true;
    }
    return false;
}

/* Numbers that are written differently, as 10 and 10.0; those written alike are equal as text, and
 * integers are told apart there beyond what a double holds. */
static bool item_match_equal_number(const struct item_value *wanted, const struct event_field *has)
{
    double number;
    int64_t integer;
    if (has->type != EVENT_NUMBER || !slice_to_double(has->value, &number))
        return false;
    if (wanted->is_integer && slice_to_i64(has->value, &integer))
        return false;
    return number >= wanted->number && number <= wanted->number;
}

/* One value of the rule against one value of the event. */
static bool item_match_value(
    const struct item_asking *asking, const struct item_value *wanted, uint32_t value)
{
    const struct event_field *has = view_get(asking->view, value);
    struct address address;
    if (has->type == EVENT_NULL)
        return wanted->type == ITEM_NULL;
    switch (wanted->type) {
    case ITEM_PATTERN:
        return pattern_match(
            &wanted->pattern, wanted->pattern.cased ? has->value : view_lower(asking->view, value));
    case ITEM_NUMBER:
        return item_match_equal_number(wanted, has);
    case ITEM_COMPARE:
        return item_match_number(asking, wanted->number, has->value);
    case ITEM_REGEX:
        return regex_match(asking->regexes, wanted->regex->regex, has->value);
    case ITEM_RANGE:
        return address_parse(slice_trim(has->value), &address) &&
               address_in_range(&address, &wanted->range);
    case ITEM_FIELD:
        return item_match_field(asking, wanted->field, value);
    case ITEM_NULL:
        break;
    }
    return false;
}

/* One value of the rule against all values of the field, or of the event. */
static bool item_match_any(const struct item_asking *asking, const struct item_value *wanted)
{
    struct view *view = asking->view;
    if (asking->item->field == ITEM_ANY_FIELD) {
        for (uint32_t value = 1; value <= view->event->count; value++)
            if (item_match_value(asking, wanted, value))
                return true;
        return false;
    }
    uint32_t value = view_first(view, asking->item->field);
    if (value == 0)
        return wanted->type == ITEM_NULL;
    for (; value != 0; value = view_next(view, value))
        if (item_match_value(asking, wanted, value))
            return true;
    return false;
}

/* Each value of the rule must match, in one of the forms it was expanded to. */
static bool item_match_all(const struct item_asking *asking)
{
    const struct item *item = asking->item;
    bool group = true;
    for (size_t i = 0; i < item->count; i++) {
        if (!item->values[i].more && !group)
            return false;
        group = (item->values[i].more && group) || item_match_any(asking, &item->values[i]);
    }
    return group;
}

static bool item_match_one(const struct item_asking *asking)
{
    for (size_t i = 0; i < asking->item->count; i++)
        if (item_match_any(asking, &asking->item->values[i]))
            return true;
    return false;
}

static bool item_is_there(const struct item *item, const struct view *view)
{
    if (item->field == ITEM_ANY_FIELD)
        return true;
    for (uint32_t value = view_first(view, item->field); value != 0; value = view_next(view, value))
        if (view_get(view, value)->type != EVENT_NULL)
            return true;
    return false;
}

/* fieldref|neq: the other field must be there as well. */
static bool item_others_are_there(const struct item *item, const struct view *view)
{
    for (size_t i = 0; i < item->count; i++)
        if (item->values[i].type == ITEM_FIELD && view_first(view, item->values[i].field) == 0)
            return false;
    return true;
}

bool item_match(const struct item *item, struct view *view, struct regex_matcher *regexes)
{
    struct item_asking asking = {.item = item, .view = view, .regexes = regexes};
    if ((item->modifiers & MODIFIER_EXISTS) != 0)
        return (view_first(view, item->field) != 0) == item->wanted;
    bool negated = (item->modifiers & MODIFIER_NEQ) != 0;
    if (negated && !(item_is_there(item, view) && item_others_are_there(item, view)))
        return false;
    bool matched =
        (item->modifiers & MODIFIER_ALL) != 0 ? item_match_all(&asking) : item_match_one(&asking);
    return matched != negated;
}

uint32_t item_cost(const struct item *item)
{
    static const uint32_t costs[] = {[ITEM_PATTERN] = 4,
        [ITEM_NUMBER] = 1,
        [ITEM_COMPARE] = 4,
        [ITEM_REGEX] = 200,
        [ITEM_RANGE] = 4,
        [ITEM_NULL] = 1,
        [ITEM_FIELD] = 4};
    uint32_t cost = 1;
    for (size_t i = 0; i < item->count && cost < UINT32_MAX / 64; i++) {
        const struct item_value *value = &item->values[i];
        cost += costs[value->type];
        if (value->type == ITEM_PATTERN && value->pattern.form >= PATTERN_CONTAINS)
            cost += 16;
    }
    return item->field == ITEM_ANY_FIELD ? cost * 32 : cost;
}

static void item_value_copy(
    struct arena *arena, const struct item_value *value, struct item_value *to)
{
    to->type = value->type;
    to->is_integer = value->is_integer;
    to->more = value->more;
    switch (value->type) {
    case ITEM_PATTERN:
        pattern_copy(arena, &value->pattern, &to->pattern);
        break;
    case ITEM_NUMBER:
    case ITEM_COMPARE:
        to->number = value->number;
        break;
    case ITEM_REGEX:
        to->regex = value->regex;
        break;
    case ITEM_RANGE:
        memcpy(
            to->range.network.bytes, value->range.network.bytes, sizeof(to->range.network.bytes));
        to->range.network.is_v6 = value->range.network.is_v6;
        to->range.bits = value->range.bits;
        break;
    case ITEM_FIELD:
        to->field = value->field;
        break;
    case ITEM_NULL:
        break;
    }
}

void item_copy(struct arena *arena, const struct item *item, struct item *to)
{
    to->field = item->field;
    to->modifiers = item->modifiers;
    to->wanted = item->wanted;
    to->values = ARENA_ARRAY(arena, struct item_value, item->count);
    to->count = item->count;
    for (size_t i = 0; i < item->count; i++)
        item_value_copy(arena, &item->values[i], &to->values[i]);
}

static void item_value_key(const struct item_value *value, struct buf *key)
{
    buf_append_byte(key, value->more ? '+' : ',');
    buf_append_byte(key, (char)('a' + (int)value->type));
    switch (value->type) {
    case ITEM_PATTERN:
        pattern_key(&value->pattern, key);
        break;
    case ITEM_NUMBER:
    case ITEM_COMPARE:
        buf_append(key, slice_make(&value->number, sizeof(value->number)));
        break;
    case ITEM_REGEX:
        buf_append_u64(key, (uint64_t)(uintptr_t)value->regex); /* one for each text and options */
        break;
    case ITEM_RANGE:
        buf_append_byte(key, value->range.network.is_v6 ? '6' : '4');
        buf_append(key, slice_make(value->range.network.bytes, sizeof(value->range.network.bytes)));
        buf_append_u64(key, value->range.bits);
        break;
    case ITEM_FIELD:
        buf_append_u64(key, value->field);
        break;
    case ITEM_NULL:
        break;
    }
}

void item_key(const struct item *item, struct buf *key)
{
    buf_append_u64(key, item->field);
    buf_append_byte(key, '|');
    buf_append_u64(key, item->modifiers);
    buf_append_byte(key, item->wanted ? '1' : '0');
    for (size_t i = 0; i < item->count; i++)
        item_value_key(&item->values[i], key);
}
