/* The records of a CSV object (RFC 4180): values parted by a separator, in quotes where they hold
 * it, a quote (doubled) or a line end. Read leniently: quotes count only where a value begins, and
 * what follows a closing quote is kept. */
#ifndef DECODE_CSV_RECORD_H
#define DECODE_CSV_RECORD_H

#include "base/arena.h"
#include "base/result.h"
#include "wire/stream.h"

/* Bytes of a record, line ends inside included. */
#define CSV_RECORD_MAX ((size_t)1 << 20)
/* Values of a record; further ones are not kept, and make it too long. */
#define CSV_COLUMNS_MAX 1024

struct csv_record {
    slice text;   /* without its line end */
    size_t taken; /* bytes with it */
    slice values[CSV_COLUMNS_MAX];
    size_t count;
    bool several_lines;
    bool complete; /* false: the text ends in quotes, is longer than allowed, or has too many values
                    */
};

/* Parses the record at the front of the bytes. `last` tells that nothing follows them. Values are
 * slices of them or in the arena. An incomplete record may become complete with more bytes. */
void csv_record_parse(
    struct csv_record *record, struct arena *arena, slice bytes, char separator, bool last);

/* The record at hand, not yet taken; RESULT_END at the end of the stream. Its bytes live until the
 * next call on the stream. An incomplete one cannot be completed. */
MUST_USE enum result csv_record_peek(struct csv_record *record, struct arena *arena,
    struct stream *stream, char separator, struct error *err);
/* Takes the first line of what is at hand, however long it is. */
MUST_USE enum result csv_record_drop_line(struct stream *stream, struct error *err);

#endif
