/* See sigma_correlation.h; sigma-correlation-rules-specification 2.1. References are resolved when
 * the whole set is known (detect_compile.c). */
#include "detect/sigma_correlation.h"

#include "base/base.h"
#include "base/civil.h"
#include "detect/condition.h"
#include "detect/limits.h"
#include "detect/sigma_texts.h"

struct sigma_correlation_name {
    slice name;
    enum sigma_correlation_type type;
    bool needs_field;
};

static const struct sigma_correlation_name sigma_correlation_names[] = {
    {S_INIT("event_count"), SIGMA_EVENT_COUNT, false},
    {S_INIT("value_count"), SIGMA_VALUE_COUNT, true},
    {S_INIT("temporal"), SIGMA_TEMPORAL, false},
    {S_INIT("temporal_ordered"), SIGMA_TEMPORAL_ORDERED, false},
    {S_INIT("value_sum"), SIGMA_VALUE_SUM, true},
    {S_INIT("value_avg"), SIGMA_VALUE_AVG, true},
    {S_INIT("value_percentile"), SIGMA_VALUE_PERCENTILE, true},
    {S_INIT("value_median"), SIGMA_VALUE_MEDIAN, true},
};

static const slice sigma_operator_names[SIGMA_OPERATORS] = {[SIGMA_GT] = S_INIT("gt"),
    [SIGMA_GTE] = S_INIT("gte"),
    [SIGMA_LT] = S_INIT("lt"),
    [SIGMA_LTE] = S_INIT("lte"),
    [SIGMA_EQ] = S_INIT("eq"),
    [SIGMA_NEQ] = S_INIT("neq")};

static bool sigma_is_temporal(const struct sigma_correlation *correlation)
{
    return correlation->type == SIGMA_TEMPORAL || correlation->type == SIGMA_TEMPORAL_ORDERED;
}

static enum result sigma_correlation_type(struct sigma_loader *loader, const struct yaml_node *root,
    struct sigma_correlation *correlation, bool *needs_field)
{
    slice name;
    enum result result = sigma_texts_one(loader, root, S("type"), &name);
    if (result != RESULT_OK)
        return result;
    for (size_t i = 0; i < sizeof(sigma_correlation_names) / sizeof(*sigma_correlation_names);
         i++) {
        if (!slice_equal(sigma_correlation_names[i].name, name))
            continue;
        correlation->type = sigma_correlation_names[i].type;
        *needs_field = sigma_correlation_names[i].needs_field;
        return RESULT_OK;
    }
    if (slice_is_absent(name))
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("type"));
    return SIGMA_REFUSE(loader, yaml_get(root, S("type")), TEXT_SIGMA_CORRELATION_TYPE, ARG(name));
}

/* A number and one of s m h d w M y; months and years have the length of the Gregorian mean. */
static enum result sigma_timespan(struct sigma_loader *loader, const struct yaml_node *root,
    struct sigma_correlation *correlation)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {'M', 2629746},
        {'y', 31556952}};
    const struct yaml_node *node = yaml_get(root, S("timespan"));
    slice text;
    enum result result = sigma_texts_one(loader, root, S("timespan"), &text);
    if (result != RESULT_OK)
        return result;
    if (text.len == 0)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("timespan"));
    uint64_t count = 0;
    if (slice_to_u64(slice_first(text, text.len - 1), INT32_MAX, &count) && count > 0)
        for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
            if (units[i].unit == text.at[text.len - 1] &&
                checked_mul_i64(
                    (int64_t)count, units[i].seconds * CIVIL_NS_PER_S, &correlation->timespan_ns))
                return RESULT_OK;
    return SIGMA_REFUSE(loader, node, TEXT_SIGMA_TIMESPAN, ARG(text));
}

/* aliases: {alias: {rule: field}} */
static enum result sigma_aliases(struct sigma_loader *loader, const struct yaml_node *root,
    struct sigma_correlation *correlation)
{
    const struct yaml_node *aliases = yaml_get(root, S("aliases"));
    size_t capacity = 0;
    if (aliases == NULL || yaml_is_null(aliases))
        return RESULT_OK;
    if (aliases->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, aliases, TEXT_SIGMA_MAPPING, ARG("aliases"));
    for (size_t i = 0; i < aliases->count; i++) {
        const struct yaml_node *alias = aliases->items[i];
        if (alias->type != YAML_MAPPING)
            return SIGMA_REFUSE(loader, alias, TEXT_SIGMA_MAPPING, ARG(aliases->keys[i]->text));
        for (size_t k = 0; k < alias->count; k++) {
            slice field;
            enum result result = sigma_texts_one(loader, alias, alias->keys[k]->text, &field);
            if (result != RESULT_OK)
                return result;
            if (field.len == 0)
                return SIGMA_REFUSE(loader, alias->items[k], TEXT_SIGMA_VALUE_TYPE);
            if (correlation->alias_count == capacity)
                correlation->aliases = arena_grow(
                    loader->arena, correlation->aliases, &capacity, sizeof(*correlation->aliases));
            correlation->aliases[correlation->alias_count++] =
                (struct sigma_alias){.name = arena_copy(loader->arena, aliases->keys[i]->text),
                    .rule = arena_copy(loader->arena, alias->keys[k]->text),
                    .field = field};
        }
    }
    return RESULT_OK;
}

