/* Conditions on fields, and an index that finds those which may hold without asking each. */
#ifndef DECODE_PRODUCT_WHEN_H
#define DECODE_PRODUCT_WHEN_H

#include "decode/product_set.h"
#include "decode/product_view.h"

/* A value that a definition compares with is not longer. */
#define WHEN_VALUE_MAX 128

/* --- conditions --- */

enum when_test { WHEN_EQUAL, WHEN_STARTS, WHEN_ENDS, WHEN_CONTAINS, WHEN_PRESENT, WHEN_ABSENT };

struct when_value {
    enum when_test test;
    slice text;      /* lower case */
    uint32_t number; /* of WHEN_EQUAL: among the values of the name */
};

struct when_field {
    uint32_t name;
    bool exact;                      /* all values are WHEN_EQUAL */
    const struct when_value *values; /* one of them */
    size_t count;
};

bool product_when_value_holds(const struct when_value *value, slice text);

/* All fields. */
struct when {
    const struct when_field *fields;
    size_t count;
};

/* One of them; an empty list always holds. */
struct when_list {
    const struct when *items;
    size_t count;
};

/* A condition of values whose test and text are set; `known` are the values of all conditions. */
struct when_field product_when_field(struct product_names *names, struct product_words *known,
    struct arena *arena, uint32_t name, struct when_value *values, size_t count);

bool product_when_list_holds(const struct when_list *list, const struct product_view *view);

/* --- the index --- */

/* Numbers in a row. */
struct when_items {
    uint32_t *items;
    size_t count, capacity;
};

/* Adds a number unless it is the last one. */
void product_when_items_add(struct when_items *list, struct arena *arena, uint32_t item);

/* Items (numbers) by the value or the presence of a field. A zeroed index is empty. */
struct when_index {
    struct when_items *by_value; /* by the number of the value */
    size_t value_capacity;
    struct when_items *by_name; /* by the number of the name */
    size_t name_capacity;
    struct product_words prefixes; /* of values, in the space of the name's number */
    struct when_items *by_prefix;  /* by the number of the prefix */
    size_t prefix_capacity;
    uint32_t *prefix_lens; /* by the number of the name: a bit for each length that there is */
    size_t prefix_lens_capacity;
};

/* Items from `from` to before `to`. */
struct when_range {
    uint32_t from, to;
};

/* False when an alternative has no condition that can be found by a field (only `null`). */
bool product_when_list_is_indexable(const struct when_list *list);
/* Some alternative asks for no whole value, only for presence or parts of values. */
bool product_when_list_is_general(const struct when_list *list);
/* Of every alternative, adds the condition that the fewest others share so far. */
void product_when_index_add(
    struct when_index *index, struct arena *arena, const struct when_list *list, uint32_t item);
/* Adds all items of the ranges of which a condition holds through a field that is asked for, from
 * the `from`th of these on; the rest of their conditions is still to be asked. */
void product_when_index_find(const struct when_index *index, const struct product_view *view,
    size_t from, const struct when_range *ranges, size_t range_count, struct product_set *found);

#endif
