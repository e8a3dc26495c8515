/* The text for people, for a terminal or a file. */
#ifndef REPORT_PROSE_H
#define REPORT_PROSE_H

#include "report/report.h"
#include "report/sink.h"

MUST_USE enum result prose_write(struct sink *sink, struct triage_result *result,
    const struct report_options *options, struct error *err);

#endif
