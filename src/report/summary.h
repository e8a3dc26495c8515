/* The sentences that open a report for people: what happened, what was looked at, and what that
 * does and does not mean. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "report/phrase.h"
#include "triage/result.h"

/* Sources named of an assumption, and assumptions told apart. */
#define SUMMARY_NAMED_MAX       8
#define SUMMARY_ASSUMPTIONS_MAX 12

/* Whether something happened, in one sentence. `title`: of the first incident, as it may be shown.
 */
void summary_found(
    struct buf *out, struct phrase *phrase, const struct triage_result *result, slice title);
/* What was looked at and with what, and what finding nothing means. */
void summary_looked_at(struct buf *out, struct phrase *phrase, const struct triage_result *result);

/* Whether something is missing or could not be read. */
bool summary_has_gaps(const struct triage_result *result);
/* Whether the source was not, or not wholly, read. */
bool summary_is_unread(const struct triage_source *source);

/* One assumption about times and the sources that it was made for. */
struct summary_assumption {
    bool zone;    /* UTC; else the year */
    int32_t year; /* of the first record */
    size_t count; /* of sources */
    size_t named; /* of `first`, at most SUMMARY_NAMED_MAX */
    const struct triage_source *first[SUMMARY_NAMED_MAX];
};

/* The assumptions made, each once: the years in the order met, then the zone. Returns how many.
 * Years past SUMMARY_ASSUMPTIONS_MAX are told with the last. */
size_t summary_assumptions(const struct triage_result *result,
    struct summary_assumption assumptions[SUMMARY_ASSUMPTIONS_MAX]);

#endif
