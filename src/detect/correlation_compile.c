/* Compiling correlations: references become rules, and each plain rule learns which of an event's
 * fields the correlations above it want, directly or through others. What a match carries to the
 * correlator is then a short list of values, and what a correlation takes from it are places in
 * that list. */
#include "detect/correlation_compile.h"

#include <string.h>

#include "base/base.h"
#include "detect/limits.h"

enum correlation_state { CORRELATION_NEW, CORRELATION_OPEN, CORRELATION_DONE };

struct correlation_compile {
    struct detect_program *program;
    struct rule_set *set;
    struct map names; /* id, name → rule index + 1; 0: more than one rule has the name */
    enum correlation_state *states; /* by rule */
    uint32_t *compiled;             /* rule → index into `correlations` */
    unsigned *heights;              /* by rule: correlations upon each other; plain rules have 0 */
    size_t *paths;                  /* by rule: ways down to plain rules; they have 1 themselves */
    struct error *err;
};

/* --- references --- */

static void correlation_name(struct correlation_compile *compile, slice name, size_t rule)
{
    bool inserted;
    if (name.len == 0)
        return;
    uint64_t *known = map_put(&compile->names, name, &inserted);
    *known = inserted || *known == rule + 1 ? rule + 1 : 0;
}

/* Loaded rules by id and by name. A name that two rules have stands for neither. */
static void correlation_names(struct correlation_compile *compile)
{
    for (size_t i = 0; i < compile->set->count; i++) {
        const struct rule *rule = &compile->set->rules[i];
        if (rule->filter)
            continue;
        if (!rule->refused)
            correlation_name(compile, rule->id, i);
        if (!rule->refused)
            correlation_name(compile, rule->name, i);
    }
}

static enum result correlation_find(struct correlation_compile *compile,
    const struct sigma_correlation *spec, slice reference, uint32_t *rule)
{
    const uint64_t *known = map_find(&compile->names, reference);
    if (known == NULL)
        return SIGMA_REFUSE(compile, spec, TEXT_SIGMA_REFERENCE, ARG(reference));
    if (*known == 0)
        return SIGMA_REFUSE(compile, spec, TEXT_SIGMA_REFERENCE_TWICE, ARG(reference));
    *rule = (uint32_t)(*known - 1);
    return RESULT_OK;
}

static enum result correlation_resolve(
    struct correlation_compile *compile, uint32_t rule, unsigned depth);

static enum result correlation_resolve_one(struct correlation_compile *compile,
    const struct sigma_correlation *spec, slice reference, unsigned depth, uint32_t *rule)
{
    enum result result = correlation_find(compile, spec, reference, rule);
    if (result == RESULT_OK && compile->set->rules[*rule].correlation)
        result = correlation_resolve(compile, *rule, depth + 1);
    if (result == RESULT_OK && compile->set->rules[*rule].refused)
        result = SIGMA_REFUSE(compile, spec, TEXT_SIGMA_REFERENCE_REFUSED, ARG(reference));
    return result;
}

/* Chains are bounded in depth and in the number of ways through them. */
static enum result correlation_measure(struct correlation_compile *compile, uint32_t rule,
    const struct sigma_correlation *spec, const uint32_t *references)
{
    unsigned height = 0;
    size_t paths = 0;
    for (size_t i = 0; i < spec->rule_count; i++) {
        bool plain = !compile->set->rules[references[i]].correlation;
        height = plain || compile->heights[references[i]] < height
                     ? height
                     : compile->heights[references[i]];
        paths += plain ? 1 : compile->paths[references[i]];
    }
    compile->heights[rule] = height + 1;
    compile->paths[rule] = paths;
    if (height + 1 > CORRELATION_DEPTH_MAX)
        return SIGMA_REFUSE(
            compile, spec, TEXT_SIGMA_CORRELATION_DEPTH, ARG(CORRELATION_DEPTH_MAX));
    if (paths > CORRELATION_PATHS_MAX)
        return SIGMA_REFUSE(
            compile, spec, TEXT_SIGMA_CORRELATION_PATHS, ARG(CORRELATION_PATHS_MAX));
    return RESULT_OK;
}

