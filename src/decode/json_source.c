/* See json_source.h.
 *
 * A line that is one whole value, which is nearly always the case, is taken at a stroke. Everything
 * else is framed byte by byte (json_scan.h). The scanner follows the grammar, so a line that was
 * cut off ends at the first byte that cannot belong to it, and reading resumes with the next line
 * that may begin a record: nothing but the damaged record is lost. Rejected: framing by lines alone
 * (no pretty-printing, no lists) and by brackets alone (a cut line swallows the rest). */
#include "decode/json_source.h"

#include "base/base.h"
#include "decode/json_salvage.h"
#include "decode/json_scan.h"
#include "decode/json_wrapper.h"

/* The front of an object that is looked at for a line end and for a wrapper. */
#define SOURCE_FRONT ((size_t)64 << 10)

struct json_source {
    struct stream *stream;
    const struct json_source_sink *sink;
    struct error *err;
    struct json_parser *parser;
    struct arena arena; /* what the values of the record at hand point into */
    struct json_flat flat;
    uint64_t line;       /* of the next byte, 1-based */
    uint64_t line_start; /* offset of that line */
    uint64_t elements;   /* of lists, so far */
    /* The line that was tried last, with its end, by offsets: none is tried again. */
    uint64_t framed_from;
    uint64_t framed_to;
};

/* The record or what should be one. */
struct source_at {
    uint64_t number;
    uint64_t offset;
    uint64_t column; /* bytes before it in its line */
    bool in_list;
    bool first_in_line;
};

static enum result source_peek(struct json_source *source, size_t len, slice *bytes)
{
    return stream_peek(source->stream, len, bytes, source->err);
}

/* Takes `len` of the bytes just peeked. */
static void source_take(struct json_source *source, slice bytes, size_t len)
{
    slice taken = slice_first(bytes, len);
    uint64_t base = stream_offset(source->stream);
    size_t at = 0;
    if (base >= source->framed_from && base + taken.len <= source->framed_to && taken.len > 0)
        at = taken.len - 1; /* no line ends before that one does */
    for (; (at += slice_find_byte(slice_from(taken, at), '\n')) < taken.len; at++) {
        source->line++;
        source->line_start = base + at + 1;
    }
    stream_take(source->stream, taken.len);
}

static bool source_is_space(char c)
{
    return byte_is_space(c) || c == '\x1e';
}

/* Takes white space; *bytes begins with what follows, and is empty at the end. */
static enum result source_skip_space(struct json_source *source, slice *bytes)
{
    for (;;) {
        size_t at = 0;
        enum result result = source_peek(source, 1, bytes);
        if (result != RESULT_OK)
            return result;
        while (at < bytes->len && source_is_space(bytes->at[at]))
            at++;
        source_take(source, *bytes, at);
        *bytes = slice_from(*bytes, at);
        if (at == 0 || bytes->len > 0)
            return RESULT_OK;
    }
}

/* Drops the rest of the line and its end. */
static enum result source_drop_line(struct json_source *source)
{
    for (;;) {
        slice bytes;
        enum result result = source_peek(source, 1, &bytes);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        size_t end = slice_find_byte(bytes, '\n');
        source_take(source, bytes, end + 1);
        if (end < bytes.len)
            return RESULT_OK;
    }
}

static struct source_at source_here(struct json_source *source, bool in_list)
{
    uint64_t offset = stream_offset(source->stream);
    return (struct source_at){
        .number = in_list ? ++source->elements : source->line,
        .offset = offset,
        .column = offset - source->line_start,
        .in_list = in_list,
    };
}

static void source_broken(
    struct json_source *source, const struct source_at *at, const struct error *why)
{
    source->sink->on_broken(source->sink->context, at->number, at->offset, why);
}

/* After a record that broke in its first line: the next line. After one that went over several: the
 * next line that may begin a record, which is one not indented deeper. */
