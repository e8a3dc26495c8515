/* See loading.h. Files are read here and handed on as text: loaders open nothing. */
#include "command/loading.h"

#include "base/base.h"
#include "base/embed.h"
#include "input/walk.h"
#include "proc/file.h"

static const slice loading_log_sources = S_INIT("rules/logsources.yml");

static bool loading_is_yaml(slice path)
{
    return slice_ends_nocase(path, S(".yml")) || slice_ends_nocase(path, S(".yaml"));
}

static void loading_walk_problem(void *context, const char *path, const struct error *why)
{
    struct loading *loading = context;
    (void)path;
    loading->refused++;
    command_say(why);
}

static void loading_file(struct loading *loading, const char *path)
{
    struct error why;
    slice yaml;
    if (file_read(&loading->arena, path, LOADING_FILE_MAX, &yaml, &why) != RESULT_OK) {
        loading->refused++;
        command_say(&why);
        return;
    }
    rule_set_add(loading->rules, arena_copy(&loading->arena, slice_from_cstr(path)), yaml, false);
}

/* The mapping of log sources lies among the rules and is none. */
static bool loading_is_mapping(slice path)
{
    return slice_ends(path, S("/logsources.yml"));
}

/* A file is read whatever its name; of a directory, the YAML files. */
static enum result loading_path(struct loading *loading, const char *path, struct error *err)
{
    struct walk walk = {.problem = loading_walk_problem, .context = loading};
    enum result result = walk_add(&walk, path, err);
    for (size_t i = 0; i < walk.count && result == RESULT_OK; i++) {
        slice name = slice_from_cstr(walk.files[i].path);
        if (slice_equal(name, slice_from_cstr(path)) ||
            (loading_is_yaml(name) && !loading_is_mapping(name)))
            loading_file(loading, walk.files[i].path);
    }
    walk_free(&walk);
    return result;
}

static void loading_shipped(struct loading *loading)
{
    size_t count;
    const struct embed_file *files = embed_files(&count);
    for (size_t i = 0; i < count; i++) {
        slice path = slice_from_cstr(files[i].path);
        if (slice_starts(path, S("rules/")) && !slice_equal(path, loading_log_sources))
            rule_set_add(loading->rules, path, files[i].content, true);
    }
}

static enum result loading_settings(
    struct loading *loading, const char *placeholders, struct error *err)
{
    const struct embed_file *sources = embed_find(loading_log_sources);
    ASSERT(sources != NULL);
    enum result result =
        rule_set_log_sources(loading->rules, loading_log_sources, sources->content, err);
    if (result != RESULT_OK || placeholders == NULL)
        return result;
    slice yaml;
    result = file_read(&loading->arena, placeholders, LOADING_FILE_MAX, &yaml, err);
    if (result != RESULT_OK)
        return result;
    return rule_set_placeholders(loading->rules, slice_from_cstr(placeholders), yaml, err);
}

static void loading_say_refused(const struct loading *loading)
{
    size_t count;
    const struct rule *rules = rule_set_rules(loading->rules, &count);
    for (size_t i = 0; i < count; i++) {
        struct error why;
        if (!rules[i].refused)
            continue;
        (void)error_set(&why, RESULT_MALFORMED, TEXT_LOADING_REFUSED, ARG(rules[i].file),
            ARG(rules[i].line), ARG(rules[i].reason));
        command_say(&why);
    }
}

uint64_t loading_refused_rules(const struct loading *loading)
{
    size_t count;
    uint64_t refused = 0;
    const struct rule *rules = rule_set_rules(loading->rules, &count);
    for (size_t i = 0; i < count; i++)
        refused += rules[i].refused;
    return refused;
}

enum result loading_rules(
    struct loading *loading, const struct loading_rules *which, struct error *err)
{
    loading->rules = rule_set_new(NULL);
    rule_set_wider(loading->rules, which->wider);
    enum result result = loading_settings(loading, which->placeholders, err);
    if (result != RESULT_OK)
        return result;
    if (which->shipped)
        loading_shipped(loading);
    for (size_t i = 0; i < which->paths->count; i++) {
        result = loading_path(loading, which->paths->items[i].text, err);
        if (result != RESULT_OK)
            return result;
    }
    result = detect_compile(loading->rules, &loading->program, err);
    if (result == RESULT_OK)
        loading_say_refused(loading);
    return result;
}

static void loading_product_refused(void *context, const struct error *why)
{
    struct loading *loading = context;
    loading->refused++;
    command_say(why);
}

enum result loading_products(struct loading *loading, struct error *err)
{
    enum result result = products_new(&loading->products, loading_product_refused, loading, err);
    if (result == RESULT_OK)
        products_finish(loading->products);
    return result;
}

void loading_free(struct loading *loading)
{
    detect_program_free(loading->program);
    rule_set_free(loading->rules);
    products_free(loading->products);
    arena_free(&loading->arena);
}
