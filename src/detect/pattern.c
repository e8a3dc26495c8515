/* See pattern.h. A general pattern is a row of segments between *: the first is bound to the
 * beginning, the last to the end, each other is looked for from where the one before it ended. The
 * leftmost place is always right, so nothing is tried twice and the time is bounded by length ×
 * pattern. Rejected: translation to regular expressions, which are slower and need a limit. */
#include "detect/pattern.h"

#include <string.h>

#include "base/assert.h"
#include "base/checked.h"
#include "base/utf8.h"

/* The five characters that windash makes equal; the longest takes three bytes. */
static const slice pattern_dashes[] = {S_INIT("-"), S_INIT("/"), S_INIT("\xE2\x80\x93"),
    S_INIT("\xE2\x80\x94"), S_INIT("\xE2\x80\x95")};
#define PATTERN_DASH_LEN_MAX 3
#define UTF8_LEN_MAX         4

void pattern_add(
    struct arena *arena, struct pattern *pattern, enum pattern_token_type type, slice text)
{
    if (pattern->count == pattern->capacity)
        pattern->tokens =
            arena_grow(arena, pattern->tokens, &pattern->capacity, sizeof(*pattern->tokens));
    pattern->tokens[pattern->count++] = (struct pattern_token){type, text};
}

void pattern_add_all(struct arena *arena, struct pattern *pattern, const struct pattern *more)
{
    for (size_t i = 0; i < more->count; i++)
        pattern_add(arena, pattern, more->tokens[i].type, more->tokens[i].text);
}

struct pattern pattern_literal(struct arena *arena, slice text)
{
    struct pattern pattern = {0};
    if (text.len > 0)
        pattern_add(arena, &pattern, PATTERN_TEXT, text);
    return pattern;
}

struct pattern pattern_parse(struct arena *arena, slice text)
{
    struct pattern pattern = {0};
    char *out = arena_bytes(arena, text.len);
    const char *begin = out;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        char next = i + 1 < text.len ? text.at[i + 1] : '\0';
        if (byte == '\\' && (next == '*' || next == '?' || next == '\\')) {
            *out++ = next;
            i++;
            continue;
        }
        if (byte != '*' && byte != '?') {
            *out++ = byte;
            continue;
        }
        if (out > begin)
            pattern_add(arena, &pattern, PATTERN_TEXT, slice_make(begin, (size_t)(out - begin)));
        begin = out;
        pattern_add(arena, &pattern, byte == '*' ? PATTERN_MANY : PATTERN_ONE, S(""));
    }
    if (out > begin)
        pattern_add(arena, &pattern, PATTERN_TEXT, slice_make(begin, (size_t)(out - begin)));
    return pattern;
}

bool pattern_is_literal(const struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->tokens[i].type != PATTERN_TEXT)
            return false;
    return true;
}

slice pattern_text(struct arena *arena, const struct pattern *pattern)
{
    size_t len = 0;
    ASSERT(pattern_is_literal(pattern));
    for (size_t i = 0; i < pattern->count; i++)
        len += pattern->tokens[i].text.len;
    char *text = arena_bytes(arena, len);
    size_t at = 0;
    for (size_t i = 0; i < pattern->count; i++) {
        memcpy(text + at, pattern->tokens[i].text.at, pattern->tokens[i].text.len);
        at += pattern->tokens[i].text.len;
    }
    return slice_make(text, len);
}

static bool pattern_is_word_byte(char byte)
{
    return byte_is_alnum(byte) || byte == '_';
}

/* Names as in use: pySigma takes word characters only, published rules also have hyphens. */
static bool pattern_is_name_byte(char byte)
{
    return pattern_is_word_byte(byte) || byte == '-' || byte == '.';
}

/* The length of the %name% at the front of the text, or 0. */
static size_t pattern_placeholder_len(slice text)
{
    size_t at = 1;
    if (text.len == 0 || text.at[0] != '%')
        return 0;
    while (at < text.len && pattern_is_name_byte(text.at[at]))
        at++;
    return at > 1 && at < text.len && text.at[at] == '%' ? at + 1 : 0;
}

