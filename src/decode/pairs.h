/* key=value pairs as products write them, parted by white space, ',' or ';'. */
#ifndef DECODE_PAIRS_H
#define DECODE_PAIRS_H

#include <stdbool.h>

#include "base/slice.h"

struct pair {
    slice key;   /* letters, digits, '_', '-', '.' */
    slice value; /* without its quotes; escapes are still there */
    bool quoted;
    bool escaped; /* there is a backslash inside the quotes */
};

/* Cuts the next pair off `*rest`, leaving out words that are none. A value is "…" or '…' with
 * backslash escapes, or goes up to white space; a ',' or ';' ends it where the text or white space
 * or another pair comes after. A quote that is not closed is a byte like others. False when there
 * are no more. */
bool pairs_next(slice *rest, struct pair *pair);

/* The same for products that part and assign otherwise ("action:Accept; src:10.0.0.1"): a pair ends
 * at `between`, its key at the first `assign`; both are trimmed, and may hold white space. What
 * stands between two `between` without an `assign` is left out. */
bool pairs_next_between(slice *rest, slice assign, slice between, struct pair *pair);

#endif
