/* See arena.h. */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/checked.h"
#include "base/region.h"

#define ARENA_ALIGN      16
#define ARENA_BLOCK_SIZE ((size_t)32 * 1024)
/* Blocks of ordinary size kept by a reset; larger ones are always released, so that one huge record
 * does not stay. */
#define ARENA_BLOCKS_KEPT 8

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(ARENA_ALIGN) char bytes[];
};

static void arena_out_of_memory(void)
{
    fputs("hikeshi: out of memory\n", stderr);
    abort();
}

static void arena_use(struct arena *arena, struct arena_block *block)
{
    arena->current = block;
    arena->at = block->bytes;
    arena->end = block->bytes + block->size;
}

/* Makes at least `len` bytes available at arena->at: the next kept block when it is large enough,
 * or a new one put right after the current one. */
static void arena_more(struct arena *arena, size_t len)
{
    struct arena_block *next = arena->current != NULL ? arena->current->next : NULL;
    size_t size = size_max(len, ARENA_BLOCK_SIZE);
    size_t total;
    if (next != NULL && next->size >= len) {
        arena_use(arena, next);
        return;
    }
    if (!checked_add(size, sizeof(struct arena_block), &total))
        arena_out_of_memory();
    struct arena_block *block =
        arena->region != NULL ? region_alloc(arena->region, total) : malloc(total);
    if (block == NULL)
        arena_out_of_memory();
    block->size = size;
    block->next = next;
    if (arena->current != NULL)
        arena->current->next = block;
    else
        arena->blocks = block;
    arena_use(arena, block);
}

char *arena_bytes(struct arena *arena, size_t len)
{
    if ((size_t)(arena->end - arena->at) < len || arena->at == NULL)
        arena_more(arena, len);
    char *bytes = arena->at;
    arena->at += len;
    arena->used += len;
    return bytes;
}

slice arena_join(struct arena *arena, slice front, char between, slice back)
{
    size_t len = front.len + 1 + back.len;
    char *joined = arena_bytes(arena, len);
    if (front.len > 0)
        memcpy(joined, front.at, front.len);
    joined[front.len] = between;
    if (back.len > 0)
        memcpy(joined + front.len + 1, back.at, back.len);
    return slice_make(joined, len);
}

slice arena_u64(struct arena *arena, uint64_t value)
{
    enum { DIGITS_MAX = 20 };
    struct buf digits;
    char *memory = arena_bytes(arena, DIGITS_MAX);
    buf_init_fixed(&digits, memory, DIGITS_MAX);
    buf_append_u64(&digits, value);
    arena_shrink(arena, memory, digits.len);
    return buf_slice(&digits);
}

void arena_shrink(struct arena *arena, const char *from, size_t kept)
{
    ASSERT(arena->current != NULL && from >= arena->current->bytes && from + kept <= arena->at);
    size_t given_back = (size_t)(arena->at - from) - kept;
    arena->at -= given_back;
    arena->used -= given_back;
}

void *arena_room(struct arena *arena, size_t len)
{
    size_t padded;
    if (!checked_add(len, ARENA_ALIGN, &padded))
        arena_out_of_memory();
    char *bytes = arena_bytes(arena, padded);
    return bytes + (ARENA_ALIGN - (uintptr_t)bytes % ARENA_ALIGN) % ARENA_ALIGN;
}

void *arena_alloc(struct arena *arena, size_t len)
{
    return memset(arena_room(arena, len), 0, len);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    if (!checked_mul(count, size, &total))
        arena_out_of_memory();
    return arena_alloc(arena, total);
}

slice arena_copy(struct arena *arena, slice bytes)
{
    char *copy = arena_bytes(arena, bytes.len);
    if (bytes.len > 0)
        memcpy(copy, bytes.at, bytes.len);
    return slice_make(copy, bytes.len);
}

const char *arena_cstr(struct arena *arena, slice bytes)
{
    char *copy = arena_bytes(arena, bytes.len + 1);
    if (bytes.len > 0)
        memcpy(copy, bytes.at, bytes.len);
    copy[bytes.len] = '\0';
    return copy;
}

void *arena_grow(struct arena *arena, const void *items, size_t *capacity, size_t size)
{
    size_t grown;
    if (!checked_mul(size_max(*capacity, 4), 2, &grown))
        arena_out_of_memory();
    void *room = arena_alloc_array(arena, grown, size);
    if (*capacity > 0)
        memcpy(room, items, *capacity * size);
    *capacity = grown;
    return room;
}

void arena_reset(struct arena *arena)
{
    size_t kept = 0;
    ASSERT(arena->region == NULL);
    struct arena_block **link = &arena->blocks;
    while (*link != NULL) {
        struct arena_block *block = *link;
        if (block->size == ARENA_BLOCK_SIZE && kept < ARENA_BLOCKS_KEPT) {
            kept++;
            link = &block->next;
        } else {
            *link = block->next;
            free(block);
        }
    }
    arena->used = 0;
    arena->current = NULL;
    arena->at = NULL;
    arena->end = NULL;
    if (arena->blocks != NULL)
        arena_use(arena, arena->blocks);
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    struct arena_block *block = arena->region != NULL ? NULL : arena->blocks;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena){.region = arena->region};
}
