/* See evtx_chunk.h.
 *
 *     OFFSET  SIZE  MEANING (little-endian)
 *     0       8     "ElfChnk" and NUL
 *     8       8+8   number of the first and of the last record
 *     24      8+8   identifier of the first and of the last record
 *     40      4     size of the header (128)
 *     44      4     offset of the last record
 *     48      4     offset of the free space: the end of the records
 *     52      4     CRC-32 of the records
 *     56      64    unused
 *     120     4     flags: 1 in use, 4 no checksums
 *     124     4     CRC-32 of bytes 0..119 and 128..511
 *     128     256   64 offsets of names, by hash
 *     384     128   32 offsets of templates, by hash
 *     512           records
 *
 * A record:
 *     0       4     2a 2a 00 00
 *     4       4     size, at least 28
 *     8       8     identifier: one more than that of the record before
 *     16      8     FILETIME of writing
 *     24            binary XML
 *     size-4  4     size again
 *
 * The records are walked by their sizes, not through any table, and the tables of the header are
 * not used: everything that the binary XML needs is reached by offsets in it. What does not look
 * like a record is reported, and the next one sought by its signature. */
#include "decode/evtx_chunk.h"

#include <string.h>

#include "base/base.h"
#include "decode/evtx_record.h"
#include "decode/evtx_value.h"
#include "decode/windows.h"
#include "wire/crc32.h"
#include "wire/reader.h"

#define EVTX_CHUNK_LAST_AT       32
#define EVTX_CHUNK_FREE_AT       48
#define EVTX_CHUNK_FLAGS_AT      120
#define EVTX_CHUNK_NO_CHECKSUMS  4u
#define EVTX_CHUNK_CHECKED_FIRST 120
#define EVTX_CHUNK_TABLES_AT     128
#define EVTX_RECORD_HEAD         24
#define EVTX_RECORD_TAIL         4

const slice evtx_chunk_magic = S_INIT("ElfChnk\0");
static const slice evtx_record_magic = S_INIT("\x2a\x2a\0\0");

struct header {
    uint64_t last;   /* identifier of the last record */
    size_t used_end; /* end of the records */
    bool trusted;    /* the checksum is right */
};

struct record {
    size_t at;
    size_t size;
    uint64_t number;
    uint64_t written; /* FILETIME */
    bool consistent;  /* both sizes agree */
};

struct walk {
    struct decode_job *job;
    struct evtx_cache *cache;
    const struct evtx_chunk *chunk;
    size_t at;
    /* Numbers of the records in use, once there is one. */
    bool started;
    uint64_t first;
    uint64_t last;
    size_t steps_left;
    size_t text_left;
};

static void walk_undecoded(
    const struct walk *walk, uint64_t number, size_t at, const struct error *why)
{
    walk->job->on_undecoded(walk->job->context, number, walk->chunk->offset + at, why);
}

static void walk_note(const struct walk *walk, enum text text)
{
    struct error why;
    if (walk->job->on_note == NULL)
        return;
    (void)error_set(&why, RESULT_MALFORMED, text, ARG(walk->chunk->offset));
    walk->job->on_note(walk->job->context, walk->first, walk->chunk->offset, &why);
}

bool evtx_chunk_is_unwritten(slice bytes)
{
    return bytes.len == 0 ||
           (bytes.at[0] == '\0' && memcmp(bytes.at, bytes.at + 1, bytes.len - 1) == 0);
}

/* A record's frame at an offset, whose size stays within `end`. */
static bool record_read(slice bytes, size_t at, size_t end, struct record *record)
{
    struct reader reader = reader_over(slice_first(bytes, end));
    struct record found = {.at = at};
    reader_seek(&reader, at);
    slice magic = reader_bytes(&reader, evtx_record_magic.len);
    found.size = reader_u32(&reader);
    found.number = reader_u64(&reader);
    found.written = reader_u64(&reader);
    if (reader.failed || !slice_equal(magic, evtx_record_magic) ||
        found.size < EVTX_RECORD_HEAD + EVTX_RECORD_TAIL || found.size > end - at)
        return false;
    reader_seek(&reader, at + found.size - EVTX_RECORD_TAIL);
    found.consistent = reader_u32(&reader) == found.size;
    *record = found;
    return true;
}

/* The next offset from `from` on where a whole record seems to stand, or `end`. */
static size_t record_find(slice bytes, size_t from, size_t end)
{
    struct record record;
    while (from < end) {
        from += slice_find(slice_sub(bytes, from, end - from), evtx_record_magic);
        if (from >= end || (record_read(bytes, from, end, &record) && record.consistent))
            break;
        from++;
    }
    return size_min(from, end);
}

