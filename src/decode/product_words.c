/* See product_words.h. An open hash whose slots hold the first and the last eight bytes of their
 * string: most strings are told apart, and short ones found, without another look at memory.
 * Rejected: base/map.h, whose seeded hash keeps evidence from making its keys collide, which costs
 * three times as much; here all keys come from definitions, so that what an event asks for can only
 * ever walk a chain that they made. */
#include "decode/product_words.h"

#include <string.h>

#include "base/base.h"

#define WORDS_FIRST_SLOTS 64

/* A string as it is compared first. */
struct words_key {
    uint64_t front, back;
    uint64_t tag; /* space and length */
};

struct words_slot {
    struct words_key key;
    uint32_t number; /* + 1; 0: free, of which PRODUCT_WORD_NONE comes */
};

static uint64_t words_load(const char *at, size_t len)
{
    uint64_t word = 0;
    memcpy(&word, at, len);
    return word;
}

/* ASCII capitals of eight bytes to small letters. */
static uint64_t words_lower(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t seven = word & (0x7f * ones);
    uint64_t from_a = seven + (0x80 - 'A') * ones;
    uint64_t past_z = seven + (0x80 - 'Z' - 1) * ones;
    uint64_t capital = from_a & ~past_z & ~word & (0x80 * ones);
    return word | capital >> 2;
}

/* All bytes of strings up to 16, of others the first and the last eight. */
static inline struct words_key words_key_make(uint32_t space, slice text, bool fold)
{
    struct words_key key = {0, 0, (uint64_t)space << 32 | text.len};
    if (text.len >= 8) {
        key.front = words_load(text.at, 8);
        key.back = words_load(text.at + text.len - 8, 8);
    } else if (text.len >= 4) {
        key.front = words_load(text.at, 4) | words_load(text.at + text.len - 4, 4) << 32;
    } else if (text.len > 0) {
        key.front = (uint64_t)(unsigned char)text.at[0] |
                    (uint64_t)(unsigned char)text.at[text.len / 2] << 8 |
                    (uint64_t)(unsigned char)text.at[text.len - 1] << 16;
    }
    if (fold) {
        key.front = words_lower(key.front);
        key.back = words_lower(key.back);
    }
    return key;
}

static inline size_t words_hash(struct words_key key)
{
    uint64_t mixed = (key.front ^ key.tag) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 32 ^ key.back) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)(mixed >> 32);
}

/* The bytes of long strings that their keys do not hold. */
static bool words_is_long(slice whole, slice text, bool fold)
{
    if (fold)
        return slice_equal_nocase(whole, text);
    for (size_t at = 8; at + 8 < text.len; at += 8)
        if (words_load(whole.at + at, 8) != words_load(text.at + at, 8))
            return false;
    return true;
}

static inline bool words_slot_is(const struct product_words *words, const struct words_slot *slot,
    struct words_key key, slice text)
{
    if (slot->key.front != key.front || slot->key.back != key.back || slot->key.tag != key.tag)
        return false;
    return text.len <= 16 || words_is_long(words->texts[slot->number - 1], text, words->fold);
}

/* The slot of the string, or the free slot where it would go. */
static inline struct words_slot *words_slot_find(
    const struct product_words *words, struct words_key key, slice text)
{
    size_t mask = words->slot_count - 1;
    size_t at = words_hash(key) & mask;
    while (words->slots[at].number != 0 && !words_slot_is(words, &words->slots[at], key, text))
        at = (at + 1) & mask;
    return &words->slots[at];
}

static void words_grow(struct product_words *words, struct arena *arena)
{
    struct words_slot *old = words->slots;
    size_t old_count = words->slot_count;
    words->slot_count = old_count == 0 ? WORDS_FIRST_SLOTS : old_count * 2;
    words->slots = ARENA_ARRAY(arena, struct words_slot, words->slot_count);
    for (size_t i = 0; i < old_count; i++)
        if (old[i].number != 0)
            *words_slot_find(words, old[i].key, words->texts[old[i].number - 1]) = old[i];
}

uint32_t product_words_put(
    struct product_words *words, struct arena *arena, uint32_t space, slice text)
{
    ASSERT(text.len < UINT32_MAX && words->count < UINT32_MAX - 1);
    if (words->count * 2 >= words->slot_count)
        words_grow(words, arena);
    struct words_key key = words_key_make(space, text, words->fold);
    struct words_slot *slot = words_slot_find(words, key, text);
    if (slot->number != 0)
        return slot->number - 1;
    if (words->count == words->capacity)
        words->texts = arena_grow(arena, words->texts, &words->capacity, sizeof(slice));
    words->texts[words->count++] = arena_copy(arena, text);
    *slot = (struct words_slot){key, (uint32_t)words->count};
    return (uint32_t)words->count - 1;
}

uint32_t product_words_find(const struct product_words *words, uint32_t space, slice text)
{
    if (words->count == 0 || text.len >= UINT32_MAX)
        return PRODUCT_WORD_NONE;
    struct words_key key =
        words->fold ? words_key_make(space, text, true) : words_key_make(space, text, false);
    return words_slot_find(words, key, text)->number - 1;
}
