/* Value tables of mappings: what a value of one field says in the words of another. */
#ifndef DECODE_PRODUCT_TABLE_H
#define DECODE_PRODUCT_TABLE_H

#include "decode/product_when.h"

struct product_row {
    struct when_value key;
    slice value;
};

struct product_table {
    struct product_row *rows;
    size_t count;
    struct product_words exact; /* keys that are whole values */
    uint32_t *exact_rows;       /* by their number */
    uint32_t *patterns;         /* rows that ask for parts of values */
    size_t pattern_count;
};

/* Call once the rows are there. */
void product_table_finish(struct product_table *table, struct arena *arena);
/* The first row whose key holds of the value, or NULL. */
const struct product_row *product_table_find(const struct product_table *table, slice value);

#endif
