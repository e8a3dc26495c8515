/* The texts that an expression asks for: known ones, and of random expressions over random values
 * that whatever matches has one of them. */
#include "base/base.h"
#include "base/test.h"
#include "base/utf8.h"
#include "detect/regex.h"
#include "detect/regex_literal.h"

#define RANDOM_ROUNDS   60000
#define RANDOM_VALUES   12
#define RANDOM_TEXT_MAX 96

/* The texts joined by spaces; absent when nothing can be said. */
static slice required(struct arena *arena, slice text, unsigned options)
{
    const slice *literals;
    size_t count = 0;
    if (!regex_literal_required(text, options, arena, &literals, &count))
        return (slice){NULL, 0};
    char *out = arena_bytes(arena, count * (REGEX_LITERAL_LENGTH_MAX + 1));
    struct buf joined;
    buf_init_fixed(&joined, out, count * (REGEX_LITERAL_LENGTH_MAX + 1));
    for (size_t i = 0; i < count; i++) {
        assert_true(literals[i].len > 0 && literals[i].len <= REGEX_LITERAL_LENGTH_MAX);
        if (i > 0)
            buf_append_byte(&joined, ' ');
        buf_append(&joined, literals[i]);
    }
    return buf_slice(&joined);
}

struct known {
    slice text;
    slice required; /* empty: nothing */
};

static void check_known(const struct known *known, size_t count, unsigned options)
{
    struct arena arena = {0};
    for (size_t i = 0; i < count; i++) {
        slice found = required(&arena, known[i].text, options);
        if (!slice_equal(found, known[i].required))
            test_show("expression:", known[i].text);
        assert_slice(found, known[i].required);
    }
    arena_free(&arena);
}

static void finds_texts(void **state)
{
    static const struct known known[] = {
        {S_INIT("evil"), S_INIT("evil")},
        {S_INIT("Evil\\.EXE$"), S_INIT("evil.exe")},
        {S_INIT("^C:\\\\Windows\\\\__1\\d{9}"), S_INIT("c:\\windows\\__1")},
        {S_INIT("a.*longer.*b"), S_INIT("longer")},
        {S_INIT("(?:first|second) x"), S_INIT("first x second x")},
        {S_INIT("cmd.{0,5}(?:/c|/r).+clip(?:\\.exe)?.{0,4}&&.+board]::"), S_INIT("board]::")},
        {S_INIT("[Pp]rogram[Dd]ata"), S_INIT("programdata")},
        {S_INIT("net\\s+user\\s+"), S_INIT("user")},
        {S_INIT("\\$\\{?input"), S_INIT("${input $input")},
        {S_INIT("\\${?input"), S_INIT("${input $input")},
        {S_INIT("(ab)+c"), S_INIT("abc")},
        {S_INIT("(ab){3}"), S_INIT("ababab")},
        {S_INIT("a{2,}b"), S_INIT("aa")},
        {S_INIT("\\Qa.b*\\E*"), S_INIT("a.b")},
        {S_INIT("\\x41\\x{42}\\tc"), S_INIT("ab\tc")},
        {S_INIT("a(?=.*below)b"), S_INIT("below")},
        {S_INIT("a(?#comment|x)b"), S_INIT("ab")},
        {S_INIT("(?x) a b # c\n d"), S_INIT("abd")},
        {S_INIT("(?<name>abc)"), S_INIT("abc")},
        {S_INIT("(?'name'abc)"), S_INIT("abc")},
        {S_INIT("(?P<name>abc)(?P=name)"), S_INIT("abc")},
        {S_INIT("(?|ab|cd)"), S_INIT("ab cd")},
        {S_INIT("(?>ab)(?1)"), S_INIT("ab")},
        {S_INIT("\xC3\x84pfel"), S_INIT("\xC3\xA4pfel")},
        {S_INIT("a{1,2}{"), S_INIT("a{")},
        {S_INIT("[]a]x"), S_INIT("]x ax")},
        {S_INIT("[[:digit:]]ab"), S_INIT("ab")},
        {S_INIT("\\p{Lu}\\pLab"), S_INIT("ab")},
        {S_INIT("0123456789012345678901234567890123456789"),
            S_INIT("01234567890123456789012345678901")},
    };
    (void)state;
    check_known(known, sizeof(known) / sizeof(*known), 0);
}