static enum result sigma_threshold(struct sigma_loader *loader, const struct yaml_node *key,
    const struct yaml_node *value, struct sigma_correlation *correlation)
{
    double number;
    if (value->type != YAML_SCALAR || !slice_to_double(value->text, &number))
        return SIGMA_REFUSE(loader, value, TEXT_SIGMA_THRESHOLD, ARG(key->text));
    if (slice_equal(key->text, S("percentile"))) {
        if (!(number >= 0 && number <= 100))
            return SIGMA_REFUSE(loader, value, TEXT_SIGMA_PERCENTILE);
        correlation->has_percentile = true;
        correlation->percentile = number;
        return RESULT_OK;
    }
    for (int i = 0; i < SIGMA_OPERATORS; i++) {
        if (!slice_equal(key->text, sigma_operator_names[i]))
            continue;
        size_t most = correlation->type == SIGMA_EVENT_COUNT   ? CORRELATION_ENTRIES_MAX
                      : correlation->type == SIGMA_VALUE_COUNT ? CORRELATION_DISTINCT_MAX
                                                               : SIZE_MAX;
        if (number > (double)(most - 2))
            return SIGMA_REFUSE(loader, value, TEXT_SIGMA_THRESHOLD_HIGH, ARG(most - 2));
        correlation->has_operator[i] = true;
        correlation->operand[i] = number;
        return RESULT_OK;
    }
    return SIGMA_REFUSE(loader, key, TEXT_SIGMA_CORRELATION_CONDITION, ARG(key->text));
}

static bool sigma_has_operator(const struct sigma_correlation *correlation)
{
    for (int i = 0; i < SIGMA_OPERATORS; i++)
        if (correlation->has_operator[i])
            return true;
    return false;
}

static enum result sigma_thresholds(struct sigma_loader *loader, const struct yaml_node *condition,
    struct sigma_correlation *correlation, bool needs_field)
{
    enum result result = sigma_texts_list(
        loader, condition, S("field"), &correlation->fields, &correlation->field_count);
    for (size_t i = 0; i < condition->count && result == RESULT_OK; i++)
        if (!slice_equal(condition->keys[i]->text, S("field")))
            result = sigma_threshold(loader, condition->keys[i], condition->items[i], correlation);
    if (result != RESULT_OK)
        return result;
    if (!sigma_has_operator(correlation))
        return SIGMA_REFUSE(loader, condition, TEXT_SIGMA_CORRELATION_OPERATOR);
    if (needs_field != (correlation->field_count > 0))
        return SIGMA_REFUSE(loader, condition,
            needs_field ? TEXT_SIGMA_CORRELATION_FIELD : TEXT_SIGMA_CORRELATION_NO_FIELD);
    if (correlation->field_count > 1 && correlation->type != SIGMA_VALUE_COUNT)
        return SIGMA_REFUSE(loader, condition, TEXT_SIGMA_CORRELATION_ONE_FIELD);
    if (correlation->has_percentile && correlation->type != SIGMA_VALUE_PERCENTILE)
        return SIGMA_REFUSE(loader, condition, TEXT_SIGMA_CORRELATION_CONDITION, ARG("percentile"));
    return RESULT_OK;
}

/* The names of an extended condition, each once, in the order of the text. */
static void sigma_expression_rules(
    struct sigma_loader *loader, const struct condition *condition, struct sigma_correlation *to)
{
    for (size_t i = 0; i < condition->count; i++)
        sigma_expression_rules(loader, condition->parts[i], to);
    if (condition->type != CONDITION_NAME)
        return;
    for (size_t i = 0; i < to->rule_count; i++)
        if (slice_equal(to->rules[i], condition->name))
            return;
    slice *rules = ARENA_ARRAY(loader->arena, slice, to->rule_count + 1);
    for (size_t i = 0; i < to->rule_count; i++)
        rules[i] = to->rules[i];
    rules[to->rule_count++] = condition->name;
    to->rules = rules;
}

