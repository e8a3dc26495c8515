/* `hikeshi pivots`: what signs name, to look for elsewhere. Columns: doc/views.md. */
#ifndef REPORT_VIEW_PIVOTS_H
#define REPORT_VIEW_PIVOTS_H

#include "report/report.h"
#include "report/sink.h"

/* Of a run whose view was TRIAGE_VIEW_PIVOTS. */
MUST_USE enum result view_pivots_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err);

#endif
