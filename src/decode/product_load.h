/* Reads a definition (doc/decoders.md) into the compiled model. */
#ifndef DECODE_PRODUCT_LOAD_H
#define DECODE_PRODUCT_LOAD_H

#include "decode/product_model.h"
#include "wire/yaml.h"

/* Adds one definition to `products`, all of it or nothing. The error names path, line, column and
 * reason. */
MUST_USE enum result product_load(
    struct products *products, slice path, const struct yaml_node *root, struct error *err);

#endif
