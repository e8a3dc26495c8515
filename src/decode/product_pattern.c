/* See product_pattern.h. The parser carries the list of variants so far and appends to all of them;
 * an optional part works on a copy and then joins both lists. Rejected: a tree of optional parts
 * that the matcher would walk, since a prefix tree over variants shares their common parts anyway
 * and needs no second way to backtrack. */
#include "decode/product_pattern.h"

#include <string.h>

#include "base/base.h"

struct pattern_parser {
    struct arena *arena;
    slice text;
    size_t at;
    struct pattern_fault *fault;
};

static bool pattern_refuse(struct pattern_parser *parser, enum text why, slice what)
{
    *parser->fault = (struct pattern_fault){.why = why, .what = what, .at = parser->at};
    return false;
}

static bool pattern_add_literal(struct pattern_parser *parser, struct pattern *pattern, slice text)
{
    struct pattern_part *last = pattern->count == 0 ? NULL : &pattern->parts[pattern->count - 1];
    if (last != NULL && !last->is_capture) {
        char *joined = arena_bytes(parser->arena, last->text.len + text.len);
        memcpy(joined, last->text.at, last->text.len);
        memcpy(joined + last->text.len, text.at, text.len);
        last->text = slice_make(joined, last->text.len + text.len);
        return true;
    }
    if (pattern->count == PATTERN_PARTS_MAX)
        return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_LONG, S(""));
    pattern->parts[pattern->count++] = (struct pattern_part){.text = text};
    return true;
}

static bool pattern_add_capture(
    struct pattern_parser *parser, struct pattern *pattern, slice name, enum product_type type)
{
    struct pattern_part *last = pattern->count == 0 ? NULL : &pattern->parts[pattern->count - 1];
    if (last != NULL && last->is_capture && product_type_span(last->type) != PRODUCT_SPAN_FIXED)
        return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_TOUCH, name);
    if (pattern->count == PATTERN_PARTS_MAX || pattern->captures == PATTERN_CAPTURES_MAX)
        return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_LONG, S(""));
    pattern->captures++;
    pattern->parts[pattern->count++] =
        (struct pattern_part){.is_capture = true, .text = name, .type = type};
    return true;
}

/* Appends a copy of all variants of `from` to `to`. */
static bool pattern_join(
    struct pattern_parser *parser, struct pattern_list *to, const struct pattern_list *from)
{
    if (to->count + from->count > PATTERN_VARIANTS_MAX)
        return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_VARIANTS, S(""));
    while (to->capacity < to->count + from->count)
        to->items = arena_grow(parser->arena, to->items, &to->capacity, sizeof(struct pattern));
    memcpy(&to->items[to->count], from->items, from->count * sizeof(struct pattern));
    to->count += from->count;
    return true;
}

static struct pattern_list pattern_copy(
    struct pattern_parser *parser, const struct pattern_list *list)
{
    struct pattern_list copy = {.items = ARENA_ARRAY(parser->arena, struct pattern, list->count),
        .count = list->count,
        .capacity = list->count};
    memcpy(copy.items, list->items, list->count * sizeof(struct pattern));
    return copy;
}

/* {name:one|two}: each variant once for each word. */
static bool pattern_add_words(
    struct pattern_parser *parser, struct pattern_list *list, slice name, slice words)
{
    struct pattern_list before = pattern_copy(parser, list);
    slice word;
    list->count = 0;
    while (slice_next(&words, '|', &word)) {
        if (word.len == 0)
            return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_WORD, name);
        size_t first = list->count;
        if (!pattern_join(parser, list, &before))
            return false;
        for (size_t i = first; i < list->count; i++) {
            struct pattern *pattern = &list->items[i];
            if (!pattern_add_literal(parser, pattern, word))
                return false;
            if (name.len == 0)
                continue;
            if (pattern->constant_count == PATTERN_CONSTANTS_MAX)
                return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_LONG, S(""));
            pattern->constants[pattern->constant_count++] = (struct pattern_constant){name, word};
        }
    }
    return true;
}

static bool pattern_is_name(slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!byte_is_alnum(name.at[i]) && name.at[i] != '.' && name.at[i] != '_' &&
            name.at[i] != '-' && !(name.at[i] == '@' && i == 0))
            return false;
    return true;
}

