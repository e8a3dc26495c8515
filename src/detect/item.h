/* Detection items, compiled: what a rule asks of one field (or of any, for keywords). */
#ifndef DETECT_ITEM_H
#define DETECT_ITEM_H

#include "base/map.h"
#include "detect/address.h"
#include "detect/pattern.h"
#include "detect/regex.h"
#include "detect/sigma.h"
#include "detect/view.h"

/* The field number of keywords. */
#define ITEM_ANY_FIELD UINT32_MAX

enum item_value_type {
    ITEM_PATTERN,
    ITEM_NUMBER,  /* equal to a number that the event has as a number */
    ITEM_COMPARE, /* lt, lte, gt, gte */
    ITEM_REGEX,
    ITEM_RANGE,
    ITEM_NULL,
    ITEM_FIELD,
};

struct item_value {
    enum item_value_type type;
    bool is_integer; /* ITEM_NUMBER: as written in the rule */
    bool more; /* stands for the same value of the rule as the one before it: `all` asks for one of
                  them */
    union {
        struct pattern pattern;
        double number;
        const struct regex *regex;
        struct address_range range;
        uint32_t field;
    };
};

struct item {
    uint32_t field;
    uint32_t modifiers;
    bool wanted; /* exists: the answer asked for */
    struct item_value *values;
    size_t count;
};

/* What compiled items share. */
struct item_builder {
    struct arena *arena;
    struct map *fields;             /* view_field_intern */
    struct map *regexes;            /* by text and options: struct regex * */
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
/* Appends a text that is the same for items that ask the same only. */
void item_key(const struct item *item, struct buf *key);
/* A guess at what a match costs, to ask the cheap first. */
uint32_t item_cost(const struct item *item);

bool item_match(const struct item *item, struct view *view, struct regex_matcher *regexes);

#endif
