/* The inside of a compiled program: written by detect_compile.c and correlation_compile.c, read
 * while matching and correlating. Indexes instead of pointers, so that a program is a few arrays.
 */
#ifndef DETECT_PROGRAM_H
#define DETECT_PROGRAM_H

#include "base/map.h"
#include "detect/clue.h"
#include "detect/clue_index.h"
#include "detect/item.h"
#include "detect/rule_set_model.h"

#define PROGRAM_NONE UINT32_MAX

struct program_node {
    enum sigma_node_type type;
    uint32_t first; /* of its children in `children` */
    uint32_t count;
    uint32_t least;
    uint32_t item;
    uint32_t cost;
    const struct sigma_node *source;
};

/* Where events of some log source are found. */
struct program_place {
    uint32_t where, also; /* nodes, or PROGRAM_NONE */
};

/* A rule as it stands for one place: its fields are named as there. */
struct program_instance {
    uint32_t rule;
    uint32_t root;
    uint32_t place;
};

/* What a match of `source` (a rule or a correlation) means to a correlation. */
struct program_input {
    uint32_t correlation; /* index into `correlations` */
    uint32_t reference;   /* which of its rules; PROGRAM_NONE: its unless_before */
    uint32_t base;        /* the plain rule whose match this is in the end */
    uint32_t *group_at;   /* places of the group-by values in the payload of `base` */
    uint32_t *value_at;   /* and of the values */
};

struct program_rule {
    uint32_t
        root; /* without renames, filters applied; PROGRAM_NONE for all but loaded plain rules */
    struct log_rename *renames; /* of all its places */
    size_t rename_count;
    slice *payload; /* names of the fields that correlations need */
    size_t payload_count;
    struct program_input *inputs; /* what it feeds, as source */
    size_t input_count, input_capacity;
};

struct program_correlation {
    uint32_t rule;
    const struct sigma_correlation *spec;
    uint32_t *references; /* rule indexes */
    uint32_t unless_before;
};

struct detect_program {
    struct rule_set *set;
    struct arena arena;
    struct map fields;
    struct map regexes;
    struct map item_keys;
    struct item *items;
    size_t item_count, item_capacity;
    struct program_node *nodes;
    size_t node_count, node_capacity;
    uint32_t *children;
    size_t child_count, child_capacity;
    struct program_place *places;
    size_t place_count, place_capacity;
    struct program_instance *instances;
    size_t instance_count, instance_capacity;
    struct view_names names;
    struct clues clues;
    struct clue_index index;
    struct program_rule *rules;
    struct program_correlation *correlations;
    size_t correlation_count;
};

#endif
