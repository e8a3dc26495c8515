/* What the dialects of JSON records share. Private to json_event.c and the files of the dialects.
 */
#ifndef DECODE_JSON_DIALECT_H
#define DECODE_JSON_DIALECT_H

#include "decode/decode.h"
#include "decode/line.h"
#include "wire/json.h"

enum json_key {
#define KEY(id, name) KEY_##id,
#include "decode/json_keys.def"
#undef KEY
    KEY_COUNT
};

/* A power of two, several times the names. */
#define JSON_KEY_SLOTS 1024

struct json_events {
    const struct decode_options *options;
    struct line_years years;
    uint8_t keys[JSON_KEY_SLOTS]; /* names of json_keys.def by json_dialect_slot: 1 + key, 0 free */
    struct json_parser *parser;   /* for texts inside records */
    unsigned depth;               /* records in messages of records that the one at hand is in */
    /* Of the record at hand: all its fields, and the first of each known name, scalars before
     * containers. */
    const struct json_field *fields;
    size_t count;
    const struct json_field *at[KEY_COUNT];
};

/* Fills the table of known names. */
void json_dialect_prepare(struct json_events *events);
/* Looks the names of a record up. */
void json_dialect_index(struct json_events *events, const struct json_field *fields, size_t count);
static inline bool json_dialect_has(const struct json_events *events, enum json_key key)
{
    return events->at[key] != NULL;
}
/* Its value where it is a scalar that is not null, else the absent slice. */
slice json_dialect_value(const struct json_events *events, enum json_key key);

/* Adds a field under the name given: as ECS field when `ecs`. Containers are not added. */
void json_dialect_add(struct event *event, slice name, const struct json_field *field, bool ecs);
/* Adds all scalars of the record under their own names; with `ecs` those with ECS names as ECS
 * fields. */
void json_dialect_add_all(const struct json_events *events, struct event *event, bool ecs);
/* event.module and, where there is one, event.dataset. */
void json_dialect_name(struct event *event, slice module, slice dataset);
/* Sets the event's time from a value; `utc` tells that a stamp without zone is UTC. With `zoned`
 * stamps without zone are refused. False when it is no time. */
bool json_dialect_time(
    struct json_events *events, struct event *event, slice value, bool utc, bool zoned);
bool json_dialect_time_key(struct json_events *events, struct event *event, enum json_key key);
/* The time from the first of the known names that holds one. */
void json_dialect_time_any(struct json_events *events, struct event *event);
/* Adds the fields of a Windows event when the text is one in XML. */
bool json_dialect_xml(struct event *event, slice text);

#endif
