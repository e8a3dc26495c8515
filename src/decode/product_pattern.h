/* The text of a shape, taken apart: "Failed {method:word} for [invalid user ]{user.name:longest}".
 * doc/decoders.md says what may be written. Optional parts and words to choose from are written
 * out, so that a pattern gives variants that are nothing but literals and captures in a row. */
#ifndef DECODE_PRODUCT_PATTERN_H
#define DECODE_PRODUCT_PATTERN_H

#include "base/arena.h"
#include "base/result.h"
#include "decode/product_type.h"

#define PATTERN_TEXT_MAX      1024
#define PATTERN_PARTS_MAX     48
#define PATTERN_CAPTURES_MAX  32
#define PATTERN_CONSTANTS_MAX 8
#define PATTERN_VARIANTS_MAX  64
#define PATTERN_DEPTH_MAX     4

struct pattern_part {
    bool is_capture;
    slice text;             /* a literal; of a capture the name, empty when the text is not kept */
    enum product_type type; /* of a capture */
};

/* A word that was chosen: {name:one|two}. */
struct pattern_constant {
    slice name;
    slice value;
};

struct pattern {
    struct pattern_part parts[PATTERN_PARTS_MAX];
    size_t count;
    size_t captures;
    struct pattern_constant constants[PATTERN_CONSTANTS_MAX];
    size_t constant_count;
};

struct pattern_list {
    struct pattern *items; /* in the arena */
    size_t count;
    size_t capacity;
};

/* Why a pattern is no pattern. */
struct pattern_fault {
    enum text why; /* a text with one argument */
    slice what;
    size_t at; /* byte of the pattern, from 0 */
};

bool product_pattern_parse(
    struct arena *arena, slice text, struct pattern_list *list, struct pattern_fault *fault);

#endif
