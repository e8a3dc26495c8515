/* Conditions of temporal correlations: what is known of a window's past, match by match. */
#ifndef DETECT_TEMPORAL_H
#define DETECT_TEMPORAL_H

#include <stdbool.h>

#include "detect/match_queue.h"
#include "detect/sigma.h"

struct temporal {
    struct match_queue steps; /* matches that tell the story: for records, and for expressions with
                                 an order */
    int64_t *latest;          /* see temporal.c */
};

void temporal_init(struct temporal *temporal, const struct sigma_correlation *spec);
void temporal_free(struct temporal *temporal);
/* Takes a match, never older than the one before; holds its record. False when a step had to be
 * dropped (CORRELATION_STEPS_MAX) that the condition might still have asked for. */
bool temporal_add(struct temporal *temporal, const struct sigma_correlation *spec,
    const struct match_entry *entry);
/* Drops what is older. */
void temporal_expire(struct temporal *temporal, int64_t since_ns);
/* Whether the matches since then satisfy the correlation. */
bool temporal_holds(
    const struct temporal *temporal, const struct sigma_correlation *spec, int64_t since_ns);
/* Bytes held, without records. */
size_t temporal_memory(const struct temporal *temporal, const struct sigma_correlation *spec);

#endif
