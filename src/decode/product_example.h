/* The examples that a definition carries: messages, and the fields that must come of them. For
 * tests and for people who write definitions; the program itself never reads them. */
#ifndef DECODE_PRODUCT_EXAMPLE_H
#define DECODE_PRODUCT_EXAMPLE_H

#include "decode/product.h"

/* Runs each example of a definition's text through `products` (finished, and holding that
 * definition). Each difference is told through `differs`, as path, line and what. *count gets the
 * number of examples. */
MUST_USE enum result product_examples_check(const struct products *products, slice path, slice yaml,
    void (*differs)(void *context, const struct error *what), void *context, size_t *count,
    struct error *err);

/* Cuts the message of each example at every byte, and changes every byte: what then still comes out
 * must be what the whole message gives, the front of it, or hold the changed byte. Otherwise as
 * above. */
MUST_USE enum result product_examples_damage(const struct products *products, slice path,
    slice yaml, void (*differs)(void *context, const struct error *what), void *context,
    struct error *err);

#endif
