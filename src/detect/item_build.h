/* Compiling detection items. */
#ifndef DETECT_ITEM_BUILD_H
#define DETECT_ITEM_BUILD_H

#include "base/map.h"
#include "detect/item.h"
#include "detect/sigma.h"

/* What compiled items share. */
struct item_builder {
    struct arena *arena;            /* for regular expressions, which items share */
    struct arena *scratch;          /* for the item itself: see item_copy */
    struct map *fields;             /* view_field_intern */
    struct map *regexes;            /* by options and text: struct item_regex * */
    const struct map *placeholders; /* name → struct item_placeholder *; may be empty */
    struct error *err;
};

struct item_placeholder {
    slice *values;
    size_t count;
};

/* Compiles an item of a rule; `field` is the name in events. RESULT_MALFORMED, RESULT_UNSUPPORTED
 * or RESULT_LIMIT with the place. */
MUST_USE enum result item_build(
    struct item_builder *builder, const struct sigma_item *source, slice field, struct item *item);

/* What a key of `regexes` says. */
void item_regex_of_key(slice key, unsigned *options, slice *text);

#endif
