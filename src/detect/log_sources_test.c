/* Where rules look: entries of the mapping, names of fields in their places, places by name,
 * filters. */
#include "base/embed.h"
#include "detect/detect_test.h"

static const slice mapping =
    S_INIT("log_sources:\n"
           "  - product: win\n    category: process\n    vector: media\n    places:\n"
           "      - where: {ch: sysmon, id: 1}\n"
           "      - where: {ch: security, id: 4688}\n        fields: {Image: NewProcessName}\n"
           "      - where: {ch: other}\n        wider: true\n"
           "  - product: win\n    places: [{where: {module: win}}]\n"
           "  - product: win\n    service: security\n    places: [{where: {ch: security}}]\n"
           "  - category: process\n    places: [{where: {id: 7}}]\n"
           "  - service: special\n    places: [{where: {ch|startswith: sp}}]\n"
           "  - category: web\n    vector: web\n    places:\n"
           "      - where: [{ch: nginx}, {ch: apache}]\n        fields: {cs-method: method}\n");

#define RULE(title, source, detection)                                                             \
    "title: " title "\nlogsource: " source "\ndetection: {s: " detection ", condition: s}\n---\n"

static void begin(struct detect_test *test, slice rules, bool wider)
{
    struct error err;
    detect_test_begin(test);
    if (rule_set_log_sources(test->set, S("m.yml"), mapping, &err) != RESULT_OK)
        fail_msg("%.*s", (int)err.message_len, err.message);
    rule_set_wider(test->set, wider);
    rule_set_add(test->set, S("t.yml"), rules, false);
    detect_test_compile(test);
}

static const slice many_rules = S_INIT(
    RULE("process", "{product: win, category: process}", "{Image: x}") RULE("any", "{product: win}",
        "{Image: x}") RULE("security", "{product: win, service: security}", "{id|exists: true}")
        RULE("both", "{product: win, category: process, service: security}", "{id|exists: true}")
            RULE("unix", "{product: unix, category: process}", "{Image: x}")
                RULE("special", "{product: win, service: special}", "{Image: x}")
                    RULE("web", "{category: web}", "{cs-method: get}"));

static void finds_places(void **state)
{
    struct detect_test test;
    size_t count;
    (void)state;
    begin(&test, many_rules, false);
    assert_slice(detect_test_match(&test,
                     S("{\"ch\":\"SYSMON\",\"id\":1,\"Image\":\"x\"}\n"
                       "{\"ch\":\"security\",\"id\":4688,\"NewProcessName\":\"x\"}\n"
                       "{\"ch\":\"security\",\"id\":4688,\"Image\":\"x\"}\n"
                       "{\"ch\":\"other\",\"Image\":\"x\"}\n"
                       "{\"module\":\"win\",\"Image\":\"x\"}\n"
                       "{\"id\":7,\"Image\":\"x\"}\n"
                       "{\"ch\":\"sp 1\",\"Image\":\"x\"}\n"
                       "{\"ch\":\"apache\",\"method\":\"GET\"}\n"
                       "{\"ch\":\"apache\",\"cs-method\":\"GET\"}\n"
                       "{\"Image\":\"x\"}"),
                     false),
        S("0:process 1:process,security,both 2:security,both 4:any 5:unix 6:special 7:web"));
    const struct rule *rules = rule_set_rules(test.set, &count);
    assert_int_equal(count, 7);
    assert_int_equal(rules[0].vector, RULE_VECTOR_MEDIA);
    assert_int_equal(rules[2].vector, RULE_VECTOR_UNKNOWN);
    assert_int_equal(rules[6].vector, RULE_VECTOR_WEB);
    detect_test_end(&test);
}

static void looks_wider_on_request(void **state)
{
    struct detect_test test;
    (void)state;
    begin(&test, many_rules, true);
    assert_slice(
        detect_test_match(&test, S("{\"ch\":\"other\",\"Image\":\"x\"}"), false), S("0:process"));
    detect_test_end(&test);
}

static void ignores_places_when_asked(void **state)
{
    struct detect_test test;
    (void)state;
    begin(&test, many_rules, false);
    assert_slice(
        detect_test_match(&test, S("{\"Image\":\"x\"}"), true), S("0:process,any,unix,special"));
    detect_test_end(&test);
}

static void looks_by_name_without_an_entry(void **state)
{
    struct detect_test test;
    (void)state;
    begin(&test,
        S(RULE("all", "{product: Foo, service: bar}", "{f: 1}") RULE(
            "service", "{service: bar}", "{f: 1}") RULE("product", "{product: foo}", "{f: 1}")
                RULE("category", "{category: baz}", "{f: 1}")),
        false);
    assert_slice(detect_test_match(&test,
                     S("{\"event.module\":\"foo\",\"event.dataset\":\"foo.bar\",\"f\":1}\n"
                       "{\"event.module\":\"foo\",\"event.dataset\":\"bar\",\"f\":1}\n"
                       "{\"event.module\":\"foo\",\"event.dataset\":\"foobar\",\"f\":1}\n"
                       "{\"event.dataset\":\"qux.baz\",\"f\":1}\n{\"f\":1}"),
                     false),
        S("0:all,service,product 1:all,service,product 2:product 3:category"));
    detect_test_end(&test);
}

static void finds_fields_under_other_names(void **state)
{
    struct detect_test test;
    struct event event;
    (void)state;
    begin(&test, many_rules, false);
    detect_test_event(&test, S("{\"New Process Name\":\"y\",\"Command Line\":\"z\"}"), &event);
    assert_slice(detect_field(test.program, 0, &event, S("Image"))->value, S("y"));
    assert_slice(detect_field(test.program, 0, &event, S("CommandLine"))->value, S("z"));
    assert_null(detect_field(test.program, 1, &event, S("Image")));
    assert_null(detect_field(test.program, 0, &event, S("User")));
    detect_test_end(&test);
}

