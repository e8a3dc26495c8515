/* Products: message shapes and field mappings as data (decoders/NAME.yml), compiled.
 *
 * A definition says how to recognise its events (fields of the container: process.name, Channel, a
 * literal in the message …), the shapes of their messages (literals and typed captures), and how
 * native fields map to ECS names. It also sets event.kind/category/type/outcome/action and
 * event.module/event.dataset, by which rules find their log source (rules/logsources.yml). */
#ifndef DECODE_PRODUCT_H
#define DECODE_PRODUCT_H

#include "base/result.h"
#include "event/event.h"

struct products;
struct product_applier;

/* Loads definitions: the embedded ones (decoders/ in the executable). A definition with a mistake
 * is refused with file, line, column and reason through `refused`; the others load. */
MUST_USE enum result products_new(struct products **products,
    void (*refused)(void *context, const struct error *why), void *context, struct error *err);
/* One without the shipped definitions; for tests. */
struct products *products_new_empty(void);
/* Adds one definition from text. */
MUST_USE enum result products_add(
    struct products *products, slice path, slice yaml, struct error *err);
/* Call once after the last addition. */
void products_finish(struct products *products);
/* Whether there is a definition of that name. */
bool products_has(const struct products *products, slice name);
/* NULL is fine. */
void products_free(struct products *products);

/* What one thread needs to run the definitions, which must be finished and outlive it. */
struct product_applier *product_applier_new(const struct products *products);
/* NULL is fine. */
void product_applier_free(struct product_applier *applier);
/* The zone of stamps in messages that have none, and that it was given rather than assumed. */
void product_applier_zone(struct product_applier *applier, int32_t zone_offset_s);
/* Makes also the derived fields that rules do not ask for, for those who show or keep events whole:
 * related.*, network.community_id … */
void product_applier_complete(struct product_applier *applier);
/* From now on every event is taken for that definition's, whatever its `match` says; the name must
 * be known (products_has). */
void product_applier_only(struct product_applier *applier, slice name);
/* The definition to which the event at hand belongs: the one whose shape its message has, else the
 * first that recognised it, those for a product before general ones; empty when none did. */
slice product_applier_decoder(const struct product_applier *applier);
/* Adds to the event what the definitions know about it: captures of its message, ECS fields,
 * event.* categories, derived fields. Never fails: what is not understood is left as it is. */
void product_apply(struct product_applier *applier, struct event *event);

#endif
