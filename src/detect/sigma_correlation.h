/* Loading correlations. */
#ifndef DETECT_SIGMA_CORRELATION_H
#define DETECT_SIGMA_CORRELATION_H

#include "detect/sigma.h"

/* The mapping `correlation`. */
MUST_USE enum result sigma_correlation_load(
    struct sigma_loader *loader, const struct yaml_node *root, struct sigma_correlation **out);

#endif
