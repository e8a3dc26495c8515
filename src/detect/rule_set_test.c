/* What is loaded and what is refused, why and where. */
#include "detect/detect_test.h"

#define HEAD "title: t\nlogsource: {category: test}\n"
#define BASE                                                                                       \
    "title: fail\nname: fail\nlogsource: {category: test}\ndetection: {s: {k: 1}, condition: "     \
    "s}\n---\n"
#define CORRELATION(keys) BASE "title: c\ncorrelation:\n  rules: [fail]\n  timespan: 5m\n" keys

struct refusal {
    const char *yaml;
    const char *reason; /* a part of it, in English */
};

static const struct refusal refusals[] = {
    /* the document */
    {"title: [\n", "line 2, column 1: no YAML"},
    {"- a\n", "line 1, column 1: rule must be a mapping"},
    {"title: t\ntitle: u\n", "line 2, column 1: the key title appears a second time"},
    {"logsource: {category: test}\ndetection: {s: {f: 1}, condition: s}\n", "title is missing"},
    {"title: t\ndetection: {s: {f: 1}, condition: s}\n", "logsource is missing"},
    {"title: t\nlogsource: {}\ndetection: {s: {f: 1}, condition: s}\n",
        "line 2, column 12: logsource names no"},
    {"title: t\nlogsource: x\ndetection: {s: {f: 1}, condition: s}\n",
        "logsource must be a mapping"},
    {HEAD, "exactly one of detection, correlation and filter"},
    {HEAD "detection: {s: {f: 1}, condition: s}\nfilter: {}\n", "exactly one of"},
    {HEAD "level: hihg\ndetection: {s: {f: 1}, condition: s}\n",
        "line 3, column 8: hihg is no level"},
    {HEAD "taxonomy: mine\ndetection: {s: {f: 1}, condition: s}\n", "the taxonomy mine"},
    {HEAD "id: [a]\ndetection: {s: {f: 1}, condition: s}\n",
        "line 3, column 5: id must be one value"},
    {HEAD "tags: {a: b}\ndetection: {s: {f: 1}, condition: s}\n", "tags must be a value or a list"},
    {HEAD "hikeshi: {kind: omen}\ndetection: {s: {f: 1}, condition: s}\n", "omen is no kind"},
    {HEAD "hikeshi: {vector: pigeon}\ndetection: {s: {f: 1}, condition: s}\n",
        "pigeon is no vector"},
    {HEAD "hikeshi: {titel_ja: x}\ndetection: {s: {f: 1}, condition: s}\n",
        "line 3, column 11: unknown key titel_ja"},
    {HEAD "hikeshi: {unless_before: x}\ndetection: {s: {f: 1}, condition: s}\n",
        "unknown key unless_before"},
    /* selections */
    {HEAD "detection: x\n", "detection must be a mapping"},
    {HEAD "detection: {s: {f: 1}}\n", "condition is missing"},
    {HEAD "detection: {s: {}, condition: s}\n", "the selection is empty"},
    {HEAD "detection: {s: [], condition: s}\n", "line 3, column 16: a field takes a value"},
    {HEAD "detection: {s: {f: []}, condition: s}\n", "a field takes a value"},
    {HEAD "detection: {s: {f: {g: 1}}, condition: s}\n", "a field takes a value"},
    {HEAD "detection: {s: {f: [[1]]}, condition: s}\n", "a field takes a value"},
    {HEAD "detection: {s: null, condition: s}\n", "null needs a field"},
    {HEAD "detection:\n  s:\n    f|foo: 1\n  condition: s\n",
        "line 5, column 5: unknown modifier foo"},
    {HEAD "detection:\n  s:\n    f|: 1\n  condition: s\n", "unknown modifier"},
    {HEAD "detection:\n  s:\n    f|contains|contains: a\n  condition: s\n",
        "the modifier contains stands there twice"},
    {HEAD "detection:\n  s:\n    f|wide|utf16le: a\n  condition: s\n", "twice"},
    {HEAD "detection:\n  s:\n    f|contains|startswith: a\n  condition: s\n",
        "contains and startswith cannot"},
    {HEAD "detection:\n  s:\n    f|re|cidr: a\n  condition: s\n", "re and cidr cannot"},
    {HEAD "detection:\n  s:\n    f|re|base64: a\n  condition: s\n", "re and base64 cannot"},
    {HEAD "detection:\n  s:\n    f|gt|lt: 1\n  condition: s\n", "gt and lt cannot"},
    {HEAD "detection:\n  s:\n    f|hour|day: 1\n  condition: s\n", "hour and day cannot"},
    {HEAD "detection:\n  s:\n    f|exists|neq: true\n  condition: s\n", "exists and neq cannot"},
    {HEAD "detection:\n  s:\n    f|base64|base64offset: a\n  condition: s\n",
        "base64 and base64offset cannot"},
    {HEAD "detection:\n  s:\n    f|i: a\n  condition: s\n", "i, m and s go with re only"},
    {HEAD "detection:\n  s:\n    '|exists': true\n  condition: s\n", "needs a field"},
    {HEAD "detection:\n  s:\n    '|fieldref': g\n  condition: s\n", "needs a field"},
    {HEAD "detection:\n  s:\n    f|exists: 1\n  condition: s\n",
        "line 5, column 15: exists takes true or false, not 1"},
    {HEAD "detection:\n  s:\n    f|exists: [true, false]\n  condition: s\n",
        "exists takes true or false"},
    {HEAD "detection:\n  s:\n    f|contains: null\n  condition: s\n", "null cannot be modified"},
    {HEAD "detection:\n  s:\n    f|gt: many\n  condition: s\n", "many is no number"},
    {HEAD "detection:\n  s:\n    f|cidr: 10.0.0.0/33\n  condition: s\n",
        "10.0.0.0/33 is no range of addresses"},
    {HEAD "detection:\n  s:\n    f|cidr: [10.0.0.0/8, x]\n  condition: s\n",
        "line 5, column 26: x is no range"},
    {HEAD "detection:\n  s:\n    f|re: 'a(b'\n  condition: s\n",
        "line 5, column 11: the regular expression has a mistake at byte"},
    {HEAD "detection:\n  s:\n    f|re: '\\C'\n  condition: s\n", "mistake"},
    {HEAD "detection:\n  s:\n    f|base64: 'a*'\n  condition: s\n", "wildcards cannot be encoded"},
    {HEAD "detection:\n  s:\n    f|base64offset: 'a'\n  condition: s\n", "too short"},
    {HEAD "detection:\n  s:\n    f|expand: '%Servers%'\n  condition: s\n",
        "line 5, column 15: the placeholder %Servers% has no values"},
    /* conditions */
    {HEAD "detection: {s: {f: 1}, condition: {}}\n", "condition must be an expression"},
    {HEAD "detection: {s: {f: 1}, condition: []}\n", "condition must be an expression"},
    {HEAD "detection: {s: {f: 1}, condition: x}\n", "line 3, column 35: the condition names x"},
    {HEAD "detection: {s: {f: 1}, condition: ''}\n", "character 1: a name is missing"},
    {HEAD "detection: {s: {f: 1}, condition: s and}\n", "character 6: a name is missing"},
    {HEAD "detection: {s: {f: 1}, condition: s and or s}\n",
        "character 7: a name is missing before or"},
    {HEAD "detection: {s: {f: 1}, condition: (s}\n",
        "character 3: a closing parenthesis is missing"},
    {HEAD "detection: {s: {f: 1}, condition: s)}\n", "character 2: and or or is missing before )"},
    {HEAD "detection: {s: {f: 1}, condition: s s}\n", "character 3: and or or is missing before s"},
    {HEAD "detection: {s: {f: 1}, condition: 1 of}\n", "pattern is missing after of"},
    {HEAD "detection: {s: {f: 1}, condition: 1 of x*}\n", "too few selections fit x*"},
    {HEAD "detection: {s: {f: 1}, condition: not all of x*}\n", "too few selections fit x*"},
    {HEAD "detection: {s: {f: 1}, condition: 2 of s*}\n", "too few selections fit s*"},
    {HEAD "detection: {s: {f: 1}, condition: s | count() > 5}\n", "write a correlation"},
    /* correlations */
    {"title: c\ncorrelation: x\n", "correlation must be a mapping"},
    {CORRELATION("  condition: {gte: 1}\n"), "type is missing"},
    {CORRELATION("  type: near\n"), "unknown type of correlation near"},
    {CORRELATION("  type: event_count\n"), "condition is missing"},
    {CORRELATION("  type: event_count\n  condition: {}\n"), "none of gt gte"},
    {CORRELATION("  type: event_count\n  condition: {ge: 1}\n"), "ge does not belong"},
    {CORRELATION("  type: event_count\n  condition: {gte: many}\n"), "gte takes a number"},
    {CORRELATION("  type: event_count\n  condition: {gte: 1000000}\n"),
        "the threshold may be at most"},
    {CORRELATION("  type: event_count\n  condition: {field: a, gte: 1}\n"), "takes no field"},
    {CORRELATION("  type: event_count\n  condition: fail\n"), "only temporal and temporal_ordered"},
    {CORRELATION("  type: value_count\n  condition: {gte: 1}\n"), "needs a field"},
    {CORRELATION("  type: value_sum\n  condition: {field: [a, b], gte: 1}\n"), "takes one field"},
    {CORRELATION("  type: value_sum\n  condition: {field: a, percentile: 5, gte: 1}\n"),
        "percentile does not belong"},
    {CORRELATION("  type: value_percentile\n  condition: {field: a, percentile: 101, gte: 1}\n"),
        "from 0 to 100"},
    {CORRELATION("  type: temporal\n  condition: fail and gone\n"), "the condition names gone"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [fail, x], timespan: 5m, condition: "
          "fail}\n",
        "does not name the rule x"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [fail, fail], timespan: 5m}\n",
        "fail stands there twice"},
    {BASE "title: c\ncorrelation: {type: temporal, timespan: 5m}\n", "rules is missing"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [fail]}\n", "timespan is missing"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [fail], timespan: 5}\n",
        "5 is no timespan"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [fail], timespan: 0m}\n",
        "0m is no timespan"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [fail], timespan: 5M, aliases: {a: b}}\n",
        "a must be a mapping"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [gone], timespan: 5m}\n",
        "no rule with the id or name gone"},
    {"title: c\nname: c\ncorrelation: {type: temporal, rules: [c], timespan: 5m}\n",
        "refers to itself"},
    {BASE "title: c\ncorrelation: {type: temporal, rules: [fail], timespan: 5m}\nhikeshi: "
          "{unless_before: gone}\n",
        "no rule with the id or name gone"},
    /* filters */
    {HEAD "filter: {s: {f: 1}, condition: s}\n", "rules is missing"},
    {HEAD "filter: {rules: any, s: {f: 1}}\n", "condition is missing"},
    {"title: f\nfilter: {rules: any, s: {f: 1}, condition: s}\n", "logsource is missing"},
};

