/* From matches in the order of time to firings of correlations. */
#ifndef DETECT_CORRELATOR_H
#define DETECT_CORRELATOR_H

#include "detect/detect_compile.h"
#include "detect/limits.h"

struct correlator;

struct correlation_firing {
    uint32_t rule;
    int64_t time_ns;  /* when the condition first became true */
    int64_t first_ns; /* first and last contributing match */
    int64_t last_ns;
    uint64_t count;              /* contributing matches while it stayed true */
    const slice *names, *values; /* the group-by fields and their values */
    size_t group_count;
    const slice *records; /* record keys as fed, the first contributing one first; at most
                             CORRELATION_RECORDS_MAX */
    size_t record_count;
};

typedef enum result (*correlation_emit)(
    void *context, const struct correlation_firing *firing, struct error *err);

struct correlator *correlator_new(
    const struct detect_program *program, correlation_emit emit, void *context);
void correlator_free(struct correlator *correlator);
/* One match, in ascending order of time. `record` identifies the record (opaque bytes). */
MUST_USE enum result correlator_feed(struct correlator *correlator, uint32_t rule, int64_t time_ns,
    slice record, slice payload, struct error *err);
/* Ends all windows. A firing is emitted when its condition stops being true, or here. */
MUST_USE enum result correlator_finish(struct correlator *correlator, struct error *err);
/* Windows that were dropped because the memory limit was reached. */
uint64_t correlator_evicted(const struct correlator *correlator);

#endif
