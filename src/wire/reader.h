/* A bounded cursor over memory, for binary formats and for messages between roles. A read past the
 * end sets `failed`, gives zero or the empty slice, and every later read does so too: callers read
 * freely and look once at the end.
 *
 * Reads are inline: as calls they took a tenth of the time of decoding a binary format. */
#ifndef WIRE_READER_H
#define WIRE_READER_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/slice.h"

struct reader {
    slice bytes;
    size_t at;
    bool failed;
};

static inline struct reader reader_over(slice bytes)
{
    return (struct reader){.bytes = bytes};
}

static inline size_t reader_left(const struct reader *reader)
{
    return reader->failed ? 0 : reader->bytes.len - reader->at;
}

/* Absolute position; past the end fails. */
static inline void reader_seek(struct reader *reader, size_t at)
{
    if (at > reader->bytes.len)
        reader->failed = true;
    else
        reader->at = at;
}

static inline slice reader_bytes(struct reader *reader, size_t len)
{
    if (reader->failed || len > reader->bytes.len - reader->at) {
        reader->failed = true;
        return S("");
    }
    const char *from = reader->bytes.at == NULL ? "" : reader->bytes.at + reader->at;
    reader->at += len;
    return slice_make(from, len);
}

static inline void reader_skip(struct reader *reader, size_t len)
{
    (void)reader_bytes(reader, len);
}

/* Copies `len` bytes to a number that is zero, and leaves it so when there are not that many. */
static inline void reader_copy(struct reader *reader, void *number, size_t len)
{
    slice bytes = reader_bytes(reader, len);
    if (bytes.len == len)
        memcpy(number, bytes.at, len);
}

static inline uint8_t reader_u8(struct reader *reader)
{
    uint8_t value = 0;
    reader_copy(reader, &value, sizeof(value));
    return value;
}

/* Little endian. */
static inline uint16_t reader_u16(struct reader *reader)
{
    uint16_t value = 0;
    reader_copy(reader, &value, sizeof(value));
    return le16toh(value);
}

static inline uint32_t reader_u32(struct reader *reader)
{
    uint32_t value = 0;
    reader_copy(reader, &value, sizeof(value));
    return le32toh(value);
}

static inline uint64_t reader_u64(struct reader *reader)
{
    uint64_t value = 0;
    reader_copy(reader, &value, sizeof(value));
    return le64toh(value);
}

/* Network order. */
static inline uint16_t reader_be16(struct reader *reader)
{
    uint16_t value = 0;
    reader_copy(reader, &value, sizeof(value));
    return be16toh(value);
}

static inline uint32_t reader_be32(struct reader *reader)
{
    uint32_t value = 0;
    reader_copy(reader, &value, sizeof(value));
    return be32toh(value);
}

static inline uint64_t reader_be64(struct reader *reader)
{
    uint64_t value = 0;
    reader_copy(reader, &value, sizeof(value));
    return be64toh(value);
}

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