static enum result source_resume(
    struct json_source *source, const struct source_at *at, bool several_lines)
{
    enum result result = source_drop_line(source);
    while (result == RESULT_OK && several_lines) {
        slice bytes;
        result = source_skip_space(source, &bytes);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        char c = bytes.at[0];
        bool begins = c == '{' || c == '[' || (at->in_list && c == ']');
        if (begins && stream_offset(source->stream) - source->line_start <= at->column)
            return RESULT_OK;
        result = source_drop_line(source);
    }
    return result;
}

/* Goes on to the end of a value that is not kept, or to the byte that cannot belong to it;
 * `scanned` bytes of it were peeked. */
static enum result source_skip_value(
    struct json_source *source, struct json_scan *scan, size_t scanned)
{
    slice bytes;
    enum json_scan_status status = JSON_SCAN_MORE;
    enum result result = source_peek(source, scanned, &bytes);
    if (result != RESULT_OK)
        return result;
    source_take(source, bytes, scanned);
    while (status == JSON_SCAN_MORE) {
        size_t taken;
        result = source_peek(source, 1, &bytes);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        status = json_scan_feed(scan, bytes, &taken);
        source_take(source, bytes, taken);
    }
    return RESULT_OK;
}

static enum result source_read_list(struct json_source *source);

/* Reads the list of a wrapper and drops what the wrapper holds behind it. */
static enum result source_read_wrapper(
    struct json_source *source, slice bytes, const struct json_wrapper *wrapper)
{
    struct json_scan tail = json_scan_inside(wrapper->depth);
    source_take(source, bytes, wrapper->at);
    enum result result = source_read_list(source);
    return result == RESULT_OK ? source_skip_value(source, &tail, 0) : result;
}

/* Whether the object just flattened only carries a list of records. */
static bool source_is_wrapper(
    const struct json_source *source, slice text, struct json_wrapper *wrapper)
{
    if (source->flat.lists == 0)
        return false;
    *wrapper = json_wrapper_find(text);
    if (!wrapper->found || wrapper->named)
        return wrapper->found;
    if (source->flat.list == source->flat.count)
        return false;
    slice list = source->flat.fields[source->flat.list].value;
    slice tail = slice_trim(slice_from(text, wrapper->at + list.len));
    return !source->flat.repaired && slice_equal(tail, S("}"));
}

/* A complete value: a record, or a wrapper of records. `len` bytes belong to it. */
static enum result source_accept(
    struct json_source *source, const struct source_at *at, slice bytes, slice text, size_t len)
{
    struct json_wrapper wrapper;
    struct error why;
    if (source->flat.top != JSON_OBJECT) {
        error_set(&why, RESULT_UNSUPPORTED, TEXT_JSON_NOT_OBJECT);
        source_broken(source, at, &why);
    } else if (!at->in_list && source_is_wrapper(source, text, &wrapper)) {
        return source_read_wrapper(source, bytes, &wrapper);
    } else {
        enum result result = source->sink->on_record(
            source->sink->context, &source->flat, text, at->number, at->offset);
        if (result != RESULT_OK)
            return result;
    }
    source_take(source, bytes, len);
    return RESULT_OK;
}

/* A complete value of `len` bytes, as the scanner frames it. */
static enum result source_framed(
    struct json_source *source, const struct source_at *at, slice bytes, size_t len)
{
    struct error why;
    slice text = slice_first(bytes, len);
    arena_reset(&source->arena);
    if (json_flatten(source->parser, &source->arena, text, &source->flat, &why) == RESULT_OK)
        return source_accept(source, at, bytes, text, len);
    source_broken(source, at, &why);
    source_take(source, bytes, len);
    return RESULT_OK;
}

/* The front of a record that broke after `scanned` bytes, as far as it stands in its first line, as
 * a record that says so; *done is false when there is nothing of it. */