static enum result correlation_resolve_all(
    struct correlation_compile *compile, uint32_t rule, unsigned depth)
{
    struct detect_program *program = compile->program;
    const struct sigma_correlation *spec = compile->set->loaded[rule].correlation;
    slice unless_before = compile->set->loaded[rule].unless_before;
    uint32_t *references = ARENA_ARRAY(&program->arena, uint32_t, spec->rule_count);
    uint32_t before = PROGRAM_NONE;
    enum result result = RESULT_OK;
    for (size_t i = 0; i < spec->rule_count && result == RESULT_OK; i++)
        result = correlation_resolve_one(compile, spec, spec->rules[i], depth, &references[i]);
    if (result == RESULT_OK && !slice_is_absent(unless_before))
        result = correlation_resolve_one(compile, spec, unless_before, depth, &before);
    if (result == RESULT_OK && before != PROGRAM_NONE && compile->set->rules[before].correlation)
        result = SIGMA_REFUSE(compile, spec, TEXT_SIGMA_BEFORE_PLAIN, ARG(unless_before));
    if (result == RESULT_OK)
        result = correlation_measure(compile, rule, spec, references);
    if (result != RESULT_OK)
        return result;
    compile->compiled[rule] = (uint32_t)program->correlation_count;
    program->correlations[program->correlation_count++] = (struct program_correlation){
        .rule = rule, .spec = spec, .references = references, .unless_before = before};
    return RESULT_OK;
}

/* Correlations come out in an order in which each stands behind those that it refers to. */
static enum result correlation_resolve(
    struct correlation_compile *compile, uint32_t rule, unsigned depth)
{
    const struct sigma_correlation *spec = compile->set->loaded[rule].correlation;
    if (compile->states[rule] == CORRELATION_OPEN)
        return SIGMA_REFUSE(compile, spec, TEXT_SIGMA_CYCLE, ARG(compile->set->rules[rule].title));
    if (depth > CORRELATION_DEPTH_MAX)
        return SIGMA_REFUSE(
            compile, spec, TEXT_SIGMA_CORRELATION_DEPTH, ARG(CORRELATION_DEPTH_MAX));
    if (compile->states[rule] == CORRELATION_DONE)
        return RESULT_OK;
    compile->states[rule] = CORRELATION_OPEN;
    enum result result = correlation_resolve_all(compile, rule, depth);
    compile->states[rule] = CORRELATION_DONE;
    if (result != RESULT_OK)
        rule_set_refuse(compile->set, rule, compile->err);
    return RESULT_OK; /* whoever refers to it finds it refused */
}

/* --- payloads --- */

static slice correlation_alias(const struct correlation_compile *compile,
    const struct program_correlation *correlation, uint32_t rule, slice name)
{
    const struct sigma_correlation *spec = correlation->spec;
    const struct rule *about = &compile->set->rules[rule];
    for (size_t i = 0; i < spec->alias_count; i++)
        if (slice_equal(spec->aliases[i].name, name) &&
            (slice_equal(spec->aliases[i].rule, about->name) ||
                slice_equal(spec->aliases[i].rule, about->id)))
            return spec->aliases[i].field;
    return name;
}

static uint32_t correlation_payload_at(struct program_rule *base, struct arena *arena, slice name)
{
    for (size_t i = 0; i < base->payload_count; i++)
        if (slice_equal(base->payload[i], name))
            return (uint32_t)i;
    slice *names = ARENA_ARRAY(arena, slice, base->payload_count + 1);
    if (base->payload_count > 0)
        memcpy(names, base->payload, base->payload_count * sizeof(*names));
    names[base->payload_count] = name;
    base->payload = names;
    return (uint32_t)base->payload_count++;
}

/* One way from a plain rule up to a correlation. */
struct correlation_path {
    const struct program_correlation *steps[CORRELATION_DEPTH_MAX + 1]; /* the topmost first */
    uint32_t rules[CORRELATION_DEPTH_MAX + 1]; /* what each step refers to on this way */
    size_t count;
};

/* A name of the topmost correlation, as the event of the plain rule has it. */
static slice correlation_field(
    const struct correlation_compile *compile, const struct correlation_path *path, slice name)
{
    for (size_t i = 0; i < path->count; i++)
        name = correlation_alias(compile, path->steps[i], path->rules[i], name);
    return name;
}

