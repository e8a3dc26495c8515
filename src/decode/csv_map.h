/* --map: what the columns of a CSV file, or the paths of JSON records, mean. A mapping is a
 * definition as in decoders/ (doc/decoders.md), and says beside that how the file is laid out,
 * which column is the time, and whether its rows are another product's alerts. The language is in
 * doc/mapping.md. */
#ifndef DECODE_CSV_MAP_H
#define DECODE_CSV_MAP_H

#include "decode/decode.h"
#include "decode/line.h"

/* The field that tells that an event was mapped. */
#define CSV_MAP_MARK S("hikeshi.map")

/* Reads a mapping; `path` is for messages and its file name for the mark. A mistake is refused with
 * line, column and reason. Call in the parent, before evidence is opened. */
MUST_USE enum result csv_map_new(slice path, slice yaml, struct csv_map **map, struct error *err);
/* NULL is fine. */
void csv_map_free(struct csv_map *map);

/* Whether it applies to a format ("csv", "json"); NULL applies to none. */
bool csv_map_is_for(const struct csv_map *map, slice format);
/* It names the format itself, so that files which nothing recognises are of it. */
bool csv_map_says(const struct csv_map *map, slice format);
/* The separator that it gives, or 0. */
char csv_map_separator(const struct csv_map *map);
/* The names of columns that it gives to files without a header; `*count` is 0 when it does not. */
const slice *csv_map_header(const struct csv_map *map, size_t *count);

/* Adds what the mapping says to an event that has its native fields; sets its time where the
 * mapping says how. */
void csv_map_apply(const struct csv_map *map, const struct decode_options *options,
    struct line_years *years, struct event *event);

#endif
