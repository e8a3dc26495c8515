/* What rules may cost. Every limit is stated in doc/sigma.md. */
#ifndef DETECT_LIMITS_H
#define DETECT_LIMITS_H

#include <stddef.h>

/* Documents of a set, loaded and refused. */
#define RULES_MAX ((size_t)100000)
/* Conditions and selections of one rule, each use counted. */
#define RULE_NODES_MAX ((size_t)1 << 14)
/* Values of one rule, and what one value may become by placeholders and windash. */
#define RULE_VALUES_MAX    ((size_t)1 << 16)
#define RULE_EXPANSION_MAX ((size_t)1 << 12)
/* Bytes of one regular expression, and what it may take on one value (PCRE2's limits): steps, and,
 * where it is interpreted, states to come back to and KiB for them. Machine code has a stack of as
 * much. */
#define RULE_REGEX_MAX         ((size_t)1 << 14)
#define RULE_REGEX_MATCH_LIMIT 1000000u
#define RULE_REGEX_DEPTH_LIMIT 100000u
#define RULE_REGEX_HEAP_KIB    1024u

/* Rules of one correlation; its group-by fields and value fields together. */
#define CORRELATION_RULES_MAX  ((size_t)64)
#define CORRELATION_FIELDS_MAX ((size_t)16)
/* Correlations upon correlations. */
#define CORRELATION_DEPTH_MAX 16
/* Bytes of a value that are compared; the rest of a longer one is not looked at. */
#define CORRELATION_VALUE_MAX ((size_t)1024)
/* Ways from one correlation down to plain rules. */
#define CORRELATION_PATHS_MAX ((size_t)1 << 12)
/* Matches that one window keeps; the oldest are dropped first. Thresholds are below it. */
#define CORRELATION_ENTRIES_MAX ((size_t)1 << 17)
/* Distinct values that one window keeps. Thresholds of value_count are below it. */
#define CORRELATION_DISTINCT_MAX ((size_t)1 << 17)
/* Matches that a temporal window keeps, runs of the same rule counted as two: what a firing can
 * name, and all that an expression with an order can see. */
#define CORRELATION_STEPS_MAX ((size_t)256)
/* Records that a firing names. */
#define CORRELATION_RECORDS_MAX ((size_t)64)
/* Groups that one `unless_before` remembers. */
#define CORRELATION_BEFORE_MAX ((size_t)1 << 18)
/* Matches, and their bytes, that wait for earlier ones where matches come out of order. */
#define CORRELATION_WAITING_MAX   ((size_t)1 << 17)
#define CORRELATION_WAITING_BYTES ((size_t)32 << 20)
/* Bytes that all windows together may take. */
#define CORRELATION_MEMORY_MAX ((size_t)64 << 20)

#endif
