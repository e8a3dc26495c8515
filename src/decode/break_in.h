/* A decoder that is broken into: for test builds only (meson option break_in), never in what users
 * get.
 *
 * A file that begins with BREAK_IN_MAGIC runs what an intruder would try first, from where an
 * intruder would be: inside a worker of a real triage run. One event tells what came of it. */
#ifndef DECODE_BREAK_IN_H
#define DECODE_BREAK_IN_H

#include "decode/decode.h"

#define BREAK_IN_MAGIC "HIKESHI-BREAK-IN\n"

unsigned break_in_sniff(slice head, bool whole);
MUST_USE enum result break_in_decode(
    struct decode_job *job, struct stream *stream, struct error *err);

#endif
