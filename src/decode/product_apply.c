/* See product_apply.h. */
#include "decode/product_apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "decode/product_derive.h"

struct product_applier {
    const struct products *products;
    struct arena arena;
    struct product_view view;
    struct product_set groups;     /* whose conditions hold */
    struct product_set recognised; /* definitions */
    struct product_set steps;      /* entries of `map` that may concern the event */
    struct shape_match match, best;
    size_t shaped; /* the definition whose shape the message has, or APPLY_NONE */
    size_t only;   /* the definition that all events are taken for, or APPLY_NONE */
};

#define APPLY_NONE SIZE_MAX

struct product_applier *product_applier_new(const struct products *products)
{
    struct product_applier *applier = calloc(1, sizeof(*applier));
    ASSERT(applier != NULL && products->finished);
    applier->products = products;
    applier->shaped = APPLY_NONE;
    applier->only = APPLY_NONE;
    product_view_init(&applier->view, &products->names, &products->values, &applier->arena);
    product_set_init(&applier->groups, &applier->arena, products->group_count);
    product_set_init(&applier->recognised, &applier->arena, products->definition_count);
    product_set_init(&applier->steps, &applier->arena, products->step_count);
    return applier;
}

void product_applier_free(struct product_applier *applier)
{
    if (applier == NULL)
        return;
    arena_free(&applier->arena);
    free(applier);
}

void product_applier_only(struct product_applier *applier, slice name)
{
    const struct products *products = applier->products;
    for (size_t i = 0; i < products->definition_count; i++)
        if (slice_equal(products->definitions[i].name, name))
            applier->only = i;
    ASSERT(applier->only != APPLY_NONE);
}

slice product_applier_decoder(const struct product_applier *applier)
{
    const struct product_definition *definitions = applier->products->definitions;
    size_t first = product_set_next(&applier->recognised, 0);
    if (applier->shaped != APPLY_NONE)
        return definitions[applier->shaped].name;
    for (size_t i = first; i != PRODUCT_SET_END; i = product_set_next(&applier->recognised, i + 1))
        if (!definitions[i].general)
            return definitions[i].name;
    return first == PRODUCT_SET_END ? S("") : definitions[first].name;
}

static void apply_set(struct product_applier *apply, const struct product_constants *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct product_constant *constant = &set->items[i];
        if (product_view_has(&apply->view, constant->name))
            continue;
        for (size_t k = 0; k < constant->count; k++)
            product_view_add(&apply->view, constant->name, constant->values[k], constant->type);
    }
}

/* --- values --- */

/* The fields of a type that makes several: PREFIX.part. Of a part that is there twice the first
 * counts. */
static void apply_several(
    struct product_applier *apply, uint32_t name, enum product_type type, slice text)
{
    slice rest = slice_trim(text);
    struct product_part part;
    while (product_type_next_part(type, apply->view.event->arena, &rest, &part))
        product_view_add_part(&apply->view, name, part.name, part.value);
}

static void apply_time(struct event *event, slice text)
{
    struct stamp stamp;
    int64_t time_ns;
    if (event->time_ns != CIVIL_TIME_NONE || !product_type_stamp(text, &stamp) ||
        (stamp.missing & STAMP_NO_YEAR) || !stamp_to_ns(&stamp, 0, 0, &time_ns))
        return;
    event->time_ns = time_ns;
    if (stamp.missing & STAMP_NO_ZONE)
        event->time_assumed |= EVENT_TIME_ASSUMED_ZONE;
}

/* `captured`: a shape has found the text to be of the type. */
static void apply_typed(
    struct product_applier *apply, uint32_t name, enum product_type type, slice text, bool captured)
{
    struct event *event = apply->view.event;
    slice value;
    enum event_type field_type;
    if (product_type_is_several(type)) {
        apply_several(apply, name, type, text);
        return;
    }
    if (name == SHAPE_NAME_NONE)
        return;
    if (!(captured ? product_type_take : product_type_convert)(
            type, text, event->arena, &value, &field_type))
        return;
    if (name == PRODUCT_TIMESTAMP)
        apply_time(event, text);
    else
        product_view_add(&apply->view, name, value, field_type);
}

