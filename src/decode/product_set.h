/* A set of small numbers that is emptied and filled for every event: the definitions, groups and
 * entries of `map` that concern it. Going through it costs by its members and one step for every
 * 4096 numbers that there are. */
#ifndef DECODE_PRODUCT_SET_H
#define DECODE_PRODUCT_SET_H

#include "base/arena.h"

#define PRODUCT_SET_END SIZE_MAX

struct product_set {
    uint64_t *words;
    uint64_t *used; /* words that are not 0, as bits */
    size_t used_count;
};

/* For numbers below `size`; empty. */
void product_set_init(struct product_set *set, struct arena *arena, size_t size);
void product_set_clear(struct product_set *set);
/* The least member in the words of 64 from number `word` on, or PRODUCT_SET_END. */
size_t product_set_next_word(const struct product_set *set, size_t word);

/* The least member from `from` on, or PRODUCT_SET_END; `from` is not above the set's size. */
static inline size_t product_set_next(const struct product_set *set, size_t from)
{
    size_t word = from / 64;
    uint64_t left = set->words[word] & ~UINT64_C(0) << (from % 64);
    if (left != 0)
        return word * 64 + (size_t)__builtin_ctzll(left);
    /* Nearly always there are few numbers, and no more members. */
    if (set->used_count == 1 && set->used[0] >> word <= 1)
        return PRODUCT_SET_END;
    return product_set_next_word(set, word + 1);
}

static inline void product_set_add(struct product_set *set, size_t number)
{
    set->words[number / 64] |= UINT64_C(1) << (number % 64);
    set->used[number / 4096] |= UINT64_C(1) << (number / 64 % 64);
}

static inline void product_set_remove(struct product_set *set, size_t number)
{
    set->words[number / 64] &= ~(UINT64_C(1) << (number % 64));
}

static inline bool product_set_has(const struct product_set *set, size_t number)
{
    return (set->words[number / 64] >> (number % 64) & 1) != 0;
}

#endif