static const struct rule *load(struct detect_test *test, slice yaml, size_t *count)
{
    detect_test_begin(test);
    rule_set_add(test->set, S("dir/file.yml"), yaml, false);
    detect_test_compile(test);
    return rule_set_rules(test->set, count);
}

static void refuses_with_reason_and_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        struct detect_test test;
        size_t count;
        const struct rule *rules = load(&test, slice_from_cstr(refusals[i].yaml), &count);
        const struct rule *last = &rules[count - 1];
        if (!last->refused ||
            !slice_contains(last->reason_english, slice_from_cstr(refusals[i].reason)))
            fail_msg("%s is refused for \"%.*s\" instead of \"%s\"", refusals[i].yaml,
                (int)last->reason_english.len, last->reason_english.at, refusals[i].reason);
        assert_slice(last->file, S("dir/file.yml"));
        assert_true(last->line >= 1 && last->id.len == 36);
        assert_false(last->generate);
        detect_test_end(&test);
    }
}

static void says_reasons_in_both_languages(void **state)
{
    struct detect_test test;
    size_t count;
    (void)state;
    text_lang_set(TEXT_LANG_JA);
    const struct rule *rule = load(&test, S("title: t\n"), &count);
    assert_true(slice_contains(rule->reason_english, S("exactly one of")));
    assert_true(slice_contains(rule->reason, S("1 行 1 桁")));
    text_lang_set(TEXT_LANG_EN);
    detect_test_end(&test);
}

