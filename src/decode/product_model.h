/* Definitions, compiled: what product_load makes and product_apply reads. */
#ifndef DECODE_PRODUCT_MODEL_H
#define DECODE_PRODUCT_MODEL_H

#include "decode/product.h"
#include "decode/product_shape.h"
#include "decode/product_table.h"

#define PRODUCT_DEFINITIONS_MAX 1024
#define PRODUCT_SHAPES_MAX      16384
#define PRODUCT_STEPS_MAX       16384

/* A field that is set, to one value or a list. */
struct product_constant {
    uint32_t name;
    enum event_type type;
    const slice *values;
    size_t count;
};

struct product_constants {
    struct product_constant *items;
    size_t count;
};

struct product_target {
    uint32_t name;
    bool typed;
    enum product_type type;
};

/* Shapes of the values of a field, and what each sets. */
struct product_parts {
    struct shape_tree tree;
    const struct product_constants *sets; /* by the shape's number */
    bool
        whole; /* they take a message apart: of one that only begins like them, its front is kept */
};

/* A column of a value that is a row of CSV. */
struct product_column {
    struct product_target *targets;
    size_t count; /* 0: it is passed over */
};

/* One native field and what comes of it: targets, or one of the others. */
struct product_mapping {
    uint32_t from;
    struct product_target *targets;
    size_t target_count;
    const struct product_table *table; /* or NULL */
    slice otherwise;                   /* for values that the table does not have; absent: none */
    slice between; /* parts lists and pairs that are written in one value; absent: it is one */
    slice assign;  /* of pairs; absent: it holds none */
    bool once;     /* of a list, a value that is there already is passed over */
    uint32_t *of;  /* it is the names of values in these fields, or NULL */
    size_t of_count;
    const struct product_parts *parts; /* or NULL */
    struct product_column *columns;    /* of CSV, or NULL */
    size_t column_count;
    char separator; /* of CSV */
};

/* A piece of a text that is put together: a literal, or the value of a field. */
struct product_piece {
    slice literal;
    uint32_t name; /* SHAPE_NAME_NONE: the literal */
    unsigned
        group; /* 0: needed; else what is left out together when one of its fields is missing */
};

#define PRODUCT_GROUPS_MAX 8

/* A text put together from fields: an entry of `join`. */
struct product_join {
    struct product_target target;
    struct product_piece *pieces;
    size_t count;
};

/* An entry of `map`. */
struct product_step {
    uint32_t definition;
    uint32_t line;
    struct when_list when;
    struct product_constants set;
    struct product_join *joins;
    size_t join_count;
    struct product_mapping *fields;
    size_t field_count;
    uint32_t *from; /* the names of `fields`, which most events lack */
};

/* An entry of `shapes`. */
struct product_shape {
    uint32_t definition;
    uint32_t line;
    struct product_constants set;
};

struct product_definition {
    slice name;
    slice path;
    slice module, dataset; /* absent: none */
    size_t shape_count, example_count;
    bool shipped;
    uint32_t group;
    bool general; /* found only by the presence of a field: comes after those found by a value */
    struct product_constants set;  /* with module and dataset */
    struct when_range steps;       /* its entries of `map`, once finished */
    struct when_items plain_steps; /* entries of `map` without a `when` that could be looked up */
};

/* Definitions with equal `match`. */
struct product_group {
    slice key; /* the conditions as text, to find equal ones */
    struct when_list match;
    struct shape_tree tree;
    struct when_items definitions;
};

struct products {
    struct arena arena;
    struct product_names names;
    struct product_words values; /* that conditions ask for, in the space of their name */
    struct product_definition *definitions;
    size_t definition_count, definition_capacity;
    struct product_group *groups; /* the first is that of definitions without `match` */
    size_t group_count, group_capacity;
    struct product_shape *shapes;
    size_t shape_count, shape_capacity;
    struct product_step *steps; /* once finished, those of general definitions come last */
    size_t step_count, step_capacity;
    struct when_index by_match; /* groups */
    struct when_index by_when;  /* steps */
    bool finished;
};

#endif
