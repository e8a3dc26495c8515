/* Framed messages between two roles over a socket pair, with descriptors attached where needed.
 *
 * A frame is u32 length of the payload, u8 type, payload, little endian. The receiver believes
 * nothing: lengths are checked against CHANNEL_FRAME_MAX, payloads are read with wire/reader.h.
 * Sending is buffered; a sender flushes when it goes to wait. */
#ifndef PROC_CHANNEL_H
#define PROC_CHANNEL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/result.h"

#define CHANNEL_FRAME_MAX ((size_t)1 << 20)
/* Descriptors that one frame may carry. */
#define CHANNEL_FDS_MAX 2

struct channel;

/* Two ends; each closes its descriptor when freed. */
MUST_USE enum result channel_pair(struct channel **left, struct channel **right, struct error *err);
/* NULL is fine. */
void channel_free(struct channel *channel);
int channel_fd(const struct channel *channel);

/* Queues a frame; blocks only when the queue is full. RESULT_END: the peer is gone. */
MUST_USE enum result channel_send(
    struct channel *channel, uint8_t type, slice payload, struct error *err);
/* Sends a frame with descriptors (still the caller's to close) at once. */
MUST_USE enum result channel_send_fds(struct channel *channel, uint8_t type, slice payload,
    const int *fds, size_t fd_count, struct error *err);
MUST_USE enum result channel_flush(struct channel *channel, struct error *err);

struct channel_frame {
    uint8_t type;
    slice payload;            /* valid until the next call */
    int fds[CHANNEL_FDS_MAX]; /* the receiver's to close */
    size_t fd_count;
};

/* Reads what the socket has without waiting. RESULT_END: the peer is gone (frames received before
 * are still to be taken). */
MUST_USE enum result channel_pump(struct channel *channel, struct error *err);
/* The next whole frame received; RESULT_END when there is none yet. */
MUST_USE enum result channel_next(
    struct channel *channel, struct channel_frame *frame, struct error *err);
/* Waits for the next frame; RESULT_END: the peer is gone. */
MUST_USE enum result channel_receive(
    struct channel *channel, struct channel_frame *frame, struct error *err);

#endif
