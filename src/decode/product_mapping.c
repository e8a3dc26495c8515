/* See product_mapping.h. */
#include "decode/product_mapping.h"

#include "base/base.h"
#include "event/field.h"

/* Columns of a row of CSV. */
#define MAPPING_COLUMNS_MAX 1024
/* Keys that may stand beside the one that tells the form of a mapping. */
#define MAPPING_BESIDE_MAX 4

/* The type that the table of known fields gives a target that names none. */
static void mapping_target_type(slice name, struct product_target *target)
{
    const struct field *field = field_find(name);
    if (field == NULL || (field->type != FIELD_IP && field->type != FIELD_LONG))
        return;
    target->typed = true;
    target->type = field->type == FIELD_IP ? PRODUCT_TYPE_IP : PRODUCT_TYPE_INT;
}

static bool mapping_target(
    struct product_reader *reader, const struct yaml_node *node, struct product_target *target)
{
    slice name, type;
    if (!product_reader_scalar(reader, node))
        return false;
    target->typed = slice_cut(node->text, ':', &name, &type);
    if (target->typed && !product_type_named(type, &target->type))
        return product_reader_refuse(reader, node, name.len + 1, TEXT_PRODUCT_TYPE, type);
    bool bare = target->typed && product_type_is_bare(target->type) && name.len == 0;
    if (!bare && !product_reader_is_name(name))
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_NAME, name);
    if (!target->typed)
        mapping_target_type(name, target);
    target->name = bare ? SHAPE_NAME_NONE : product_names_put(reader->names, reader->arena, name);
    return true;
}

static bool mapping_targets(struct product_reader *reader, const struct yaml_node *node,
    struct product_target **targets, size_t *target_count)
{
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    struct product_target *made = ARENA_ARRAY(reader->arena, struct product_target, count);
    *targets = made;
    *target_count = count;
    if (node->type != YAML_SEQUENCE)
        return mapping_target(reader, node, made);
    for (size_t i = 0; i < count; i++)
        if (!mapping_target(reader, node->items[i], &made[i]))
            return false;
    return true;
}

/* A mapping, or the name of one in `tables`. */
static bool mapping_table(
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
        if (!product_reader_scalar(reader, node->items[i]) ||
            !product_reader_condition(reader, node->keys[i], &made->rows[i].key))
            return false;
        made->rows[i].value = arena_copy(reader->arena, node->items[i]->text);
    }
    product_table_finish(made, reader->arena);
    *table = made;
    return true;
}

/* --- shapes --- */

static const struct shape_end *mapping_shape_end(
    struct product_reader *reader, const struct pattern *pattern, uint32_t shape)
{
    struct arena *arena = reader->arena;
    struct shape_end *end = ARENA_NEW(arena, struct shape_end);
    uint32_t *names = ARENA_ARRAY(arena, uint32_t, pattern->captures + 1);
    struct shape_constant *constants =
        ARENA_ARRAY(arena, struct shape_constant, pattern->constant_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->parts[i].is_capture)
            names[count++] = pattern->parts[i].text.len == 0
                                 ? SHAPE_NAME_NONE
                                 : product_names_put(reader->names, arena, pattern->parts[i].text);
    for (size_t i = 0; i < pattern->constant_count; i++)
        constants[i] = (struct shape_constant){
            product_names_put(reader->names, arena, pattern->constants[i].name),
            arena_copy(arena, pattern->constants[i].value)};
    *end = (struct shape_end){shape, names, constants, pattern->constant_count};
    return end;
}

/* A tree of its own for the values of one field. */
struct mapping_shapes {
    struct product_reader *reader;
    struct arena scratch;
    struct product_parts *made;
};

static bool mapping_shape(
    struct mapping_shapes *shapes, const struct yaml_node *node, uint32_t number)
{
    struct product_reader *reader = shapes->reader;
    struct shape_tree *tree = &shapes->made->tree;
    struct pattern_list list;
    if (!product_reader_pattern(reader, node, &shapes->scratch, &list))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const struct shape_end *twin = product_shape_find(tree, &list.items[i]);
        if (twin != NULL && twin->shape != number)
            return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_SHAPE_TWICE, reader->path);
        if (twin == NULL)
            product_shape_add(tree, reader->arena, &list.items[i],
                mapping_shape_end(reader, &list.items[i], number));
    }
    return true;
}

