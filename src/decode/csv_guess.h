/* What columns mean that nobody mapped: told by their names. The names are in doc/formats/csv.md.
 */
#ifndef DECODE_CSV_GUESS_H
#define DECODE_CSV_GUESS_H

#include "decode/csv_record.h"
#include "decode/decode.h"
#include "decode/line.h"

/* What a column is taken for. */
struct csv_guess_column {
    slice field;  /* the ECS field; absent: none */
    uint8_t role; /* private */
};

struct csv_guess {
    struct csv_guess_column columns[CSV_COLUMNS_MAX];
    size_t count;
    size_t date, time; /* columns of a date and a time of day apart, or CSV_COLUMNS_MAX */
    size_t stamp;      /* the column of the time, or CSV_COLUMNS_MAX */
    bool utc;          /* the time's name says so */
    bool alerts;       /* each row is an alert */
};

/* Looks at the header. */
void csv_guess_begin(struct csv_guess *guess, const slice *names, size_t count);
/* Whether the header has a column that holds a time by its name. */
bool csv_guess_has_time(const struct csv_guess *guess);
/* Adds ECS fields to an event with native fields, and its time when it has none. Rows of a product
 * that was recognised (event.module) only get what alerts need. */
void csv_guess_apply(const struct csv_guess *guess, const slice *values, size_t count,
    const struct decode_options *options, struct line_years *years, struct event *event);

#endif
