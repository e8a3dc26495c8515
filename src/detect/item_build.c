/* See item_build.h. A value of a rule becomes one or more compiled values: by placeholders, by
 * the offsets of Base64, by windash in front of an encoding. In all else one pattern stands for the
 * whole value. */
#include "detect/item_build.h"

#include "base/base.h"
#include "detect/encode.h"
#include "detect/limits.h"
#include "detect/modifier.h"
#include "detect/regex_literal.h"
#include "wire/base64.h"

/* What a rule's value is made of while it is expanded. */
struct item_patterns {
    struct pattern *items;
    size_t count;
};

struct item_making {
    struct item_builder *builder;
    struct item *item;
    size_t capacity;
    const struct sigma_value *value;
};

static void item_add(struct item_making *making, struct item_value value, bool more)
{
    struct item *item = making->item;
    if (item->count == making->capacity)
        item->values = arena_grow(
            making->builder->scratch, item->values, &making->capacity, sizeof(*item->values));
    value.more = more;
    item->values[item->count++] = value;
}

static enum result item_refuse(struct item_making *making, enum text why)
{
    return SIGMA_REFUSE(making->builder, making->value, why, ARG(making->value->text));
}

/* --- placeholders --- */

/* Text of a regular expression that matches what the pattern matches. */
static slice item_quote(struct arena *arena, const struct pattern *pattern)
{
    size_t len = 0;
    for (size_t i = 0; i < pattern->count; i++)
        len += 2 + pattern->tokens[i].text.len * 2;
    struct buf out;
    buf_init_fixed(&out, arena_bytes(arena, len), len);
    for (size_t i = 0; i < pattern->count; i++) {
        const struct pattern_token *token = &pattern->tokens[i];
        if (token->type == PATTERN_MANY)
            buf_append(&out, S(".*"));
        else if (token->type == PATTERN_ONE)
            buf_append(&out, S("."));
        for (size_t k = 0; k < token->text.len; k++) {
            unsigned char byte = (unsigned char)token->text.at[k];
            if (byte < 0x80 && !byte_is_alnum((char)byte))
                buf_append_byte(&out, '\\');
            buf_append_byte(&out, (char)byte);
        }
    }
    return buf_slice(&out);
}

/* What one token may become: nothing to choose gives no choices. */
static enum result item_choices(struct item_making *making, const struct pattern_token *token,
    bool split_dashes, struct item_patterns *choices)
{
    static const slice dashes[] = {S_INIT("-"), S_INIT("/"), S_INIT("\xE2\x80\x93"),
        S_INIT("\xE2\x80\x94"), S_INIT("\xE2\x80\x95")};
    struct arena *arena = making->builder->scratch;
    const slice *texts = NULL;
    *choices = (struct item_patterns){0};
    if (token->type == PATTERN_DASH && split_dashes) {
        texts = dashes;
        choices->count = sizeof(dashes) / sizeof(*dashes);
    } else if (token->type == PATTERN_PLACEHOLDER) {
        const uint64_t *found = map_find(making->builder->placeholders, token->text);
        if (found == NULL)
            return SIGMA_REFUSE(
                making->builder, making->value, TEXT_SIGMA_PLACEHOLDER, ARG(token->text));
        const struct item_placeholder *placeholder = (void *)(uintptr_t)*found;
        texts = placeholder->values;
        choices->count = placeholder->count;
    }
    if (choices->count == 0)
        return RESULT_OK;
    choices->items = ARENA_ARRAY(arena, struct pattern, choices->count);
    for (size_t i = 0; i < choices->count; i++) {
        choices->items[i] = pattern_parse(arena, texts[i]);
        if ((making->item->modifiers & MODIFIER_RE) != 0)
            choices->items[i] = pattern_literal(arena, item_quote(arena, &choices->items[i]));
    }
    return RESULT_OK;
}