/* A shape, or a list of alternatives. */
static bool mapping_alternatives(
    struct mapping_shapes *shapes, const struct yaml_node *node, uint32_t number)
{
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    if (node->type == YAML_MAPPING)
        return product_reader_refuse(shapes->reader, node, 0, TEXT_PRODUCT_SCALAR, S("shape"));
    for (size_t i = 0; i < count; i++)
        if (!mapping_shape(shapes, node->type == YAML_SEQUENCE ? node->items[i] : node, number))
            return false;
    return true;
}

/* {shape: …, set: …}; a shape or a list of them alone. */
static bool mapping_entry(struct mapping_shapes *shapes, const struct yaml_node *node,
    uint32_t number, struct product_constants *set)
{
    static const slice keys[] = {S_INIT("shape"), S_INIT("set")};
    if (node->type != YAML_MAPPING)
        return mapping_alternatives(shapes, node, number);
    if (!product_reader_keys(shapes->reader, node, keys, 2))
        return false;
    const struct yaml_node *shape = yaml_get(node, S("shape"));
    if (shape == NULL)
        return product_reader_refuse(shapes->reader, node, 0, TEXT_PRODUCT_KEY_MISSING, S("shape"));
    return product_reader_set(shapes->reader, yaml_get(node, S("set")), set) &&
           mapping_alternatives(shapes, shape, number);
}

bool product_mapping_shapes(struct product_reader *reader, const struct yaml_node *node, bool whole,
    const struct product_parts **parts)
{
    struct mapping_shapes shapes = {
        .reader = reader, .made = ARENA_NEW(reader->arena, struct product_parts)};
    bool several =
        node->type == YAML_SEQUENCE && node->count > 0 && node->items[0]->type == YAML_MAPPING;
    size_t count = several ? node->count : 1;
    struct product_constants *sets = ARENA_ARRAY(reader->arena, struct product_constants, count);
    bool read = true;
    for (uint32_t i = 0; i < count && read; i++)
        read = mapping_entry(&shapes, several ? node->items[i] : node, i, &sets[i]);
    arena_free(&shapes.scratch);
    if (!read)
        return false;
    product_shape_finish(&shapes.made->tree, reader->arena);
    shapes.made->sets = sets;
    shapes.made->whole = whole;
    *parts = shapes.made;
    return true;
}

/* --- rows and pairs --- */

static bool mapping_text(
    struct product_reader *reader, const struct yaml_node *node, slice what, slice *text)
{
    if (node == NULL)
        return true;
    if (!product_reader_scalar(reader, node))
        return false;
    if (node->text.len == 0)
        return product_reader_refuse(reader, node, 0, TEXT_PRODUCT_SCALAR, what);
    *text = arena_copy(reader->arena, node->text);
    return true;
}

static bool mapping_is_passed_over(const struct yaml_node *node)
{
    return node->type == YAML_SCALAR && (node->text.len == 0 || yaml_is_null(node));
}

static bool mapping_csv(struct product_reader *reader, const struct yaml_node *value,
    const struct yaml_node *csv, struct product_mapping *mapping)
{
    slice separator = S(",");
    const struct yaml_node *given = yaml_get(value, S("separator"));
    if (csv->type != YAML_SEQUENCE || csv->count == 0 || csv->count > MAPPING_COLUMNS_MAX)
        return product_reader_refuse(reader, csv, 0, TEXT_PRODUCT_LIST, S("csv"));
    if (!mapping_text(reader, given, S("separator"), &separator))
        return false;
    if (separator.len != 1)
        return product_reader_refuse(reader, given, 0, TEXT_PRODUCT_SCALAR, separator);
    mapping->separator = separator.at[0];
    mapping->columns = ARENA_ARRAY(reader->arena, struct product_column, csv->count);
    mapping->column_count = csv->count;
    for (size_t i = 0; i < csv->count; i++)
        if (!mapping_is_passed_over(csv->items[i]) &&
            !mapping_targets(
                reader, csv->items[i], &mapping->columns[i].targets, &mapping->columns[i].count))
            return false;
    return true;
}

