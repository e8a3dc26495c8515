/* Regular expressions of rules: PCRE2, compiled to machine code in advance, with limits on the
 * steps and the memory of a match. */
#ifndef DETECT_REGEX_H
#define DETECT_REGEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

#define REGEX_NOCASE     1u  /* modifier i */
#define REGEX_MULTILINE  2u  /* modifier m */
#define REGEX_DOTALL     4u  /* modifier s */
#define REGEX_FROM_START 8u  /* modifier startswith */
#define REGEX_TO_END     16u /* modifier endswith */
/* No machine code is made: for comparing. */
#define REGEX_INTERPRETED 32u

struct regex;

/* NULL when the text is no regular expression: *at is the place of the mistake, `words` (may be
 * NULL) the library's explanation. In the parent only, like regex_free. */
struct regex *regex_compile(slice text, unsigned options, size_t *at, struct buf *words);
/* NULL is fine. */
void regex_free(struct regex *regex);
/* Whether it runs as machine code; else it is interpreted. */
bool regex_is_machine_code(const struct regex *regex);

/* Working memory of one process. */
struct regex_matcher;
struct regex_matcher *regex_matcher_new(void);
/* NULL is fine. */
void regex_matcher_free(struct regex_matcher *matcher);
/* Whether the expression matches somewhere in the value (a malformed byte is U+FFFD). False at a
 * limit (RULE_REGEX_…), which is counted: machine code and interpreter count steps differently. */
bool regex_match(struct regex_matcher *matcher, const struct regex *regex, slice value);
uint64_t regex_matcher_limited(const struct regex_matcher *matcher);

#endif