static enum result source_salvage(struct json_source *source, const struct source_at *at,
    size_t scanned, const struct error *why, bool *done)
{
    slice bytes;
    size_t most = size_max(scanned, SOURCE_FRONT);
    enum result result = source_peek(source, most, &bytes);
    if (result != RESULT_OK)
        return result;
    bytes = slice_first(bytes, most);
    slice line = slice_trim(slice_first(bytes, slice_find_byte(bytes, '\n')));
    arena_reset(&source->arena);
    slice front = json_salvage(&source->arena, line);
    *done = !slice_is_absent(front) &&
            json_flatten(source->parser, &source->arena, front, &source->flat, NULL) == RESULT_OK &&
            source->flat.top == JSON_OBJECT && source->flat.count > 0;
    if (!*done)
        return RESULT_OK;
    source->flat.partial = true;
    source->sink->on_note(source->sink->context, at->number, at->offset, why);
    return source->sink->on_record(
        source->sink->context, &source->flat, line, at->number, at->offset);
}

/* A value that ends after `scanned` bytes without being complete. */
static enum result source_cut_off(struct json_source *source, const struct source_at *at,
    slice bytes, struct json_scan *scan, size_t scanned)
{
    struct error why;
    bool several_lines = slice_find_byte(slice_first(bytes, scanned), '\n') < scanned;
    if (scan->in_string)
        (void)error_set(&why, RESULT_MALFORMED, TEXT_JSON_UNCLOSED);
    else if (scanned == bytes.len)
        (void)error_set(&why, RESULT_MALFORMED, TEXT_JSON_UNFINISHED);
    else
        (void)error_set(&why, RESULT_MALFORMED, TEXT_JSON_SYNTAX, ARG(scanned));
    bool salvaged;
    enum result result = source_salvage(source, at, scanned, &why, &salvaged);
    if (result != RESULT_OK)
        return result;
    if (!salvaged)
        source_broken(source, at, &why);
    if (!at->in_list || at->first_in_line || several_lines || scanned == 0)
        return source_resume(source, at, several_lines);
    scan->loose = true;
    return source_skip_value(source, scan, scanned);
}

/* A value that is larger than what is kept: the list of an unnamed wrapper is read, all else
 * skipped. */
static enum result source_oversize(
    struct json_source *source, const struct source_at *at, slice bytes, struct json_scan *scan)
{
    struct error why;
    struct json_wrapper wrapper = {0};
    if (!at->in_list && bytes.at[0] == '{')
        wrapper = json_wrapper_find(slice_first(bytes, SOURCE_FRONT));
    if (wrapper.found)
        return source_read_wrapper(source, bytes, &wrapper);
    error_set(&why, RESULT_LIMIT, TEXT_JSON_SIZE, ARG(JSON_TEXT_MAX));
    source_broken(source, at, &why);
    return source_skip_value(source, scan, JSON_TEXT_MAX);
}

/* Frames the value at hand with the scanner. */
static enum result source_read_framed(struct json_source *source, const struct source_at *at)
{
    struct json_scan scan = json_scan_begin();
    enum json_scan_status status = JSON_SCAN_MORE;
    size_t scanned = 0;
    slice bytes;
    do {
        size_t taken;
        enum result result = source_peek(source, scanned + 1, &bytes);
        if (result != RESULT_OK)
            return result;
        if (bytes.len == scanned)
            break;
        bytes = slice_first(bytes, JSON_TEXT_MAX);
        status = json_scan_feed(&scan, slice_from(bytes, scanned), &taken);
        scanned += taken;
    } while (status == JSON_SCAN_MORE && scanned < JSON_TEXT_MAX);
    if (status == JSON_SCAN_MORE && scanned == JSON_TEXT_MAX)
        return source_oversize(source, at, bytes, &scan);
    if (status == JSON_SCAN_DONE)
        return source_framed(source, at, bytes, scanned);
    return source_cut_off(source, at, bytes, &scan, scanned);
}

