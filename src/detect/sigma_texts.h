/* Reading scalars and lists of a document, trimmed and copied into the loader's arena. */
#ifndef DETECT_SIGMA_TEXTS_H
#define DETECT_SIGMA_TEXTS_H

#include "detect/sigma.h"

/* A scalar; absent when the key is absent or null. */
MUST_USE enum result sigma_texts_one(
    struct sigma_loader *loader, const struct yaml_node *mapping, slice key, slice *text);
/* A scalar or a list of scalars; none when the key is absent or null. */
MUST_USE enum result sigma_texts_list(struct sigma_loader *loader, const struct yaml_node *mapping,
    slice key, slice **texts, size_t *count);
/* true or false; false when the key is absent, which *given tells. */
MUST_USE enum result sigma_texts_bool(struct sigma_loader *loader, const struct yaml_node *mapping,
    slice key, bool *value, bool *given);

#endif
