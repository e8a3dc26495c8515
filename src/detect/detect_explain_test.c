/* Explanations as text: each step with its depth, whether it holds, and what it is about. */
#include "detect/detect_test.h"

static const char rule[] = "title: encoded\nlogsource: {product: one}\n"
                           "detection:\n"
                           "    shell:\n"
                           "        Image|endswith: ['\\powershell.exe', '\\pwsh.exe']\n"
                           "        CommandLine|contains|all: [' -enc', ' -nop']\n"
                           "    words: ['secret']\n"
                           "    filter_main:\n"
                           "        - ParentImage: 'C:\\good.exe'\n"
                           "        - User: null\n"
                           "    condition: (shell or words) and not 1 of filter_*\n";
static const char mapping[] = "log_sources:\n"
                              "  - product: one\n"
                              "    places:\n"
                              "      - where: {ch: two}\n"
                              "        fields: {Image: NewProcessName}\n"
                              "      - where: {ch: one}\n";

static void put_step(void *context, const struct detect_step *step)
{
    static const char *const kinds[] = {[DETECT_STEP_LOG_SOURCE] = "log source",
        [DETECT_STEP_AND] = "and",
        [DETECT_STEP_OR] = "or",
        [DETECT_STEP_NOT] = "not",
        [DETECT_STEP_COUNT] = "count",
        [DETECT_STEP_ITEM] = "item",
        [DETECT_STEP_NEVER] = "never"};
    struct buf *out = context;
    for (unsigned i = 0; i < step->depth; i++)
        buf_append_byte(out, ' ');
    buf_append_byte(out, step->holds ? '+' : '-');
    buf_append(out, slice_from_cstr(kinds[step->kind]));
    if (step->selection.len > 0) {
        buf_append_byte(out, ' ');
        buf_append(out, step->selection);
    }
    if (step->kind == DETECT_STEP_ITEM) {
        buf_append_byte(out, ' ');
        buf_append(out, step->asked);
        buf_append(out, S(": "));
        buf_append(out, step->wanted);
        buf_append(out, S(" | "));
        buf_append(out, slice_is_absent(step->field) ? S("absent") : step->field);
        buf_append_byte(out, '=');
        buf_append(out, step->value);
    }
    buf_append_byte(out, '\n');
}

static void assert_explained(struct detect_test *test, slice json, slice expected)
{
    struct event event;
    arena_reset(&test->arena);
    detect_test_event(test, json, &event);
    buf_clear(&test->out);
    detect_explain(test->matcher, &event, 0, put_step, &test->out);
    assert_slice(buf_slice(&test->out), expected);
}

static void tells_each_step(void **state)
{
    (void)state;
    struct detect_test test;
    struct error err;
    detect_test_begin(&test);
    rule_set_add(test.set, S("r.yml"), slice_from_cstr(rule), false);
    assert_int_equal(
        rule_set_log_sources(test.set, S("map"), slice_from_cstr(mapping), &err), RESULT_OK);
    detect_test_compile(&test);
    assert_explained(&test,
        S("{\"ch\":\"two\",\"NewProcessName\":\"C:\\\\powershell.exe\",\"CommandLine\":\"x -enc a "
          "-nop\",\"User\":\"eve\"}"),
        S("+log source\n"
          " +and\n"
          "  +not\n"
          "   -or filter_main\n"
          "    -item User: null | User=eve\n"
          "    -item ParentImage: C:\\good.exe | absent=\n"
          "  +or\n"
          "   +and shell\n"
          "    +item Image|endswith: \\powershell.exe, \\pwsh.exe | "
          "NewProcessName=C:\\powershell.exe\n"
          "    +item CommandLine|contains|all:  -enc,  -nop | CommandLine=x -enc a -nop\n"
          "   -item words : secret | absent=\n"));
    assert_explained(&test, S("{\"ch\":\"three\",\"Image\":\"a secret\"}"),
        S("-log source\n"
          " -and\n"
          "  -not\n"
          "   +or filter_main\n"
          "    +item User: null | absent=\n"
          "    -item ParentImage: C:\\good.exe | absent=\n"
          "  +or\n"
          "   -and shell\n"
          "    -item Image|endswith: \\powershell.exe, \\pwsh.exe | Image=a secret\n"
          "    -item CommandLine|contains|all:  -enc,  -nop | absent=\n"
          "   +item words : secret | absent=\n"));
    detect_test_end(&test);
}

static void tells_of_filters_too(void **state)
{
    (void)state;
    struct detect_test test;
    detect_test_begin(&test);
    rule_set_add(test.set, S("r.yml"),
        S("title: a\nid: 6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0010\nlogsource: {product: one}\n"
          "detection:\n    selection: {f: x}\n    condition: selection\n"
          "---\ntitle: b\nlogsource: {product: one}\nfilter:\n"
          "    rules: [6f6f2c1e-57c4-4d0b-9a55-3e1f0f7a0010]\n"
          "    selection: {User: eve}\n    condition: not selection\n"),
        false);
    detect_test_compile(&test);
    assert_explained(&test, S("{\"f\":\"x\",\"User\":\"eve\"}"),
        S("+log source\n -and\n  +item selection f: x | f=x\n  -not\n"
          "   +item selection User: eve | User=eve\n"));
    detect_test_end(&test);
}

static void long_lists_are_cut(void **state)
{
    (void)state;
    struct detect_test test;
    struct event event;
    struct buf text;
    detect_test_begin(&test);
    buf_init(&text, (size_t)1 << 20);
    buf_append(&text, S("title: t\nlogsource: {product: x}\ndetection:\n    a:\n"));
    for (uint64_t i = 0; i < 1000; i++) {
        buf_append(&text, S("        f"));
        buf_append_u64(&text, i);
        buf_append(&text, S(": [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
        for (unsigned k = 0; k < 20; k++)
            buf_append(&text, S(", bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"));
        buf_append(&text, S("]\n"));
    }
    buf_append(&text, S("    condition: a\n"));
    rule_set_add(test.set, S("r.yml"), buf_slice(&text), false);
    detect_test_compile(&test);
    detect_test_event(&test, S("{\"f1\":\"x\"}"), &event);
    detect_explain(test.matcher, &event, 0, put_step, &test.out);
    slice lines = buf_slice(&test.out);
    slice line;
    size_t count = 0;
    while (slice_next(&lines, '\n', &line) && line.len > 0) {
        count++;
        assert_true(line.len < 2 * DETECT_STEP_TEXT_MAX);
        assert_true(count <= 2 || slice_contains(line, S(", ... |")));
    }
    assert_int_equal(count, DETECT_STEPS_MAX);
    buf_free(&text);
    detect_test_end(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_each_step),
        cmocka_unit_test(tells_of_filters_too),
        cmocka_unit_test(long_lists_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
