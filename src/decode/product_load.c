/* See product_load.h. A definition is first read whole into memory of its own; only when nothing is
 * wrong with it is it joined to the others, so that a mistake leaves no half of it behind. */
#include "decode/product_load.h"

#include <string.h>

#include "base/base.h"
#include "decode/product_mapping.h"

/* Names that the product's own may stand under: every entry of `map` is there once for each. */
#define LOAD_UNDER_MAX 4

/* A shape's variant, until it goes into the tree. */
struct load_variant {
    const struct pattern *pattern;
    uint32_t shape; /* in this file, from 0 */
};

struct load {
    struct products *products;
    struct product_reader reader;
    struct arena scratch;
    struct product_definition definition;
    struct when_list match;
    struct product_shape *shapes;
    size_t shape_count, shape_capacity;
    struct load_variant *variants;
    size_t variant_count, variant_capacity;
    struct shape_tree own; /* of this file, to find shapes that are there twice */
    struct product_step *steps;
    size_t step_count, step_capacity;
};

static bool load_refuse(struct load *load, const struct yaml_node *node, enum text why, slice what)
{
    return product_reader_refuse(&load->reader, node, 0, why, what);
}

/* --- shapes --- */

static bool load_variant_add(struct load *load, const struct yaml_node *node,
    const struct pattern *pattern, const struct shape_tree *group)
{
    uint32_t number = (uint32_t)load->shape_count - 1;
    const struct shape_end *twin = product_shape_find(&load->own, pattern);
    if (twin != NULL)
        return twin->shape == number ||
               load_refuse(load, node, TEXT_PRODUCT_SHAPE_TWICE, load->reader.path);
    twin = group == NULL ? NULL : product_shape_find(group, pattern);
    if (twin != NULL) {
        uint32_t other = load->products->shapes[twin->shape].definition;
        return load_refuse(
            load, node, TEXT_PRODUCT_SHAPE_TWICE, load->products->definitions[other].path);
    }
    struct shape_end *end = ARENA_NEW(&load->scratch, struct shape_end);
    end->shape = number;
    product_shape_add(&load->own, &load->scratch, pattern, end);
    if (load->variant_count == load->variant_capacity)
        load->variants = arena_grow(
            &load->scratch, load->variants, &load->variant_capacity, sizeof(struct load_variant));
    load->variants[load->variant_count++] = (struct load_variant){pattern, number};
    return true;
}

static bool load_pattern(
    struct load *load, const struct yaml_node *node, const struct shape_tree *group)
{
    struct pattern_list list;
    if (!product_reader_pattern(&load->reader, node, &load->scratch, &list))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (!load_variant_add(load, node, &list.items[i], group))
            return false;
    return true;
}

static bool load_shape(
    struct load *load, const struct yaml_node *node, const struct shape_tree *group)
{
    static const slice keys[] = {S_INIT("shape"), S_INIT("set")};
    if (!product_reader_keys(&load->reader, node, keys, 2))
        return false;
    const struct yaml_node *shape = yaml_get(node, S("shape"));
    if (shape == NULL || shape->type == YAML_MAPPING)
        return load_refuse(load, node, TEXT_PRODUCT_KEY_MISSING, S("shape"));
    if (load->shape_count == load->shape_capacity)
        load->shapes = arena_grow(
            &load->scratch, load->shapes, &load->shape_capacity, sizeof(struct product_shape));
    struct product_shape *made = &load->shapes[load->shape_count++];
    *made = (struct product_shape){.line = node->line};
    if (!product_reader_set(&load->reader, yaml_get(node, S("set")), &made->set))
        return false;
    if (shape->type == YAML_SCALAR)
        return load_pattern(load, shape, group);
    for (size_t i = 0; i < shape->count; i++)
        if (!load_pattern(load, shape->items[i], group))
            return false;
    return true;
}

static bool load_shapes(
    struct load *load, const struct yaml_node *node, const struct shape_tree *group)
{
    if (node == NULL)
        return true;
    if (node->type != YAML_SEQUENCE)
        return load_refuse(load, node, TEXT_PRODUCT_LIST, S("shapes"));
    for (size_t i = 0; i < node->count; i++)
        if (!load_shape(load, node->items[i], group))
            return false;
    return true;
}

