/* See product_when.h. */
#include "decode/product_when.h"

#include "base/base.h"

/* --- conditions --- */

static bool when_contains_nocase(slice text, slice needle)
{
    for (size_t i = 0; i + needle.len <= text.len; i++)
        if (slice_starts_nocase(slice_from(text, i), needle))
            return true;
    return false;
}

bool product_when_value_holds(const struct when_value *value, slice text)
{
    switch (value->test) {
    case WHEN_EQUAL:
        return slice_equal_nocase(text, value->text);
    case WHEN_STARTS:
        return text.len > 0 && value->text.len > 0 && /* most often the first byte tells */
               byte_lower(text.at[0]) == value->text.at[0] &&
               slice_starts_nocase(text, value->text);
    case WHEN_ENDS:
        return slice_ends_nocase(text, value->text);
    case WHEN_CONTAINS:
        return when_contains_nocase(text, value->text);
    case WHEN_PRESENT:
        return true;
    case WHEN_ABSENT:
        break;
    }
    return false;
}

struct when_field product_when_field(struct product_names *names, struct product_words *known,
    struct arena *arena, uint32_t name, struct when_value *values, size_t count)
{
    bool exact = true, any = false;
    for (size_t i = 0; i < count; i++) {
        bool equal = values[i].test == WHEN_EQUAL;
        values[i].number =
            equal ? product_words_put(known, arena, name, values[i].text) : PRODUCT_WORD_NONE;
        exact = exact && equal;
        any = any || equal;
    }
    names->items[name].asked = true;
    names->items[name].compared |= any;
    return (struct when_field){name, exact, values, count};
}

static bool when_field_has_value(const struct when_field *field, uint32_t number)
{
    for (size_t i = 0; i < field->count; i++)
        if (field->values[i].number == number)
            return true;
    return false;
}

static bool when_field_is_like(const struct when_field *field, slice text)
{
    for (size_t i = 0; i < field->count; i++)
        if (product_when_value_holds(&field->values[i], text))
            return true;
    return false;
}

static bool when_field_holds(const struct when_field *field, const struct product_view *view)
{
    uint16_t at = view->first[field->name];
    if (at == 0) {
        for (size_t i = 0; i < field->count && !field->exact; i++)
            if (field->values[i].test == WHEN_ABSENT)
                return true;
        return false;
    }
    for (; at != 0; at = view->links[at - 1].next) {
        uint32_t number = view->links[at - 1].value;
        if (field->exact ? number != PRODUCT_WORD_NONE && when_field_has_value(field, number)
                         : when_field_is_like(field, view->event->fields[at - 1].value))
            return true;
    }
    return false;
}

static bool when_holds(const struct when *when, const struct product_view *view)
{
    for (size_t i = 0; i < when->count; i++)
        if (!when_field_holds(&when->fields[i], view))
            return false;
    return true;
}

bool product_when_list_holds(const struct when_list *list, const struct product_view *view)
{
    for (size_t i = 0; i < list->count; i++)
        if (when_holds(&list->items[i], view))
            return true;
    return list->count == 0;
}

/* --- the index --- */

static bool when_field_needs_presence(const struct when_field *field)
{
    for (size_t i = 0; i < field->count; i++)
        if (field->values[i].test == WHEN_ABSENT)
            return false;
    return true;
}

bool product_when_list_is_indexable(const struct when_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        bool found = false;
        for (size_t k = 0; k < list->items[i].count; k++)
            found = found || when_field_needs_presence(&list->items[i].fields[k]);
        if (!found)
            return false;
    }
    return true;
}

bool product_when_list_is_general(const struct when_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        bool exact = false;
        for (size_t k = 0; k < list->items[i].count; k++)
            exact = exact || list->items[i].fields[k].exact;
        if (!exact)
            return true;
    }
    return false;
}

static struct when_items *when_items_at(
    struct when_items **rows, size_t *capacity, struct arena *arena, uint32_t number)
{
    while (number >= *capacity)
        *rows = arena_grow(arena, *rows, capacity, sizeof(struct when_items));
    return &(*rows)[number];
}

void product_when_items_add(struct when_items *list, struct arena *arena, uint32_t item)
{
    if (list->count > 0 && list->items[list->count - 1] == item)
        return;
    if (list->count == list->capacity)
        list->items = arena_grow(arena, list->items, &list->capacity, sizeof(uint32_t));
    list->items[list->count++] = item;
}

/* Whether all its values can be looked up. */
static bool when_field_is_found(const struct when_field *field)
{
    for (size_t i = 0; i < field->count; i++)
        if (field->values[i].test != WHEN_EQUAL && field->values[i].test != WHEN_STARTS)
            return false;
    return true;
}

