/* sFlow 5 (sflow.org): the rest of a datagram whose version has been read, at the reader. What is
 * malformed is reported; other results than RESULT_OK are those of the job's on_event. */
#ifndef DECODE_FLOW_SFLOW_H
#define DECODE_FLOW_SFLOW_H

#include "decode/flow_pass.h"

MUST_USE enum result flow_sflow_decode(struct flow_pass *pass, struct reader *reader);

#endif
