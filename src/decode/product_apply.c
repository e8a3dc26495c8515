/* See product_apply.h. */
#include "decode/product_apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "decode/csv_record.h"
#include "decode/pairs.h"
#include "decode/product_complete.h"
#include "decode/product_derive.h"
#include "wire/json.h"

struct product_applier {
    const struct products *products;
    struct arena arena;
    struct product_view view;
    struct product_set groups;     /* whose conditions hold */
    struct product_set recognised; /* definitions */
    struct product_set steps;      /* entries of `map` that may concern the event */
    struct when_range *ranges;     /* those of the definitions that recognised it */
    struct shape_match match, best;
    size_t shaped; /* the definition whose shape the message has, or APPLY_NONE */
    struct csv_record row;
    struct json_parser *json; /* NULL until it is needed */
    int32_t zone_offset_s;    /* of stamps without one */
    bool zone_given;
    bool complete; /* make the fields of product_complete.h as well */
    void (*tell)(void *context, const struct product_trace *step, const struct event *event);
    void *tell_context; /* of `tell`, which is NULL unless somebody wants to know */
    bool timed;         /* a definition has told the time of the event at hand */
    size_t only;        /* the definition that all events are taken for, or APPLY_NONE */
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
    applier->ranges = ARENA_ARRAY(&applier->arena, struct when_range, products->definition_count);
    return applier;
}

void product_applier_free(struct product_applier *applier)
{
    if (applier == NULL)
        return;
    json_parser_free(applier->json);
    arena_free(&applier->arena);
    free(applier);
}

void product_applier_zone(struct product_applier *applier, int32_t zone_offset_s)
{
    applier->zone_offset_s = zone_offset_s;
    applier->zone_given = true;
}

void product_applier_trace(struct product_applier *applier,
    void (*tell)(void *context, const struct product_trace *step, const struct event *event),
    void *context)
{
    applier->tell = tell;
    applier->tell_context = context;
}

/* Tells of a step of a definition (or of none) that added the fields from `first` on. */
static void apply_tell(struct product_applier *apply, enum product_step_kind kind,
    size_t definition, uint32_t line, size_t first)
{
    if (apply->tell == NULL || (kind != PRODUCT_STEP_RECOGNISED && kind != PRODUCT_STEP_PARTIAL &&
                                   first == apply->view.seen))
        return;
    const struct product_trace step = {.kind = kind,
        .path = definition == APPLY_NONE ? (slice){NULL, 0}
                                         : apply->products->definitions[definition].path,
        .line = line,
        .first = first,
        .end = apply->view.seen,
        .reached = kind == PRODUCT_STEP_PARTIAL ? apply->best.reached : 0};
    apply->tell(apply->tell_context, &step, apply->view.event);
}

