/* `hikeshi logons`: who logged on where, how, from where, and whether it worked. Columns:
 * doc/views.md. */
#ifndef REPORT_VIEW_LOGONS_H
#define REPORT_VIEW_LOGONS_H

#include "report/report.h"
#include "report/sink.h"

/* Of a run whose view was TRIAGE_VIEW_LOGONS. */
MUST_USE enum result view_logons_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err);

#endif
