/* See clue.h. A condition is covered by clues from its items up: an item by the texts of its
 * values, `or` by the clues of all its parts, `and` by those of its cheapest part, `not` by
 * nothing. A rule is covered by its own condition or by that of its place, whichever is cheaper.
 *
 * What a clue costs is how often it will be seen in vain. What many rules ask for (\powershell.exe,
 * EventID 1) is what many events have, so the number of its uses is the estimate: no statistics of
 * anybody's events are needed. */
#include "detect/clue.h"

#include <math.h>

#include "base/base.h"
#include "base/utf8.h"
#include "detect/modifier.h"
#include "detect/program.h"
#include "detect/rarity.h"

#define CLUE_NONE UINT32_MAX
/* Whole logs are of one place: what tells it is seen more often than rules ask for it. */
#define CLUE_PLACE_WEIGHT 16
#define CLUE_THERE_WEIGHT 32
#define CLUE_EQUAL_WEIGHT 4
#define CLUE_RARE_COST    0.1
/* A letter is in nearly all values: that there is one says as much. */
#define CLUE_TEXT_COST_MAX 64
/* Bytes of a text beyond ASCII that is looked for by CLUE_NOT_ASCII rather than itself. */
#define CLUE_SIGNS_MAX 8

/* What the values of an item give: `more` as in struct item_value. */
struct clue_of_value {
    uint32_t clue; /* CLUE_NONE: nothing is sure to be seen */
    bool more;
};

struct clue_item {
    struct clue_of_value *values;
    size_t count, capacity;
};

struct clue_choice {
    const struct detect_program *program;
    struct arena *arena;
    struct arena scratch;
    struct clues *clues;
    struct map known; /* type, field, place, text → index */
    struct buf key;
    struct clue_item *items; /* by item of the program */
    double *costs;           /* by node; 0: not known yet */
    uint32_t *pairs;         /* clue, instance */
    size_t pair_count, pair_capacity;
    bool *opened; /* by place: something leads to it */
};

/* Text of the longest value: values are bounded by the rule's file. */
#define CLUE_KEY_MAX ((size_t)64 << 20)

static uint32_t clue_intern(struct clue_choice *choice, struct clue clue)
{
    struct clues *clues = choice->clues;
    bool inserted;
    uint32_t head[] = {(uint32_t)clue.type, clue.field, clue.at_start, clue.at_end};
    buf_clear(&choice->key);
    buf_append(&choice->key, slice_make(head, sizeof(head)));
    buf_append(&choice->key, clue.text);
    uint64_t *index = map_put(&choice->known, buf_slice(&choice->key), &inserted);
    if (inserted) {
        *index = clues->count;
        if (clues->count == clues->capacity)
            clues->items =
                arena_grow(choice->arena, clues->items, &clues->capacity, sizeof(*clues->items));
        clue.text = arena_copy(choice->arena, clue.text);
        clue.count = 0;
        clues->items[clues->count++] = clue;
    }
    return (uint32_t)*index;
}

static uint32_t clue_there(struct clue_choice *choice, uint32_t field)
{
    if (field == ITEM_ANY_FIELD)
        return CLUE_NONE;
    return clue_intern(choice, (struct clue){.type = CLUE_THERE, .field = field});
}

/* The longest text that every value matched by the pattern has. */
static struct clue clue_of_pattern(const struct pattern *pattern, uint32_t field)
{
    struct clue clue = {.type = CLUE_TEXT, .field = field, .text = pattern->text};
    if (pattern->form == PATTERN_EQUAL)
        clue.type = CLUE_EQUAL;
    clue.at_start = pattern->form == PATTERN_STARTS;
    clue.at_end = pattern->form == PATTERN_ENDS;
    for (size_t i = 0; i < pattern->count && pattern->form == PATTERN_GLOB; i++)
        if (pattern->tokens[i].type == PATTERN_TEXT &&
            (i == 0 || pattern->tokens[i].text.len > clue.text.len))
            clue.text = pattern->tokens[i].text;
    return clue;
}

/* A text that some value must have, or, when that says little, that there is a value. Of short
 * texts beyond ASCII (signs and pictures) there are thousands, and few values that have any. */
static uint32_t clue_from_text(struct clue_choice *choice, struct clue clue)
{
    bool is_ascii = utf8_is_ascii(clue.text);
    if (clue.type == CLUE_TEXT && clue.text.len < CLUE_SIGNS_MAX && !is_ascii)
        return clue_intern(choice, (struct clue){.type = CLUE_NOT_ASCII, .field = clue.field});
    bool says_little = clue.text.len == 0 || (clue.field != ITEM_ANY_FIELD &&
                                                 rarity_cost(clue.text) > CLUE_TEXT_COST_MAX);
    if (clue.type == CLUE_TEXT && says_little)
        return clue_there(choice, clue.field);
    return clue_intern(choice, clue);
}

