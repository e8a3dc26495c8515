/* See detect_compile.h: from loaded rules to a program. Items that ask the same are kept once,
 * whichever rules they are from, so that each is asked once for an event; children are put in the
 * order of their cost. A rule is compiled once for each place of its log source, since its fields
 * may be called otherwise there. */
#include "detect/detect_compile.h"

#include <string.h>

#include "base/base.h"
#include "detect/correlation_compile.h"
#include "detect/item_build.h"
#include "detect/program.h"

/* Bytes of an item's key: values of a rule are bounded by their number and by the file. */
#define COMPILE_KEY_MAX ((size_t)64 << 20)

struct compile {
    struct detect_program *program;
    struct rule_set *set;
    struct arena scratch;
    struct arena item_scratch;     /* of the item being compiled */
    struct map found;              /* log source → struct log_found * */
    struct map places;             /* where, also → index of place */
    struct map wheres;             /* struct sigma_node * → node */
    struct map nodes;              /* the same, of the rule being compiled */
    const struct log_place *place; /* whose renames apply, or NULL */
    uint32_t *filters;             /* rules that are filters */
    size_t filter_count;
    struct buf key;
    struct error *err;
};

static uint32_t compile_node_new(struct compile *compile, enum sigma_node_type type)
{
    struct detect_program *program = compile->program;
    ASSERT(program->node_count < PROGRAM_NONE);
    if (program->node_count == program->node_capacity)
        program->nodes = arena_grow(
            &program->arena, program->nodes, &program->node_capacity, sizeof(*program->nodes));
    program->nodes[program->node_count] = (struct program_node){.type = type, .cost = 1};
    return (uint32_t)program->node_count++;
}

static slice compile_field_name(const struct compile *compile, slice field)
{
    const struct log_place *place = compile->place;
    for (size_t i = 0; place != NULL && i < place->rename_count; i++)
        if (slice_equal(place->renames[i].rule, field))
            return place->renames[i].event;
    return field;
}

static enum result compile_item(
    struct compile *compile, const struct sigma_item *source, uint32_t *index)
{
    struct detect_program *program = compile->program;
    struct item_builder builder = {.arena = &program->arena,
        .scratch = &compile->item_scratch,
        .fields = &program->fields,
        .regexes = &program->regexes,
        .placeholders = &compile->set->placeholders,
        .err = compile->err};
    struct item item;
    bool inserted;
    arena_reset(&compile->item_scratch);
    enum result result =
        item_build(&builder, source, compile_field_name(compile, source->field), &item);
    if (result != RESULT_OK)
        return result;
    buf_clear(&compile->key);
    item_key(&item, &compile->key);
    ASSERT(!compile->key.overflow);
    uint64_t *known = map_put(&program->item_keys, buf_slice(&compile->key), &inserted);
    if (inserted) {
        *known = program->item_count;
        if (program->item_count == program->item_capacity)
            program->items = arena_grow(
                &program->arena, program->items, &program->item_capacity, sizeof(*program->items));
        item_copy(&program->arena, &item, &program->items[program->item_count++]);
    }
    *index = (uint32_t)*known;
    return RESULT_OK;
}

static uint32_t compile_children_reserve(struct detect_program *program, size_t count)
{
    while (program->child_capacity - program->child_count < count)
        program->children = arena_grow(&program->arena, program->children, &program->child_capacity,
            sizeof(*program->children));
    size_t first = program->child_count;
    program->child_count += count;
    ASSERT(program->child_count < PROGRAM_NONE);
    return (uint32_t)first;
}

/* Children by cost, those of equal cost in their own order: few, and nearly sorted. */
static void compile_sort_children(struct detect_program *program, struct program_node *node)
{
    uint32_t *children = &program->children[node->first];
    for (uint32_t i = 1; i < node->count; i++)
        for (uint32_t k = i;
             k > 0 && program->nodes[children[k - 1]].cost > program->nodes[children[k]].cost;
             k--) {
            uint32_t swap = children[k];
            children[k] = children[k - 1];
            children[k - 1] = swap;
        }
    uint64_t cost = 1;
    for (uint32_t i = 0; i < node->count; i++)
        cost += program->nodes[children[i]].cost;
    node->cost = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
}

static enum result compile_node(
    struct compile *compile, struct map *memo, const struct sigma_node *source, uint32_t *out);

