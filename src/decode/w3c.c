/* See w3c.h. A #Fields line is turned into a table of columns once; each line then fills it from
 * left to right. */
#include "decode/w3c.h"

#include <string.h>

#include "base/base.h"
#include "decode/line.h"
#include "decode/unicode.h"

enum w3c_kind { W3C_VALUE, W3C_DATE, W3C_TIME, W3C_STAMP };

struct w3c_column {
    slice name;
    slice also[2]; /* other names for it; absent: none */
    enum w3c_kind kind;
    bool plus;    /* a space was written as '+' */
    bool percent; /* and others as %XX */
};

/* What a header line says; more of it than fits is of no use. */
#define W3C_WORD_MAX 96
struct w3c_word {
    char bytes[W3C_WORD_MAX];
    slice text;
};

struct w3c {
    struct decode_job *job;
    struct arena kept; /* of the #Fields line in force */
    struct w3c_column columns[W3C_COLUMNS_MAX];
    size_t count;
    char separator;
    struct w3c_word software;
    struct w3c_word date; /* of #Date, for lines that have a time only */
    struct w3c_word log_type;
    bool local_time;
    slice module, dataset;
};

/* --- the header --- */

static const struct {
    slice name;
    slice also[2];
} w3c_names[] = {
    {S_INIT("cs(User-Agent)"), {S_INIT("cs-user-agent"), S_INIT("c-useragent")}},
    {S_INIT("cs(Referer)"), {S_INIT("cs-referer"), S_INIT("cs-referrer")}},
    {S_INIT("cs(Cookie)"), {S_INIT("cs-cookie"), {NULL, 0}}},
    {S_INIT("cs(Host)"), {S_INIT("cs-host"), {NULL, 0}}},
    {S_INIT("cs-uri"), {S_INIT("c-uri"), {NULL, 0}}},
    {S_INIT("cs-uri-query"), {S_INIT("c-uri-query"), {NULL, 0}}},
    {S_INIT("cs-uri-extension"), {S_INIT("c-uri-extension"), {NULL, 0}}},
};

static bool w3c_is_iis(const struct w3c *w3c)
{
    return slice_contains(w3c->software.text, S("Internet Information Services"));
}

static struct w3c_column w3c_column(const struct w3c *w3c, slice name)
{
    static const slice stamps[] = {
        S_INIT("date-time"), S_INIT("timestamp"), S_INIT("x-timestamp"), S_INIT("DateTime")};
    static const slice plus[] = {
        S_INIT("cs(User-Agent)"), S_INIT("cs(Cookie)"), S_INIT("cs-uri-query")};
    struct w3c_column column = {.name = name, .also = {{NULL, 0}, {NULL, 0}}};
    for (size_t i = 0; i < sizeof(w3c_names) / sizeof(w3c_names[0]); i++)
        if (slice_equal_nocase(name, w3c_names[i].name))
            memcpy(column.also, w3c_names[i].also, sizeof(column.also));
    for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++)
        if (slice_equal_nocase(name, stamps[i]))
            column.kind = W3C_STAMP;
    if (slice_equal_nocase(name, S("date")))
        column.kind = W3C_DATE;
    if (slice_equal_nocase(name, S("time")))
        column.kind = W3C_TIME;
    for (size_t i = 0; i < sizeof(plus) / sizeof(plus[0]); i++)
        column.plus = column.plus || (w3c_is_iis(w3c) && slice_equal_nocase(name, plus[i]));
    column.percent = w3c->separator == '\t' && slice_equal_nocase(name, S("cs(User-Agent)"));
    return column;
}

static bool w3c_has(const struct w3c *w3c, slice name)
{
    for (size_t i = 0; i < w3c->count; i++)
        if (slice_equal_nocase(w3c->columns[i].name, name))
            return true;
    return false;
}

