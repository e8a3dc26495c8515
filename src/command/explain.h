/* One sign or incident, unfolded: what the rule looked at, and the records themselves. */
#ifndef COMMAND_EXPLAIN_H
#define COMMAND_EXPLAIN_H

#include "report/report.h"

/* RESULT_USAGE when nothing has that id. An incident is unfolded into its reasons and its strongest
 * signs. */
MUST_USE enum result explain_write(
    struct triage_result *result, uuid id, const struct report_options *options, struct error *err);

#endif