static void pattern_expand_text(struct arena *arena, struct pattern *to, slice text)
{
    char *out = arena_bytes(arena, text.len);
    const char *begin = out;
    for (size_t i = 0; i < text.len; i++) {
        size_t len = pattern_placeholder_len(slice_from(text, i));
        if (text.at[i] == '\\' && i + 1 < text.len && text.at[i + 1] == '%') {
            *out++ = '%';
            i++;
        } else if (len == 0) {
            *out++ = text.at[i];
        } else {
            if (out > begin)
                pattern_add(arena, to, PATTERN_TEXT, slice_make(begin, (size_t)(out - begin)));
            begin = out;
            pattern_add(arena, to, PATTERN_PLACEHOLDER, slice_sub(text, i + 1, len - 2));
            i += len - 1;
        }
    }
    if (out > begin)
        pattern_add(arena, to, PATTERN_TEXT, slice_make(begin, (size_t)(out - begin)));
}

struct pattern pattern_expand(struct arena *arena, const struct pattern *pattern)
{
    struct pattern to = {0};
    for (size_t i = 0; i < pattern->count; i++) {
        const struct pattern_token *token = &pattern->tokens[i];
        if (token->type == PATTERN_TEXT)
            pattern_expand_text(arena, &to, token->text);
        else
            pattern_add(arena, &to, token->type, token->text);
    }
    return to;
}

/* The length of the dash at the front of the text, or 0. */
static size_t pattern_dash_len(slice text)
{
    for (size_t i = 0; i < sizeof(pattern_dashes) / sizeof(*pattern_dashes); i++)
        if (slice_starts(text, pattern_dashes[i]))
            return pattern_dashes[i].len;
    return 0;
}

/* Characters beyond ASCII count as letters, but for dashes. */
static bool pattern_begins_word(slice text)
{
    if (text.len == 0)
        return false;
    if ((unsigned char)text.at[0] >= 0x80)
        return pattern_dash_len(text) == 0;
    return pattern_is_word_byte(text.at[0]);
}

static void pattern_windash_text(struct arena *arena, struct pattern *to, slice text)
{
    size_t begin = 0;
    bool after_word = false;
    for (size_t i = 0; i < text.len;) {
        slice rest = slice_from(text, i);
        size_t dash = pattern_dash_len(rest);
        if (dash > 0 && !after_word && pattern_begins_word(slice_from(rest, dash))) {
            if (i > begin)
                pattern_add(arena, to, PATTERN_TEXT, slice_sub(text, begin, i - begin));
            pattern_add(arena, to, PATTERN_DASH, S(""));
            begin = i + dash;
        }
        uint32_t character;
        after_word = pattern_begins_word(rest);
        i += dash > 0 ? dash : utf8_decode(rest, &character);
    }
    if (begin < text.len)
        pattern_add(arena, to, PATTERN_TEXT, slice_from(text, begin));
}

struct pattern pattern_windash(struct arena *arena, const struct pattern *pattern)
{
    struct pattern to = {0};
    for (size_t i = 0; i < pattern->count; i++) {
        const struct pattern_token *token = &pattern->tokens[i];
        if (token->type == PATTERN_TEXT)
            pattern_windash_text(arena, &to, token->text);
        else
            pattern_add(arena, &to, token->type, token->text);
    }
    return to;
}

struct pattern pattern_surround(
    struct arena *arena, const struct pattern *pattern, bool front, bool behind)
{
    struct pattern to = {0};
    if (front)
        pattern_add(arena, &to, PATTERN_MANY, S(""));
    pattern_add_all(arena, &to, pattern);
    if (behind)
        pattern_add(arena, &to, PATTERN_MANY, S(""));
    return to;
}

