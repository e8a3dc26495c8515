/* The words for levels, kinds and vectors (rule.h). */
#include "detect/rule.h"

static const slice rule_levels[] = {[RULE_INFORMATIONAL] = S_INIT("informational"),
    [RULE_LOW] = S_INIT("low"),
    [RULE_MEDIUM] = S_INIT("medium"),
    [RULE_HIGH] = S_INIT("high"),
    [RULE_CRITICAL] = S_INIT("critical")};

static const slice rule_kinds[] = {
    [RULE_INDICATOR] = S_INIT("indicator"), [RULE_PRECURSOR] = S_INIT("precursor")};

static const slice rule_vectors[] = {[RULE_VECTOR_UNKNOWN] = S_INIT(""),
    [RULE_VECTOR_MEDIA] = S_INIT("media"),
    [RULE_VECTOR_ATTRITION] = S_INIT("attrition"),
    [RULE_VECTOR_WEB] = S_INIT("web"),
    [RULE_VECTOR_EMAIL] = S_INIT("email"),
    [RULE_VECTOR_IMPERSONATION] = S_INIT("impersonation"),
    [RULE_VECTOR_IMPROPER_USAGE] = S_INIT("improper-usage"),
    [RULE_VECTOR_LOSS] = S_INIT("loss"),
    [RULE_VECTOR_OTHER] = S_INIT("other")};

#define RULE_COUNT(words) (sizeof(words) / sizeof(*(words)))

/* The place of the name among the words; `count` when it is none of them. */
static size_t rule_word(slice name, const slice *words, size_t count)
{
    size_t at = 0;
    while (at < count && !(name.len > 0 && slice_equal(name, words[at])))
        at++;
    return at;
}

slice rule_level_name(enum rule_level level)
{
    return rule_levels[level];
}

bool rule_level_parse(slice name, enum rule_level *level)
{
    size_t at = rule_word(name, rule_levels, RULE_COUNT(rule_levels));
    if (at == RULE_COUNT(rule_levels))
        return false;
    *level = (enum rule_level)at;
    return true;
}

slice rule_kind_name(enum rule_kind kind)
{
    return rule_kinds[kind];
}

bool rule_kind_parse(slice name, enum rule_kind *kind)
{
    size_t at = rule_word(name, rule_kinds, RULE_COUNT(rule_kinds));
    if (at == RULE_COUNT(rule_kinds))
        return false;
    *kind = (enum rule_kind)at;
    return true;
}

slice rule_vector_name(enum rule_vector vector)
{
    return rule_vectors[vector];
}

bool rule_vector_parse(slice name, enum rule_vector *vector)
{
    size_t at = rule_word(name, rule_vectors, RULE_COUNT(rule_vectors));
    if (at == RULE_COUNT(rule_vectors))
        return false;
    *vector = (enum rule_vector)at;
    return true;
}
