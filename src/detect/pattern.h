/* Sigma strings: text with the wildcards * and ? (sigma-rules-specification, "String Wildcard" and
 * "Escaping"), and what modifiers make of them. A pattern is built as a list of tokens, changed by
 * modifiers, then finished once for matching. */
#ifndef DETECT_PATTERN_H
#define DETECT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

enum pattern_token_type {
    PATTERN_TEXT,
    PATTERN_MANY,        /* * : any number of characters */
    PATTERN_ONE,         /* ? : one character */
    PATTERN_DASH,        /* windash: one of - / – — ― */
    PATTERN_PLACEHOLDER, /* expand: `text` is its name */
};

struct pattern_token {
    enum pattern_token_type type;
    slice text;
};

/* What a finished pattern asks; the cheap forms are recognised. */
enum pattern_form {
    PATTERN_ANYTHING, /* only * */
    PATTERN_EQUAL,
    PATTERN_STARTS,
    PATTERN_ENDS,
    PATTERN_CONTAINS,
    PATTERN_GLOB,
};

struct pattern {
    struct pattern_token *tokens;
    size_t count;
    size_t capacity;
    enum pattern_form form;
    slice text; /* of all forms but the last */
    bool cased; /* compare with the value as it is; else with its lower-case form */
};

/* Parses wildcards and escapes. */
struct pattern pattern_parse(struct arena *arena, slice text);
/* Text without any special character. */
struct pattern pattern_literal(struct arena *arena, slice text);
void pattern_add(
    struct arena *arena, struct pattern *pattern, enum pattern_token_type type, slice text);
/* Adds all tokens of another pattern. */
void pattern_add_all(struct arena *arena, struct pattern *pattern, const struct pattern *more);

bool pattern_is_literal(const struct pattern *pattern);
/* The text of a literal pattern. */
slice pattern_text(struct arena *arena, const struct pattern *pattern);

/* Turns %name% into placeholders, and \% into a percent sign. */
struct pattern pattern_expand(struct arena *arena, const struct pattern *pattern);
/* Turns - / – — ― where a parameter may begin (no word character before, one after) into
 * PATTERN_DASH. */
struct pattern pattern_windash(struct arena *arena, const struct pattern *pattern);
/* Puts * in front and behind, unless one is there. */
struct pattern pattern_surround(
    struct arena *arena, const struct pattern *pattern, bool front, bool behind);

/* Joins and lower-cases the texts and recognises the form. Call once, last. */
void pattern_finish(struct arena *arena, struct pattern *pattern, bool cased);
/* Copies a finished pattern into the arena, but for *to, which is zeroed. Copied member by member,
 * so that what is between them stays zero. */
void pattern_copy(struct arena *arena, const struct pattern *pattern, struct pattern *to);
/* Whether the whole value matches; `value` must be lower-case unless the pattern is cased. */
bool pattern_match(const struct pattern *pattern, slice value);
/* Appends a text that is the same for equal patterns only. */
void pattern_key(const struct pattern *pattern, struct buf *key);

#endif
