/* See product_reader.h. */
#include "decode/product_reader.h"

#include <string.h>

#include "base/base.h"
#include "event/field.h"

bool product_reader_refuse(struct product_reader *reader, const struct yaml_node *node,
    size_t column, enum text why, slice what)
{
    /* A quoted scalar's text begins one byte after the node. */
    uint64_t at = node->column + column + (node->type == YAML_SCALAR && !node->plain ? 1 : 0);
    (void)error_set(
        reader->err, RESULT_MALFORMED, why, ARG(reader->path), ARG(node->line), ARG(at), ARG(what));
    return false;
}

bool product_reader_keys(
    struct product_reader *reader, const struct yaml_node *node, const slice *keys, size_t count)
{
    if (node->type != YAML_MAPPING)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_MAPPING, S(""));
    for (size_t i = 0; i < node->count; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known = known || slice_equal(node->keys[i]->text, keys[k]);
        if (!known)
            return product_reader_refuse(
                reader, node->keys[i], 0, TEXT_PRODUCT_KEY, node->keys[i]->text);
    }
    return true;
}

enum event_type product_reader_type(const struct yaml_node *node)
{
    bool truth;
    int64_t number;
    if (yaml_to_bool(node, &truth))
        return EVENT_BOOL;
    return node->plain && slice_to_i64(node->text, &number) ? EVENT_NUMBER : EVENT_STRING;
}

static bool value_scalar(struct product_reader *reader, const struct yaml_node *node)
{
    return node->type == YAML_SCALAR ||
           product_reader_refuse(reader, node, 0, TEXT_PRODUCT_SCALAR, S(""));
}

/* --- conditions --- */

static slice value_lower(struct arena *arena, slice text)
{
    char *lower = arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        lower[i] = byte_lower(text.at[i]);
    return slice_make(lower, text.len);
}

static bool value_condition(
    struct product_reader *reader, const struct yaml_node *node, struct when_value *value)
{
    if (!value_scalar(reader, node))
        return false;
    slice text = node->text;
    if (yaml_is_null(node)) {
        *value = (struct when_value){.test = WHEN_ABSENT};
        return true;
    }
    bool front = slice_starts(text, S("*"));
    bool back = text.len > 1 && slice_ends(text, S("*"));
    text = slice_from(text, front);
    text = slice_first(text, text.len - back);
    if (text.len > WHEN_VALUE_MAX || slice_find_byte(text, '*') < text.len)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_CONDITION, node->text);
    value->test = text.len == 0 && front ? WHEN_PRESENT
                  : front && back        ? WHEN_CONTAINS
                  : front                ? WHEN_ENDS
                  : back                 ? WHEN_STARTS
                                         : WHEN_EQUAL;
    value->text = value_lower(reader->arena, text);
    return true;
}

static bool value_field_condition(struct product_reader *reader, const struct yaml_node *key,
    const struct yaml_node *node, struct when_field *field)
{
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    struct when_value *values = ARENA_ARRAY(reader->arena, struct when_value, count);
    uint32_t name = product_names_put(reader->names, reader->arena, key->text);
    if (count == 0)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_CONDITION, key->text);
    for (size_t i = 0; i < count; i++)
        if (!value_condition(
                reader, node->type == YAML_SEQUENCE ? node->items[i] : node, &values[i]))
            return false;
    *field = product_when_field(reader->names, reader->values, reader->arena, name, values, count);
    return true;
}

static bool value_when(
    struct product_reader *reader, const struct yaml_node *node, struct when *when)
{
    if (node->type != YAML_MAPPING || node->count == 0)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_MAPPING, S(""));
    struct when_field *fields = ARENA_ARRAY(reader->arena, struct when_field, node->count);
    for (size_t i = 0; i < node->count; i++)
        if (!value_field_condition(reader, node->keys[i], node->items[i], &fields[i]))
            return false;
    *when = (struct when){fields, node->count};
    return true;
}

bool product_reader_when(
    struct product_reader *reader, const struct yaml_node *node, struct when_list *list)
{
    *list = (struct when_list){0};
    if (node == NULL)
        return true;
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    struct when *items = ARENA_ARRAY(reader->arena, struct when, count);
    if (node->type != YAML_SEQUENCE) {
        if (!value_when(reader, node, &items[0]))
            return false;
    } else {
        if (count == 0)
            return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_MAPPING, S(""));
        for (size_t i = 0; i < count; i++)
            if (!value_when(reader, node->items[i], &items[i]))
                return false;
    }
    *list = (struct when_list){items, count};
    return true;
}

