/* event: what a record says.
 *
 * Takes fields from a decoder, gives one event with native fields and ECS fields side by side, and
 * its entities. Runs in the detect role. May open: nothing.
 *
 * A field is (name, value, type); names are ECS paths ("source.ip") or the product's own
 * ("TargetUserName"). A list is the same name several times. Values are slices into the record or
 * the batch arena; the event owns nothing and is rebuilt in place for every record. */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/civil.h"
#include "base/slice.h"

/* Fields past this many are dropped from an event, counted in `dropped_fields`. */
#define EVENT_FIELDS_MAX 4096

enum event_type {
    EVENT_STRING, /* bytes, UTF-8 where the source was text */
    EVENT_NUMBER, /* decimal text as it stood in the source, or made from a binary number */
    EVENT_BOOL,   /* "true" or "false" */
    EVENT_NULL,   /* present but null: value is empty */
};

struct event_field {
    slice name;
    slice value;
    enum event_type type;
    bool ecs; /* the name is ECS: set by mappings; false for the product's own names */
};

/* Where the record stands in its evidence object. */
struct event_record {
    uint64_t number; /* for people: EventRecordID, or 1-based line, row or record number */
    uint64_t offset; /* byte offset in the object of the record's first byte */
    uint32_t index;  /* which event of the record, when one record yields several */
};

#define EVENT_TIME_ASSUMED_YEAR 1u
#define EVENT_TIME_ASSUMED_ZONE 2u

struct event {
    struct arena *arena; /* for values that had to be made; lives until the next record */
    struct event_field *fields;
    size_t count;
    size_t capacity;
    size_t dropped_fields;
    struct event_record record;
    int64_t time_ns; /* UTC, or CIVIL_TIME_NONE */
    unsigned time_assumed;
    bool message_read; /* other fields hold all that the container's message says */
    bool recovered;    /* from slack or a damaged chunk (--recover) */
    slice raw;         /* the record as text where it is text, else empty */
};

/* Empties the event for the next record; the arena must have been reset by its owner. */
void event_reset(struct event *event, struct arena *arena);
/* Room for one more field where the fields must grow for it; NULL when the event is full. */
struct event_field *event_room(struct event *event);

/* Filled in place: a field built elsewhere and copied costs twice. */
static inline void event_put(
    struct event *event, slice name, slice value, enum event_type type, bool ecs)
{
    struct event_field *field = event->count < event->capacity && event->count < EVENT_FIELDS_MAX
                                    ? &event->fields[event->count++]
                                    : event_room(event);
    if (field == NULL)
        return;
    field->name = name;
    field->value = value;
    field->type = type;
    field->ecs = ecs;
}

/* Adds a field; name and value must live as long as the arena's batch. */
static inline void event_add(struct event *event, slice name, slice value, enum event_type type)
{
    event_put(event, name, value, type, false);
}

static inline void event_add_string(struct event *event, slice name, slice value)
{
    event_put(event, name, value, EVENT_STRING, false);
}

/* A number made from binary. */
void event_add_u64(struct event *event, slice name, uint64_t value);

/* Adds an ECS field (marks it so). Empty values and "-" are not added. */
static inline void event_add_ecs(struct event *event, slice name, slice value, enum event_type type)
{
    if (value.len > 1 || (value.len == 1 && value.at[0] != '-'))
        event_put(event, name, value, type, true);
}

/* The first field of that name, or NULL. Case-sensitive. */
const struct event_field *event_find(const struct event *event, slice name);
/* Its value, or the absent slice. */
slice event_value(const struct event *event, slice name);

/* One JSON object of all fields as flat keys, lists as arrays, numbers and booleans as such; ECS
 * first. A key is there once: the product's own fields of a name that is an ECS field as well are
 * left out. For people and for `decode`. */
struct json_writer;
void event_write_json(const struct event *event, struct json_writer *json, bool ecs_only);

#endif
