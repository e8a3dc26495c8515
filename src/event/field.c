/* See field.h. */
#include "event/field.h"

static const struct field fields[] = {
#define FIELD(id, name, type, holds) {S_INIT(name), FIELD_##type, S_INIT(holds)},
#include "event/fields.def"
#undef FIELD
};

const struct field *field_table(size_t *count)
{
    *count = sizeof(fields) / sizeof(fields[0]);
    return fields;
}

const struct field *field_find(slice name)
{
    size_t low = 0, high = sizeof(fields) / sizeof(fields[0]);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(fields[middle].name, name);
        if (order == 0)
            return &fields[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
