/* See detect_explain.h. The compiled nodes are asked as when matching, all of them: whoever reads
 * the steps wants to know of the parts that were not needed as well. */
#include "detect/detect_explain.h"

#include "base/base.h"
#include "detect/matcher.h"

struct explaining {
    struct detect_matcher *matcher;
    detect_step_take take;
    void *context;
    unsigned steps;
    char wanted[DETECT_STEP_TEXT_MAX];
};

static void explain_give(struct explaining *explaining, const struct detect_step *step)
{
    if (explaining->steps++ < DETECT_STEPS_MAX)
        explaining->take(explaining->context, step);
}

/* The rule's values, as many as there is room for. */
static slice explain_wanted(struct explaining *explaining, const struct sigma_item *item)
{
    struct buf out;
    buf_init_fixed(&out, explaining->wanted, sizeof(explaining->wanted));
    for (size_t i = 0; i < item->count; i++) {
        slice text = item->values[i].type == SIGMA_NULL ? S("null") : item->values[i].text;
        if (out.len + text.len + 8 > sizeof(explaining->wanted)) {
            buf_append(&out, i == 0 ? slice_first(text, sizeof(explaining->wanted) - 8) : S(""));
            buf_append(&out, i == 0 ? S("...") : S(", ..."));
            break;
        }
        if (i > 0)
            buf_append(&out, S(", "));
        buf_append(&out, text);
    }
    return buf_slice(&out);
}

static void explain_item(
    struct explaining *explaining, const struct program_node *node, struct detect_step *step)
{
    const struct detect_program *program = explaining->matcher->program;
    const struct view *view = &explaining->matcher->view;
    const struct item *item = &program->items[node->item];
    const struct sigma_item *source = node->source->item;
    step->kind = DETECT_STEP_ITEM;
    step->asked = source->key;
    step->wanted = explain_wanted(explaining, source);
    step->field = (slice){NULL, 0};
    if (item->field == ITEM_ANY_FIELD)
        return;
    uint32_t value = view_first(view, item->field);
    if (value == 0)
        return;
    step->field = view_get(view, value)->name;
    step->value = slice_first(view_get(view, value)->value, DETECT_STEP_TEXT_MAX);
}

/* Depth is bounded where rules are read: CONDITION_DEPTH_MAX and YAML_DEPTH_MAX. */
static void explain_node(
    struct explaining *explaining, uint32_t index, unsigned depth, slice selection)
{
    static const enum detect_step_kind kinds[] = {
        [SIGMA_AND] = DETECT_STEP_AND,
        [SIGMA_OR] = DETECT_STEP_OR,
        [SIGMA_NOT] = DETECT_STEP_NOT,
        [SIGMA_COUNT] = DETECT_STEP_COUNT,
        [SIGMA_ITEM] = DETECT_STEP_ITEM,
        [SIGMA_NEVER] = DETECT_STEP_NEVER,
    };
    const struct detect_program *program = explaining->matcher->program;
    const struct program_node *node = &program->nodes[index];
    bool is_list = node->type == SIGMA_AND || node->type == SIGMA_OR;
    if (node->source->name.len > 0)
        selection = node->source->name;
    if (is_list && node->count == 1) {
        explain_node(explaining, program->children[node->first], depth, selection);
        return;
    }
    struct detect_step step = {.kind = kinds[node->type],
        .depth = depth,
        .holds = matcher_node(explaining->matcher, index),
        .least = node->least,
        .selection = selection};
    if (node->type == SIGMA_ITEM)
        explain_item(explaining, node, &step);
    explain_give(explaining, &step);
    for (uint32_t i = 0; i < node->count && explaining->steps < DETECT_STEPS_MAX; i++)
        explain_node(explaining, program->children[node->first + i], depth + 1, S(""));
}

void detect_explain(struct detect_matcher *matcher, struct event *event, uint32_t rule,
    detect_step_take take, void *context)
{
    const struct detect_program *program = matcher->program;
    struct explaining explaining = {.matcher = matcher, .take = take, .context = context};
    struct detect_step step = {.kind = DETECT_STEP_LOG_SOURCE};
    uint32_t root = program->rules[rule].root;
    ASSERT(root != PROGRAM_NONE);
    matcher_begin(matcher, event);
    for (uint32_t i = 0; i < program->instance_count && !step.holds; i++) {
        const struct program_instance *instance = &program->instances[i];
        if (instance->rule != rule || !matcher_place(matcher, instance->place))
            continue;
        step.holds = true;
        root = instance->root;
    }
    explain_give(&explaining, &step);
    explain_node(&explaining, root, 1, S(""));
}
