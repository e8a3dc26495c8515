/* See csv.h. A row is given to the same code that recognises JSON records (json_event.h), with its
 * columns as members: tables of Windows events, Zeek or Suricata are read whatever carries them. */
#include "decode/csv.h"

#include <stdlib.h>

#include "base/base.h"
#include "decode/csv_guess.h"
#include "decode/csv_map.h"
#include "decode/csv_record.h"
#include "decode/json_event.h"
#include "decode/unicode.h"

/* The front that recognition looks at. */
#define CSV_SNIFF ((size_t)16 << 10)
/* Longest name of a column in a header that nobody vouches for. */
#define CSV_NAME_MAX 64

struct csv {
    struct decode_job *job;
    struct stream *stream;
    struct error *err;
    const struct csv_map *map;
    char separator;
    struct arena kept; /* of the header */
    slice *names;
    size_t count;
    slice header; /* the header as it stands in the file; absent when the mapping gave it */
    uint64_t row; /* data rows so far */
    bool ragged;  /* a row with too few or too many values was noted */
    struct arena arena;
    struct csv_record record;
    struct csv_guess guess;
    struct line_years years;
    struct json_events *events;
    struct json_field fields[CSV_COLUMNS_MAX];
};

/* --- recognition --- */

static const char csv_separators[] = {',', ';', '\t', '|'};

/* Tables of fewer columns than this have no space beside their separators: sentences have. */
#define CSV_SPACED_COLUMNS_MIN 4

/* A name as headers have them: begins with a letter, no sentence, no number. */
static bool csv_is_name(slice text, size_t columns)
{
    slice spaced = text;
    text = slice_trim(text);
    if (columns < CSV_SPACED_COLUMNS_MIN && text.len < spaced.len)
        return false;
    if (text.len == 0 || text.len > CSV_NAME_MAX)
        return false;
    if (!byte_is_alpha(text.at[0]) && text.at[0] != '_' && text.at[0] != '@' && text.at[0] != '#' &&
        (unsigned char)text.at[0] < 0x80)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        static const slice allowed = S_INIT(" _-./()[]#@%&?");
        unsigned char c = (unsigned char)text.at[i];
        if (!byte_is_alnum((char)c) && c < 0x80 && slice_find_byte(allowed, (char)c) == allowed.len)
            return false;
    }
    return true;
}

/* Lines before the header: `sep=;` of Excel, `#TYPE …` of PowerShell. */
static bool csv_is_preamble(slice line)
{
    return slice_starts_nocase(line, S("sep=")) || slice_starts(line, S("#TYPE "));
}

static slice csv_skip_preamble(slice text)
{
    while (csv_is_preamble(text)) {
        size_t end = slice_find_byte(text, '\n');
        text = slice_from(text, end + 1);
    }
    return text;
}

/* Files of VPC flow logs part their columns by spaces; any other text of words would look so too.
 */
static bool csv_is_parted_by_spaces(slice text)
{
    slice line = slice_first(text, slice_find_byte(text, '\n'));
    return slice_contains(line, S("srcaddr ")) && slice_contains(line, S("dstaddr"));
}

/* How sure it is that the text is a table with this separator; *columns is how many it has. */
static unsigned csv_sniff_as(slice text, bool whole, char separator, size_t *columns)
{
    struct csv_record *record = calloc(1, sizeof(*record));
    struct arena arena = {0};
    size_t rows = 0, fitting = 0;
    ASSERT(record != NULL);
    csv_record_parse(record, &arena, text, separator, whole);
    *columns = record->count;
    bool header = record->complete && record->count >= 2;
    for (size_t i = 0; i < record->count && header; i++) {
        header = csv_is_name(record->values[i], record->count);
        for (size_t j = 0; j < i && header; j++)
            header = !slice_equal_nocase(record->values[i], record->values[j]);
    }
    while (header) {
        text = slice_from(text, record->taken);
        if (text.len == 0)
            break;
        csv_record_parse(record, &arena, text, separator, whole);
        if (!record->complete)
            break;
        if (slice_trim(record->text).len == 0)
            continue;
        rows++;
        fitting += record->count == *columns;
    }
    free(record);
    arena_free(&arena);
    if (!header || (rows == 0 && (!whole || *columns < 3)))
        return 0;
    return fitting == rows ? 75 : fitting * 10 >= rows * 9 ? 55 : 0;
}

