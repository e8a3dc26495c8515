/* See map.h. */
#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <xxhash.h>

#include "base/assert.h"
#include "base/checked.h"
#include "base/region.h"

#define MAP_FIRST_SLOTS 16

static uint64_t map_seed(void)
{
    static uint64_t seed;
    /* Without kernel randomness the address of a stack variable has to do: collisions cost time,
     * not correctness. */
    if (seed == 0 && getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
        seed = (uint64_t)(uintptr_t)&seed;
    return seed |= 1;
}

uint64_t map_hash(slice key)
{
    return XXH3_64bits_withSeed(key.len == 0 ? "" : key.at, key.len, map_seed());
}

void map_free(struct map *map)
{
    if (map == NULL)
        return;
    arena_free(&map->keys);
    if (map->region == NULL) {
        free(map->entries);
        free(map->slots);
    }
    *map = (struct map){.region = map->region};
}

/* The slot of the key, or the free slot where it would go. */
static size_t map_slot(const struct map *map, slice key, uint64_t hash)
{
    size_t mask = map->slot_count - 1;
    size_t at = (size_t)hash & mask;
    while (map->slots[at] != 0) {
        const struct map_entry *entry = &map->entries[map->slots[at] - 1];
        if (entry->hash == hash && slice_equal(entry->key, key))
            break;
        at = (at + 1) & mask;
    }
    return at;
}

uint64_t *map_find(const struct map *map, slice key)
{
    if (map->count == 0)
        return NULL;
    uint32_t index = map->slots[map_slot(map, key, map_hash(key))];
    return index == 0 ? NULL : &map->entries[index - 1].value;
}

/* Room for `count` items, the `kept` first of which are those at `memory`. */
static void *map_grown(const struct map *map, void *memory, size_t kept, size_t count, size_t size)
{
    size_t total;
    void *grown = NULL;
    if (!checked_mul(count, size, &total))
        total = SIZE_MAX;
    if (map->region == NULL) {
        grown = realloc(memory, total);
    } else {
        grown = region_alloc(map->region, total);
        if (kept > 0)
            memcpy(grown, memory, kept * size);
    }
    if (grown == NULL) {
        fputs("hikeshi: out of memory\n", stderr);
        abort();
    }
    return grown;
}

/* Puts all entries into the slots anew. */
static void map_fill(struct map *map)
{
    memset(map->slots, 0, map->slot_count * sizeof(*map->slots));
    for (size_t i = 0; i < map->count; i++) {
        size_t at = map_slot(map, map->entries[i].key, map->entries[i].hash);
        map->slots[at] = (uint32_t)(i + 1);
    }
}

static void map_rehash(struct map *map)
{
    map->slot_count = map->slot_count == 0 ? MAP_FIRST_SLOTS : map->slot_count * 2;
    map->slots = map_grown(map, map->slots, 0, map->slot_count, sizeof(*map->slots));
    map_fill(map);
}

void map_reseed(struct map *map)
{
    if (map->count == 0)
        return;
    for (size_t i = 0; i < map->count; i++)
        map->entries[i].hash = map_hash(map->entries[i].key);
    map_fill(map);
}

static struct map_entry *map_entry_put(struct map *map, slice key, bool *inserted)
{
    if (map->count * 2 >= map->slot_count)
        map_rehash(map);
    uint64_t hash = map_hash(key);
    size_t at = map_slot(map, key, hash);
    bool is_new = map->slots[at] == 0;
    if (inserted != NULL)
        *inserted = is_new;
    if (!is_new)
        return &map->entries[map->slots[at] - 1];
    if (map->count == map->capacity) {
        ASSERT(map->count < UINT32_MAX / 2);
        map->capacity = size_max(MAP_FIRST_SLOTS, map->capacity * 2);
        map->entries =
            map_grown(map, map->entries, map->count, map->capacity, sizeof(*map->entries));
    }
    map->keys.region = map->region;
    struct map_entry *entry = &map->entries[map->count++];
    *entry = (struct map_entry){.key = arena_copy(&map->keys, key), .hash = hash};
    map->slots[at] = (uint32_t)map->count;
    return entry;
}

uint64_t *map_put(struct map *map, slice key, bool *inserted)
{
    return &map_entry_put(map, key, inserted)->value;
}

size_t map_intern(struct map *map, slice key)
{
    return (size_t)(map_entry_put(map, key, NULL) - map->entries);
}
