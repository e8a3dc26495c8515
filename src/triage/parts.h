/* Files that are decoded in parts, by several workers at once: a large EVTX file must not keep one
 * processor busy and the others waiting. What the parts say is put together in the order of the
 * file when all are read, so that neither the number of workers nor their speed shows. */
#ifndef TRIAGE_PARTS_H
#define TRIAGE_PARTS_H

#include "triage/state.h"

/* A file below this size is one job. */
#define PARTS_FILE_MIN ((uint64_t)32 << 20)

/* A worker found that the file it reads can be decoded in `count` parts, and goes on with the first
 * of them. False when that cannot be. */
bool parts_begin(struct state *state, struct pool_worker *worker, uint32_t count);
/* Takes the next part that waits; false when there is none. */
bool parts_next(struct state *state, uint32_t *file, uint32_t *part);
/* The job of a part for the protocol; all zero for PROTOCOL_NO_PART. */
struct decode_part parts_bounds(const struct state_file *file, uint32_t part);
/* Bytes of a part. */
uint64_t parts_len(const struct state_file *file, uint32_t part);

/* What the worker on a part says of it. */
void parts_problem(
    struct state *state, const struct pool_worker *worker, uint8_t kind, const struct error *why);
void parts_tally(
    struct state *state, const struct pool_worker *worker, const struct state_tally *tally);
/* Reading the part ended its worker: it waits to be read once more, or is left out. */
void parts_died(struct state *state, const struct pool_worker *worker);

/* Puts the parts of all files together: notes, problems, counts. */
void parts_finish(struct state *state);

#endif
