/* Condition expressions (sigma-rules-specification, "Condition"; also the extended conditions of
 * temporal correlations): names, `1 of`, `all of`, `any of` and `N of` with a pattern or `them`,
 * not, and, or, parentheses. */
#ifndef DETECT_CONDITION_H
#define DETECT_CONDITION_H

#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/slice.h"

/* Bytes of an expression, and how deep it may nest. */
#define CONDITION_LEN_MAX   ((size_t)64 << 10)
#define CONDITION_DEPTH_MAX 64

enum condition_type { CONDITION_AND, CONDITION_OR, CONDITION_NOT, CONDITION_NAME, CONDITION_OF };

struct condition {
    enum condition_type type;
    size_t offset; /* where it begins in the text */
    struct condition **parts;
    size_t count;
    slice name;     /* CONDITION_NAME; CONDITION_OF: the pattern */
    uint32_t least; /* CONDITION_OF: how many at least; 0: all */
};

/* Names and patterns are slices into `text`, which begins at the line and column given: a mistake
 * is reported with them and with its character, counted from 1. */
MUST_USE enum result condition_parse(struct arena *arena, slice text, uint32_t line,
    uint32_t column, struct condition **root, struct error *err);
/* Whether a name fits a pattern in which * stands for any characters; `them` fits all. A name that
 * begins with _ fits only a pattern that begins with _. */
bool condition_pattern_fits(slice pattern, slice name);

#endif
