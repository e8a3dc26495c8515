/* See match_record.h. Counted references, because windows of many correlations and groups drop the
 * same match at different times. */
#include "detect/match_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct match_record *match_record_new(slice bytes, size_t *total)
{
    struct match_record *record = malloc(sizeof(*record) + bytes.len);
    ASSERT(record != NULL && bytes.len <= UINT32_MAX);
    record->total = total;
    record->references = 1;
    record->len = (uint32_t)bytes.len;
    if (bytes.len > 0)
        memcpy(record->bytes, bytes.at, bytes.len);
    *total += sizeof(*record) + bytes.len;
    return record;
}

struct match_record *match_record_hold(struct match_record *record)
{
    ASSERT(record->references > 0 && record->references < UINT32_MAX);
    record->references++;
    return record;
}

void match_record_release(struct match_record *record)
{
    ASSERT(record->references > 0);
    if (--record->references > 0)
        return;
    *record->total -= sizeof(*record) + record->len;
    free(record);
}
