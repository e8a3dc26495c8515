/* The sentences that open a report for people: what happened, what was looked at, and what that
 * does and does not mean. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "report/phrase.h"
#include "triage/result.h"

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

#endif
