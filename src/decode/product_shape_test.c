/* Shapes in one tree: the more special wins, captures end where they should, a broken message keeps
 * what is certain, and no message costs more than its length allows. */
#include "base/test.h"

#include "base/base.h"
#include "decode/product_shape.h"

struct fixture {
    struct arena arena;
    struct shape_tree tree;
};

/* Adds a pattern as shape `number`; names are numbered by their last byte. */
static void add(struct fixture *fixture, uint32_t number, const char *text)
{
    struct pattern_list list;
    struct pattern_fault fault;
    assert_true(product_pattern_parse(&fixture->arena, slice_from_cstr(text), &list, &fault));
    for (size_t i = 0; i < list.count; i++) {
        struct shape_end *end = ARENA_NEW(&fixture->arena, struct shape_end);
        uint32_t *names = ARENA_ARRAY(&fixture->arena, uint32_t, PATTERN_CAPTURES_MAX);
        size_t count = 0;
        for (size_t k = 0; k < list.items[i].count; k++) {
            const struct pattern_part *part = &list.items[i].parts[k];
            if (part->is_capture)
                names[count++] = part->text.len == 0 ? SHAPE_NAME_NONE
                                                     : (uint32_t)part->text.at[part->text.len - 1];
        }
        *end = (struct shape_end){.shape = number, .names = names};
        assert_null(product_shape_find(&fixture->tree, &list.items[i]));
        product_shape_add(&fixture->tree, &fixture->arena, &list.items[i], end);
        assert_ptr_equal(product_shape_find(&fixture->tree, &list.items[i]), end);
    }
}

/* What comes of a text: the shape's number ('-' for none), then name=value. */
static void assert_match(struct fixture *fixture, const char *text, const char *want)
{
    char memory[256];
    struct buf out;
    struct shape_match match;
    slice message = slice_from_cstr(text);
    buf_init_fixed(&out, memory, sizeof(memory));
    bool fits = product_shape_match(&fixture->tree, message, &match);
    assert_int_equal(product_shape_begin(&fixture->tree, message, &match), fits);
    if (fits)
        buf_append_u64(&out, match.end->shape);
    else
        buf_append_byte(&out, '-');
    for (size_t i = 0; i < match.count; i++) {
        if (match.spans[i].name == SHAPE_NAME_NONE)
            continue;
        buf_append_byte(&out, ' ');
        buf_append_byte(&out, (char)match.spans[i].name);
        buf_append_byte(&out, '=');
        buf_append(&out, slice_sub(message, match.spans[i].start, match.spans[i].len));
    }
    assert_slice(buf_slice(&out), slice_from_cstr(want));
}

static void the_more_special_wins(void **state)
{
    (void)state;
    struct fixture fixture = {0};
    add(&fixture, 1, "user {a:text}");
    add(&fixture, 2, "user {a:word} left");
    add(&fixture, 3, "user root left");
    add(&fixture, 4, "user {n:int}");
    add(&fixture, 5, "user {i:ip}");
    product_shape_finish(&fixture.tree, &fixture.arena);
    assert_match(&fixture, "user root left", "3");
    assert_match(&fixture, "user bob left", "2 a=bob");
    assert_match(&fixture, "user bob stayed", "1 a=bob stayed");
    assert_match(&fixture, "user 7", "4 n=7");
    assert_match(&fixture, "user 10.0.0.1", "5 i=10.0.0.1");
    assert_match(&fixture, "user ", "1 a=");
    assert_match(&fixture, "use", "-");
    assert_match(&fixture, "", "-");
    arena_free(&fixture.arena);
}

static void captures_end_where_what_follows_fits(void **state)
{
    (void)state;
    struct fixture fixture = {0};
    add(&fixture, 1, "s {a:text} from {b:text}");
    add(&fixture, 2, "l {a:longest} from {b:ip}[ port {p:port}]");
    add(&fixture, 3, "h {h:host}:{p:port}");
    add(&fixture, 4, "p {f:path}: {r:rest}");
    add(&fixture, 5, "w {w:word}={x:word}");
    product_shape_finish(&fixture.tree, &fixture.arena);
    assert_match(&fixture, "s a from b from c", "1 a=a b=b from c");
    assert_match(&fixture, "l a from 1.1.1.1 port 1 from 6.6.6.6 port 2",
        "2 a=a from 1.1.1.1 port 1 b=6.6.6.6 p=2");
    assert_match(&fixture, "h 2001:db8::1:22", "3 h=2001:db8::1 p=22");
    assert_match(&fixture, "h gate.example:22", "3 h=gate.example p=22");
    assert_match(&fixture, "p /a b: c: d", "4 f=/a b r=c: d");
    assert_match(&fixture, "w a=b=c", "5 w=a x=b=c");
    arena_free(&fixture.arena);
}

static void broken_messages_keep_what_is_certain(void **state)
{
    (void)state;
    struct fixture fixture = {0};
    add(&fixture, 1, "Failed for {a:longest} from {b:ip} port {p:port} end");
    add(&fixture, 2, "Closed {i:ip} by {u:word} x");
    add(&fixture, 3, "Closed {j:ip} at {u:word} x");
    product_shape_finish(&fixture.tree, &fixture.arena);
    assert_match(&fixture, "Failed for bob from 1.1.1.1 port 7", "- a=bob b=1.1.1.1 p=7");
    assert_match(&fixture, "Failed for bob from 1.1.1.1 po", "- a=bob b=1.1.1.1");
    assert_match(&fixture, "Failed for bob from ", "-");
    assert_match(&fixture, "Failed for bob fr", "-");
    /* Which " from " is the right one is not known. */
    assert_match(&fixture, "Failed for a from 1.1.1.1 port 7 from 6.6.6.6 po", "-");
    /* The shapes that it may be do not agree on the first name. */
    assert_match(&fixture, "Closed 1.1.1.1 ", "-");
    arena_free(&fixture.arena);
}

static void text_cut_inside_a_delimiter_is_without_it(void **state)
{
    (void)state;
    struct fixture fixture = {0};
    add(&fixture, 1, "file {f:text}[, referer: {r:text}]");
    product_shape_finish(&fixture.tree, &fixture.arena);
    assert_match(&fixture, "file x, ref", "1 f=x");
    assert_match(&fixture, "file x,", "1 f=x,");
    assert_match(&fixture, "file x, referer: y", "1 f=x r=y");
    arena_free(&fixture.arena);
}

/* Many ways to part a text must not be tried one by one. */
static void no_message_costs_too_much(void **state)
{
    (void)state;
    struct fixture fixture = {0};
    struct buf text;
    struct shape_match match;
    add(&fixture, 1, "{a} a {b} a {c} a {d} a {e} a {f} a {g} a {h} a {i} z");
    product_shape_finish(&fixture.tree, &fixture.arena);
    buf_init(&text, (size_t)1 << 20);
    for (size_t i = 0; i < 20000; i++)
        buf_append(&text, S(" a "));
    assert_false(product_shape_match(&fixture.tree, buf_slice(&text), &match));
    assert_false(product_shape_begin(&fixture.tree, buf_slice(&text), &match));
    buf_free(&text);
    arena_free(&fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_more_special_wins),
        cmocka_unit_test(captures_end_where_what_follows_fits),
        cmocka_unit_test(broken_messages_keep_what_is_certain),
        cmocka_unit_test(text_cut_inside_a_delimiter_is_without_it),
        cmocka_unit_test(no_message_costs_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