static enum result compile_children(
    struct compile *compile, struct map *memo, const struct sigma_node *source, uint32_t node)
{
    struct detect_program *program = compile->program;
    uint32_t first = compile_children_reserve(program, source->count);
    for (uint32_t i = 0; i < source->count; i++) {
        uint32_t child;
        enum result result = compile_node(compile, memo, source->children[i], &child);
        if (result != RESULT_OK)
            return result;
        program->children[first + i] = child;
    }
    program->nodes[node].first = first;
    program->nodes[node].count = (uint32_t)source->count;
    program->nodes[node].least = source->least;
    compile_sort_children(program, &program->nodes[node]);
    return RESULT_OK;
}

/* `memo` knows the nodes that were compiled already: a selection may be named more than once. */
static enum result compile_node(
    struct compile *compile, struct map *memo, const struct sigma_node *source, uint32_t *out)
{
    const uint64_t *known = map_find(memo, slice_make(&source, sizeof(source)));
    enum result result = RESULT_OK;
    if (known != NULL) {
        *out = (uint32_t)*known;
        return RESULT_OK;
    }
    uint32_t node = compile_node_new(compile, source->type);
    compile->program->nodes[node].source = source;
    if (source->type == SIGMA_ITEM) {
        uint32_t item = 0;
        result = compile_item(compile, source->item, &item);
        if (result != RESULT_OK)
            return result;
        compile->program->nodes[node].item = item;
        compile->program->nodes[node].cost = item_cost(&compile->program->items[item]);
    } else {
        result = compile_children(compile, memo, source, node);
    }
    *map_put(memo, slice_make(&source, sizeof(source)), NULL) = node;
    *out = node;
    return result;
}

/* --- filters --- */

static bool compile_fits(slice filter, slice rule)
{
    return slice_is_absent(filter) || (!slice_is_absent(rule) && slice_equal_nocase(filter, rule));
}

static bool compile_filter_applies(
    const struct compile *compile, const struct rule *filter, size_t index, const struct rule *rule)
{
    const struct sigma_filter *about = compile->set->loaded[index].filter;
    if (!compile_fits(filter->product, rule->product) ||
        !compile_fits(filter->category, rule->category) ||
        !compile_fits(filter->service, rule->service))
        return false;
    for (size_t i = 0; i < about->rule_count && !about->any; i++)
        if (slice_equal_nocase(about->rules[i], rule->id) ||
            (rule->name.len > 0 && slice_equal(about->rules[i], rule->name)))
            return true;
    return about->any;
}

/* The rule's own detection, and the filters that apply to it. */
static struct sigma_node *compile_with_filters(struct compile *compile, size_t index)
{
    const struct rule *rule = &compile->set->rules[index];
    struct arena *arena = &compile->program->arena; /* explaining needs the nodes */
    struct sigma_node *root = compile->set->loaded[index].root;
    for (size_t i = 0; i < compile->filter_count; i++) {
        size_t filter = compile->filters[i];
        if (!compile_filter_applies(compile, &compile->set->rules[filter], filter, rule))
            continue;
        struct sigma_node *both = ARENA_NEW(arena, struct sigma_node);
        both->type = SIGMA_AND;
        both->count = 2;
        both->children = ARENA_ARRAY(arena, struct sigma_node *, 2);
        both->children[0] = root;
        both->children[1] = compile->set->loaded[filter].root;
        root = both;
    }
    return root;
}

/* --- rules and places --- */

static enum result compile_rule_root(struct compile *compile, const struct log_place *place,
    const struct sigma_node *root, uint32_t *out)
{
    compile->place = place;
    enum result result = compile_node(compile, &compile->nodes, root, out);
    map_free(&compile->nodes);
    compile->place = NULL;
    return result;
}

static const struct log_found *compile_log_source(struct compile *compile, const struct rule *rule)
{
    bool inserted;
    slice parts[] = {rule->product, rule->category, rule->service};
    buf_clear(&compile->key);
    for (size_t i = 0; i < 3; i++) {
        buf_append_byte(&compile->key, slice_is_absent(parts[i]) ? '-' : '+');
        buf_append(&compile->key, parts[i]);
        buf_append_byte(&compile->key, '\0');
    }
    uint64_t *known = map_put(&compile->found, buf_slice(&compile->key), &inserted);
    if (inserted) {
        struct log_found *found = ARENA_NEW(&compile->scratch, struct log_found);
        log_sources_find(
            &compile->set->log_sources, rule, compile->set->wider, &compile->program->arena, found);
        *known = (uint64_t)(uintptr_t)found;
    }
    return (const struct log_found *)(uintptr_t)*known;
}

