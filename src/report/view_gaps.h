/* `hikeshi gaps`: what is missing of the logs. Columns: doc/views.md. */
#ifndef REPORT_VIEW_GAPS_H
#define REPORT_VIEW_GAPS_H

#include "report/report.h"
#include "report/sink.h"

/* Of a run whose view was TRIAGE_VIEW_GAPS. */
MUST_USE enum result view_gaps_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err);

#endif
