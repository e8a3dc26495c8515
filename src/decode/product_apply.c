/* See product_apply.h. */
#include "decode/product_apply.h"

#include <string.h>

#include "base/base.h"
#include "decode/product_derive.h"

/* One event on its way through the definitions. */
struct apply {
    const struct products *products;
    struct event *event;
    struct when_view view;
    uint64_t *recognised; /* definitions, as bits */
};

static bool apply_bit(const uint64_t *bits, size_t number)
{
    return (bits[number / 64] >> (number % 64) & 1) != 0;
}

static uint64_t *apply_bits(struct apply *apply, size_t count)
{
    return ARENA_ARRAY(apply->event->arena, uint64_t, count / 64 + 1);
}

static bool apply_has(const struct apply *apply, uint32_t name)
{
    size_t at;
    return product_when_view_first(&apply->view, name, &at) != NULL;
}

/* Adds a field under a name that definitions speak of. */
static void apply_add(struct apply *apply, uint32_t name, slice value, enum event_type type)
{
    const struct when_names *names = &apply->products->names;
    if (names->ecs[name])
        event_add_ecs(apply->event, names->texts[name], value, type);
    else
        event_add(apply->event, names->texts[name], value, type);
}

static void apply_set(struct apply *apply, const struct product_constants *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct product_constant *constant = &set->items[i];
        if (apply_has(apply, constant->name))
            continue;
        for (size_t k = 0; k < constant->count; k++)
            apply_add(apply, constant->name, constant->values[k], constant->type);
        product_when_view_update(&apply->view);
    }
}

/* --- values --- */

static slice apply_join(struct arena *arena, slice prefix, slice name)
{
    if (prefix.len == 0)
        return name;
    char *joined = arena_bytes(arena, prefix.len + 1 + name.len);
    memcpy(joined, prefix.at, prefix.len);
    joined[prefix.len] = '.';
    if (name.len > 0)
        memcpy(joined + prefix.len + 1, name.at, name.len);
    return slice_make(joined, prefix.len + 1 + name.len);
}

static bool apply_has_named(const struct event *event, slice name)
{
    for (size_t i = 0; i < event->count; i++)
        if (event->fields[i].name.len == name.len && slice_equal(event->fields[i].name, name))
            return true;
    return false;
}

/* The fields of a type that makes several: PREFIX.part. Of a part that is there twice the first
 * counts. */
static void apply_several(struct apply *apply, uint32_t name, enum product_type type, slice text)
{
    struct event *event = apply->event;
    const struct when_names *names = &apply->products->names;
    bool bare = name == SHAPE_NAME_NONE;
    slice prefix = bare ? S("") : names->texts[name];
    slice rest = slice_trim(text);
    struct product_part part;
    /* What the first part of a name says of all of them. */
    bool ecs = !bare && (names->ecs[name] ||
                            product_when_name_is_ecs(apply_join(event->arena, prefix, S("part"))));
    while (product_type_next_part(type, event->arena, &rest, &part)) {
        slice whole = apply_join(event->arena, prefix, part.name);
        if (apply_has_named(event, whole))
            continue;
        if (bare ? product_when_name_is_ecs(whole) : ecs)
            event_add_ecs(event, whole, part.value, EVENT_STRING);
        else
            event_add_string(event, whole, part.value);
    }
}

static void apply_time(struct apply *apply, slice text)
{
    struct stamp stamp;
    int64_t time_ns;
    if (apply->event->time_ns != CIVIL_TIME_NONE || !product_type_stamp(text, &stamp) ||
        (stamp.missing & STAMP_NO_YEAR) || !stamp_to_ns(&stamp, 0, 0, &time_ns))
        return;
    apply->event->time_ns = time_ns;
    if (stamp.missing & STAMP_NO_ZONE)
        apply->event->time_assumed |= EVENT_TIME_ASSUMED_ZONE;
}

static void apply_typed(struct apply *apply, uint32_t name, enum product_type type, slice text)
{
    slice value;
    enum event_type field_type;
    if (product_type_is_several(type)) {
        apply_several(apply, name, type, text);
        return;
    }
    if (name == SHAPE_NAME_NONE ||
        !product_type_convert(type, text, apply->event->arena, &value, &field_type))
        return;
    if (slice_equal(apply->products->names.texts[name], S("@timestamp")))
        apply_time(apply, text);
    else
        apply_add(apply, name, value, field_type);
}

