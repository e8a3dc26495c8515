/* The detect role of a triage run: a sandboxed child that turns evidence files into signs and
 * matches. */
#ifndef TRIAGE_WORKER_H
#define TRIAGE_WORKER_H

#include "proc/channel.h"
#include "triage/protocol.h"
#include "triage/run.h"

/* Enters the sandbox and serves jobs until the channel closes. Never returns; the exit status is 0
 * unless the sandbox failed. Runs in a child made by fork. */
void worker_main(const struct triage_options *options, struct channel *channel,
    struct protocol_shared *shared) __attribute__((noreturn));

#endif
