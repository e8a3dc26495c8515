/* See product_when.h. */
#include "decode/product_when.h"

#include <string.h>

#include "base/base.h"

struct when_bucket {
    uint32_t *items;
    size_t count, capacity;
};

/* A name's number and a value, as the index is keyed. */
struct when_key {
    char bytes[sizeof(uint32_t) + WHEN_VALUE_MAX];
    size_t len;
};

/* --- names --- */

bool product_when_name_is_ecs(slice name)
{
    static const slice tops[] = {S_INIT("@timestamp"), S_INIT("agent"), S_INIT("client"),
        S_INIT("cloud"), S_INIT("container"), S_INIT("data_stream"), S_INIT("destination"),
        S_INIT("device"), S_INIT("dll"), S_INIT("dns"), S_INIT("ecs"), S_INIT("email"),
        S_INIT("error"), S_INIT("event"), S_INIT("faas"), S_INIT("file"), S_INIT("group"),
        S_INIT("hash"), S_INIT("host"), S_INIT("http"), S_INIT("log"), S_INIT("message"),
        S_INIT("network"), S_INIT("observer"), S_INIT("orchestrator"), S_INIT("organization"),
        S_INIT("os"), S_INIT("package"), S_INIT("process"), S_INIT("registry"), S_INIT("related"),
        S_INIT("rule"), S_INIT("server"), S_INIT("service"), S_INIT("source"), S_INIT("tags"),
        S_INIT("threat"), S_INIT("tls"), S_INIT("trace"), S_INIT("transaction"), S_INIT("url"),
        S_INIT("user"), S_INIT("user_agent"), S_INIT("vlan"), S_INIT("vulnerability")};
    size_t dot = slice_find_byte(name, '.');
    slice top = slice_first(name, dot);
    bool whole = slice_equal(name, S("message")) || slice_equal(name, S("@timestamp")) ||
                 slice_equal(name, S("tags"));
    if (dot == name.len && !whole)
        return false;
    for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
        if (slice_equal(tops[i], top))
            return true;
    return false;
}

/* The number of a key, new ones counted on; map_find gives it as well. */
static size_t when_intern(struct map *map, slice key)
{
    bool inserted;
    size_t next = map->count;
    uint64_t *number = map_put(map, key, &inserted);
    if (inserted)
        *number = next;
    return (size_t)*number;
}

uint32_t product_when_name(struct when_names *names, struct arena *arena, slice name)
{
    size_t number = when_intern(&names->numbers, name);
    ASSERT(number < UINT32_MAX - 1);
    if (number >= names->capacity) {
        size_t capacity = names->capacity;
        names->ecs = arena_grow(arena, names->ecs, &capacity, sizeof(bool));
        names->texts = arena_grow(arena, names->texts, &names->capacity, sizeof(slice));
    }
    if (slice_is_absent(names->texts[number])) {
        names->texts[number] = arena_copy(arena, name);
        names->ecs[number] = product_when_name_is_ecs(name);
    }
    return (uint32_t)number;
}

/* --- the view --- */

void product_when_view_begin(
    struct when_view *view, const struct when_names *names, struct event *event)
{
    size_t capacity = event->count * 2 + 32;
    *view = (struct when_view){.names = names,
        .event = event,
        .first = ARENA_ARRAY(event->arena, uint32_t, names->numbers.count + 1),
        .ids = ARENA_ARRAY(event->arena, uint32_t, capacity),
        .capacity = capacity};
    product_when_view_update(view);
}

void product_when_view_update(struct when_view *view)
{
    const struct event *event = view->event;
    while (view->capacity < event->count)
        view->ids = arena_grow(event->arena, view->ids, &view->capacity, sizeof(uint32_t));
    for (; view->seen < event->count; view->seen++) {
        const uint64_t *number = map_find(&view->names->numbers, event->fields[view->seen].name);
        view->ids[view->seen] = number == NULL ? 0 : (uint32_t)*number + 1;
        if (number != NULL && view->first[*number] == 0)
            view->first[*number] = (uint32_t)view->seen + 1;
    }
}

const struct event_field *product_when_view_first(
    const struct when_view *view, uint32_t name, size_t *at)
{
    uint32_t first = view->first[name];
    if (first == 0)
        return NULL;
    *at = first - 1;
    return &view->event->fields[first - 1];
}

const struct event_field *product_when_view_next(
    const struct when_view *view, uint32_t name, size_t *at)
{
    for (size_t i = *at + 1; i < view->seen; i++) {
        if (view->ids[i] == name + 1) {
            *at = i;
            return &view->event->fields[i];
        }
    }
    return NULL;
}

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
        return slice_starts_nocase(text, value->text);
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