/* --- map --- */

static struct product_step *load_step_new(struct load *load, const struct yaml_node *node)
{
    if (load->step_count == load->step_capacity)
        load->steps = arena_grow(
            &load->scratch, load->steps, &load->step_capacity, sizeof(struct product_step));
    struct product_step *step = &load->steps[load->step_count++];
    *step = (struct product_step){.line = node->line};
    return step;
}

static bool load_fields(
    struct load *load, const struct yaml_node *fields, struct product_step *step)
{
    if (fields == NULL)
        return true;
    if (fields->type != YAML_MAPPING)
        return load_refuse(load, fields, TEXT_PRODUCT_MAPPING, S("fields"));
    step->field_count = fields->count;
    step->fields = ARENA_ARRAY(&load->products->arena, struct product_mapping, fields->count);
    step->from = ARENA_ARRAY(&load->products->arena, uint32_t, fields->count);
    for (size_t i = 0; i < fields->count; i++) {
        if (!product_mapping_read(
                &load->reader, fields->keys[i], fields->items[i], &step->fields[i]))
            return false;
        step->from[i] = step->fields[i].from;
    }
    return true;
}

static bool load_joins(struct load *load, const struct yaml_node *joins, struct product_step *step)
{
    if (joins == NULL)
        return true;
    if (joins->type != YAML_MAPPING)
        return load_refuse(load, joins, TEXT_PRODUCT_MAPPING, S("join"));
    step->join_count = joins->count;
    step->joins = ARENA_ARRAY(&load->products->arena, struct product_join, joins->count);
    for (size_t i = 0; i < joins->count; i++)
        if (!product_mapping_join(&load->reader, joins->keys[i], joins->items[i], &step->joins[i]))
            return false;
    return true;
}

static bool load_step(struct load *load, const struct yaml_node *node)
{
    static const slice keys[] = {S_INIT("when"), S_INIT("set"), S_INIT("join"), S_INIT("fields")};
    struct product_step *step = load_step_new(load, node);
    return product_reader_keys(&load->reader, node, keys, 4) &&
           product_reader_when(&load->reader, yaml_get(node, S("when")), &step->when) &&
           product_reader_set(&load->reader, yaml_get(node, S("set")), &step->set) &&
           load_joins(load, yaml_get(node, S("join")), step) &&
           load_fields(load, yaml_get(node, S("fields")), step);
}

/* Once for the bare names, and once for each name that they may stand under. */
static bool load_map(struct load *load, const struct yaml_node *node, const struct yaml_node *under)
{
    if (node == NULL)
        return true;
    if (node->type != YAML_SEQUENCE)
        return load_refuse(load, node, TEXT_PRODUCT_LIST, S("map"));
    for (size_t i = 0; i < node->count; i++) {
        load->reader.owns = false;
        if (!load_step(load, node->items[i]))
            return false;
        for (size_t k = 0; under != NULL && load->reader.owns && k < under->count; k++) {
            load->reader.under = under->items[k]->text;
            if (!load_step(load, node->items[i]))
                return false;
        }
        load->reader.under = (slice){NULL, 0};
    }
    return true;
}

/* `match`, likewise: one condition more for each name. */
static bool load_match(
    struct load *load, const struct yaml_node *node, const struct yaml_node *under)
{
    size_t places = under == NULL ? 0 : under->count;
    struct when_list one;
    if (!product_reader_when(&load->reader, node, &load->match))
        return false;
    if (places == 0 || node == NULL)
        return true;
    size_t count = load->match.count;
    struct when *items = ARENA_ARRAY(&load->products->arena, struct when, count * (places + 1));
    memcpy(items, load->match.items, count * sizeof(*items));
    for (size_t i = 0; i < places; i++) {
        load->reader.under = under->items[i]->text;
        if (!product_reader_when(&load->reader, node, &one))
            return false;
        memcpy(items + count * (i + 1), one.items, count * sizeof(*items));
    }
    load->reader.under = (slice){NULL, 0};
    load->match = (struct when_list){items, count * (places + 1)};
    return true;
}