/* The condition of a place; PROGRAM_NONE for events from anywhere. */
static enum result compile_where(
    struct compile *compile, const struct sigma_node *where, uint32_t *node)
{
    *node = PROGRAM_NONE;
    return where == NULL ? RESULT_OK : compile_node(compile, &compile->wheres, where, node);
}

static uint32_t compile_place(struct compile *compile, uint32_t where, uint32_t also)
{
    struct detect_program *program = compile->program;
    bool inserted;
    uint32_t key[] = {where, also};
    uint64_t *known = map_put(&compile->places, slice_make(key, sizeof(key)), &inserted);
    if (inserted) {
        *known = program->place_count;
        if (program->place_count == program->place_capacity)
            program->places = arena_grow(&program->arena, program->places, &program->place_capacity,
                sizeof(*program->places));
        program->places[program->place_count++] =
            (struct program_place){.where = where, .also = also};
    }
    return (uint32_t)*known;
}

static void compile_add_instance(
    struct compile *compile, uint32_t place, size_t rule, uint32_t root)
{
    struct detect_program *program = compile->program;
    if (program->instance_count == program->instance_capacity)
        program->instances = arena_grow(&program->arena, program->instances,
            &program->instance_capacity, sizeof(*program->instances));
    program->instances[program->instance_count++] =
        (struct program_instance){.rule = (uint32_t)rule, .root = root, .place = place};
}

static void compile_keep_renames(
    struct compile *compile, size_t index, const struct log_found *found)
{
    struct program_rule *rule = &compile->program->rules[index];
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++)
        count += found->places[i].rename_count;
    rule->renames = ARENA_ARRAY(&compile->program->arena, struct log_rename, count);
    for (size_t i = 0; i < found->count; i++)
        for (size_t k = 0; k < found->places[i].rename_count; k++)
            rule->renames[rule->rename_count++] = found->places[i].renames[k];
}

/* The rule in each place of its log source. */
static enum result compile_rule_places(struct compile *compile, size_t index,
    const struct log_found *found, const struct sigma_node *root)
{
    uint32_t where[LOG_SOURCE_PLACES_MAX];
    uint32_t also[LOG_SOURCE_PLACES_MAX];
    uint32_t renamed[LOG_SOURCE_PLACES_MAX];
    for (size_t i = 0; i < found->count; i++) {
        const struct log_place *place = &found->places[i];
        renamed[i] = compile->program->rules[index].root;
        enum result result = compile_where(compile, place->where, &where[i]);
        if (result == RESULT_OK)
            result = compile_where(compile, place->also, &also[i]);
        if (result == RESULT_OK && place->rename_count > 0)
            result = compile_rule_root(compile, place, root, &renamed[i]);
        if (result != RESULT_OK)
            return result;
    }
    for (size_t i = 0; i < found->count; i++)
        compile_add_instance(compile, compile_place(compile, where[i], also[i]), index, renamed[i]);
    return RESULT_OK;
}

/* The same, or everywhere when no mapping was given. */
static enum result compile_rule_everywhere(
    struct compile *compile, size_t index, const struct sigma_node *root)
{
    struct rule *rule = &compile->set->rules[index];
    if (!compile->set->has_log_sources) {
        compile_add_instance(compile, compile_place(compile, PROGRAM_NONE, PROGRAM_NONE), index,
            compile->program->rules[index].root);
        return RESULT_OK;
    }
    const struct log_found *found = compile_log_source(compile, rule);
    if (!compile->set->loaded[index].vector_given)
        rule->vector = found->vector;
    compile_keep_renames(compile, index, found);
    return compile_rule_places(compile, index, found, root);
}

static void compile_rule(struct compile *compile, size_t index)
{
    const struct sigma_node *root = compile_with_filters(compile, index);
    uint32_t *plain = &compile->program->rules[index].root;
    enum result result = compile_rule_root(compile, NULL, root, plain);
    if (result == RESULT_OK)
        result = compile_rule_everywhere(compile, index, root);
    if (result == RESULT_OK)
        return;
    *plain = PROGRAM_NONE;
    rule_set_refuse(compile->set, index, compile->err);
}

