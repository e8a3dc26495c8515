/* See reader.h. Bytes are put together by hand, so that neither alignment nor the machine's byte
 * order matters; compilers make one load of it. */
#include "wire/reader.h"

#include "base/assert.h"
#include "base/checked.h"

struct reader reader_over(slice bytes)
{
    return (struct reader){.bytes = bytes};
}

size_t reader_left(const struct reader *reader)
{
    return reader->failed ? 0 : reader->bytes.len - reader->at;
}

void reader_seek(struct reader *reader, size_t at)
{
    if (at > reader->bytes.len)
        reader->failed = true;
    else
        reader->at = at;
}

slice reader_bytes(struct reader *reader, size_t len)
{
    if (len > reader_left(reader) || reader->failed) {
        reader->failed = true;
        return S("");
    }
    slice bytes = slice_sub(reader->bytes, reader->at, len);
    reader->at += len;
    return bytes;
}

void reader_skip(struct reader *reader, size_t len)
{
    (void)reader_bytes(reader, len);
}

static uint64_t reader_little(struct reader *reader, size_t len)
{
    slice bytes = reader_bytes(reader, len);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len; i++)
        value |= (uint64_t)(unsigned char)bytes.at[i] << (8 * i);
    return value;
}

static uint64_t reader_big(struct reader *reader, size_t len)
{
    slice bytes = reader_bytes(reader, len);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | (unsigned char)bytes.at[i];
    return value;
}

uint8_t reader_u8(struct reader *reader)
{
    return (uint8_t)reader_little(reader, 1);
}

uint16_t reader_u16(struct reader *reader)
{
    return (uint16_t)reader_little(reader, 2);
}

uint32_t reader_u32(struct reader *reader)
{
    return (uint32_t)reader_little(reader, 4);
}

uint64_t reader_u64(struct reader *reader)
{
    return reader_little(reader, 8);
}

uint16_t reader_be16(struct reader *reader)
{
    return (uint16_t)reader_big(reader, 2);
}

uint32_t reader_be32(struct reader *reader)
{
    return (uint32_t)reader_big(reader, 4);
}

uint64_t reader_be64(struct reader *reader)
{
    return reader_big(reader, 8);
}

slice reader_slice(struct reader *reader)
{
    return reader_bytes(reader, reader_u32(reader));
}

static void writer_little(struct buf *out, uint64_t value, size_t len)
{
    char bytes[8];
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(value >> (8 * i));
    buf_append(out, slice_make(bytes, len));
}

static void writer_big(struct buf *out, uint64_t value, size_t len)
{
    char bytes[8];
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(value >> (8 * (len - 1 - i)));
    buf_append(out, slice_make(bytes, len));
}

void writer_u8(struct buf *out, uint8_t value)
{
    writer_little(out, value, 1);
}

void writer_u16(struct buf *out, uint16_t value)
{
    writer_little(out, value, 2);
}

void writer_u32(struct buf *out, uint32_t value)
{
    writer_little(out, value, 4);
}

void writer_u64(struct buf *out, uint64_t value)
{
    writer_little(out, value, 8);
}

void writer_be32(struct buf *out, uint32_t value)
{
    writer_big(out, value, 4);
}

void writer_be64(struct buf *out, uint64_t value)
{
    writer_big(out, value, 8);
}

void writer_slice(struct buf *out, slice bytes)
{
    ASSERT(bytes.len <= UINT32_MAX);
    writer_u32(out, (uint32_t)bytes.len);
    buf_append(out, bytes);
}