/* `under`: a list of names. */
static bool load_under(struct load *load, const struct yaml_node *node)
{
    if (node == NULL)
        return true;
    if (node->type != YAML_SEQUENCE || node->count > LOAD_UNDER_MAX)
        return load_refuse(load, node, TEXT_PRODUCT_LIST, S("under"));
    for (size_t i = 0; i < node->count; i++) {
        if (!product_reader_scalar(&load->reader, node->items[i]))
            return false;
        if (!product_reader_is_name(node->items[i]->text))
            return load_refuse(load, node->items[i], TEXT_PRODUCT_NAME, node->items[i]->text);
    }
    return true;
}

/* --- messages --- */

/* `by: [id, id]`, as `when` has it, of a key "id|id". */
static const struct yaml_node *load_message_ids(
    struct load *load, const struct yaml_node *by, const struct yaml_node *ids)
{
    struct arena *scratch = &load->scratch;
    struct yaml_node *when = ARENA_NEW(scratch, struct yaml_node);
    struct yaml_node *list = ARENA_NEW(scratch, struct yaml_node);
    slice rest = ids->text, id;
    *list = (struct yaml_node){.type = YAML_SEQUENCE,
        .line = ids->line,
        .column = ids->column,
        .items = ARENA_ARRAY(scratch, const struct yaml_node *, ids->text.len + 1)};
    while (slice_next(&rest, '|', &id)) {
        struct yaml_node *item = ARENA_NEW(scratch, struct yaml_node);
        *item = *ids;
        item->text = slice_trim(id);
        list->items[list->count++] = item;
    }
    *when = (struct yaml_node){.type = YAML_MAPPING,
        .line = ids->line,
        .column = ids->column,
        .count = 1,
        .keys = ARENA_ARRAY(scratch, const struct yaml_node *, 1),
        .items = ARENA_ARRAY(scratch, const struct yaml_node *, 1)};
    when->keys[0] = by;
    when->items[0] = list;
    return when;
}

/* One row of the table: an entry of `map` whose condition is the id. */
static bool load_message(struct load *load, const struct yaml_node *by, const struct yaml_node *of,
    const struct yaml_node *ids, const struct yaml_node *shapes)
{
    struct product_step *step = load_step_new(load, ids);
    const struct yaml_node *when = load_message_ids(load, by, ids);
    if (!product_reader_when(&load->reader, when, &step->when))
        return false;
    step->field_count = 1;
    step->fields = ARENA_NEW(&load->products->arena, struct product_mapping);
    step->from = ARENA_NEW(&load->products->arena, uint32_t);
    step->from[0] = product_names_put(load->reader.names, load->reader.arena, of->text);
    step->fields[0].from = step->from[0];
    return product_mapping_shapes(&load->reader, shapes, true, &step->fields[0].parts);
}

/* Shapes by the id of a message: {by: field, of: field, shapes: {id: shapes}}. */
static bool load_messages(struct load *load, const struct yaml_node *node)
{
    static const slice keys[] = {S_INIT("by"), S_INIT("of"), S_INIT("shapes")};
    if (node == NULL)
        return true;
    if (!product_reader_keys(&load->reader, node, keys, 3))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (yaml_get(node, keys[i]) == NULL)
            return load_refuse(load, node, TEXT_PRODUCT_KEY_MISSING, keys[i]);
    const struct yaml_node *by = yaml_get(node, S("by")), *of = yaml_get(node, S("of"));
    const struct yaml_node *shapes = yaml_get(node, S("shapes"));
    if (!product_reader_scalar(&load->reader, by) || !product_reader_scalar(&load->reader, of))
        return false;
    if (shapes->type != YAML_MAPPING)
        return load_refuse(load, shapes, TEXT_PRODUCT_MAPPING, S("shapes"));
    for (size_t i = 0; i < shapes->count; i++)
        if (!load_message(load, by, of, shapes->keys[i], shapes->items[i]))
            return false;
    return true;
}

/* --- the whole --- */