static void knows_the_rule(void **state)
{
    struct detect_test test;
    size_t count;
    (void)state;
    const struct rule *rule = load(&test,
        S("# comment\ntitle: Title \nid: 6F3E2987-db24-4c78-a860-b4f4095a7095\nname: n\n"
          "description: |\n  two\n  lines\nreferences:\n  - https://a.example\n  - "
          "https://b.example\n"
          "falsepositives: Unknown\nlevel: critical\n"
          "tags: [attack.t1059.001, attack.execution, attack.T1059.001, attack.stealth, "
          "attack.s0002, cve.2021-1, x]\n"
          "logsource: {product: p, category: c, service: s, definition: d}\n"
          "hikeshi: {title_ja: 題, kind: precursor, vector: improper-usage}\n"
          "detection: {a: {f|contains: 1, g: 2}, b: [{f: 3}, kw], condition: a or b}\n"),
        &count);
    assert_int_equal(count, 1);
    assert_false(rule->refused);
    assert_slice(rule->title, S("Title"));
    assert_slice(rule->title_ja, S("題"));
    assert_slice(rule->id, S("6F3E2987-db24-4c78-a860-b4f4095a7095"));
    assert_slice(rule->name, S("n"));
    assert_slice(rule->description, S("two\nlines"));
    assert_int_equal(rule->line, 2);
    assert_int_equal(rule->level, RULE_CRITICAL);
    assert_int_equal(rule->kind, RULE_PRECURSOR);
    assert_int_equal(rule->vector, RULE_VECTOR_IMPROPER_USAGE);
    assert_int_equal(rule->reference_count, 2);
    assert_int_equal(rule->false_positive_count, 1);
    assert_int_equal(rule->attack_count, 3);
    assert_slice(rule->attack[0], S("T1059.001"));
    assert_slice(rule->attack[1], S("TA0002"));
    assert_slice(rule->attack[2], S("TA0005"));
    assert_int_equal(rule->field_count, 2);
    assert_slice(rule->fields[1], S("g"));
    assert_slice(rule->product, S("p"));
    assert_true(rule->generate);
    detect_test_end(&test);
}