/* Neighbouring texts become one, as do neighbouring *. */
static struct pattern pattern_joined(struct arena *arena, const struct pattern *pattern)
{
    struct pattern to = {0};
    for (size_t i = 0; i < pattern->count; i++) {
        size_t same = i + 1;
        enum pattern_token_type type = pattern->tokens[i].type;
        while (same < pattern->count && pattern->tokens[same].type == type)
            same++;
        slice text = pattern->tokens[i].text;
        if (type == PATTERN_TEXT && same > i + 1) {
            struct pattern run = {.tokens = &pattern->tokens[i], .count = same - i};
            text = pattern_text(arena, &run);
        }
        if (type == PATTERN_TEXT || type == PATTERN_MANY)
            i = same - 1;
        pattern_add(arena, &to, type, text);
    }
    return to;
}

static bool pattern_has_shape(
    const struct pattern *pattern, size_t count, enum pattern_token_type first)
{
    if (pattern->count != count || pattern->tokens[0].type != first)
        return false;
    enum pattern_token_type expected = first;
    for (size_t i = 0; i < count; i++) {
        if (pattern->tokens[i].type != expected)
            return false;
        expected = expected == PATTERN_TEXT ? PATTERN_MANY : PATTERN_TEXT;
    }
    return true;
}

static enum pattern_form pattern_recognise(const struct pattern *pattern)
{
    if (pattern->count == 0 || pattern_has_shape(pattern, 1, PATTERN_TEXT))
        return PATTERN_EQUAL;
    if (pattern_has_shape(pattern, 1, PATTERN_MANY))
        return PATTERN_ANYTHING;
    if (pattern_has_shape(pattern, 2, PATTERN_TEXT))
        return PATTERN_STARTS;
    if (pattern_has_shape(pattern, 2, PATTERN_MANY))
        return PATTERN_ENDS;
    if (pattern_has_shape(pattern, 3, PATTERN_MANY))
        return PATTERN_CONTAINS;
    return PATTERN_GLOB;
}

void pattern_finish(struct arena *arena, struct pattern *pattern, bool cased)
{
    *pattern = pattern_joined(arena, pattern);
    pattern->cased = cased;
    pattern->text = S("");
    for (size_t i = 0; i < pattern->count; i++) {
        struct pattern_token *token = &pattern->tokens[i];
        ASSERT(token->type != PATTERN_PLACEHOLDER);
        if (token->type == PATTERN_TEXT && !cased)
            token->text = utf8_lower_copy(arena, token->text);
        if (token->type == PATTERN_TEXT)
            pattern->text = token->text;
    }
    pattern->form = pattern_recognise(pattern);
}

void pattern_copy(struct arena *arena, const struct pattern *pattern, struct pattern *to)
{
    to->tokens = ARENA_ARRAY(arena, struct pattern_token, pattern->count);
    to->count = pattern->count;
    to->capacity = pattern->count;
    to->form = pattern->form;
    to->cased = pattern->cased;
    for (size_t i = 0; i < pattern->count; i++) {
        to->tokens[i].type = pattern->tokens[i].type;
        to->tokens[i].text = arena_copy(arena, pattern->tokens[i].text);
        if (pattern->tokens[i].type == PATTERN_TEXT)
            to->text = to->tokens[i].text;
    }
}

/* A row of tokens without PATTERN_MANY. */
struct pattern_segment {
    const struct pattern_token *tokens;
    size_t count;
};

/* Whether the segment stands at `at`; *end is behind it. */
static bool pattern_segment_at(struct pattern_segment segment, slice value, size_t at, size_t *end)
{
    for (size_t i = 0; i < segment.count; i++) {
        const struct pattern_token *token = &segment.tokens[i];
        slice rest = slice_from(value, at);
        uint32_t character;
        size_t len = token->type == PATTERN_DASH ? pattern_dash_len(rest) : 0;
        if (token->type == PATTERN_ONE && rest.len > 0)
            len = utf8_decode(rest, &character);
        if (token->type == PATTERN_TEXT)
            len = slice_starts(rest, token->text) ? token->text.len : 0;
        if (len == 0)
            return false;
        at += len;
    }
    *end = at;
    return true;
}