/* Filters are tried by themselves first, so that a mistake in one refuses it and not the rules. */
static void compile_filters(struct compile *compile)
{
    struct rule_set *set = compile->set;
    compile->filters = ARENA_ARRAY(&compile->scratch, uint32_t, set->count);
    for (size_t i = 0; i < set->count; i++) {
        uint32_t node;
        if (set->rules[i].refused || !set->rules[i].filter)
            continue;
        if (compile_rule_root(compile, NULL, set->loaded[i].root, &node) == RESULT_OK)
            compile->filters[compile->filter_count++] = (uint32_t)i;
        else
            rule_set_refuse(set, i, compile->err);
    }
}

/* Conditions of the mapping first: a mistake there is no rule's. */
static enum result compile_log_sources(struct compile *compile)
{
    const struct log_sources *sources = &compile->set->log_sources;
    for (size_t i = 0; i < sources->count; i++)
        for (size_t k = 0; k < sources->entries[i].place_count; k++) {
            uint32_t node;
            enum result result = compile_where(compile, sources->entries[i].places[k].where, &node);
            if (result != RESULT_OK)
                return result;
        }
    return RESULT_OK;
}

static void compile_rules(struct compile *compile)
{
    const struct rule_set *set = compile->set;
    compile_filters(compile);
    for (size_t i = 0; i < set->count; i++) {
        compile->program->rules[i].root = PROGRAM_NONE;
        if (!set->rules[i].refused && !set->rules[i].correlation && !set->rules[i].filter)
            compile_rule(compile, i);
    }
    correlation_compile(compile->program);
}

enum result detect_compile(struct rule_set *set, struct detect_program **out, struct error *err)
{
    struct arena arena = {.region = set->arena.region};
    struct detect_program *program = ARENA_NEW(&arena, struct detect_program);
    *program = (struct detect_program){
        .arena = arena, .fields = {.region = arena.region}, .regexes = {.region = arena.region}};
    struct error why;
    struct compile compile = {.program = program, .set = set, .err = &why};
    buf_init(&compile.key, COMPILE_KEY_MAX);
    program->set = set;
    program->rules = ARENA_ARRAY(&program->arena, struct program_rule, set->count);
    enum result result = compile_log_sources(&compile);
    if (result == RESULT_OK)
        compile_rules(&compile);
    view_names_build(&program->names, &program->fields, &program->arena);
    clues_choose(program, &program->arena, &program->clues);
    clue_index_build(&program->index, &program->clues, program->place_count, &program->arena);
    map_free(&compile.found);
    map_free(&compile.places);
    map_free(&compile.wheres);
    map_free(&program->item_keys);
    arena_free(&compile.scratch);
    arena_free(&compile.item_scratch);
    buf_free(&compile.key);
    if (result != RESULT_OK) {
        detect_program_free(program);
        return rule_set_error_in(set->log_sources_file, &why, err);
    }
    *out = program;
    return RESULT_OK;
}

static struct item_regex *compile_regex_of(const struct detect_program *program, size_t index)
{
    return (void *)(uintptr_t)program->regexes.entries[index].value;
}

void detect_program_free(struct detect_program *program)
{
    if (program == NULL)
        return;
    struct arena arena = program->arena; /* the program itself is in it */
    detect_program_freeze(program);
    map_free(&program->fields);
    map_free(&program->regexes);
    arena_free(&arena);
}

void detect_program_freeze(struct detect_program *program)
{
    arena_free(&program->set->scratch);
    for (size_t i = 0; i < program->regexes.count; i++) {
        struct item_regex *regex = compile_regex_of(program, i);
        regex_free(regex->regex);
        regex->regex = NULL;
    }
}

void detect_program_thaw(struct detect_program *program)
{
    map_reseed(&program->fields);
    map_reseed(&program->regexes);
    map_reseed(&program->set->ids);
    map_reseed(&program->set->placeholders);
    for (size_t i = 0; i < program->regexes.count; i++) {
        size_t at;
        unsigned options;
        slice text;
        item_regex_of_key(program->regexes.entries[i].key, &options, &text);
        struct regex *regex = regex_compile(text, options, &at, NULL);
        ASSERT(regex != NULL); /* it was one before */
        compile_regex_of(program, i)->regex = regex;
    }
}

struct rule_set *detect_program_rules(const struct detect_program *program)
{
    return program->set;
}
