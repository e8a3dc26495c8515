/* All shapes of a group in one tree over literals and types of captures, so that a message is read
 * once however many shapes there are.
 *
 * At every place the longest way down is tried first: the literal, then the captures in the order
 * of their types; what does not lead to an end is taken back. What this may cost is bounded by a
 * number of steps that grows with the message, not with the tree. */
#ifndef DECODE_PRODUCT_SHAPE_H
#define DECODE_PRODUCT_SHAPE_H

#include "base/arena.h"
#include "decode/product_pattern.h"
#include "decode/product_words.h"

/* A capture whose text is not kept. */
#define SHAPE_NAME_NONE PRODUCT_WORD_NONE
/* Steps for one message: this many, and one for each of its bytes. */
#define SHAPE_STEPS_MAX 4096

/* A field that a variant sets: a word that was chosen. */
struct shape_constant {
    uint32_t name; /* the caller's number */
    slice value;
};

/* Where a variant of a shape ends. */
struct shape_end {
    uint32_t shape; /* the caller's number */
    const uint32_t
        *names; /* of the captures in their order: the caller's numbers, or SHAPE_NAME_NONE */
    const struct shape_constant *constants;
    size_t constant_count;
};

struct shape_node;

/* A zeroed tree is empty. Everything lives in the arena that the tree was built in. */
struct shape_tree {
    struct shape_node *root;
};

/* The end where a pattern would lead, or NULL: a shape that is there already. */
const struct shape_end *product_shape_find(
    const struct shape_tree *tree, const struct pattern *pattern);
/* Adds a variant, which must not be there yet. Its texts are copied; `end` must live as long as the
 * tree. */
void product_shape_add(struct shape_tree *tree, struct arena *arena, const struct pattern *pattern,
    const struct shape_end *end);
/* Call once after the last addition. */
void product_shape_finish(struct shape_tree *tree, struct arena *arena);

struct shape_span {
    size_t start, len;
    size_t after; /* length of the literal that follows it */
    enum product_type type;
    uint32_t name;
};

/* Which pairs of bytes a text has, by a hash: tells most literals that it lacks. */
#define SHAPE_PAIRS 4096

struct shape_match {
    const struct shape_end *end; /* NULL: no shape fits */
    struct shape_span spans[PATTERN_CAPTURES_MAX];
    size_t count;
    /* Of product_shape_begin, when no shape fits: bytes that went along with shapes, and one of the
     * shapes that went so far; NULL: there are none. */
    size_t reached;
    const struct shape_end *nearest;
    struct shape_span kept[PATTERN_CAPTURES_MAX]; /* while matching, and so the following */
    uint64_t pairs[SHAPE_PAIRS / 64];
};

/* Whether a shape fits the whole text; gives its captures in their order. */
bool product_shape_match(const struct shape_tree *tree, slice text, struct shape_match *match);
/* The same. When no shape fits, gives the captures that all shapes which the message began like
 * agree on and that are beyond doubt. Slower: call for messages that nothing fits. */
bool product_shape_begin(const struct shape_tree *tree, slice text, struct shape_match *match);

#endif