/* All combinations of what the tokens may become. */
static enum result item_expand(struct item_making *making, const struct pattern *pattern,
    bool split_dashes, struct item_patterns *out)
{
    struct arena *arena = making->builder->scratch;
    struct item_patterns now = {.items = ARENA_NEW(arena, struct pattern), .count = 1};
    for (size_t i = 0; i < pattern->count; i++) {
        struct item_patterns choices;
        const struct pattern_token *token = &pattern->tokens[i];
        enum result result = item_choices(making, token, split_dashes, &choices);
        if (result != RESULT_OK)
            return result;
        if (choices.count == 0) {
            for (size_t k = 0; k < now.count; k++)
                pattern_add(arena, &now.items[k], token->type, token->text);
            continue;
        }
        struct item_patterns next = {.count = now.count * choices.count};
        if (next.count > RULE_EXPANSION_MAX)
            return SIGMA_REFUSE(
                making->builder, making->value, TEXT_SIGMA_EXPANSION, ARG(RULE_EXPANSION_MAX));
        next.items = ARENA_ARRAY(arena, struct pattern, next.count);
        for (size_t k = 0; k < next.count; k++) {
            pattern_add_all(arena, &next.items[k], &now.items[k / choices.count]);
            pattern_add_all(arena, &next.items[k], &choices.items[k % choices.count]);
        }
        now = next;
    }
    *out = now;
    return RESULT_OK;
}

/* --- strings --- */

static struct pattern item_utf16(
    struct arena *arena, const struct pattern *pattern, uint32_t modifiers)
{
    struct pattern to = {0};
    if ((modifiers & MODIFIER_UTF16) != 0)
        pattern_add(arena, &to, PATTERN_TEXT, encode_utf16(arena, S(""), false, true));
    for (size_t i = 0; i < pattern->count; i++) {
        const struct pattern_token *token = &pattern->tokens[i];
        slice text = token->text;
        if (token->type == PATTERN_TEXT)
            text = encode_utf16(arena, text, (modifiers & MODIFIER_UTF16BE) != 0, false);
        pattern_add(arena, &to, token->type, text);
    }
    return to;
}

/* The last step: where the value may stand, and adding it. */
static void item_add_pattern(struct item_making *making, struct pattern pattern, bool more)
{
    struct arena *arena = making->builder->scratch;
    uint32_t modifiers = making->item->modifiers;
    bool anywhere = (modifiers & MODIFIER_CONTAINS) != 0 ||
                    (making->item->field == ITEM_ANY_FIELD && (modifiers & MODIFIER_SHAPES) == 0);
    pattern = pattern_surround(arena, &pattern, anywhere || (modifiers & MODIFIER_ENDSWITH) != 0,
        anywhere || (modifiers & MODIFIER_STARTSWITH) != 0);
    pattern_finish(arena, &pattern, (modifiers & MODIFIER_CASED) != 0);
    item_add(making, (struct item_value){.type = ITEM_PATTERN, .pattern = pattern}, more);
}

static enum result item_add_encoded(struct item_making *making, struct pattern pattern, bool more)
{
    struct arena *arena = making->builder->scratch;
    uint32_t modifiers = making->item->modifiers;
    if ((modifiers & MODIFIER_UTF16S) != 0)
        pattern = item_utf16(arena, &pattern, modifiers);
    if ((modifiers & MODIFIER_BASE64S) == 0) {
        item_add_pattern(making, pattern, more);
        return RESULT_OK;
    }
    if (!pattern_is_literal(&pattern))
        return item_refuse(making, TEXT_SIGMA_BASE64_WILDCARD);
    slice bytes = pattern_text(arena, &pattern);
    if ((modifiers & MODIFIER_BASE64) != 0) {
        slice text = base64_text(arena, bytes);
        item_add_pattern(making, pattern_literal(arena, text), more);
        return RESULT_OK;
    }
    for (unsigned offset = 0; offset < 3; offset++) {
        slice text = encode_base64_offset(arena, bytes, offset);
        if (text.len == 0)
            return item_refuse(making, TEXT_SIGMA_BASE64_SHORT);
        item_add_pattern(making, pattern_literal(arena, text), more || offset > 0);
    }
    return RESULT_OK;
}

