/* CRC-32: the published check value, and that pieces add up to the whole. */
#include "wire/crc32.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void known_values(void **state)
{
    (void)state;
    assert_int_equal(crc32_of(0, S("")), 0);
    assert_int_equal(crc32_of(0, S("123456789")), 0xCBF43926);
    assert_int_equal(crc32_of(0, S("The quick brown fox jumps over the lazy dog")), 0x414FA339);
}

static void pieces(void **state)
{
    slice text = S("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    uint32_t whole = crc32_of(0, text);
    (void)state;
    for (size_t cut = 0; cut <= text.len; cut++)
        assert_int_equal(
            crc32_of(crc32_of(0, slice_first(text, cut)), slice_from(text, cut)), whole);
}

/* All at once, as processors do that can, and a few bytes at a time. */
static void lengths(void **state)
{
    char bytes[600];
    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * i * 7 + (i >> 3));
    for (size_t from = 0; from < 3; from++) {
        uint32_t sum = 77;
        for (size_t len = 0; from + len < sizeof(bytes); len++) {
            assert_int_equal(crc32_of(77, slice_make(bytes + from, len)), sum);
            sum = crc32_of(sum, slice_make(bytes + from + len, 1));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(pieces),
        cmocka_unit_test(lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
