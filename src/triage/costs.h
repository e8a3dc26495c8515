/* What rules cost: how often each was asked, how often it matched, and how long that took. Workers
 * count and send at the end of each object; the parent adds up and ranks, the dearest first. */
#ifndef TRIAGE_COSTS_H
#define TRIAGE_COSTS_H

#include "base/sorter.h"
#include "detect/detect.h"
#include "triage/sign.h"

struct costs_row {
    uint32_t rule; /* index into the run's rules */
    struct detect_cost cost;
};

/* Sends one row; the key is unique to it. */
typedef void (*costs_send)(void *context, slice key, slice payload);

/* Sends the costs of all rules that were asked, and sets them to zero. `place` is that of an event
 * of the object: it makes the keys unique. */
void costs_flush(struct detect_cost *costs, size_t count, const struct sign_place *place,
    costs_send send, void *context);

/* Whether what a worker sent is a row. */
bool costs_check(slice key, slice payload);
/* Adds up the rows and puts them, the dearest rule first, into `ranked`. */
MUST_USE enum result costs_rank(struct sorter *rows, struct sorter *ranked, struct error *err);
/* Rows in their order. RESULT_END after the last. */
MUST_USE enum result costs_next(
    struct sorter_reader *ranked, struct costs_row *row, struct error *err);

#endif
