/* See value_index.h. Open addressing with linear probing; a removal moves back what was pushed past
 * the hole, so that there are no marks of what was removed, and a window that slides for ever stays
 * as fast as it began. */
#include "detect/value_index.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/checked.h"

#define VALUE_INDEX_FIRST_SLOTS 8

void value_index_free(struct value_index *index)
{
    free(index->slots);
    *index = (struct value_index){0};
}

/* The slot of the hash, or the free slot where it would go. */
static size_t value_index_slot_of(const struct value_index *index, uint64_t hash)
{
    size_t mask = index->slot_count - 1;
    size_t at = (size_t)hash & mask;
    while (index->slots[at].number != 0 && index->slots[at].hash != hash)
        at = (at + 1) & mask;
    return at;
}

uint32_t value_index_get(const struct value_index *index, uint64_t hash)
{
    return index->count == 0 ? 0 : index->slots[value_index_slot_of(index, hash)].number;
}

static void value_index_grow(struct value_index *index)
{
    struct value_index old = *index;
    index->slot_count = size_max(VALUE_INDEX_FIRST_SLOTS, old.slot_count * 2);
    index->slots = calloc(index->slot_count, sizeof(*index->slots));
    ASSERT(index->slots != NULL);
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].number != 0)
            index->slots[value_index_slot_of(index, old.slots[i].hash)] = old.slots[i];
    free(old.slots);
}

void value_index_set(struct value_index *index, uint64_t hash, uint32_t number)
{
    ASSERT(number != 0);
    if (index->count * 4 >= index->slot_count * 3)
        value_index_grow(index);
    struct value_index_slot *slot = &index->slots[value_index_slot_of(index, hash)];
    index->count += slot->number == 0;
    *slot = (struct value_index_slot){.hash = hash, .number = number};
}

void value_index_remove(struct value_index *index, uint64_t hash)
{
    ASSERT(index->count > 0);
    size_t mask = index->slot_count - 1;
    size_t hole = value_index_slot_of(index, hash);
    ASSERT(index->slots[hole].number != 0);
    for (size_t at = (hole + 1) & mask; index->slots[at].number != 0; at = (at + 1) & mask) {
        size_t home = (size_t)index->slots[at].hash & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue; /* it would come to stand before its place */
        index->slots[hole] = index->slots[at];
        hole = at;
    }
    index->slots[hole].number = 0;
    index->count--;
}

size_t value_index_memory(const struct value_index *index)
{
    return index->slot_count * sizeof(*index->slots);
}