/* Which product writes these columns. */
static void w3c_recognise(struct w3c *w3c)
{
    w3c->module = S("w3c");
    w3c->dataset = (slice){NULL, 0};
    if (slice_contains(w3c->software.text, S("Microsoft HTTP API"))) {
        w3c->module = S("iis");
        w3c->dataset = S("iis.error");
    } else if (w3c_is_iis(w3c) || w3c_has(w3c, S("sc-win32-status"))) {
        w3c->module = S("iis");
        w3c->dataset = S("iis.access");
    } else if (slice_contains(w3c->software.text, S("Exchange"))) {
        w3c->module = S("exchange");
        w3c->dataset = slice_contains(w3c->log_type.text, S("Message Tracking"))
                           ? S("exchange.messagetracking")
                           : S("exchange.log");
    } else if (slice_contains(w3c->software.text, S("Windows Firewall"))) {
        w3c->module = S("windows");
        w3c->dataset = S("windows.firewall");
    } else if (w3c_has(w3c, S("x-edge-location"))) {
        w3c->module = S("aws");
        w3c->dataset = S("aws.cloudfront");
    } else if (w3c_has(w3c, S("s-action")) || w3c_has(w3c, S("sc-filter-result")) ||
               w3c_has(w3c, S("cs-categories"))) {
        w3c->module = S("proxy");
        w3c->dataset = S("proxy.access");
    } else if (w3c_has(w3c, S("cs-method"))) {
        w3c->dataset = S("web.access");
    }
}

/* `list` are the names of #Fields. False when there are too many, or none. */
static bool w3c_set_columns(struct w3c *w3c, slice list)
{
    arena_reset(&w3c->kept);
    slice rest = arena_copy(&w3c->kept, list);
    bool comma = slice_find_byte(list, ',') < list.len;
    slice name;
    w3c->separator = comma ? ',' : slice_find_byte(list, '\t') < list.len ? '\t' : ' ';
    w3c->count = 0;
    while (slice_next(&rest, w3c->separator, &name)) {
        name = slice_trim(name);
        if (name.len == 0)
            continue;
        if (w3c->count == W3C_COLUMNS_MAX) {
            w3c->count = 0;
            return false;
        }
        w3c->columns[w3c->count] = w3c_column(w3c, name);
        w3c->count++;
    }
    w3c_recognise(w3c);
    return w3c->count > 0;
}

static void w3c_keep(struct w3c_word *word, slice text)
{
    text = slice_first(text, W3C_WORD_MAX);
    memcpy(word->bytes, text.at, text.len);
    word->text = slice_make(word->bytes, text.len);
}

/* A line that begins with '#'. False when it is a #Fields line that says nothing. */
static bool w3c_directive(struct w3c *w3c, slice line)
{
    slice name, value;
    (void)slice_cut(line, ':', &name, &value);
    value = slice_trim(value);
    if (slice_equal_nocase(name, S("#Fields")))
        return w3c_set_columns(w3c, value);
    if (slice_equal_nocase(name, S("#Software")))
        w3c_keep(&w3c->software, value);
    else if (slice_equal_nocase(name, S("#Date")))
        w3c_keep(&w3c->date, slice_first(value, S("2026-11-20").len));
    else if (slice_equal_nocase(name, S("#Log-type")))
        w3c_keep(&w3c->log_type, value);
    else if (slice_equal_nocase(name, S("#Time Format")))
        w3c->local_time = slice_equal_nocase(value, S("Local"));
    return true;
}

/* --- lines --- */

/* A quoted value without its quotes, "" in it as one. `text` begins behind the first quote; *len is
 * what was taken. */
static slice w3c_quoted(struct arena *arena, slice text, size_t *len)
{
    char *out = arena_bytes(arena, text.len);
    size_t at = 0, made = 0;
    while (at < text.len) {
        bool quote = text.at[at] == '"';
        if (quote && (at + 1 == text.len || text.at[at + 1] != '"'))
            break;
        out[made++] = text.at[at];
        at += quote ? 2 : 1;
    }
    arena_shrink(arena, out, made);
    *len = size_min(at + 1, text.len);
    return slice_make(out, made);
}

