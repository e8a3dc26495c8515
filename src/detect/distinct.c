/* See distinct.h. A list through an array, from the value not seen for longest to the one just
 * seen, and an index into it by hash: each match is a few steps, however many values there are.
 * Rejected: counting matches per value, which cannot say which record is the latest one. */
#include "detect/distinct.h"

#include <stdlib.h>

#include "base/assert.h"

#define DISTINCT_FIRST_CAPACITY 4u

void distinct_init(struct distinct *distinct)
{
    *distinct = (struct distinct){
        .oldest = DISTINCT_NONE, .newest = DISTINCT_NONE, .unused = DISTINCT_NONE};
}

void distinct_free(struct distinct *distinct)
{
    for (uint32_t i = distinct->oldest; i != DISTINCT_NONE; i = distinct->values[i].newer)
        match_record_release(distinct->values[i].record);
    value_index_free(&distinct->places);
    free(distinct->values);
    distinct_init(distinct);
}

static void distinct_unlink(struct distinct *distinct, uint32_t at)
{
    const struct distinct_value *value = &distinct->values[at];
    if (value->older != DISTINCT_NONE)
        distinct->values[value->older].newer = value->newer;
    else
        distinct->oldest = value->newer;
    if (value->newer != DISTINCT_NONE)
        distinct->values[value->newer].older = value->older;
    else
        distinct->newest = value->older;
}

static void distinct_link_newest(struct distinct *distinct, uint32_t at)
{
    distinct->values[at].older = distinct->newest;
    distinct->values[at].newer = DISTINCT_NONE;
    if (distinct->newest != DISTINCT_NONE)
        distinct->values[distinct->newest].newer = at;
    else
        distinct->oldest = at;
    distinct->newest = at;
}

static void distinct_grow(struct distinct *distinct)
{
    uint32_t capacity = distinct->capacity == 0 ? DISTINCT_FIRST_CAPACITY : distinct->capacity * 2;
    ASSERT(capacity > distinct->capacity && capacity < DISTINCT_NONE);
    struct distinct_value *grown = realloc(distinct->values, capacity * sizeof(*grown));
    ASSERT(grown != NULL);
    for (uint32_t i = distinct->capacity; i < capacity; i++) {
        grown[i].newer = distinct->unused;
        distinct->unused = i;
    }
    distinct->values = grown;
    distinct->capacity = capacity;
}

static uint32_t distinct_take_unused(struct distinct *distinct)
{
    if (distinct->unused == DISTINCT_NONE)
        distinct_grow(distinct);
    uint32_t at = distinct->unused;
    distinct->unused = distinct->values[at].newer;
    return at;
}

void distinct_see(
    struct distinct *distinct, uint64_t hash, int64_t time_ns, struct match_record *record)
{
    uint32_t known = value_index_get(&distinct->places, hash);
    uint32_t at = known - 1;
    if (known != 0) {
        distinct_unlink(distinct, at);
        match_record_release(distinct->values[at].record);
    } else {
        at = distinct_take_unused(distinct);
        value_index_set(&distinct->places, hash, at + 1);
        distinct->count++;
    }
    distinct->values[at].hash = hash;
    distinct->values[at].time_ns = time_ns;
    distinct->values[at].record = match_record_hold(record);
    distinct_link_newest(distinct, at);
}

void distinct_drop_oldest(struct distinct *distinct)
{
    ASSERT(distinct->count > 0);
    uint32_t at = distinct->oldest;
    distinct_unlink(distinct, at);
    value_index_remove(&distinct->places, distinct->values[at].hash);
    match_record_release(distinct->values[at].record);
    distinct->values[at].newer = distinct->unused;
    distinct->unused = at;
    distinct->count--;
}

void distinct_expire(struct distinct *distinct, int64_t since_ns)
{
    while (distinct->count > 0 && distinct->values[distinct->oldest].time_ns < since_ns)
        distinct_drop_oldest(distinct);
}

size_t distinct_memory(const struct distinct *distinct)
{
    return value_index_memory(&distinct->places) + distinct->capacity * sizeof(*distinct->values);
}
