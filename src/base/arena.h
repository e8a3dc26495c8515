/* An arena: memory for a batch (a record, a file, a run), released as a whole.
 *
 * Blocks are kept on reset, so that a per-record arena stops calling malloc after the first
 * records. Memory that cannot be had ends the process (allocation of a few bytes fails only when
 * the machine is lost); sizes that come from outside are checked against a named limit before they
 * reach an arena. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct arena_block;
struct region;

struct arena {
    struct region *region;       /* where blocks come from; NULL: malloc */
    struct arena_block *blocks;  /* all blocks, in the order of their use */
    struct arena_block *current; /* block in use */
    char *at;                    /* next free byte */
    char *end;
    size_t used; /* bytes handed out since the last reset */
};

/* A zeroed struct arena is an empty arena; so is one of which only `region` is set, which is never
 * reset. */
void arena_free(struct arena *arena);
/* Takes everything back; keeps at most a few blocks for the next round. */
void arena_reset(struct arena *arena);

/* `len` bytes, 16-byte aligned, zeroed. Never NULL. */
void *arena_alloc(struct arena *arena, size_t len);
/* The same without zeroing: for what is written before it is read. */
void *arena_room(struct arena *arena, size_t len);
/* Zeroed, for `count` items; overflow ends the process. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);
/* Unaligned bytes that the caller fills; not zeroed. */
char *arena_bytes(struct arena *arena, size_t len);
/* A copy of the bytes. */
slice arena_copy(struct arena *arena, slice bytes);
/* Both with a byte between them. */
slice arena_join(struct arena *arena, slice front, char between, slice back);
/* A terminated copy, for libraries that want one. */
const char *arena_cstr(struct arena *arena, slice bytes);
/* A number in decimal digits. */
slice arena_u64(struct arena *arena, uint64_t value);
/* Gives back the tail of the last arena_bytes allocation: it began at `from` and only `kept` bytes
 * of it are used. */
void arena_shrink(struct arena *arena, const char *from, size_t kept);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc(arena, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array(arena, count, sizeof(type)))

/* Doubles an array held in an arena: returns a pointer to room for at least *capacity*2 (or 8)
 * items with the old ones copied, and updates *capacity. The old room is left to the arena. */
void *arena_grow(struct arena *arena, const void *items, size_t *capacity, size_t size);

#endif
