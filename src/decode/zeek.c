/* See zeek.h. */
#include "decode/zeek.h"

#include <string.h>

#include "base/base.h"
#include "decode/line.h"
#include "decode/zeek_log.h"

struct zeek_column {
    slice name;
    enum event_type type;
    bool time;
    bool list;
};

/* What a header line says; a longer one says nothing. */
#define ZEEK_WORD_MAX 64
struct zeek_word {
    char bytes[ZEEK_WORD_MAX];
    slice text;
};

struct zeek {
    struct decode_job *job;
    struct arena kept; /* of the #fields line in force */
    struct zeek_column columns[ZEEK_COLUMNS_MAX];
    size_t count;
    char separator;
    char set_separator;
    struct zeek_word empty_field, unset_field;
    struct zeek_word path;
    slice dataset; /* absent until the columns are known */
};

/* --- the header --- */

/* The byte that `\x09` or a plain character stands for. */
static char zeek_separator(slice text, char otherwise)
{
    uint64_t byte;
    if (slice_starts(text, S("\\x")) && text.len == 4 &&
        slice_to_hex_u64(slice_from(text, 2), &byte))
        return (char)byte;
    return text.len == 1 ? text.at[0] : otherwise;
}

static bool zeek_has(const void *context, slice name)
{
    const struct zeek *zeek = context;
    for (size_t i = 0; i < zeek->count; i++)
        if (slice_equal(zeek->columns[i].name, name))
            return true;
    return false;
}

static bool zeek_set_columns(struct zeek *zeek, slice rest)
{
    slice name;
    arena_reset(&zeek->kept);
    zeek->count = 0;
    while (slice_next(&rest, zeek->separator, &name)) {
        if (zeek->count == ZEEK_COLUMNS_MAX) {
            zeek->count = 0;
            return false;
        }
        zeek->columns[zeek->count++] = (struct zeek_column){
            .name = arena_copy(&zeek->kept, name), .time = slice_equal(name, S("ts"))};
    }
    zeek->dataset = zeek_log_of_path(&zeek->kept, zeek->path.text);
    if (slice_is_absent(zeek->dataset))
        zeek->dataset = zeek_log_of_fields(zeek_has, zeek);
    return true;
}

static void zeek_set_types(struct zeek *zeek, slice rest)
{
    static const slice numbers[] = {S_INIT("time"), S_INIT("interval"), S_INIT("double"),
        S_INIT("count"), S_INIT("int"), S_INIT("port")};
    slice type;
    for (size_t i = 0; i < zeek->count && slice_next(&rest, zeek->separator, &type); i++) {
        struct zeek_column *column = &zeek->columns[i];
        column->list = slice_starts(type, S("set[")) || slice_starts(type, S("vector["));
        if (column->list)
            type = slice_sub(type, slice_find_byte(type, '[') + 1, type.len);
        if (slice_ends(type, S("]")))
            type.len--;
        column->type = slice_equal(type, S("bool")) ? EVENT_BOOL : EVENT_STRING;
        for (size_t j = 0; j < sizeof(numbers) / sizeof(numbers[0]); j++)
            if (slice_equal(type, numbers[j]))
                column->type = EVENT_NUMBER;
    }
}

static void zeek_keep(struct zeek_word *word, slice text)
{
    text = slice_first(text, text.len <= ZEEK_WORD_MAX ? text.len : 0);
    memcpy(word->bytes, text.at, text.len);
    word->text = slice_make(word->bytes, text.len);
}

/* What holds until a header says otherwise. */
static void zeek_begin(struct zeek *zeek)
{
    zeek->separator = '\t';
    zeek->set_separator = ',';
    zeek_keep(&zeek->empty_field, S("(empty)"));
    zeek_keep(&zeek->unset_field, S("-"));
    zeek_keep(&zeek->path, S(""));
    zeek->count = 0;
}

/* A line that begins with '#'. False when it has too many columns. */
static bool zeek_directive(struct zeek *zeek, slice line)
{
    slice name, value;
    if (slice_starts(line, S("#separator "))) { /* begins a log */
        zeek_begin(zeek);
        zeek->separator = zeek_separator(slice_trim(slice_from(line, S("#separator ").len)), '\t');
        return true;
    }
    (void)slice_cut(line, zeek->separator, &name, &value);
    if (slice_equal(name, S("#set_separator")))
        zeek->set_separator = zeek_separator(value, ',');
    else if (slice_equal(name, S("#empty_field")))
        zeek_keep(&zeek->empty_field, value);
    else if (slice_equal(name, S("#unset_field")))
        zeek_keep(&zeek->unset_field, value);
    else if (slice_equal(name, S("#path")))
        zeek_keep(&zeek->path, value);
    else if (slice_equal(name, S("#types")))
        zeek_set_types(zeek, value);
    else if (slice_equal(name, S("#fields")))
        return zeek_set_columns(zeek, value);
    return true;
}

