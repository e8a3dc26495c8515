/* See ranks.h. Two heaps that meet at the rank, in one array; each number knows where it stands, so
 * that the oldest can be taken out of the middle. Adding and dropping take a logarithm of the
 * window's length, reading nothing. Rejected: a sorted array, which moves half of itself for every
 * match; and sketches of quantiles, which are smaller but not exact. */
#include "detect/ranks.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define RANKS_FIRST_CAPACITY 4u

/* One of the two heaps: its item 0 is at `base`, item i at base + i * step. */
struct ranks_heap {
    struct ranks *ranks;
    bool front;
    uint32_t count;
};

static struct ranks_heap ranks_heap(struct ranks *ranks, bool front)
{
    return (struct ranks_heap){
        .ranks = ranks, .front = front, .count = front ? ranks->low : ranks->count - ranks->low};
}

static uint32_t ranks_place(const struct ranks_heap *heap, uint32_t item)
{
    return heap->front ? item : heap->ranks->capacity - 1 - item;
}

static struct ranks_number *ranks_at(const struct ranks_heap *heap, uint32_t item)
{
    return &heap->ranks->numbers[ranks_place(heap, item)];
}

/* Whether `number` belongs nearer to the top than `other`. */
static bool ranks_above(const struct ranks_heap *heap, double number, double other)
{
    return heap->front ? number > other : number < other;
}

static void ranks_put(const struct ranks_heap *heap, uint32_t item, struct ranks_number number)
{
    uint32_t place = ranks_place(heap, item);
    heap->ranks->numbers[place] = number;
    heap->ranks->places[number.slot] = place;
}

/* Puts the number where item `hole` was, or above it. */
static void ranks_rise(const struct ranks_heap *heap, uint32_t hole, struct ranks_number number)
{
    while (hole > 0) {
        uint32_t parent = (hole - 1) / 2;
        struct ranks_number above = *ranks_at(heap, parent);
        if (!ranks_above(heap, number.number, above.number))
            break;
        ranks_put(heap, hole, above);
        hole = parent;
    }
    ranks_put(heap, hole, number);
}

/* The same, or below it. */
static void ranks_sink(const struct ranks_heap *heap, uint32_t hole, struct ranks_number number)
{
    for (;;) {
        uint32_t child = hole * 2 + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count &&
            ranks_above(heap, ranks_at(heap, child + 1)->number, ranks_at(heap, child)->number))
            child++;
        struct ranks_number below = *ranks_at(heap, child);
        if (!ranks_above(heap, below.number, number.number))
            break;
        ranks_put(heap, hole, below);
        hole = child;
    }
    ranks_put(heap, hole, number);
}

/* Adds to a heap; the caller has counted the number already in `count` or `low`. */
static void ranks_insert(struct ranks *ranks, bool front, struct ranks_number number)
{
    struct ranks_heap heap = ranks_heap(ranks, front);
    ranks_rise(&heap, heap.count - 1, number);
}

/* Takes item `hole` out; the caller counts. */
static struct ranks_number ranks_remove(struct ranks *ranks, bool front, uint32_t hole)
{
    struct ranks_heap heap = ranks_heap(ranks, front);
    struct ranks_number removed = *ranks_at(&heap, hole);
    struct ranks_number last = *ranks_at(&heap, --heap.count);
    if (hole == heap.count)
        return removed;
    if (hole > 0 && ranks_above(&heap, last.number, ranks_at(&heap, (hole - 1) / 2)->number))
        ranks_rise(&heap, hole, last);
    else
        ranks_sink(&heap, hole, last);
    return removed;
}

/* Numbers up to the rank: one more than the lower of the two that it lies between. */
static uint32_t ranks_wanted(const struct ranks *ranks)
{
    if (ranks->count == 0)
        return 0;
    return (uint32_t)((double)(ranks->count - 1) * ranks->percentile / 100) + 1;
}

static void ranks_balance(struct ranks *ranks)
{
    uint32_t wanted = ranks_wanted(ranks);
    while (ranks->low > wanted) {
        struct ranks_number moved = ranks_remove(ranks, true, 0);
        ranks->low--;
        ranks_insert(ranks, false, moved);
    }
    while (ranks->low < wanted) {
        struct ranks_number moved = ranks_remove(ranks, false, 0);
        ranks->low++;
        ranks_insert(ranks, true, moved);
    }
}

/* Doubles the array: the back heap moves to the new end, and the ring is unrolled. */
static void ranks_grow(struct ranks *ranks)
{
    uint32_t capacity = ranks->capacity == 0 ? RANKS_FIRST_CAPACITY : ranks->capacity * 2;
    uint32_t more = capacity - ranks->capacity;
    ASSERT(capacity > ranks->capacity);
    struct ranks_number *numbers = realloc(ranks->numbers, capacity * sizeof(*numbers));
    uint32_t *places = calloc(capacity, sizeof(*places));
    ASSERT(numbers != NULL && places != NULL);
    memmove(&numbers[ranks->low + more], &numbers[ranks->low],
        (ranks->capacity - ranks->low) * sizeof(*numbers));
    for (uint32_t i = 0; i < ranks->count; i++) {
        uint32_t place = ranks->places[(ranks->oldest + i) & (ranks->capacity - 1)];
        places[i] = place < ranks->low ? place : place + more;
        numbers[places[i]].slot = i;
    }
    free(ranks->places);
    ranks->numbers = numbers;
    ranks->places = places;
    ranks->capacity = capacity;
    ranks->oldest = 0;
}

void ranks_free(struct ranks *ranks)
{
    free(ranks->numbers);
    free(ranks->places);
    *ranks = (struct ranks){.percentile = ranks->percentile};
}

void ranks_add(struct ranks *ranks, double number)
{
    if (ranks->count == ranks->capacity)
        ranks_grow(ranks);
    struct ranks_number added = {
        .number = number, .slot = (ranks->oldest + ranks->count) & (ranks->capacity - 1)};
    bool front = ranks->low > 0 && number <= ranks->numbers[0].number;
    ranks->count++;
    ranks->low += front;
    ranks_insert(ranks, front, added);
    ranks_balance(ranks);
}

void ranks_drop_oldest(struct ranks *ranks)
{
    ASSERT(ranks->count > 0);
    uint32_t place = ranks->places[ranks->oldest];
    bool front = place < ranks->low;
    (void)ranks_remove(ranks, front, front ? place : ranks->capacity - 1 - place);
    ranks->low -= front;
    ranks->count--;
    ranks->oldest = (ranks->oldest + 1) & (ranks->capacity - 1);
    ranks_balance(ranks);
}

double ranks_value(const struct ranks *ranks)
{
    ASSERT(ranks->count > 0);
    double rank = (double)(ranks->count - 1) * ranks->percentile / 100;
    double share = rank - (double)(uint32_t)rank;
    double low = ranks->numbers[0].number;
    if (ranks->low == ranks->count)
        return low;
    double high = ranks->numbers[ranks->capacity - 1].number;
    return low + (high - low) * share;
}

size_t ranks_memory(const struct ranks *ranks)
{
    return ranks->capacity * (sizeof(*ranks->numbers) + sizeof(*ranks->places));
}