/* How many items share the conditions of a field already. */
static size_t when_field_load(const struct when_index *index, const struct when_field *field)
{
    size_t load = 0;
    if (!field->exact)
        return SIZE_MAX - when_field_is_found(field);
    for (size_t i = 0; i < field->count; i++) {
        uint32_t number = field->values[i].number;
        if (number < index->value_capacity)
            load = size_max(load, index->by_value[number].count);
    }
    return load;
}

static const struct when_field *when_rarest(const struct when_index *index, const struct when *when)
{
    const struct when_field *best = NULL;
    size_t best_load = 0;
    for (size_t i = 0; i < when->count; i++) {
        const struct when_field *field = &when->fields[i];
        size_t load = when_field_load(index, field);
        if (!when_field_needs_presence(field))
            continue;
        if (best == NULL || load < best_load) {
            best = field;
            best_load = load;
        }
    }
    return best;
}

/* Longer ones are looked up by their front. */
#define WHEN_PREFIX_MAX 31

static void when_index_add_prefix(struct when_index *index, struct arena *arena,
    const struct when_field *field, slice text, uint32_t item)
{
    slice front = slice_first(text, WHEN_PREFIX_MAX);
    uint32_t number = product_words_put(&index->prefixes, arena, field->name, front);
    while (field->name >= index->prefix_lens_capacity)
        index->prefix_lens =
            arena_grow(arena, index->prefix_lens, &index->prefix_lens_capacity, sizeof(uint32_t));
    index->prefix_lens[field->name] |= UINT32_C(1) << front.len;
    product_when_items_add(
        when_items_at(&index->by_prefix, &index->prefix_capacity, arena, number), arena, item);
}

void product_when_index_add(
    struct when_index *index, struct arena *arena, const struct when_list *list, uint32_t item)
{
    ASSERT(product_when_list_is_indexable(list));
    for (size_t i = 0; i < list->count; i++) {
        const struct when_field *field = when_rarest(index, &list->items[i]);
        ASSERT(field != NULL);
        if (!when_field_is_found(field)) {
            product_when_items_add(
                when_items_at(&index->by_name, &index->name_capacity, arena, field->name), arena,
                item);
            continue;
        }
        for (size_t k = 0; k < field->count; k++) {
            const struct when_value *value = &field->values[k];
            if (value->test == WHEN_STARTS)
                when_index_add_prefix(index, arena, field, value->text, item);
            else
                product_when_items_add(
                    when_items_at(&index->by_value, &index->value_capacity, arena, value->number),
                    arena, item);
        }
    }
}

/* The place of the first item of a range. */
static size_t when_items_from(const struct when_items *row, uint32_t from)
{
    size_t low = 0, high = row->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row->items[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What is looked up, and for whom. */
struct when_search {
    const struct when_range *ranges;
    size_t range_count;
    struct product_set *found;
};

static inline void when_items_put(
    const struct when_items *rows, size_t count, uint32_t number, const struct when_search *search)
{
    if (number >= count || rows[number].count == 0)
        return;
    const struct when_items *row = &rows[number];
    for (size_t k = 0; k < search->range_count; k++)
        for (size_t i = when_items_from(row, search->ranges[k].from);
             i < row->count && row->items[i] < search->ranges[k].to; i++)
            product_set_add(search->found, row->items[i]);
}

static void when_prefixes_put(
    const struct when_index *index, uint32_t name, slice value, const struct when_search *search)
{
    for (uint32_t left = index->prefix_lens[name]; left != 0; left &= left - 1) {
        size_t len = (size_t)__builtin_ctz(left);
        if (len > value.len)
            break;
        uint32_t number = product_words_find(&index->prefixes, name, slice_first(value, len));
        when_items_put(index->by_prefix, index->prefix_capacity, number, search);
    }
}

void product_when_index_find(const struct when_index *index, const struct product_view *view,
    size_t from, const struct when_range *ranges, size_t range_count, struct product_set *found)
{
    struct when_search search = {ranges, range_count, found};
    for (size_t i = from; i < view->asked_count; i++) {
        const struct view_link *link = &view->links[view->asked[i]];
        when_items_put(index->by_value, index->value_capacity, link->value, &search);
        when_items_put(index->by_name, index->name_capacity, link->name, &search);
        if (link->name < index->prefix_lens_capacity)
            when_prefixes_put(
                index, link->name, view->event->fields[view->asked[i]].value, &search);
    }
}