static void assert_kind(const char *tags, enum rule_kind kind)
{
    struct detect_test test;
    struct buf yaml;
    size_t count;
    buf_init(&yaml, 1024);
    buf_append(&yaml, S(HEAD "detection: {s: {f: 1}, condition: s}\ntags: "));
    buf_append_cstr(&yaml, tags);
    const struct rule *rule = load(&test, buf_slice(&yaml), &count);
    assert_false(rule->refused);
    assert_int_equal(rule->kind, kind);
    detect_test_end(&test);
    buf_free(&yaml);
}

static void tells_precursors(void **state)
{
    (void)state;
    assert_kind("[attack.reconnaissance, attack.t1595]", RULE_PRECURSOR);
    assert_kind("[attack.resource-development]", RULE_PRECURSOR);
    assert_kind("[attack.reconnaissance, attack.execution]", RULE_INDICATOR);
    assert_kind("[attack.t1595]", RULE_INDICATOR);
    assert_kind("[]", RULE_INDICATOR);
}

static void gives_ids_to_rules_without(void **state)
{
    static const slice two =
        S_INIT("title: a\nlogsource: {category: t}\ndetection: {s: {f: 1}, condition: s}\n---\n"
               "title: b\nlogsource: {category: t}\ndetection: {s: {f: 1}, condition: s}\n");
    struct detect_test first, second;
    size_t count;
    (void)state;
    const struct rule *a = load(&first, two, &count);
    const struct rule *b = load(&second, two, &count);
    assert_int_equal(count, 2);
    assert_slice(a[0].id, b[0].id);
    assert_false(slice_equal(a[0].id, a[1].id));
    assert_int_equal(a[1].line, 5);
    detect_test_end(&first);
    detect_test_end(&second);
}

