/* Expressions that would never end do end, and are counted; values are any bytes; machine code runs
 * in the sandbox, and answers as the interpreter does. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "base/test.h"
#include "detect/regex.h"
#include "proc/sandbox.h"

static bool matches(slice text, unsigned options, slice value)
{
    size_t at = 0;
    struct regex *regex = regex_compile(text, options, &at, NULL);
    struct regex_matcher *matcher = regex_matcher_new();
    assert_non_null(regex);
    bool matched = regex_match(matcher, regex, value);
    assert_int_equal(regex_matcher_limited(matcher), 0);
    regex_matcher_free(matcher);
    regex_free(regex);
    return matched;
}

static void ends_catastrophes(void **state)
{
    static const slice texts[] = {S_INIT("(a+)+$"), S_INIT("(a|aa)+$"), S_INIT("^(a?){40}a{40}$"),
        S_INIT("(.*)*x\\1"), S_INIT("(?:a*)*b")};
    static const slice value =
        S_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    struct regex_matcher *matcher = regex_matcher_new();
    size_t at = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts) * 2; i++) {
        unsigned options = i % 2 == 0 ? 0 : REGEX_INTERPRETED;
        struct regex *regex = regex_compile(texts[i / 2], options, &at, NULL);
        assert_non_null(regex);
        assert_false(regex_match(matcher, regex, value));
        regex_free(regex);
    }
    assert_true(regex_matcher_limited(matcher) > 0);
    regex_matcher_free(matcher);
}

static void takes_any_bytes(void **state)
{
    (void)state;
    assert_true(matches(S("evil"), 0, S("\xFF\xC3 evil \xE2\x82")));
    assert_true(matches(S("^\\x{e9}.$"), 0, S("\xC3\xA9\xF0\x9F\x98\x80")));
    assert_true(matches(S("a.b"), REGEX_DOTALL, slice_make("a\0b", 3)));
    assert_false(matches(S("x"), 0, (slice){NULL, 0}));
    assert_true(matches(S("^$"), 0, (slice){NULL, 0}));
}

static void says_where_the_mistake_is(void **state)
{
    char memory[256];
    struct buf words;
    size_t at = 0;
    (void)state;
    buf_init_fixed(&words, memory, sizeof(memory));
    assert_null(regex_compile(S("ab(c"), 0, &at, &words));
    assert_int_equal(at, 4);
    assert_true(words.len > 0);
    assert_null(regex_compile(S("a\xFF"), 0, &at, NULL));
    regex_free(NULL);
    regex_matcher_free(NULL);
}

static void obeys_options(void **state)
{
    (void)state;
    assert_true(matches(S("B"), REGEX_NOCASE, S("abc")));
    assert_true(matches(S("^b$"), REGEX_MULTILINE, S("a\nb\nc")));
    assert_false(matches(S("b"), REGEX_FROM_START, S("ab")));
    assert_true(matches(S("a|ab"), REGEX_TO_END, S("xab")));
    assert_false(matches(S("a"), REGEX_TO_END, S("ab")));
}

static const slice expressions[] = {S_INIT("evil"), S_INIT("^C:\\\\Users\\\\[^\\\\]+\\\\.{3,}$"),
    S_INIT("(?i)\\$\\{?env:\\w+\\}?"), S_INIT("(a|b)*c\\1"), S_INIT("(?<=x)y(?!z)"),
    S_INIT("\\d{2,4}$"), S_INIT("(?:k|\xC3\xA9)+"), S_INIT("\\p{Lu}\\p{Ll}"),
    S_INIT("^\\W\\S \\D")};
#define EXPRESSIONS (sizeof(expressions) / sizeof(*expressions))

static const slice tried[] = {S_INIT("evil"), S_INIT("C:\\Users\\me\\abc"), S_INIT("${ENV:path}"),
    S_INIT("abca"), S_INIT("abcb"), S_INIT("xy"), S_INIT("xyz"), S_INIT("year 2026"),
    S_INIT("\xE2\x84\xAA\xC3\x89"), S_INIT("\xC3\x89\xC3\xA9 \xFF"), S_INIT("")};
#define TRIED (sizeof(tried) / sizeof(*tried))

/* Every expression on every value, both ways. */
static bool both_ways_agree(
    struct regex *const machine[EXPRESSIONS][2], struct regex *const interpreted[EXPRESSIONS][2])
{
    struct regex_matcher *matcher = regex_matcher_new();
    bool agree = true;
    for (size_t i = 0; i < EXPRESSIONS; i++)
        for (size_t k = 0; k < TRIED * 2; k++)
            agree = agree && regex_match(matcher, machine[i][k % 2], tried[k / 2]) ==
                                 regex_match(matcher, interpreted[i][k % 2], tried[k / 2]);
    agree = agree && regex_matcher_limited(matcher) == 0;
    regex_matcher_free(matcher);
    return agree;
}

static void runs_machine_code_in_the_sandbox(void **state)
{
    struct regex *machine[EXPRESSIONS][2];
    struct regex *interpreted[EXPRESSIONS][2];
    size_t compiled = 0;
    size_t at = 0;
    int status;
    (void)state;
    for (size_t i = 0; i < EXPRESSIONS * 2; i++) {
        unsigned options = i % 2 == 0 ? 0 : REGEX_NOCASE;
        machine[i / 2][i % 2] = regex_compile(expressions[i / 2], options, &at, NULL);
        interpreted[i / 2][i % 2] =
            regex_compile(expressions[i / 2], options | REGEX_INTERPRETED, &at, NULL);
        assert_false(regex_is_machine_code(interpreted[i / 2][i % 2]));
        compiled += regex_is_machine_code(machine[i / 2][i % 2]);
    }
    assert_true(compiled == 0 || compiled == EXPRESSIONS * 2);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct sandbox_state made;
        struct error err;
        if (sandbox_enter(SANDBOX_DETECT, &made, &err) != RESULT_OK || !made.sealed)
            _exit(2);
        _exit(both_ways_agree(machine, interpreted) ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(both_ways_agree(machine, interpreted));
    for (size_t i = 0; i < EXPRESSIONS * 2; i++) {
        regex_free(machine[i / 2][i % 2]);
        regex_free(interpreted[i / 2][i % 2]);
    }
    if (compiled == 0)
        skip(); /* this system allows no machine code */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_catastrophes),
        cmocka_unit_test(takes_any_bytes),
        cmocka_unit_test(says_where_the_mistake_is),
        cmocka_unit_test(obeys_options),
        cmocka_unit_test(runs_machine_code_in_the_sandbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
