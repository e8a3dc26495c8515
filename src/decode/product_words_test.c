/* Sets of strings and of numbers: what was put in is found again and nothing else is, whatever its
 * length and case; members come in their order. */
#include "base/test.h"

#include "base/base.h"
#include "decode/product_set.h"
#include "decode/product_words.h"

enum { LENGTHS = 40 };

/* A string of a length that differs from its like in one byte only. */
static slice word(char *memory, size_t len, size_t other)
{
    for (size_t i = 0; i < len; i++)
        memory[i] = i == other ? 'Z' : (char)('a' + i % 26);
    return slice_make(memory, len);
}

static void every_byte_tells(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct product_words words = {.fold = false};
    char memory[LENGTHS];
    assert_int_equal(product_words_find(&words, 0, S("a")), PRODUCT_WORD_NONE);
    for (uint32_t len = 0; len < LENGTHS; len++)
        assert_int_equal(product_words_put(&words, &arena, 0, word(memory, len, LENGTHS)), len);
    for (uint32_t len = 0; len < LENGTHS; len++) {
        assert_int_equal(product_words_put(&words, &arena, 0, word(memory, len, LENGTHS)), len);
        assert_int_equal(product_words_find(&words, 0, word(memory, len, LENGTHS)), len);
        assert_slice(words.texts[len], word(memory, len, LENGTHS));
        for (size_t other = 0; other < len; other++)
            assert_int_equal(
                product_words_find(&words, 0, word(memory, len, other)), PRODUCT_WORD_NONE);
    }
    assert_int_equal(words.count, LENGTHS);
    arena_free(&arena);
}

static void spaces_are_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct product_words words = {.fold = false};
    for (uint32_t space = 0; space < 1000; space++)
        assert_int_equal(product_words_put(&words, &arena, space, S("same")), space);
    for (uint32_t space = 0; space < 1000; space++)
        assert_int_equal(product_words_find(&words, space, S("same")), space);
    assert_int_equal(product_words_find(&words, 1000, S("same")), PRODUCT_WORD_NONE);
    arena_free(&arena);
}

static void case_counts_or_not(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "K", "ab@[", "Channel", "Security", "Microsoft-Windows-Sysmon/Operational"};
    static const char *const others[] = {
        "k", "AB@[", "cHANNEL", "SECURITY", "microsoft-windows-sysmon/operational"};
    struct arena arena = {0};
    struct product_words exact = {.fold = false};
    struct product_words folded = {.fold = true};
    for (uint32_t i = 0; i < 5; i++) {
        (void)product_words_put(&exact, &arena, 0, slice_from_cstr(texts[i]));
        (void)product_words_put(&folded, &arena, 0, slice_from_cstr(texts[i]));
    }
    for (uint32_t i = 0; i < 5; i++) {
        slice other = slice_from_cstr(others[i]);
        assert_int_equal(product_words_find(&exact, 0, other), PRODUCT_WORD_NONE);
        assert_int_equal(product_words_find(&folded, 0, other), i);
    }
    /* '`' and '{' are '@' and '[' with the bit that makes small letters. */
    assert_int_equal(product_words_find(&folded, 0, S("ab`{")), PRODUCT_WORD_NONE);
    arena_free(&arena);
}

static void members_come_in_order(void **state)
{
    (void)state;
    static const size_t members[] = {0, 5, 63, 64, 4095, 4096, 9000, 12287};
    enum { COUNT = 8, SIZE = 12288 };
    struct arena arena = {0};
    struct product_set set;
    product_set_init(&set, &arena, SIZE);
    assert_int_equal(product_set_next(&set, 0), PRODUCT_SET_END);
    for (size_t i = COUNT; i > 0; i--)
        product_set_add(&set, members[i - 1]);
    size_t at = 0;
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(product_set_has(&set, members[i]));
        at = product_set_next(&set, at);
        assert_int_equal(at, members[i]);
        at++;
    }
    assert_int_equal(product_set_next(&set, at), PRODUCT_SET_END);
    product_set_remove(&set, 63);
    product_set_remove(&set, 4096);
    assert_false(product_set_has(&set, 63));
    assert_int_equal(product_set_next(&set, 6), 64);
    assert_int_equal(product_set_next(&set, 4096), 9000);
    product_set_clear(&set);
    assert_int_equal(product_set_next(&set, 0), PRODUCT_SET_END);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_tells),
        cmocka_unit_test(spaces_are_apart),
        cmocka_unit_test(case_counts_or_not),
        cmocka_unit_test(members_come_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
