/* See loading.h. Files are read here and handed on as text: loaders open nothing. */
#include "command/loading.h"

#include "base/base.h"
#include "base/embed.h"
#include "command/rule_cache.h"
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

static void loading_add(struct loading *loading, slice path, slice yaml, bool shipped)
{
    if (loading->text_count == loading->text_capacity)
        loading->texts = arena_grow(
            &loading->arena, loading->texts, &loading->text_capacity, sizeof(*loading->texts));
    loading->texts[loading->text_count++] = (struct loading_text){path, yaml, shipped};
}

static void loading_add_rule(struct loading *loading, slice path, slice yaml)
{
    loading_add(loading, path, yaml, false);
}

static void loading_add_definition(struct loading *loading, slice path, slice yaml)
{
    if (loading->definition_count == loading->definition_capacity)
        loading->definitions = arena_grow(&loading->arena, loading->definitions,
            &loading->definition_capacity, sizeof(*loading->definitions));
    loading->definitions[loading->definition_count++] = (struct loading_text){path, yaml, false};
}

typedef void (*loading_take)(struct loading *loading, slice path, slice yaml);

static void loading_file(struct loading *loading, const char *path, loading_take take)
{
    struct error why;
    slice yaml;
    if (file_read(&loading->arena, path, LOADING_FILE_MAX, &yaml, &why) != RESULT_OK) {
        loading->refused++;
        command_say(&why);
        return;
    }
    take(loading, arena_copy(&loading->arena, slice_from_cstr(path)), yaml);
}

/* The mapping of log sources lies among the rules and is none. */
static bool loading_is_mapping(slice path)
{
    return slice_ends(path, S("/logsources.yml"));
}

/* A file is read whatever its name; of a directory, the YAML files. */
static enum result loading_path(
    struct loading *loading, const char *path, loading_take take, struct error *err)
{
    struct walk walk = {.problem = loading_walk_problem, .context = loading};
    enum result result = walk_add(&walk, path, err);
    for (size_t i = 0; i < walk.count && result == RESULT_OK; i++) {
        slice name = slice_from_cstr(walk.files[i].path);
        if (slice_equal(name, slice_from_cstr(path)) ||
            (loading_is_yaml(name) && !loading_is_mapping(name)))
            loading_file(loading, walk.files[i].path, take);
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
            loading_add(loading, path, files[i].content, true);
    }
}

/* What rules are read with, beside the rules. */
struct loading_settings {
    slice log_sources;
    slice placeholders; /* absent: none */
};

static enum result loading_settings(struct loading *loading, const struct loading_rules *which,
    struct loading_settings *settings, struct error *err)
{
    const struct embed_file *sources = embed_find(loading_log_sources);
    ASSERT(sources != NULL);
    *settings = (struct loading_settings){.log_sources = sources->content};
    if (which->placeholders == NULL)
        return RESULT_OK;
    return file_read(
        &loading->arena, which->placeholders, LOADING_FILE_MAX, &settings->placeholders, err);
}

static void loading_hash(struct hasher *hasher, slice text)
{
    uint64_t len = text.len;
    hasher_add(hasher, slice_make(&len, sizeof(len)));
    hasher_add(hasher, text);
}

/* The digest of all that the compiled rules depend on; false when they are not to be cached. */
static bool loading_key(const struct loading *loading, const struct loading_rules *which,
    const struct loading_settings *settings, hash_sha256 *key)
{
    size_t len = 0;
    for (size_t i = 0; i < loading->text_count; i++)
        len += loading->texts[i].yaml.len;
    if (!which->cached || len < LOADING_CACHE_MIN)
        return false;
    struct hasher *hasher = hasher_new();
    bool known = rule_cache_key_begin(hasher);
    hasher_add(hasher, slice_make(&which->wider, sizeof(which->wider)));
    loading_hash(hasher, settings->log_sources);
    loading_hash(hasher, slice_from_cstr(which->placeholders == NULL ? "" : which->placeholders));
    loading_hash(hasher, settings->placeholders);
    for (size_t i = 0; i < loading->text_count; i++) {
        const struct loading_text *text = &loading->texts[i];
        hasher_add(hasher, slice_make(&text->shipped, sizeof(text->shipped)));
        loading_hash(hasher, text->path);
        loading_hash(hasher, text->yaml);
    }
    *key = hasher_finish(hasher);
    hasher_free(hasher);
    return known;
}

static enum result loading_compile(struct loading *loading, const struct loading_rules *which,
    const struct loading_settings *settings, struct error *err)
{
    loading->rules = rule_set_new(loading->region);
    rule_set_wider(loading->rules, which->wider);
    enum result result =
        rule_set_log_sources(loading->rules, loading_log_sources, settings->log_sources, err);
    if (result == RESULT_OK && which->placeholders != NULL)
        result = rule_set_placeholders(
            loading->rules, slice_from_cstr(which->placeholders), settings->placeholders, err);
    for (size_t i = 0; i < loading->text_count && result == RESULT_OK; i++)
        rule_set_add(loading->rules, loading->texts[i].path, loading->texts[i].yaml,
            loading->texts[i].shipped);
    return result == RESULT_OK ? detect_compile(loading->rules, &loading->program, err) : result;
}

static enum result loading_cached(struct loading *loading, const struct loading_rules *which,
    const struct loading_settings *settings, struct error *err)
{
    hash_sha256 key;
    if (!loading_key(loading, which, settings, &key))
        return loading_compile(loading, which, settings, err);
    loading->program = rule_cache_find(key, &loading->region);
    if (loading->program != NULL) {
        loading->rules = detect_program_rules(loading->program);
        return RESULT_OK;
    }
    loading->region = region_new();
    enum result result = loading_compile(loading, which, settings, err);
    if (result == RESULT_OK && loading->region != NULL)
        rule_cache_keep(key, loading->program, loading->region);
    return result;
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
    struct loading_settings settings;
    enum result result = loading_settings(loading, which, &settings, err);
    if (result != RESULT_OK)
        return result;
    if (which->shipped)
        loading_shipped(loading);
    for (size_t i = 0; i < which->paths->count; i++) {
        result = loading_path(loading, which->paths->items[i].text, loading_add_rule, err);
        if (result != RESULT_OK)
            return result;
    }
    result = loading_cached(loading, which, &settings, err);
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

enum result loading_products(
    struct loading *loading, const struct command_values *paths, struct error *err)
{
    struct error why;
    for (size_t i = 0; i < paths->count; i++) {
        enum result result =
            loading_path(loading, paths->items[i].text, loading_add_definition, err);
        if (result != RESULT_OK)
            return result;
    }
    slice *own = ARENA_ARRAY(&loading->arena, slice, loading->definition_count);
    for (size_t i = 0; i < loading->definition_count; i++)
        own[i] = products_name_of(&loading->arena, loading->definitions[i].yaml);
    loading->products = products_new_empty();
    products_add_shipped(
        loading->products, own, loading->definition_count, loading_product_refused, loading);
    for (size_t i = 0; i < loading->definition_count; i++)
        if (products_add(loading->products, loading->definitions[i].path,
                loading->definitions[i].yaml, &why) != RESULT_OK)
            loading_product_refused(loading, &why);
    /* In the place of one that was refused. */
    products_add_shipped(loading->products, NULL, 0, NULL, NULL);
    products_finish(loading->products);
    return RESULT_OK;
}

void loading_free(struct loading *loading)
{
    detect_program_free(loading->program);
    rule_set_free(loading->rules);
    region_free(loading->region);
    products_free(loading->products);
    arena_free(&loading->arena);
}
