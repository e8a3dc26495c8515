/* Streams: lines over every border there is (window, limit, end), whatever pieces the bytes come
 * in; peeking, taking and skipping; errors. That pieces never matter is the property of
 * fuzz/stream.c. */
#include "wire/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/test.h"

#define WINDOW ((size_t)256 << 10) /* what the stream reads at once */

/* Gives bytes in pieces of at most `piece`, then fails or ends. */
struct source {
    slice bytes;
    size_t at;
    size_t piece;
    bool fails;
    size_t ends; /* how often the end was told */
    size_t seeks;
};

static enum result read_source(void *context, char *to, size_t len, size_t *got, struct error *err)
{
    struct source *source = context;
    slice rest = slice_first(slice_from(source->bytes, source->at), size_min(len, source->piece));
    if (rest.len == 0 && source->fails)
        return error_set_system(err, EIO, TEXT_STREAM_READ, ARG(S("source")));
    if (rest.len == 0)
        source->ends++;
    else
        memcpy(to, rest.at, rest.len);
    source->at += rest.len;
    *got = rest.len;
    return RESULT_OK;
}

static uint64_t seek_source(void *context, uint64_t offset)
{
    struct source *source = context;
    source->seeks++;
    source->at = offset < source->bytes.len ? (size_t)offset : source->bytes.len;
    return source->at;
}

struct expected_line {
    slice text;
    uint64_t offset;
    bool truncated;
    bool unfinished;
};

static void expect_lines(
    struct stream *stream, size_t max, const struct expected_line *lines, size_t count)
{
    struct stream_line line;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(stream_next_line(stream, max, &line, NULL), RESULT_OK);
        assert_slice(line.text, lines[i].text);
        assert_int_equal(line.offset, lines[i].offset);
        assert_int_equal(line.number, i + 1);
        assert_int_equal(line.truncated, lines[i].truncated);
        assert_int_equal(line.unfinished, lines[i].unfinished);
    }
    assert_int_equal(stream_next_line(stream, max, &line, NULL), RESULT_END);
    assert_int_equal(stream_next_line(stream, max, &line, NULL), RESULT_END);
    stream_free(stream);
}

static void check_lines(slice bytes, size_t max, const struct expected_line *lines, size_t count)
{
    static const size_t pieces[] = {1, 2, 3, 7, 1000000};
    expect_lines(stream_from_memory(bytes), max, lines, count);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct source source = {.bytes = bytes, .piece = pieces[i]};
        expect_lines(stream_new(read_source, &source), max, lines, count);
        assert_int_equal(source.ends, 1);
    }
}

static void cuts_lines(void **state)
{
    (void)state;
    static const struct expected_line lines[] = {
        {S_INIT("one"), 0, false, false},
        {S_INIT(""), 4, false, false},
        {S_INIT("crlf"), 5, false, false},
        {S_INIT("a\rb\0c"), 11, false, false},
        {S_INIT("two\r"), 17, false, false},
        {S_INIT(""), 23, false, false},
        {S_INIT("last"), 25, false, true},
    };
    check_lines(S("one\n\ncrlf\r\na\rb\0c\ntwo\r\r\n\r\nlast"), 5, lines, 7);
    check_lines(S(""), 5, NULL, 0);
    check_lines((slice){NULL, 0}, 5, NULL, 0);
    static const struct expected_line empty[] = {{S_INIT(""), 0, false, false}};
    check_lines(S("\n"), 5, empty, 1);
    check_lines(S("\r\n"), 0, empty, 1);
    /* A transfer that ended between CR and LF. */
    static const struct expected_line half[] = {{S_INIT("half"), 0, false, true}};
    check_lines(S("half\r"), 4, half, 1);
}