/* --- constants --- */

static bool value_name_ok(slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!byte_is_alnum(name.at[i]) && name.at[i] != '.' && name.at[i] != '_' &&
            name.at[i] != '-' && !(name.at[i] == '@' && i == 0))
            return false;
    return name.len > 0;
}

static bool value_constant(struct product_reader *reader, slice name, const struct yaml_node *node,
    struct product_constant *constant)
{
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    slice *values = ARENA_ARRAY(reader->arena, slice, count);
    if (!value_name_ok(name))
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_NAME, name);
    constant->name = product_names_put(reader->names, reader->arena, name);
    constant->type = EVENT_STRING;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->type == YAML_SEQUENCE ? node->items[i] : node;
        if (!value_scalar(reader, item))
            return false;
        values[i] = arena_copy(reader->arena, item->text);
        constant->type = product_reader_type(item);
    }
    constant->values = values;
    constant->count = count;
    return true;
}

bool product_reader_set(
    struct product_reader *reader, const struct yaml_node *node, struct product_constants *set)
{
    *set = (struct product_constants){0};
    if (node == NULL)
        return true;
    if (node->type != YAML_MAPPING)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_MAPPING, S("set"));
    set->items = ARENA_ARRAY(reader->arena, struct product_constant, node->count);
    set->count = node->count;
    for (size_t i = 0; i < node->count; i++)
        if (!value_constant(reader, node->keys[i]->text, node->items[i], &set->items[i]))
            return false;
    return true;
}

bool product_reader_set_one(struct product_reader *reader, const struct yaml_node *node, slice name,
    struct product_constants *set)
{
    if (node == NULL)
        return true;
    struct product_constant *items =
        ARENA_ARRAY(reader->arena, struct product_constant, set->count + 1);
    if (!value_scalar(reader, node) || !value_constant(reader, name, node, &items[set->count]))
        return false;
    if (set->count > 0)
        memcpy(items, set->items, set->count * sizeof(*items));
    *set = (struct product_constants){items, set->count + 1};
    return true;
}

/* --- mappings --- */

/* The type that the table of known fields gives a target that names none. */
static void value_target_type(slice name, struct product_target *target)
{
    const struct field *field = field_find(name);
    if (field == NULL || (field->type != FIELD_IP && field->type != FIELD_LONG))
        return;
    target->typed = true;
    target->type = field->type == FIELD_IP ? PRODUCT_TYPE_IP : PRODUCT_TYPE_INT;
}

static bool value_target(
    struct product_reader *reader, const struct yaml_node *node, struct product_target *target)
{
    slice name, type;
    if (!value_scalar(reader, node))
        return false;
    target->typed = slice_cut(node->text, ':', &name, &type);
    if (target->typed && !product_type_named(type, &target->type))
        return product_reader_refuse(reader, node, name.len + 1, TEXT_PRODUCT_TYPE, type);
    bool bare = target->typed && target->type == PRODUCT_TYPE_KV && name.len == 0;
    if (!bare && !value_name_ok(name))
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_NAME, name);
    if (!target->typed)
        value_target_type(name, target);
    target->name = bare ? SHAPE_NAME_NONE : product_names_put(reader->names, reader->arena, name);
    return true;
}

static bool value_targets(
    struct product_reader *reader, const struct yaml_node *node, struct product_mapping *mapping)
{
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    mapping->targets = ARENA_ARRAY(reader->arena, struct product_target, count);
    mapping->target_count = count;
    if (node->type != YAML_SEQUENCE)
        return value_target(reader, node, &mapping->targets[0]);
    for (size_t i = 0; i < count; i++)
        if (!value_target(reader, node->items[i], &mapping->targets[i]))
            return false;
    return true;
}

