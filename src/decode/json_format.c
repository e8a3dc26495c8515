/* See json_format.h. */
#include "decode/json_format.h"

#include "base/base.h"
#include "decode/csv_map.h"
#include "decode/json_event.h"
#include "decode/json_source.h"
#include "decode/line.h"
#include "decode/unicode.h"

/* The front that recognition looks at: the first record's beginning tells. */
#define FORMAT_SNIFF ((size_t)16 << 10)

struct json_format {
    struct decode_job *job;
    struct json_events *events;
    const struct csv_map *map;
    struct line_years years;
};

static slice format_skip_space(slice text)
{
    while (text.len > 0 && (byte_is_space(text.at[0]) || text.at[0] == '\x1e'))
        text = slice_from(text, 1);
    return text;
}

static bool format_begins_object(slice text)
{
    if (!slice_starts(text, S("{")))
        return false;
    text = format_skip_space(slice_from(text, 1));
    return slice_starts(text, S("\"")) || slice_starts(text, S("}"));
}

static bool format_is_record(slice line)
{
    return format_begins_object(line) && slice_ends(line, S("}"));
}

unsigned json_format_sniff(slice head, bool whole)
{
    struct arena arena = {0};
    slice text = format_skip_space(unicode_head(&arena, slice_first(head, FORMAT_SNIFF)));
    slice inside = format_skip_space(slice_from(text, 1));
    unsigned sure = 0;
    if (format_begins_object(text))
        sure = 90;
    else if (slice_starts(text, S("[")) &&
             (format_begins_object(inside) || slice_starts(inside, S("]"))))
        sure = 90;
    else if (line_share(text, whole && head.len <= FORMAT_SNIFF, format_is_record) >= 50)
        sure = 80; /* a file that begins in the middle of a record, or has other lines in between */
    arena_free(&arena);
    return sure;
}

static enum result format_on_record(
    void *context, const struct json_flat *flat, slice text, uint64_t number, uint64_t offset)
{
    struct json_format *format = context;
    struct event *event = decode_begin(format->job, number, offset);
    event->raw = text;
    json_event_fill(format->events, flat, event);
    event->dropped_fields += flat->dropped;
    if (format->map != NULL)
        csv_map_apply(format->map, format->job->options, &format->years, event);
    return format->job->on_event(format->job->context, event);
}

static void format_on_broken(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct json_format *format = context;
    (void)decode_begin(format->job, number, offset);
    if (format->job->on_undecoded != NULL)
        format->job->on_undecoded(format->job->context, number, offset, why);
}

static void format_on_note(void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct json_format *format = context;
    if (format->job->on_note != NULL)
        format->job->on_note(format->job->context, number, offset, why);
}

enum result json_format_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct unicode *unicode;
    struct stream *view;
    enum result result = unicode_open(stream, &unicode, &view, err);
    if (result != RESULT_OK)
        return result;
    struct json_format format = {.job = job,
        .events = json_events_new(job->options),
        .map = csv_map_is_for(job->options->map, S("json")) ? job->options->map : NULL,
        .years = line_years(job->options)};
    struct json_source_sink sink = {.context = &format,
        .on_record = format_on_record,
        .on_broken = format_on_broken,
        .on_note = format_on_note};
    result = json_source_read(view, &sink, err);
    json_events_free(format.events);
    unicode_close(unicode);
    return result;
}
