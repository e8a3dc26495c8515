/* From matches to firings of correlations, on the time of the events. Triage feeds all matches in
 * order (an external merge sorted them, so they may have come with any disorder); a station feeds
 * them as they come, with a lateness. */
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
/* NULL is fine. */
void correlator_free(struct correlator *correlator);
/* Matches may come later by as much as `lateness_ns` than a match of a later time, and are held
 * back until that has passed on their own clock, or until CORRELATION_WAITING_MAX of them wait.
 * Call before the first match; without, the lateness is none. */
void correlator_tolerate(struct correlator *correlator, int64_t lateness_ns);
/* One match, in ascending order of time but for the lateness; one that comes later than that takes
 * part in nothing and is counted. `record` identifies the record (opaque bytes): matches of the
 * same time are taken in its order where they are held back, else as they come. */
MUST_USE enum result correlator_feed(struct correlator *correlator, uint32_t rule, int64_t time_ns,
    slice record, slice payload, struct error *err);
/* Ends all windows. A firing is emitted when its condition stops being true, or here. */
MUST_USE enum result correlator_finish(struct correlator *correlator, struct error *err);
/* Windows, matches in them and groups that were dropped because a limit was reached. */
uint64_t correlator_evicted(const struct correlator *correlator);
/* Matches that came too late. */
uint64_t correlator_late(const struct correlator *correlator);

#endif
