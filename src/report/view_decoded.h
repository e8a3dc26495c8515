/* `hikeshi decode`: every event with all its fields, in the order of the evidence. */
#ifndef REPORT_VIEW_DECODED_H
#define REPORT_VIEW_DECODED_H

#include "report/report.h"
#include "report/sink.h"

/* For REPORT_TEXT and REPORT_NDJSON, of a run whose view was TRIAGE_VIEW_DECODED. */
MUST_USE enum result view_decoded_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err);

#endif
