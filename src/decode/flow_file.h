/* Files of flow datagrams one after the other, as they came over the network or as RFC 5655 (IPFIX
 * files) has them: no container around them, no exporter's address. */
#ifndef DECODE_FLOW_FILE_H
#define DECODE_FLOW_FILE_H

#include "decode/decode.h"

unsigned flow_file_sniff_netflow(slice head, bool whole);
unsigned flow_file_sniff_ipfix(slice head, bool whole);
unsigned flow_file_sniff_sflow(slice head, bool whole);
/* Whether the format is one of the three. */
bool flow_file_is(const struct decode_format *format);
/* Of any version, each datagram by its own. */
MUST_USE enum result flow_file_decode(
    struct decode_job *job, struct stream *stream, struct error *err);

/* No datagram with a record in it is shorter. */
#define FLOW_FILE_LEAST 24U
/* Bytes of the datagram at the front; 0 when there is none. More than there are when it is cut. */
size_t flow_file_frame(slice bytes);

#endif
