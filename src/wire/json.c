/* See json.h.
 *
 * simdjson's first stage gives the offset of every token (json_shim.h); the grammar is walked over
 * these offsets with an explicit stack, so nesting costs no stack of ours. A string's end needs no
 * search: nothing but white space lies between it and the next token. */
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/checked.h"
#include "base/utf8.h"
#include "wire/json_shim.h"
#include "wire/json_string.h"

#define JSON_NO_FIELD SIZE_MAX

struct json_frame {
    slice path;     /* of the container */
    bool path_over; /* it is longer than JSON_PATH_MAX */
    char closer;    /* '}' or ']' */
    size_t begin;   /* offset of its opener */
    size_t field;   /* its own entry, or JSON_NO_FIELD */
};

struct json_parser {
    struct json_shim *shim;
    struct json_field *fields; /* grows to JSON_FIELDS_MAX */
    size_t capacity;
    struct json_frame frames[JSON_DEPTH_MAX];
};

struct json_walk {
    struct json_parser *parser;
    struct arena *arena;
    struct json_flat *flat;
    struct error *err;
    slice text;
    const uint32_t *offsets;
    size_t count;
    size_t at;        /* token to look at next */
    size_t backslash; /* offset of the first one at or after the last string that was asked about */
    size_t depth;
    slice path;     /* of the value to come */
    bool path_over; /* it is longer than JSON_PATH_MAX */
};

void json_prepare(void)
{
    struct json_parser *parser = json_parser_new();
    struct arena arena = {0};
    struct json_flat flat;
    enum result result = json_flatten(parser, &arena, S("{\"a\":[1,\"b\"]}"), &flat, NULL);
    ASSERT(result == RESULT_OK);
    arena_free(&arena);
    json_parser_free(parser);
}

struct json_parser *json_parser_new(void)
{
    struct json_parser *parser = calloc(1, sizeof(*parser));
    ASSERT(parser != NULL);
    parser->shim = json_shim_new();
    ASSERT(parser->shim != NULL);
    return parser;
}

void json_parser_free(struct json_parser *parser)
{
    if (parser == NULL)
        return;
    json_shim_free(parser->shim);
    free(parser->fields);
    free(parser);
}

static struct json_field *json_field_new(struct json_walk *walk)
{
    struct json_parser *parser = walk->parser;
    if (walk->flat->count == JSON_FIELDS_MAX || walk->path_over) {
        walk->flat->dropped++;
        return NULL;
    }
    if (walk->flat->count == parser->capacity) {
        size_t capacity = size_min(size_max(parser->capacity * 2, 64), JSON_FIELDS_MAX);
        struct json_field *grown = reallocarray(parser->fields, capacity, sizeof(*grown));
        ASSERT(grown != NULL);
        parser->fields = grown;
        parser->capacity = capacity;
    }
    return &parser->fields[walk->flat->count++];
}

static void json_add(struct json_walk *walk, slice value, enum json_type type)
{
    struct json_field *field = json_field_new(walk);
    if (field != NULL)
        *field = (struct json_field){.path = walk->path, .value = value, .type = type};
}

static enum result json_fail(struct json_walk *walk)
{
    if (walk->at == walk->count)
        return error_set(walk->err, RESULT_MALFORMED, TEXT_JSON_UNFINISHED);
    return error_set(walk->err, RESULT_MALFORMED, TEXT_JSON_SYNTAX, ARG(walk->offsets[walk->at]));
}

/* First byte of the token at hand; 0 after the last. */
static char json_peek(const struct json_walk *walk)
{
    return walk->at < walk->count ? walk->text.at[walk->offsets[walk->at]] : '\0';
}

/* The token at hand, without the white space after it. */
static slice json_token(const struct json_walk *walk)
{
    size_t begin = walk->offsets[walk->at];
    size_t end = walk->at + 1 < walk->count ? walk->offsets[walk->at + 1] : walk->text.len;
    while (end > begin && byte_is_space(walk->text.at[end - 1]))
        end--;
    return slice_sub(walk->text, begin, end - begin);
}

/* Whether there is a backslash in text[from, to). Asked in ascending order, so that the text is
 * searched once: most strings have none, and a search in each would cost more than all else. */
static bool json_has_escape(struct json_walk *walk, size_t from, size_t to)
{
    if (walk->backslash < from)
        walk->backslash = from + slice_find_byte(slice_from(walk->text, from), '\\');
    return walk->backslash < to;
}

/* Takes the string at hand. */
static bool json_take_string(struct json_walk *walk, slice *value)
{
    slice token = json_token(walk);
    if (token.len < 2 || token.at[0] != '"' || token.at[token.len - 1] != '"')
        return false;
    size_t begin = walk->offsets[walk->at++] + 1;
    *value = slice_make(token.at + 1, token.len - 2);
    if (json_has_escape(walk, begin, begin + value->len))
        *value = json_string_unescape(walk->arena, *value, walk->text.at + walk->text.len);
    return true;
}

