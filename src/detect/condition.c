/* See condition.h. Recursive descent, one function for each level of binding. */
#include "detect/condition.h"

#include "base/base.h"

struct condition_parser {
    struct arena *arena;
    slice text;
    size_t at; /* of the next token */
    size_t depth;
    uint32_t line, column; /* of the text */
    struct error *err;
};

static bool condition_is_word_byte(char byte)
{
    return !byte_is_space(byte) && byte != '(' && byte != ')' && byte != '|';
}

/* The next token without taking it; empty at the end. */
static slice condition_peek(struct condition_parser *parser)
{
    while (parser->at < parser->text.len && byte_is_space(parser->text.at[parser->at]))
        parser->at++;
    slice rest = slice_from(parser->text, parser->at);
    size_t len = 0;
    while (len < rest.len && condition_is_word_byte(rest.at[len]))
        len++;
    return slice_first(rest, len == 0 ? 1 : len);
}

static bool condition_take(struct condition_parser *parser, slice token)
{
    slice next = condition_peek(parser);
    if (next.len == 0 || !slice_equal_nocase(next, token))
        return false;
    parser->at += next.len;
    return true;
}

static enum result condition_refuse(struct condition_parser *parser, enum text why)
{
    slice token = condition_peek(parser);
    return error_set(parser->err, RESULT_MALFORMED, why, ARG(parser->line), ARG(parser->column),
        ARG(parser->at + 1), ARG(token));
}

static struct condition *condition_new(struct condition_parser *parser, enum condition_type type)
{
    struct condition *condition = ARENA_NEW(parser->arena, struct condition);
    (void)condition_peek(parser);
    condition->type = type;
    condition->offset = parser->at;
    return condition;
}

static enum result condition_or(struct condition_parser *parser, struct condition **out);

/* `1 of pattern`, after the quantifier was recognised. */
static enum result condition_of(
    struct condition_parser *parser, uint32_t least, struct condition **out)
{
    struct condition *of = condition_new(parser, CONDITION_OF);
    of->least = least;
    of->name = condition_peek(parser);
    if (of->name.len == 0 || !condition_is_word_byte(of->name.at[0]))
        return condition_refuse(parser, TEXT_SIGMA_CONDITION_PATTERN);
    parser->at += of->name.len;
    *out = of;
    return RESULT_OK;
}

static bool condition_quantifier(slice word, uint32_t *least)
{
    uint64_t number = 0;
    bool is_number = slice_to_u64(word, UINT32_MAX, &number) && number > 0;
    if (slice_equal_nocase(word, S("any")))
        number = 1;
    *least = (uint32_t)number;
    return is_number || number == 1 || slice_equal_nocase(word, S("all"));
}

static enum result condition_operand(struct condition_parser *parser, struct condition **out)
{
    if (condition_take(parser, S("("))) {
        enum result result = condition_or(parser, out);
        if (result == RESULT_OK && !condition_take(parser, S(")")))
            result = condition_refuse(parser, TEXT_SIGMA_CONDITION_PARENTHESIS);
        return result;
    }
    struct condition *name = condition_new(parser, CONDITION_NAME);
    name->name = condition_peek(parser);
    if (name->name.len == 0)
        return condition_refuse(parser, TEXT_SIGMA_CONDITION_END);
    if (name->name.at[0] == '|')
        return condition_refuse(parser, TEXT_SIGMA_CONDITION_PIPE);
    if (!condition_is_word_byte(name->name.at[0]) || slice_equal_nocase(name->name, S("and")) ||
        slice_equal_nocase(name->name, S("or")))
        return condition_refuse(parser, TEXT_SIGMA_CONDITION_NAME);
    parser->at += name->name.len;
    uint32_t least;
    if (condition_quantifier(name->name, &least) && condition_take(parser, S("of")))
        return condition_of(parser, least, out);
    *out = name;
    return RESULT_OK;
}

static enum result condition_not(struct condition_parser *parser, struct condition **out)
{
    if (++parser->depth > CONDITION_DEPTH_MAX)
        return condition_refuse(parser, TEXT_SIGMA_CONDITION_DEPTH);
    enum result result;
    struct condition *not = condition_new(parser, CONDITION_NOT);
    if (condition_take(parser, S("not"))) {
        not ->parts = ARENA_ARRAY(parser->arena, struct condition *, 1);
        not ->count = 1;
        result = condition_not(parser, &not ->parts[0]);
        *out = not ;
    } else {
        result = condition_operand(parser, out);
    }
    parser->depth--;
    return result;
}

/* One or more of the next tighter level, joined by a word. */
static enum result condition_chain(struct condition_parser *parser, enum condition_type type,
    slice word, enum result (*part)(struct condition_parser *, struct condition **),
    struct condition **out)
{
    size_t capacity = 0;
    struct condition *chain = condition_new(parser, type);
    do {
        if (chain->count == capacity)
            chain->parts =
                arena_grow(parser->arena, chain->parts, &capacity, sizeof(*chain->parts));
        enum result result = part(parser, &chain->parts[chain->count++]);
        if (result != RESULT_OK)
            return result;
    } while (condition_take(parser, word));
    *out = chain->count == 1 ? chain->parts[0] : chain;
    return RESULT_OK;
}

static enum result condition_and(struct condition_parser *parser, struct condition **out)
{
    return condition_chain(parser, CONDITION_AND, S("and"), condition_not, out);
}

static enum result condition_or(struct condition_parser *parser, struct condition **out)
{
    return condition_chain(parser, CONDITION_OR, S("or"), condition_and, out);
}

enum result condition_parse(struct arena *arena, slice text, uint32_t line, uint32_t column,
    struct condition **root, struct error *err)
{
    struct condition_parser parser = {
        .arena = arena, .text = text, .line = line, .column = column, .err = err};
    struct condition *parsed = NULL;
    if (text.len > CONDITION_LEN_MAX)
        return condition_refuse(&parser, TEXT_SIGMA_CONDITION_LONG);
    enum result result = condition_or(&parser, &parsed);
    if (result != RESULT_OK)
        return result;
    slice left = condition_peek(&parser);
    if (left.len > 0)
        return condition_refuse(
            &parser, left.at[0] == '|' ? TEXT_SIGMA_CONDITION_PIPE : TEXT_SIGMA_CONDITION_OPERATOR);
    *root = parsed;
    return RESULT_OK;
}

/* * stands for any characters: the parts between must follow each other. */
static bool condition_glob(slice pattern, slice name)
{
    slice part;
    slice rest = pattern;
    bool first = true;
    while (slice_next(&rest, '*', &part)) {
        bool last = slice_is_absent(rest);
        if (first && last)
            return slice_equal(name, part);
        if (last)
            return slice_ends(name, part);
        if (first && !slice_starts(name, part))
            return false;
        size_t at = first ? 0 : slice_find(name, part);
        if (!first && part.len > 0 && at == name.len)
            return false;
        name = slice_from(name, at + part.len);
        first = false;
    }
    return true;
}

bool condition_pattern_fits(slice pattern, slice name)
{
    if (slice_starts(name, S("_")) && !slice_starts(pattern, S("_")))
        return false;
    return slice_equal(pattern, S("them")) || condition_glob(pattern, name);
}
