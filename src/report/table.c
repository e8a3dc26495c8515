/* See table.h. For programs a row is written as it comes; for people rows wait in an arena until
 * the widths of all columns are known, which is why views show people a bounded choice. Rejected: a
 * printer for each view, which would be four escapings to get right. */
#include "report/table.h"

#include <stdlib.h>

#include "base/civil.h"
#include "report/csv_cell.h"
#include "report/table_layout.h"
#include "report/words.h"
#include "wire/json_writer.h"

#define TABLE_BETWEEN "; "

struct table {
    struct sink *sink;
    enum report_format format;
    const struct table_shape *shape;
    struct table_layout layout; /* REPORT_TEXT */
    struct buf scratch[2];      /* REPORT_CSV */
    bool has_row;
};

static void table_csv_header(struct table *table)
{
    for (size_t i = 0; i < table->shape->column_count; i++)
        csv_cell_append(
            &table->sink->buf, i == 0, table->shape->columns[i].name, &table->scratch[1]);
    csv_row_end(&table->sink->buf);
}

static void table_json_begin(struct table *table, const struct report_options *options)
{
    struct json_writer json;
    json_begin(&json, &table->sink->buf);
    json_object_begin(&json);
    json_key(&json, S("type"));
    json_string(&json, table->shape->name);
    json_key(&json, S("version"));
    json_string(&json, options->version);
    buf_append(&table->sink->buf, S(",\n\"rows\":["));
}

struct table *table_new(struct sink *sink, enum report_format format,
    const struct table_shape *shape, const struct report_options *options)
{
    struct table *table = calloc(1, sizeof(*table));
    ASSERT(table != NULL && format != REPORT_HTML);
    ASSERT(shape->heading_count <= TABLE_HEADINGS_MAX);
    *table = (struct table){.sink = sink, .format = format, .shape = shape};
    buf_init(&table->scratch[0], 2 * CSV_CELL_MAX);
    buf_init(&table->scratch[1], 2 * CSV_CELL_MAX);
    if (format == REPORT_TEXT)
        table_layout_init(&table->layout, shape, options);
    if (format == REPORT_CSV)
        table_csv_header(table);
    if (format == REPORT_JSON)
        table_json_begin(table, options);
    return table;
}

void table_end(struct table *table)
{
    if (table->format == REPORT_TEXT)
        table_layout_write(&table->layout, table->sink);
    if (table->format == REPORT_JSON)
        buf_append(&table->sink->buf, S("]}\n"));
    (void)sink_settle(table->sink);
    table_layout_free(&table->layout);
    buf_free(&table->scratch[0]);
    buf_free(&table->scratch[1]);
    free(table);
}

bool table_is_for_people(const struct table *table)
{
    return table->format == REPORT_TEXT;
}

/* --- for programs --- */

/* Earlier times are rounded down as well. */
static int64_t table_microseconds(int64_t time_ns)
{
    return time_ns / 1000 - (time_ns % 1000 < 0 ? 1 : 0);
}

static void table_datetime(struct buf *out, int64_t time_ns)
{
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    words_date(out, time_ns);
    buf_append_byte(out, 'T');
    words_clock(out, time_ns);
    buf_append_byte(out, '.');
    buf_append_padded(out, (uint64_t)(civil.ns / 1000), 6);
    buf_append(out, S("+00:00"));
}

static void table_csv_cell(struct buf *out, enum table_kind kind, const struct table_cell *cell)
{
    switch (kind) {
    case TABLE_TEXT:
        buf_append(out, cell->text);
        break;
    case TABLE_NUMBER:
        buf_append_u64(out, cell->number);
        break;
    case TABLE_TIME:
        civil_append(out, cell->time_ns);
        break;
    case TABLE_DATETIME:
        table_datetime(out, cell->time_ns);
        break;
    case TABLE_MICROSECONDS:
        buf_append_i64(out, table_microseconds(cell->time_ns));
        break;
    case TABLE_FLAG:
        buf_append(out, cell->flag ? S("true") : S("false"));
        break;
    case TABLE_LIST:
        for (size_t i = 0; i < cell->list_count; i++) {
            if (i > 0)
                buf_append(out, S(TABLE_BETWEEN));
            buf_append(out, cell->list[i]);
        }
        break;
    }
}

