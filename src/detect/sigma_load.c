/* See sigma_load.h. What the document says about the rule, then the one of detection, correlation
 * and filter that it holds. */
#include "detect/sigma_load.h"

#include "base/base.h"
#include "detect/sigma_correlation.h"
#include "detect/sigma_detection.h"
#include "detect/sigma_texts.h"

struct sigma_tactic {
    slice name;
    slice id;
};

/* ATT&CK 19, and the name that 18 had. */
static const struct sigma_tactic sigma_tactics[] = {
    {S_INIT("reconnaissance"), S_INIT("TA0043")},
    {S_INIT("resource-development"), S_INIT("TA0042")},
    {S_INIT("initial-access"), S_INIT("TA0001")},
    {S_INIT("execution"), S_INIT("TA0002")},
    {S_INIT("persistence"), S_INIT("TA0003")},
    {S_INIT("privilege-escalation"), S_INIT("TA0004")},
    {S_INIT("stealth"), S_INIT("TA0005")},
    {S_INIT("defense-evasion"), S_INIT("TA0005")},
    {S_INIT("defense-impairment"), S_INIT("TA0112")},
    {S_INIT("credential-access"), S_INIT("TA0006")},
    {S_INIT("discovery"), S_INIT("TA0007")},
    {S_INIT("lateral-movement"), S_INIT("TA0008")},
    {S_INIT("collection"), S_INIT("TA0009")},
    {S_INIT("command-and-control"), S_INIT("TA0011")},
    {S_INIT("exfiltration"), S_INIT("TA0010")},
    {S_INIT("impact"), S_INIT("TA0040")},
};

/* "t1059.001" or a tactic's name or id to the id in upper case; absent for software, groups and the
 * unknown. */
static slice sigma_attack_id(struct arena *arena, slice tag)
{
    for (size_t i = 0; i < sizeof(sigma_tactics) / sizeof(*sigma_tactics); i++)
        if (slice_equal_nocase(sigma_tactics[i].name, tag))
            return arena_copy(arena, sigma_tactics[i].id);
    bool is_tactic = slice_starts_nocase(tag, S("ta"));
    slice digits = slice_from(tag, is_tactic ? 2 : 1);
    if (!slice_starts_nocase(tag, S("t")) || digits.len < 4)
        return (slice){NULL, 0};
    for (size_t i = 0; i < digits.len; i++)
        if (!byte_is_digit(digits.at[i]) && digits.at[i] != '.')
            return (slice){NULL, 0};
    struct buf id;
    buf_init_fixed(&id, arena_bytes(arena, tag.len), tag.len);
    buf_append(&id, is_tactic ? S("TA") : S("T"));
    buf_append(&id, digits);
    return buf_slice(&id);
}

static bool sigma_has(const slice *list, size_t count, slice text)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(list[i], text))
            return true;
    return false;
}

static enum result sigma_load_tags(
    struct sigma_loader *loader, const struct yaml_node *root, struct rule *about)
{
    slice *tags = NULL;
    size_t count = 0;
    enum result result = sigma_texts_list(loader, root, S("tags"), &tags, &count);
    if (result != RESULT_OK)
        return result;
    about->attack = ARENA_ARRAY(loader->arena, slice, count);
    for (size_t i = 0; i < count; i++) {
        slice name_space, tag;
        if (!slice_cut(tags[i], '.', &name_space, &tag) || !slice_equal(name_space, S("attack")))
            continue;
        slice id = sigma_attack_id(loader->arena, tag);
        if (!slice_is_absent(id) && !sigma_has(about->attack, about->attack_count, id))
            about->attack[about->attack_count++] = id;
    }
    return RESULT_OK;
}

/* Signs of a rule that knows only of preparation come before the attack. */
static enum rule_kind sigma_kind(const struct rule *about)
{
    bool before = false;
    for (size_t i = 0; i < about->attack_count; i++) {
        slice id = about->attack[i];
        if (!slice_starts(id, S("TA")))
            continue;
        if (!slice_equal(id, S("TA0043")) && !slice_equal(id, S("TA0042")))
            return RULE_INDICATOR;
        before = true;
    }
    return before ? RULE_PRECURSOR : RULE_INDICATOR;
}

/* The keys of `hikeshi:`, which only we read. */
static enum result sigma_load_extension(struct sigma_loader *loader, const struct yaml_node *root,
    struct rule *about, struct sigma_rule *rule)
{
    const struct yaml_node *extension = yaml_get(root, S("hikeshi"));
    bool is_correlation = yaml_get(root, S("correlation")) != NULL;
    slice kind, vector;
    about->kind = sigma_kind(about);
    if (extension == NULL)
        return RESULT_OK;
    if (extension->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, extension, TEXT_SIGMA_MAPPING, ARG("hikeshi"));
    for (size_t i = 0; i < extension->count; i++) {
        slice key = extension->keys[i]->text;
        if (!slice_equal(key, S("title_ja")) && !slice_equal(key, S("kind")) &&
            !slice_equal(key, S("vector")) &&
            !(slice_equal(key, S("unless_before")) && is_correlation))
            return SIGMA_REFUSE(loader, extension->keys[i], TEXT_SIGMA_KEY_UNKNOWN, ARG(key));
    }
    enum result result = sigma_texts_one(loader, extension, S("title_ja"), &about->title_ja);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, extension, S("kind"), &kind);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, extension, S("vector"), &vector);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, extension, S("unless_before"), &rule->unless_before);
    if (result != RESULT_OK)
        return result;
    rule->kind_given = !slice_is_absent(kind);
    rule->vector_given = !slice_is_absent(vector);
    if (rule->kind_given && !rule_kind_parse(kind, &about->kind))
        return SIGMA_REFUSE(loader, extension, TEXT_SIGMA_WORD, ARG("kind"), ARG(kind));
    if (rule->vector_given && !rule_vector_parse(vector, &about->vector))
        return SIGMA_REFUSE(loader, extension, TEXT_SIGMA_WORD, ARG("vector"), ARG(vector));
    return RESULT_OK;
}

