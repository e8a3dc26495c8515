/* Flow datagrams of one object of evidence, in order: those whose template comes later in the
 * object are kept and read at its end, within a bound. */
#ifndef DECODE_FLOW_KEEP_H
#define DECODE_FLOW_KEEP_H

#include "decode/flow.h"

/* Bytes of datagrams that wait. What does not fit is reported as undecoded at once. */
#define FLOW_KEEP_BYTES_MAX ((size_t)8 << 20)

struct flow_keep;

struct flow_keep *flow_keep_new(struct decode_job *job);
/* NULL is fine. */
void flow_keep_free(struct flow_keep *keep);
MUST_USE enum result flow_keep_datagram(
    struct flow_keep *keep, const struct flow_datagram *datagram);
/* Reads what waited, and reports what waits still. */
MUST_USE enum result flow_keep_finish(struct flow_keep *keep);

#endif
