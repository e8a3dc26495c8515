/* Matches put in the order of time again, when they come late by no more than a stated time. */
#ifndef DETECT_REORDER_H
#define DETECT_REORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct reorder_match {
    int64_t time_ns;
    uint32_t rule;
    slice record, payload; /* as correlator_feed takes them */
};

struct reorder;

/* `lateness_ns`: how much later than a match of a later time one may come. Not negative. */
struct reorder *reorder_new(int64_t lateness_ns);
/* NULL is fine. */
void reorder_free(struct reorder *reorder);
/* The match is copied. False, and counted, when it comes too late: one of a later time was given
 * out already. */
bool reorder_add(struct reorder *reorder, const struct reorder_match *match);
/* Takes out the earliest match (of the same time in the order of the records' keys, then as they
 * came) when one came that is later by more than the lateness, when more wait than
 * CORRELATION_WAITING_MAX or CORRELATION_WAITING_BYTES allow, or after reorder_end. False when
 * there is none. *match is valid until the next call. */
bool reorder_next(struct reorder *reorder, struct reorder_match *match);
/* No more will come. */
void reorder_end(struct reorder *reorder);
/* Matches that came too late, and those that were given out before their time for want of room. */
uint64_t reorder_late(const struct reorder *reorder);
uint64_t reorder_hurried(const struct reorder *reorder);

#endif
