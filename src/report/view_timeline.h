/* `hikeshi timeline`: signs, or signs and events, one a row in order of time, in the columns that
 * Timesketch imports. Columns: doc/views.md. */
#ifndef REPORT_VIEW_TIMELINE_H
#define REPORT_VIEW_TIMELINE_H

#include "report/report.h"
#include "report/sink.h"

/* For REPORT_CSV and REPORT_NDJSON. Of a run whose view was TRIAGE_VIEW_TIMELINE or
 * TRIAGE_VIEW_EVENTS. *left_out: what has no time, and so no place in it. */
MUST_USE enum result view_timeline_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, uint64_t *left_out,
    struct error *err);

#endif