static enum result item_add_text(struct item_making *making)
{
    struct arena *arena = making->builder->scratch;
    uint32_t modifiers = making->item->modifiers;
    struct pattern pattern = pattern_parse(arena, making->value->text);
    struct item_patterns patterns = {.items = &pattern, .count = 1};
    bool encoded = (modifiers & (MODIFIER_UTF16S | MODIFIER_BASE64S)) != 0;
    if ((modifiers & MODIFIER_EXPAND) != 0)
        pattern = pattern_expand(arena, &pattern);
    if ((modifiers & MODIFIER_WINDASH) != 0)
        pattern = pattern_windash(arena, &pattern);
    enum result result = RESULT_OK;
    if ((modifiers & MODIFIER_EXPAND) != 0 || (encoded && (modifiers & MODIFIER_WINDASH) != 0))
        result = item_expand(making, &pattern, encoded, &patterns);
    for (size_t i = 0; i < patterns.count && result == RESULT_OK; i++)
        result = item_add_encoded(making, patterns.items[i], i > 0);
    return result;
}

/* A plain number is its text, or the same number written otherwise. */
static enum result item_add_number(struct item_making *making)
{
    struct item_value value = {.type = ITEM_NUMBER};
    int64_t integer;
    enum result result = item_add_text(making);
    if (result == RESULT_OK && slice_to_double(making->value->text, &value.number) &&
        (making->item->modifiers & ~(uint32_t)(MODIFIER_ALL | MODIFIER_NEQ | MODIFIER_CASED)) ==
            0) {
        value.is_integer = slice_to_i64(making->value->text, &integer);
        item_add(making, value, true);
    }
    return result;
}

/* --- the other types --- */

static enum result item_add_compare(struct item_making *making)
{
    struct item_value value = {.type = ITEM_COMPARE};
    if (!slice_to_double(slice_trim(making->value->text), &value.number))
        return item_refuse(making, TEXT_SIGMA_NOT_A_NUMBER);
    item_add(making, value, false);
    return RESULT_OK;
}

static unsigned item_regex_options(uint32_t modifiers)
{
    unsigned options = 0;
    if ((modifiers & MODIFIER_I) != 0)
        options |= REGEX_NOCASE;
    if ((modifiers & MODIFIER_M) != 0)
        options |= REGEX_MULTILINE;
    if ((modifiers & MODIFIER_S) != 0)
        options |= REGEX_DOTALL;
    if ((modifiers & MODIFIER_STARTSWITH) != 0)
        options |= REGEX_FROM_START;
    if ((modifiers & MODIFIER_ENDSWITH) != 0)
        options |= REGEX_TO_END;
    return options;
}

void item_regex_of_key(slice key, unsigned *options, slice *text)
{
    slice number;
    uint64_t value = 0;
    ASSERT(slice_cut(key, ':', &number, text) && slice_to_u64(number, UINT32_MAX, &value));
    *options = (unsigned)value;
}

static struct item_regex *item_regex_new(
    struct arena *arena, struct regex *code, slice text, unsigned options)
{
    struct item_regex *regex = ARENA_NEW(arena, struct item_regex);
    regex->regex = code;
    (void)regex_literal_required(text, options, arena, &regex->literals, &regex->literal_count);
    return regex;
}

static enum result item_add_regex(struct item_making *making, slice text, bool more)
{
    struct item_builder *builder = making->builder;
    unsigned options = item_regex_options(making->item->modifiers);
    struct buf key;
    if (text.len > RULE_REGEX_MAX)
        return SIGMA_REFUSE(builder, making->value, TEXT_SIGMA_REGEX_LONG, ARG(RULE_REGEX_MAX));
    buf_init(&key, RULE_REGEX_MAX + 32);
    buf_append_u64(&key, options);
    buf_append_byte(&key, ':');
    buf_append(&key, text);
    const uint64_t *known = map_find(builder->regexes, buf_slice(&key));
    struct item_regex *regex = known == NULL ? NULL : (void *)(uintptr_t)*known;
    enum result result = RESULT_OK;
    if (regex == NULL) {
        size_t at = 0;
        char memory[256];
        struct buf words;
        buf_init_fixed(&words, memory, sizeof(memory));
        struct regex *code = regex_compile(text, options, &at, &words);
        if (code == NULL) {
            result = SIGMA_REFUSE(
                builder, making->value, TEXT_SIGMA_REGEX, ARG(at + 1), ARG(buf_slice(&words)));
        } else {
            regex = item_regex_new(builder->arena, code, text, options);
            *map_put(builder->regexes, buf_slice(&key), NULL) = (uint64_t)(uintptr_t)regex;
        }
    }
    if (result == RESULT_OK)
        item_add(making, (struct item_value){.type = ITEM_REGEX, .regex = regex}, more);
    buf_free(&key);
    return result;
}

