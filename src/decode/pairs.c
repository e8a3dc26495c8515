/* See pairs.h. */
#include "decode/pairs.h"

#include "base/base.h"

#define PAIRS_KEY   1U
#define PAIRS_SPACE 2U
#define PAIRS_COMMA 4U /* a comma or a semicolon */

/* What a byte may be. */
static const unsigned char pairs_bytes[256] = {['0' ... '9'] = PAIRS_KEY,
    ['A' ... 'Z'] = PAIRS_KEY,
    ['a' ... 'z'] = PAIRS_KEY,
    ['_'] = PAIRS_KEY,
    ['-'] = PAIRS_KEY,
    ['.'] = PAIRS_KEY,
    [' '] = PAIRS_SPACE,
    ['\t' ... '\r'] = PAIRS_SPACE,
    [','] = PAIRS_COMMA,
    [';'] = PAIRS_COMMA};

static bool pairs_is(char c, unsigned what)
{
    return (pairs_bytes[(unsigned char)c] & what) != 0;
}

static size_t pairs_key_len(slice text)
{
    size_t len = 0;
    while (len < text.len && pairs_is(text.at[len], PAIRS_KEY))
        len++;
    return len;
}

/* Index of the closing quote, or text.len. `text` begins after the opening one. */
static size_t pairs_quote_end(slice text, char quote, bool *escaped)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == quote)
            return i;
        if (text.at[i] == '\\') {
            *escaped = true;
            i++;
        }
    }
    return text.len;
}

static size_t pairs_value_len(slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!pairs_is(text.at[i], PAIRS_SPACE | PAIRS_COMMA))
            continue;
        if (pairs_is(text.at[i], PAIRS_SPACE))
            return i;
        slice after = slice_from(text, i + 1);
        size_t key = pairs_key_len(after);
        if (after.len == 0 || byte_is_space(after.at[0]) ||
            (key > 0 && key < after.len && after.at[key] == '='))
            return i;
    }
    return text.len;
}

static bool pairs_is_quote(slice text)
{
    return text.len > 0 && (text.at[0] == '"' || text.at[0] == '\'');
}

/* Reads the value at the front of `text`; gives how many bytes it takes. */
static size_t pairs_value(slice text, struct pair *pair)
{
    if (pairs_is_quote(text)) {
        bool escaped = false;
        slice inside = slice_from(text, 1);
        size_t end = pairs_quote_end(inside, text.at[0], &escaped);
        if (end < inside.len) {
            pair->value = slice_first(inside, end);
            pair->quoted = true;
            pair->escaped = escaped;
            return end + 2;
        }
    }
    size_t open = pairs_is_quote(text) ? 1 : 0; /* of a record that was cut */
    slice plain = slice_from(text, open);
    pair->value = slice_first(plain, pairs_value_len(plain));
    return open + pair->value.len;
}

bool pairs_next(slice *rest, struct pair *pair)
{
    slice text = *rest;
    while (text.len > 0) {
        size_t at = 0;
        while (at < text.len && pairs_is(text.at[at], PAIRS_SPACE | PAIRS_COMMA))
            at++;
        text = slice_from(text, at);
        size_t key = pairs_key_len(text);
        if (key > 0 && key < text.len && text.at[key] == '=') {
            struct pair found = {.key = slice_first(text, key)};
            slice after = slice_from(text, key + 1);
            *rest = slice_from(after, pairs_value(after, &found));
            *pair = found;
            return true;
        }
        /* No pair: on to the next separator. */
        for (at = 0; at < text.len && !pairs_is(text.at[at], PAIRS_SPACE | PAIRS_COMMA);)
            at++;
        text = slice_from(text, at);
    }
    *rest = text;
    return false;
}

/* The value at the front of `text`, in quotes or up to `between`; gives how many bytes it takes,
 * with `between`. */
static size_t pairs_value_between(slice text, slice between, struct pair *pair)
{
    size_t at = 0;
    while (at < text.len && pairs_is(text.at[at], PAIRS_SPACE))
        at++;
    slice value = slice_from(text, at);
    if (pairs_is_quote(value)) {
        bool escaped = false;
        slice inside = slice_from(value, 1);
        size_t end = pairs_quote_end(inside, value.at[0], &escaped);
        slice after = slice_from(inside, end + 1);
        size_t gap = slice_find(after, between);
        if (end < inside.len && slice_trim(slice_first(after, gap)).len == 0) {
            pair->value = slice_first(inside, end);
            pair->quoted = true;
            pair->escaped = escaped;
            return size_min(at + end + 2 + gap + between.len, text.len);
        }
    }
    size_t end = slice_find(text, between);
    pair->value = slice_trim(slice_first(text, end));
    if (pairs_is_quote(pair->value) && end == text.len) /* of a record that was cut */
        pair->value = slice_from(pair->value, 1);
    return size_min(end + between.len, text.len);
}

bool pairs_next_between(slice *rest, slice assign, slice between, struct pair *pair)
{
    while (rest->len > 0) {
        size_t end = slice_find(*rest, between);
        size_t sign = slice_find(slice_first(*rest, end), assign);
        struct pair found = {.key = slice_trim(slice_first(*rest, sign))};
        if (sign == size_min(end, rest->len) || found.key.len == 0) {
            *rest = slice_from(*rest, size_min(end + between.len, rest->len));
            continue;
        }
        slice after = slice_from(*rest, sign + assign.len);
        *rest = slice_from(after, pairs_value_between(after, between, &found));
        *pair = found;
        return true;
    }
    return false;
}
