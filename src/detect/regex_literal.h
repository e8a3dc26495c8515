/* What a regular expression asks of a value before it can match: texts of which one must be there.
 * An engine that has looked for them knows which expressions need not be tried. */
#ifndef DETECT_REGEX_LITERAL_H
#define DETECT_REGEX_LITERAL_H

#include "base/arena.h"
#include "base/slice.h"

#define REGEX_LITERALS_MAX       64
#define REGEX_LITERAL_LENGTH_MAX 32

/* True: at least one of the *count (1..REGEX_LITERALS_MAX) texts, none of them empty or longer than
 * REGEX_LITERAL_LENGTH_MAX bytes, occurs in utf8_lower_copy(value) of every value, malformed UTF-8
 * included, for which regex_match is true with the expression `text` compiled with `options`
 * (regex.h). False: nothing can be said, and nothing is written; of an expression that is none
 * (regex_compile refuses it) anything may be said.
 *
 * The texts are in lower case and valid UTF-8, each given once; those that values rarely have
 * (rarity.h) are preferred where the expression leaves a choice, but one may be as short as a byte.
 * Caseless parts of the expression give ASCII and U+017F (LATIN SMALL LETTER LONG S, which is an
 * `s` to PCRE2 but lower case already); cased ones any characters. They live in `arena`. */
bool regex_literal_required(
    slice text, unsigned options, struct arena *arena, const slice **literals, size_t *count);

#endif
