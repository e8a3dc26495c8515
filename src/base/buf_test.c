/* Buffers: what they append, and what happens at their maximum. */
#include "base/buf.h"

#include <string.h>

#include "base/test.h"

static void starts_empty(void **state)
{
    (void)state;
    struct buf buf = {0};
    assert_slice(buf_slice(&buf), S(""));
    assert_false(slice_is_absent(buf_slice(&buf)));
    assert_null(buf_reserve(&buf, 1));
    assert_true(buf.overflow);
    buf_free(&buf);
    buf_free(NULL);
    buf_init(&buf, 10);
    buf_append(&buf, (slice){NULL, 0});
    assert_slice(buf_slice(&buf), S(""));
    assert_false(buf.overflow);
    buf_free(&buf);
}

static void appends_numbers(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000);
    buf_append_u64(&buf, 0);
    buf_append_byte(&buf, ' ');
    buf_append_u64(&buf, UINT64_MAX);
    buf_append_byte(&buf, ' ');
    buf_append_i64(&buf, INT64_MIN);
    buf_append_byte(&buf, ' ');
    buf_append_i64(&buf, INT64_MAX);
    assert_slice(
        buf_slice(&buf), S("0 18446744073709551615 -9223372036854775808 9223372036854775807"));
    buf_clear(&buf);
    buf_append_padded(&buf, 7, 3);
    buf_append_padded(&buf, 1234, 3);
    buf_append_cstr(&buf, " ");
    /* A width past the 20 digits of any number is as good as 20. */
    buf_append_padded(&buf, 1, 25);
    assert_slice(buf_slice(&buf), S("0071234 00000000000000000001"));
    buf_clear(&buf);
    buf_append_hex(&buf, S("\x00\x7F\x80\xFF"));
    buf_append_byte(&buf, ' ');
    buf_append_hex_u64(&buf, 0);
    buf_append_byte(&buf, ' ');
    buf_append_hex_u64(&buf, 0x10);
    buf_append_byte(&buf, ' ');
    buf_append_hex_u64(&buf, UINT64_MAX);
    assert_slice(buf_slice(&buf), S("007f80ff 0 10 ffffffffffffffff"));
    buf_free(&buf);
}

static void grows_to_its_maximum(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100000);
    for (size_t i = 0; i < 100000; i++)
        buf_append_byte(&buf, (char)('a' + i % 26));
    assert_false(buf.overflow);
    assert_int_equal(buf.len, 100000);
    for (size_t i = 0; i < buf.len; i++)
        assert_int_equal(buf.at[i], 'a' + i % 26);
    assert_true(buf.size <= buf.maximum);
    buf_append_byte(&buf, 'x');
    assert_true(buf.overflow);
    assert_int_equal(buf.len, 100000);
    buf_free(&buf);
}

static void drops_all_after_an_overflow(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 4);
    buf_append(&buf, S("abcdef"));
    assert_slice(buf_slice(&buf), S("abcd"));
    assert_true(buf.overflow);
    buf_truncate(&buf, 2);
    /* There is room again, but something is missing before it. */
    buf_append(&buf, S("x"));
    assert_slice(buf_slice(&buf), S("ab"));
    buf_clear(&buf);
    assert_false(buf.overflow);
    buf_append(&buf, S("x"));
    assert_slice(buf_slice(&buf), S("x"));
    buf_free(&buf);
}

static void cuts_between_characters(void **state)
{
    (void)state;
    static const slice text = S_INIT("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z");
    static const size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    char memory[16];
    for (size_t room = 0; room <= text.len; room++) {
        struct buf buf;
        buf_init_fixed(&buf, memory, room);
        buf_append(&buf, text);
        assert_slice(buf_slice(&buf), slice_first(text, kept[room]));
        assert_int_equal(buf.overflow, room < text.len);
        buf_free(&buf);
    }
}

/* Bytes that are no UTF-8 are not mistaken for one endless character. */
static void cuts_binary_where_it_is_full(void **state)
{
    (void)state;
    char memory[8];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof(memory));
    buf_append(&buf, S("\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89"));
    assert_slice(buf_slice(&buf), S("\x80\x81\x82\x83\x84\x85\x86\x87"));
    assert_true(buf.overflow);
}

static void reserves_and_commits(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000);
    assert_non_null(buf_reserve(&buf, 0));
    char *to = buf_reserve(&buf, 600);
    assert_non_null(to);
    memset(to, 'r', 600);
    buf_commit(&buf, 600);
    assert_null(buf_reserve(&buf, 401));
    assert_true(buf.overflow);
    assert_int_equal(buf.len, 600);
    buf_clear(&buf);
    assert_null(buf_reserve(&buf, SIZE_MAX));
    assert_int_equal(buf.len, 0);
    buf_free(&buf);
}

static void leaves_the_callers_memory(void **state)
{
    (void)state;
    char memory[4] = "....";
    struct buf buf;
    buf_init_fixed(&buf, memory, 3);
    buf_append(&buf, S("ab"));
    buf_append(&buf, S("cd"));
    assert_ptr_equal(buf.at, memory);
    assert_memory_equal(memory, "abc.", 4);
    assert_true(buf.overflow);
    buf_free(&buf);
    assert_null(buf.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_empty),
        cmocka_unit_test(appends_numbers),
        cmocka_unit_test(grows_to_its_maximum),
        cmocka_unit_test(drops_all_after_an_overflow),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(cuts_binary_where_it_is_full),
        cmocka_unit_test(reserves_and_commits),
        cmocka_unit_test(leaves_the_callers_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