static void cuts_long_lines(void **state)
{
    (void)state;
    static const struct expected_line lines[] = {
        {S_INIT("abcd"), 0, false, false},
        {S_INIT("abcd"), 5, false, false},
        {S_INIT("abcd"), 11, true, false},
        {S_INIT("abcd"), 17, true, false},
        {S_INIT("abcd"), 24, true, false},
        {S_INIT("abcd"), 32, true, false},
        {S_INIT("b"), 52, false, false},
        {S_INIT("abcd"), 54, true, true},
    };
    check_lines(
        S("abcd\nabcd\r\nabcde\nabcde\r\nabcd\r\r\r\nabcdefghijklmnopqrs\nb\nabcde"), 4, lines, 8);
    static const struct expected_line nothing[] = {
        {S_INIT(""), 0, true, false}, {S_INIT(""), 4, false, false}, {S_INIT(""), 5, true, true}};
    check_lines(S("abc\n\nx"), 0, nothing, 3);
}

/* Lines that begin and end around the window's end, with LF and CRLF there. */
static void cuts_lines_at_the_window(void **state)
{
    (void)state;
    char *bytes = malloc(2 * WINDOW);
    assert_non_null(bytes);
    for (size_t end = WINDOW - 3; end <= WINDOW + 3; end++) {
        for (size_t piece = WINDOW - 1; piece <= WINDOW; piece++) {
            memset(bytes, 'x', 2 * WINDOW);
            memcpy(bytes + end, "\r\nrest", 6);
            const struct expected_line lines[] = {
                {slice_make(bytes, end), 0, false, false}, {S("rest"), end + 2, false, true}};
            const struct expected_line cut[] = {
                {slice_make(bytes, 10), 0, true, false}, {S("rest"), end + 2, false, true}};
            struct source source = {.bytes = slice_make(bytes, end + 6), .piece = piece};
            expect_lines(stream_new(read_source, &source), WINDOW * 2, lines, 2);
            source.at = 0;
            expect_lines(stream_new(read_source, &source), 10, cut, 2);
        }
    }
    free(bytes);
}

static void peeks_and_takes(void **state)
{
    (void)state;
    struct source source = {.bytes = S("0123456789"), .piece = 3};
    struct stream *stream = stream_new(read_source, &source);
    slice bytes;
    struct stream_line line;
    assert_int_equal(stream_peek(stream, 0, &bytes, NULL), RESULT_OK);
    assert_int_equal(stream_peek(stream, 4, &bytes, NULL), RESULT_OK);
    assert_true(bytes.len >= 4);
    assert_slice(slice_first(bytes, 4), S("0123"));
    assert_int_equal(stream_offset(stream), 0);
    stream_take(stream, 2);
    assert_int_equal(stream_offset(stream), 2);
    assert_int_equal(stream_peek(stream, 100, &bytes, NULL), RESULT_OK);
    assert_slice(bytes, S("23456789"));
    stream_take(stream, 3);
    assert_int_equal(stream_next_line(stream, 10, &line, NULL), RESULT_OK);
    assert_slice(line.text, S("56789"));
    assert_int_equal(line.offset, 5);
    assert_int_equal(line.number, 1);
    assert_int_equal(stream_peek(stream, 1, &bytes, NULL), RESULT_OK);
    assert_slice(bytes, S(""));
    stream_take(stream, 0);
    assert_int_equal(source.ends, 1);
    stream_free(stream);
    stream_free(NULL);
}

static void skips(void **state)
{
    (void)state;
    size_t len = WINDOW * 3 + 17;
    char *zeros = calloc(len, 1);
    assert_non_null(zeros);
    memcpy(zeros + WINDOW * 2, "mark", 4);
    struct source source = {.bytes = slice_make(zeros, len), .piece = 100000};
    struct source jumps = {.bytes = source.bytes, .piece = 100000};
    struct stream *streams[] = {stream_new(read_source, &source), stream_from_memory(source.bytes),
        stream_new(read_source, &jumps)};
    stream_set_seek(streams[2], seek_source);
    for (size_t i = 0; i < 3; i++) {
        uint64_t skipped = 7;
        slice bytes;
        assert_int_equal(stream_skip(streams[i], 0, &skipped, NULL), RESULT_OK);
        assert_int_equal(skipped, 0);
        assert_int_equal(stream_skip(streams[i], WINDOW * 2, &skipped, NULL), RESULT_OK);
        assert_int_equal(skipped, WINDOW * 2);
        assert_int_equal(stream_offset(streams[i]), WINDOW * 2);
        assert_int_equal(stream_peek(streams[i], 4, &bytes, NULL), RESULT_OK);
        assert_slice(slice_first(bytes, 4), S("mark"));
        assert_int_equal(stream_skip(streams[i], UINT64_MAX, &skipped, NULL), RESULT_OK);
        assert_int_equal(skipped, WINDOW + 17);
        assert_int_equal(stream_offset(streams[i]), len);
        stream_free(streams[i]);
    }
    assert_int_equal(jumps.seeks, 2);
    free(zeros);
}

