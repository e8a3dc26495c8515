/* Thresholds of correlations: gt, gte, lt, lte, eq, neq. */
#ifndef DETECT_THRESHOLD_H
#define DETECT_THRESHOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "detect/sigma.h"

/* Whether the number satisfies all that the correlation gives. */
bool threshold_holds(const struct sigma_correlation *spec, double number);
/* The count past which a higher one changes no answer, at most `most`. */
size_t threshold_enough(const struct sigma_correlation *spec, size_t most);

#endif
