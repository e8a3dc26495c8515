/* YAML 1.2 into a tree of nodes, each with its place: rules, decoders, mappings, configuration.
 *
 * Text is read document by document. Nodes live in the arena given. Scalars stay text: what a plain
 * (unquoted) one means is for the reader of the document to ask (yaml_is_null, yaml_to_bool).
 * Aliases give the anchored node again; merge keys
 * (`<<`, YAML 1.1) and keys that are no scalars are refused, as are keys that appear twice in one
 * mapping. */
#ifndef WIRE_YAML_H
#define WIRE_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/slice.h"

/* Bytes of text. */
#define YAML_TEXT_MAX ((size_t)64 << 20)
/* Mappings and sequences inside each other. */
#define YAML_DEPTH_MAX 32
/* Nodes of one document, an alias counted as all nodes that it stands for. */
#define YAML_NODES_MAX ((size_t)1 << 20)

enum yaml_type { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_type type;
    bool plain;                     /* an unquoted, untagged scalar */
    uint32_t line, column;          /* where it begins, from 1 */
    slice text;                     /* of a scalar */
    size_t count;                   /* items of a sequence, pairs of a mapping */
    const struct yaml_node **items; /* a mapping's values */
    const struct yaml_node **keys;  /* of a mapping: scalars */
};

struct yaml_reader;

/* `text` must outlive the reader. Never NULL. */
struct yaml_reader *yaml_open(slice text);
/* NULL is fine. */
void yaml_close(struct yaml_reader *reader);
/* The next document's root. RESULT_END after the last; an empty document is skipped. After
 * RESULT_MALFORMED or RESULT_LIMIT (line and column are in the message, and the line in *line)
 * nothing more can be read. */
MUST_USE enum result yaml_next(struct yaml_reader *reader, struct arena *arena,
    const struct yaml_node **root, uint32_t *line, struct error *err);

/* The value of a key of a mapping; NULL when there is none, or `mapping` is NULL or no mapping. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, slice key);
/* A plain scalar that is empty, ~ or null (YAML 1.2, 10.3.2). */
bool yaml_is_null(const struct yaml_node *node);
/* A plain scalar that is true or false in one of its three spellings. */
bool yaml_to_bool(const struct yaml_node *node, bool *value);
bool yaml_is_scalar(const struct yaml_node *node);

#endif
