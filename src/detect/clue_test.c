/* Clues lose nothing: random rules over random events match the same by clues as when each rule is
 * asked. Rules and events are made of the same few pieces, so that they meet often. */
#include "detect/detect_test.h"
#include "detect/program.h"

static const char *const pieces[] = {"abcd", "ABCD", "bcda", "power", "Shell", ".exe", "\\", "é",
    "É", "K", "ſ", "a", "-enc ", "/enc ", "${", "''", "|", "4688", "7", "*", "?", "\\*", "xyzw"};
static const char *const modifiers[] = {"", "", "|contains", "|contains", "|startswith",
    "|endswith", "|contains|all", "|all|endswith", "|cased", "|contains|cased", "|contains|windash",
    "|re", "|neq", "|exists", "|gt", "|fieldref", "|base64offset|contains",
    "|wide|base64offset|contains", "|cidr"};
static const char *const conditions[] = {"a", "not a", "a and b", "a or b", "a and not b",
    "1 of them", "all of them", "2 of (a, b, c)", "not (a or b) and c", "a or (b and c)",
    "not (not a)"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PICK(array)  (array)[chance(COUNT(array))]

static uint64_t seed;

static size_t chance(size_t of)
{
    return test_random(&seed) % of;
}

static const char mapping[] = "log_sources:\n"
                              "  - product: one\n"
                              "    places:\n"
                              "      - where: {ch: one, f1: [4688, 7]}\n"
                              "      - where: {ch: other}\n"
                              "        fields: {f0: f2, f3: f1}\n"
                              "  - category: two\n"
                              "    places:\n"
                              "      - where: {ch|contains: tw}\n";

/* In single quotes of YAML, and in double quotes of JSON. */
static void add_text(struct buf *out, bool json)
{
    for (size_t i = chance(4) + 1; i > 0; i--) {
        slice piece = slice_from_cstr(PICK(pieces));
        for (size_t k = 0; k < piece.len; k++) {
            if (json && piece.at[k] == '\\')
                buf_append_byte(out, '\\');
            buf_append_byte(out, piece.at[k]);
        }
    }
}

static void add_value(struct buf *out, slice modifier)
{
    if (slice_contains(modifier, S("exists"))) {
        buf_append(out, chance(2) == 0 ? S("true") : S("false"));
    } else if (slice_contains(modifier, S("gt"))) {
        buf_append(out, S("100"));
    } else if (slice_contains(modifier, S("fieldref"))) {
        buf_append(out, S("f2"));
    } else if (slice_contains(modifier, S("cidr"))) {
        buf_append(out, S("10.0.0.0/8"));
    } else if (slice_contains(modifier, S("re"))) {
        buf_append(out, chance(2) == 0 ? S("'(?i)abc(d|e)+'") : S("'^.*(power|[$]{)'"));
    } else if (slice_contains(modifier, S("base64"))) {
        buf_append(out, S("'abcdabcd'"));
    } else if (modifier.len == 0 && chance(6) == 0) {
        buf_append(out, chance(2) == 0 ? S("null") : S("4688"));
    } else {
        buf_append_byte(out, '\'');
        add_text(out, false);
        buf_append_byte(out, '\'');
    }
}

static void add_selection(struct buf *out, const char *name)
{
    buf_append(out, S("    "));
    buf_append(out, slice_from_cstr(name));
    buf_append(out, S(":\n"));
    if (chance(6) == 0) {
        buf_append(out, S("      - '"));
        add_text(out, false);
        buf_append(out, S("'\n"));
        return;
    }
    size_t first = chance(4);
    for (size_t i = chance(2) + 1; i > 0; i--) {
        slice modifier = slice_from_cstr(PICK(modifiers));
        buf_append(out, S("      f"));
        buf_append_u64(out, (first + i) % 4);
        buf_append(out, modifier);
        buf_append(out, S(": ["));
        add_value(out, modifier);
        for (size_t k = slice_contains(modifier, S("exists")) ? 0 : chance(3); k > 0; k--) {
            buf_append(out, S(", "));
            add_value(out, modifier);
        }
        buf_append(out, S("]\n"));
    }
}

static void add_rule(struct buf *out, unsigned number)
{
    static const char *const sources[] = {
        "product: one", "category: two", "service: three", "product: one\n    category: two"};
    buf_append(out, S("title: r"));
    buf_append_u64(out, number);
    buf_append(out, S("\nlogsource:\n    "));
    buf_append(out, slice_from_cstr(PICK(sources)));
    buf_append(out, S("\ndetection:\n"));
    add_selection(out, "a");
    add_selection(out, "b");
    add_selection(out, "c");
    buf_append(out, S("    condition: "));
    buf_append(out, slice_from_cstr(PICK(conditions)));
    buf_append(out, S("\n---\n"));
}

static void add_event(struct buf *out)
{
    static const char *const channels[] = {"one", "other", "TWO", "three"};
    static const char *const numbers[] = {
        "4688", "4688.0", "7", "7e0", "null", "true", "\"10.1.2.3\""};
    buf_append(out, S("{\"ch\":\""));
    buf_append(out, slice_from_cstr(PICK(channels)));
    buf_append_byte(out, '"');
    for (unsigned i = 0; i < 4; i++) {
        if (chance(5) == 0)
            continue;
        buf_append(out, S(",\"f"));
        buf_append_u64(out, i);
        buf_append(out, S("\":"));
        if (chance(4) == 0) {
            buf_append(out, slice_from_cstr(PICK(numbers)));
        } else {
            buf_append_byte(out, '"');
            add_text(out, true);
            buf_append_byte(out, '"');
        }
    }
    buf_append_byte(out, '}');
}

static size_t compare(struct buf *rules, struct buf *text, bool mapped)
{
    struct detect_test test;
    struct error err;
    size_t hits = 0;
    detect_test_begin(&test);
    rule_set_add(test.set, S("random.yml"), buf_slice(rules), false);
    if (mapped)
        assert_int_equal(
            rule_set_log_sources(test.set, S("map"), slice_from_cstr(mapping), &err), RESULT_OK);
    detect_test_compile(&test);
    for (int i = 0; i < 100; i++) {
        struct event event;
        size_t count;
        buf_clear(text);
        add_event(text);
        arena_reset(&test.arena);
        detect_test_event(&test, buf_slice(text), &event);
        (void)detect_test_hits(&test, &event, &count);
        hits += count;
    }
    detect_test_end(&test);
    return hits;
}

static void random_rules_match_the_same(void **state)
{
    (void)state;
    struct buf rules, text;
    size_t hits = 0;
    buf_init(&rules, (size_t)1 << 20);
    buf_init(&text, (size_t)1 << 16);
    for (uint64_t round = 0; round < 200; round++) {
        seed = round;
        buf_clear(&rules);
        for (unsigned i = 0; i < 20; i++)
            add_rule(&rules, i);
        hits += compare(&rules, &text, round % 2 == 0);
    }
    assert_true(hits > 20000);
    buf_free(&rules);
    buf_free(&text);
}

static const char one_rule[] = "title: shell\nid: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0010\n"
                               "logsource: {product: one}\n"
                               "detection:\n    a: {Image|endswith: '\\powershell.exe', "
                               "CommandLine|contains: secretword}\n    condition: a\n";

/* A rule is asked for the rarest of what it needs, and never for what another field says. */
static void an_event_without_clues_asks_nothing(void **state)
{
    (void)state;
    struct detect_test test;
    struct view view;
    struct clue_finder finder;
    struct event event;
    detect_test_begin(&test);
    rule_set_add(test.set, S("r.yml"), slice_from_cstr(one_rule), false);
    detect_test_compile(&test);
    view_init(&view, &test.program->names);
    clue_finder_init(&finder, &test.program->index);
    assert_int_equal(test.program->clues.always_count, 0);
    detect_test_event(&test,
        S("{\"Image\":\"C:\\\\powershell.exe secretword\",\"CommandLine\":\"SecretWor\"}"), &event);
    view_load(&view, &event);
    clue_find(&finder, &view);
    assert_int_equal(finder.count, 0);
    detect_test_event(&test, S("{\"CommandLine\":\"a SECRETWORD b\"}"), &event);
    view_load(&view, &event);
    clue_find(&finder, &view);
    assert_int_equal(finder.count <= 1, 1);
    clue_finder_free(&finder);
    view_free(&view);
    detect_test_end(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_rules_match_the_same),
        cmocka_unit_test(an_event_without_clues_asks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