/* A mapping, or the name of one in `tables`. */
static bool value_table(
    struct product_reader *reader, const struct yaml_node *node, const struct product_table **table)
{
    if (node->type == YAML_SCALAR) {
        const struct yaml_node *named = yaml_get(reader->tables, node->text);
        if (named == NULL)
            return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_TABLE, node->text);
        node = named;
    }
    if (node->type != YAML_MAPPING)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_MAPPING, S("table"));
    struct product_table *made = ARENA_NEW(reader->arena, struct product_table);
    made->rows = ARENA_ARRAY(reader->arena, struct product_row, node->count);
    made->count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        if (!value_scalar(reader, node->items[i]) ||
            !value_condition(reader, node->keys[i], &made->rows[i].key))
            return false;
        made->rows[i].value = arena_copy(reader->arena, node->items[i]->text);
    }
    product_table_finish(made, reader->arena);
    *table = made;
    return true;
}

static const struct shape_end *value_shape_end(
    struct product_reader *reader, const struct pattern *pattern)
{
    struct shape_end *end = ARENA_NEW(reader->arena, struct shape_end);
    uint32_t *names = ARENA_ARRAY(reader->arena, uint32_t, pattern->captures + 1);
    size_t count = 0;
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->parts[i].is_capture)
            names[count++] =
                pattern->parts[i].text.len == 0
                    ? SHAPE_NAME_NONE
                    : product_names_put(reader->names, reader->arena, pattern->parts[i].text);
    *end = (struct shape_end){.names = names};
    return end;
}

static bool value_shape(struct product_reader *reader, const struct yaml_node *node,
    struct arena *scratch, struct shape_tree *tree)
{
    struct pattern_list list;
    if (!product_reader_pattern(reader, node, scratch, &list))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].constant_count > 0)
            return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_SHAPE_WORD, S(""));
        if (product_shape_find(tree, &list.items[i]) == NULL)
            product_shape_add(
                tree, reader->arena, &list.items[i], value_shape_end(reader, &list.items[i]));
    }
    return true;
}

/* A tree of its own for the values of one field. */
static bool value_shapes(
    struct product_reader *reader, const struct yaml_node *node, const struct shape_tree **made)
{
    struct arena scratch = {0};
    struct shape_tree *tree = ARENA_NEW(reader->arena, struct shape_tree);
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    bool read = node->type != YAML_MAPPING ||
                product_reader_refuse(reader, node, 0, TEXT_PRODUCT_SCALAR, S("shape"));
    for (size_t i = 0; i < count && read; i++)
        read = value_shape(
            reader, node->type == YAML_SEQUENCE ? node->items[i] : node, &scratch, tree);
    arena_free(&scratch);
    if (!read)
        return false;
    product_shape_finish(tree, reader->arena);
    *made = tree;
    return true;
}

bool product_reader_mapping(struct product_reader *reader, const struct yaml_node *key,
    const struct yaml_node *value, struct product_mapping *mapping)
{
    static const slice keys[] = {S_INIT("to"), S_INIT("table"), S_INIT("else"), S_INIT("shape")};
    mapping->from = product_names_put(reader->names, reader->arena, key->text);
    if (value->type != YAML_MAPPING)
        return value_targets(reader, value, mapping);
    if (!product_reader_keys(reader, value, keys, 4))
        return false;
    const struct yaml_node *to = yaml_get(value, S("to"));
    const struct yaml_node *table = yaml_get(value, S("table"));
    const struct yaml_node *otherwise = yaml_get(value, S("else"));
    const struct yaml_node *shape = yaml_get(value, S("shape"));
    if ((to == NULL) == (shape == NULL) || (otherwise != NULL && table == NULL) ||
        (table != NULL && to == NULL))
        return product_reader_refuse(reader, value, 0, TEXT_PRODUCT_TARGET, key->text);
    if (shape != NULL)
        return value_shapes(reader, shape, &mapping->shape);
    if (otherwise != NULL) {
        if (!value_scalar(reader, otherwise))
            return false;
        mapping->otherwise = arena_copy(reader->arena, otherwise->text);
    }
    return value_targets(reader, to, mapping) &&
           (table == NULL || value_table(reader, table, &mapping->table));
}

bool product_reader_pattern(struct product_reader *reader, const struct yaml_node *node,
    struct arena *scratch, struct pattern_list *list)
{
    struct pattern_fault fault;
    if (!value_scalar(reader, node))
        return false;
    if (!product_pattern_parse(scratch, node->text, list, &fault))
        return product_reader_refuse(reader, node, fault.at, fault.why, fault.what);
    return true;
}
