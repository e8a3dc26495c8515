/* See csv_record.h. */
#include "decode/csv_record.h"

#include "base/base.h"

/* Bytes looked at first; doubled while a record goes on. */
#define CSV_PEEK ((size_t)16 << 10)

/* A quoted value at the front of `text`, which begins behind the quote. Gives what it stands for,
 * and where what follows its closing quote begins; text.len + 1 when it has none. */
static size_t record_quoted(struct arena *arena, slice text, slice *value)
{
    size_t end = 0, doubled = 0;
    while ((end += slice_find_byte(slice_from(text, end), '"')) + 1 < text.len &&
           text.at[end + 1] == '"') {
        doubled++;
        end += 2;
    }
    *value = slice_first(text, end);
    if (doubled == 0 || end >= text.len)
        return end + 1;
    char *out = arena_bytes(arena, end - doubled);
    size_t len = 0;
    for (size_t at = 0; at < end; at++) {
        out[len++] = text.at[at];
        at += text.at[at] == '"' ? 1 : 0;
    }
    *value = slice_make(out, len);
    return end + 1;
}

/* Where an unquoted value ends. */
static size_t record_plain_end(slice text, char separator)
{
    size_t at = 0;
    while (at < text.len && text.at[at] != separator && text.at[at] != '\n')
        at++;
    return at;
}

static void record_add(struct csv_record *record, slice value)
{
    if (record->count < CSV_COLUMNS_MAX)
        record->values[record->count] = value;
    record->count++;
}

/* Blanks before a value that is quoted as a whole, on one line (`a, "b"`); 0 before any other. */
static size_t record_blanks(slice text, char separator)
{
    size_t blanks = 0;
    while (blanks < text.len && text.at[blanks] == ' ' && separator != ' ')
        blanks++;
    slice rest = slice_from(text, blanks);
    if (blanks == 0 || !slice_starts(rest, S("\"")))
        return 0;
    rest = slice_from(rest, 1);
    size_t end = slice_find_byte(rest, '"');
    if (end == rest.len || slice_find_byte(slice_first(rest, end), '\n') < end)
        return 0;
    rest = slice_from(rest, end + 1);
    return slice_trim(slice_first(rest, record_plain_end(rest, separator))).len == 0 ? blanks : 0;
}

/* Takes one value; *at is left at the separator or the line end behind it. False when its quotes do
 * not close. */
static bool record_value(
    struct csv_record *record, struct arena *arena, slice bytes, char separator, size_t *at)
{
    slice text = slice_from(bytes, *at), value;
    size_t blanks = record_blanks(text, separator);
    text = slice_from(text, blanks);
    *at += blanks;
    if (!slice_starts(text, S("\""))) {
        size_t end = record_plain_end(text, separator);
        value = slice_first(text, end);
        *at += end;
        if (*at == bytes.len || bytes.at[*at] == '\n')
            while (slice_ends(value, S("\r")))
                value.len--;
        record_add(record, value);
        return true;
    }
    size_t after = 1 + record_quoted(arena, slice_from(text, 1), &value);
    if (after > text.len)
        return false;
    bool several_lines = slice_find_byte(slice_first(text, after), '\n') < after;
    record->several_lines = record->several_lines || several_lines;
    slice tail = slice_from(text, after);
    tail = slice_first(tail, record_plain_end(tail, separator));
    *at += after + tail.len;
    tail = slice_trim(tail);
    if (tail.len > 0 && several_lines)
        return false; /* this quote begins another value: the first was never closed */
    if (tail.len > 0) /* "a"b: as it stands */
        value = slice_first(text, (size_t)(tail.at - text.at) + tail.len);
    record_add(record, value);
    return true;
}

void csv_record_parse(
    struct csv_record *record, struct arena *arena, slice bytes, char separator, bool last)
{
    size_t at = 0;
    record->count = 0;
    record->several_lines = false;
    record->complete = false;
    record->text = bytes;
    record->taken = bytes.len;
    for (;;) {
        if (!record_value(record, arena, bytes, separator, &at))
            return;
        if (at == bytes.len) {
            record->complete = last && record->count <= CSV_COLUMNS_MAX;
            return;
        }
        if (bytes.at[at++] == '\n')
            break;
    }
    record->text = slice_first(bytes, at - 1);
    while (slice_ends(record->text, S("\r")))
        record->text.len--;
    record->taken = at;
    record->complete = record->count <= CSV_COLUMNS_MAX;
}

enum result csv_record_peek(struct csv_record *record, struct arena *arena, struct stream *stream,
    char separator, struct error *err)
{
    size_t want = CSV_PEEK;
    for (;;) {
        slice bytes;
        enum result result = stream_peek(stream, want, &bytes, err);
        if (result != RESULT_OK)
            return result;
        if (bytes.len == 0)
            return RESULT_END;
        bool last = bytes.len < want;
        bool limit = bytes.len > CSV_RECORD_MAX;
        csv_record_parse(
            record, arena, slice_first(bytes, CSV_RECORD_MAX), separator, last && !limit);
        if (record->complete || last || want > CSV_RECORD_MAX || record->count > CSV_COLUMNS_MAX)
            return RESULT_OK;
        want *= 2;
    }
}

enum result csv_record_drop_line(struct stream *stream, struct error *err)
{
    for (;;) {
        slice bytes;
        enum result result = stream_peek(stream, 1, &bytes, err);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        size_t end = slice_find_byte(bytes, '\n');
        stream_take(stream, size_min(end + 1, bytes.len));
        if (end < bytes.len)
            return RESULT_OK;
    }
}