/* The name before what pairs give. */
static bool mapping_prefix(
    struct product_reader *reader, const struct yaml_node *prefix, struct product_mapping *mapping)
{
    if (!product_reader_scalar(reader, prefix))
        return false;
    if (prefix->text.len > 0 && !product_reader_is_name(prefix->text))
        return product_reader_refuse(reader, prefix, 0, TEXT_PRODUCT_NAME, prefix->text);
    mapping->targets = ARENA_NEW(reader->arena, struct product_target);
    mapping->target_count = 1;
    mapping->targets[0].name = prefix->text.len == 0
                                   ? SHAPE_NAME_NONE
                                   : product_names_put(reader->names, reader->arena, prefix->text);
    return true;
}

/* {pairs: PREFIX, assign: ':', between: ';'} */
static bool mapping_pairs(struct product_reader *reader, const struct yaml_node *value,
    const struct yaml_node *pairs, struct product_mapping *mapping)
{
    mapping->assign = S("=");
    mapping->between = S(",");
    return mapping_prefix(reader, pairs, mapping) &&
           mapping_text(reader, yaml_get(value, S("assign")), S("assign"), &mapping->assign) &&
           mapping_text(reader, yaml_get(value, S("between")), S("between"), &mapping->between);
}

/* {named: PREFIX, of: [FIELD, FIELD]} */
static bool mapping_named(struct product_reader *reader, const struct yaml_node *value,
    const struct yaml_node *named, struct product_mapping *mapping)
{
    const struct yaml_node *of = yaml_get(value, S("of"));
    if (of == NULL)
        return product_reader_refuse(reader, value, 0, TEXT_PRODUCT_KEY_MISSING, S("of"));
    size_t count = of->type == YAML_SEQUENCE ? of->count : 1;
    mapping->of = ARENA_ARRAY(reader->arena, uint32_t, count);
    mapping->of_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = of->type == YAML_SEQUENCE ? of->items[i] : of;
        if (!product_reader_scalar(reader, item))
            return false;
        mapping->of[i] = product_reader_from(reader, item->text);
    }
    return mapping_prefix(reader, named, mapping);
}

static bool mapping_to(struct product_reader *reader, const struct yaml_node *value,
    const struct yaml_node *to, struct product_mapping *mapping)
{
    const struct yaml_node *table = yaml_get(value, S("table"));
    const struct yaml_node *otherwise = yaml_get(value, S("else"));
    const struct yaml_node *once = yaml_get(value, S("once"));
    if (once != NULL && !yaml_to_bool(once, &mapping->once))
        return product_reader_refuse(reader, once, 0, TEXT_PRODUCT_SCALAR, S("once"));
    if (otherwise != NULL) {
        if (!product_reader_scalar(reader, otherwise))
            return false;
        mapping->otherwise = arena_copy(reader->arena, otherwise->text);
    }
    return mapping_text(reader, yaml_get(value, S("split")), S("split"), &mapping->between) &&
           mapping_targets(reader, to, &mapping->targets, &mapping->target_count) &&
           (table == NULL || mapping_table(reader, table, &mapping->table));
}

/* The forms of a mapping: the key that tells it, and those that may stand beside. */
static const struct {
    slice key;
    slice beside[MAPPING_BESIDE_MAX];
} mapping_forms[] = {
    {S_INIT("to"), {S_INIT("table"), S_INIT("else"), S_INIT("split"), S_INIT("once")}},
    {S_INIT("shape"), {S_INIT("shape")}},
    {S_INIT("shapes"), {S_INIT("shapes")}},
    {S_INIT("csv"), {S_INIT("separator")}},
    {S_INIT("pairs"), {S_INIT("assign"), S_INIT("between")}},
    {S_INIT("named"), {S_INIT("of")}},
};

/* The number of the form, or how many there are. */
static size_t mapping_form(const struct yaml_node *value)
{
    size_t form = 0;
    size_t count = sizeof(mapping_forms) / sizeof(mapping_forms[0]);
    while (form < count && yaml_get(value, mapping_forms[form].key) == NULL)
        form++;
    for (size_t i = 0; form < count && i < value->count; i++) {
        bool fits = slice_equal(value->keys[i]->text, mapping_forms[form].key);
        for (size_t k = 0; k < MAPPING_BESIDE_MAX; k++)
            fits = fits || slice_equal(value->keys[i]->text, mapping_forms[form].beside[k]);
        if (!fits)
            return count;
    }
    return form;
}