static size_t json_digits(slice s, size_t from)
{
    size_t at = from;
    while (at < s.len && byte_is_digit(s.at[at]))
        at++;
    return at - from;
}

/* RFC 8259, section 6. */
static bool json_is_number(slice s)
{
    size_t at = s.len > 0 && s.at[0] == '-' ? 1 : 0;
    size_t digits = json_digits(s, at);
    if (digits == 0 || (digits > 1 && s.at[at] == '0'))
        return false;
    at += digits;
    if (at < s.len && s.at[at] == '.') {
        digits = json_digits(s, at + 1);
        if (digits == 0)
            return false;
        at += 1 + digits;
    }
    if (at < s.len && (s.at[at] == 'e' || s.at[at] == 'E')) {
        at++;
        if (at < s.len && (s.at[at] == '+' || s.at[at] == '-'))
            at++;
        digits = json_digits(s, at);
        if (digits == 0)
            return false;
        at += digits;
    }
    return at == s.len;
}

/* Takes the scalar at hand and adds its field. */
static enum result json_take_scalar(struct json_walk *walk)
{
    slice token = json_token(walk);
    if (token.at[0] == '"') {
        slice value;
        if (!json_take_string(walk, &value))
            return json_fail(walk);
        json_add(walk, value, JSON_STRING);
        return RESULT_OK;
    }
    if (json_is_number(token))
        json_add(walk, token, JSON_NUMBER);
    else if (slice_equal(token, S("true")) || slice_equal(token, S("false")))
        json_add(walk, token, JSON_BOOL);
    else if (slice_equal(token, S("null")))
        json_add(walk, S(""), JSON_NULL);
    else
        return json_fail(walk);
    walk->at++;
    return RESULT_OK;
}

/* Opens the object or array at hand. */
static enum result json_open(struct json_walk *walk)
{
    size_t begin = walk->offsets[walk->at];
    bool object = walk->text.at[begin] == '{';
    if (walk->depth == JSON_DEPTH_MAX)
        return error_set(walk->err, RESULT_LIMIT, TEXT_JSON_DEPTH, ARG(JSON_DEPTH_MAX), ARG(begin));
    struct json_frame *frame = &walk->parser->frames[walk->depth++];
    *frame = (struct json_frame){.path = walk->path,
        .path_over = walk->path_over,
        .closer = object ? '}' : ']',
        .begin = begin,
        .field = JSON_NO_FIELD};
    walk->at++;
    walk->flat->lists += !object && json_peek(walk) == '{';
    if (walk->depth == 2 && walk->parser->frames[0].closer == '}') {
        size_t index = walk->flat->count;
        json_add(walk, S(""), object ? JSON_OBJECT : JSON_ARRAY);
        frame->field = walk->flat->count > index ? index : JSON_NO_FIELD;
        if (!object && json_peek(walk) == '{' && frame->field != JSON_NO_FIELD &&
            walk->flat->list == SIZE_MAX)
            walk->flat->list = index;
    }
    return RESULT_OK;
}

/* Closes the innermost container, whose closer is at hand. */
static void json_close(struct json_walk *walk)
{
    struct json_frame *frame = &walk->parser->frames[--walk->depth];
    size_t end = walk->offsets[walk->at] + 1;
    if (frame->field != JSON_NO_FIELD)
        walk->parser->fields[frame->field].value =
            slice_sub(walk->text, frame->begin, end - frame->begin);
    walk->at++;
}

/* Takes `"key":` and sets the path of the value after it. */
static bool json_take_key(struct json_walk *walk, const struct json_frame *frame)
{
    slice key;
    slice prefix = frame->path;
    if (json_peek(walk) != '"' || !json_take_string(walk, &key) || json_peek(walk) != ':')
        return false;
    walk->at++;
    walk->path = key;
    walk->path_over =
        frame->path_over || (prefix.len > 0 && prefix.len + 1 + key.len > JSON_PATH_MAX);
    if (prefix.len == 0 || walk->path_over)
        return true;
    char *path = arena_bytes(walk->arena, prefix.len + 1 + key.len);
    memcpy(path, prefix.at, prefix.len);
    path[prefix.len] = '.';
    memcpy(path + prefix.len + 1, key.at, key.len);
    walk->path = slice_make(path, prefix.len + 1 + key.len);
    return true;
}

/* Takes one value: a scalar, or the opener of a container and of those that follow at once. */
static enum result json_take_value(struct json_walk *walk, bool *opened)
{
    char first = json_peek(walk);
    *opened = first == '{' || first == '[';
    if (*opened)
        return json_open(walk);
    if (first == '\0' || walk->at == walk->count)
        return json_fail(walk);
    return json_take_scalar(walk);
}

