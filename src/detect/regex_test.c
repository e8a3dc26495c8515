/* Expressions that would never end do end, and are counted; values are any bytes. */
#include "base/base.h"
#include "base/test.h"
#include "detect/regex.h"

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
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct regex *regex = regex_compile(texts[i], 0, &at, NULL);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_catastrophes),
        cmocka_unit_test(takes_any_bytes),
        cmocka_unit_test(says_where_the_mistake_is),
        cmocka_unit_test(obeys_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
