/* The key of a record that a match came from, shared by all places that remember the match. */
#ifndef DETECT_MATCH_RECORD_H
#define DETECT_MATCH_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct match_record {
    size_t *total; /* bytes of all records */
    uint32_t references;
    uint32_t len;
    char bytes[];
};

/* The bytes are copied, and counted in *total as long as the record is there; one reference is held
 * by the caller. */
struct match_record *match_record_new(slice bytes, size_t *total);
struct match_record *match_record_hold(struct match_record *record);
void match_record_release(struct match_record *record);

static inline slice match_record_key(const struct match_record *record)
{
    return slice_make(record->bytes, record->len);
}

#endif