static enum result walk_decode(
    struct walk *walk, const struct record *record, bool recovered, struct error *err)
{
    struct evtx_record source = {.chunk = walk->chunk->bytes,
        .from = record->at + EVTX_RECORD_HEAD,
        .end = record->at + record->size - EVTX_RECORD_TAIL,
        .salvage = walk->job->options->recover,
        .steps_left = &walk->steps_left,
        .text_left = &walk->text_left};
    struct event *event = decode_begin(walk->job, record->number, walk->chunk->offset + record->at);
    event->recovered = recovered;
    event->time_ns = evtx_value_filetime_ns(record->written);
    return evtx_record_decode(walk->cache, &source, event, err);
}

/* Decodes one record and hands it on. *stop is what on_event returned. */
static bool walk_record(
    struct walk *walk, const struct record *record, bool recovered, enum result *stop)
{
    struct error why;
    if (walk_decode(walk, record, recovered, &why) != RESULT_OK) {
        walk_undecoded(walk, record->number, record->at, &why);
        return false;
    }
    windows_finish(walk->job->event);
    *stop = walk->job->on_event(walk->job->context, walk->job->event);
    return true;
}

static void walk_lost(struct walk *walk, size_t end)
{
    struct error why;
    size_t from = walk->at;
    walk->at = record_find(walk->chunk->bytes, from + 1, end);
    (void)error_set(&why, RESULT_MALFORMED, TEXT_EVTX_RECORD_LOST, ARG(walk->at - from));
    walk_undecoded(walk, 0, from, &why);
}

/* A record whose two sizes differ: its end, or its front, is not its own. What it says may be
 * nonsense. */
static void walk_torn(struct walk *walk, const struct record *record, enum result *stop)
{
    struct error why;
    if (walk->job->options->recover) {
        (void)walk_record(walk, record, true, stop);
        return;
    }
    walk->job->records++;
    (void)error_set(&why, RESULT_MALFORMED, TEXT_EVTX_RECORD_TORN);
    walk_undecoded(walk, record->number, record->at, &why);
}

/* Where to go on after a record: behind it, unless its size cannot be believed. */
static void walk_past(struct walk *walk, const struct record *record, size_t end)
{
    size_t next = record->at + record->size;
    struct record following;
    if (!record->consistent && next != end &&
        !record_read(walk->chunk->bytes, next, end, &following))
        next = record_find(walk->chunk->bytes, record->at + 1, end);
    walk->at = next;
}

/* The records up to `end`. */
static enum result walk_used(struct walk *walk, size_t end)
{
    enum result stop = RESULT_OK;
    while (stop == RESULT_OK && walk->at < end) {
        struct record record;
        if (!record_read(walk->chunk->bytes, walk->at, end, &record)) {
            if (evtx_chunk_is_unwritten(slice_sub(walk->chunk->bytes, walk->at, end - walk->at)))
                break; /* archived logs count the rest of the chunk as used */
            walk_lost(walk, end);
            continue;
        }
        if (record.consistent)
            (void)walk_record(walk, &record, false, &stop);
        else
            walk_torn(walk, &record, &stop);
        if (!walk->started)
            walk->first = record.number;
        walk->started = true;
        walk->last = record.number;
        walk_past(walk, &record, end);
    }
    return stop;
}

/* Records that were written after the header: each follows the one before, in place and number. */
static enum result walk_behind_header(struct walk *walk)
{
    enum result stop = RESULT_OK;
    struct record record;
    while (stop == RESULT_OK && walk->started &&
           record_read(walk->chunk->bytes, walk->at, walk->chunk->bytes.len, &record) &&
           record.consistent && record.number == walk->last + 1) {
        (void)walk_record(walk, &record, false, &stop);
        walk->last = record.number;
        walk->at = record.at + record.size;
    }
    return stop;
}

/* What is left of records that were here before. An older copy of a record in use is no news. */
static enum result walk_slack(struct walk *walk)
{
    slice bytes = walk->chunk->bytes;
    enum result stop = RESULT_OK;
    walk->at = record_find(bytes, walk->at, bytes.len);
    while (stop == RESULT_OK && walk->at < bytes.len) {
        struct record record;
        size_t next = walk->at + 1;
        if (record_read(bytes, walk->at, bytes.len, &record)) {
            bool in_use =
                walk->started && record.number >= walk->first && record.number <= walk->last;
            if (in_use || walk_record(walk, &record, true, &stop))
                next = record.at + record.size;
        }
        walk->at = record_find(bytes, next, bytes.len);
    }
    return stop;
}

