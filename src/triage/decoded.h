/* Every event whole: what `hikeshi decode` prints. Rows travel through the view's sorter
 * (collect.h) in the order of the evidence, so that memory is bounded. */
#ifndef TRIAGE_DECODED_H
#define TRIAGE_DECODED_H

#include "proc/channel.h"
#include "triage/sign.h"

/* Bytes of a row. What does not fit is cut, and the event gets `hikeshi.cut`. */
#define DECODED_ROW_MAX (CHANNEL_FRAME_MAX - 1024)

struct decoded_row {
    struct sign_place place;
    slice decoder;      /* the product's definition, else the container */
    struct event event; /* its fields; with @timestamp where it has a time */
};

/* As it travels: key and payload, DECODED_ROW_MAX bytes at most, are appended. */
void decoded_write(struct buf *key, struct buf *payload, const struct event *event,
    const struct sign_place *place, slice decoder);
/* A record that gave no event: event.undecoded and error.message in its place. */
void decoded_write_lost(struct buf *key, struct buf *payload, const struct sign_place *place,
    slice decoder, const struct error *why);
/* Whether what a worker sent is a row. */
bool decoded_check(slice key, slice payload);
/* A row that was checked. Slices are into the payload, the rest is put into the arena. */
void decoded_read(slice payload, struct arena *arena, struct decoded_row *row);

#endif