/* Values are searched in lower case. A text with case that is not ASCII may be cut inside a
 * character, and is then not found in the lower-case value. */
static uint32_t clue_from_pattern(
    struct clue_choice *choice, const struct pattern *pattern, uint32_t field)
{
    struct clue clue = clue_of_pattern(pattern, field);
    if (pattern->form == PATTERN_ANYTHING)
        return clue_there(choice, field);
    if (pattern->cased && !utf8_is_ascii(clue.text))
        return clue_intern(choice, (struct clue){.type = CLUE_NOT_ASCII, .field = field});
    if (pattern->cased)
        clue.text = utf8_lower_copy(&choice->scratch, clue.text);
    return clue_from_text(choice, clue);
}

static void clue_add_value(
    struct clue_choice *choice, struct clue_item *item, uint32_t clue, bool more)
{
    if (item->count == item->capacity)
        item->values =
            arena_grow(&choice->scratch, item->values, &item->capacity, sizeof(*item->values));
    item->values[item->count++] = (struct clue_of_value){.clue = clue, .more = more};
}

static void clue_from_regex(struct clue_choice *choice, struct clue_item *out, uint32_t field,
    const struct item_value *value)
{
    const struct item_regex *regex = value->regex;
    bool more = value->more;
    if (regex->literal_count == 0)
        clue_add_value(choice, out, clue_there(choice, field), more);
    for (size_t i = 0; i < regex->literal_count; i++, more = true) {
        struct clue clue = {.type = CLUE_TEXT, .field = field, .text = regex->literals[i]};
        clue_add_value(choice, out, clue_from_text(choice, clue), more);
    }
}

static void clue_from_value(struct clue_choice *choice, struct clue_item *out, uint32_t field,
    const struct item_value *value)
{
    uint32_t clue = CLUE_NONE;
    switch (value->type) {
    case ITEM_PATTERN:
        clue = clue_from_pattern(choice, &value->pattern, field);
        break;
    case ITEM_NUMBER:
        if (value->is_integer && field != ITEM_ANY_FIELD)
            clue = clue_intern(choice, (struct clue){.type = CLUE_ODD_NUMBER, .field = field});
        else
            clue = clue_there(choice, field);
        break;
    case ITEM_REGEX:
        clue_from_regex(choice, out, field, value);
        return;
    case ITEM_COMPARE:
    case ITEM_RANGE:
    case ITEM_FIELD:
        clue = clue_there(choice, field);
        break;
    case ITEM_NULL:
        break;
    }
    clue_add_value(choice, out, clue, value->more);
}

static void clue_from_item(
    struct clue_choice *choice, const struct item *item, struct clue_item *out)
{
    bool there = (item->modifiers & (MODIFIER_EXISTS | MODIFIER_NEQ)) != 0;
    if (there) {
        bool sure = (item->modifiers & MODIFIER_EXISTS) == 0 || item->wanted;
        clue_add_value(choice, out, sure ? clue_there(choice, item->field) : CLUE_NONE, false);
        return;
    }
    for (size_t i = 0; i < item->count; i++)
        clue_from_value(choice, out, item->field, &item->values[i]);
    if (item->count == 0 && (item->modifiers & MODIFIER_ALL) != 0)
        clue_add_value(choice, out, CLUE_NONE, false);
}

/* --- costs --- */

static double clue_cost(const struct clue_choice *choice, uint32_t index)
{
    if (index == CLUE_NONE)
        return INFINITY;
    const struct clue *clue = &choice->clues->items[index];
    switch (clue->type) {
    case CLUE_TEXT:
        return rarity_cost(clue->text) * clue->uses;
    case CLUE_EQUAL:
        return CLUE_EQUAL_WEIGHT * clue->uses;
    case CLUE_THERE:
        return CLUE_THERE_WEIGHT * clue->uses;
    case CLUE_NOT_ASCII: /* in few values, whatever rules ask for */
    case CLUE_ODD_NUMBER:
        break;
    }
    return CLUE_RARE_COST;
}

/* The values [first, end) that stand for the same value of the rule, and what they cost. */
static double clue_group(
    const struct clue_choice *choice, const struct clue_item *item, size_t first, size_t *end)
{
    double cost = 0;
    size_t at = first;
    do
        cost += clue_cost(choice, item->values[at++].clue);
    while (at < item->count && item->values[at].more);
    *end = at;
    return cost;
}