static enum result item_add_range(struct item_making *making, slice text, bool more)
{
    struct item_value value = {.type = ITEM_RANGE};
    if (!address_range_parse(slice_trim(text), &value.range))
        return item_refuse(making, TEXT_SIGMA_CIDR);
    item_add(making, value, more);
    return RESULT_OK;
}

/* re and cidr: text without wildcards, which may hold placeholders. */
static enum result item_add_raw(struct item_making *making)
{
    struct arena *arena = making->builder->scratch;
    uint32_t modifiers = making->item->modifiers;
    struct pattern pattern = pattern_literal(arena, making->value->text);
    struct item_patterns patterns = {.items = &pattern, .count = 1};
    enum result result = RESULT_OK;
    if ((modifiers & MODIFIER_EXPAND) != 0) {
        pattern = pattern_expand(arena, &pattern);
        result = item_expand(making, &pattern, false, &patterns);
    }
    for (size_t i = 0; i < patterns.count && result == RESULT_OK; i++) {
        if (!pattern_is_literal(&patterns.items[i]))
            return item_refuse(making, TEXT_SIGMA_CIDR);
        slice text = pattern_text(arena, &patterns.items[i]);
        result = (modifiers & MODIFIER_RE) != 0 ? item_add_regex(making, text, i > 0)
                                                : item_add_range(making, text, i > 0);
    }
    return result;
}

static enum result item_add_value(struct item_making *making)
{
    uint32_t modifiers = making->item->modifiers;
    if (making->value->type == SIGMA_NULL) {
        if ((modifiers & ~(uint32_t)(MODIFIER_ALL | MODIFIER_NEQ | MODIFIER_CASED)) != 0)
            return item_refuse(making, TEXT_SIGMA_NULL_MODIFIER);
        item_add(making, (struct item_value){.type = ITEM_NULL}, false);
        return RESULT_OK;
    }
    if ((modifiers & MODIFIER_FIELDREF) != 0) {
        uint32_t field = view_field_intern(making->builder->fields, making->value->text);
        item_add(making, (struct item_value){.type = ITEM_FIELD, .field = field}, false);
        return RESULT_OK;
    }
    if ((modifiers & (MODIFIER_COMPARES | MODIFIER_TIMES)) != 0)
        return item_add_compare(making);
    if ((modifiers & (MODIFIER_RE | MODIFIER_CIDR)) != 0)
        return item_add_raw(making);
    return making->value->type == SIGMA_NUMBER ? item_add_number(making) : item_add_text(making);
}

static enum result item_build_exists(struct item_making *making, const struct sigma_item *source)
{
    making->value = &source->values[0];
    if (source->count != 1 || making->value->type == SIGMA_NULL)
        return item_refuse(making, TEXT_SIGMA_EXISTS);
    making->item->wanted = slice_equal_nocase(making->value->text, S("true"));
    if (!making->item->wanted && !slice_equal_nocase(making->value->text, S("false")))
        return item_refuse(making, TEXT_SIGMA_EXISTS);
    return RESULT_OK;
}

enum result item_build(
    struct item_builder *builder, const struct sigma_item *source, slice field, struct item *item)
{
    struct item_making making = {.builder = builder, .item = item};
    *item = (struct item){.modifiers = source->modifiers,
        .field = field.len == 0 ? ITEM_ANY_FIELD : view_field_intern(builder->fields, field)};
    if ((source->modifiers & MODIFIER_EXISTS) != 0)
        return item_build_exists(&making, source);
    for (size_t i = 0; i < source->count; i++) {
        making.value = &source->values[i];
        enum result result = item_add_value(&making);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}
