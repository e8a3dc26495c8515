/* What is made of one line, step by step: container, definition, shape, captures, mappings. */
#ifndef COMMAND_DECODERS_EXPLAIN_H
#define COMMAND_DECODERS_EXPLAIN_H

#include "base/result.h"
#include "base/slice.h"
#include "decode/product.h"

/* Decodes the text in a sandboxed child, since it may be an attacker's, and writes for people to
 * the descriptor. */
MUST_USE enum result decoders_explain(
    const struct products *products, slice text, int fd, struct error *err);

#endif
