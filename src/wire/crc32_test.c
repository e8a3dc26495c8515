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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
