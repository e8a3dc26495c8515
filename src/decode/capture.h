/* Captures of packets: pcap and pcapng, through libpcap. Flow records in UDP are decoded; all other
 * packets are counted and named in a note. */
#ifndef DECODE_CAPTURE_H
#define DECODE_CAPTURE_H

#include "decode/decode.h"

unsigned capture_sniff(slice head, bool whole);
MUST_USE enum result capture_decode(
    struct decode_job *job, struct stream *stream, struct error *err);

#endif