static void folds_case(void **state)
{
    static const struct known known[] = {
        {S_INIT("EVIL"), S_INIT("evil")},
        {S_INIT("set"), S_INIT("set \xC5\xBF"
                               "et")},
        {S_INIT("[sk]x"), S_INIT("sx \xC5\xBFx kx")},
        {S_INIT("a\xC3\x84"
                "bc"),
            S_INIT("bc")},
        {S_INIT("(?-i)set"), S_INIT("set")},
        {S_INIT("(?-i:set)s"), S_INIT("sets set\xC5\xBF")},
        {S_INIT("(?^)set"), S_INIT("set")},
    };
    (void)state;
    check_known(known, sizeof(known) / sizeof(*known), REGEX_NOCASE);
}

static void says_nothing_where_nothing_is_sure(void **state)
{
    static const struct known known[] = {
        {S_INIT(""), S_INIT("")},
        {S_INIT("a*"), S_INIT("")},
        {S_INIT("a|"), S_INIT("")},
        {S_INIT("a|.b*"), S_INIT("")},
        {S_INIT("(abc)?"), S_INIT("")},
        {S_INIT("(abc){0}"), S_INIT("")},
        {S_INIT("(?=abc)?"), S_INIT("")},
        {S_INIT("(?!abc)"), S_INIT("")},
        {S_INIT("(?<!abc)"), S_INIT("")},
        {S_INIT("[a-z]"), S_INIT("")},
        {S_INIT("[^a]"), S_INIT("")},
        {S_INIT("\\d\\w\\b"), S_INIT("")},
        {S_INIT("ab(*ACCEPT)cd"), S_INIT("")},
        {S_INIT("(*COMMIT)cd"), S_INIT("")},
        {S_INIT("(?(1)ab|cd)"), S_INIT("")},
        {S_INIT("(ab)\\1"), S_INIT("")},
        {S_INIT("ab\\g{1}"), S_INIT("")},
        {S_INIT("a{,3}bc"), S_INIT("")},
        {S_INIT("ab\\"), S_INIT("")},
        {S_INIT("ab("), S_INIT("")},
        {S_INIT("ab)"), S_INIT("")},
        {S_INIT("[ab"), S_INIT("")},
    };
    struct arena arena = {0};
    struct buf deep;
    (void)state;
    check_known(known, sizeof(known) / sizeof(*known), 0);
    buf_init(&deep, (size_t)1 << 20);
    for (int i = 0; i < 10000; i++)
        buf_append(&deep, S("(a"));
    for (int i = 0; i < 10000; i++)
        buf_append_byte(&deep, ')');
    assert_true(slice_is_absent(required(&arena, buf_slice(&deep), 0)));
    buf_free(&deep);
    arena_free(&arena);
}

/* Which characters past ASCII are one of ASCII to an expression without case: those that
 * literal_forms knows, and no others. */
static void knows_all_of_ascii(void **state)
{
    size_t at = 0;
    struct regex *regex = regex_compile(S("[\\x00-\\x7F]"), REGEX_NOCASE, &at, NULL);
    struct regex_matcher *matcher = regex_matcher_new();
    (void)state;
    assert_non_null(regex);
    for (uint32_t character = 0x80; character <= 0x10FFFF; character++) {
        char bytes[4];
        if (character >= 0xD800 && character <= 0xDFFF)
            continue;
        slice value = slice_make(bytes, utf8_encode(character, bytes));
        if (regex_match(matcher, regex, value))
            assert_true(character == 0x17F || utf8_lower(character) == 'k');
    }
    regex_matcher_free(matcher);
    regex_free(regex);
}

/* Pieces of expressions, and of the values that they are tried on. */
static const slice pieces[] = {S_INIT("a"), S_INIT("b"), S_INIT("ab"), S_INIT("S"), S_INIT("s"),
    S_INIT("k"), S_INIT("\xC5\xBF"), S_INIT("\xE2\x84\xAA"), S_INIT("\xC3\xA9"), S_INIT("\xC3\x89"),
    S_INIT("x"), S_INIT("-"), S_INIT("]"), S_INIT("{"), S_INIT("}"), S_INIT(","), S_INIT("1"),
    S_INIT("2"), S_INIT(" "), S_INIT("#"), S_INIT("\n"), S_INIT(":"), S_INIT("\xFF"),
    S_INIT("\xC3")};
