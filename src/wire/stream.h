/* A stream: the bytes of one evidence object (a file or a member of an archive) in order, once,
 * through a buffer.
 *
 * Decoders see only this: they peek, take, and skip. The bytes come from a read function, which is
 * a descriptor, an archive member or memory. Rejected: mapping files, since a file that shrinks
 * would kill the reader with SIGBUS and archive members would need a second way. */
#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "base/slice.h"

struct stream;

/* Fills up to `len` bytes and sets *got (0 at the end). */
typedef enum result (*stream_read)(
    void *context, char *to, size_t len, size_t *got, struct error *err);

/* Moves to a byte of the object, at most to its end, and gives where that is: what is read next
 * begins there. */
typedef uint64_t (*stream_seek)(void *context, uint64_t offset);

struct stream *stream_new(stream_read read, void *context);
/* Lets stream_skip jump over what it would have to read. */
void stream_set_seek(struct stream *stream, stream_seek seek);
/* A stream over memory that outlives it. */
struct stream *stream_from_memory(slice bytes);
/* NULL is fine. Does not close what the read function reads. */
void stream_free(struct stream *stream);

/* Byte offset in the object of the next byte that would be taken. */
uint64_t stream_offset(const struct stream *stream);

/* At least `len` bytes without taking them, less only at the end of the object: *bytes is what
 * there is (may be longer). Valid until the next call on the stream. `len` must be at most
 * STREAM_PEEK_MAX. */
#define STREAM_PEEK_MAX ((size_t)64 << 20)
MUST_USE enum result stream_peek(
    struct stream *stream, size_t len, slice *bytes, struct error *err);
/* Takes `len` bytes that a peek has shown. */
void stream_take(struct stream *stream, size_t len);
/* Reads and drops up to `len` bytes; *skipped is less only at the end. */
MUST_USE enum result stream_skip(
    struct stream *stream, uint64_t len, uint64_t *skipped, struct error *err);

struct stream_line {
    slice text;      /* without the line end; valid until the next call */
    uint64_t offset; /* of its first byte */
    uint64_t number; /* 1-based */
    bool truncated;  /* it was longer than `max`; the rest was dropped */
    bool unfinished; /* the object ended without a line end */
};

/* The next line (LF or CRLF), at most `max` bytes of it. RESULT_END after the last. */
MUST_USE enum result stream_next_line(
    struct stream *stream, size_t max, struct stream_line *line, struct error *err);

#endif
