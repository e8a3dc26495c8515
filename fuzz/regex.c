/* Regular expressions: a byte of options, the expression, NUL, the value. Machine code and
 * interpreter answer alike unless one came to a limit, the limits hold, and a value that matches
 * has one of the texts that the expression is said to ask for. PCRE2's two differ, and are not
 * compared, where a group calls itself. */
#include "detect/regex.h"
#include "base/base.h"
#include "base/utf8.h"
#include "detect/limits.h"
#include "detect/regex_literal.h"
#include "fuzz.h"

struct answer {
    bool matched, limited;
};

static struct answer fuzz_ask(const struct regex *regex, slice value)
{
    struct regex_matcher *matcher = regex_matcher_new();
    struct answer answer = {.matched = regex_match(matcher, regex, value)};
    answer.limited = regex_matcher_limited(matcher) > 0;
    ASSERT(!answer.matched || !answer.limited);
    regex_matcher_free(matcher);
    return answer;
}

static bool fuzz_asked_for(slice text, unsigned options, slice value)
{
    struct arena arena = {0};
    const slice *literals;
    size_t count;
    bool found = !regex_literal_required(text, options, &arena, &literals, &count);
    slice lower = utf8_lower_copy(&arena, value);
    if (!found)
        ASSERT(count > 0 && count <= REGEX_LITERALS_MAX);
    for (size_t i = 0; !found && i < count; i++) {
        ASSERT(literals[i].len > 0 && literals[i].len <= REGEX_LITERAL_LENGTH_MAX);
        found = slice_contains(lower, literals[i]);
    }
    arena_free(&arena);
    return found;
}

/* Whether a group may be called: (?R) (?1) (?+1) (?-1) (?&name) (?P>name) \g<name>. */
static bool fuzz_calls_groups(slice text)
{
    for (slice rest = text; rest.len > 0; rest = slice_from(rest, 1))
        if (slice_starts(rest, S("\\g")) || slice_starts(rest, S("(?P>")) ||
            (slice_starts(rest, S("(?")) && rest.len > 2 &&
                (byte_is_digit(rest.at[2]) || byte_is_among(rest.at[2], S("R&+-")))))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    slice text;
    slice value;
    size_t at = 0;
    if (size == 0 || size > RULE_REGEX_MAX)
        return 0;
    unsigned options = data[0] & 31U;
    (void)slice_cut(slice_make(data + 1, size - 1), '\0', &text, &value);
    struct regex *machine = regex_compile(text, options, &at, NULL);
    ASSERT(machine != NULL || at <= text.len);
    struct regex *interpreted = regex_compile(text, options | REGEX_INTERPRETED, &at, NULL);
    ASSERT((machine == NULL) == (interpreted == NULL));
    if (machine != NULL) {
        struct answer fast = fuzz_ask(machine, value);
        struct answer slow = fuzz_ask(interpreted, value);
        if (!fast.limited && !slow.limited && !fuzz_calls_groups(text))
            ASSERT(fast.matched == slow.matched);
        ASSERT(!(fast.matched || slow.matched) || fuzz_asked_for(text, options, value));
    }
    regex_free(machine);
    regex_free(interpreted);
    return 0;
}
