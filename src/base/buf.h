/* A byte buffer that declares its maximum. Appending past the maximum sets `overflow` and drops the
 * rest: callers append freely and look once at the end. Memory that cannot be had is treated alike.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct buf {
    char *at;
    size_t len;
    size_t size;    /* bytes allocated */
    size_t maximum; /* bytes that len may reach */
    bool overflow;
    bool fixed; /* memory is the caller's: never grown or freed */
};

/* An empty growing buffer of at most `maximum` bytes; buf_free releases it. */
void buf_init(struct buf *buf, size_t maximum);
/* An empty buffer over the caller's memory. */
void buf_init_fixed(struct buf *buf, char *memory, size_t size);
/* NULL and a zeroed buffer are fine. */
void buf_free(struct buf *buf);
/* Empties the buffer, keeps its memory, clears `overflow`. */
void buf_clear(struct buf *buf);
/* Cuts the buffer back to an earlier length. */
void buf_truncate(struct buf *buf, size_t len);

void buf_append(struct buf *buf, slice bytes);
void buf_append_byte(struct buf *buf, char byte);
void buf_append_cstr(struct buf *buf, const char *text);
void buf_append_u64(struct buf *buf, uint64_t value);
void buf_append_i64(struct buf *buf, int64_t value);
/* Zero-padded to `width` digits. */
void buf_append_padded(struct buf *buf, uint64_t value, size_t width);
/* Lower-case hexadecimal of each byte. */
void buf_append_hex(struct buf *buf, slice bytes);
/* Lower-case hexadecimal number without leading zeros. */
void buf_append_hex_u64(struct buf *buf, uint64_t value);
/* Room for `len` more bytes that the caller fills at once; NULL when there is none. Follow with
 * buf_commit. */
char *buf_reserve(struct buf *buf, size_t len);
void buf_commit(struct buf *buf, size_t len);

/* What is in the buffer; valid until the next change. */
slice buf_slice(const struct buf *buf);

#endif
