/* Lines, peeks, takes and skips give the same whatever pieces the bytes come in, jumped over or
 * read, and the same as a plain walk over the bytes in memory. Input: u8 longest line, u8 number of
 * operations, these (one byte each), and the object. */
#include "wire/stream.h"

#include <string.h>

#include "base/base.h"
#include "fuzz.h"
#include "wire/reader.h"

/* Gives the object one byte at a time, whole, or in pieces of changing length. */
struct source {
    slice bytes;
    size_t at;
    size_t piece;
    size_t growth;
};

static enum result read_source(void *context, char *to, size_t len, size_t *got, struct error *err)
{
    (void)err;
    struct source *source = context;
    slice rest = slice_first(slice_from(source->bytes, source->at), size_min(len, source->piece));
    if (rest.len > 0)
        memcpy(to, rest.at, rest.len);
    source->piece += source->growth;
    source->at += rest.len;
    *got = rest.len;
    return RESULT_OK;
}

static uint64_t seek_source(void *context, uint64_t offset)
{
    struct source *source = context;
    source->at = offset < source->bytes.len ? (size_t)offset : source->bytes.len;
    return source->at;
}

/* The plain walk. */
struct walk {
    slice bytes;
    size_t at;
    uint64_t number;
};

static void check_line(struct stream *stream, struct walk *walk, size_t max)
{
    struct stream_line line;
    slice rest = slice_from(walk->bytes, walk->at);
    enum result result = stream_next_line(stream, max, &line, NULL);
    if (rest.len == 0) {
        ASSERT(result == RESULT_END);
        return;
    }
    size_t end = slice_find_byte(rest, '\n');
    slice text = slice_first(rest, end);
    if (text.len > 0 && text.at[text.len - 1] == '\r')
        text.len--;
    ASSERT(result == RESULT_OK);
    ASSERT(line.offset == walk->at && line.number == ++walk->number);
    ASSERT(line.unfinished == (end == rest.len));
    ASSERT(line.truncated == (text.len > max));
    ASSERT(slice_equal(line.text, slice_first(text, max)));
    walk->at += size_min(end + 1, rest.len);
}

static void check_peek(struct stream *stream, const struct walk *walk, size_t len)
{
    slice rest = slice_from(walk->bytes, walk->at);
    slice bytes;
    ASSERT(stream_peek(stream, len, &bytes, NULL) == RESULT_OK);
    ASSERT(bytes.len >= size_min(len, rest.len) && bytes.len <= rest.len);
    ASSERT(slice_equal(bytes, slice_first(rest, bytes.len)));
}

static void check_operation(struct stream *stream, struct walk *walk, uint8_t operation, size_t max)
{
    size_t len = operation >> 2;
    size_t left = walk->bytes.len - walk->at;
    uint64_t skipped;
    switch (operation & 3) {
    case 0:
        check_line(stream, walk, max);
        break;
    case 1:
        check_peek(stream, walk, len);
        break;
    case 2:
        check_peek(stream, walk, len);
        stream_take(stream, size_min(len, left));
        walk->at += size_min(len, left);
        break;
    default:
        ASSERT(stream_skip(stream, len, &skipped, NULL) == RESULT_OK);
        ASSERT(skipped == size_min(len, left));
        walk->at += skipped;
        break;
    }
    ASSERT(stream_offset(stream) == walk->at);
}

static void check(struct stream *stream, slice bytes, slice operations, size_t max)
{
    struct walk walk = {.bytes = bytes};
    for (size_t i = 0; i < operations.len; i++)
        check_operation(stream, &walk, (uint8_t)operations.at[i], max);
    while (walk.at < bytes.len)
        check_line(stream, &walk, max);
    check_line(stream, &walk, max);
    ASSERT(stream_offset(stream) == bytes.len);
    stream_free(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader input = reader_over(slice_make(data, size));
    size_t max = reader_u8(&input);
    size_t count = reader_u8(&input);
    slice operations = reader_bytes(&input, size_min(count, reader_left(&input)));
    slice bytes = reader_bytes(&input, reader_left(&input));
    struct source sources[] = {{.bytes = bytes, .piece = 1}, {.bytes = bytes, .piece = SIZE_MAX},
        {.bytes = bytes, .piece = 1, .growth = 1}};
    struct source jumps = {.bytes = bytes, .piece = 1};
    struct stream *stream = stream_new(read_source, &jumps);
    stream_set_seek(stream, seek_source);
    check(stream, bytes, operations, max);
    check(stream_from_memory(bytes), bytes, operations, max);
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
        check(stream_new(read_source, &sources[i]), bytes, operations, max);
    return 0;
}
