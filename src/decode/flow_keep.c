/* See flow_keep.h. A capture mostly begins between two announcements of templates, so the first
 * datagrams would be lost to a reader that goes through it once; a second pass over the whole is
 * not possible on a stream, and would cost twice where nothing waits. */
#include "decode/flow_keep.h"

#include <stdlib.h>

#include "base/base.h"

struct flow_kept {
    struct flow_kept *next;
    struct flow_datagram datagram; /* its bytes in the arena */
    uint64_t waiting;
};

struct flow_keep {
    struct decode_job *job;
    struct flow_state *state; /* of the options, or `own` */
    struct flow_state *own;
    struct arena arena;
    struct flow_kept *first;
    struct flow_kept **last;
};

struct flow_keep *flow_keep_new(struct decode_job *job)
{
    struct flow_keep *keep = calloc(1, sizeof(*keep));
    ASSERT(keep != NULL);
    keep->job = job;
    if (job->options == NULL || job->options->flows == NULL)
        keep->own = flow_state_new();
    keep->state = keep->own == NULL ? job->options->flows : keep->own;
    keep->last = &keep->first;
    return keep;
}

void flow_keep_free(struct flow_keep *keep)
{
    if (keep == NULL)
        return;
    flow_state_free(keep->own);
    arena_free(&keep->arena);
    free(keep);
}

enum result flow_keep_datagram(struct flow_keep *keep, const struct flow_datagram *datagram)
{
    struct flow_outcome outcome;
    enum result result = flow_datagram(keep->state, keep->job, datagram, &outcome);
    if (result != RESULT_OK || outcome.waiting == 0)
        return result;
    slice bytes = slice_first(datagram->bytes, FLOW_DATAGRAM_MAX);
    if (keep->arena.used + bytes.len + sizeof(struct flow_kept) > FLOW_KEEP_BYTES_MAX) {
        flow_give_up(keep->job, datagram, outcome.waiting);
        return RESULT_OK;
    }
    struct flow_kept *kept = ARENA_NEW(&keep->arena, struct flow_kept);
    kept->datagram = *datagram;
    kept->datagram.bytes = arena_copy(&keep->arena, bytes);
    kept->waiting = outcome.waiting;
    *keep->last = kept;
    keep->last = &kept->next;
    return RESULT_OK;
}

enum result flow_keep_finish(struct flow_keep *keep)
{
    for (struct flow_kept *kept = keep->first; kept != NULL; kept = kept->next) {
        struct flow_outcome outcome;
        kept->datagram.only = kept->waiting;
        enum result result = flow_datagram(keep->state, keep->job, &kept->datagram, &outcome);
        if (result != RESULT_OK)
            return result;
        flow_give_up(keep->job, &kept->datagram, outcome.waiting);
    }
    return RESULT_OK;
}
