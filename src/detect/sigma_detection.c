/* See sigma_detection.h. Selections are read before the condition, which then refers to them by
 * pointer. */
#include "detect/sigma_detection.h"

#include "base/base.h"
#include "detect/condition.h"
#include "detect/limits.h"
#include "detect/modifier.h"

struct selection {
    slice name;
    struct sigma_node *root;
};

struct selections {
    struct selection *items;
    size_t count;
    const struct yaml_node *condition; /* being lowered */
};

static enum result sigma_node_new(struct sigma_loader *loader, const struct yaml_node *at,
    enum sigma_node_type type, size_t children, struct sigma_node **out)
{
    if (!checked_add(loader->nodes, 1 + children, &loader->nodes) || loader->nodes > RULE_NODES_MAX)
        return SIGMA_REFUSE(loader, at, TEXT_SIGMA_NODES, ARG(RULE_NODES_MAX));
    struct sigma_node *node = ARENA_NEW(loader->arena, struct sigma_node);
    node->type = type;
    node->count = children;
    if (children > 0)
        node->children = ARENA_ARRAY(loader->arena, struct sigma_node *, children);
    *out = node;
    return RESULT_OK;
}

/* YAML 1.2 core schema: integers and floats, without the octal and hexadecimal forms, which stay
 * text. */
static bool sigma_is_number(const struct yaml_node *node)
{
    double number;
    return node->plain && node->text.len > 0 &&
           (byte_is_digit(node->text.at[0]) || node->text.at[0] == '-' || node->text.at[0] == '+' ||
               node->text.at[0] == '.') &&
           slice_to_double(node->text, &number);
}

static enum result sigma_value_load(
    struct sigma_loader *loader, const struct yaml_node *node, struct sigma_value *value)
{
    bool truth;
    if (node->type != YAML_SCALAR)
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_VALUE_TYPE);
    if (++loader->values > RULE_VALUES_MAX)
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_VALUES, ARG(RULE_VALUES_MAX));
    value->type = yaml_is_null(node)           ? SIGMA_NULL
                  : yaml_to_bool(node, &truth) ? SIGMA_BOOL
                  : sigma_is_number(node)      ? SIGMA_NUMBER
                                               : SIGMA_TEXT;
    value->text = arena_copy(loader->arena, node->text);
    value->line = node->line;
    value->column = node->column;
    return RESULT_OK;
}

/* Notes that the rule looks at the field. */
static void sigma_note_field(struct sigma_loader *loader, struct rule *about, slice field)
{
    if (about == NULL || field.len == 0)
        return;
    for (size_t i = 0; i < about->field_count; i++)
        if (slice_equal(about->fields[i], field))
            return;
    slice *fields = ARENA_ARRAY(loader->arena, slice, about->field_count + 1);
    for (size_t i = 0; i < about->field_count; i++)
        fields[i] = about->fields[i];
    fields[about->field_count++] = field;
    about->fields = fields;
}

