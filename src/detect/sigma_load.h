/* Loading one document. */
#ifndef DETECT_SIGMA_LOAD_H
#define DETECT_SIGMA_LOAD_H

#include "detect/sigma.h"

/* `about` has file and line set; what is known of the rule is filled in even when the document is
 * refused. */
MUST_USE enum result sigma_load(struct sigma_loader *loader, const struct yaml_node *root,
    struct rule *about, struct sigma_rule *rule);

#endif
