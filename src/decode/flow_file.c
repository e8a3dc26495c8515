/* See flow_file.h. Only IPFIX says how long a datagram is; of the others it follows from walking
 * over what is in it. In NetFlow 9 the number of the next set is a version where another datagram
 * begins, since sets 2 to 255 are reserved. */
#include "decode/flow_file.h"

#include "base/base.h"
#include "decode/flow_keep.h"
#include "wire/reader.h"

#define FRAME_SET_HEADER 4U
#define FRAME_SURE       85U
/* Zeros that are looked at at once: the same wherever the stream's buffer ends. */
#define FILE_WINDOW ((size_t)32 << 10)

static size_t frame_v9(slice bytes)
{
    struct reader reader = reader_over(bytes);
    const size_t header = 20;
    if (bytes.len < header)
        return 0;
    reader_seek(&reader, header);
    while (reader_left(&reader) >= FRAME_SET_HEADER) {
        size_t at = reader.at;
        uint16_t id = reader_be16(&reader);
        uint16_t len = reader_be16(&reader);
        /* A version, sFlow's among them, or zeros that fill up. */
        if ((id > 1 && id < 256) || (id == 0 && (len == 5 || len == 0)))
            return at;
        if (len < FRAME_SET_HEADER || len - FRAME_SET_HEADER > reader_left(&reader))
            return at == header ? 0 : bytes.len;
        reader_skip(&reader, len - FRAME_SET_HEADER);
    }
    return reader.at;
}

/* Samples say their lengths (sFlow 5, "sample_record"). */
static size_t frame_sflow(slice bytes)
{
    struct reader reader = reader_over(bytes);
    reader_skip(&reader, 4);
    size_t address = reader_be32(&reader) == 1 ? 4 : 16;
    reader_skip(&reader, address + 12);
    uint32_t samples = reader_be32(&reader);
    for (uint32_t i = 0; i < samples && !reader.failed; i++) {
        reader_skip(&reader, 4);
        reader_skip(&reader, reader_be32(&reader));
    }
    return reader.failed ? bytes.len : reader.at;
}

size_t flow_file_frame(slice bytes)
{
    const size_t v5_header = 24, v5_record = 48;
    struct reader reader = reader_over(bytes);
    uint16_t version = reader_be16(&reader);
    size_t count = reader_be16(&reader);
    if (!flow_is_datagram(bytes))
        return 0;
    if (version == 5)
        return v5_header + count * v5_record;
    if (version == 10)
        return count;
    return version == 9 ? frame_v9(bytes) : frame_sflow(bytes);
}

bool flow_file_is(const struct decode_format *format)
{
    return format != NULL && format->decode == flow_file_decode;
}

/* The whole of it, or all of the front, is datagrams. */
static unsigned file_sniff(slice head, bool whole)
{
    size_t frame = flow_file_frame(head);
    if (frame == 0)
        return 0;
    slice behind = slice_from(head, frame);
    while (slice_starts(behind, S("\0\0\0\0")))
        behind = slice_from(behind, FRAME_SET_HEADER);
    if (frame > head.len)
        return whole ? FRAME_SURE / 2 : FRAME_SURE;
    return behind.len < FRAME_SET_HEADER || flow_is_datagram(behind) || !whole ? FRAME_SURE : 0;
}

static unsigned file_sniff_version(slice head, bool whole, uint16_t from, uint16_t to)
{
    struct reader reader = reader_over(head);
    uint16_t version = reader_be16(&reader);
    return version >= from && version <= to ? file_sniff(head, whole) : 0;
}

unsigned flow_file_sniff_netflow(slice head, bool whole)
{
    return file_sniff_version(head, whole, 5, 9);
}

unsigned flow_file_sniff_ipfix(slice head, bool whole)
{
    return file_sniff_version(head, whole, 10, 10);
}

unsigned flow_file_sniff_sflow(slice head, bool whole)
{
    return file_sniff_version(head, whole, 0, 0);
}

/* Zeros between datagrams, which some devices fill up with. */
static enum result file_skip_zeros(struct stream *stream, slice *bytes, struct error *err)
{
    enum result result;
    while ((result = stream_peek(stream, FLOW_DATAGRAM_MAX, bytes, err)) == RESULT_OK) {
        *bytes = slice_first(*bytes, FLOW_DATAGRAM_MAX);
        size_t zeros = 0;
        slice window = slice_first(*bytes, FILE_WINDOW);
        while (zeros < window.len && window.at[zeros] == '\0')
            zeros++;
        zeros = zeros == bytes->len ? zeros : zeros / FRAME_SET_HEADER * FRAME_SET_HEADER;
        if (zeros == 0)
            return RESULT_OK;
        stream_take(stream, zeros);
    }
    return result;
}

/* What cannot be told apart any more is reported once. */
static enum result file_rest(
    struct decode_job *job, struct stream *stream, uint64_t number, struct error *err)
{
    struct error why;
    uint64_t offset = stream_offset(stream), skipped;
    enum result result = stream_skip(stream, UINT64_MAX, &skipped, err);
    if (result != RESULT_OK)
        return result;
    (void)error_set(&why, RESULT_MALFORMED, TEXT_FLOW_REST, ARG(skipped));
    if (job->on_undecoded != NULL)
        job->on_undecoded(job->context, number, offset, &why);
    return RESULT_OK;
}

static enum result file_datagrams(
    struct decode_job *job, struct flow_keep *keep, struct stream *stream, struct error *err)
{
    slice bytes;
    for (uint64_t number = 1;; number++) {
        enum result result = file_skip_zeros(stream, &bytes, err);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        size_t frame = flow_file_frame(slice_first(bytes, FLOW_DATAGRAM_MAX));
        if (frame == 0)
            return file_rest(job, stream, number, err);
        struct flow_datagram datagram = {.bytes = slice_first(bytes, frame),
            .number = number,
            .offset = stream_offset(stream),
            .received_ns = CIVIL_TIME_NONE};
        result = flow_keep_datagram(keep, &datagram);
        if (result != RESULT_OK)
            return result;
        stream_take(stream, size_min(frame, bytes.len));
    }
}

enum result flow_file_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct flow_keep *keep = flow_keep_new(job);
    enum result result = file_datagrams(job, keep, stream, err);
    if (result == RESULT_OK)
        result = flow_keep_finish(keep);
    flow_keep_free(keep);
    return result;
}
