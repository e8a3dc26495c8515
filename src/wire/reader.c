/* See reader.h. */
#include "wire/reader.h"

#include "base/assert.h"

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
