/* See stream.h. One buffer, grown up to what a peek asks for; what was taken is moved out when more
 * is read. */
#include "wire/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define STREAM_READ_SIZE ((size_t)256 << 10)

struct stream {
    stream_read read;
    stream_seek seek; /* NULL: front to back only */
    void *context;
    struct buf window;
    size_t at;       /* next untaken byte of the window */
    uint64_t offset; /* of that byte in the object */
    uint64_t line;   /* lines given so far */
    bool ended;
    struct buf kept; /* the front of a line that was too long */
    slice memory;    /* stream_from_memory: the window over the caller's bytes */
};

static struct stream *stream_alloc(void)
{
    struct stream *stream = calloc(1, sizeof(*stream));
    ASSERT(stream != NULL);
    buf_init(&stream->kept, STREAM_PEEK_MAX);
    return stream;
}

struct stream *stream_new(stream_read read, void *context)
{
    struct stream *stream = stream_alloc();
    stream->read = read;
    stream->context = context;
    buf_init(&stream->window, STREAM_PEEK_MAX + STREAM_READ_SIZE);
    return stream;
}

void stream_set_seek(struct stream *stream, stream_seek seek)
{
    stream->seek = seek;
}

struct stream *stream_from_memory(slice bytes)
{
    struct stream *stream = stream_alloc();
    stream->memory = bytes;
    stream->ended = true;
    return stream;
}

void stream_free(struct stream *stream)
{
    if (stream == NULL)
        return;
    buf_free(&stream->window);
    buf_free(&stream->kept);
    free(stream);
}

uint64_t stream_offset(const struct stream *stream)
{
    return stream->offset;
}

static slice stream_window(const struct stream *stream)
{
    slice window = stream->read == NULL ? stream->memory : buf_slice(&stream->window);
    return slice_from(window, stream->at);
}

/* Reads once more; sets `ended` when there is nothing more. */
static enum result stream_fill(struct stream *stream, struct error *err)
{
    size_t left = stream->window.len - stream->at;
    size_t got = 0;
    if (stream->at > 0) {
        memmove(stream->window.at, stream->window.at + stream->at, left);
        stream->window.len = left;
        stream->at = 0;
    }
    /* Growing by halves keeps the copying linear in what is peeked. */
    size_t want = size_max(STREAM_READ_SIZE, left / 2);
    want = size_min(want, stream->window.maximum - left);
    char *to = buf_reserve(&stream->window, want);
    if (to == NULL)
        return error_set(err, RESULT_LIMIT, TEXT_OUT_OF_MEMORY);
    enum result result = stream->read(stream->context, to, want, &got, err);
    if (result != RESULT_OK)
        return result;
    ASSERT(got <= want);
    buf_commit(&stream->window, got);
    stream->ended = got == 0;
    return RESULT_OK;
}

enum result stream_peek(struct stream *stream, size_t len, slice *bytes, struct error *err)
{
    ASSERT(len <= STREAM_PEEK_MAX);
    while (stream_window(stream).len < len && !stream->ended) {
        enum result result = stream_fill(stream, err);
        if (result != RESULT_OK)
            return result;
    }
    *bytes = stream_window(stream);
    return RESULT_OK;
}

void stream_take(struct stream *stream, size_t len)
{
    ASSERT(len <= stream_window(stream).len);
    stream->at += len;
    stream->offset += len;
}

/* Jumps over what lies behind the window; gives how many bytes that were. */
static uint64_t stream_jump(struct stream *stream, uint64_t len)
{
    size_t shown = stream_window(stream).len;
    if (stream->seek == NULL || stream->ended || len <= shown)
        return 0;
    uint64_t begin = stream->offset;
    uint64_t target = len > UINT64_MAX - begin ? UINT64_MAX : begin + len;
    uint64_t reached = stream->seek(stream->context, target);
    ASSERT(reached >= begin && reached <= target);
    stream->window.len = 0;
    stream->at = 0;
    stream->offset = reached;
    return reached - begin;
}

enum result stream_skip(struct stream *stream, uint64_t len, uint64_t *skipped, struct error *err)
{
    uint64_t done = stream_jump(stream, len);
    while (done < len) {
        slice bytes;
        enum result result = stream_peek(stream, 1, &bytes, err);
        if (result != RESULT_OK)
            return result;
        if (bytes.len == 0)
            break;
        size_t step = len - done < bytes.len ? (size_t)(len - done) : bytes.len;
        stream_take(stream, step);
        done += step;
    }
    *skipped = done;
    return RESULT_OK;
}

/* Drops bytes up to and with the next LF; *found is false when the object ended first. */
static enum result stream_drop_line(struct stream *stream, bool *found, struct error *err)
{
    for (;;) {
        slice bytes;
        enum result result = stream_peek(stream, 1, &bytes, err);
        if (result != RESULT_OK)
            return result;
        size_t end = slice_find_byte(bytes, '\n');
        *found = end < bytes.len;
        if (bytes.len == 0)
            return RESULT_OK;
        stream_take(stream, *found ? end + 1 : bytes.len);
        if (*found)
            return RESULT_OK;
    }
}

/* Looks for LF in at most max+2 bytes (the line, CR, LF), reading as needed. */
static enum result stream_find_line(
    struct stream *stream, size_t max, slice *window, size_t *end, struct error *err)
{
    size_t searched = 0;
    for (;;) {
        *window = slice_first(stream_window(stream), max + 2);
        *end = searched + slice_find_byte(slice_from(*window, searched), '\n');
        searched = window->len;
        if (*end < window->len || window->len == max + 2 || stream->ended)
            return RESULT_OK;
        enum result result = stream_fill(stream, err);
        if (result != RESULT_OK)
            return result;
    }
}

static slice stream_without_cr(slice text)
{
    if (text.len > 0 && text.at[text.len - 1] == '\r')
        text.len--;
    return text;
}

enum result stream_next_line(
    struct stream *stream, size_t max, struct stream_line *line, struct error *err)
{
    slice window;
    size_t end;
    ASSERT(max < STREAM_PEEK_MAX);
    enum result result = stream_find_line(stream, max, &window, &end, err);
    if (result != RESULT_OK)
        return result;
    if (window.len == 0)
        return RESULT_END;
    bool found = end < window.len;
    struct stream_line made = {.offset = stream->offset, .number = ++stream->line};
    slice text = stream_without_cr(slice_first(window, end));
    if (found || (stream->ended && window.len < max + 2)) {
        made.unfinished = !found;
        made.truncated = text.len > max;
        made.text = slice_first(text, max);
        stream_take(stream, found ? end + 1 : window.len);
        *line = made;
        return RESULT_OK;
    }
    /* Too long: keep what fits aside, since dropping the rest reuses the window. */
    made.truncated = true;
    buf_clear(&stream->kept);
    buf_append(&stream->kept, slice_first(window, max));
    made.text = buf_slice(&stream->kept);
    stream_take(stream, window.len);
    result = stream_drop_line(stream, &found, err);
    made.unfinished = !found;
    if (result == RESULT_OK)
        *line = made;
    return result;
}
