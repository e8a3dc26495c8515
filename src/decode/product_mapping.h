/* What comes of a field, read from YAML: targets with tables, shapes of its own, rows of CSV,
 * pairs; and texts that are put together from fields. */
#ifndef DECODE_PRODUCT_MAPPING_H
#define DECODE_PRODUCT_MAPPING_H

#include "decode/product_reader.h"

/* One entry of `fields`. */
bool product_mapping_read(struct product_reader *reader, const struct yaml_node *key,
    const struct yaml_node *value, struct product_mapping *mapping);
/* A shape, a list of them, {shape, set} or a list of such. `whole`: see struct product_parts. */
bool product_mapping_shapes(struct product_reader *reader, const struct yaml_node *node, bool whole,
    const struct product_parts **parts);
/* One entry of `join`. */
bool product_mapping_join(struct product_reader *reader, const struct yaml_node *key,
    const struct yaml_node *value, struct product_join *join);

#endif
