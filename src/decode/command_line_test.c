/* The examples of Microsoft's documentation, and what logs have. */
#include "base/test.h"

#include "base/base.h"
#include "decode/command_line.h"

static void expect(const char *line, const char *want)
{
    struct arena arena = {0};
    struct buf got;
    slice rest = slice_from_cstr(line);
    slice argument;
    bool program = true;
    buf_init(&got, 4096);
    while (command_line_next(&arena, &rest, program, &argument)) {
        program = false;
        buf_append(&got, S("<"));
        buf_append(&got, argument);
        buf_append(&got, S(">"));
    }
    assert_slice(buf_slice(&got), slice_from_cstr(want));
    buf_free(&got);
    arena_free(&arena);
}

static void arguments_are_those_of_the_documentation(void **state)
{
    (void)state;
    expect("p \"abc\" d e", "<p><abc><d><e>");
    expect("p a\\\\b d\"e f\"g h", "<p><a\\\\b><de fg><h>");
    expect("p a\\\\\\\"b c d", "<p><a\\\"b><c><d>");
    expect("p a\\\\\\\\\"b c\" d e", "<p><a\\\\b c><d><e>");
    expect("p a\"b\"\" c d", "<p><ab\" c d>");
}

static void the_program_has_rules_of_its_own(void **state)
{
    (void)state;
    expect("\"C:\\Program Files\\a\\\" -k x", "<C:\\Program Files\\a\\><-k><x>");
    expect("C:\\Windows\\system32\\svchost.exe -k DcomLaunch",
        "<C:\\Windows\\system32\\svchost.exe><-k><DcomLaunch>");
}

static void odd_lines_end(void **state)
{
    (void)state;
    expect("", "");
    expect("  \t ", "");
    expect("p \"open", "<p><open>");
    expect("p \"\" x\\", "<p><><x\\>");
    expect("\"", "<>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_are_those_of_the_documentation),
        cmocka_unit_test(the_program_has_rules_of_its_own),
        cmocka_unit_test(odd_lines_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
