/* NetFlow 5 and 9 and IPFIX: the rest of a datagram whose version has been read, at the reader.
 * What is malformed is reported; other results than RESULT_OK are those of the job's on_event. */
#ifndef DECODE_FLOW_NETFLOW_H
#define DECODE_FLOW_NETFLOW_H

#include "decode/flow_pass.h"

/* Cisco, "NetFlow Export Datagram Format", version 5. */
MUST_USE enum result flow_netflow_v5(struct flow_pass *pass, struct reader *reader);
/* RFC 3954. */
MUST_USE enum result flow_netflow_v9(struct flow_pass *pass, struct reader *reader);
/* RFC 7011. */
MUST_USE enum result flow_netflow_ipfix(struct flow_pass *pass, struct reader *reader);

#endif
