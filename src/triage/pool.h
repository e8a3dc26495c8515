/* The workers of a run: children with a channel and a page of shared memory each. */
#ifndef TRIAGE_POOL_H
#define TRIAGE_POOL_H

#include <sys/types.h>

#include "proc/channel.h"
#include "triage/protocol.h"
#include "triage/run.h"

struct pool_worker {
    pid_t pid; /* 0: not running */
    struct channel *channel;
    struct protocol_shared *shared;
    bool busy;
    uint32_t file; /* at hand */
    uint32_t part; /* of it, or PROTOCOL_NO_PART */
};

struct pool {
    const struct triage_options *options;
    struct pool_worker workers[TRIAGE_JOBS_MAX];
    size_t count;
    uint64_t records_before; /* of workers that ended */
};

/* Starts options->jobs workers. */
MUST_USE enum result pool_start(
    struct pool *pool, const struct triage_options *options, struct error *err);
/* Starts one again that has ended. */
MUST_USE enum result pool_restart(struct pool *pool, size_t index, struct error *err);
/* Closes the channel and waits; *status as waitpid gives it. */
void pool_reap(struct pool *pool, size_t index, int *status);
/* Ends all workers. */
void pool_stop(struct pool *pool);
/* Waits up to `timeout_ms` for any worker to send; ready[i] tells which did. */
void pool_wait(struct pool *pool, int timeout_ms, bool ready[TRIAGE_JOBS_MAX]);

#endif
