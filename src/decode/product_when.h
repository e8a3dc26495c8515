/* Conditions on fields, an index that finds those which may hold without asking each, and the view
 * of an event that both read. */
#ifndef DECODE_PRODUCT_WHEN_H
#define DECODE_PRODUCT_WHEN_H

#include "base/arena.h"
#include "base/map.h"
#include "event/event.h"

/* A value longer than this is never looked up; a definition that names one is refused. */
#define WHEN_VALUE_MAX 128

/* --- names --- */

/* The field names that definitions speak of, as numbers. */
struct when_names {
    struct map numbers;
    slice *texts; /* by number */
    bool *ecs;    /* the name is ECS */
    size_t capacity;
};

uint32_t product_when_name(struct when_names *names, struct arena *arena, slice name);
/* The first part of the name is one of ECS 8 ("source", "event" …). */
bool product_when_name_is_ecs(slice name);

/* --- conditions --- */

enum when_test { WHEN_EQUAL, WHEN_STARTS, WHEN_ENDS, WHEN_CONTAINS, WHEN_PRESENT, WHEN_ABSENT };

struct when_value {
    enum when_test test;
    slice text; /* lower case */
};

struct when_field {
    uint32_t name;
    const struct when_value *values; /* one of them */
    size_t count;
};

bool product_when_value_holds(const struct when_value *value, slice text);

/* All fields. */
struct when {
    const struct when_field *fields;
    size_t count;
};

/* One of them; an empty list always holds. */
struct when_list {
    const struct when *items;
    size_t count;
};

/* --- the view of an event --- */

struct when_view {
    const struct when_names *names;
    struct event *event;
    uint32_t *first; /* by name number: 1 + index of its first field, 0 for none */
    uint32_t *ids;   /* by field: 1 + name number, 0 for a name that nobody speaks of */
    size_t capacity; /* of ids */
    size_t seen;     /* fields that are in the view */
};

/* In the event's arena. */
void product_when_view_begin(
    struct when_view *view, const struct when_names *names, struct event *event);
/* Takes in the fields that were added to the event since. */
void product_when_view_update(struct when_view *view);
/* The first field of that name, or NULL; then the next ones after index *at. */
const struct event_field *product_when_view_first(
    const struct when_view *view, uint32_t name, size_t *at);
const struct event_field *product_when_view_next(
    const struct when_view *view, uint32_t name, size_t *at);

bool product_when_list_holds(const struct when_list *list, const struct when_view *view);

/* --- the index --- */

/* Items (numbers) by the value or the presence of a field. */
struct when_index {
    struct map lists; /* name number + value, or name number alone → index into `items` */
    struct when_bucket *buckets;
    size_t bucket_capacity;
    bool *named; /* by name number: some item is found by it */
    size_t named_count;
};

/* Of every alternative, adds the condition that the fewest others share so far. False when an
 * alternative has no condition that can be found by a field (only `null`, or values that begin with
 * '*'). */
bool product_when_list_is_indexable(const struct when_list *list);
/* Some alternative asks for no whole value, only for presence or parts of values. */
bool product_when_list_is_general(const struct when_list *list);
void product_when_index_add(struct when_index *index, struct arena *arena,
    const struct when_list *list, uint32_t item, size_t name_count);
/* Sets the bits of all items of which a condition holds through a field of the view from index
 * `from` on; the rest of their conditions is still to be asked. */
void product_when_index_find(
    const struct when_index *index, const struct when_view *view, size_t from, uint64_t *bits);
void product_when_index_free(struct when_index *index);

#endif