static enum result json_walk_value(struct json_walk *walk)
{
    for (;;) {
        struct json_frame *frame = walk->depth > 0 ? &walk->parser->frames[walk->depth - 1] : NULL;
        bool opened;
        if (frame != NULL && frame->closer == '}' && !json_take_key(walk, frame))
            return json_fail(walk);
        if (frame != NULL && frame->closer == ']') {
            walk->path = frame->path;
            walk->path_over = frame->path_over;
        }
        enum result result = json_take_value(walk, &opened);
        if (result != RESULT_OK)
            return result;
        if (opened && json_peek(walk) != walk->parser->frames[walk->depth - 1].closer)
            continue;
        while (walk->depth > 0 && json_peek(walk) == walk->parser->frames[walk->depth - 1].closer)
            json_close(walk);
        if (walk->depth == 0)
            return RESULT_OK;
        if (json_peek(walk) != ',')
            return json_fail(walk);
        walk->at++;
    }
}

/* Malformed UTF-8 replaced, control characters inside strings escaped. Absent when the result would
 * be too long. */
static slice json_repair(struct arena *arena, slice text)
{
    struct buf out;
    bool inside = false;
    slice valid = utf8_valid_copy(arena, text);
    buf_init(&out, 2 * JSON_TEXT_MAX);
    for (size_t at = 0; at < valid.len; at++) {
        slice one = slice_sub(valid, at, 1);
        bool escape = one.at[0] == '\\' && at + 1 < valid.len;
        if (one.at[0] == '"')
            inside = !inside;
        if (inside && (unsigned char)one.at[0] < 0x20) {
            buf_append(&out, S("\\u00"));
            buf_append_hex(&out, one);
        } else if (escape && (unsigned char)valid.at[at + 1] < 0x20) {
            buf_append(&out, S("\\\\"));
        } else if (escape) {
            buf_append(&out, slice_sub(valid, at++, 2));
        } else {
            buf_append(&out, one);
        }
    }
    slice repaired = out.overflow ? (slice){NULL, 0} : arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return repaired;
}

static enum result json_walk_text(struct json_walk *walk)
{
    switch (json_shim_index(
        walk->parser->shim, walk->text.at, walk->text.len, &walk->offsets, &walk->count)) {
    case JSON_SHIM_OK:
        break;
    case JSON_SHIM_ENCODING:
        return RESULT_UNSUPPORTED;
    case JSON_SHIM_UNCLOSED:
        return error_set(walk->err, RESULT_MALFORMED, TEXT_JSON_UNCLOSED);
    case JSON_SHIM_EMPTY:
        return error_set(walk->err, RESULT_MALFORMED, TEXT_JSON_EMPTY);
    case JSON_SHIM_MEMORY:
        return error_set(walk->err, RESULT_SYSTEM, TEXT_OUT_OF_MEMORY);
    }
    char first = json_peek(walk);
    walk->flat->top = first == '{' ? JSON_OBJECT : first == '[' ? JSON_ARRAY : JSON_STRING;
    enum result result = json_walk_value(walk);
    if (result == RESULT_OK && walk->at < walk->count)
        return error_set(
            walk->err, RESULT_MALFORMED, TEXT_JSON_TRAILING, ARG(walk->offsets[walk->at]));
    return result;
}

enum result json_flatten(struct json_parser *parser, struct arena *arena, slice text,
    struct json_flat *flat, struct error *err)
{
    struct json_flat made = {.list = SIZE_MAX};
    struct json_walk walk = {
        .parser = parser, .arena = arena, .flat = &made, .err = err, .text = text, .path = S("")};
    if (text.len > JSON_TEXT_MAX)
        return error_set(err, RESULT_LIMIT, TEXT_JSON_SIZE, ARG(JSON_TEXT_MAX));
    if (text.len == 0)
        return error_set(err, RESULT_MALFORMED, TEXT_JSON_EMPTY);
    enum result result = json_walk_text(&walk);
    if (result == RESULT_UNSUPPORTED) {
        walk.text = json_repair(arena, text);
        if (slice_is_absent(walk.text))
            return error_set(err, RESULT_LIMIT, TEXT_JSON_SIZE, ARG(JSON_TEXT_MAX));
        made.repaired = true;
        result = json_walk_text(&walk);
        if (result == RESULT_UNSUPPORTED)
            return error_set(err, RESULT_MALFORMED, TEXT_JSON_SYNTAX, ARG(0));
    }
    if (result != RESULT_OK)
        return result;
    made.fields = parser->fields;
    made.list = size_min(made.list, made.count);
    *flat = made;
    return RESULT_OK;
}
