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

/* Compiled once for each text and options. */
struct item_regex {
    struct regex *regex;
    const slice *literals; /* one is in the lower case of every value that matches */
    size_t literal_count;  /* 0: nothing is known */
};

struct item_value {
    enum item_value_type type;
    bool is_integer; /* ITEM_NUMBER: as written in the rule */
    bool more; /* stands for the same value of the rule as the one before it: `all` asks for one of
                  them */
    union {
        struct pattern pattern;
        double number;
        const struct item_regex *regex;
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

/* Copies an item into the arena, but for *to, which is zeroed, and for regular expressions. Copied
 * member by member, so that what is between them stays zero. */
void item_copy(struct arena *arena, const struct item *item, struct item *to);
/* Appends a text that is the same for items that ask the same only. */
void item_key(const struct item *item, struct buf *key);
/* A guess at what a match costs, to ask the cheap first. */
uint32_t item_cost(const struct item *item);

bool item_match(const struct item *item, struct view *view, struct regex_matcher *regexes);

#endif