/* At the byte after '{'. */
static bool pattern_capture(struct pattern_parser *parser, struct pattern_list *list)
{
    slice rest = slice_from(parser->text, parser->at);
    size_t end = slice_find_byte(rest, '}');
    slice name, type_name;
    enum product_type type = PRODUCT_TYPE_TEXT;
    if (end == rest.len) {
        parser->at--;
        return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_OPEN, S("{"));
    }
    bool typed = slice_cut(slice_first(rest, end), ':', &name, &type_name);
    if (!pattern_is_name(name))
        return pattern_refuse(parser, TEXT_PRODUCT_NAME, name);
    if (typed && slice_find_byte(type_name, '|') < type_name.len) {
        if (!pattern_add_words(parser, list, name, type_name))
            return false;
    } else {
        if (typed && !product_type_named(type_name, &type))
            return pattern_refuse(parser, TEXT_PRODUCT_TYPE, type_name);
        if (product_type_is_several(type) && !product_type_is_bare(type) && name.len == 0)
            return pattern_refuse(parser, TEXT_PRODUCT_NAME, name);
        for (size_t i = 0; i < list->count; i++)
            if (!pattern_add_capture(parser, &list->items[i], name, type))
                return false;
    }
    parser->at += end + 1;
    return true;
}

/* The literal at the parser's place, up to what means something. */
static bool pattern_literal(struct pattern_parser *parser, struct pattern_list *list)
{
    slice rest = slice_from(parser->text, parser->at);
    size_t len = 0;
    while (len < rest.len && rest.at[len] != '{' && rest.at[len] != '}' && rest.at[len] != '[' &&
           rest.at[len] != ']' && rest.at[len] != '\\')
        len++;
    slice literal = slice_first(rest, len);
    parser->at += len;
    if (len == 0) {
        bool escape = rest.at[0] == '\\' && rest.len > 1 &&
                      (rest.at[1] == '\\' || rest.at[1] == '{' || rest.at[1] == '}' ||
                          rest.at[1] == '[' || rest.at[1] == ']');
        if (!escape)
            return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_ESCAPE, slice_first(rest, 1));
        literal = slice_sub(rest, 1, 1);
        parser->at += 2;
    }
    for (size_t i = 0; i < list->count; i++)
        if (!pattern_add_literal(parser, &list->items[i], literal))
            return false;
    return true;
}

/* Up to the end, or to the ']' that closes `depth`. */
static bool pattern_sequence(
    struct pattern_parser *parser, struct pattern_list *list, unsigned depth)
{
    while (parser->at < parser->text.len) {
        char c = parser->text.at[parser->at];
        if (c == ']' && depth > 0)
            return true;
        if (c == '{') {
            parser->at++;
            if (!pattern_capture(parser, list))
                return false;
        } else if (c == '[') {
            size_t open = parser->at++;
            if (depth == PATTERN_DEPTH_MAX)
                return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_LONG, S(""));
            struct pattern_list with = pattern_copy(parser, list);
            if (!pattern_sequence(parser, &with, depth + 1))
                return false;
            if (parser->at == parser->text.len) {
                parser->at = open;
                return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_OPEN, S("["));
            }
            parser->at++;
            if (!pattern_join(parser, list, &with))
                return false;
        } else if (!pattern_literal(parser, list)) {
            return false;
        }
    }
    return true;
}

/* What only the whole variant shows: it is not empty, and what takes the rest is last. */
static bool pattern_check(struct pattern_parser *parser, const struct pattern *pattern)
{
    parser->at = 0;
    if (pattern->count == 0)
        return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_EMPTY, parser->text);
    for (size_t i = 0; i + 1 < pattern->count; i++)
        if (pattern->parts[i].is_capture &&
            product_type_span(pattern->parts[i].type) == PRODUCT_SPAN_REST)
            return pattern_refuse(parser, TEXT_PRODUCT_SHAPE_REST, pattern->parts[i].text);
    return true;
}

bool product_pattern_parse(
    struct arena *arena, slice text, struct pattern_list *list, struct pattern_fault *fault)
{
    struct pattern_parser parser = {.arena = arena, .text = text, .fault = fault};
    struct pattern_list made = {
        .items = ARENA_NEW(arena, struct pattern), .count = 1, .capacity = 1};
    if (text.len > PATTERN_TEXT_MAX)
        return pattern_refuse(&parser, TEXT_PRODUCT_SHAPE_LONG, S(""));
    if (!pattern_sequence(&parser, &made, 0))
        return false;
    for (size_t i = 0; i < made.count; i++)
        if (!pattern_check(&parser, &made.items[i]))
            return false;
    *list = made;
    return true;
}
