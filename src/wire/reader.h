/* A bounded cursor over memory, for binary formats and for messages between roles. A read past the
 * end sets `failed`, gives zero or the empty slice, and every later read does so too: callers read
 * freely and look once at the end. */
#ifndef WIRE_READER_H
#define WIRE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct reader {
    slice bytes;
    size_t at;
    bool failed;
};

struct reader reader_over(slice bytes);
size_t reader_left(const struct reader *reader);
/* Absolute position; past the end fails. */
void reader_seek(struct reader *reader, size_t at);
void reader_skip(struct reader *reader, size_t len);
slice reader_bytes(struct reader *reader, size_t len);

/* Little endian. */
uint8_t reader_u8(struct reader *reader);
uint16_t reader_u16(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
uint64_t reader_u64(struct reader *reader);
/* Network order. */
uint16_t reader_be16(struct reader *reader);
uint32_t reader_be32(struct reader *reader);
uint64_t reader_be64(struct reader *reader);

/* Messages between roles: little-endian numbers, slices as u32 length + bytes. */
slice reader_slice(struct reader *reader);
void writer_u8(struct buf *out, uint8_t value);
void writer_u16(struct buf *out, uint16_t value);
void writer_u32(struct buf *out, uint32_t value);
void writer_u64(struct buf *out, uint64_t value);
void writer_be32(struct buf *out, uint32_t value);
void writer_be64(struct buf *out, uint64_t value);
void writer_slice(struct buf *out, slice bytes);

#endif
