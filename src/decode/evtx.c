/* See evtx.h.
 *
 *     OFFSET  SIZE  MEANING (little-endian)
 *     0       8     "ElfFile" and NUL
 *     8       8+8   number of the first and of the last chunk
 *     24      8     identifier of the next record
 *     32      4     size of the header (128)
 *     36      2+2   version, minor and major: 3.1 or 3.2
 *     40      2     size of the block that the header fills (4096)
 *     42      2     number of chunks
 *     44      76    unused
 *     120     4     flags: 1 not closed, 2 full, 4 no checksums
 *     124     4     CRC-32 of bytes 0..119
 *     4096          chunks of 64 KiB
 *
 * The header only matters for its flags: each chunk says itself what it is, so that carved pieces
 * and files with a broken header are read like others. Rejected: following the header's first and
 * last chunk, as Windows does, which hides what stands behind them.
 *
 * A large file is decoded in parts of whole chunks, by several workers. Templates of earlier chunks
 * serve for lost ones within a part only, also where one worker decodes all, so that the split does
 * not show. */
#include "decode/evtx.h"

#include <string.h>

#include "base/base.h"
#include "decode/evtx_chunk.h"
#include "wire/crc32.h"
#include "wire/reader.h"

#define EVTX_HEADER_BLOCK   ((size_t)4096)
#define EVTX_HEADER_CHECKED 120
#define EVTX_COUNT_AT       42
#define EVTX_FLAG_DIRTY     1u
#define EVTX_FLAG_NO_CRC    4u

static const slice evtx_file_magic = S_INIT("ElfFile\0");

struct file {
    struct decode_job *job;
    struct stream *stream;
    struct evtx_cache cache;
    bool dirty;
    bool has_header;
    uint64_t chunks_named; /* in the header */
    uint64_t chunks_found;
};

unsigned evtx_sniff(slice head, bool whole)
{
    (void)whole;
    if (slice_starts(head, evtx_file_magic))
        return 100;
    return slice_starts(head, evtx_chunk_magic) ||
                   slice_starts(slice_from(head, EVTX_HEADER_BLOCK), evtx_chunk_magic)
               ? 95
               : 0;
}

static void file_note(const struct file *file, enum text text, uint64_t named, uint64_t found)
{
    struct error why;
    if (file->job->on_note == NULL)
        return;
    (void)error_set(&why, RESULT_MALFORMED, text, ARG(named), ARG(found));
    file->job->on_note(file->job->context, 0, 0, &why);
}

static void file_undecoded(const struct file *file, uint64_t offset, enum text text, uint64_t len)
{
    struct error why;
    (void)error_set(&why, RESULT_MALFORMED, text, ARG(offset), ARG(len));
    file->job->on_undecoded(file->job->context, 0, offset, &why);
}

/* What is said of the header is said with the first part. */
static void file_note_header(const struct file *file, enum text text)
{
    if (file->job->options->part.from == 0)
        file_note(file, text, 0, 0);
}

static void file_read_header(struct file *file, slice head)
{
    struct reader reader = reader_over(head);
    reader_seek(&reader, EVTX_COUNT_AT);
    uint64_t chunks = reader_u16(&reader);
    reader_seek(&reader, EVTX_HEADER_CHECKED);
    uint32_t flags = reader_u32(&reader);
    uint32_t checksum = reader_u32(&reader);
    if (reader.failed)
        return;
    file->has_header = true;
    file->chunks_named = chunks;
    file->dirty = (flags & EVTX_FLAG_DIRTY) != 0;
    if ((flags & EVTX_FLAG_NO_CRC) == 0 &&
        checksum != crc32_of(0, slice_first(head, EVTX_HEADER_CHECKED))) {
        file_note_header(file, TEXT_EVTX_HEADER_CHECKSUM);
        file->has_header = false;
        file->dirty = true;
    }
}

/* Takes what stands before the first chunk. */
static enum result file_begin(struct file *file, struct error *err)
{
    slice head;
    enum result result =
        stream_peek(file->stream, EVTX_HEADER_BLOCK + evtx_chunk_magic.len, &head, err);
    file->dirty = true;
    if (result != RESULT_OK || slice_starts(head, evtx_chunk_magic))
        return result;
    if (slice_starts(head, evtx_file_magic))
        file_read_header(file, head);
    else if (slice_starts(slice_from(head, EVTX_HEADER_BLOCK), evtx_chunk_magic))
        file_note_header(file, TEXT_EVTX_HEADER_MAGIC);
    else
        return RESULT_OK; /* a piece; the search for chunks does the rest */
    stream_take(file->stream, size_min(head.len, EVTX_HEADER_BLOCK));
    return RESULT_OK;
}

/* Bytes where a chunk should stand and does not: up to the next one in sight. Space that was never
 * written is no damage. */