/* Gives each name of the condition the index of its rule, and notes which rules are named. */
static bool sigma_expression_fits(struct condition *condition,
    const struct sigma_correlation *correlation, bool *named, slice *unknown)
{
    for (size_t i = 0; i < condition->count; i++)
        if (!sigma_expression_fits(condition->parts[i], correlation, named, unknown))
            return false;
    if (condition->type != CONDITION_NAME && condition->type != CONDITION_OF)
        return true;
    for (uint32_t i = 0; i < correlation->rule_count; i++) {
        if (condition->type != CONDITION_NAME ||
            !slice_equal(correlation->rules[i], condition->name))
            continue;
        condition->least = i;
        named[i] = true;
        return true;
    }
    *unknown = condition->name;
    return false;
}

static enum result sigma_expression(struct sigma_loader *loader, const struct yaml_node *node,
    struct sigma_correlation *correlation)
{
    slice unknown;
    bool named[CORRELATION_RULES_MAX] = {false};
    if (!sigma_is_temporal(correlation))
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_CORRELATION_EXPRESSION);
    correlation->expression = arena_copy(loader->arena, node->text);
    enum result result = condition_parse(loader->arena, correlation->expression, node->line,
        node->column, &correlation->parsed, loader->err);
    if (result != RESULT_OK)
        return result;
    if (correlation->rule_count == 0)
        sigma_expression_rules(loader, correlation->parsed, correlation);
    if (correlation->rule_count > CORRELATION_RULES_MAX)
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_CORRELATION_RULES, ARG(CORRELATION_RULES_MAX));
    if (!sigma_expression_fits(correlation->parsed, correlation, named, &unknown))
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_CORRELATION_UNKNOWN, ARG(unknown));
    for (size_t i = 0; i < correlation->rule_count; i++)
        if (!named[i])
            return SIGMA_REFUSE(
                loader, node, TEXT_SIGMA_CORRELATION_UNUSED, ARG(correlation->rules[i]));
    return RESULT_OK;
}

static enum result sigma_correlation_condition(struct sigma_loader *loader,
    const struct yaml_node *root, struct sigma_correlation *correlation, bool needs_field)
{
    const struct yaml_node *condition = yaml_get(root, S("condition"));
    if (condition == NULL || yaml_is_null(condition)) {
        if (!sigma_is_temporal(correlation))
            return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("condition"));
        return RESULT_OK;
    }
    if (condition->type == YAML_SCALAR)
        return sigma_expression(loader, condition, correlation);
    if (condition->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, condition, TEXT_SIGMA_MAPPING, ARG("condition"));
    return sigma_thresholds(loader, condition, correlation, needs_field);
}

static enum result sigma_check_references(struct sigma_loader *loader, const struct yaml_node *root,
    const struct sigma_correlation *correlation)
{
    if (correlation->rule_count == 0)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("rules"));
    if (correlation->rule_count > CORRELATION_RULES_MAX)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_CORRELATION_RULES, ARG(CORRELATION_RULES_MAX));
    if (correlation->group_by_count + correlation->field_count > CORRELATION_FIELDS_MAX)
        return SIGMA_REFUSE(
            loader, root, TEXT_SIGMA_CORRELATION_FIELDS, ARG(CORRELATION_FIELDS_MAX));
    for (size_t i = 0; i < correlation->rule_count; i++)
        for (size_t k = 0; k < i; k++)
            if (slice_equal(correlation->rules[i], correlation->rules[k]))
                return SIGMA_REFUSE(
                    loader, root, TEXT_SIGMA_CORRELATION_TWICE, ARG(correlation->rules[i]));
    return RESULT_OK;
}

enum result sigma_correlation_load(
    struct sigma_loader *loader, const struct yaml_node *root, struct sigma_correlation **out)
{
    struct sigma_correlation *correlation = ARENA_NEW(loader->arena, struct sigma_correlation);
    bool needs_field = false;
    bool given;
    if (root->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MAPPING, ARG("correlation"));
    correlation->line = root->line;
    correlation->column = root->column;
    enum result result = sigma_correlation_type(loader, root, correlation, &needs_field);
    if (result == RESULT_OK)
        result = sigma_texts_list(
            loader, root, S("rules"), &correlation->rules, &correlation->rule_count);
    if (result == RESULT_OK)
        result = sigma_texts_list(
            loader, root, S("group-by"), &correlation->group_by, &correlation->group_by_count);
    if (result == RESULT_OK)
        result = sigma_timespan(loader, root, correlation);
    if (result == RESULT_OK)
        result = sigma_aliases(loader, root, correlation);
    if (result == RESULT_OK)
        result = sigma_texts_bool(loader, root, S("generate"), &correlation->generate, &given);
    if (result == RESULT_OK)
        result = sigma_correlation_condition(loader, root, correlation, needs_field);
    if (result == RESULT_OK)
        result = sigma_check_references(loader, root, correlation);
    *out = correlation;
    return result;
}