static struct header walk_header(const struct walk *walk)
{
    slice bytes = walk->chunk->bytes;
    struct header header = {.trusted = true};
    struct reader reader = reader_over(bytes);
    reader_seek(&reader, EVTX_CHUNK_LAST_AT);
    header.last = reader_u64(&reader);
    reader_seek(&reader, EVTX_CHUNK_FREE_AT);
    header.used_end = reader_u32(&reader);
    uint32_t records_checksum = reader_u32(&reader);
    reader_seek(&reader, EVTX_CHUNK_FLAGS_AT);
    uint32_t flags = reader_u32(&reader);
    uint32_t header_checksum = reader_u32(&reader);
    bool sane = header.used_end >= EVTX_CHUNK_HEAD && header.used_end <= EVTX_CHUNK_SIZE;
    if ((flags & EVTX_CHUNK_NO_CHECKSUMS) == 0) {
        uint32_t checksum = crc32_of(0, slice_first(bytes, EVTX_CHUNK_CHECKED_FIRST));
        checksum = crc32_of(checksum,
            slice_sub(bytes, EVTX_CHUNK_TABLES_AT, EVTX_CHUNK_HEAD - EVTX_CHUNK_TABLES_AT));
        header.trusted = checksum == header_checksum;
    }
    if (!header.trusted)
        walk_note(walk, TEXT_EVTX_CHUNK_HEADER_CHECKSUM);
    if (!sane)
        header = (struct header){.used_end = EVTX_CHUNK_SIZE};
    else if ((flags & EVTX_CHUNK_NO_CHECKSUMS) == 0 && header.used_end <= bytes.len &&
             crc32_of(0, slice_sub(bytes, EVTX_CHUNK_HEAD, header.used_end - EVTX_CHUNK_HEAD)) !=
                 records_checksum)
        walk_note(walk, TEXT_EVTX_CHUNK_CHECKSUM);
    return header;
}

/* Reports what the header promises and the chunk does not hold. */
static void walk_missing(const struct walk *walk, const struct header *header)
{
    struct error why;
    size_t len = walk->chunk->bytes.len;
    if (header->used_end > len && len < EVTX_CHUNK_SIZE)
        (void)error_set(&why, RESULT_MALFORMED, TEXT_EVTX_CHUNK_CUT, ARG(len));
    else if (header->trusted && header->used_end > EVTX_CHUNK_HEAD &&
             (!walk->started || header->last > walk->last))
        (void)error_set(
            &why, RESULT_MALFORMED, TEXT_EVTX_RECORDS_MISSING, ARG(header->last), ARG(walk->last));
    else
        return;
    walk_undecoded(walk, walk->started ? walk->last + 1 : 0, size_min(walk->at, len), &why);
}

static enum result walk_chunk(struct walk *walk)
{
    slice bytes = walk->chunk->bytes;
    struct header header = walk_header(walk);
    walk->at = EVTX_CHUNK_HEAD;
    enum result stop = walk_used(walk, size_min(header.used_end, bytes.len));
    if (stop == RESULT_OK && (walk->chunk->dirty || !header.trusted))
        stop = walk_behind_header(walk);
    if (stop == RESULT_OK)
        walk_missing(walk, &header);
    return stop;
}

enum result evtx_chunk_decode(
    struct decode_job *job, struct evtx_cache *cache, const struct evtx_chunk *chunk)
{
    struct walk walk = {.job = job,
        .cache = cache,
        .chunk = chunk,
        .steps_left = chunk->bytes.len * EVTX_STEPS_PER_BYTE,
        .text_left = chunk->bytes.len * EVTX_TEXT_PER_BYTE};
    enum result stop = RESULT_OK;
    evtx_cache_begin_chunk(cache);
    if (!chunk->damaged)
        stop = walk_chunk(&walk);
    if (stop == RESULT_OK && job->options->recover)
        stop = walk_slack(&walk);
    return stop;
}

/* A chunk is only taken for short when the next one is not in its place, and another begins behind
 * the records that are whole: a record may well contain the signature of a chunk. */
size_t evtx_chunk_len(slice bytes)
{
    slice next = slice_from(bytes, EVTX_CHUNK_SIZE);
    size_t len = size_min(bytes.len, EVTX_CHUNK_SIZE);
    size_t at = EVTX_CHUNK_HEAD;
    struct record record;
    if (slice_starts(next, evtx_chunk_magic))
        return len;
    while (record_read(bytes, at, len, &record) && record.consistent)
        at += record.size;
    if (evtx_chunk_is_unwritten(slice_sub(bytes, at, len - at)))
        return len; /* nearly always: there is nothing to search */
    return size_min(len, at + slice_find(slice_sub(bytes, at, len - at), evtx_chunk_magic));
}
