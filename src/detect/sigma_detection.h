/* Loading detections and their conditions. */
#ifndef DETECT_SIGMA_DETECTION_H
#define DETECT_SIGMA_DETECTION_H

#include "detect/sigma.h"

/* The mapping `detection` (or `filter`, whose key `rules` is skipped) with its condition. */
MUST_USE enum result sigma_detection_load(struct sigma_loader *loader,
    const struct yaml_node *detection, struct rule *about, struct sigma_node **root);
/* One selection: mapping, list or scalar. `about` may be NULL. */
MUST_USE enum result sigma_detection_selection(struct sigma_loader *loader,
    const struct yaml_node *definition, struct rule *about, struct sigma_node **root);

#endif
