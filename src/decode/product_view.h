/* An event as definitions see it: its fields by the numbers of their names, each name and each
 * value looked up once. */
#ifndef DECODE_PRODUCT_VIEW_H
#define DECODE_PRODUCT_VIEW_H

#include "decode/product_names.h"
#include "event/event.h"

/* One field. Positions are of fields, + 1, and 0 for none. */
struct view_link {
    uint32_t name;  /* its number, or PRODUCT_WORD_NONE */
    uint32_t value; /* its number among the values of that name, or PRODUCT_WORD_NONE */
    uint16_t next;  /* the next field of that name; see `others` */
    uint16_t last;  /* of the first field of a name: the last one */
};

struct product_view {
    const struct product_names *names;
    const struct product_words *values; /* in the space of their name's number */
    struct event *event;
    uint16_t *first; /* by name: position of its first field */
    struct view_link *links;
    uint16_t *asked; /* indexes of the fields whose name is asked for */
    size_t asked_count;
    size_t seen; /* fields that are in the view: all of the event's */
    /* Of events of many fields, the first `others_seen`, those whose names no definition speaks of:
     * by a hash of the name the newest, from which `next` leads to older ones. */
    uint16_t *others;
    size_t others_seen;
    size_t given; /* fields that the event had at first */
    bool scratch; /* a field was added that is taken away at the end */
};

/* Takes memory for events of any size; `names` and `values` must be complete. */
void product_view_init(struct product_view *view, const struct product_names *names,
    const struct product_words *values, struct arena *arena);
/* Turns to another event. */
void product_view_begin(struct product_view *view, struct event *event);

static inline bool product_view_has(const struct product_view *view, uint32_t name)
{
    return view->first[name] != 0;
}

/* The value of its first field, or the absent slice. */
static inline slice product_view_value(const struct product_view *view, uint32_t name)
{
    uint16_t first = view->first[name];
    return first == 0 ? (slice){NULL, 0} : view->event->fields[first - 1].value;
}

/* Adds a field; of ECS names no empty value and no "-". */
void product_view_add(struct product_view *view, uint32_t name, slice value, enum event_type type);
/* Adds PREFIX.part (PREFIX may be SHAPE_NAME_NONE: the part alone) unless there is a field of that
 * name; false when there is. */
bool product_view_add_part(
    struct product_view *view, uint32_t prefix, slice part, slice value, enum event_type type);
/* Adds a further value of the part that was added last. */
void product_view_add_again(struct product_view *view, slice value, enum event_type type);
/* Takes the added fields away whose names begin with "_". The view is of no more use then. */
void product_view_sweep(struct product_view *view);

#endif