static void table_csv_row(struct table *table, const struct table_cell *cells)
{
    for (size_t i = 0; i < table->shape->column_count; i++) {
        buf_clear(&table->scratch[0]);
        if (!cells[i].absent)
            table_csv_cell(&table->scratch[0], table->shape->columns[i].kind, &cells[i]);
        csv_cell_append(
            &table->sink->buf, i == 0, buf_slice(&table->scratch[0]), &table->scratch[1]);
    }
    csv_row_end(&table->sink->buf);
}

static void table_json_cell(
    struct json_writer *json, enum table_kind kind, const struct table_cell *cell)
{
    char memory[64];
    struct buf text;
    if (cell->absent || (kind == TABLE_TEXT && cell->text.len == 0)) {
        json_null(json);
        return;
    }
    switch (kind) {
    case TABLE_TEXT:
        json_string(json, cell->text);
        break;
    case TABLE_NUMBER:
        json_u64(json, cell->number);
        break;
    case TABLE_TIME:
        json_time(json, cell->time_ns);
        break;
    case TABLE_DATETIME:
        buf_init_fixed(&text, memory, sizeof(memory));
        table_datetime(&text, cell->time_ns);
        json_string(json, buf_slice(&text));
        break;
    case TABLE_MICROSECONDS:
        json_i64(json, table_microseconds(cell->time_ns));
        break;
    case TABLE_FLAG:
        json_bool(json, cell->flag);
        break;
    case TABLE_LIST:
        json_array_begin(json);
        for (size_t i = 0; i < cell->list_count; i++)
            json_string(json, cell->list[i]);
        json_array_end(json);
        break;
    }
}

static void table_json_row(struct table *table, const struct table_cell *cells)
{
    struct json_writer json;
    json_begin(&json, &table->sink->buf);
    json_object_begin(&json);
    if (table->shape->row_name.len > 0) {
        json_key(&json, S("type"));
        json_string(&json, table->shape->row_name);
    }
    for (size_t i = 0; i < table->shape->column_count; i++) {
        json_key(&json, table->shape->columns[i].name);
        table_json_cell(&json, table->shape->columns[i].kind, &cells[i]);
    }
    json_object_end(&json);
}

bool table_row(struct table *table, const struct table_cell *cells)
{
    ASSERT(table->format != REPORT_TEXT);
    if (table->format == REPORT_CSV) {
        table_csv_row(table, cells);
        return sink_settle(table->sink);
    }
    if (table->format == REPORT_JSON)
        buf_append(&table->sink->buf, table->has_row ? S(",\n") : S("\n"));
    table_json_row(table, cells);
    if (table->format == REPORT_NDJSON)
        buf_append_byte(&table->sink->buf, '\n');
    table->has_row = true;
    return sink_settle(table->sink);
}

/* --- for people --- */

void table_words(struct table *table, const slice *words, slice mark)
{
    ASSERT(table->format == REPORT_TEXT);
    table_layout_row(&table->layout, words, mark);
}

void table_section(struct table *table, slice heading)
{
    table_layout_line(&table->layout, TABLE_LAYOUT_SECTION, heading);
}

void table_remark(struct table *table, slice text)
{
    table_layout_line(&table->layout, TABLE_LAYOUT_REMARK, text);
}

void table_before(struct table *table, slice paragraph)
{
    table_layout_line(&table->layout, TABLE_LAYOUT_BEFORE, paragraph);
}

void table_after(struct table *table, slice paragraph)
{
    table_layout_line(&table->layout, TABLE_LAYOUT_AFTER, paragraph);
}