/* Cuts the next value off. False at the end of the line. */
static bool w3c_next(const struct w3c *w3c, struct arena *arena, slice *rest, slice *value)
{
    if (w3c->separator == ' ')
        while (slice_starts(*rest, S(" ")))
            *rest = slice_from(*rest, 1);
    if (slice_is_absent(*rest) || (rest->len == 0 && w3c->separator == ' '))
        return false;
    if (!slice_starts(*rest, S("\"")) || w3c->separator == '\t') {
        (void)slice_next(rest, w3c->separator, value);
        return true;
    }
    size_t len;
    *value = w3c_quoted(arena, slice_from(*rest, 1), &len);
    *rest = slice_from(*rest, 1 + len);
    slice none;
    (void)slice_next(rest, w3c->separator, &none);
    return true;
}

static slice w3c_unescape(struct arena *arena, const struct w3c_column *column, slice value)
{
    bool has_plus = column->plus && slice_find_byte(value, '+') < value.len;
    bool has_percent = column->percent && slice_find_byte(value, '%') < value.len;
    if (!has_plus && !has_percent)
        return value;
    char *out = arena_bytes(arena, value.len);
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++) {
        uint64_t byte;
        out[len] = has_plus && value.at[i] == '+' ? ' ' : value.at[i];
        if (has_percent && value.at[i] == '%' && value.len - i > 2 &&
            slice_to_hex_u64(slice_sub(value, i + 1, 2), &byte)) {
            out[len] = (char)byte;
            i += 2;
        }
        len++;
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

static void w3c_set_time(struct w3c *w3c, struct event *event, slice date, slice time)
{
    struct stamp stamp;
    struct line_years years = line_years(w3c->job->options);
    slice text = date;
    if (date.len > 0 && time.len > 0) {
        char *joined = arena_bytes(event->arena, date.len + 1 + time.len);
        memcpy(joined, date.at, date.len);
        joined[date.len] = 'T';
        memcpy(joined + date.len + 1, time.at, time.len);
        text = slice_make(joined, date.len + 1 + time.len);
    }
    if (!stamp_any(text, &stamp))
        return;
    if (!w3c->local_time)
        stamp.missing &= ~STAMP_NO_ZONE; /* the format is in GMT by its definition */
    line_set_time(event, &stamp, w3c->job->options, &years);
}

/* c-uri and c-uri-extension from the parts that IIS writes apart. */
static void w3c_add_uri(struct event *event)
{
    slice stem = event_value(event, S("cs-uri-stem"));
    slice query = event_value(event, S("cs-uri-query"));
    slice path = slice_from(stem, slice_find_last_byte(stem, '/'));
    size_t dot = slice_find_last_byte(path, '.');
    if (stem.len == 0)
        return;
    if (event_find(event, S("c-uri-extension")) == NULL && path.len > 0 && dot + 1 < path.len)
        event_add_string(event, S("c-uri-extension"), slice_from(path, dot + 1));
    if (event_find(event, S("c-uri")) != NULL)
        return;
    if (query.len > 0) {
        char *uri = arena_bytes(event->arena, stem.len + 1 + query.len);
        memcpy(uri, stem.at, stem.len);
        uri[stem.len] = '?';
        memcpy(uri + stem.len + 1, query.at, query.len);
        stem = slice_make(uri, stem.len + 1 + query.len);
    }
    event_add_string(event, S("c-uri"), stem);
}

static void w3c_add_value(struct event *event, const struct w3c_column *column, slice value)
{
    uint64_t number;
    bool digits =
        slice_to_u64(value, UINT64_MAX, &number) && (value.len == 1 || value.at[0] != '0');
    enum event_type type = digits ? EVENT_NUMBER : EVENT_STRING;
    value = w3c_unescape(event->arena, column, value);
    event_add(event, column->name, value, type);
    for (size_t i = 0; i < 2 && !slice_is_absent(column->also[i]); i++)
        event_add(event, column->also[i], value, type);
}

/* False when the line has fewer or more values than there are columns. */
static bool w3c_line(struct w3c *w3c, struct event *event, slice line)
{
    slice date = w3c->date.text, time = {NULL, 0};
    slice rest = line, value;
    size_t at = 0;
    bool more;
    while ((more = w3c_next(w3c, event->arena, &rest, &value)) && at < w3c->count) {
        const struct w3c_column *column = &w3c->columns[at++];
        if (slice_equal(value, S("-")) || value.len == 0)
            continue;
        if (column->kind == W3C_DATE || column->kind == W3C_STAMP)
            date = value;
        if (column->kind == W3C_TIME)
            time = value;
        w3c_add_value(event, column, value);
    }
    if (w3c->count == 0 || more || at < w3c->count)
        return false;
    w3c_set_time(w3c, event, date, time);
    w3c_add_uri(event);
    event_add_ecs(event, S("event.module"), w3c->module, EVENT_STRING);
    event_add_ecs(event, S("event.dataset"), w3c->dataset, EVENT_STRING);
    return true;
}

static void w3c_refuse(struct w3c *w3c, const struct stream_line *line)
{
    struct error why;
    if (w3c->job->on_undecoded == NULL)
        return;
    (void)error_set(&why, RESULT_MALFORMED, TEXT_W3C_LINE, ARG(line->number), ARG(w3c->count));
    w3c->job->on_undecoded(w3c->job->context, line->number, line->offset, &why);
}

static enum result w3c_one(struct w3c *w3c, const struct stream_line *line)
{
    struct decode_job *job = w3c->job;
    slice text = line->text;
    if (slice_starts(text, S("#"))) {
        if (!w3c_directive(w3c, text)) {
            (void)decode_begin(job, line->number, line->offset);
            w3c_refuse(w3c, line);
        }
        return RESULT_OK;
    }
    if (slice_trim(text).len == 0)
        return RESULT_OK;
    struct event *event = decode_begin(job, line->number, line->offset);
    event->raw = text;
    line_report_cut(job, line);
    if (!w3c_line(w3c, event, text)) {
        /* Rules still see the text, whatever columns it has. */
        arena_reset(event->arena);
        event_reset(event, event->arena);
        event->record = (struct event_record){.number = line->number, .offset = line->offset};
        event->raw = text;
        event_add_ecs(event, S("message"), text, EVENT_STRING);
        if (!line->truncated)
            w3c_refuse(w3c, line);
    }
    return job->on_event(job->context, event);
}

static enum result w3c_decode_all(struct w3c *w3c, struct stream *stream, struct error *err)
{
    struct stream_line line;
    enum result result;
    while ((result = stream_next_line(stream, DECODE_LINE_MAX, &line, err)) == RESULT_OK) {
        result = w3c_one(w3c, &line);
        if (result != RESULT_OK)
            return result;
    }
    return result == RESULT_END ? RESULT_OK : result;
}

enum result w3c_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct unicode *unicode;
    struct stream *view;
    struct w3c w3c = {.job = job};
    enum result result = unicode_open(stream, &unicode, &view, err);
    if (result != RESULT_OK)
        return result;
    result = w3c_decode_all(&w3c, view, err);
    arena_free(&w3c.kept);
    unicode_close(unicode);
    return result;
}

/* A line of the header. */
static bool w3c_is_header(slice line)
{
    return slice_starts_nocase(line, S("#Fields:"));
}

unsigned w3c_sniff(slice head, bool whole)
{
    struct arena arena = {0};
    slice rest = unicode_head(&arena, head), line;
    bool first = true;
    unsigned sure = 0;
    while (sure == 0 && slice_next(&rest, '\n', &line)) {
        if (slice_trim(line).len == 0)
            continue;
        first = first && slice_starts(line, S("#"));
        if (w3c_is_header(line) && (whole || !slice_is_absent(rest)))
            sure = first ? 95 : 60;
    }
    arena_free(&arena);
    return sure;
}