/* The separator that gives the most columns; 0 when the text is no table. */
static char csv_separator(slice text, bool whole, unsigned *sure)
{
    char best = '\0';
    size_t most = 0;
    *sure = 0;
    for (size_t i = 0; i < sizeof(csv_separators); i++) {
        size_t columns;
        unsigned now = csv_sniff_as(text, whole, csv_separators[i], &columns);
        if (now > 0 && (now > *sure || (now == *sure && columns > most))) {
            best = csv_separators[i];
            most = columns;
            *sure = now;
        }
    }
    if (best == '\0' && csv_is_parted_by_spaces(text)) {
        *sure = csv_sniff_as(text, whole, ' ', &most);
        best = *sure > 0 ? ' ' : '\0';
    }
    return best;
}

unsigned csv_sniff(slice head, bool whole)
{
    struct arena arena = {0};
    unsigned sure;
    slice text = unicode_head(&arena, slice_first(head, CSV_SNIFF));
    (void)csv_separator(csv_skip_preamble(text), whole && head.len <= CSV_SNIFF, &sure);
    arena_free(&arena);
    return sure;
}

/* --- reading --- */

static enum result csv_choose_separator(struct csv *csv)
{
    slice head;
    unsigned sure;
    enum result result = stream_peek(csv->stream, CSV_SNIFF, &head, csv->err);
    if (result != RESULT_OK)
        return result;
    slice line = slice_first(head, slice_find_byte(head, '\n'));
    if (csv->map != NULL)
        csv->separator = csv_map_separator(csv->map);
    if (csv->separator == '\0' && slice_starts_nocase(line, S("sep=")) && line.len > 4)
        csv->separator = line.at[4];
    if (csv->separator == '\0')
        csv->separator = csv_separator(
            csv_skip_preamble(slice_first(head, CSV_SNIFF)), head.len < CSV_SNIFF, &sure);
    if (csv->separator == '\0')
        csv->separator = ',';
    return RESULT_OK;
}

static void csv_keep_names(struct csv *csv, const slice *names, size_t count)
{
    csv->count = size_min(count, CSV_COLUMNS_MAX);
    csv->names = ARENA_ARRAY(&csv->kept, slice, csv->count);
    for (size_t i = 0; i < csv->count; i++) {
        slice name = slice_trim(names[i]);
        struct buf made;
        if (name.len > 0) {
            csv->names[i] = arena_copy(&csv->kept, name);
            continue;
        }
        const size_t len = S("column_").len + 4;
        buf_init_fixed(&made, arena_bytes(&csv->kept, len), len);
        buf_append(&made, S("column_"));
        buf_append_u64(&made, i + 1);
        csv->names[i] = buf_slice(&made);
    }
    csv_guess_begin(&csv->guess, csv->names, csv->count);
}

/* Takes the header, from the mapping or from the file. RESULT_END when there is none. */
static enum result csv_read_header(struct csv *csv)
{
    size_t count = 0;
    const slice *names = csv->map == NULL ? NULL : csv_map_header(csv->map, &count);
    if (count > 0) {
        csv_keep_names(csv, names, count);
        return RESULT_OK;
    }
    for (;;) {
        enum result result =
            csv_record_peek(&csv->record, &csv->arena, csv->stream, csv->separator, csv->err);
        if (result != RESULT_OK)
            return result;
        bool header = csv->record.complete && slice_trim(csv->record.text).len > 0 &&
                      !csv_is_preamble(csv->record.text);
        if (header) {
            csv_keep_names(csv, csv->record.values, csv->record.count);
            csv->header = arena_copy(&csv->kept, csv->record.text);
            stream_take(csv->stream, csv->record.taken);
            return RESULT_OK;
        }
        result = csv_record_drop_line(csv->stream, csv->err);
        if (result != RESULT_OK)
            return result;
    }
}

