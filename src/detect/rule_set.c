/* The set of all rules of a run (detect.h): files in, loaded and refused rules out. Every document
 * becomes a rule, so that nothing is left out silently. */
#include "detect/rule_set.h"

#include "base/base.h"
#include "detect/item_build.h"
#include "detect/limits.h"
#include "detect/rule_set_model.h"
#include "detect/sigma_load.h"
#include "detect/sigma_texts.h"
#include "wire/hash.h"

struct rule_set *rule_set_new(struct region *region)
{
    struct arena arena = {.region = region};
    struct rule_set *set = ARENA_NEW(&arena, struct rule_set);
    *set = (struct rule_set){
        .arena = arena, .ids = {.region = region}, .placeholders = {.region = region}};
    return set;
}

void rule_set_free(struct rule_set *set)
{
    if (set == NULL)
        return;
    struct arena arena = set->arena; /* the set itself is in it */
    arena_free(&set->scratch);
    map_free(&set->ids);
    map_free(&set->placeholders);
    arena_free(&arena);
}

void rule_set_refuse(struct rule_set *set, size_t index, const struct error *why)
{
    struct rule *rule = &set->rules[index];
    rule->refused = true;
    rule->reason = arena_copy(&set->arena, error_message(why));
    rule->reason_english = arena_copy(&set->arena, error_message_english(why));
}

static size_t rule_set_append(struct rule_set *set, slice file, uint32_t line, bool shipped)
{
    if (set->count == set->rule_capacity)
        set->rules = arena_grow(&set->arena, set->rules, &set->rule_capacity, sizeof(*set->rules));
    if (set->count == set->loaded_capacity)
        set->loaded =
            arena_grow(&set->arena, set->loaded, &set->loaded_capacity, sizeof(*set->loaded));
    set->rules[set->count] = (struct rule){.file = file, .line = line, .shipped = shipped};
    set->loaded[set->count] = (struct sigma_rule){0};
    return set->count++;
}

/* The id of a rule without one: the same for the same file and title. */
static void rule_set_derive_id(struct rule_set *set, struct rule *rule)
{
    struct buf text;
    char id[36];
    if (rule->id.len > 0)
        return;
    buf_init(&text, YAML_TEXT_MAX);
    buf_append(&text, rule->file);
    buf_append_byte(&text, '\n');
    if (rule->title.len > 0)
        buf_append(&text, rule->title);
    else
        buf_append_u64(&text, rule->line);
    uuid derived = uuid_from_content(buf_slice(&text));
    buf_free(&text);
    buf_init_fixed(&text, id, sizeof(id));
    uuid_append(&text, derived);
    rule->id = arena_copy(&set->arena, buf_slice(&text));
}

static void rule_set_keep_id(struct rule_set *set, size_t index)
{
    struct rule *rule = &set->rules[index];
    struct error why;
    bool inserted;
    rule_set_derive_id(set, rule);
    if (rule->refused)
        return;
    uint64_t *known = map_put(&set->ids, rule->id, &inserted);
    if (inserted) {
        *known = index;
        return;
    }
    (void)error_set(&why, RESULT_MALFORMED, TEXT_SIGMA_ID_TWICE, ARG(rule->line), ARG(rule->id),
        ARG(set->rules[*known].file));
    rule_set_refuse(set, index, &why);
}

static void rule_set_add_document(
    struct rule_set *set, const struct yaml_node *root, slice file, bool shipped)
{
    struct error why;
    struct sigma_loader loader = {.arena = &set->arena, .scratch = &set->scratch, .err = &why};
    size_t index = rule_set_append(set, file, root->line, shipped);
    if (sigma_load(&loader, root, &set->rules[index], &set->loaded[index]) != RESULT_OK)
        rule_set_refuse(set, index, &why);
    rule_set_keep_id(set, index);
}

/* A rule that stands for what could not be read at all. */
static void rule_set_add_refused(
    struct rule_set *set, slice file, uint32_t line, bool shipped, const struct error *why)
{
    size_t index = rule_set_append(set, file, line, shipped);
    rule_set_refuse(set, index, why);
    rule_set_keep_id(set, index);
}

void rule_set_add(struct rule_set *set, slice path, slice yaml, bool shipped)
{
    struct yaml_reader *reader = yaml_open(yaml);
    const struct yaml_node *root = NULL;
    slice file = arena_copy(&set->arena, path);
    struct error why;
    uint32_t line = 1;
    enum result result;
    while ((result = yaml_next(reader, &set->scratch, &root, &line, &why)) == RESULT_OK) {
        if (set->count >= RULES_MAX) {
            result = error_set(&why, RESULT_LIMIT, TEXT_SIGMA_RULES, ARG(line), ARG(RULES_MAX));
            break;
        }
        rule_set_add_document(set, root, file, shipped);
    }
    if (result != RESULT_END)
        rule_set_add_refused(set, file, line, shipped, &why);
    yaml_close(reader);
    arena_reset(&set->scratch);
}

enum result rule_set_error_in(slice path, const struct error *why, struct error *err)
{
    return error_set(err, why->code, TEXT_SIGMA_FILE, ARG(path), ARG(why));
}

static enum result rule_set_placeholders_load(struct rule_set *set, slice yaml, struct error *why)
{
    struct sigma_loader loader = {.arena = &set->arena, .scratch = &set->scratch, .err = why};
    struct yaml_reader *reader = yaml_open(yaml);
    const struct yaml_node *root = NULL;
    uint32_t line = 0;
    enum result result = yaml_next(reader, &set->scratch, &root, &line, why);
    yaml_close(reader);
    if (result != RESULT_OK)
        return result == RESULT_END ? RESULT_OK : result;
    if (root->type != YAML_MAPPING)
        return SIGMA_REFUSE(&loader, root, TEXT_SIGMA_MAPPING, ARG("placeholders"));
    for (size_t i = 0; i < root->count && result == RESULT_OK; i++) {
        struct item_placeholder *placeholder = ARENA_NEW(&set->arena, struct item_placeholder);
        slice name = root->keys[i]->text;
        result = sigma_texts_list(&loader, root, name, &placeholder->values, &placeholder->count);
        if (result == RESULT_OK && placeholder->count == 0)
            result = SIGMA_REFUSE(&loader, root->items[i], TEXT_SIGMA_LIST, ARG(name));
        if (result == RESULT_OK)
            *map_put(&set->placeholders, name, NULL) = (uint64_t)(uintptr_t)placeholder;
    }
    return result;
}

enum result rule_set_placeholders(struct rule_set *set, slice path, slice yaml, struct error *err)
{
    struct error why;
    enum result result = rule_set_placeholders_load(set, yaml, &why);
    arena_reset(&set->scratch);
    return result == RESULT_OK ? RESULT_OK : rule_set_error_in(path, &why, err);
}

enum result rule_set_log_sources(struct rule_set *set, slice path, slice yaml, struct error *err)
{
    struct error why;
    struct sigma_loader loader = {.arena = &set->arena, .scratch = &set->scratch, .err = &why};
    struct log_sources sources = {0};
    enum result result = log_sources_load(&loader, yaml, &sources);
    arena_reset(&set->scratch);
    if (result != RESULT_OK)
        return rule_set_error_in(path, &why, err);
    set->log_sources = sources;
    set->log_sources_file = arena_copy(&set->arena, path);
    set->has_log_sources = true;
    return RESULT_OK;
}

void rule_set_wider(struct rule_set *set, bool wider)
{
    set->wider = wider;
}

const struct rule *rule_set_rules(const struct rule_set *set, size_t *count)
{
    *count = set->count;
    return set->rules;
}