/* --- lines --- */

/* Separators and bytes outside ASCII's printable part are written as \xHH. */
static slice zeek_unescape(struct arena *arena, slice text)
{
    size_t escape = slice_find(text, S("\\x"));
    if (escape == text.len)
        return text;
    char *out = arena_bytes(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint64_t byte;
        slice digits = slice_sub(text, i + 2, 2);
        out[len] = text.at[i];
        if (slice_starts(slice_from(text, i), S("\\x")) && digits.len == 2 &&
            slice_to_hex_u64(digits, &byte)) {
            out[len] = (char)byte;
            i += 3;
        }
        len++;
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

static void zeek_add_one(
    const struct zeek *zeek, struct event *event, const struct zeek_column *column, slice value)
{
    if (slice_equal(value, zeek->unset_field.text))
        return;
    if (slice_equal(value, zeek->empty_field.text))
        value = S("");
    if (column->type == EVENT_BOOL)
        value = slice_equal(value, S("T")) ? S("true") : S("false");
    else
        value = zeek_unescape(event->arena, value);
    event_add(event, column->name, value, column->type);
}

static void zeek_add(
    const struct zeek *zeek, struct event *event, const struct zeek_column *column, slice value)
{
    slice rest = value, item;
    int64_t time_ns;
    if (column->time && stamp_unix(value, &time_ns))
        event->time_ns = time_ns;
    if (!column->list) {
        zeek_add_one(zeek, event, column, value);
        return;
    }
    if (slice_equal(value, zeek->empty_field.text))
        return; /* a list without items, as in JSON */
    while (slice_next(&rest, zeek->set_separator, &item))
        zeek_add_one(zeek, event, column, item);
}

/* False when the line has fewer or more values than there are columns. */
static bool zeek_line(const struct zeek *zeek, struct event *event, slice line)
{
    slice rest = line, value;
    size_t at = 0;
    bool more;
    while ((more = slice_next(&rest, zeek->separator, &value)) && at < zeek->count)
        zeek_add(zeek, event, &zeek->columns[at++], value);
    if (zeek->count == 0 || more || at < zeek->count)
        return false;
    event_add_ecs(event, S("event.module"), S("zeek"), EVENT_STRING);
    event_add_ecs(event, S("event.dataset"), zeek->dataset, EVENT_STRING);
    return true;
}

static enum result zeek_one(struct zeek *zeek, const struct stream_line *line)
{
    struct decode_job *job = zeek->job;
    struct error why;
    bool directive = slice_starts(line->text, S("#"));
    if (line->text.len == 0 || (directive && zeek_directive(zeek, line->text)))
        return RESULT_OK;
    struct event *event = decode_begin(job, line->number, line->offset);
    event->raw = line->text;
    if (!directive && zeek_line(zeek, event, line->text))
        return job->on_event(job->context, event);
    if (job->on_undecoded != NULL) {
        (void)error_set(&why, RESULT_MALFORMED, TEXT_W3C_LINE, ARG(line->number), ARG(zeek->count));
        job->on_undecoded(job->context, line->number, line->offset, &why);
    }
    return RESULT_OK;
}

enum result zeek_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct zeek zeek = {.job = job};
    struct stream_line line;
    enum result result;
    zeek_begin(&zeek);
    while ((result = stream_next_line(stream, DECODE_LINE_MAX, &line, err)) == RESULT_OK) {
        result = zeek_one(&zeek, &line);
        if (result != RESULT_OK)
            break;
    }
    arena_free(&zeek.kept);
    return result == RESULT_END ? RESULT_OK : result;
}

unsigned zeek_sniff(slice head, bool whole)
{
    slice rest = head, line;
    (void)whole;
    if (slice_starts(head, S("#separator ")))
        return 99;
    for (int i = 0; i < 16 && slice_next(&rest, '\n', &line) && slice_starts(line, S("#")); i++)
        if (slice_starts(line, S("#fields\t")))
            return 95;
    return 0;
}
