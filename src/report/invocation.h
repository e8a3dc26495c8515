/* Commands that a report tells its reader to type: they can be copied into a shell as they stand,
 * whatever the evidence is called. */
#ifndef REPORT_INVOCATION_H
#define REPORT_INVOCATION_H

#include "report/report.h"
#include "wire/hash.h"

/* One word of a POSIX shell: bare where it may be, else in '…'; in $'…' (POSIX.1-2024) where it
 * holds what a terminal should not be shown. The result is printable. */
void invocation_word(struct buf *out, slice word);
/* hikeshi explain ID PATH… */
void invocation_explain(struct buf *out, const struct report_options *options, uuid id);
/* hikeshi triage --format ndjson PATH… */
void invocation_everything(struct buf *out, const struct report_options *options);
/* hikeshi VIEW --format csv PATH… */
void invocation_view(struct buf *out, const struct report_options *options, slice view);
/* The command that the user gave, as words of a shell. */
void invocation_given(struct buf *out, const struct report_options *options);

#endif
