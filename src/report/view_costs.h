/* `hikeshi rules profile`: what each rule cost. Columns: doc/views.md. */
#ifndef REPORT_VIEW_COSTS_H
#define REPORT_VIEW_COSTS_H

#include "report/report.h"
#include "report/sink.h"

/* Of a run whose view was TRIAGE_VIEW_COSTS. */
MUST_USE enum result view_costs_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err);

#endif
