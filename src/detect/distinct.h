/* The distinct values of a window (value_count): of each value its latest match, in the order of
 * time. */
#ifndef DETECT_DISTINCT_H
#define DETECT_DISTINCT_H

#include "detect/match_record.h"
#include "detect/value_index.h"

#define DISTINCT_NONE UINT32_MAX

struct distinct_value {
    int64_t time_ns;
    uint64_t hash;
    struct match_record *record;
    uint32_t older, newer; /* DISTINCT_NONE at the ends; `newer` also links what is free */
};

struct distinct {
    struct value_index places; /* hash → index + 1 */
    struct distinct_value *values;
    uint32_t capacity;
    uint32_t oldest, newest, unused; /* indexes or DISTINCT_NONE */
    uint32_t count;
};

void distinct_init(struct distinct *distinct);
/* Gives back its records. */
void distinct_free(struct distinct *distinct);
/* The value was seen again, or for the first time: it is the newest now. Holds the record. */
void distinct_see(
    struct distinct *distinct, uint64_t hash, int64_t time_ns, struct match_record *record);
/* Drops the values that were not seen since then. */
void distinct_expire(struct distinct *distinct, int64_t since_ns);
/* There must be one. */
void distinct_drop_oldest(struct distinct *distinct);
/* Bytes held, without records. */
size_t distinct_memory(const struct distinct *distinct);

#endif