/* The captures of a message, each where the event has no such field yet. */
static void apply_captures(struct apply *apply, const struct shape_match *match, slice text)
{
    for (size_t i = 0; i < match->count; i++) {
        const struct shape_span *span = &match->spans[i];
        bool several = product_type_is_several(span->type);
        if (span->name == SHAPE_NAME_NONE ? span->type != PRODUCT_TYPE_KV
                                          : !several && apply_has(apply, span->name))
            continue;
        apply_typed(apply, span->name, span->type, slice_sub(text, span->start, span->len));
    }
    product_when_view_update(&apply->view);
}

/* --- shapes --- */

static void apply_recognise(struct apply *apply, uint32_t definition)
{
    apply->recognised[definition / 64] |= UINT64_C(1) << (definition % 64);
}

static void apply_shape(struct apply *apply, const struct shape_match *match, slice text)
{
    const struct products *products = apply->products;
    const struct product_shape *shape = &products->shapes[match->end->shape];
    apply_recognise(apply, shape->definition);
    apply_captures(apply, match, text);
    for (size_t i = 0; i < match->end->constant_count; i++) {
        const struct pattern_constant *constant = &match->end->constants[i];
        const uint64_t *name = map_find(&products->names.numbers, constant->name);
        if (!apply_has(apply, (uint32_t)*name))
            apply_add(apply, (uint32_t)*name, constant->value, EVENT_STRING);
    }
    product_when_view_update(&apply->view);
    apply_set(apply, &shape->set);
    apply_set(apply, &products->definitions[shape->definition].set);
}

/* What is left of a message that only begins like a shape. */
static void apply_partial(struct apply *apply, const struct shape_match *match, slice text)
{
    size_t before = apply->event->count;
    apply_captures(apply, match, text);
    if (apply->event->count > before)
        event_add_ecs(apply->event, S("event.undecoded"), S("partial"), EVENT_STRING);
    product_when_view_update(&apply->view);
}

/* Tries the trees of the groups whose conditions hold, then the one of definitions without
 * conditions. */
static void apply_shapes(struct apply *apply, const uint64_t *groups)
{
    const struct products *products = apply->products;
    slice text = slice_trim(event_value(apply->event, S("message")));
    struct shape_match match, best = {.count = 0};
    if (text.len == 0)
        return;
    for (size_t i = 0; i < products->group_count; i++) {
        if (!apply_bit(groups, i))
            continue;
        if (product_shape_match(&products->groups[i].tree, text, &match)) {
            apply_shape(apply, &match, text);
            return;
        }
        if (match.count > best.count)
            best = match;
    }
    if (product_shape_match(&products->groups[0].tree, text, &match))
        apply_shape(apply, &match, text);
    else
        apply_partial(apply, &best, text);
}

/* Groups whose `match` holds, and their definitions. */
static uint64_t *apply_match(struct apply *apply)
{
    const struct products *products = apply->products;
    uint64_t *groups = apply_bits(apply, products->group_count);
    product_when_index_find(&products->by_match, &apply->view, 0, groups);
    for (size_t i = 0; i < products->group_count; i++) {
        const struct product_group *group = &products->groups[i];
        if (!apply_bit(groups, i))
            continue;
        if (!product_when_list_holds(&group->match, &apply->view)) {
            groups[i / 64] &= ~(UINT64_C(1) << (i % 64));
            continue;
        }
        for (size_t k = 0; k < group->definition_count; k++)
            apply_recognise(apply, group->definitions[k]);
    }
    return groups;
}

/* --- map --- */

static bool apply_table(const struct product_mapping *mapping, slice *value)
{
    const struct product_table *table = mapping->table;
    for (size_t i = 0; i < table->count; i++) {
        const struct product_row *row = &table->rows[i];
        if (product_when_value_holds(&row->key, *value)) {
            *value = row->value;
            return true;
        }
    }
    *value = mapping->otherwise;
    return !slice_is_absent(mapping->otherwise);
}

static void apply_target(struct apply *apply, const struct product_target *target,
    const struct event_field *field, slice value)
{
    if (target->typed)
        apply_typed(apply, target->name, target->type, value);
    else
        apply_add(apply, target->name, value, field->type);
}

