/* The table that scripts/embed.py makes; embed.c is its only reader. */
#ifndef BASE_EMBED_TABLE_H
#define BASE_EMBED_TABLE_H

#include "base/embed.h"

/* Sorted by path; one entry without a path follows the last. */
extern const struct embed_file embed_table[];
extern const size_t embed_table_count;

#endif
