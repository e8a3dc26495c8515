/* What programs read: JSON lines, and the same items as one JSON document (doc/formats/triage.md).
 * The same in every language. */
#ifndef REPORT_MACHINE_H
#define REPORT_MACHINE_H

#include "report/report.h"
#include "report/sink.h"

/* Ids listed in an incident: its strongest signs, then the others in order of time. */
#define MACHINE_INCIDENT_SIGNS_MAX 4096

/* Sources, signs, incidents, one object a line. */
MUST_USE enum result machine_ndjson(
    struct sink *sink, struct triage_result *result, struct error *err);
/* One object: version, counts, the three lists, coverage, missing logs, refused rules. */
MUST_USE enum result machine_json(struct sink *sink, struct triage_result *result,
    const struct report_options *options, struct error *err);

#endif
