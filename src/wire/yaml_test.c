/* Trees, places, aliases, and everything that is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "wire/yaml.h"

static struct arena arena;

static const struct yaml_node *read_one(slice text)
{
    struct yaml_reader *reader = yaml_open(text);
    const struct yaml_node *root = NULL;
    uint32_t line = 0;
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_OK);
    yaml_close(reader);
    return root;
}

static void assert_refused(slice text, enum result code, uint32_t line_want, slice words)
{
    struct yaml_reader *reader = yaml_open(text);
    const struct yaml_node *root = NULL;
    struct error err;
    uint32_t line = 0;
    assert_int_equal(yaml_next(reader, &arena, &root, &line, &err), code);
    assert_null(root);
    assert_int_equal(line, line_want);
    assert_true(slice_contains(error_message(&err), words));
    assert_int_equal(yaml_next(reader, &arena, &root, &line, &err), RESULT_END);
    yaml_close(reader);
}

static void assert_text(const struct yaml_node *node, slice text)
{
    assert_non_null(node);
    assert_int_equal(node->type, YAML_SCALAR);
    assert_true(slice_equal(node->text, text));
}

static void reads_a_tree(void **state)
{
    (void)state;
    const struct yaml_node *root =
        read_one(S("title: \"a\\tb\"\nlist: [1, 'two']\nmap:\n  deep: |\n    x\n    y\nlast:\n"));
    assert_int_equal(root->type, YAML_MAPPING);
    assert_int_equal(root->count, 4);
    assert_text(yaml_get(root, S("title")), S("a\tb"));
    const struct yaml_node *list = yaml_get(root, S("list"));
    assert_int_equal(list->type, YAML_SEQUENCE);
    assert_int_equal(list->count, 2);
    assert_true(list->items[0]->plain);
    assert_false(list->items[1]->plain);
    assert_int_equal(list->items[1]->line, 2);
    assert_int_equal(list->items[1]->column, 11);
    assert_text(yaml_get(yaml_get(root, S("map")), S("deep")), S("x\ny\n"));
    assert_true(yaml_is_null(yaml_get(root, S("last"))));
    assert_null(yaml_get(root, S("absent")));
    assert_null(yaml_get(NULL, S("absent")));
}

static void asks_what_plain_scalars_mean(void **state)
{
    (void)state;
    const struct yaml_node *root = read_one(S("[true, False, 'true', yes, ~, 'null', !!str true]"));
    bool value = false;
    assert_true(yaml_to_bool(root->items[0], &value));
    assert_true(value);
    assert_true(yaml_to_bool(root->items[1], &value));
    assert_false(value);
    assert_false(yaml_to_bool(root->items[2], &value));
    assert_false(yaml_to_bool(root->items[3], &value));
    assert_true(yaml_is_null(root->items[4]));
    assert_false(yaml_is_null(root->items[5]));
    assert_false(yaml_to_bool(root->items[6], &value));
}

static void reads_documents(void **state)
{
    (void)state;
    struct yaml_reader *reader = yaml_open(S("a: 1\n---\n---\nb: 2\r\n...\n---\n- c\n"));
    const struct yaml_node *root = NULL;
    uint32_t line = 0;
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_OK);
    assert_int_equal(line, 1);
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_OK);
    assert_text(yaml_get(root, S("b")), S("2"));
    assert_int_equal(line, 4);
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_OK);
    assert_int_equal(root->type, YAML_SEQUENCE);
    assert_int_equal(line, 7);
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_END);
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_END);
    yaml_close(reader);
}

static void finds_no_document(void **state)
{
    (void)state;
    static const slice texts[] = {
        S_INIT(""), S_INIT("\n"), S_INIT("# only a comment\n"), S_INIT("---\n...\n")};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct yaml_reader *reader = yaml_open(texts[i]);
        const struct yaml_node *root = NULL;
        uint32_t line;
        assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_END);
        yaml_close(reader);
    }
}

static void keeps_the_document_before_an_error(void **state)
{
    (void)state;
    struct yaml_reader *reader = yaml_open(S("a: 1\n---\nb: [\n"));
    const struct yaml_node *root = NULL;
    uint32_t line = 0;
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_OK);
    assert_int_equal(yaml_next(reader, &arena, &root, &line, NULL), RESULT_MALFORMED);
    yaml_close(reader);
}

static void follows_aliases(void **state)
{
    (void)state;
    const struct yaml_node *root = read_one(S("x: &a [1, 2]\ny: *a\nz: &b q\nw: *b\n"));
    const struct yaml_node *alias = yaml_get(root, S("y"));
    assert_int_equal(alias->count, 2);
    assert_int_equal(alias->line, 2);
    assert_text(yaml_get(root, S("w")), S("q"));
    assert_refused(S("x: *nothing\n"), RESULT_MALFORMED, 1, S("nothing"));
    assert_refused(S("x: &a [*a]\n"), RESULT_MALFORMED, 1, S("contains it"));
}

/* Nine levels of nine aliases each would be 387 million nodes. */
static void bounds_aliases(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, 4096);
    buf_append(&text, S("a0: &a0 [x,x,x,x,x,x,x,x,x]\n"));
    for (uint64_t level = 1; level < 9; level++) {
        buf_append(&text, S("a"));
        buf_append_u64(&text, level);
        buf_append(&text, S(": &a"));
        buf_append_u64(&text, level);
        buf_append(&text, S(" ["));
        for (int i = 0; i < 9; i++) {
            buf_append(&text, i == 0 ? S("*a") : S(",*a"));
            buf_append_u64(&text, level - 1);
        }
        buf_append(&text, S("]\n"));
    }
    assert_refused(buf_slice(&text), RESULT_LIMIT, 7, S("too many values"));
    buf_free(&text);
}

