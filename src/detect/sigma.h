/* The loaded form of Sigma documents: what stands between the YAML text and the compiled program.
 * Nothing here refers to YAML any more; places (line, column) are kept where a later step can still
 * find a mistake. */
#ifndef DETECT_SIGMA_H
#define DETECT_SIGMA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/slice.h"
#include "detect/rule.h"
#include "wire/yaml.h"

enum sigma_value_type { SIGMA_TEXT, SIGMA_NUMBER, SIGMA_BOOL, SIGMA_NULL };

struct sigma_value {
    enum sigma_value_type type;
    slice text;
    uint32_t line, column;
};

/* `field|modifiers: values`; without a field the values are keywords. */
struct sigma_item {
    slice key; /* as written, with its modifiers; empty for keywords */
    slice field;
    uint32_t modifiers;
    struct sigma_value *values;
    size_t count;
    uint32_t line, column;
};

enum sigma_node_type {
    SIGMA_AND,
    SIGMA_OR,
    SIGMA_NOT,
    SIGMA_COUNT, /* at least `least` of the children */
    SIGMA_ITEM,
    SIGMA_NEVER,
};

/* A detection with its condition resolved. Search identifiers that a condition
 * names twice are shared, so this is a graph without cycles. */
struct sigma_node {
    enum sigma_node_type type;
    slice name; /* of the selection that it is the whole of; empty for all other nodes */
    struct sigma_node **children;
    size_t count;
    uint32_t least;
    struct sigma_item *item;
};

enum sigma_correlation_type {
    SIGMA_EVENT_COUNT,
    SIGMA_VALUE_COUNT,
    SIGMA_TEMPORAL,
    SIGMA_TEMPORAL_ORDERED,
    SIGMA_VALUE_SUM,
    SIGMA_VALUE_AVG,
    SIGMA_VALUE_PERCENTILE,
    SIGMA_VALUE_MEDIAN,
};

enum sigma_operator {
    SIGMA_GT,
    SIGMA_GTE,
    SIGMA_LT,
    SIGMA_LTE,
    SIGMA_EQ,
    SIGMA_NEQ,
    SIGMA_OPERATORS
};

struct sigma_alias {
    slice name;
    slice rule;  /* reference: id or name */
    slice field; /* what the alias stands for in events of that rule */
};

struct sigma_correlation {
    enum sigma_correlation_type type;
    slice *rules; /* references: id or name */
    size_t rule_count;
    slice *group_by;
    size_t group_by_count;
    struct sigma_alias *aliases;
    size_t alias_count;
    int64_t timespan_ns;
    bool has_operator[SIGMA_OPERATORS]; /* all that are given must hold */
    double operand[SIGMA_OPERATORS];
    slice *fields; /* of the values; several: their combination */
    size_t field_count;
    bool has_percentile;
    double percentile;
    slice expression;         /* extended condition; absent when there is none */
    struct condition *parsed; /* its names have the index of their rule in `least` */
    bool generate;
    uint32_t line, column;
};

struct sigma_filter {
    bool any; /* all rules of the log source */
    slice *rules;
    size_t rule_count;
};

struct sigma_rule {
    struct sigma_node *root;               /* plain rules and filters */
    struct sigma_correlation *correlation; /* or NULL */
    struct sigma_filter *filter;           /* or NULL */
    bool kind_given;
    bool vector_given;
    slice unless_before; /* hikeshi.unless_before: reference; absent when not given */
    bool generate_given; /* the rule asks by itself to give signs (top-level generate: true) */
};

struct sigma_loader {
    struct arena *arena;   /* for what is kept */
    struct arena *scratch; /* holds the YAML nodes */
    struct error *err;
    size_t nodes; /* of the rule being loaded */
    size_t values;
};

/* Mistakes are reported with their place: `SIGMA_REFUSE(loader, node, TEXT_…, ARG(…)…)`; {1} and
 * {2} of the text are line and column. */
#define SIGMA_REFUSE(loader, node, ...)                                                            \
    error_set((loader)->err, RESULT_MALFORMED, SIGMA_FIRST_(__VA_ARGS__, ), ARG((node)->line),     \
        ARG((node)->column) SIGMA_REST_(__VA_ARGS__))
#define SIGMA_FIRST_(first, ...) first
#define SIGMA_REST_(first, ...)  , ##__VA_ARGS__

#endif
