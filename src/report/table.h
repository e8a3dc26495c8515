/* A table of rows, as views are: for programs as JSON lines, one JSON document or CSV, for people
 * as columns. Programs get every row at once and the same bytes in every language; people get the
 * rows that the view chooses, in sections, with sentences before and after. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/layout.h"
#include "report/report.h"
#include "report/sink.h"

enum table_kind {
    TABLE_TEXT,
    TABLE_NUMBER,
    TABLE_TIME,
    TABLE_DATETIME, /* always with microseconds and an offset: 2026-11-20T03:12:44.123456+00:00 */
    TABLE_MICROSECONDS, /* since 1970 */
    TABLE_FLAG,
    TABLE_LIST, /* CSV: "; " between the items */
};

/* For programs. A text that is empty, and a time that is CIVIL_TIME_NONE, are null; a number where
 * `absent` is set as well. */
struct table_column {
    slice name;
    enum table_kind kind;
};

struct table_cell {
    slice text;
    const slice *list;
    size_t list_count;
    uint64_t number;
    int64_t time_ns;
    bool flag;
    bool absent;
};

/* For people. */
struct table_heading {
    enum text text;
    bool right;     /* numbers */
    size_t minimum; /* columns that it needs at least */
};

struct table_shape {
    slice name;     /* "logons": type of the JSON document */
    slice row_name; /* "logon": type of each object; absent: none has one */
    const struct table_column *columns;
    size_t column_count;
    const struct table_heading *headings;
    size_t heading_count;
};

/* Columns of a table for people at most, and of the terminal that it uses. */
#define TABLE_HEADINGS_MAX 12U
#define TABLE_COLUMNS_MAX  200U

struct table;

/* `shape` and `options` must outlive it. Not for REPORT_HTML. */
struct table *table_new(struct sink *sink, enum report_format format,
    const struct table_shape *shape, const struct report_options *options);
/* Writes what is left. Call once, always. */
void table_end(struct table *table);
/* Whether it is for people: table_words is wanted, else table_row. */
bool table_is_for_people(const struct table *table);

/* A row for programs: one cell a column. False when nothing more will be written. */
bool table_row(struct table *table, const struct table_cell *cells);

/* A row for people: one text a heading, harmless already (layout_evidence), in one line. `mark` is
 * a LAYOUT_… mark for the first column, or absent. */
void table_words(struct table *table, const slice *words, slice mark);
/* A line of its own above the rows that follow. */
void table_section(struct table *table, slice heading);
/* A line under the rows so far. */
void table_remark(struct table *table, slice text);
/* A paragraph before the table, and one behind it. Whatever the order of the calls. */
void table_before(struct table *table, slice paragraph);
void table_after(struct table *table, slice paragraph);

#endif