/* Value by value of a list. */
static void apply_mapping_target(
    struct apply *apply, const struct product_mapping *mapping, const struct product_target *target)
{
    size_t at;
    if (target->name != SHAPE_NAME_NONE && apply_has(apply, target->name))
        return;
    for (const struct event_field *field =
             product_when_view_first(&apply->view, mapping->from, &at);
         field != NULL; field = product_when_view_next(&apply->view, mapping->from, &at)) {
        struct event_field copy = *field;
        if (mapping->table == NULL || apply_table(mapping, &copy.value))
            apply_target(apply, target, &copy, copy.value);
    }
    product_when_view_update(&apply->view);
}

static void apply_mapping_shape(struct apply *apply, const struct product_mapping *mapping)
{
    size_t at;
    struct shape_match match;
    for (const struct event_field *field =
             product_when_view_first(&apply->view, mapping->from, &at);
         field != NULL; field = product_when_view_next(&apply->view, mapping->from, &at)) {
        slice value = field->value;
        if (product_shape_match(mapping->shape, value, &match))
            apply_captures(apply, &match, value);
    }
}

static void apply_mapping(struct apply *apply, const struct product_mapping *mapping)
{
    if (!apply_has(apply, mapping->from))
        return;
    for (size_t i = 0; i < mapping->target_count; i++)
        apply_mapping_target(apply, mapping, &mapping->targets[i]);
    if (mapping->shape != NULL)
        apply_mapping_shape(apply, mapping);
}

static void apply_step(struct apply *apply, const struct product_step *step)
{
    if (!apply_bit(apply->recognised, step->definition) ||
        !product_when_list_holds(&step->when, &apply->view))
        return;
    apply_set(apply, &step->set);
    for (size_t i = 0; i < step->field_count; i++)
        apply_mapping(apply, &step->fields[i]);
}

/* The first bit that is set from `number` on, or `count`. */
static size_t apply_next_bit(const uint64_t *bits, size_t number, size_t count)
{
    while (number < count) {
        uint64_t word = bits[number / 64] >> (number % 64);
        if (word != 0)
            return number + (size_t)__builtin_ctzll(word);
        number = (number / 64 + 1) * 64;
    }
    return count;
}

/* Runs the entries of `map` in their order. What one adds may bring others in that come after it.
 */
static void apply_steps_of(struct apply *apply, uint64_t *steps, bool general)
{
    const struct products *products = apply->products;
    size_t number = apply_next_bit(steps, 0, products->step_count);
    while (number < products->step_count) {
        const struct product_step *step = &products->steps[number];
        size_t seen = apply->view.seen;
        if (products->definitions[step->definition].general == general)
            apply_step(apply, step);
        if (apply->view.seen > seen)
            product_when_index_find(&products->by_when, &apply->view, seen, steps);
        number = apply_next_bit(steps, number + 1, products->step_count);
    }
}

static void apply_steps(struct apply *apply)
{
    const struct products *products = apply->products;
    uint64_t *steps = apply_bits(apply, products->step_count);
    product_when_index_find(&products->by_when, &apply->view, 0, steps);
    for (size_t i = 0; i < products->definition_count; i++) {
        const struct product_definition *definition = &products->definitions[i];
        if (!apply_bit(apply->recognised, i))
            continue;
        for (size_t k = 0; k < definition->plain_step_count; k++)
            steps[definition->plain_steps[k] / 64] |= UINT64_C(1)
                                                      << (definition->plain_steps[k] % 64);
    }
    apply_steps_of(apply, steps, false);
    apply_steps_of(apply, steps, true);
}

static void apply_sets(struct apply *apply, bool general)
{
    const struct product_definition *definitions = apply->products->definitions;
    for (size_t word = 0; word <= apply->products->definition_count / 64; word++) {
        for (uint64_t left = apply->recognised[word]; left != 0; left &= left - 1) {
            size_t number = word * 64 + (size_t)__builtin_ctzll(left);
            if (definitions[number].general == general)
                apply_set(apply, &definitions[number].set);
        }
    }
}

void product_apply(const struct products *products, struct event *event)
{
    struct apply apply = {.products = products, .event = event};
    ASSERT(products->finished);
    product_when_view_begin(&apply.view, &products->names, event);
    apply.recognised = apply_bits(&apply, products->definition_count);
    apply_shapes(&apply, apply_match(&apply));
    apply_sets(&apply, false);
    apply_sets(&apply, true);
    apply_steps(&apply);
    product_derive(&apply.view);
}
