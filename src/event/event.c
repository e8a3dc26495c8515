/* See event.h. */
#include "event/event.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/checked.h"
#include "wire/json_writer.h"

#define EVENT_FIRST_FIELDS 64

void event_reset(struct event *event, struct arena *arena)
{
    *event = (struct event){.arena = arena,
        .time_ns = CIVIL_TIME_NONE,
        .capacity = EVENT_FIRST_FIELDS,
        .fields = arena_room(arena, EVENT_FIRST_FIELDS * sizeof(struct event_field))};
}

struct event_field *event_room(struct event *event)
{
    if (event->count == EVENT_FIELDS_MAX) {
        event->dropped_fields++;
        return NULL;
    }
    event->fields =
        arena_grow(event->arena, event->fields, &event->capacity, sizeof(*event->fields));
    return &event->fields[event->count++];
}

void event_add_u64(struct event *event, slice name, uint64_t value)
{
    event_add(event, name, arena_u64(event->arena, value), EVENT_NUMBER);
}

const struct event_field *event_find(const struct event *event, slice name)
{
    for (size_t i = 0; i < event->count; i++)
        if (slice_equal(event->fields[i].name, name))
            return &event->fields[i];
    return NULL;
}

slice event_value(const struct event *event, slice name)
{
    const struct event_field *field = event_find(event, name);
    return field == NULL ? (slice){NULL, 0} : field->value;
}

/* Index of the first byte at or after `at` that is no digit. */
static size_t event_digits_end(slice text, size_t at)
{
    while (at < text.len && byte_is_digit(text.at[at]))
        at++;
    return at;
}

/* The grammar of RFC 8259, section 6: 0123, 0x1F, +1, .5 and 1. are numbers elsewhere only. */
static bool event_is_json_number(slice text)
{
    size_t first = slice_starts(text, S("-")) ? 1 : 0;
    size_t end = event_digits_end(text, first);
    if (end == first || (text.at[first] == '0' && end > first + 1))
        return false;
    if (end < text.len && text.at[end] == '.') {
        size_t fraction = end + 1;
        end = event_digits_end(text, fraction);
        if (end == fraction)
            return false;
    }
    if (end < text.len && byte_lower(text.at[end]) == 'e') {
        bool sign = end + 1 < text.len && (text.at[end + 1] == '+' || text.at[end + 1] == '-');
        size_t exponent = end + 1 + sign;
        end = event_digits_end(text, exponent);
        if (end == exponent)
            return false;
    }
    return end == text.len;
}

static void event_write_value(struct json_writer *json, const struct event_field *field)
{
    if (field->type == EVENT_NULL)
        json_null(json);
    else if (field->type == EVENT_BOOL)
        json_bool(json, slice_equal(field->value, S("true")));
    else if (field->type == EVENT_NUMBER && event_is_json_number(field->value))
        json_raw(json, field->value);
    else
        json_string(json, field->value);
}

/* Which fields belong together: a list is one key. */
struct event_keys {
    uint32_t *next; /* the next field of the same key, or 0 (the first field follows none) */
    bool *opens;    /* the field is the first of its key */
};

/* By name (in any order, so lengths tell most apart), ECS first, then as they came. */
static int event_field_order(const void *left, const void *right, void *context)
{
    const struct event_field *fields = context;
    const struct event_field *a = &fields[*(const uint32_t *)left];
    const struct event_field *b = &fields[*(const uint32_t *)right];
    if (a->name.len != b->name.len)
        return a->name.len < b->name.len ? -1 : 1;
    int order = slice_compare(a->name, b->name);
    if (order != 0)
        return order;
    if (a->ecs != b->ecs)
        return a->ecs ? -1 : 1;
    return a < b ? -1 : a > b;
}

static struct event_keys event_keys_find(const struct event *event)
{
    uint32_t *order = ARENA_ARRAY(event->arena, uint32_t, event->count);
    struct event_keys keys = {.next = ARENA_ARRAY(event->arena, uint32_t, event->count),
        .opens = ARENA_ARRAY(event->arena, bool, event->count)};
    for (uint32_t i = 0; i < event->count; i++)
        order[i] = i;
    qsort_r(order, event->count, sizeof(*order), event_field_order, event->fields);
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[order[i]];
        const struct event_field *before = i == 0 ? NULL : &event->fields[order[i - 1]];
        if (before == NULL || !slice_equal(before->name, field->name))
            keys.opens[order[i]] = true;
        else if (before->ecs == field->ecs)
            keys.next[order[i - 1]] = order[i];
    }
    return keys;
}

static void event_write_fields(
    const struct event *event, const struct event_keys *keys, struct json_writer *json, bool ecs)
{
    for (uint32_t i = 0; i < event->count; i++) {
        if (event->fields[i].ecs != ecs || !keys->opens[i])
            continue;
        json_key(json, event->fields[i].name);
        if (keys->next[i] == 0) {
            event_write_value(json, &event->fields[i]);
            continue;
        }
        json_array_begin(json);
        uint32_t at = i;
        do {
            event_write_value(json, &event->fields[at]);
            at = keys->next[at];
        } while (at != 0);
        json_array_end(json);
    }
}

void event_write_json(const struct event *event, struct json_writer *json, bool ecs_only)
{
    struct event_keys keys = event_keys_find(event);
    json_object_begin(json);
    event_write_fields(event, &keys, json, true);
    if (!ecs_only)
        event_write_fields(event, &keys, json, false);
    json_object_end(json);
}
