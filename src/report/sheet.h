/* Signs for a spreadsheet: CSV (RFC 4180), one sign a row. Columns and limits:
 * doc/formats/triage.md. The same in every language. */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "report/report.h"
#include "report/sink.h"

MUST_USE enum result sheet_write(
    struct sink *sink, struct triage_result *result, struct error *err);

#endif