/* The conditions as text: equal for definitions with equal `match`. */
static slice load_match_key(struct load *load)
{
    struct buf key;
    buf_init(&key, (size_t)1 << 20);
    for (size_t i = 0; i < load->match.count; i++) {
        const struct when *when = &load->match.items[i];
        for (size_t k = 0; k < when->count; k++) {
            buf_append_u64(&key, when->fields[k].name);
            for (size_t v = 0; v < when->fields[k].count; v++) {
                buf_append_byte(&key, (char)('0' + when->fields[k].values[v].test));
                buf_append_u64(&key, when->fields[k].values[v].text.len);
                buf_append_byte(&key, ':');
                buf_append(&key, when->fields[k].values[v].text);
            }
        }
        buf_append_byte(&key, '\n');
    }
    slice copy = arena_copy(&load->products->arena, buf_slice(&key));
    buf_free(&key);
    return copy;
}

static struct product_group *load_group_find(struct products *products, slice key)
{
    for (size_t i = 0; i < products->group_count; i++)
        if (slice_equal(products->groups[i].key, key))
            return &products->groups[i];
    return NULL;
}

static struct product_group *load_group_new(
    struct products *products, slice key, struct when_list match)
{
    if (products->group_count == products->group_capacity)
        products->groups = arena_grow(&products->arena, products->groups, &products->group_capacity,
            sizeof(struct product_group));
    struct product_group *group = &products->groups[products->group_count++];
    *group = (struct product_group){.key = key, .match = match};
    return group;
}

static const struct shape_end *load_end(
    struct products *products, const struct pattern *pattern, uint32_t shape)
{
    struct shape_end *end = ARENA_NEW(&products->arena, struct shape_end);
    uint32_t *names = ARENA_ARRAY(&products->arena, uint32_t, pattern->captures + 1);
    struct shape_constant *constants =
        ARENA_ARRAY(&products->arena, struct shape_constant, pattern->constant_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->parts[i].is_capture)
            names[count++] =
                pattern->parts[i].text.len == 0
                    ? SHAPE_NAME_NONE
                    : product_names_put(&products->names, &products->arena, pattern->parts[i].text);
    for (size_t i = 0; i < pattern->constant_count; i++)
        constants[i] = (struct shape_constant){
            product_names_put(&products->names, &products->arena, pattern->constants[i].name),
            arena_copy(&products->arena, pattern->constants[i].value)};
    *end = (struct shape_end){shape, names, constants, pattern->constant_count};
    return end;
}

static void load_join_shapes(struct load *load, struct product_group *group, uint32_t definition)
{
    struct products *products = load->products;
    uint32_t first = (uint32_t)products->shape_count;
    for (size_t i = 0; i < load->shape_count; i++) {
        if (products->shape_count == products->shape_capacity)
            products->shapes = arena_grow(&products->arena, products->shapes,
                &products->shape_capacity, sizeof(struct product_shape));
        load->shapes[i].definition = definition;
        products->shapes[products->shape_count++] = load->shapes[i];
    }
    for (size_t i = 0; i < load->variant_count; i++)
        product_shape_add(&group->tree, &products->arena, load->variants[i].pattern,
            load_end(products, load->variants[i].pattern, first + load->variants[i].shape));
}

static void load_join_steps(struct load *load, uint32_t definition)
{
    struct products *products = load->products;
    for (size_t i = 0; i < load->step_count; i++) {
        if (products->step_count == products->step_capacity)
            products->steps = arena_grow(&products->arena, products->steps,
                &products->step_capacity, sizeof(struct product_step));
        load->steps[i].definition = definition;
        products->steps[products->step_count++] = load->steps[i];
    }
}

static void load_join(struct load *load, slice key)
{
    struct products *products = load->products;
    struct product_group *group = load_group_find(products, key);
    uint32_t definition = (uint32_t)products->definition_count;
    if (group == NULL)
        group = load_group_new(products, key, load->match);
    if (products->definition_count == products->definition_capacity)
        products->definitions = arena_grow(&products->arena, products->definitions,
            &products->definition_capacity, sizeof(struct product_definition));
    products->definitions[products->definition_count++] = load->definition;
    products->definitions[definition].group = (uint32_t)(group - products->groups);
    product_when_items_add(&group->definitions, &products->arena, definition);
    load_join_shapes(load, group, definition);
    load_join_steps(load, definition);
}

