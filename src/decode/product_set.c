/* See product_set.h. Two levels of bits: members, and which words of members there are. */
#include "decode/product_set.h"

#include "base/base.h"

void product_set_init(struct product_set *set, struct arena *arena, size_t size)
{
    set->used_count = size / 4096 + 1;
    set->words = ARENA_ARRAY(arena, uint64_t, set->used_count * 64);
    set->used = ARENA_ARRAY(arena, uint64_t, set->used_count);
}

void product_set_clear(struct product_set *set)
{
    for (size_t i = 0; i < set->used_count; i++) {
        for (uint64_t left = set->used[i]; left != 0; left &= left - 1)
            set->words[i * 64 + (size_t)__builtin_ctzll(left)] = 0;
        set->used[i] = 0;
    }
}

size_t product_set_next_word(const struct product_set *set, size_t word)
{
    for (size_t i = word / 64; i < set->used_count; i++) {
        uint64_t used = set->used[i];
        if (i == word / 64)
            used &= ~UINT64_C(0) << (word % 64);
        for (; used != 0; used &= used - 1) {
            size_t next = i * 64 + (size_t)__builtin_ctzll(used);
            /* What was taken out leaves its word marked. */
            if (set->words[next] != 0)
                return next * 64 + (size_t)__builtin_ctzll(set->words[next]);
        }
    }
    return PRODUCT_SET_END;
}
