/* An event as rules see it: values by field, each with its lower-case form made once, when first
 * asked for.
 *
 * Fields that rules name have dense numbers. Loading an event walks over its fields once; nothing
 * is cleared between events, since what is kept carries the number of the event it was made for. */
#ifndef DETECT_VIEW_H
#define DETECT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "event/event.h"

#define VIEW_NO_FIELD UINT32_MAX

/* The number of a field name in `fields`; new names get the next one. Spaces are ignored: `Source
 * Name` is SourceName. */
uint32_t view_field_intern(struct map *fields, slice name);

/* The same names for quick finding, made once they are all known. Refers to the map. */
struct view_names {
    const struct map *fields;
    const struct view_name *slots; /* open addressing, a power of two */
    size_t mask;
};

void view_names_build(struct view_names *names, const struct map *fields, struct arena *arena);

struct view_value {
    uint32_t field;    /* or VIEW_NO_FIELD */
    uint32_t next;     /* index + 1 of the event's next field of that number; 0: none */
    uint32_t lower_of; /* the event that `lower` was made for */
    slice lower;
};

struct view {
    const struct view_names *names;
    struct event *event;
    uint32_t number;           /* of the event, from 1 */
    struct view_field *slots;  /* by field number */
    struct view_value *values; /* by index of the event's field */
};

struct view_field {
    uint32_t number; /* the event that `first` and `last` belong to */
    uint32_t first;  /* index + 1 */
    uint32_t last;
};

void view_init(struct view *view, const struct view_names *names);
void view_free(struct view *view);
/* Must not be called more than 2^32 - 1 times without view_forget, which begins the numbers anew.
 */
void view_load(struct view *view, struct event *event);
void view_forget(struct view *view);

/* Index + 1 of the first value of a field, 0 when the event does not have it; view_next gives the
 * others. */
uint32_t view_first(const struct view *view, uint32_t field);
static inline uint32_t view_next(const struct view *view, uint32_t value)
{
    return view->values[value - 1].next;
}

static inline const struct event_field *view_get(const struct view *view, uint32_t value)
{
    return &view->event->fields[value - 1];
}

/* The value in lower case; lives as long as the event. */
slice view_lower(struct view *view, uint32_t value);

#endif