_Static_assert(PATTERN_CAPTURES_MAX <= 32, "captures of a shape as bits");

/* The captures of a message, each where the event had no such field before. */
static void apply_captures(
    struct product_applier *apply, const struct shape_match *match, slice text)
{
    uint32_t wanted = 0;
    for (size_t i = 0; i < match->count; i++) {
        const struct shape_span *span = &match->spans[i];
        bool several = product_type_is_several(span->type);
        if (span->name == SHAPE_NAME_NONE ? span->type == PRODUCT_TYPE_KV
                                          : several || !product_view_has(&apply->view, span->name))
            wanted |= UINT32_C(1) << i;
    }
    for (; wanted != 0; wanted &= wanted - 1) {
        const struct shape_span *span = &match->spans[__builtin_ctz(wanted)];
        apply_typed(apply, span->name, span->type, slice_sub(text, span->start, span->len), true);
    }
}

/* --- shapes --- */

static void apply_shape(struct product_applier *apply, const struct shape_match *match, slice text)
{
    const struct products *products = apply->products;
    const struct product_shape *shape = &products->shapes[match->end->shape];
    product_set_add(&apply->recognised, shape->definition);
    apply->shaped = shape->definition;
    apply_captures(apply, match, text);
    for (size_t i = 0; i < match->end->constant_count; i++) {
        const struct shape_constant *constant = &match->end->constants[i];
        if (!product_view_has(&apply->view, constant->name))
            product_view_add(&apply->view, constant->name, constant->value, EVENT_STRING);
    }
    apply_set(apply, &shape->set);
    apply_set(apply, &products->definitions[shape->definition].set);
}

/* What is left of a message that only begins like a shape, of the group that knows most. */
static void apply_partial(struct product_applier *apply, slice text)
{
    const struct product_group *groups = apply->products->groups;
    size_t before = apply->view.seen;
    apply->best.count = 0;
    for (size_t i = product_set_next(&apply->groups, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->groups, i + 1)) {
        (void)product_shape_begin(&groups[i].tree, text, &apply->match);
        if (apply->match.count > apply->best.count)
            apply->best = apply->match;
    }
    apply_captures(apply, &apply->best, text);
    if (apply->view.seen > before)
        product_view_add(&apply->view, PRODUCT_UNDECODED, S("partial"), EVENT_STRING);
}

/* Tries the trees of the groups whose conditions hold, then the one of definitions without
 * conditions. */
static void apply_shapes(struct product_applier *apply)
{
    const struct product_group *groups = apply->products->groups;
    slice text = slice_trim(product_view_value(&apply->view, PRODUCT_MESSAGE));
    if (text.len == 0)
        return;
    for (size_t i = product_set_next(&apply->groups, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->groups, i + 1)) {
        if (product_shape_match(&groups[i].tree, text, &apply->match)) {
            apply_shape(apply, &apply->match, text);
            return;
        }
    }
    if (product_shape_match(&groups[0].tree, text, &apply->match))
        apply_shape(apply, &apply->match, text);
    else
        apply_partial(apply, text);
}

/* Groups whose `match` holds, and their definitions. */
static void apply_match(struct product_applier *apply)
{
    const struct products *products = apply->products;
    product_set_clear(&apply->groups);
    product_set_clear(&apply->recognised);
    apply->shaped = APPLY_NONE;
    if (apply->only != APPLY_NONE) {
        product_set_add(&apply->groups, products->definitions[apply->only].group);
        product_set_add(&apply->recognised, apply->only);
        return;
    }
    product_when_index_find(&products->by_match, &apply->view, 0, &apply->groups);
    for (size_t i = product_set_next(&apply->groups, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->groups, i + 1)) {
        const struct product_group *group = &products->groups[i];
        if (!product_when_list_holds(&group->match, &apply->view)) {
            product_set_remove(&apply->groups, i);
            continue;
        }
        for (size_t k = 0; k < group->definitions.count; k++)
            product_set_add(&apply->recognised, group->definitions.items[k]);
    }
}