/* With `all`, one group of values is enough: the cheapest. */
static double clue_item_range(
    const struct clue_choice *choice, uint32_t index, size_t *first, size_t *end)
{
    const struct clue_item *item = &choice->items[index];
    double best = INFINITY;
    *first = 0;
    *end = item->count;
    if ((choice->program->items[index].modifiers & MODIFIER_ALL) == 0) {
        best = 0;
        for (size_t i = 0; i < item->count; i++)
            best += clue_cost(choice, item->values[i].clue);
        return best;
    }
    for (size_t at = 0, next; at < item->count; at = next) {
        double cost = clue_group(choice, item, at, &next);
        if (cost < best) {
            best = cost;
            *first = at;
            *end = next;
        }
    }
    return best;
}

static double clue_node_cost(struct clue_choice *choice, uint32_t index);

/* NULL when it has none. */
static const uint32_t *clue_children(
    const struct clue_choice *choice, const struct program_node *node)
{
    return node->count == 0 ? NULL : &choice->program->children[node->first];
}

static double clue_children_cost(struct clue_choice *choice, const struct program_node *node)
{
    const uint32_t *children = clue_children(choice, node);
    double least = INFINITY;
    double sum = 0;
    uint32_t uncovered = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        double cost = clue_node_cost(choice, children[i]);
        bool covered = cost < INFINITY;
        uncovered += !covered;
        sum += covered ? cost : 0;
        least = fmin(least, cost);
    }
    switch (node->type) {
    case SIGMA_AND:
        return least;
    case SIGMA_OR:
        return uncovered > 0 ? INFINITY : sum;
    case SIGMA_COUNT: /* of `least` true ones at least one is covered */
        return uncovered >= node->least ? INFINITY : sum;
    case SIGMA_NOT:
    case SIGMA_ITEM:
    case SIGMA_NEVER:
        break;
    }
    return node->type == SIGMA_NEVER ? 0 : INFINITY;
}

/* What covers the node, INFINITY when nothing does. Depth is bounded as in detect_match.c. */
static double clue_node_cost(struct clue_choice *choice, uint32_t index)
{
    const struct program_node *node = &choice->program->nodes[index];
    double *cost = &choice->costs[index];
    size_t first, end;
    if (*cost > 0)
        return *cost;
    if (node->type == SIGMA_ITEM)
        *cost = clue_item_range(choice, node->item, &first, &end);
    else
        *cost = clue_children_cost(choice, node);
    *cost = fmax(*cost, 1e-6); /* 0 is "not known" */
    return *cost;
}

/* --- choosing --- */

static void clue_add_pair(struct clue_choice *choice, uint32_t clue, uint32_t link)
{
    while (choice->pair_capacity - choice->pair_count < 2)
        choice->pairs = arena_grow(
            &choice->scratch, choice->pairs, &choice->pair_capacity, sizeof(*choice->pairs));
    choice->pairs[choice->pair_count++] = clue;
    choice->pairs[choice->pair_count++] = link;
}

static void clue_open_place(struct clue_choice *choice, uint32_t index);

/* A text of any field becomes one of the rule's place, and is looked for only there. */
static void clue_link(struct clue_choice *choice, uint32_t index, uint32_t link)
{
    struct clue clue = choice->clues->items[index];
    if (clue.field == ITEM_ANY_FIELD) {
        ASSERT(link < choice->program->instance_count);
        uint32_t place = choice->program->instances[link].place;
        clue.field = choice->clues->field_count + place;
        index = clue_intern(choice, clue);
        clue_open_place(choice, place);
    }
    clue_add_pair(choice, index, link);
}

static void clue_link_node(struct clue_choice *choice, uint32_t index, uint32_t link)
{
    const struct program_node *node = &choice->program->nodes[index];
    const uint32_t *children = clue_children(choice, node);
    size_t first, end;
    if (node->type == SIGMA_ITEM) {
        (void)clue_item_range(choice, node->item, &first, &end);
        for (size_t i = first; i < end; i++)
            clue_link(choice, choice->items[node->item].values[i].clue, link);
        return;
    }
    uint32_t best = 0;
    for (uint32_t i = 1; i < node->count && node->type == SIGMA_AND; i++)
        if (clue_node_cost(choice, children[i]) < clue_node_cost(choice, children[best]))
            best = i;
    for (uint32_t i = 0; i < node->count; i++)
        if (node->type == SIGMA_AND ? i == best : clue_node_cost(choice, children[i]) < INFINITY)
            clue_link_node(choice, children[i], link);
}

/* Places are told by fields; one that looks for texts in any field is tried always. */
static bool clue_is_of_fields(const struct clue_choice *choice, uint32_t index)
{
    const struct program_node *node = &choice->program->nodes[index];
    for (uint32_t i = 0; i < node->count; i++)
        if (!clue_is_of_fields(choice, choice->program->children[node->first + i]))
            return false;
    return node->type != SIGMA_ITEM || choice->program->items[node->item].field != ITEM_ANY_FIELD;
}

