/* A set of byte strings that is built once, from definitions, and then asked for every field of
 * every event: each string has a number, from 0 in the order of coming. */
#ifndef DECODE_PRODUCT_WORDS_H
#define DECODE_PRODUCT_WORDS_H

#include "base/arena.h"

#define PRODUCT_WORD_NONE UINT32_MAX

struct words_slot;

/* A zeroed struct is an empty set. Everything lives in the arena that it was built in. */
struct product_words {
    bool fold; /* case of ASCII letters does not count */
    slice *texts;
    size_t count, capacity;
    struct words_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
};

/* The number of a string in a space, a new one counted on: strings of different spaces are
 * different. The string is copied. */
uint32_t product_words_put(
    struct product_words *words, struct arena *arena, uint32_t space, slice text);
/* PRODUCT_WORD_NONE when it is not there. */
uint32_t product_words_find(const struct product_words *words, uint32_t space, slice text);

#endif