/* Tries the line at hand as one value. *done is false when it is none. */
static enum result source_try_line(
    struct json_source *source, const struct source_at *at, slice front, bool *done)
{
    struct error why;
    size_t end = slice_find_byte(front, '\n');
    slice line = slice_trim(slice_first(front, end));
    source->framed_from = at->offset;
    source->framed_to = at->offset + end + 1;
    *done = false;
    if (slice_ends(line, S(",")))
        line = slice_first(line, line.len - 1);
    if ((end == front.len && front.len >= SOURCE_FRONT) || !slice_ends(line, S("}")))
        return RESULT_OK;
    arena_reset(&source->arena);
    if (json_flatten(source->parser, &source->arena, line, &source->flat, &why) != RESULT_OK)
        return RESULT_OK;
    *done = true;
    return source_accept(source, at, front, line, end + 1);
}

static enum result source_read_object(struct json_source *source)
{
    slice front;
    bool done = false;
    enum result result = source_peek(source, SOURCE_FRONT, &front);
    if (result != RESULT_OK)
        return result;
    front = slice_first(front, SOURCE_FRONT);
    struct source_at at = source_here(source, false);
    if (at.offset >= source->framed_to) {
        result = source_try_line(source, &at, front, &done);
        if (result != RESULT_OK || done)
            return result;
    }
    struct json_wrapper wrapper = json_wrapper_find(front);
    if (wrapper.found && wrapper.named)
        return source_read_wrapper(source, front, &wrapper);
    return source_read_framed(source, &at);
}

/* Reads the list at hand, element by element. */
static enum result source_read_list(struct json_source *source)
{
    uint64_t line = 0;
    slice bytes;
    struct error why;
    enum result result = source_peek(source, 1, &bytes);
    if (result != RESULT_OK)
        return result;
    source_take(source, bytes, 1);
    for (;;) {
        result = source_skip_space(source, &bytes);
        if (result != RESULT_OK)
            return result;
        if (bytes.len == 0) {
            error_set(&why, RESULT_MALFORMED, TEXT_JSON_LIST_UNFINISHED);
            source->sink->on_note(
                source->sink->context, source->elements, stream_offset(source->stream), &why);
            return RESULT_OK;
        }
        if (bytes.at[0] == ']' || bytes.at[0] == ',') {
            bool end = bytes.at[0] == ']';
            source_take(source, bytes, 1);
            if (end)
                return RESULT_OK;
            continue;
        }
        struct source_at at = source_here(source, true);
        at.first_in_line = source->line != line;
        line = source->line;
        result = source_read_framed(source, &at);
        if (result != RESULT_OK)
            return result;
    }
}

/* Something that begins no record: reported with its line. */
static enum result source_read_other(struct json_source *source)
{
    struct error why;
    struct source_at at = source_here(source, false);
    error_set(&why, RESULT_MALFORMED, TEXT_JSON_NO_RECORD);
    source_broken(source, &at, &why);
    return source_drop_line(source);
}

static enum result source_read_all(struct json_source *source)
{
    for (;;) {
        slice bytes;
        enum result result = source_skip_space(source, &bytes);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        if (bytes.at[0] == '{')
            result = source_read_object(source);
        else if (bytes.at[0] == '[')
            result = source_read_list(source);
        else if (bytes.at[0] == ',')
            source_take(source, bytes, 1);
        else
            result = source_read_other(source);
        if (result != RESULT_OK)
            return result;
    }
}

enum result json_source_read(
    struct stream *stream, const struct json_source_sink *sink, struct error *err)
{
    struct json_source source = {.stream = stream,
        .sink = sink,
        .err = err,
        .parser = json_parser_new(),
        .line = 1,
        .line_start = stream_offset(stream)};
    enum result result = source_read_all(&source);
    arena_free(&source.arena);
    json_parser_free(source.parser);
    return result;
}
