/* Which fields of an event `hikeshi decode` shows, and under which names. */
#ifndef TRIAGE_SHOWN_H
#define TRIAGE_SHOWN_H

#include "event/event.h"

/* What is to be known of an event before its fields are asked for. */
struct shown {
    const struct event *event;
    slice decoder;
    bool timed;  /* the event's time is shown in the place of what the record calls @timestamp */
    bool is_ecs; /* the record itself is a document in ECS */
    slice priority, process;
};

/* `decoder`: the product's definition, or the container. The event must outlive it. */
void shown_begin(struct shown *shown, const struct event *event, slice decoder);
/* The name under which a field is shown, in the event's arena where it had to be made; absent when
 * the field is left out. */
slice shown_name(const struct shown *shown, const struct event_field *field);

#endif