static enum result sigma_load_level(
    struct sigma_loader *loader, const struct yaml_node *root, struct rule *about)
{
    slice level;
    enum result result = sigma_texts_one(loader, root, S("level"), &level);
    about->level = RULE_MEDIUM; /* what a rule without a level is taken for */
    if (result != RESULT_OK || slice_is_absent(level))
        return result;
    if (!rule_level_parse(level, &about->level))
        return SIGMA_REFUSE(
            loader, yaml_get(root, S("level")), TEXT_SIGMA_WORD, ARG("level"), ARG(level));
    return RESULT_OK;
}

static enum result sigma_load_log_source(
    struct sigma_loader *loader, const struct yaml_node *root, struct rule *about)
{
    const struct yaml_node *source = yaml_get(root, S("logsource"));
    if (source == NULL)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("logsource"));
    if (source->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, source, TEXT_SIGMA_MAPPING, ARG("logsource"));
    enum result result = sigma_texts_one(loader, source, S("product"), &about->product);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, source, S("category"), &about->category);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, source, S("service"), &about->service);
    if (result == RESULT_OK && slice_is_absent(about->product) &&
        slice_is_absent(about->category) && slice_is_absent(about->service))
        return SIGMA_REFUSE(loader, source, TEXT_SIGMA_LOG_SOURCE_EMPTY);
    return result;
}

static enum result sigma_load_taxonomy(struct sigma_loader *loader, const struct yaml_node *root)
{
    slice taxonomy;
    enum result result = sigma_texts_one(loader, root, S("taxonomy"), &taxonomy);
    if (result != RESULT_OK || slice_is_absent(taxonomy) || slice_equal(taxonomy, S("sigma")))
        return result;
    return SIGMA_REFUSE(loader, yaml_get(root, S("taxonomy")), TEXT_SIGMA_TAXONOMY, ARG(taxonomy));
}

/* Everything about the rule but what it detects. */
static enum result sigma_load_about(struct sigma_loader *loader, const struct yaml_node *root,
    struct rule *about, struct sigma_rule *rule)
{
    enum result result = sigma_texts_one(loader, root, S("title"), &about->title);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, root, S("id"), &about->id);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, root, S("name"), &about->name);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, root, S("description"), &about->description);
    if (result == RESULT_OK)
        result = sigma_texts_list(
            loader, root, S("references"), &about->references, &about->reference_count);
    if (result == RESULT_OK)
        result = sigma_texts_list(loader, root, S("falsepositives"), &about->false_positives,
            &about->false_positive_count);
    if (result == RESULT_OK)
        result = sigma_load_tags(loader, root, about);
    if (result == RESULT_OK)
        result = sigma_load_level(loader, root, about);
    if (result == RESULT_OK)
        result = sigma_load_extension(loader, root, about, rule);
    if (result == RESULT_OK)
        result = sigma_load_taxonomy(loader, root);
    if (result == RESULT_OK)
        result =
            sigma_texts_bool(loader, root, S("generate"), &about->generate, &rule->generate_given);
    if (result == RESULT_OK && about->title.len == 0)
        result = SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("title"));
    return result;
}

static enum result sigma_load_filter(struct sigma_loader *loader, const struct yaml_node *root,
    struct rule *about, struct sigma_rule *rule)
{
    struct sigma_filter *filter = ARENA_NEW(loader->arena, struct sigma_filter);
    rule->filter = filter;
    if (root->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MAPPING, ARG("filter"));
    if (yaml_get(root, S("rules")) == NULL)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("rules"));
    enum result result =
        sigma_texts_list(loader, root, S("rules"), &filter->rules, &filter->rule_count);
    if (result != RESULT_OK)
        return result;
    filter->any = filter->rule_count == 0 ||
                  (filter->rule_count == 1 && (slice_equal_nocase(filter->rules[0], S("any")) ||
                                                  slice_equal_nocase(filter->rules[0], S("all"))));
    return sigma_detection_load(loader, root, about, &rule->root);
}

enum result sigma_load(struct sigma_loader *loader, const struct yaml_node *root,
    struct rule *about, struct sigma_rule *rule)
{
    const struct yaml_node *detection = yaml_get(root, S("detection"));
    const struct yaml_node *correlation = yaml_get(root, S("correlation"));
    const struct yaml_node *filter = yaml_get(root, S("filter"));
    loader->nodes = 0;
    loader->values = 0;
    if (root->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MAPPING, ARG("rule"));
    enum result result = sigma_load_about(loader, root, about, rule);
    if (result != RESULT_OK)
        return result;
    if ((detection != NULL) + (correlation != NULL) + (filter != NULL) != 1)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_KIND);
    about->correlation = correlation != NULL;
    about->filter = filter != NULL;
    if (correlation != NULL)
        return sigma_correlation_load(loader, correlation, &rule->correlation);
    result = sigma_load_log_source(loader, root, about);
    if (result != RESULT_OK)
        return result;
    if (filter != NULL)
        return sigma_load_filter(loader, filter, about, rule);
    return sigma_detection_load(loader, detection, about, &rule->root);
}