/* What a list of definitions says of this one. */
static void load_listing(struct load *load, const struct yaml_node *root)
{
    struct arena *arena = &load->products->arena;
    struct product_definition *definition = &load->definition;
    const struct yaml_node *module = yaml_get(root, S("module"));
    const struct yaml_node *dataset = yaml_get(root, S("dataset"));
    const struct yaml_node *shapes = yaml_get(root, S("shapes"));
    const struct yaml_node *messages = yaml_get(yaml_get(root, S("messages")), S("shapes"));
    const struct yaml_node *examples = yaml_get(root, S("examples"));
    if (yaml_is_scalar(module))
        definition->module = arena_copy(arena, module->text);
    if (yaml_is_scalar(dataset))
        definition->dataset = arena_copy(arena, dataset->text);
    definition->shape_count =
        (shapes == NULL ? 0 : shapes->count) + (messages == NULL ? 0 : messages->count);
    definition->example_count = examples == NULL ? 0 : examples->count;
}

static bool load_head(struct load *load, const struct yaml_node *root)
{
    static const slice keys[] = {S_INIT("product"), S_INIT("module"), S_INIT("dataset"),
        S_INIT("match"), S_INIT("under"), S_INIT("set"), S_INIT("tables"), S_INIT("shapes"),
        S_INIT("messages"), S_INIT("map"), S_INIT("examples")};
    struct product_definition *definition = &load->definition;
    if (!product_reader_keys(&load->reader, root, keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct yaml_node *product = yaml_get(root, S("product"));
    if (!yaml_is_scalar(product) || product->text.len == 0)
        return load_refuse(load, root, TEXT_PRODUCT_KEY_MISSING, S("product"));
    definition->name = arena_copy(&load->products->arena, product->text);
    definition->path = load->reader.path;
    load_listing(load, root);
    load->reader.tables = yaml_get(root, S("tables"));
    if (load->reader.tables != NULL && load->reader.tables->type != YAML_MAPPING)
        return load_refuse(load, load->reader.tables, TEXT_PRODUCT_MAPPING, S("tables"));
    if (!load_under(load, yaml_get(root, S("under"))) ||
        !load_match(load, yaml_get(root, S("match")), yaml_get(root, S("under"))) ||
        !product_reader_set(&load->reader, yaml_get(root, S("set")), &definition->set))
        return false;
    if (!product_when_list_is_indexable(&load->match))
        return load_refuse(load, yaml_get(root, S("match")), TEXT_PRODUCT_MATCH, S("match"));
    definition->general = product_when_list_is_general(&load->match);
    return product_reader_set_one(
               &load->reader, yaml_get(root, S("module")), S("event.module"), &definition->set) &&
           product_reader_set_one(
               &load->reader, yaml_get(root, S("dataset")), S("event.dataset"), &definition->set);
}

static bool load_definition(struct load *load, const struct yaml_node *root)
{
    struct products *products = load->products;
    if (!load_head(load, root))
        return false;
    slice key = load_match_key(load);
    const struct product_group *group = load_group_find(products, key);
    const struct yaml_node *shapes = yaml_get(root, S("shapes"));
    if (!load_shapes(load, shapes, group == NULL ? NULL : &group->tree) ||
        !load_messages(load, yaml_get(root, S("messages"))) ||
        !load_map(load, yaml_get(root, S("map")), yaml_get(root, S("under"))))
        return false;
    if (load->match.count == 0 && load->shape_count == 0)
        return load_refuse(load, root, TEXT_PRODUCT_MATCH, S("match"));
    if (products->definition_count == PRODUCT_DEFINITIONS_MAX ||
        products->shape_count + load->shape_count > PRODUCT_SHAPES_MAX ||
        products->step_count + load->step_count > PRODUCT_STEPS_MAX)
        return load_refuse(load, root, TEXT_PRODUCT_MANY, load->definition.name);
    load_join(load, key);
    return true;
}

enum result product_load(
    struct products *products, slice path, const struct yaml_node *root, struct error *err)
{
    ASSERT(!products->finished);
    struct load load = {.products = products};
    load.reader = (struct product_reader){.arena = &products->arena,
        .names = &products->names,
        .values = &products->values,
        .path = arena_copy(&products->arena, path),
        .err = err};
    bool loaded = load_definition(&load, root);
    arena_free(&load.scratch);
    return loaded ? RESULT_OK : RESULT_MALFORMED;
}