static uint32_t *correlation_places(struct correlation_compile *compile,
    const struct correlation_path *path, uint32_t base, const slice *names, size_t count)
{
    struct arena *arena = &compile->program->arena;
    uint32_t *places = ARENA_ARRAY(arena, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        places[i] = correlation_payload_at(
            &compile->program->rules[base], arena, correlation_field(compile, path, names[i]));
    return places;
}

/* `source` feeds the topmost correlation of the path, on matches that come from `base`. */
static void correlation_input(struct correlation_compile *compile,
    const struct correlation_path *path, uint32_t source, uint32_t reference, uint32_t base)
{
    struct detect_program *program = compile->program;
    struct program_rule *from = &program->rules[source];
    const struct program_correlation *correlation = path->steps[0];
    const struct sigma_correlation *spec = correlation->spec;
    uint32_t index = (uint32_t)(correlation - program->correlations);
    for (size_t i = 0; i < from->input_count; i++)
        if (from->inputs[i].correlation == index && from->inputs[i].reference == reference &&
            from->inputs[i].base == base)
            return; /* a second way to the same rule brings nothing new */
    if (from->input_count == from->input_capacity)
        from->inputs =
            arena_grow(&program->arena, from->inputs, &from->input_capacity, sizeof(*from->inputs));
    from->inputs[from->input_count++] = (struct program_input){.correlation = index,
        .reference = reference,
        .base = base,
        .group_at = correlation_places(compile, path, base, spec->group_by, spec->group_by_count),
        .value_at = correlation_places(compile, path, base, spec->fields, spec->field_count)};
}

/* Follows a reference down to all plain rules behind it. */
static void correlation_descend(struct correlation_compile *compile, struct correlation_path *path,
    uint32_t source, uint32_t reference, uint32_t rule)
{
    ASSERT(path->count <= CORRELATION_DEPTH_MAX);
    path->rules[path->count - 1] = rule;
    if (!compile->set->rules[rule].correlation) {
        correlation_input(compile, path, source, reference, rule);
        return;
    }
    const struct program_correlation *below =
        &compile->program->correlations[compile->compiled[rule]];
    path->steps[path->count++] = below;
    for (size_t i = 0; i < below->spec->rule_count; i++)
        correlation_descend(compile, path, source, reference, below->references[i]);
    path->count--;
}

static void correlation_inputs(
    struct correlation_compile *compile, const struct program_correlation *correlation)
{
    struct correlation_path path = {.steps = {correlation}, .count = 1};
    for (uint32_t i = 0; i < correlation->spec->rule_count; i++)
        correlation_descend(
            compile, &path, correlation->references[i], i, correlation->references[i]);
    if (correlation->unless_before != PROGRAM_NONE)
        correlation_descend(
            compile, &path, correlation->unless_before, PROGRAM_NONE, correlation->unless_before);
}

/* --- what gives signs --- */

static void correlation_used(
    struct correlation_compile *compile, const struct program_correlation *correlation, bool *used)
{
    bool asked = correlation->spec->generate || compile->set->rules[correlation->rule].generate;
    for (size_t i = 0; i < correlation->spec->rule_count; i++)
        used[correlation->references[i]] |= !asked;
    if (correlation->unless_before != PROGRAM_NONE)
        used[correlation->unless_before] |= !asked;
}

/* A correlation that says nothing of its vector takes that of the first rule behind it. */
static enum rule_vector correlation_vector(
    const struct correlation_compile *compile, const struct program_correlation *correlation)
{
    for (size_t i = 0; i < correlation->spec->rule_count; i++) {
        const struct rule *rule = &compile->set->rules[correlation->references[i]];
        if (rule->vector != RULE_VECTOR_UNKNOWN)
            return rule->vector;
    }
    return RULE_VECTOR_UNKNOWN;
}

/* A rule that only correlations use gives no signs itself, unless it or the correlation asks for
 * it. */
static void correlation_generate(struct correlation_compile *compile, bool *used)
{
    for (size_t i = 0; i < compile->set->count; i++) {
        struct rule *rule = &compile->set->rules[i];
        bool asks = compile->set->loaded[i].generate_given && rule->generate && !rule->correlation;
        rule->generate = !rule->refused && !rule->filter && (asks || !used[i]);
    }
}

void correlation_compile(struct detect_program *program)
{
    struct rule_set *set = program->set;
    struct error err;
    struct correlation_compile compile = {.program = program, .set = set, .err = &err};
    size_t correlations = 0;
    struct arena scratch = {0};
    bool *used = ARENA_ARRAY(&scratch, bool, set->count);
    compile.states = ARENA_ARRAY(&scratch, enum correlation_state, set->count);
    compile.compiled = ARENA_ARRAY(&scratch, uint32_t, set->count);
    compile.heights = ARENA_ARRAY(&scratch, unsigned, set->count);
    compile.paths = ARENA_ARRAY(&scratch, size_t, set->count);
    for (size_t i = 0; i < set->count; i++)
        correlations += set->rules[i].correlation;
    program->correlations = ARENA_ARRAY(&program->arena, struct program_correlation, correlations);
    correlation_names(&compile);
    for (uint32_t i = 0; i < set->count; i++)
        if (set->rules[i].correlation && !set->rules[i].refused)
            (void)correlation_resolve(&compile, i, 0);
    for (size_t i = 0; i < program->correlation_count; i++) {
        const struct program_correlation *correlation = &program->correlations[i];
        correlation_inputs(&compile, correlation);
        correlation_used(&compile, correlation, used);
        if (!set->loaded[correlation->rule].vector_given)
            set->rules[correlation->rule].vector = correlation_vector(&compile, correlation);
    }
    correlation_generate(&compile, used);
    map_free(&compile.names);
    arena_free(&scratch);
}
