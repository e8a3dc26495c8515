/* What workers send, checked and kept in the state of the run. */
#ifndef TRIAGE_RECEIVE_H
#define TRIAGE_RECEIVE_H

#include "triage/state.h"

/* Takes one frame of a worker. RESULT_MALFORMED: the worker broke the protocol; RESULT_END: its job
 * is done. */
MUST_USE enum result receive_frame(struct state *state, struct pool_worker *worker, slice payload,
    uint8_t type, struct error *err);
/* Adds what the end of an object, or of a part, says to the object. */
void receive_tally(
    struct state *state, struct state_object *object, const struct state_tally *tally);
/* Tells the user of a problem. */
void receive_report(struct state *state, const struct error *why);
/* Keeps the first problem of an object or a file as its note. */
void receive_note(struct state *state, const struct state_file *file, slice *note, slice *note_en,
    const struct error *why);

#endif
