/* The examples that a definition carries: messages, and the fields that must come of them. For
 * tests and for people who write definitions; the program itself never reads them. */
#ifndef DECODE_PRODUCT_EXAMPLE_H
#define DECODE_PRODUCT_EXAMPLE_H

#include "decode/json_event.h"
#include "decode/product.h"
#include "wire/yaml.h"

/* Runs each example of a definition's text through `products` (finished, and holding that
 * definition). Each difference is told through `differs`, as path, line and what. *count gets the
 * number of examples. */
MUST_USE enum result product_examples_check(const struct products *products, slice path, slice yaml,
    void (*differs)(void *context, const struct error *what), void *context, size_t *count,
    struct error *err);

/* Leaves out each field of each example, cuts its message at every byte, and changes every byte:
 * what then still comes out must be what the whole event gives, the front of it, or hold the
 * changed byte. Otherwise as above. */
MUST_USE enum result product_examples_damage(const struct products *products, slice path,
    slice yaml, void (*differs)(void *context, const struct error *what), void *context,
    struct error *err);

/* The message of an example, else its record; empty when it is of fields alone. */
slice product_example_text(const struct yaml_node *example);
/* The event of an example of a definition, `event` being empty, with another text in the place of
 * that one. False for a text that should be a record of JSON and is none. */
bool product_example_event(const struct yaml_node *definition, const struct yaml_node *example,
    slice text, struct json_events *json, struct event *event);

#endif