void product_applier_complete(struct product_applier *applier)
{
    applier->complete = true;
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

/* What each event of a definition gets. */
static void apply_definition_set(struct product_applier *apply, size_t definition)
{
    size_t before = apply->view.seen;
    apply_set(apply, &apply->products->definitions[definition].set);
    apply_tell(apply, PRODUCT_STEP_SET, definition, 1, before);
}

/* --- values --- */

/* The leaves of a JSON text, lists as such. */
static void apply_json(struct product_applier *apply, uint32_t name, slice text)
{
    static const enum event_type types[] = {[JSON_STRING] = EVENT_STRING,
        [JSON_NUMBER] = EVENT_NUMBER,
        [JSON_BOOL] = EVENT_BOOL,
        [JSON_NULL] = EVENT_NULL};
    struct json_flat flat;
    slice added = {NULL, 0};
    if (apply->json == NULL)
        apply->json = json_parser_new();
    if (json_flatten(apply->json, apply->view.event->arena, text, &flat, NULL) != RESULT_OK ||
        flat.top != JSON_OBJECT)
        return;
    for (size_t i = 0; i < flat.count; i++) {
        const struct json_field *field = &flat.fields[i];
        if (field->type > JSON_NULL) /* its leaves follow */
            continue;
        if (added.at != NULL && slice_equal(added, field->path))
            product_view_add_again(&apply->view, field->value, types[field->type]);
        else if (product_view_add_part(
                     &apply->view, name, field->path, field->value, types[field->type]))
            added = field->path;
    }
}

/* The fields of a type that makes several: PREFIX.part. Of a part that is there twice the first
 * counts. */
static void apply_several(
    struct product_applier *apply, uint32_t name, enum product_type type, slice text)
{
    slice rest = slice_trim(text);
    struct product_part part;
    if (type == PRODUCT_TYPE_JSON) {
        apply_json(apply, name, rest);
        return;
    }
    while (product_type_next_part(type, apply->view.event->arena, &rest, &part))
        product_view_add_part(&apply->view, name, part.name, part.value, EVENT_STRING);
}

/* What a product says of its time counts for more than what the container says of it; but a stamp
 * without a zone is worth less than one that is whole. Of several the first counts. */
static void apply_time(struct product_applier *apply, slice text)
{
    struct event *event = apply->view.event;
    struct stamp stamp;
    int64_t time_ns;
    if (apply->timed || !product_type_stamp(text, &stamp) || (stamp.missing & STAMP_NO_YEAR) ||
        !stamp_to_ns(&stamp, 0, apply->zone_offset_s, &time_ns))
        return;
    bool zone_assumed = (stamp.missing & STAMP_NO_ZONE) != 0 && !apply->zone_given;
    if (zone_assumed && event->time_ns != CIVIL_TIME_NONE && event->time_assumed == 0)
        return;
    event->time_ns = time_ns;
    event->time_assumed = zone_assumed ? EVENT_TIME_ASSUMED_ZONE : 0;
    apply->timed = true;
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
        apply_time(apply, text);
    else
        product_view_add(&apply->view, name, value, field_type);
}

_Static_assert(PATTERN_CAPTURES_MAX <= 32, "captures of a shape as bits");

/* The captures of a text, each where the event had no such field before; of a list's later values
 * also where an earlier one made it: `own` is the first field of theirs. */
static void apply_captures(
    struct product_applier *apply, const struct shape_match *match, slice text, size_t own)
{
    uint32_t wanted = 0;
    for (size_t i = 0; i < match->count; i++) {
        const struct shape_span *span = &match->spans[i];
        bool several = product_type_is_several(span->type);
        if (span->name == SHAPE_NAME_NONE
                ? span->type == PRODUCT_TYPE_KV
                : several || !product_view_has(&apply->view, span->name) ||
                      apply->view.first[span->name] > own)
            wanted |= UINT32_C(1) << i;
    }
    for (; wanted != 0; wanted &= wanted - 1) {
        const struct shape_span *span = &match->spans[__builtin_ctz(wanted)];
        apply_typed(apply, span->name, span->type, slice_sub(text, span->start, span->len), true);
    }
}

/* The words that were chosen. */
static void apply_constants(struct product_applier *apply, const struct shape_end *end)
{
    for (size_t i = 0; i < end->constant_count; i++) {
        const struct shape_constant *constant = &end->constants[i];
        if (!product_view_has(&apply->view, constant->name))
            product_view_add(&apply->view, constant->name, constant->value, EVENT_STRING);
    }
}

/* --- shapes --- */

static void apply_shape(struct product_applier *apply, const struct shape_match *match, slice text)
{
    const struct products *products = apply->products;
    const struct product_shape *shape = &products->shapes[match->end->shape];
    size_t before = apply->view.seen;
    product_set_add(&apply->recognised, shape->definition);
    apply->shaped = shape->definition;
    apply_captures(apply, match, text, apply->view.seen);
    apply_constants(apply, match->end);
    apply_set(apply, &shape->set);
    apply_tell(apply, PRODUCT_STEP_SHAPE, shape->definition, shape->line, before);
    apply_definition_set(apply, shape->definition);
}

/* Says so when fields were added from `before` on by a shape that does not fit to the end. */
static void apply_mark_partial(struct product_applier *apply, size_t before)
{
    if (apply->view.seen > before && !product_view_has(&apply->view, PRODUCT_UNDECODED))
        product_view_add(&apply->view, PRODUCT_UNDECODED, S("partial"), EVENT_STRING);
}

/* What is left of a message that only begins like a shape, of the group that knows most. */
static void apply_partial(struct product_applier *apply, slice text)
{
    const struct product_group *groups = apply->products->groups;
    size_t before = apply->view.seen;
    apply->best.count = 0;
    apply->best.reached = 0;
    apply->best.nearest = NULL;
    for (size_t i = product_set_next(&apply->groups, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->groups, i + 1)) {
        (void)product_shape_begin(&groups[i].tree, text, &apply->match);
        if (apply->match.count > apply->best.count ||
            (apply->best.count == 0 && apply->match.reached > apply->best.reached))
            apply->best = apply->match;
    }
    apply_captures(apply, &apply->best, text, before);
    apply_mark_partial(apply, before);
    if (apply->tell != NULL && apply->best.nearest == NULL && groups[0].tree.root != NULL) {
        (void)product_shape_begin(&groups[0].tree, text, &apply->match);
        apply->best.reached = apply->match.reached;
        apply->best.nearest = apply->match.nearest;
    }
    if (apply->tell != NULL && apply->best.nearest != NULL) {
        const struct product_shape *shape = &apply->products->shapes[apply->best.nearest->shape];
        apply_tell(apply, PRODUCT_STEP_PARTIAL, shape->definition, shape->line, before);
    }
}

/* Whether a shape of the group fits, of a definition that the event may belong to. */
static bool apply_group(
    struct product_applier *apply, const struct product_group *group, slice text)
{
    if (!product_shape_match(&group->tree, text, &apply->match))
        return false;
    size_t definition = apply->products->shapes[apply->match.end->shape].definition;
    if (apply->only != APPLY_NONE && definition != apply->only)
        return false;
    apply_shape(apply, &apply->match, text);
    return true;
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
         i = product_set_next(&apply->groups, i + 1))
        if (apply_group(apply, &groups[i], text))
            return;
    if (!apply_group(apply, &groups[0], text))
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
    const struct when_range all = {0, UINT32_MAX};
    product_when_index_find(&products->by_match, &apply->view, 0, &all, 1, &apply->groups);
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

/* What an event has stays, but for its time: see apply_time. */
static bool apply_is_settled(const struct product_view *view, uint32_t name)
{
    return name != PRODUCT_TIMESTAMP && product_view_has(view, name);
}

/* One value to one target. */
static void apply_target(struct product_applier *apply, const struct product_target *target,
    slice value, enum event_type type)
{
    if (target->typed)
        apply_typed(apply, target->name, target->type, value, false);
    else
        product_view_add(&apply->view, target->name, value, type);
}

/* One field's value, which may be a list that is written in one. */
static void apply_value(struct product_applier *apply, const struct product_mapping *mapping,
    const struct product_target *target, const struct event_field *field)
{
    slice rest = field->value;
    if (slice_is_absent(mapping->between)) {
        if (apply_table(mapping, &rest))
            apply_target(apply, target, rest, mapping->table == NULL ? field->type : EVENT_STRING);
        return;
    }
    while (rest.len > 0) {
        size_t end = slice_find(rest, mapping->between);
        slice value = slice_trim(slice_first(rest, end));
        rest = slice_from(rest, size_min(end + mapping->between.len, rest.len));
        if (value.len > 0 && apply_table(mapping, &value))
            apply_target(apply, target, value, EVENT_STRING);
    }
}

/* Values of a field that are looked at for one that is there already. */
#define APPLY_ONCE_MAX 64

static bool apply_is_there(const struct product_view *view, uint32_t name, slice value)
{
    uint16_t at = view->first[name];
    for (size_t i = 0; i < APPLY_ONCE_MAX && at != 0; i++, at = view->links[at - 1].next)
        if (slice_equal(view->event->fields[at - 1].value, value))
            return true;
    return false;
}

/* Value by value of a list. */
static void apply_mapping_target(struct product_applier *apply,
    const struct product_mapping *mapping, const struct product_target *target)
{
    struct product_view *view = &apply->view;
    if (target->name != SHAPE_NAME_NONE && apply_is_settled(view, target->name))
        return;
    for (uint16_t at = view->first[mapping->from]; at != 0; at = view->links[at - 1].next) {
        struct event_field field = view->event->fields[at - 1];
        if (!mapping->once || target->name == SHAPE_NAME_NONE ||
            !apply_is_there(view, target->name, field.value))
            apply_value(apply, mapping, target, &field);
    }
}

/* One value; `own` as in apply_captures. */
static void apply_parts(
    struct product_applier *apply, const struct product_parts *parts, slice value, size_t own)
{
    size_t before = apply->view.seen;
    value = slice_trim(value);
    if (product_shape_match(&parts->tree, value, &apply->match)) {
        apply_captures(apply, &apply->match, value, own);
        apply_constants(apply, apply->match.end);
        apply_set(apply, &parts->sets[apply->match.end->shape]);
        return;
    }
    if (!parts->whole)
        return;
    (void)product_shape_begin(&parts->tree, value, &apply->match);
    apply_captures(apply, &apply->match, value, own);
    apply_mark_partial(apply, before);
}

static void apply_row(
    struct product_applier *apply, const struct product_mapping *mapping, slice value)
{
    struct csv_record *row = &apply->row;
    csv_record_parse(row, apply->view.event->arena, value, mapping->separator, true);
    for (size_t i = 0; i < row->count && i < mapping->column_count; i++) {
        const struct product_column *column = &mapping->columns[i];
        slice cell = slice_trim(row->values[i]);
        for (size_t k = 0; k < column->count && cell.len > 0; k++)
            if (column->targets[k].name == SHAPE_NAME_NONE ||
                !product_view_has(&apply->view, column->targets[k].name))
                apply_target(apply, &column->targets[k], cell, EVENT_STRING);
    }
}

static void apply_pairs(
    struct product_applier *apply, const struct product_mapping *mapping, slice value)
{
    struct pair pair;
    while (pairs_next_between(&value, mapping->assign, mapping->between, &pair))
        product_view_add_part(
            &apply->view, mapping->targets[0].name, pair.key, pair.value, EVENT_STRING);
}

static bool apply_is_of(const struct product_mapping *mapping, uint32_t name)
{
    for (size_t i = 0; i < mapping->of_count; i++)
        if (mapping->of[i] == name)
            return true;
    return false;
}

/* The values of one name: those between it and the next name, as they stand in the record. */
static void apply_named_value(struct product_applier *apply, const struct product_mapping *mapping,
    slice part, size_t first, size_t end)
{
    struct product_view *view = &apply->view;
    uint32_t of = PRODUCT_WORD_NONE;
    for (size_t i = first; i < end; i++) {
        uint32_t name = view->links[i].name;
        if (of == PRODUCT_WORD_NONE ? !apply_is_of(mapping, name) : name != of)
            continue;
        struct event_field value = view->event->fields[i];
        if (of != PRODUCT_WORD_NONE)
            product_view_add_again(view, value.value, value.type);
        else if (!product_view_add_part(
                     view, mapping->targets[0].name, part, value.value, value.type))
            return;
        of = name;
    }
}

static size_t apply_count(const struct product_view *view, uint32_t name)
{
    size_t count = 0;
    for (uint16_t at = view->first[name]; at != 0; at = view->links[at - 1].next)
        count++;
    return count;
}

/* Names and values side by side: the first value is that of the first name. */
static void apply_named_by_place(
    struct product_applier *apply, const struct product_mapping *mapping)
{
    struct product_view *view = &apply->view;
    uint16_t value = view->first[mapping->of[0]];
    if (apply_count(view, mapping->from) != apply_count(view, mapping->of[0]))
        return;
    for (uint16_t at = view->first[mapping->from]; at != 0; at = view->links[at - 1].next) {
        struct event_field field = view->event->fields[value - 1];
        slice part = slice_trim(view->event->fields[at - 1].value);
        value = view->links[value - 1].next;
        if (part.len > 0)
            (void)product_view_add_part(
                view, mapping->targets[0].name, part, field.value, field.type);
    }
}

/* A list of objects, each with a name and a value. Where the values stand before their names, only
 * as many values as names tell whose they are. */
static void apply_named(struct product_applier *apply, const struct product_mapping *mapping)
{
    struct product_view *view = &apply->view;
    size_t seen = view->seen;
    for (size_t i = 0; i < mapping->of_count; i++) {
        uint16_t value = view->first[mapping->of[i]];
        if (value == 0 || value > view->first[mapping->from])
            continue;
        if (mapping->of_count == 1)
            apply_named_by_place(apply, mapping);
        return;
    }
    for (uint16_t at = view->first[mapping->from]; at != 0; at = view->links[at - 1].next) {
        uint16_t next = view->links[at - 1].next;
        slice part = slice_trim(view->event->fields[at - 1].value);
        if (part.len > 0)
            apply_named_value(apply, mapping, part, at, next == 0 ? seen : next - 1u);
    }
}

/* A value that is taken apart. */
static void apply_apart(struct product_applier *apply, const struct product_mapping *mapping)
{
    struct product_view *view = &apply->view;
    size_t own = view->seen;
    if (mapping->of != NULL) {
        apply_named(apply, mapping);
        return;
    }
    if (mapping->from == PRODUCT_MESSAGE)
        view->event->message_read = true;
    for (uint16_t at = view->first[mapping->from]; at != 0; at = view->links[at - 1].next) {
        slice value = view->event->fields[at - 1].value;
        if (mapping->parts != NULL)
            apply_parts(apply, mapping->parts, value, own);
        else if (mapping->columns != NULL)
            apply_row(apply, mapping, value);
        else
            apply_pairs(apply, mapping, value);
    }
}

/* Puts a text together; nothing when a field that it needs is missing. */
static void apply_join(struct product_applier *apply, const struct product_join *join)
{
    struct product_view *view = &apply->view;
    uint32_t missing = 0;
    size_t len = 0;
    for (size_t i = 0; i < join->count; i++) {
        const struct product_piece *piece = &join->pieces[i];
        slice value =
            piece->name == SHAPE_NAME_NONE ? piece->literal : product_view_value(view, piece->name);
        if (value.len == 0)
            missing |= UINT32_C(1) << piece->group;
        len += value.len;
    }
    if ((missing & 1) != 0 || apply_is_settled(view, join->target.name))
        return;
    struct buf text;
    buf_init_fixed(&text, arena_bytes(view->event->arena, len), len);
    for (size_t i = 0; i < join->count; i++) {
        const struct product_piece *piece = &join->pieces[i];
        if ((missing >> piece->group & 1) == 0)
            buf_append(&text, piece->name == SHAPE_NAME_NONE
                                  ? piece->literal
                                  : product_view_value(view, piece->name));
    }
    apply_target(apply, &join->target, buf_slice(&text), EVENT_STRING);
}

static void apply_step(struct product_applier *apply, const struct product_step *step)
{
    size_t before = apply->view.seen;
    apply_set(apply, &step->set);
    for (size_t i = 0; i < step->join_count; i++)
        apply_join(apply, &step->joins[i]);
    for (size_t i = 0; i < step->field_count; i++) {
        const struct product_mapping *mapping = &step->fields[i];
        if (!product_view_has(&apply->view, step->from[i]))
            continue;
        if (mapping->parts != NULL || mapping->columns != NULL || mapping->of != NULL ||
            !slice_is_absent(mapping->assign)) {
            apply_apart(apply, mapping);
            continue;
        }
        for (size_t k = 0; k < mapping->target_count; k++)
            apply_mapping_target(apply, mapping, &mapping->targets[k]);
    }
    apply_tell(apply, PRODUCT_STEP_MAP, step->definition, step->line, before);
}

/* Runs the entries of `map` in their order. What one adds may bring others in that come after it.
 */
static void apply_steps(struct product_applier *apply)
{
    const struct products *products = apply->products;
    size_t asked = 0, range_count = 0;
    product_set_clear(&apply->steps);
    for (size_t i = product_set_next(&apply->recognised, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->recognised, i + 1)) {
        const struct when_items *plain = &products->definitions[i].plain_steps;
        for (size_t k = 0; k < plain->count; k++)
            product_set_add(&apply->steps, plain->items[k]);
        apply->ranges[range_count++] = products->definitions[i].steps;
    }
    for (size_t number = 0;; number++) {
        product_when_index_find(
            &products->by_when, &apply->view, asked, apply->ranges, range_count, &apply->steps);
        asked = apply->view.asked_count;
        number = product_set_next(&apply->steps, number);
        if (number == PRODUCT_SET_END)
            break;
        const struct product_step *step = &products->steps[number];
        if (product_when_list_holds(&step->when, &apply->view))
            apply_step(apply, step);
    }
}

static void apply_sets(struct product_applier *apply, bool general)
{
    const struct product_definition *definitions = apply->products->definitions;
    for (size_t i = product_set_next(&apply->recognised, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->recognised, i + 1))
        if (definitions[i].general == general)
            apply_definition_set(apply, i);
}

static void apply_tell_recognised(struct product_applier *apply)
{
    for (size_t i = product_set_next(&apply->recognised, 0); i != PRODUCT_SET_END;
         i = product_set_next(&apply->recognised, i + 1))
        apply_tell(apply, PRODUCT_STEP_RECOGNISED, i, 1, apply->view.seen);
}

void product_apply(struct product_applier *applier, struct event *event)
{
    product_view_begin(&applier->view, event);
    applier->timed = false;
    apply_match(applier);
    if (applier->tell != NULL)
        apply_tell_recognised(applier);
    apply_shapes(applier);
    apply_sets(applier, false);
    apply_sets(applier, true);
    apply_steps(applier);
    if (applier->shaped != APPLY_NONE)
        event->message_read = true;
    if (product_view_has(&applier->view, PRODUCT_UNDECODED))
        event->message_read = false;
    size_t before = applier->view.seen;
    product_derive(&applier->view);
    if (applier->complete)
        product_complete(&applier->view);
    apply_tell(applier, PRODUCT_STEP_DERIVED, APPLY_NONE, 0, before);
    product_view_sweep(&applier->view);
}
