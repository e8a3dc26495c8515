/* The report as one HTML page that needs nothing else: no network, no script, no font. For a
 * screen, a phone and paper. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"
#include "report/sink.h"

MUST_USE enum result page_write(struct sink *sink, struct triage_result *result,
    const struct report_options *options, struct error *err);

#endif