static bool when_field_holds(const struct when_field *field, const struct when_view *view)
{
    size_t at = 0;
    const struct event_field *found = product_when_view_first(view, field->name, &at);
    if (found == NULL) {
        for (size_t i = 0; i < field->count; i++)
            if (field->values[i].test == WHEN_ABSENT)
                return true;
        return false;
    }
    for (; found != NULL; found = product_when_view_next(view, field->name, &at))
        for (size_t i = 0; i < field->count; i++)
            if (product_when_value_holds(&field->values[i], found->value))
                return true;
    return false;
}

static bool when_holds(const struct when *when, const struct when_view *view)
{
    for (size_t i = 0; i < when->count; i++)
        if (!when_field_holds(&when->fields[i], view))
            return false;
    return true;
}

bool product_when_list_holds(const struct when_list *list, const struct when_view *view)
{
    for (size_t i = 0; i < list->count; i++)
        if (when_holds(&list->items[i], view))
            return true;
    return list->count == 0;
}

/* --- the index --- */

/* A value that can be looked up by itself; of the others, only that the field is there is known
 * beforehand. */
static bool when_field_is_exact(const struct when_field *field)
{
    for (size_t i = 0; i < field->count; i++)
        if (field->values[i].test != WHEN_EQUAL)
            return false;
    return true;
}

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
            exact = exact || when_field_is_exact(&list->items[i].fields[k]);
        if (!exact)
            return true;
    }
    return false;
}

static slice when_key_make(struct when_key *key, uint32_t name, slice value)
{
    ASSERT(value.len <= WHEN_VALUE_MAX);
    memcpy(key->bytes, &name, sizeof(name));
    for (size_t i = 0; i < value.len; i++)
        key->bytes[sizeof(name) + i] = byte_lower(value.at[i]);
    key->len = sizeof(name) + value.len;
    return slice_make(key->bytes, key->len);
}

static const struct when_bucket *when_bucket_find(
    const struct when_index *index, uint32_t name, slice value)
{
    struct when_key key;
    if (value.len > WHEN_VALUE_MAX)
        return NULL;
    const uint64_t *number = map_find(&index->lists, when_key_make(&key, name, value));
    return number == NULL ? NULL : &index->buckets[*number];
}

static void when_bucket_add(
    struct when_index *index, struct arena *arena, uint32_t name, slice value, uint32_t item)
{
    struct when_key key;
    size_t number = when_intern(&index->lists, when_key_make(&key, name, value));
    if (number >= index->bucket_capacity)
        index->buckets =
            arena_grow(arena, index->buckets, &index->bucket_capacity, sizeof(struct when_bucket));
    struct when_bucket *bucket = &index->buckets[number];
    if (bucket->count > 0 && bucket->items[bucket->count - 1] == item)
        return;
    if (bucket->count == bucket->capacity)
        bucket->items = arena_grow(arena, bucket->items, &bucket->capacity, sizeof(uint32_t));
    bucket->items[bucket->count++] = item;
}

/* How many items share the conditions of a field already. */
static size_t when_field_load(const struct when_index *index, const struct when_field *field)
{
    size_t load = 0;
    if (!when_field_is_exact(field))
        return SIZE_MAX;
    for (size_t i = 0; i < field->count; i++) {
        const struct when_bucket *bucket =
            when_bucket_find(index, field->name, field->values[i].text);
        load = size_max(load, bucket == NULL ? 0 : bucket->count);
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

void product_when_index_add(struct when_index *index, struct arena *arena,
    const struct when_list *list, uint32_t item, size_t name_count)
{
    ASSERT(product_when_list_is_indexable(list));
    while (index->named_count < name_count)
        index->named = arena_grow(arena, index->named, &index->named_count, sizeof(bool));
    for (size_t i = 0; i < list->count; i++) {
        const struct when_field *field = when_rarest(index, &list->items[i]);
        ASSERT(field != NULL);
        index->named[field->name] = true;
        if (!when_field_is_exact(field)) {
            /* Kept apart from values by a byte that no value begins with. */
            when_bucket_add(index, arena, field->name, S("\xff"), item);
            continue;
        }
        for (size_t k = 0; k < field->count; k++)
            when_bucket_add(index, arena, field->name, field->values[k].text, item);
    }
}

static void when_bits_set(const struct when_bucket *bucket, uint64_t *bits)
{
    for (size_t i = 0; bucket != NULL && i < bucket->count; i++)
        bits[bucket->items[i] / 64] |= UINT64_C(1) << (bucket->items[i] % 64);
}

void product_when_index_find(
    const struct when_index *index, const struct when_view *view, size_t from, uint64_t *bits)
{
    for (size_t i = from; i < view->seen; i++) {
        uint32_t name = view->ids[i] - 1;
        if (view->ids[i] == 0 || name >= index->named_count || !index->named[name])
            continue;
        when_bits_set(when_bucket_find(index, name, view->event->fields[i].value), bits);
        when_bits_set(when_bucket_find(index, name, S("\xff")), bits);
    }
}

void product_when_index_free(struct when_index *index)
{
    map_free(&index->lists);
}