static void refuses_an_id_that_is_taken(void **state)
{
    static const slice yaml =
        S_INIT("title: a\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {category: t}\n"
               "detection: {s: {f: 1}, condition: s}\n");
    struct detect_test test;
    size_t count;
    (void)state;
    detect_test_begin(&test);
    rule_set_add(test.set, S("one.yml"), yaml, true);
    rule_set_add(test.set, S("two.yml"), yaml, false);
    detect_test_compile(&test);
    const struct rule *rules = rule_set_rules(test.set, &count);
    assert_int_equal(count, 2);
    assert_false(rules[0].refused);
    assert_true(rules[0].shipped);
    assert_true(rules[1].refused);
    assert_true(slice_contains(rules[1].reason_english, S("belongs already to a rule in one.yml")));
    detect_test_end(&test);
}

static void keeps_the_rules_before_a_mistake(void **state)
{
    struct detect_test test;
    size_t count;
    (void)state;
    const struct rule *rules = load(&test, S(BASE "title: [\n"), &count);
    assert_int_equal(count, 2);
    assert_false(rules[0].refused);
    assert_true(rules[1].refused);
    assert_int_equal(rules[1].line, 7);
    detect_test_end(&test);
}

static void reads_nothing_from_an_empty_file(void **state)
{
    struct detect_test test;
    size_t count;
    (void)state;
    (void)load(&test, S("# nothing\n"), &count);
    assert_int_equal(count, 0);
    assert_slice(detect_test_match(&test, S("{\"f\":1}"), false), S(""));
    detect_test_end(&test);
}

static void refuses_what_refers_to_the_refused(void **state)
{
    struct detect_test test;
    size_t count;
    (void)state;
    const struct rule *rules = load(&test,
        S("title: a\nname: a\nlogsource: {category: t}\ndetection: {s: {f|re: '('}, condition: "
          "s}\n---\n"
          "title: b\nname: b\ncorrelation: {type: temporal, rules: [a], timespan: 5m}\n---\n"
          "title: c\nname: c\ncorrelation: {type: temporal, rules: [b, d], timespan: 5m}\n---\n"
          "title: d\nname: d\ncorrelation: {type: temporal, rules: [c], timespan: 5m}\n"),
        &count);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        assert_true(rules[i].refused);
    assert_true(slice_contains(rules[1].reason_english, S("no rule with the id or name a")));
    detect_test_end(&test);
}

static void says_what_gives_signs(void **state)
{
    struct detect_test test;
    size_t count;
    (void)state;
    const struct rule *rules = load(&test,
        S("title: a\nname: a\nlogsource: {category: t}\ndetection: {s: {f: 1}, condition: s}\n---\n"
          "title: b\nname: b\ngenerate: true\nlogsource: {category: t}\ndetection: {s: {f: 1}, "
          "condition: s}\n---\n"
          "title: c\nname: c\nlogsource: {category: t}\ndetection: {s: {f: 1}, condition: s}\n---\n"
          "title: d\ncorrelation: {type: temporal, rules: [a, b], timespan: 5m}\n---\n"
          "title: e\ngenerate: true\ncorrelation: {type: temporal, rules: [c], timespan: 5m}\n"),
        &count);
    assert_int_equal(count, 5);
    assert_false(rules[0].generate);
    assert_true(rules[1].generate);
    assert_true(rules[2].generate);
    assert_true(rules[3].generate);
    assert_true(detect_feeds_correlation(test.program, 0));
    assert_false(detect_feeds_correlation(test.program, 3));
    detect_test_end(&test);
}

/* --- placeholders --- */

static const slice expanding =
    S_INIT("title: t\nlogsource: {category: test}\ndetection:\n  s:\n"
           "    f|expand|contains: 'srv-%Servers%-%n%'\n  condition: s\n");

static void expands_placeholders(void **state)
{
    struct detect_test test;
    struct error err;
    (void)state;
    detect_test_begin(&test);
    assert_int_equal(rule_set_placeholders(
                         test.set, S("p.yml"), S("Servers: [web, 'd*b']\nn: 1\nunused: x\n"), &err),
        RESULT_OK);
    rule_set_add(test.set, S("t.yml"), expanding, false);
    detect_test_compile(&test);
    assert_slice(detect_test_match(&test,
                     S("{\"f\":\"a SRV-web-1 b\"}\n{\"f\":\"srv-dxxb-1\"}\n{\"f\":\"srv-web-2\"}\n"
                       "{\"f\":\"srv-%Servers%-1\"}\n{}"),
                     true),
        S("0 1"));
    detect_test_end(&test);
}

