/* Small numbers by the hash of a value, such as how often it was seen or where it is kept. Unlike
 * base/map it forgets, and knows values by their hash only: hashes must be seeded (map_hash), so
 * that evidence cannot choose values that are taken for one. */
#ifndef DETECT_VALUE_INDEX_H
#define DETECT_VALUE_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct value_index_slot {
    uint64_t hash;
    uint32_t number; /* 0: free */
};

/* A zeroed one is empty. */
struct value_index {
    struct value_index_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
};

void value_index_free(struct value_index *index);
/* 0 when the value is not there. */
uint32_t value_index_get(const struct value_index *index, uint64_t hash);
/* `number` must not be 0. */
void value_index_set(struct value_index *index, uint64_t hash, uint32_t number);
/* The value must be there. */
void value_index_remove(struct value_index *index, uint64_t hash);
/* Bytes held. */
size_t value_index_memory(const struct value_index *index);

#endif
