/* See view_decoded.h. Rows are written as they come, so that an output of any size takes no
 * memory; people get a block for each event rather than columns, of which every product has its
 * own. */
#include "report/view_decoded.h"

#include "base/escape.h"
#include "base/sorter.h"
#include "report/words.h"
#include "triage/decoded.h"
#include "wire/json_writer.h"

static slice view_decoded_path(const struct triage_result *result, const struct decoded_row *row)
{
    const struct triage_source *source =
        triage_source_at(result, row->place.file, row->place.object);
    return source == NULL ? S("") : source->path;
}

/* A field that tells of the decoder stands beside it and not among what the record says. */
static void view_decoded_take(
    struct json_writer *json, struct decoded_row *row, slice name, slice key)
{
    slice value = event_value(&row->event, name);
    size_t kept = 0;
    if (value.len == 0)
        return;
    json_key(json, key);
    json_string(json, value);
    for (size_t i = 0; i < row->event.count; i++)
        if (!slice_equal(row->event.fields[i].name, name))
            row->event.fields[kept++] = row->event.fields[i];
    row->event.count = kept;
}

static void view_decoded_json(struct buf *out, slice path, struct decoded_row *row)
{
    struct json_writer json;
    json_begin(&json, out);
    json_object_begin(&json);
    json_key(&json, S("records"));
    json_array_begin(&json);
    json_object_begin(&json);
    json_key(&json, S("path"));
    json_string(&json, path);
    json_key(&json, S("number"));
    json_u64(&json, row->place.number);
    json_object_end(&json);
    json_array_end(&json);
    json_key(&json, S("decoder"));
    json_string(&json, row->decoder);
    view_decoded_take(&json, row, S("event.module"), S("module"));
    view_decoded_take(&json, row, S("event.dataset"), S("dataset"));
    json_key(&json, S("fields"));
    event_write_json(&row->event, &json, false);
    json_object_end(&json);
    buf_append_byte(out, '\n');
}

static void view_decoded_fields(struct buf *out, const struct event *event, bool ecs)
{
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[i];
        if (field->ecs != ecs || field->value.len == 0)
            continue;
        words_field(out, field->name, field->value);
    }
}

/* PATH:NUMBER, the time, whose it is; then its fields, those of ECS first. */
static void view_decoded_text(struct buf *out, slice path, struct decoded_row *row)
{
    escape_terminal(out, path);
    buf_append_byte(out, ':');
    buf_append_u64(out, row->place.number);
    buf_append(out, S("  "));
    words_time(out, row->event.time_ns);
    buf_append(out, S("  "));
    escape_terminal(out, row->decoder);
    buf_append_byte(out, '\n');
    view_decoded_fields(out, &row->event, true);
    view_decoded_fields(out, &row->event, false);
    buf_append_byte(out, '\n');
}

enum result view_decoded_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err)
{
    struct sorter_reader *rows;
    struct arena arena = {0};
    struct decoded_row row;
    slice key, payload;
    (void)options;
    ASSERT(format == REPORT_TEXT || format == REPORT_NDJSON);
    enum result done = sorter_read(triage_rows(result), &rows, err);
    if (done != RESULT_OK)
        return done;
    while ((done = sorter_next(rows, &key, &payload, err)) == RESULT_OK) {
        arena_reset(&arena);
        decoded_read(payload, &arena, &row);
        slice path = view_decoded_path(result, &row);
        (format == REPORT_NDJSON ? view_decoded_json : view_decoded_text)(&sink->buf, path, &row);
        if (!sink_settle(sink))
            break;
    }
    arena_free(&arena);
    sorter_reader_free(rows);
    return done == RESULT_END ? RESULT_OK : done;
}
