/* Windows event logs, Vista and later: EVTX (doc/formats/evtx.md). */
#ifndef DECODE_EVTX_H
#define DECODE_EVTX_H

#include "decode/decode.h"

/* Bytes of a part. Nothing that is learnt in one part counts in the next, whoever decodes them:
 * what a record says does not depend on how the work was split. */
#define EVTX_PART_SIZE ((uint64_t)16 << 20)

/* Reads `len` bytes at an offset of the object; false when they are not there. */
typedef bool (*evtx_read_at)(void *context, uint64_t offset, char *to, size_t len);

/* How many parts the object can be decoded in, at least 1: as many as there are while chunk follows
 * chunk without a gap. Only their signatures are looked at. */
uint32_t evtx_parts(evtx_read_at read_at, void *context);
/* Part 0 .. count - 1; the last goes to the end of the object. */
struct decode_part evtx_part(uint32_t number, uint32_t count);

/* See decode.h. */
unsigned evtx_sniff(slice head, bool whole);
/* Decodes all chunks up to the end of the stream, whatever the header says about their number. */
MUST_USE enum result evtx_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