/* `key` is NULL for keywords without modifiers. */
static enum result sigma_item_load(struct sigma_loader *loader, const struct yaml_node *key,
    const struct yaml_node *values, struct rule *about, struct sigma_node **out)
{
    struct sigma_item *item = ARENA_NEW(loader->arena, struct sigma_item);
    const struct yaml_node *at = key == NULL ? values : key;
    slice field = S("");
    item->line = at->line;
    item->column = at->column;
    enum result result = RESULT_OK;
    if (key != NULL)
        result = modifier_parse(key, &field, &item->modifiers, loader->err);
    if (result != RESULT_OK)
        return result;
    if (field.len == 0 && (item->modifiers & (MODIFIER_EXISTS | MODIFIER_FIELDREF)) != 0)
        return SIGMA_REFUSE(loader, at, TEXT_SIGMA_NEEDS_FIELD, ARG(key->text));
    item->field = arena_copy(loader->arena, field);
    item->key = arena_copy(loader->arena, key == NULL ? S("") : key->text);
    sigma_note_field(loader, about, item->field);
    bool is_list = values->type == YAML_SEQUENCE;
    item->count = is_list ? values->count : 1;
    if (item->count == 0 || values->type == YAML_MAPPING)
        return SIGMA_REFUSE(loader, values, TEXT_SIGMA_VALUE_TYPE);
    item->values = ARENA_ARRAY(loader->arena, struct sigma_value, item->count);
    for (size_t i = 0; i < item->count; i++) {
        const struct yaml_node *value = is_list ? values->items[i] : values;
        result = sigma_value_load(loader, value, &item->values[i]);
        if (result != RESULT_OK)
            return result;
        if (field.len == 0 && item->values[i].type == SIGMA_NULL)
            return SIGMA_REFUSE(loader, value, TEXT_SIGMA_NEEDS_FIELD, ARG("null"));
    }
    result = sigma_node_new(loader, at, SIGMA_ITEM, 0, out);
    if (result == RESULT_OK)
        (*out)->item = item;
    return result;
}

static bool sigma_is_list_of_scalars(const struct yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->type != YAML_SCALAR)
            return false;
    return node->type == YAML_SEQUENCE;
}

enum result sigma_detection_selection(struct sigma_loader *loader,
    const struct yaml_node *definition, struct rule *about, struct sigma_node **root)
{
    if (definition->type == YAML_SCALAR || sigma_is_list_of_scalars(definition))
        return sigma_item_load(loader, NULL, definition, about, root);
    bool is_mapping = definition->type == YAML_MAPPING;
    if (definition->count == 0)
        return SIGMA_REFUSE(loader, definition, TEXT_SIGMA_SELECTION_EMPTY);
    enum result result = sigma_node_new(
        loader, definition, is_mapping ? SIGMA_AND : SIGMA_OR, definition->count, root);
    for (size_t i = 0; i < definition->count && result == RESULT_OK; i++) {
        struct sigma_node **child = &(*root)->children[i];
        if (is_mapping)
            result =
                sigma_item_load(loader, definition->keys[i], definition->items[i], about, child);
        else
            result = sigma_detection_selection(loader, definition->items[i], about, child);
    }
    return result;
}

static enum result sigma_lower(struct sigma_loader *loader, const struct selections *selections,
    const struct condition *condition, bool negated, struct sigma_node **out);

static enum result sigma_lower_name(struct sigma_loader *loader,
    const struct selections *selections, const struct condition *condition, struct sigma_node **out)
{
    for (size_t i = 0; i < selections->count; i++) {
        if (!slice_equal(selections->items[i].name, condition->name))
            continue;
        *out = selections->items[i].root;
        return RESULT_OK;
    }
    return SIGMA_REFUSE(
        loader, selections->condition, TEXT_SIGMA_CONDITION_UNKNOWN, ARG(condition->name));
}

/* A pattern that fits nothing is taken for a slip of the pen, but for `not 1 of pattern`: an
 * exclusion of which nothing is left is usual. */
static enum result sigma_lower_of(struct sigma_loader *loader, const struct selections *selections,
    const struct condition *condition, bool negated, struct sigma_node **out)
{
    size_t fitting = 0;
    struct sigma_node *of = NULL;
    for (size_t i = 0; i < selections->count; i++)
        fitting += condition_pattern_fits(condition->name, selections->items[i].name);
    if (fitting == 0 && negated && condition->least == 1)
        return sigma_node_new(loader, selections->condition, SIGMA_NEVER, 0, out);
    if (fitting == 0 || condition->least > fitting)
        return SIGMA_REFUSE(
            loader, selections->condition, TEXT_SIGMA_CONDITION_NOTHING, ARG(condition->name));
    enum sigma_node_type type = condition->least == 0   ? SIGMA_AND
                                : condition->least == 1 ? SIGMA_OR
                                                        : SIGMA_COUNT;
    enum result result = sigma_node_new(loader, selections->condition, type, fitting, &of);
    if (result != RESULT_OK)
        return result;
    of->least = condition->least;
    fitting = 0;
    for (size_t i = 0; i < selections->count; i++)
        if (condition_pattern_fits(condition->name, selections->items[i].name))
            of->children[fitting++] = selections->items[i].root;
    *out = of;
    return RESULT_OK;
}

