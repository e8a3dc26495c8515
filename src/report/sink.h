/* Where a report's bytes go: appended to a buffer, written to a descriptor in blocks. Errors are
 * noted once and told at the end, so that writers need not look after every word. */
#ifndef REPORT_SINK_H
#define REPORT_SINK_H

#include <stdbool.h>

#include "base/base.h"

/* Written out when this much is waiting. */
#define SINK_BLOCK ((size_t)64 << 10)
/* What may be appended between two calls of sink_settle. */
#define SINK_PENDING_MAX ((size_t)64 << 20)

struct sink {
    int fd;
    slice name;     /* for messages */
    struct buf buf; /* writers append here */
    bool closed;    /* the reader went away */
    int failure;    /* errno of the first failure, else 0 */
    bool overflow;  /* SINK_PENDING_MAX was passed: bytes are missing */
};

void sink_init(struct sink *sink, int fd, slice name);
/* Call after every item. False when nothing more will be written: the writer may stop. */
bool sink_settle(struct sink *sink);
/* Writes the rest, frees the buffer, tells what went wrong. Call once, always. */
MUST_USE enum result sink_finish(struct sink *sink, struct error *err);

#endif
