/* Runs an event through the compiled definitions: product_apply of product.h.
 *
 * The order is that of doc/decoders.md: match, shape (captures, its `set`), the definitions' `set`,
 * `map`, derived fields. */
#ifndef DECODE_PRODUCT_APPLY_H
#define DECODE_PRODUCT_APPLY_H

#include "decode/product_model.h"

#endif