static enum result sigma_lower(struct sigma_loader *loader, const struct selections *selections,
    const struct condition *condition, bool negated, struct sigma_node **out)
{
    if (condition->type == CONDITION_NAME)
        return sigma_lower_name(loader, selections, condition, out);
    if (condition->type == CONDITION_OF)
        return sigma_lower_of(loader, selections, condition, negated, out);
    enum sigma_node_type type = condition->type == CONDITION_AND  ? SIGMA_AND
                                : condition->type == CONDITION_OR ? SIGMA_OR
                                                                  : SIGMA_NOT;
    enum result result = sigma_node_new(loader, selections->condition, type, condition->count, out);
    for (size_t i = 0; i < condition->count && result == RESULT_OK; i++)
        result = sigma_lower(
            loader, selections, condition->parts[i], type == SIGMA_NOT, &(*out)->children[i]);
    return result;
}

static enum result sigma_condition_load(
    struct sigma_loader *loader, struct selections *selections, struct sigma_node **out)
{
    const struct yaml_node *node = selections->condition;
    struct condition *condition = NULL;
    if (node->type != YAML_SCALAR)
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_CONDITION_TYPE);
    enum result result = condition_parse(
        loader->scratch, node->text, node->line, node->column, &condition, loader->err);
    if (result != RESULT_OK)
        return result;
    return sigma_lower(loader, selections, condition, false, out);
}

/* A list of conditions: any of them. */
static enum result sigma_conditions_load(struct sigma_loader *loader, struct selections *selections,
    const struct yaml_node *conditions, struct sigma_node **root)
{
    selections->condition = conditions;
    if (conditions->type != YAML_SEQUENCE)
        return sigma_condition_load(loader, selections, root);
    if (conditions->count == 0)
        return SIGMA_REFUSE(loader, conditions, TEXT_SIGMA_CONDITION_TYPE);
    enum result result = sigma_node_new(loader, conditions, SIGMA_OR, conditions->count, root);
    for (size_t i = 0; i < conditions->count && result == RESULT_OK; i++) {
        selections->condition = conditions->items[i];
        result = sigma_condition_load(loader, selections, &(*root)->children[i]);
    }
    return result;
}

static bool sigma_is_selection(slice key, bool filter)
{
    return !slice_equal(key, S("condition")) && !slice_equal(key, S("timeframe")) &&
           !(filter && slice_equal(key, S("rules")));
}

enum result sigma_detection_load(struct sigma_loader *loader, const struct yaml_node *detection,
    struct rule *about, struct sigma_node **root)
{
    const struct yaml_node *condition = yaml_get(detection, S("condition"));
    struct selections selections = {0};
    if (detection->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, detection, TEXT_SIGMA_MAPPING, ARG("detection"));
    if (condition == NULL)
        return SIGMA_REFUSE(loader, detection, TEXT_SIGMA_MISSING, ARG("condition"));
    selections.items = ARENA_ARRAY(loader->scratch, struct selection, detection->count);
    for (size_t i = 0; i < detection->count; i++) {
        if (!sigma_is_selection(detection->keys[i]->text, about->filter))
            continue;
        struct selection *selection = &selections.items[selections.count++];
        selection->name = detection->keys[i]->text;
        enum result result =
            sigma_detection_selection(loader, detection->items[i], about, &selection->root);
        if (result != RESULT_OK)
            return result;
        selection->root->name = arena_copy(loader->arena, selection->name);
    }
    return sigma_conditions_load(loader, &selections, condition, root);
}