static enum result file_skip(struct file *file, slice bytes)
{
    uint64_t offset = stream_offset(file->stream);
    struct evtx_chunk gap = {
        .bytes = slice_first(bytes, EVTX_CHUNK_SIZE), .offset = offset, .damaged = true};
    enum result stop = RESULT_OK;
    if (!evtx_chunk_is_unwritten(gap.bytes)) {
        gap.bytes = slice_first(gap.bytes, slice_find(bytes, evtx_chunk_magic));
        if (!evtx_chunk_is_unwritten(gap.bytes)) {
            file_undecoded(file, offset, TEXT_EVTX_CHUNK_MAGIC, gap.bytes.len);
            if (file->job->options->recover)
                stop = evtx_chunk_decode(file->job, &file->cache, &gap);
        }
    }
    stream_take(file->stream, gap.bytes.len);
    return stop;
}

/* Goes to the part asked for, before which all chunks are whole (evtx_parts). */
static enum result file_go_to_part(struct file *file, struct error *err)
{
    const struct decode_part *part = &file->job->options->part;
    uint64_t here = stream_offset(file->stream);
    uint64_t skipped;
    if (part->from <= here)
        return RESULT_OK;
    file->chunks_found = (part->from - EVTX_HEADER_BLOCK) / EVTX_CHUNK_SIZE;
    return stream_skip(file->stream, part->from - here, &skipped, err);
}

static bool file_begins_part(uint64_t offset)
{
    return offset >= EVTX_HEADER_BLOCK && (offset - EVTX_HEADER_BLOCK) % EVTX_PART_SIZE == 0;
}

static enum result file_chunks(struct file *file, struct error *err)
{
    uint64_t to = file->job->options->part.to;
    for (;;) {
        slice bytes;
        if (to != 0 && stream_offset(file->stream) >= to)
            return RESULT_OK;
        if (file_begins_part(stream_offset(file->stream)))
            evtx_cache_forget(&file->cache);
        enum result result =
            stream_peek(file->stream, EVTX_CHUNK_SIZE + evtx_chunk_magic.len, &bytes, err);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        bytes = slice_first(bytes, EVTX_CHUNK_SIZE + evtx_chunk_magic.len);
        if (!slice_starts(bytes, evtx_chunk_magic)) {
            result = file_skip(file, bytes);
        } else {
            struct evtx_chunk chunk = {.bytes = slice_first(bytes, evtx_chunk_len(bytes)),
                .offset = stream_offset(file->stream),
                .dirty = file->dirty};
            file->chunks_found++;
            result = evtx_chunk_decode(file->job, &file->cache, &chunk);
            stream_take(file->stream, chunk.bytes.len);
        }
        if (result != RESULT_OK)
            return result;
    }
}

enum result evtx_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct file file = {.job = job, .stream = stream};
    evtx_cache_init(&file.cache);
    enum result result = file_begin(&file, err);
    if (result == RESULT_OK)
        result = file_go_to_part(&file, err);
    if (result == RESULT_OK)
        result = file_chunks(&file, err);
    evtx_cache_free(&file.cache);
    if (result == RESULT_OK && job->options->part.to == 0 && file.has_header &&
        file.chunks_found < file.chunks_named)
        file_note(&file, TEXT_EVTX_CHUNK_COUNT, file.chunks_named, file.chunks_found);
    return result;
}

/* Where every chunk is followed by another, each has its full length (evtx_chunk_len), so that
 * decoding from the front would come by all these offsets. */
uint32_t evtx_parts(evtx_read_at read_at, void *context)
{
    const uint64_t chunks_of_part = EVTX_PART_SIZE / EVTX_CHUNK_SIZE;
    char magic[8];
    uint64_t chunks = 0;
    ASSERT(evtx_chunk_magic.len == sizeof(magic));
    if (!read_at(context, 0, magic, sizeof(magic)) ||
        slice_equal(slice_make(magic, sizeof(magic)), evtx_chunk_magic))
        return 1;
    while (chunks / chunks_of_part < UINT32_MAX - 1 &&
           read_at(context, EVTX_HEADER_BLOCK + chunks * EVTX_CHUNK_SIZE, magic, sizeof(magic)) &&
           slice_equal(slice_make(magic, sizeof(magic)), evtx_chunk_magic))
        chunks++;
    return chunks == 0 ? 1 : (uint32_t)((chunks - 1) / chunks_of_part) + 1;
}

struct decode_part evtx_part(uint32_t number, uint32_t count)
{
    struct decode_part part = {0};
    ASSERT(number < count);
    if (number > 0)
        part.from = EVTX_HEADER_BLOCK + number * EVTX_PART_SIZE;
    if (number + 1 < count)
        part.to = EVTX_HEADER_BLOCK + (number + 1) * EVTX_PART_SIZE;
    return part;
}