/* A source without end, of which only the limit is ever asked for. */
static enum result read_endless(void *context, char *to, size_t len, size_t *got, struct error *err)
{
    (void)context;
    (void)err;
    *got = len == 1 ? 1 : len - 1;
    memset(to, 'x', *got);
    return RESULT_OK;
}

static void peeks_to_the_maximum(void **state)
{
    (void)state;
    struct stream *stream = stream_new(read_endless, NULL);
    slice bytes;
    struct stream_line line;
    uint64_t skipped;
    assert_int_equal(stream_peek(stream, 1000, &bytes, NULL), RESULT_OK);
    stream_take(stream, 999);
    assert_int_equal(stream_peek(stream, STREAM_PEEK_MAX, &bytes, NULL), RESULT_OK);
    assert_true(bytes.len >= STREAM_PEEK_MAX);
    assert_int_equal(bytes.at[STREAM_PEEK_MAX - 1], 'x');
    assert_int_equal(stream_skip(stream, STREAM_PEEK_MAX + 5, &skipped, NULL), RESULT_OK);
    assert_int_equal(stream_offset(stream), STREAM_PEEK_MAX + 1004);
    stream_free(stream);
    char *bytes_of_line = malloc(STREAM_PEEK_MAX);
    assert_non_null(bytes_of_line);
    memset(bytes_of_line, 'y', STREAM_PEEK_MAX);
    struct source source = {
        .bytes = slice_make(bytes_of_line, STREAM_PEEK_MAX), .piece = STREAM_PEEK_MAX};
    stream = stream_new(read_source, &source);
    assert_int_equal(stream_next_line(stream, STREAM_PEEK_MAX - 1, &line, NULL), RESULT_OK);
    assert_int_equal(line.text.len, STREAM_PEEK_MAX - 1);
    assert_true(line.truncated && line.unfinished);
    stream_free(stream);
    free(bytes_of_line);
}

static void passes_errors_on(void **state)
{
    (void)state;
    struct source source = {.bytes = S("line\nlonger than it may be"), .piece = 8, .fails = true};
    struct stream *stream = stream_new(read_source, &source);
    struct stream_line line;
    struct error err;
    slice bytes = S("as before");
    uint64_t skipped = 7;
    assert_int_equal(stream_next_line(stream, 4, &line, &err), RESULT_OK);
    line.text = S("as before");
    assert_int_equal(stream_next_line(stream, 4, &line, &err), RESULT_SYSTEM);
    assert_slice(line.text, S("as before"));
    assert_slice(error_message(&err), S("source: cannot be read: Input/output error"));
    assert_int_equal(stream_peek(stream, 100, &bytes, &err), RESULT_SYSTEM);
    assert_slice(bytes, S("as before"));
    assert_int_equal(stream_skip(stream, 100, &skipped, &err), RESULT_SYSTEM);
    assert_int_equal(skipped, 7);
    stream_free(stream);
    source = (struct source){.bytes = S("front"), .piece = 8, .fails = true};
    stream = stream_new(read_source, &source);
    assert_int_equal(stream_next_line(stream, 100, &line, &err), RESULT_SYSTEM);
    assert_slice(line.text, S("as before"));
    stream_free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_lines),
        cmocka_unit_test(cuts_long_lines),
        cmocka_unit_test(cuts_lines_at_the_window),
        cmocka_unit_test(peeks_and_takes),
        cmocka_unit_test(skips),
        cmocka_unit_test(peeks_to_the_maximum),
        cmocka_unit_test(passes_errors_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
