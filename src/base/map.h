/* A hash map from byte strings to 64-bit values (open addressing, XXH3). Keys are copied into the
 * map's arena. The hash is seeded per process, so that evidence cannot be made to collide; iterate
 * in insertion order only. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

struct map_entry {
    slice key;
    uint64_t hash;
    uint64_t value;
};

struct map {
    struct region *region; /* where memory comes from; NULL: malloc */
    struct arena keys;
    struct map_entry *entries; /* in insertion order */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* 0: free, else entry index + 1 */
    size_t slot_count;
};

/* A zeroed struct map is an empty map; so is one of which only `region` is set. */
void map_free(struct map *map);
/* After the map came out of another process (base/region.h): nothing is found before. */
void map_reseed(struct map *map);
/* NULL when absent. The pointer is valid until the next insertion. */
uint64_t *map_find(const struct map *map, slice key);
/* Finds or inserts with value 0; *inserted (may be NULL) tells which. Valid until the next
 * insertion. */
uint64_t *map_put(struct map *map, slice key, bool *inserted);
/* Index of the key in insertion order, inserting it when new: an interner. */
size_t map_intern(struct map *map, slice key);
/* The hash that maps of this process use, for tables that know keys by their hash only. */
uint64_t map_hash(slice key);

#endif
