/* Windows event logs, Vista and later: EVTX (doc/formats/evtx.md). */
#ifndef DECODE_EVTX_H
#define DECODE_EVTX_H

#include "decode/decode.h"

/* See decode.h. */
unsigned evtx_sniff(slice head, bool whole);
/* Decodes all chunks up to the end of the stream, whatever the header says about their number. */
MUST_USE enum result evtx_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