static void applies_filters(void **state)
{
    struct detect_test test;
    (void)state;
    begin(&test,
        S(RULE("a", "{product: win, category: process}\nname: a", "{f: 1}")
                RULE("b", "{product: win, category: process}\nname: b", "{f: 1}") RULE("c",
                    "{product: mac, category: process}\nname: c",
                    "{f: 1}") "title: one\nlogsource: {category: process}\n"
                              "filter: {rules: [a, c, gone], s: {u: adm}, condition: not s}\n---\n"
                              "title: all of win\nlogsource: {product: win}\n"
                              "filter: {rules: any, t: {u: sys}, x: {u: x}, condition: not 1 of "
                              "them}\n---\n"
                              "title: bad\nlogsource: {product: win}\nfilter: {rules: any, s: "
                              "{u|re: '('}, condition: s}\n"),
        false);
    assert_slice(
        detect_test_match(&test,
            S("{\"f\":1}\n{\"f\":1,\"u\":\"adm\"}\n{\"f\":1,\"u\":\"sys\"}\n{\"f\":1,\"u\":\"x\"}"),
            true),
        S("0:a,b,c 1:b 2:c 3:c"));
    size_t count;
    const struct rule *rules = rule_set_rules(test.set, &count);
    assert_true(rules[3].filter && !rules[3].refused && !rules[3].generate);
    assert_true(rules[5].refused);
    detect_test_end(&test);
}

/* "condition: selection" keeps what the filter selects: the condition is joined by and, as pySigma
 * does. */
static void joins_filters_by_and(void **state)
{
    struct detect_test test;
    (void)state;
    begin(&test,
        S(RULE("a", "{category: process}\nid: 22222222-2222-4222-8222-222222222222",
            "{f: 1}") "title: f\nlogsource: {category: process}\n"
                      "filter: {rules: 22222222-2222-4222-8222-222222222222, s: {u: adm}, "
                      "condition: s}\n"),
        false);
    assert_slice(detect_test_match(&test, S("{\"f\":1}\n{\"f\":1,\"u\":\"adm\"}"), true), S("1:a"));
    detect_test_end(&test);
}

static void refuses_bad_mappings(void **state)
{
    static const slice files[] = {S_INIT("- a\n"), S_INIT("log_sources: 1\n"),
        S_INIT("log_sources: [{product: a}]\n"),
        S_INIT("log_sources: [{product: a, places: [{}]}]\n"),
        S_INIT("log_sources: [{product: a, places: [{where: {f: 1}, when: 1}]}]\n"),
        S_INIT("log_sources: [{product: a, places: [{where: {f|x: 1}}]}]\n"),
        S_INIT("log_sources: [{product: a, vector: x, places: []}]\n"),
        S_INIT("log_sources: [{product: a, places: [{where: {f: 1}, fields: {a: }}]}]\n"),
        S_INIT("log_sources: [{product: a, places: [{where: {f: 1}, fields: x}]}]\n"),
        S_INIT("log_sources: [{product: a, places: [{where: {f: 1}, wider: x}]}]\n")};
    struct rule_set *set = rule_set_new(NULL);
    struct detect_program *program = NULL;
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        if (rule_set_log_sources(set, S("m.yml"), files[i], &err) != RESULT_MALFORMED &&
            err.code != RESULT_UNSUPPORTED)
            fail_msg("%.*s", (int)files[i].len, files[i].at);
        assert_true(slice_starts(error_message(&err), S("m.yml: line ")));
    }
    /* What only compiling finds. */
    assert_int_equal(rule_set_log_sources(set, S("m.yml"),
                         S("log_sources: [{product: a, places: [{where: {f|re: '('}}]}]\n"), &err),
        RESULT_OK);
    assert_int_equal(detect_compile(set, &program, &err), RESULT_MALFORMED);
    assert_null(program);
    assert_true(slice_starts(error_message(&err), S("m.yml: line 1, column ")));
    rule_set_free(set);
}

static void ships_a_mapping_that_compiles(void **state)
{
    struct detect_test test;
    struct error err;
    const struct embed_file *file = embed_find(S("rules/logsources.yml"));
    (void)state;
    assert_non_null(file);
    detect_test_begin(&test);
    assert_int_equal(
        rule_set_log_sources(test.set, S("logsources.yml"), file->content, &err), RESULT_OK);
    rule_set_add(test.set, S("t.yml"),
        S(RULE("a", "{product: windows, category: process_creation}", "{Image|endswith: cmd.exe}")),
        false);
    detect_test_compile(&test);
    assert_slice(detect_test_match(&test,
                     S("{\"winlog.channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:"
                       "\\\\cmd.exe\"}\n"
                       "{\"winlog.channel\":\"Security\",\"EventID\":4689,\"NewProcessName\":\"C:"
                       "\\\\cmd.exe\"}\n"
                       "{\"winlog.channel\":\"Microsoft-Windows-Sysmon/"
                       "Operational\",\"EventID\":\"1\",\"Image\":\"C:\\\\cmd.exe\"}"),
                     false),
        S("0 2"));
    detect_test_end(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_places),
        cmocka_unit_test(looks_wider_on_request),
        cmocka_unit_test(ignores_places_when_asked),
        cmocka_unit_test(looks_by_name_without_an_entry),
        cmocka_unit_test(finds_fields_under_other_names),
        cmocka_unit_test(applies_filters),
        cmocka_unit_test(joins_filters_by_and),
        cmocka_unit_test(refuses_bad_mappings),
        cmocka_unit_test(ships_a_mapping_that_compiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
