/* See event.h. */
#include "event/event.h"

#include <string.h>

#include "base/assert.h"
#include "base/checked.h"
#include "wire/json_writer.h"

#define EVENT_FIRST_FIELDS 64

void event_reset(struct event *event, struct arena *arena)
{
    *event = (struct event){.arena = arena,
        .time_ns = CIVIL_TIME_NONE,
        .capacity = EVENT_FIRST_FIELDS,
        .fields = ARENA_ARRAY(arena, struct event_field, EVENT_FIRST_FIELDS)};
}

static void event_add_field(struct event *event, struct event_field field)
{
    if (event->count == EVENT_FIELDS_MAX) {
        event->dropped_fields++;
        return;
    }
    if (event->count == event->capacity)
        event->fields =
            arena_grow(event->arena, event->fields, &event->capacity, sizeof(*event->fields));
    event->fields[event->count++] = field;
}

void event_add(struct event *event, slice name, slice value, enum event_type type)
{
    event_add_field(event, (struct event_field){.name = name, .value = value, .type = type});
}

void event_add_string(struct event *event, slice name, slice value)
{
    event_add(event, name, value, EVENT_STRING);
}

void event_add_u64(struct event *event, slice name, uint64_t value)
{
    struct buf digits;
    const size_t digits_max = 20;
    char *memory = arena_bytes(event->arena, digits_max);
    buf_init_fixed(&digits, memory, digits_max);
    buf_append_u64(&digits, value);
    arena_shrink(event->arena, memory, digits.len);
    event_add(event, name, slice_make(memory, digits.len), EVENT_NUMBER);
}

void event_add_ecs(struct event *event, slice name, slice value, enum event_type type)
{
    if (value.len == 0 || slice_equal(value, S("-")))
        return;
    event_add_field(
        event, (struct event_field){.name = name, .value = value, .type = type, .ecs = true});
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

static bool event_is_json_number(slice text)
{
    double number;
    size_t digit = text.len > 0 && text.at[0] == '-' ? 1 : 0;
    if (text.len <= digit || !byte_is_digit(text.at[digit]))
        return false;
    if (text.at[digit] == '0' && text.len > digit + 1 && byte_is_digit(text.at[digit + 1]))
        return false;
    return text.at[text.len - 1] != '.' && slice_to_double(text, &number);
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

/* The next field of the same name and kind after `from`, or event->count. */
static size_t event_next_same(const struct event *event, size_t from)
{
    const struct event_field *field = &event->fields[from];
    size_t at = from + 1;
    while (at < event->count && (event->fields[at].ecs != field->ecs ||
                                    !slice_equal(event->fields[at].name, field->name)))
        at++;
    return at;
}

static bool event_is_first(const struct event *event, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (slice_equal(event->fields[i].name, event->fields[at].name))
            return false;
    return true;
}

static void event_write_fields(const struct event *event, struct json_writer *json, bool ecs)
{
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[i];
        if (field->ecs != ecs || !event_is_first(event, i))
            continue;
        json_key(json, field->name);
        size_t next = event_next_same(event, i);
        if (next == event->count) {
            event_write_value(json, field);
            continue;
        }
        json_array_begin(json);
        for (size_t at = i; at < event->count; at = event_next_same(event, at))
            event_write_value(json, &event->fields[at]);
        json_array_end(json);
    }
}

void event_write_json(const struct event *event, struct json_writer *json, bool ecs_only)
{
    json_object_begin(json);
    event_write_fields(event, json, true);
    if (!ecs_only)
        event_write_fields(event, json, false);
    json_object_end(json);
}