bool product_mapping_read(struct product_reader *reader, const struct yaml_node *key,
    const struct yaml_node *value, struct product_mapping *mapping)
{
    static const slice keys[] = {S_INIT("to"), S_INIT("table"), S_INIT("else"), S_INIT("split"),
        S_INIT("shape"), S_INIT("shapes"), S_INIT("csv"), S_INIT("separator"), S_INIT("pairs"),
        S_INIT("assign"), S_INIT("between"), S_INIT("named"), S_INIT("of"), S_INIT("once")};
    mapping->from = product_reader_from(reader, key->text);
    if (value->type != YAML_MAPPING)
        return mapping_targets(reader, value, &mapping->targets, &mapping->target_count);
    if (!product_reader_keys(reader, value, keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    size_t form = mapping_form(value);
    if (form == sizeof(mapping_forms) / sizeof(mapping_forms[0]))
        return product_reader_refuse(reader, value, 0, TEXT_PRODUCT_TARGET, key->text);
    const struct yaml_node *node = yaml_get(value, mapping_forms[form].key);
    switch (form) {
    case 0:
        return mapping_to(reader, value, node, mapping);
    case 3:
        return mapping_csv(reader, value, node, mapping);
    case 4:
        return mapping_pairs(reader, value, node, mapping);
    case 5:
        return mapping_named(reader, value, node, mapping);
    default:
        return product_mapping_shapes(reader, node, false, &mapping->parts);
    }
}

/* --- join --- */

/* The next piece of a template; `group` is 0 outside of [ ]. */
static bool mapping_piece(struct product_reader *reader, const struct yaml_node *node, size_t *at,
    unsigned *group, struct product_join *join)
{
    slice rest = slice_from(node->text, *at);
    struct product_piece *piece = &join->pieces[join->count];
    *piece = (struct product_piece){.name = SHAPE_NAME_NONE, .group = *group % 2 ? *group : 0};
    if (rest.at[0] == '[' || rest.at[0] == ']') {
        bool opens = rest.at[0] == '[';
        if (opens == (*group % 2 == 1) || ++*group / 2 > PRODUCT_GROUPS_MAX)
            return product_reader_refuse(
                reader, node, *at, TEXT_PRODUCT_SHAPE_OPEN, slice_first(rest, 1));
        (*at)++;
        return true;
    }
    if (rest.at[0] == '{') {
        size_t end = slice_find_byte(rest, '}');
        if (end == rest.len || end == 1)
            return product_reader_refuse(reader, node, *at, TEXT_PRODUCT_SHAPE_OPEN, S("{"));
        piece->name = product_reader_from(reader, slice_sub(rest, 1, end - 1));
        *at += end + 1;
    } else {
        size_t len = 1;
        bool escape = rest.at[0] == '\\' && rest.len > 1;
        while (!escape && len < rest.len && !byte_is_among(rest.at[len], S("{[]\\")))
            len++;
        piece->literal = arena_copy(reader->arena, slice_sub(rest, escape, len));
        *at += len + escape;
    }
    join->count++;
    return true;
}

bool product_mapping_join(struct product_reader *reader, const struct yaml_node *key,
    const struct yaml_node *value, struct product_join *join)
{
    size_t at = 0;
    unsigned group = 0;
    if (!product_reader_scalar(reader, value) || !mapping_target(reader, key, &join->target))
        return false;
    if (value->text.len == 0 || value->text.len > PATTERN_TEXT_MAX)
        return product_reader_refuse(reader, value, 0, TEXT_PRODUCT_SHAPE_LONG, S(""));
    join->pieces = ARENA_ARRAY(reader->arena, struct product_piece, value->text.len);
    while (at < value->text.len)
        if (!mapping_piece(reader, value, &at, &group, join))
            return false;
    return group % 2 == 0 ||
           product_reader_refuse(reader, value, 0, TEXT_PRODUCT_SHAPE_OPEN, S("["));
}
