/* Patterns against a slow and plain matcher of wildcards, on random small texts; what the parts of
 * a pattern become. */
#include "base/arena.h"
#include "base/test.h"
#include "base/utf8.h"
#include "detect/pattern.h"

static struct arena arena;

/* Tries everything. */
static bool slow_match(const struct pattern *pattern, size_t token, slice value)
{
    uint32_t character;
    if (token == pattern->count)
        return value.len == 0;
    const struct pattern_token *at = &pattern->tokens[token];
    if (at->type == PATTERN_TEXT)
        return slice_starts(value, at->text) &&
               slow_match(pattern, token + 1, slice_from(value, at->text.len));
    if (at->type == PATTERN_ONE)
        return value.len > 0 &&
               slow_match(pattern, token + 1, slice_from(value, utf8_decode(value, &character)));
    if (slow_match(pattern, token + 1, value))
        return true;
    return value.len > 0 &&
           slow_match(pattern, token, slice_from(value, utf8_decode(value, &character)));
}

/* Letters, wildcards and a character of two bytes. */
static slice random_text(uint64_t *seed, bool wildcards)
{
    static const char *const pieces[] = {"a", "b", "a", "ab", "\xC3\xA9", "*", "?", "*"};
    struct buf out;
    size_t count = test_random(seed) % 7;
    buf_init_fixed(&out, arena_bytes(&arena, 32), 32);
    for (size_t i = 0; i < count; i++)
        buf_append_cstr(&out, pieces[test_random(seed) % (wildcards ? 8 : 5)]);
    return buf_slice(&out);
}

static void matches_as_the_slow_one(void **state)
{
    uint64_t seed = 1;
    unsigned matched = 0;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct pattern pattern = pattern_parse(&arena, random_text(&seed, true));
        slice value = random_text(&seed, false);
        pattern_finish(&arena, &pattern, false);
        bool fast = pattern_match(&pattern, value);
        if (fast != slow_match(&pattern, 0, value))
            fail_msg("%.*s: %d", (int)value.len, value.at, fast);
        matched += fast;
        arena_reset(&arena);
    }
    assert_true(matched > 1000);
}

static void recognises_the_cheap_forms(void **state)
{
    static const struct {
        const char *text;
        enum pattern_form form;
    } forms[] = {{"", PATTERN_EQUAL}, {"a", PATTERN_EQUAL}, {"*", PATTERN_ANYTHING},
        {"***", PATTERN_ANYTHING}, {"a*", PATTERN_STARTS}, {"*a", PATTERN_ENDS},
        {"**a**", PATTERN_CONTAINS}, {"a*b", PATTERN_GLOB}, {"a\\*", PATTERN_EQUAL},
        {"a?", PATTERN_GLOB}};
    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        struct pattern pattern = pattern_parse(&arena, slice_from_cstr(forms[i].text));
        pattern_finish(&arena, &pattern, false);
        assert_int_equal(pattern.form, forms[i].form);
    }
}

static void tells_patterns_apart(void **state)
{
    static const char *const texts[] = {"a*b", "a\\*b", "a?b", "a*", "ab", "a*b*", "", "*"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++) {
            struct buf left, right;
            buf_init(&left, 256);
            buf_init(&right, 256);
            struct pattern one = pattern_parse(&arena, slice_from_cstr(texts[i]));
            struct pattern two = pattern_parse(&arena, slice_from_cstr(texts[k]));
            pattern_finish(&arena, &one, false);
            pattern_finish(&arena, &two, false);
            pattern_key(&one, &left);
            pattern_key(&two, &right);
            assert_int_equal(slice_equal(buf_slice(&left), buf_slice(&right)), i == k);
            buf_free(&left);
            buf_free(&right);
        }
}

static void finds_placeholders(void **state)
{
    (void)state;
    struct pattern parsed = pattern_parse(&arena, S("\\%plain%name%*%DC-1.x%%%a b%"));
    struct pattern pattern = pattern_expand(&arena, &parsed);
    assert_int_equal(pattern.count, 5);
    assert_slice(pattern.tokens[0].text, S("%plain"));
    assert_int_equal(pattern.tokens[1].type, PATTERN_PLACEHOLDER);
    assert_slice(pattern.tokens[1].text, S("name"));
    assert_int_equal(pattern.tokens[2].type, PATTERN_MANY);
    assert_slice(pattern.tokens[3].text, S("DC-1.x"));
    assert_slice(pattern.tokens[4].text, S("%%a b%"));
}

/* A pattern cannot be made slow: each * is looked for once. */
static void stays_linear(void **state)
{
    const size_t len = 200000;
    char *text = arena_bytes(&arena, len);
    (void)state;
    for (size_t i = 0; i < len; i++)
        text[i] = 'a';
    struct pattern pattern = pattern_parse(&arena, S("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"));
    pattern_finish(&arena, &pattern, false);
    for (int i = 0; i < 50; i++)
        assert_false(pattern_match(&pattern, slice_make(text, len)));
}

static int free_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_the_slow_one),
        cmocka_unit_test(recognises_the_cheap_forms),
        cmocka_unit_test(tells_patterns_apart),
        cmocka_unit_test(finds_placeholders),
        cmocka_unit_test(stays_linear),
    };
    return cmocka_run_group_tests(tests, NULL, free_arena);
}