static void expands_in_regular_expressions_and_ranges(void **state)
{
    struct detect_test test;
    struct error err;
    (void)state;
    detect_test_begin(&test);
    assert_int_equal(rule_set_placeholders(test.set, S("p.yml"),
                         S("name: ['a.b', 'c*d']\nnet: [10.0.0.0/8, '::1']\n"), &err),
        RESULT_OK);
    rule_set_add(test.set, S("t.yml"),
        S("title: t\nlogsource: {category: test}\ndetection:\n  r: {f|re|expand: '^%name%$'}\n"
          "  c: {g|cidr|expand: '%net%'}\n  condition: r or c\n"),
        false);
    detect_test_compile(&test);
    assert_slice(detect_test_match(&test,
                     S("{\"f\":\"a.b\"}\n{\"f\":\"axb\"}\n{\"f\":\"cxxd\"}\n{\"g\":\"10.1.1.1\"}\n{"
                       "\"g\":\"::1\"}\n"
                       "{\"g\":\"11.1.1.1\"}"),
                     true),
        S("0 2 3 4"));
    detect_test_end(&test);
}

static void asks_each_value_of_a_placeholder_under_all(void **state)
{
    struct detect_test test;
    struct error err;
    (void)state;
    detect_test_begin(&test);
    assert_int_equal(
        rule_set_placeholders(test.set, S("p.yml"), S("x: [aa, bb]\n"), &err), RESULT_OK);
    rule_set_add(test.set, S("t.yml"),
        S("title: t\nlogsource: {category: test}\ndetection:\n"
          "  s: {f|expand|contains|all: ['%x%', '\\%cc']}\n  condition: s\n"),
        false);
    detect_test_compile(&test);
    assert_slice(
        detect_test_match(&test,
            S("{\"f\":\"aa %cc\"}\n{\"f\":\"%cc bb\"}\n{\"f\":\"aa bb\"}\n{\"f\":\"%cc\"}"), true),
        S("0 1"));
    detect_test_end(&test);
}

static void bounds_expansion(void **state)
{
    struct detect_test test;
    struct error err;
    size_t count;
    (void)state;
    detect_test_begin(&test);
    assert_int_equal(rule_set_placeholders(test.set, S("p.yml"),
                         S("x: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q]\n"), &err),
        RESULT_OK);
    rule_set_add(test.set, S("t.yml"),
        S("title: t\nlogsource: {category: test}\ndetection:\n"
          "  s: {f|expand: '%x%%x%%x%'}\n  condition: s\n"),
        false);
    detect_test_compile(&test);
    const struct rule *rules = rule_set_rules(test.set, &count);
    assert_true(slice_contains(rules[0].reason_english, S("more than 4096 values")));
    detect_test_end(&test);
}

static void refuses_bad_placeholders(void **state)
{
    static const slice files[] = {S_INIT("- a\n"), S_INIT("a: {b: c}\n"), S_INIT("a: []\n"),
        S_INIT("a: [[b]]\n"), S_INIT("a: [\n")};
    struct rule_set *set = rule_set_new(NULL);
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        assert_int_equal(rule_set_placeholders(set, S("p.yml"), files[i], &err), RESULT_MALFORMED);
        assert_true(slice_starts(error_message(&err), S("p.yml: line ")));
    }
    rule_set_free(set);
    rule_set_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_reason_and_place),
        cmocka_unit_test(says_reasons_in_both_languages),
        cmocka_unit_test(knows_the_rule),
        cmocka_unit_test(tells_precursors),
        cmocka_unit_test(gives_ids_to_rules_without),
        cmocka_unit_test(refuses_an_id_that_is_taken),
        cmocka_unit_test(keeps_the_rules_before_a_mistake),
        cmocka_unit_test(reads_nothing_from_an_empty_file),
        cmocka_unit_test(refuses_what_refers_to_the_refused),
        cmocka_unit_test(says_what_gives_signs),
        cmocka_unit_test(expands_placeholders),
        cmocka_unit_test(expands_in_regular_expressions_and_ranges),
        cmocka_unit_test(asks_each_value_of_a_placeholder_under_all),
        cmocka_unit_test(bounds_expansion),
        cmocka_unit_test(refuses_bad_placeholders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
