/* The parts of which definitions consist, read from YAML: conditions, constants, tables, mappings.
 */
#ifndef DECODE_PRODUCT_READER_H
#define DECODE_PRODUCT_READER_H

#include "decode/product_model.h"
#include "wire/yaml.h"

/* What every part needs. All functions give false after setting the error. */
struct product_reader {
    struct arena *arena; /* what is made lives here */
    struct product_names *names;
    struct product_words *values; /* of conditions */
    slice path;
    const struct yaml_node *tables; /* `tables` of the file, or NULL */
    slice under; /* where the product's own names are looked for: the name before them, or absent */
    bool owns;   /* such a name was read */
    struct error *err;
};

/* Refuses the file at a node, `column` bytes into its text. Gives false. */
bool product_reader_refuse(struct product_reader *reader, const struct yaml_node *node,
    size_t column, enum text why, slice what);
/* The number of a field that is read from: of the product's own names the one under
 * `reader->under`. ECS names and working fields have no such place. */
uint32_t product_reader_from(struct product_reader *reader, slice name);
/* The node is a mapping with no other keys than these. */
bool product_reader_keys(
    struct product_reader *reader, const struct yaml_node *node, const slice *keys, size_t count);
/* `match` and `when`; absent gives an empty list. */
bool product_reader_when(
    struct product_reader *reader, const struct yaml_node *node, struct when_list *list);
/* `set`; absent gives nothing. */
bool product_reader_set(
    struct product_reader *reader, const struct yaml_node *node, struct product_constants *set);
/* Appends one constant with a name of its own (`module`, `dataset`); absent adds nothing. */
bool product_reader_set_one(struct product_reader *reader, const struct yaml_node *node, slice name,
    struct product_constants *set);
/* The node is a single value. */
bool product_reader_scalar(struct product_reader *reader, const struct yaml_node *node);
/* One value of a condition, or one key of a table. */
bool product_reader_condition(
    struct product_reader *reader, const struct yaml_node *node, struct when_value *value);
/* Whether a field may be called so. */
bool product_reader_is_name(slice name);
/* A shape's text, its variants in `scratch`. */
bool product_reader_pattern(struct product_reader *reader, const struct yaml_node *node,
    struct arena *scratch, struct pattern_list *list);
/* The type of a plain scalar's value: number, bool or string. */
enum event_type product_reader_type(const struct yaml_node *node);

#endif
