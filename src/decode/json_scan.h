/* Where a JSON value in a stream ends: a scanner that is fed bytes as they come and remembers
 * nothing but its nesting. It follows the grammar, so that a record that was cut off is noticed at
 * the first byte that cannot belong to it and the records after it are not swallowed; it does not
 * look into scalars (json_flatten does). */
#ifndef DECODE_JSON_SCAN_H
#define DECODE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "wire/json.h"

enum json_scan_status {
    JSON_SCAN_MORE,   /* the value goes on */
    JSON_SCAN_DONE,   /* it is complete */
    JSON_SCAN_BROKEN, /* the byte at hand cannot belong to it */
};

enum json_scan_expect {
    JSON_SCAN_VALUE,
    JSON_SCAN_VALUE_OR_END,
    JSON_SCAN_KEY,
    JSON_SCAN_KEY_OR_END,
    JSON_SCAN_COLON,
    JSON_SCAN_COMMA_OR_END,
};

struct json_scan {
    enum json_scan_expect expect;
    bool in_string;
    bool in_scalar;
    bool after_backslash;
    bool loose;   /* only brackets and strings count, to the end of the line: behind a mistake */
    size_t depth; /* containers open */
    char closers[JSON_DEPTH_MAX]; /* past this many only brackets and strings count */
};

/* A scanner for one value, its first byte next. */
struct json_scan json_scan_begin(void);
/* A scanner behind a value inside `depth` objects: it ends with the last of them. */
struct json_scan json_scan_inside(size_t depth);
/* Takes bytes up to the end of the value, of the bytes, or to the mistake; *taken tells how many. A
 * scalar ends before the byte after it, which is not taken. */
enum json_scan_status json_scan_feed(struct json_scan *scan, slice bytes, size_t *taken);

#endif