#define PIECES ((uint64_t)(sizeof(pieces) / sizeof(*pieces)))
static const slice operators[] = {S_INIT("|"), S_INIT("|"), S_INIT("("), S_INIT("("), S_INIT(")"),
    S_INIT(")"), S_INIT("(?:"), S_INIT("(?i)"), S_INIT("(?-i)"), S_INIT("(?i:"), S_INIT("(?x)"),
    S_INIT("(?^:"), S_INIT("(?="), S_INIT("(?!"), S_INIT("(?<="), S_INIT("(?<!"), S_INIT("(?>"),
    S_INIT("(?|"), S_INIT("(?<n>"), S_INIT("(?1)"), S_INIT("(?R)"), S_INIT("(?#"), S_INIT("*"),
    S_INIT("+"), S_INIT("?"), S_INIT("{2}"), S_INIT("{0,1}"), S_INIT("{1,}"), S_INIT("{0}"),
    S_INIT("[ab]"), S_INIT("[^a]"), S_INIT("["), S_INIT("[^"), S_INIT("[[:alpha:]]"),
    S_INIT("[a-k]"), S_INIT("."), S_INIT("^"), S_INIT("$"), S_INIT("\\"), S_INIT("\\w"),
    S_INIT("\\b"), S_INIT("\\Q"), S_INIT("\\E"), S_INIT("\\x61"), S_INIT("\\x{17f}"), S_INIT("\\1"),
    S_INIT("\\."), S_INIT("\\K"), S_INIT("\\R"), S_INIT("\\N"), S_INIT("(*ACCEPT)"),
    S_INIT("(?(1)a|b)"), S_INIT("\\pL"), S_INIT("\\p{Lu}"), S_INIT("++"), S_INIT("*?")};
#define OPERATORS ((uint64_t)(sizeof(operators) / sizeof(*operators)))

/* An expression with its groups closed, most of the time. */
static slice random_expression(uint64_t *random, char memory[RANDOM_TEXT_MAX])
{
    struct buf text;
    uint64_t count = 1 + test_random(random) % 9;
    unsigned open = 0;
    buf_init_fixed(&text, memory, RANDOM_TEXT_MAX);
    for (uint64_t i = 0; i < count; i++) {
        slice next = test_random(random) % 2 == 0 ? operators[test_random(random) % OPERATORS]
                                                  : pieces[test_random(random) % (PIECES - 2)];
        buf_append(&text, next);
        open += slice_starts(next, S("(")) && !slice_ends(next, S(")"));
        open -= open > 0 && slice_equal(next, S(")"));
    }
    for (; open > 0 && test_random(random) % 16 > 0; open--)
        buf_append_byte(&text, ')');
    return buf_slice(&text);
}

/* Characters of the expression, in its order, with some left out and others between. */
static slice random_value(uint64_t *random, slice text, char memory[RANDOM_TEXT_MAX])
{
    struct buf value;
    uint64_t kept = 1 + test_random(random) % 8;
    buf_init_fixed(&value, memory, RANDOM_TEXT_MAX);
    for (slice rest = text; rest.len > 0;) {
        uint32_t character;
        size_t len = utf8_decode(rest, &character);
        if (test_random(random) % 8 < kept)
            buf_append(&value, slice_first(rest, len));
        if (test_random(random) % 8 == 0)
            buf_append(&value, pieces[test_random(random) % PIECES]);
        rest = slice_from(rest, len);
    }
    return buf_slice(&value);
}

static bool has_one(struct arena *arena, slice value, const slice *literals, size_t count)
{
    slice lower = utf8_lower_copy(arena, value);
    for (size_t i = 0; i < count; i++)
        if (slice_contains(lower, literals[i]))
            return true;
    return false;
}

static void whatever_matches_has_one(void **state)
{
    struct regex_matcher *matcher = regex_matcher_new();
    struct arena arena = {0};
    uint64_t random = 1;
    uint64_t said = 0;
    uint64_t matched = 0;
    (void)state;
    for (int round = 0; round < RANDOM_ROUNDS; round++) {
        char memory[RANDOM_TEXT_MAX];
        char value_memory[RANDOM_TEXT_MAX];
        const slice *literals;
        size_t count;
        size_t at;
        slice text = random_expression(&random, memory);
        unsigned options = (unsigned)(test_random(&random) % 32);
        struct regex *regex = regex_compile(text, options, &at, NULL);
        arena_reset(&arena);
        if (!regex_literal_required(text, options, &arena, &literals, &count))
            count = 0;
        said += count > 0 && regex != NULL;
        for (int i = 0; regex != NULL && count > 0 && i < RANDOM_VALUES; i++) {
            slice value = random_value(&random, text, value_memory);
            if (!regex_match(matcher, regex, value))
                continue;
            matched++;
            if (!has_one(&arena, value, literals, count)) {
                test_show("expression:", text);
                test_show("value:     ", value);
                fail();
            }
        }
        regex_free(regex);
    }
    assert_true(said > RANDOM_ROUNDS / 10 && matched > RANDOM_ROUNDS / 10);
    arena_free(&arena);
    regex_matcher_free(matcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_texts),
        cmocka_unit_test(folds_case),
        cmocka_unit_test(says_nothing_where_nothing_is_sure),
        cmocka_unit_test(knows_all_of_ascii),
        cmocka_unit_test(whatever_matches_has_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