/* The next place from `at` on where the segment may begin; value.len + 1 when there is none. */
static size_t pattern_segment_next(struct pattern_segment segment, slice value, size_t at)
{
    if (segment.tokens[0].type == PATTERN_TEXT) {
        slice rest = slice_from(value, at);
        size_t found = slice_find(rest, segment.tokens[0].text);
        return found == rest.len ? value.len + 1 : at + found;
    }
    while (at < value.len && ((unsigned char)value.at[at] & 0xC0) == 0x80)
        at++; /* not inside a character */
    return at < value.len ? at : value.len + 1;
}

static bool pattern_segment_find(struct pattern_segment segment, slice value, size_t *at)
{
    for (size_t from = *at; (from = pattern_segment_next(segment, value, from)) < value.len; from++)
        if (pattern_segment_at(segment, value, from, at))
            return true;
    return false;
}

/* Whether the segment stands at the very end, beginning at `least` or later. */
static bool pattern_segment_ends(struct pattern_segment segment, slice value, size_t least)
{
    size_t shortest = 0;
    size_t longest = 0;
    for (size_t i = 0; i < segment.count; i++) {
        const struct pattern_token *token = &segment.tokens[i];
        size_t text = token->type == PATTERN_TEXT ? token->text.len : 1;
        shortest += text;
        longest += token->type == PATTERN_ONE    ? UTF8_LEN_MAX
                   : token->type == PATTERN_DASH ? PATTERN_DASH_LEN_MAX
                                                 : text;
    }
    if (value.len < shortest)
        return false;
    size_t at = size_max(least, value.len - size_min(value.len, longest));
    size_t end = 0;
    for (; (at = pattern_segment_next(segment, value, at)) <= value.len - shortest; at++)
        if (pattern_segment_at(segment, value, at, &end) && end == value.len)
            return true;
    return false;
}

static bool pattern_glob(const struct pattern *pattern, slice value)
{
    size_t at = 0;
    for (size_t first = 0; first < pattern->count;) {
        size_t last = first;
        while (last < pattern->count && pattern->tokens[last].type != PATTERN_MANY)
            last++;
        struct pattern_segment segment = {&pattern->tokens[first], last - first};
        bool bound_front = first == 0;
        bool bound_end = last == pattern->count;
        first = last + 1;
        if (segment.count == 0)
            continue;
        if (bound_front && !pattern_segment_at(segment, value, at, &at))
            return false;
        if (bound_front && bound_end)
            return at == value.len;
        if (!bound_front && bound_end)
            return pattern_segment_ends(segment, value, at);
        if (!bound_front && !pattern_segment_find(segment, value, &at))
            return false;
    }
    return true;
}

bool pattern_match(const struct pattern *pattern, slice value)
{
    switch (pattern->form) {
    case PATTERN_ANYTHING:
        return true;
    case PATTERN_EQUAL:
        return slice_equal(value, pattern->text);
    case PATTERN_STARTS:
        return slice_starts(value, pattern->text);
    case PATTERN_ENDS:
        return slice_ends(value, pattern->text);
    case PATTERN_CONTAINS:
        return slice_contains(value, pattern->text);
    case PATTERN_GLOB:
        return pattern_glob(pattern, value);
    }
    return false;
}

void pattern_key(const struct pattern *pattern, struct buf *key)
{
    buf_append_byte(key, pattern->cased ? 'C' : 'c');
    for (size_t i = 0; i < pattern->count; i++) {
        const struct pattern_token *token = &pattern->tokens[i];
        buf_append_byte(key, (char)('0' + (int)token->type));
        buf_append_u64(key, token->text.len);
        buf_append_byte(key, ':');
        buf_append(key, token->text);
    }
    buf_append_byte(key, '.');
}
