/* See channel.h. A stream socket rather than SOCK_SEQPACKET: many small frames go in one system
 * call. Descriptors arrive with the first byte of their frame, which is why frames with descriptors
 * are sent by themselves. */
#include "proc/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base.h"
#include "wire/reader.h"

#define CHANNEL_HEADER     5
#define CHANNEL_FLUSH_SIZE ((size_t)64 << 10)
#define CHANNEL_READ_SIZE  ((size_t)256 << 10)

struct channel {
    int fd;
    struct buf out;
    struct buf in;
    size_t in_at;
    int fds[CHANNEL_FDS_MAX]; /* received, not yet handed out */
    size_t fd_count;
};

static struct channel *channel_over(int fd)
{
    struct channel *channel = calloc(1, sizeof(*channel));
    ASSERT(channel != NULL);
    channel->fd = fd;
    buf_init(&channel->out, CHANNEL_FLUSH_SIZE + CHANNEL_FRAME_MAX + CHANNEL_HEADER);
    buf_init(&channel->in, CHANNEL_READ_SIZE + CHANNEL_FRAME_MAX + CHANNEL_HEADER);
    return channel;
}

enum result channel_pair(struct channel **left, struct channel **right, struct error *err)
{
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return error_set_system(err, errno, TEXT_CHANNEL, ARG("socketpair"));
    *left = channel_over(fds[0]);
    *right = channel_over(fds[1]);
    return RESULT_OK;
}

void channel_free(struct channel *channel)
{
    if (channel == NULL)
        return;
    for (size_t i = 0; i < channel->fd_count; i++)
        close(channel->fds[i]);
    close(channel->fd);
    buf_free(&channel->out);
    buf_free(&channel->in);
    free(channel);
}

int channel_fd(const struct channel *channel)
{
    return channel->fd;
}

static enum result channel_failed(struct error *err)
{
    bool gone = errno == EPIPE || errno == ECONNRESET;
    enum result result = error_set_system(err, errno, TEXT_CHANNEL, ARG("sendmsg"));
    return gone ? RESULT_END : result;
}

static enum result channel_write(
    struct channel *channel, slice bytes, const int *fds, size_t fd_count, struct error *err)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * CHANNEL_FDS_MAX)];
    } control = {0};
    while (bytes.len > 0) {
        struct iovec part = {(void *)(uintptr_t)bytes.at, bytes.len};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        if (fd_count > 0) {
            control.header.cmsg_level = SOL_SOCKET;
            control.header.cmsg_type = SCM_RIGHTS;
            control.header.cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
            memcpy(CMSG_DATA(&control.header), fds, sizeof(int) * fd_count);
            message.msg_control = &control;
            message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        }
        ssize_t sent = sendmsg(channel->fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return channel_failed(err);
        fd_count = 0;
        bytes = slice_from(bytes, (size_t)sent);
    }
    return RESULT_OK;
}

enum result channel_flush(struct channel *channel, struct error *err)
{
    enum result result = channel_write(channel, buf_slice(&channel->out), NULL, 0, err);
    buf_clear(&channel->out);
    return result;
}

static void channel_queue(struct channel *channel, uint8_t type, slice payload)
{
    ASSERT(payload.len <= CHANNEL_FRAME_MAX);
    writer_u32(&channel->out, (uint32_t)payload.len);
    writer_u8(&channel->out, type);
    buf_append(&channel->out, payload);
    ASSERT(!channel->out.overflow);
}

enum result channel_send(struct channel *channel, uint8_t type, slice payload, struct error *err)
{
    channel_queue(channel, type, payload);
    return channel->out.len >= CHANNEL_FLUSH_SIZE ? channel_flush(channel, err) : RESULT_OK;
}

enum result channel_send_fds(struct channel *channel, uint8_t type, slice payload, const int *fds,
    size_t fd_count, struct error *err)
{
    ASSERT(fd_count <= CHANNEL_FDS_MAX);
    enum result result = channel_flush(channel, err);
    if (result != RESULT_OK)
        return result;
    channel_queue(channel, type, payload);
    result = channel_write(channel, buf_slice(&channel->out), fds, fd_count, err);
    buf_clear(&channel->out);
    return result;
}

/* Takes the descriptors of a message; more than a frame may carry are closed. */
static void channel_take_fds(struct channel *channel, struct msghdr *message)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
         part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
            if (channel->fd_count < CHANNEL_FDS_MAX)
                channel->fds[channel->fd_count++] = fd;
            else
                close(fd);
        }
    }
}

static enum result channel_read(struct channel *channel, int flags, struct error *err)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * CHANNEL_FDS_MAX)];
    } control = {0};
    size_t left = channel->in.len - channel->in_at;
    if (channel->in_at > 0) {
        memmove(channel->in.at, channel->in.at + channel->in_at, left);
        channel->in.len = left;
        channel->in_at = 0;
    }
    size_t room = size_min(CHANNEL_READ_SIZE, channel->in.maximum - left);
    struct iovec part = {buf_reserve(&channel->in, room), room};
    ASSERT(part.iov_base != NULL && room > 0);
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof(control)};
    ssize_t got;
    do {
        got = recvmsg(channel->fd, &message, flags | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return RESULT_OK;
    if (got == 0 || (got < 0 && errno == ECONNRESET))
        return RESULT_END;
    if (got < 0)
        return error_set_system(err, errno, TEXT_CHANNEL, ARG("recvmsg"));
    channel_take_fds(channel, &message);
    buf_commit(&channel->in, (size_t)got);
    return RESULT_OK;
}

enum result channel_pump(struct channel *channel, struct error *err)
{
    return channel_read(channel, MSG_DONTWAIT, err);
}

enum result channel_next(struct channel *channel, struct channel_frame *frame, struct error *err)
{
    struct reader reader = reader_over(slice_from(buf_slice(&channel->in), channel->in_at));
    uint32_t len = reader_u32(&reader);
    uint8_t type = reader_u8(&reader);
    if (reader.failed)
        return RESULT_END;
    if (len > CHANNEL_FRAME_MAX)
        return error_set(err, RESULT_MALFORMED, TEXT_CHANNEL_FRAME, ARG(len));
    if (reader_left(&reader) < len)
        return RESULT_END;
    *frame = (struct channel_frame){.type = type, .payload = reader_bytes(&reader, len)};
    frame->fd_count = channel->fd_count;
    memcpy(frame->fds, channel->fds, sizeof(frame->fds));
    channel->fd_count = 0;
    channel->in_at += CHANNEL_HEADER + len;
    return RESULT_OK;
}

enum result channel_receive(struct channel *channel, struct channel_frame *frame, struct error *err)
{
    for (;;) {
        enum result result = channel_next(channel, frame, err);
        if (result != RESULT_END)
            return result;
        result = channel_read(channel, 0, err);
        if (result != RESULT_OK)
            return result;
    }
}
