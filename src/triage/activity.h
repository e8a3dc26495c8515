/* How much happened when: events counted in equal steps of time, in bounded memory, for the picture
 * of a run. The outcome depends only on the times, not on their order or on how they were spread
 * over processes. A value type without pointers: it may be sent as bytes. */
#ifndef TRIAGE_ACTIVITY_H
#define TRIAGE_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define ACTIVITY_STEPS 512

/* Zeroed: empty. */
struct activity {
    uint64_t events[ACTIVITY_STEPS]; /* step n of time is at n modulo ACTIVITY_STEPS */
    int64_t first, last; /* numbers of the first and last step: seconds / step_s, floored */
    int64_t step_s;      /* a power of two; 0 while empty */
};

/* One event; CIVIL_TIME_NONE is not counted. */
void activity_add(struct activity *activity, int64_t time_ns);
/* All events of `other` as well. */
void activity_merge(struct activity *activity, const struct activity *other);

/* From the bytes of one that another process sent; false when they are none that it could have
 * made. */
bool activity_from_bytes(slice bytes, struct activity *activity);

/* Steps from the first to the last event, at most ACTIVITY_STEPS. */
size_t activity_count(const struct activity *activity);
/* Events of step `index` < activity_count, and when it begins (seconds since 1970). */
uint64_t activity_events(const struct activity *activity, size_t index);
int64_t activity_begin_s(const struct activity *activity, size_t index);

#endif