/* --- map --- */

/* The value itself, or what the table has for it. */
static bool apply_table(const struct product_mapping *mapping, slice *value)
{
    if (mapping->table == NULL)
        return true;
    const struct product_row *row = product_table_find(mapping->table, *value);
    *value = row == NULL ? mapping->otherwise : row->value;
    return row != NULL || !slice_is_absent(mapping->otherwise);
}

/* Value by value of a list. */
static void apply_mapping_target(struct product_applier *apply,
    const struct product_mapping *mapping, const struct product_target *target)
{
    struct product_view *view = &apply->view;
    if (target->name != SHAPE_NAME_NONE && product_view_has(view, target->name))
        return;
    for (uint16_t at = view->first[mapping->from]; at != 0; at = view->links[at - 1].next) {
        struct event_field field = view->event->fields[at - 1];
        if (!apply_table(mapping, &field.value))
            continue;
        if (target->typed)
            apply_typed(apply, target->name, target->type, field.value, false);
        else
            product_view_add(view, target->name, field.value, field.type);
    }
}

static void apply_mapping_shape(
    struct product_applier *apply, const struct product_mapping *mapping)
{
    struct product_view *view = &apply->view;
    for (uint16_t at = view->first[mapping->from]; at != 0; at = view->links[at - 1].next) {
        slice value = view->event->fields[at - 1].value;
        if (product_shape_match(mapping->shape, value, &apply->match))
            apply_captures(apply, &apply->match, value);
    }
}

static void apply_step(struct product_applier *apply, const struct product_step *step)
{
    apply_set(apply, &step->set);
    for (size_t i = 0; i < step->field_count; i++) {
        const struct product_mapping *mapping = &step->fields[i];
        if (!product_view_has(&apply->view, step->from[i]))
            continue;
        for (size_t k = 0; k < mapping->target_count; k++)
            apply_mapping_target(apply, mapping, &mapping->targets[k]);
        if (mapping->shape != NULL)
            apply_mapping_shape(apply, mapping);
    }
}

/* Runs the entries of `map` in their order. What one adds may bring others in that come after it.
 */
static void apply_steps(struct product_applier *apply)
{
    const struct products *products = apply->products;
    size_t asked = 0;
    product_set_clear(&apply->steps);
    for (size_t i = product_set_next(&apply->recognised, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->recognised, i + 1)) {
        const struct when_items *plain = &products->definitions[i].plain_steps;
        for (size_t k = 0; k < plain->count; k++)
            product_set_add(&apply->steps, plain->items[k]);
    }
    for (size_t number = 0;; number++) {
        product_when_index_find(&products->by_when, &apply->view, asked, &apply->steps);
        asked = apply->view.asked_count;
        number = product_set_next(&apply->steps, number);
        if (number == PRODUCT_SET_END)
            break;
        const struct product_step *step = &products->steps[number];
        if (product_set_has(&apply->recognised, step->definition) &&
            product_when_list_holds(&step->when, &apply->view))
            apply_step(apply, step);
    }
}

static void apply_sets(struct product_applier *apply, bool general)
{
    const struct product_definition *definitions = apply->products->definitions;
    for (size_t i = product_set_next(&apply->recognised, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->recognised, i + 1))
        if (definitions[i].general == general)
            apply_set(apply, &definitions[i].set);
}

void product_apply(struct product_applier *applier, struct event *event)
{
    product_view_begin(&applier->view, event);
    apply_match(applier);
    apply_shapes(applier);
    apply_sets(applier, false);
    apply_sets(applier, true);
    apply_steps(applier);
    product_derive(&applier->view);
}
