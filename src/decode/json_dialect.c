/* See json_dialect.h. */
#include "decode/json_dialect.h"

#include "base/base.h"
#include "decode/json_time.h"
#include "decode/product_names.h"
#include "decode/winxml.h"

static bool dialect_is_scalar(const struct json_field *field)
{
    return field->type != JSON_OBJECT && field->type != JSON_ARRAY;
}

static const slice dialect_names[KEY_COUNT] = {
#define KEY(id, name) [KEY_##id] = S_INIT(name),
#include "decode/json_keys.def"
#undef KEY
};
_Static_assert(KEY_COUNT < UINT8_MAX, "a key and the free slot fit a byte");

/* Where the search for a name begins. The table is fixed and mostly free, so evidence cannot make a
 * search long; hashing whole names, as struct map does, costs three times as much. */
static size_t dialect_slot(slice name)
{
    if (name.len == 0)
        return 0;
    size_t first = (unsigned char)name.at[0], middle = (unsigned char)name.at[name.len / 2];
    size_t last = (unsigned char)name.at[name.len - 1];
    return (first * 37 + middle * 149 + last * 5 + name.len * 331) % JSON_KEY_SLOTS;
}

/* The slot of the name, or the free one where it would go. */
static size_t dialect_find(const struct json_events *events, slice name)
{
    size_t slot = dialect_slot(name);
    while (events->keys[slot] != 0 && !slice_equal(dialect_names[events->keys[slot] - 1], name))
        slot = (slot + 1) % JSON_KEY_SLOTS;
    return slot;
}

void json_dialect_prepare(struct json_events *events)
{
    for (uint8_t key = 0; key < KEY_COUNT; key++) {
        size_t slot = dialect_find(events, dialect_names[key]);
        ASSERT(events->keys[slot] == 0);
        events->keys[slot] = (uint8_t)(key + 1);
    }
}

void json_dialect_index(struct json_events *events, const struct json_field *fields, size_t count)
{
    events->fields = fields;
    events->count = count;
    for (size_t key = 0; key < KEY_COUNT; key++)
        events->at[key] = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t key = events->keys[dialect_find(events, fields[i].path)];
        if (key == 0)
            continue;
        const struct json_field **at = &events->at[key - 1];
        if (*at == NULL || !dialect_is_scalar(*at))
            *at = &fields[i];
    }
}

slice json_dialect_value(const struct json_events *events, enum json_key key)
{
    const struct json_field *field = events->at[key];
    bool absent = field == NULL || !dialect_is_scalar(field) || field->type == JSON_NULL;
    return absent ? (slice){NULL, 0} : field->value;
}

void json_dialect_add(struct event *event, slice name, const struct json_field *field, bool ecs)
{
    static const enum event_type types[] = {[JSON_STRING] = EVENT_STRING,
        [JSON_NUMBER] = EVENT_NUMBER,
        [JSON_BOOL] = EVENT_BOOL,
        [JSON_NULL] = EVENT_NULL};
    if (!dialect_is_scalar(field))
        return;
    if (ecs)
        event_add_ecs(event, name, field->value, types[field->type]);
    else
        event_add(event, name, field->value, types[field->type]);
}

void json_dialect_add_all(const struct json_events *events, struct event *event, bool ecs)
{
    for (size_t i = 0; i < events->count; i++) {
        const struct json_field *field = &events->fields[i];
        json_dialect_add(event, field->path, field, ecs && product_names_is_ecs(field->path));
    }
}

void json_dialect_name(struct event *event, slice module, slice dataset)
{
    event_add_ecs(event, S("event.module"), module, EVENT_STRING);
    event_add_ecs(event, S("event.dataset"), dataset, EVENT_STRING);
}

bool json_dialect_time(
    struct json_events *events, struct event *event, slice value, bool utc, bool zoned)
{
    struct stamp stamp;
    if (slice_is_absent(value) || !json_time_read(value, &stamp))
        return false;
    if (utc)
        stamp.missing &= ~STAMP_NO_ZONE;
    if (zoned && stamp.missing != 0)
        return false;
    line_set_time(event, &stamp, events->options, &events->years);
    return event->time_ns != CIVIL_TIME_NONE;
}

bool json_dialect_time_key(struct json_events *events, struct event *event, enum json_key key)
{
    return json_dialect_time(events, event, json_dialect_value(events, key), false, false);
}

void json_dialect_time_any(struct json_events *events, struct event *event)
{
    size_t count;
    const slice *names = json_time_names(&count);
    for (size_t name = 0; name < count; name++)
        for (size_t i = 0; i < events->count; i++)
            if (dialect_is_scalar(&events->fields[i]) &&
                slice_equal_nocase(events->fields[i].path, names[name]) &&
                json_dialect_time(events, event, events->fields[i].value, false, false))
                return;
}

bool json_dialect_xml(struct event *event, slice text)
{
    struct error why;
    if (slice_is_absent(text) || !winxml_is_event(text))
        return false;
    /* What a damaged one gave up to its damage is kept. */
    if (winxml_read(text, event, &why) != RESULT_OK && event->count == 0)
        return false;
    return true;
}
