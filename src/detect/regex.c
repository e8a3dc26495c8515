/* See regex.h: PCRE2, with its compiler to machine code (JIT) where the system lets it.
 *
 * A sandbox that allows no writable executable memory, and a compiler that needs it, go together
 * because all expressions are compiled by regex_compile in the parent, from rules alone, before it
 * forks the processes that read evidence:
 * - In the parent PCRE2's allocator maps pages that can be read, written and executed, private and
 *   anonymous, and writes the code there. The parent never matches an expression on evidence.
 * - A child inherits the pages. Entering the sandbox takes the right to write from every page that
 *   can be executed (sandbox_enter), before the first byte of evidence is read; after that no page
 *   can be both, and none can become executable any more (seccomp). Calling the code needs neither.
 *   A child must not compile or free an expression: the allocator keeps its lists in those pages.
 * - Match data, the stack of the machine code and the interpreter's heap are plain memory; they are
 *   allocated by regex_matcher_new, in the child, and while matching.
 * - Where the parent may not map such pages (SELinux without execmem, systemd's
 *   MemoryDenyWriteExecute, a processor that the compiler does not know) there is no machine code,
 *   and pcre2_match interprets the same expression: the same answers, slower.
 * - Programs that are kept on disk keep expressions as text. Neither machine code nor PCRE2's own
 *   form is stored or loaded: code from a file would have to be trusted, and each version of PCRE2
 *   has another form. Compiling again takes about 15 microseconds an expression.
 *
 * Malformed bytes of a value are replaced by U+FFFD before it is asked. PCRE2 could be told to
 * expect them (PCRE2_MATCH_INVALID_UTF), but they would then end every match, so that one byte
 * hides an attack, and in machine code of version 10.42 \S, \W and \D do not match a character
 * beyond ASCII.
 *
 * Rejected: compiling in the sandbox when an expression is first asked for, which would leave a
 * broken-in decoder the means to make code; and interpreting only, which takes several times as
 * long. */
#include "detect/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "detect/limits.h"

#define REGEX_JIT_STACK_FIRST ((size_t)32 << 10)
#define REGEX_JIT_STACK_MAX   ((size_t)1 << 20)
#define REGEX_WORDS_MAX       256

struct regex {
    pcre2_code *code;
};

struct regex_matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    struct arena scratch;
    uint64_t limited;
};

static uint32_t regex_pcre2_options(unsigned options)
{
    uint32_t pcre2 = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
    if ((options & REGEX_NOCASE) != 0)
        pcre2 |= PCRE2_CASELESS;
    if ((options & REGEX_MULTILINE) != 0)
        pcre2 |= PCRE2_MULTILINE;
    if ((options & REGEX_DOTALL) != 0)
        pcre2 |= PCRE2_DOTALL;
    if ((options & REGEX_FROM_START) != 0)
        pcre2 |= PCRE2_ANCHORED;
    if ((options & REGEX_TO_END) != 0)
        pcre2 |= PCRE2_ENDANCHORED;
    return pcre2;
}

struct regex *regex_compile(slice text, unsigned options, size_t *at, struct buf *words)
{
    int number = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile(
        (PCRE2_SPTR)text.at, text.len, regex_pcre2_options(options), &number, &offset, NULL);
    if (code == NULL) {
        PCRE2_UCHAR message[REGEX_WORDS_MAX];
        int len = pcre2_get_error_message(number, message, sizeof(message));
        if (words != NULL && len > 0)
            buf_append(words, slice_make(message, (size_t)len));
        *at = offset;
        return NULL;
    }
    if ((options & REGEX_INTERPRETED) == 0)
        (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    struct regex *regex = malloc(sizeof(*regex));
    ASSERT(regex != NULL);
    regex->code = code;
    return regex;
}

void regex_free(struct regex *regex)
{
    if (regex == NULL)
        return;
    pcre2_code_free(regex->code);
    free(regex);
}

bool regex_is_machine_code(const struct regex *regex)
{
    size_t size = 0;
    return pcre2_pattern_info(regex->code, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

struct regex_matcher *regex_matcher_new(void)
{
    struct regex_matcher *matcher = calloc(1, sizeof(*matcher));
    ASSERT(matcher != NULL);
    matcher->data = pcre2_match_data_create(1, NULL);
    matcher->context = pcre2_match_context_create(NULL);
    matcher->stack = pcre2_jit_stack_create(REGEX_JIT_STACK_FIRST, REGEX_JIT_STACK_MAX, NULL);
    ASSERT(matcher->data != NULL && matcher->context != NULL);
    pcre2_set_match_limit(matcher->context, RULE_REGEX_MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, RULE_REGEX_DEPTH_LIMIT);
    pcre2_set_heap_limit(matcher->context, RULE_REGEX_HEAP_KIB);
    if (matcher->stack != NULL)
        pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return matcher;
}

void regex_matcher_free(struct regex_matcher *matcher)
{
    if (matcher == NULL)
        return;
    pcre2_jit_stack_free(matcher->stack);
    pcre2_match_context_free(matcher->context);
    pcre2_match_data_free(matcher->data);
    arena_free(&matcher->scratch);
    free(matcher);
}

bool regex_match(struct regex_matcher *matcher, const struct regex *regex, slice value)
{
    slice valid = utf8_valid_copy(&matcher->scratch, value);
    int found = pcre2_match(regex->code, (PCRE2_SPTR)(valid.at == NULL ? "" : valid.at), valid.len,
        0, PCRE2_NO_UTF_CHECK, matcher->data, matcher->context);
    if (valid.at != value.at)
        arena_reset(&matcher->scratch);
    if (found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT ||
        found == PCRE2_ERROR_HEAPLIMIT || found == PCRE2_ERROR_JIT_STACKLIMIT)
        matcher->limited++;
    return found >= 0;
}

uint64_t regex_matcher_limited(const struct regex_matcher *matcher)
{
    return matcher->limited;
}
