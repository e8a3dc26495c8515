/* Every event as one row of a timeline: what `hikeshi timeline --all` shows beside the signs. Rows
 * travel through the view's sorter (collect.h), so that memory is bounded. */
#ifndef TRIAGE_TIMELINE_H
#define TRIAGE_TIMELINE_H

#include "base/sorter.h"
#include "triage/sign.h"

/* Bytes of the message, and of any other text of a row. */
#define TIMELINE_MESSAGE_MAX 1024U
#define TIMELINE_TEXT_MAX    512U

struct timeline_row {
    int64_t time_ns; /* CIVIL_TIME_NONE: it has none; such rows come first */
    struct sign_place place;
    slice message; /* the record's text, or its fields */
    slice host;
    slice user;    /* name, or name@domain */
    slice address; /* where it came from */
    slice log;     /* channel or data set */
    bool time_assumed;
};

/* The row of an event; texts live as long as the event. `message` is the buffer for one that must
 * be put together. */
void timeline_from_event(struct event *event, const struct sign_place *place, slice host, slice log,
    struct buf *message, struct timeline_row *row);
/* As it travels; key and payload are appended. */
void timeline_write(struct buf *key, struct buf *payload, const struct timeline_row *row);
/* Slices are into the payload. False when they are no row. */
bool timeline_read(slice key, slice payload, struct timeline_row *row);

/* Rows in order of time, file, record; texts live until the next call. RESULT_END after the last.
 */
MUST_USE enum result timeline_next(
    struct sorter_reader *rows, struct timeline_row *row, struct error *err);

#endif
