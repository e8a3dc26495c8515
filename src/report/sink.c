/* See sink.h. Rejected: stdio, whose errors are late and whose buffers flush at exit. */
#include "report/sink.h"

#include <errno.h>
#include <unistd.h>

void sink_init(struct sink *sink, int fd, slice name)
{
    *sink = (struct sink){.fd = fd, .name = name};
    buf_init(&sink->buf, SINK_PENDING_MAX);
}

static void sink_write(struct sink *sink)
{
    slice rest = buf_slice(&sink->buf);
    while (rest.len > 0 && !sink->closed && sink->failure == 0) {
        ssize_t written = write(sink->fd, rest.at, rest.len);
        if (written >= 0)
            rest = slice_from(rest, (size_t)written);
        else if (errno == EPIPE)
            sink->closed = true;
        else if (errno != EINTR)
            sink->failure = errno;
    }
    sink->overflow = sink->overflow || sink->buf.overflow;
    buf_clear(&sink->buf);
}

bool sink_settle(struct sink *sink)
{
    if (sink->buf.len >= SINK_BLOCK || sink->buf.overflow)
        sink_write(sink);
    return !sink->closed && sink->failure == 0;
}

enum result sink_finish(struct sink *sink, struct error *err)
{
    sink_write(sink);
    buf_free(&sink->buf);
    if (sink->failure != 0)
        return error_set_system(err, sink->failure, TEXT_REPORT_WRITE, ARG(sink->name));
    if (sink->overflow)
        return error_set(
            err, RESULT_LIMIT, TEXT_REPORT_OVERFLOW, ARG(sink->name), ARG(SINK_PENDING_MAX));
    return RESULT_OK;
}
