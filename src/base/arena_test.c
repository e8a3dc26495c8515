/* Arenas: alignment, zeroing, giving back, and what a reset keeps. */
#include "base/arena.h"

#include <string.h>

#include "base/test.h"

static void gives_aligned_zeroed_memory(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (int round = 0; round < 2; round++) {
        for (size_t len = 0; len < 3000; len += 7) {
            char *odd = arena_bytes(&arena, len % 5);
            memset(odd, 0xAA, len % 5);
            unsigned char *bytes = arena_alloc(&arena, len);
            assert_int_equal((uintptr_t)bytes % 16, 0);
            for (size_t i = 0; i < len; i++)
                assert_int_equal(bytes[i], 0);
            memset(bytes, 0xFF, len);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
    arena_free(NULL);
}

static void copies(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_slice(arena_copy(&arena, S("")), S(""));
    assert_false(slice_is_absent(arena_copy(&arena, (slice){NULL, 0})));
    slice copy = arena_copy(&arena, S("a\0b"));
    assert_slice(copy, S("a\0b"));
    assert_string_equal(arena_cstr(&arena, S("abc")), "abc");
    assert_string_equal(arena_cstr(&arena, (slice){NULL, 0}), "");
    assert_slice(copy, S("a\0b"));
    arena_free(&arena);
}

static void takes_huge_pieces_and_lets_them_go(void **state)
{
    (void)state;
    struct arena arena = {0};
    slice before = arena_copy(&arena, S("before"));
    char *huge = arena_bytes(&arena, (size_t)10 << 20);
    memset(huge, 'h', (size_t)10 << 20);
    slice after = arena_copy(&arena, S("after"));
    assert_slice(before, S("before"));
    assert_slice(after, S("after"));
    assert_int_equal(huge[((size_t)10 << 20) - 1], 'h');
    assert_int_equal(arena.used, 11 + ((size_t)10 << 20));
    arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    /* AddressSanitizer would see a use of what was let go. */
    for (size_t i = 0; i < 1000; i++)
        memset(arena_bytes(&arena, 1000), 'x', 1000);
    arena_free(&arena);
    assert_null(arena.blocks);
}

/* After the first records a batch costs no malloc: the same memory comes back in the same order. */
static void a_reset_keeps_blocks(void **state)
{
    (void)state;
    enum { PIECES = 200 };
    struct arena arena = {0};
    const char *first[PIECES];
    for (size_t i = 0; i < PIECES; i++)
        first[i] = arena_bytes(&arena, 1000);
    arena_reset(&arena);
    for (size_t i = 0; i < PIECES; i++)
        assert_ptr_equal(arena_bytes(&arena, 1000), first[i]);
    arena_reset(&arena);
    arena_reset(&arena);
    assert_ptr_equal(arena_bytes(&arena, 1000), first[0]);
    arena_free(&arena);
}

static void gives_back_a_tail(void **state)
{
    (void)state;
    struct arena arena = {0};
    (void)arena_copy(&arena, S("first"));
    char *room = arena_bytes(&arena, 1000);
    memset(room, 'r', 10);
    arena_shrink(&arena, room, 10);
    assert_int_equal(arena.used, 15);
    assert_ptr_equal(arena_bytes(&arena, 1), room + 10);
    char *none = arena_bytes(&arena, 5);
    arena_shrink(&arena, none, 0);
    assert_ptr_equal(arena_bytes(&arena, 1), none);
    /* Also when the piece needed a block of its own. */
    char *huge = arena_bytes(&arena, 1000000);
    arena_shrink(&arena, huge, 1);
    assert_ptr_equal(arena_bytes(&arena, 1), huge + 1);
    arena_free(&arena);
}

static void grows_arrays(void **state)
{
    (void)state;
    struct arena arena = {0};
    size_t capacity = 0;
    uint32_t *items = arena_grow(&arena, NULL, &capacity, sizeof(*items));
    assert_int_equal(capacity, 8);
    size_t count = 0;
    for (; count < 1000; count++) {
        if (count == capacity)
            items = arena_grow(&arena, items, &capacity, sizeof(*items));
        items[count] = (uint32_t)count;
    }
    assert_int_equal(capacity, 1024);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(items[i], i);
    for (size_t i = count; i < capacity; i++)
        assert_int_equal(items[i], 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_aligned_zeroed_memory),
        cmocka_unit_test(copies),
        cmocka_unit_test(takes_huge_pieces_and_lets_them_go),
        cmocka_unit_test(a_reset_keeps_blocks),
        cmocka_unit_test(gives_back_a_tail),
        cmocka_unit_test(grows_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