/* The cheaper of the two conditions of a place, or PROGRAM_NONE. */
static uint32_t clue_of_place(struct clue_choice *choice, const struct program_place *place)
{
    uint32_t parts[] = {place->where, place->also};
    uint32_t best = PROGRAM_NONE;
    double least = INFINITY;
    for (size_t i = 0; i < 2; i++)
        if (parts[i] != PROGRAM_NONE && clue_is_of_fields(choice, parts[i]) &&
            clue_node_cost(choice, parts[i]) < least) {
            best = parts[i];
            least = clue_node_cost(choice, best);
        }
    return best;
}

static void clue_always(struct clue_choice *choice, uint32_t link)
{
    choice->clues->always[choice->clues->always_count++] = link;
}

static void clue_open_place(struct clue_choice *choice, uint32_t index)
{
    uint32_t link = (uint32_t)choice->program->instance_count + index;
    uint32_t node = clue_of_place(choice, &choice->program->places[index]);
    if (choice->opened[index])
        return;
    choice->opened[index] = true;
    if (node == PROGRAM_NONE)
        clue_always(choice, link);
    else
        clue_link_node(choice, node, link);
}

static void clue_cover(struct clue_choice *choice, uint32_t index)
{
    const struct program_instance *instance = &choice->program->instances[index];
    uint32_t place = clue_of_place(choice, &choice->program->places[instance->place]);
    double cost = clue_node_cost(choice, instance->root);
    if (place != PROGRAM_NONE && clue_node_cost(choice, place) * CLUE_PLACE_WEIGHT < cost)
        clue_link_node(choice, place, index);
    else if (cost < INFINITY)
        clue_link_node(choice, instance->root, index);
    else
        clue_always(choice, index);
}

static void clue_count_uses(struct clue_choice *choice, uint32_t index)
{
    const struct program_node *node = &choice->program->nodes[index];
    const struct clue_item *item = &choice->items[node->item];
    for (size_t i = 0; i < item->count && node->type == SIGMA_ITEM; i++)
        if (item->values[i].clue != CLUE_NONE)
            choice->clues->items[item->values[i].clue].uses++;
    for (uint32_t i = 0; i < node->count; i++)
        clue_count_uses(choice, choice->program->children[node->first + i]);
}

static void clue_count_all_uses(struct clue_choice *choice)
{
    const struct detect_program *program = choice->program;
    for (size_t i = 0; i < program->instance_count; i++) {
        const struct program_instance *instance = &program->instances[i];
        const struct program_place *place = &program->places[instance->place];
        clue_count_uses(choice, instance->root);
        if (place->where != PROGRAM_NONE)
            clue_count_uses(choice, place->where);
        if (place->also != PROGRAM_NONE)
            clue_count_uses(choice, place->also);
    }
}

/* From pairs to a row of instances for each clue. */
static void clue_lay_out(struct clue_choice *choice)
{
    struct clues *clues = choice->clues;
    uint32_t first = 0;
    clues->links = ARENA_ARRAY(choice->arena, uint32_t, choice->pair_count / 2);
    for (size_t i = 0; i < choice->pair_count; i += 2)
        clues->items[choice->pairs[i]].count++;
    for (size_t i = 0; i < clues->count; i++) {
        clues->items[i].first = first;
        first += clues->items[i].count;
        clues->items[i].count = 0;
    }
    for (size_t i = 0; i < choice->pair_count; i += 2) {
        struct clue *clue = &clues->items[choice->pairs[i]];
        clues->links[clue->first + clue->count++] = choice->pairs[i + 1];
    }
}

void clues_choose(const struct detect_program *program, struct arena *arena, struct clues *clues)
{
    struct clue_choice choice = {.program = program, .arena = arena, .clues = clues};
    *clues = (struct clues){.field_count = (uint32_t)program->fields.count};
    clues->always = ARENA_ARRAY(arena, uint32_t, program->instance_count + program->place_count);
    choice.opened = ARENA_ARRAY(&choice.scratch, bool, program->place_count);
    choice.items = ARENA_ARRAY(&choice.scratch, struct clue_item, program->item_count);
    choice.costs = ARENA_ARRAY(&choice.scratch, double, program->node_count);
    buf_init(&choice.key, CLUE_KEY_MAX);
    for (size_t i = 0; i < program->item_count; i++)
        clue_from_item(&choice, &program->items[i], &choice.items[i]);
    clue_count_all_uses(&choice);
    for (size_t i = 0; i < program->instance_count; i++)
        clue_cover(&choice, (uint32_t)i);
    clue_lay_out(&choice);
    map_free(&choice.known);
    buf_free(&choice.key);
    arena_free(&choice.scratch);
}