/* The row's values as the members of a record. */
static struct json_flat csv_flat(struct csv *csv)
{
    size_t count = 0;
    for (size_t i = 0; i < size_min(csv->record.count, csv->count); i++) {
        slice value = csv->record.values[i];
        if (value.len == 0)
            continue; /* a table cannot tell what is empty from what is absent */
        csv->fields[count++] =
            (struct json_field){.path = csv->names[i], .value = value, .type = JSON_STRING};
    }
    return (struct json_flat){
        .fields = csv->fields, .count = count, .top = JSON_OBJECT, .list = count};
}

static void csv_note_ragged(struct csv *csv, uint64_t offset)
{
    struct error why;
    size_t last = csv->record.count - 1;
    bool trailing = csv->record.count == csv->count + 1 && csv->record.values[last].len == 0;
    if (csv->record.count == csv->count || trailing || csv->ragged || csv->job->on_note == NULL)
        return;
    csv->ragged = true;
    (void)error_set(&why, RESULT_MALFORMED, TEXT_CSV_RAGGED, ARG(csv->row), ARG(csv->record.count),
        ARG(csv->count));
    csv->job->on_note(csv->job->context, csv->row, offset, &why);
}

static enum result csv_row(struct csv *csv)
{
    struct decode_job *job = csv->job;
    uint64_t offset = stream_offset(csv->stream);
    struct event *event = decode_begin(job, ++csv->row, offset);
    struct json_flat flat = csv_flat(csv);
    csv_note_ragged(csv, offset);
    event->raw = csv->record.text;
    json_event_fill(csv->events, &flat, event);
    if (csv->map != NULL)
        csv_map_apply(csv->map, job->options, &csv->years, event);
    else
        csv_guess_apply(&csv->guess, csv->record.values,
            size_min(csv->record.count, CSV_COLUMNS_MAX), job->options, &csv->years, event);
    return job->on_event(job->context, event);
}

/* A row whose quotes do not close, or that has too much: the line is lost, what follows is not. */
static enum result csv_refuse(struct csv *csv)
{
    struct decode_job *job = csv->job;
    struct error why;
    uint64_t offset = stream_offset(csv->stream);
    (void)decode_begin(job, ++csv->row, offset);
    if (job->on_undecoded != NULL) {
        (void)error_set(&why, RESULT_MALFORMED, TEXT_CSV_ROW, ARG(csv->row), ARG(CSV_RECORD_MAX),
            ARG(CSV_COLUMNS_MAX));
        job->on_undecoded(job->context, csv->row, offset, &why);
    }
    return csv_record_drop_line(csv->stream, csv->err);
}

static enum result csv_read_rows(struct csv *csv)
{
    for (;;) {
        arena_reset(&csv->arena);
        enum result result =
            csv_record_peek(&csv->record, &csv->arena, csv->stream, csv->separator, csv->err);
        if (result != RESULT_OK)
            return result == RESULT_END ? RESULT_OK : result;
        /* A row over several lines that does not fit is more likely a quote that was never closed.
         */
        bool whole =
            csv->record.complete && (!csv->record.several_lines || csv->record.count == csv->count);
        if (!whole) {
            result = csv_refuse(csv);
        } else {
            /* Files put behind each other repeat their header. */
            bool data =
                slice_trim(csv->record.text).len > 0 && !slice_equal(csv->record.text, csv->header);
            result = data ? csv_row(csv) : RESULT_OK;
            stream_take(csv->stream, csv->record.taken);
        }
        if (result != RESULT_OK)
            return result;
    }
}

enum result csv_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct unicode *unicode;
    struct stream *view;
    enum result result = unicode_open(stream, &unicode, &view, err);
    if (result != RESULT_OK)
        return result;
    struct csv *csv = calloc(1, sizeof(*csv));
    ASSERT(csv != NULL);
    csv->job = job;
    csv->stream = view;
    csv->err = err;
    csv->map = csv_map_is_for(job->options->map, S("csv")) ? job->options->map : NULL;
    csv->years = line_years(job->options);
    csv->events = json_events_new(job->options);
    result = csv_choose_separator(csv);
    if (result == RESULT_OK)
        result = csv_read_header(csv);
    if (result == RESULT_OK)
        result = csv_read_rows(csv);
    json_events_free(csv->events);
    arena_free(&csv->arena);
    arena_free(&csv->kept);
    free(csv);
    unicode_close(unicode);
    return result == RESULT_END ? RESULT_OK : result;
}
