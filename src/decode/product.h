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

/* The shipped definitions (decoders/ in the executable): products_new_empty and
 * products_add_shipped. */
MUST_USE enum result products_new(struct products **products,
    void (*refused)(void *context, const struct error *why), void *context, struct error *err);
struct products *products_new_empty(void);
/* Adds one definition from text. A mistake refuses it, with file, line, column and reason, and
 * leaves nothing of it behind. */
MUST_USE enum result products_add(
    struct products *products, slice path, slice yaml, struct error *err);
/* Adds the shipped definitions but those of products that are there or among `but`. One with a
 * mistake is refused through `refused` (which may be NULL); the others load. */
void products_add_shipped(struct products *products, const slice *but, size_t but_count,
    void (*refused)(void *context, const struct error *why), void *context);
/* The name of the product that a definition's text is about, in the arena; empty when it cannot be
 * told. */
slice products_name_of(struct arena *arena, slice yaml);
/* Call once after the last addition. */
void products_finish(struct products *products);
/* Whether there is a definition of that name. */
bool products_has(const struct products *products, slice name);

/* A definition as a list shows it; texts live as long as the definitions. */
struct product_listing {
    slice name, path;
    slice module, dataset;   /* absent: none */
    size_t shapes, examples; /* entries of `shapes` and `messages`; examples */
    bool shipped;
};

/* In the order of loading; false past the last. */
bool products_list(const struct products *products, size_t index, struct product_listing *listing);
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
/* What is done with events, step by step, for people who write definitions. */
enum product_step_kind {
    PRODUCT_STEP_RECOGNISED, /* the `match` of a definition fits */
    PRODUCT_STEP_SHAPE,      /* a shape fits the message; its captures and its `set` */
    PRODUCT_STEP_PARTIAL,    /* none does: what is kept, and the shape that came nearest */
    PRODUCT_STEP_SET,        /* the definition's `set`, module and dataset */
    PRODUCT_STEP_MAP,        /* an entry of `map`, or a row of `messages` */
    PRODUCT_STEP_DERIVED,    /* fields that follow from others */
};

struct product_trace {
    enum product_step_kind kind;
    slice path; /* of the definition, and the line of the step; absent where none is */
    uint32_t line;
    size_t first, end; /* fields of the event that the step added: [first, end) */
    size_t reached;    /* PARTIAL: bytes of the message (trimmed) that fit */
};

/* From now on each step that adds something, or that recognises, is told. */
void product_applier_trace(struct product_applier *applier,
    void (*tell)(void *context, const struct product_trace *step, const struct event *event),
    void *context);
/* Adds to the event what the definitions know about it: captures of its message, ECS fields,
 * event.* categories, derived fields. Never fails: what is not understood is left as it is. */
void product_apply(struct product_applier *applier, struct event *event);

#endif
