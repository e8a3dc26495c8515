/* Conditions of temporal correlations. */
#ifndef DETECT_TEMPORAL_H
#define DETECT_TEMPORAL_H

#include "detect/window.h"

/* Whether the entries, in the order of time, satisfy the correlation. */
bool temporal_holds(
    const struct sigma_correlation *spec, const struct window_entry *entries, size_t count);

#endif