static void bounds_depth(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, 4096);
    for (int i = 0; i < YAML_DEPTH_MAX; i++)
        buf_append_byte(&text, '[');
    for (int i = 0; i < YAML_DEPTH_MAX; i++)
        buf_append_byte(&text, ']');
    assert_int_equal(read_one(buf_slice(&text))->type, YAML_SEQUENCE);
    buf_clear(&text);
    for (int i = 0; i <= YAML_DEPTH_MAX; i++)
        buf_append_byte(&text, '[');
    assert_refused(buf_slice(&text), RESULT_LIMIT, 1, S("deep"));
    buf_free(&text);
}

static void refuses_with_the_place(void **state)
{
    (void)state;
    assert_refused(S("a: 1\nb: 2\na: 3\n"), RESULT_MALFORMED, 3, S("line 3, column 1: the key a"));
    assert_refused(S("x:\n  a: %foo%\n"), RESULT_MALFORMED, 2, S("line 2, column 6"));
    assert_refused(S("a: 'open\n"), RESULT_MALFORMED, 1, S("line 1"));
    assert_refused(S("? [a]\n: b\n"), RESULT_MALFORMED, 1, S("a key must be"));
    assert_refused(S("a: &x {b: 1}\nc:\n  <<: *x\n"), RESULT_UNSUPPORTED, 3, S("merge"));
    assert_refused(S("a: b\nc: \xFF\n"), RESULT_MALFORMED, 2, S("UTF-8"));
    assert_refused(slice_make("a: b\0\n", 6), RESULT_MALFORMED, 1, S("NUL"));
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
        cmocka_unit_test(reads_a_tree),
        cmocka_unit_test(asks_what_plain_scalars_mean),
        cmocka_unit_test(reads_documents),
        cmocka_unit_test(finds_no_document),
        cmocka_unit_test(keeps_the_document_before_an_error),
        cmocka_unit_test(follows_aliases),
        cmocka_unit_test(bounds_aliases),
        cmocka_unit_test(bounds_depth),
        cmocka_unit_test(refuses_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, free_arena);
}
