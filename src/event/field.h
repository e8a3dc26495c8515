/* The table of known fields (fields.def): name, type and what a field holds. */
#ifndef EVENT_FIELD_H
#define EVENT_FIELD_H

#include <stddef.h>

#include "base/slice.h"

enum field_type {
    FIELD_KEYWORD, /* text that is compared as a whole */
    FIELD_TEXT,    /* text that is searched */
    FIELD_IP,
    FIELD_LONG,
    FIELD_DATE, /* RFC 3339 */
};

struct field {
    slice name;
    enum field_type type;
    slice holds;
};

/* Ordered by the bytes of their names. */
const struct field *field_table(size_t *count);
/* NULL for a name that the table does not have. */
const struct field *field_find(slice name);
/* Whether the name begins as those of ECS do: with one of its field sets, or is a base field. */
bool field_is_of_ecs(slice name);

#endif
