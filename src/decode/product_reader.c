/* See product_reader.h. */
#include "decode/product_reader.h"

#include <string.h>

#include "base/base.h"

bool product_reader_refuse(struct product_reader *reader, const struct yaml_node *node,
    size_t column, enum text why, slice what)
{
    /* A quoted scalar's text begins one byte after the node. */
    uint64_t at = node->column + column + (node->type == YAML_SCALAR && !node->plain ? 1 : 0);
    (void)error_set(
        reader->err, RESULT_MALFORMED, why, ARG(reader->path), ARG(node->line), ARG(at), ARG(what));
    return false;
}

uint32_t product_reader_from(struct product_reader *reader, slice name)
{
    struct buf joined;
    bool own = !product_names_is_ecs(name) && !slice_starts(name, S("_"));
    reader->owns = reader->owns || own;
    if (!own || slice_is_absent(reader->under))
        return product_names_put(reader->names, reader->arena, name);
    size_t len = reader->under.len + 1 + name.len;
    buf_init_fixed(&joined, arena_bytes(reader->arena, len), len);
    buf_append(&joined, reader->under);
    buf_append_byte(&joined, '.');
    buf_append(&joined, name);
    return product_names_put(reader->names, reader->arena, buf_slice(&joined));
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

bool product_reader_scalar(struct product_reader *reader, const struct yaml_node *node)
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

bool product_reader_condition(
    struct product_reader *reader, const struct yaml_node *node, struct when_value *value)
{
    if (!product_reader_scalar(reader, node))
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
    uint32_t name = product_reader_from(reader, key->text);
    if (count == 0)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_CONDITION, key->text);
    for (size_t i = 0; i < count; i++)
        if (!product_reader_condition(
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

bool product_reader_is_name(slice name)
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
    if (!product_reader_is_name(name))
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_NAME, name);
    constant->name = product_names_put(reader->names, reader->arena, name);
    constant->type = EVENT_STRING;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->type == YAML_SEQUENCE ? node->items[i] : node;
        if (!product_reader_scalar(reader, item))
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
    if (!product_reader_scalar(reader, node) ||
        !value_constant(reader, name, node, &items[set->count]))
        return false;
    if (set->count > 0)
        memcpy(items, set->items, set->count * sizeof(*items));
    *set = (struct product_constants){items, set->count + 1};
    return true;
}

bool product_reader_pattern(struct product_reader *reader, const struct yaml_node *node,
    struct arena *scratch, struct pattern_list *list)
{
    struct pattern_fault fault;
    if (!product_reader_scalar(reader, node))
        return false;
    if (!product_pattern_parse(scratch, node->text, list, &fault))
        return product_reader_refuse(reader, node, fault.at, fault.why, fault.what);
    return true;
}
