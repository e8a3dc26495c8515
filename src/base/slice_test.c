/* Slices: every function with absent, empty and ordinary slices, and the edges of its numbers. */
#include "base/test.h"

#include <string.h>

static const slice absent = {NULL, 0};

static void makes_slices(void **state)
{
    (void)state;
    assert_true(slice_is_absent(slice_from_cstr(NULL)));
    assert_slice(slice_from_cstr("abc"), S("abc"));
    assert_false(slice_is_absent(slice_from_cstr("")));
    assert_true(slice_is_empty(absent) && slice_is_empty(S("")));
    assert_int_equal(S("a\0b").len, 3);
}

static void compares(void **state)
{
    (void)state;
    assert_true(slice_equal(absent, S("")));
    assert_true(slice_equal(S("a\0b"), S("a\0b")));
    assert_false(slice_equal(S("a\0b"), S("a\0c")));
    assert_false(slice_equal(S("a"), S("ab")));
    assert_true(slice_equal_nocase(S("aZ09[\xC3\x84"), S("Az09[\xC3\x84")));
    /* '[' and '{' differ by the bit that tells case; so do the bytes of Ä and ä. */
    assert_false(slice_equal_nocase(S("["), S("{")));
    assert_false(slice_equal_nocase(S("\xC3\x84"), S("\xC3\xA4")));
    assert_false(slice_equal_nocase(S("a"), S("")));
    assert_true(slice_compare(S("a"), S("ab")) < 0);
    assert_true(slice_compare(S("ab"), S("a")) > 0);
    assert_true(slice_compare(S("\x7F"), S("\x80")) < 0);
    assert_true(slice_compare(S("b"), S("ab")) > 0);
    assert_int_equal(slice_compare(absent, S("")), 0);
    assert_true(slice_compare(absent, S("a")) < 0);
}

static void knows_starts_and_ends(void **state)
{
    (void)state;
    assert_true(slice_starts(S("abc"), S("ab")));
    assert_true(slice_starts(S("abc"), S("")));
    assert_true(slice_starts(absent, absent));
    assert_false(slice_starts(S("ab"), S("abc")));
    assert_false(slice_starts(S("abc"), S("AB")));
    assert_true(slice_starts_nocase(S("abc"), S("AB")));
    assert_true(slice_ends(S("abc"), S("bc")));
    assert_true(slice_ends(S("abc"), S("")));
    assert_true(slice_ends(absent, S("")));
    assert_false(slice_ends(S("bc"), S("abc")));
    assert_false(slice_ends(S("abc"), S("BC")));
    assert_true(slice_ends_nocase(S("abc"), S("BC")));
    assert_false(slice_ends_nocase(S("c"), S("BC")));
}

static void finds(void **state)
{
    (void)state;
    assert_int_equal(slice_find(S("abcabc"), S("ca")), 2);
    assert_int_equal(slice_find(S("abc"), S("")), 0);
    assert_int_equal(slice_find(S("abc"), S("abcd")), 3);
    assert_int_equal(slice_find(S("abc"), S("x")), 3);
    assert_int_equal(slice_find(absent, S("x")), 0);
    assert_int_equal(slice_find(absent, absent), 0);
    assert_int_equal(slice_find(S("a\0b"), S("\0b")), 1);
    assert_int_equal(slice_find_byte(S("abcb"), 'b'), 1);
    assert_int_equal(slice_find_byte(S("abc"), 'x'), 3);
    assert_int_equal(slice_find_byte(absent, 'x'), 0);
    assert_int_equal(slice_find_last_byte(S("abcb"), 'b'), 3);
    assert_int_equal(slice_find_last_byte(S("abc"), 'x'), 3);
    assert_int_equal(slice_find_last_byte(absent, 'x'), 0);
    assert_true(slice_contains(S("abc"), S("bc")));
    assert_true(slice_contains(S("abc"), S("abc")));
    assert_true(slice_contains(absent, S("")));
    assert_false(slice_contains(S("abc"), S("cb")));
    assert_false(slice_contains(absent, S("a")));
}

static void cuts_parts(void **state)
{
    (void)state;
    assert_slice(slice_from(S("abc"), 1), S("bc"));
    assert_slice(slice_from(S("abc"), SIZE_MAX), S(""));
    assert_false(slice_is_absent(slice_from(S("abc"), 3)));
    assert_true(slice_is_absent(slice_from(absent, 1)));
    assert_slice(slice_first(S("abc"), 2), S("ab"));
    assert_slice(slice_first(S("abc"), SIZE_MAX), S("abc"));
    assert_slice(slice_sub(S("abcd"), 1, 2), S("bc"));
    assert_slice(slice_sub(S("abcd"), 3, SIZE_MAX), S("d"));
    assert_slice(slice_sub(S("abcd"), SIZE_MAX, SIZE_MAX), S(""));
    assert_true(slice_is_absent(slice_sub(absent, 0, 5)));
    assert_slice(slice_trim(S(" \t\r\n\v\fa b \t\r\n\v\f")), S("a b"));
    assert_slice(slice_trim(S(" \t ")), S(""));
    assert_slice(slice_trim(absent), absent);
    assert_slice(slice_trim(S("\xC2\xA0 a")), S("\xC2\xA0 a"));
}

static void splits(void **state)
{
    (void)state;
    slice head, tail;
    assert_true(slice_cut(S("a=b=c"), '=', &head, &tail));
    assert_slice(head, S("a"));
    assert_slice(tail, S("b=c"));
    assert_true(slice_cut(S("a="), '=', &head, &tail));
    assert_slice(tail, S(""));
    assert_false(slice_cut(S("abc"), '=', &head, &tail));
    assert_slice(head, S("abc"));
    assert_slice(tail, S(""));
    assert_false(slice_cut(absent, '=', &head, &tail));
    assert_true(slice_is_absent(head));
    /* Head or tail may be the slice itself. */
    slice self = S("a=b");
    assert_true(slice_cut(self, '=', &self, &tail));
    assert_slice(self, S("a"));
    assert_slice(tail, S("b"));
}

static void gives_tokens(void **state)
{
    (void)state;
    static const slice expected[] = {S_INIT("a"), S_INIT(""), S_INIT("b"), S_INIT("")};
    slice rest = S("a,,b,");
    slice token = S("");
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_true(slice_next(&rest, ',', &token));
        assert_slice(token, expected[i]);
    }
    assert_false(slice_next(&rest, ',', &token));
    rest = S("");
    assert_true(slice_next(&rest, ',', &token));
    assert_slice(token, S(""));
    assert_false(slice_next(&rest, ',', &token));
}

static void reads_unsigned(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_true(slice_to_u64(S("0"), UINT64_MAX, &value));
    assert_int_equal(value, 0);
    assert_true(slice_to_u64(S("18446744073709551615"), UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_true(slice_to_u64(S("0000000000000000000000000042"), 42, &value));
    assert_int_equal(value, 42);
    static const slice wrong[] = {S_INIT(""), S_INIT("18446744073709551616"),
        S_INIT("99999999999999999999"), S_INIT("-1"), S_INIT("+1"), S_INIT(" 1"), S_INIT("1 "),
        S_INIT("1x"), S_INIT("0x1"), S_INIT("1\0"), S_INIT("\xEF\xBC\x91"), {NULL, 0}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(slice_to_u64(wrong[i], UINT64_MAX, &value));
    assert_false(slice_to_u64(S("43"), 42, &value));
    assert_int_equal(value, 42);
}

static void reads_signed(void **state)
{
    (void)state;
    int64_t value = 7;
    assert_true(slice_to_i64(S("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(slice_to_i64(S("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(slice_to_i64(S("-0"), &value));
    assert_int_equal(value, 0);
    assert_false(slice_to_i64(S("9223372036854775808"), &value));
    assert_false(slice_to_i64(S("-9223372036854775809"), &value));
    assert_false(slice_to_i64(S("-"), &value));
    assert_false(slice_to_i64(S("--1"), &value));
    assert_false(slice_to_i64(S("+1"), &value));
    assert_false(slice_to_i64(absent, &value));
    assert_int_equal(value, 0);
}

static void reads_hexadecimal(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_true(slice_to_hex_u64(S("0xfF"), &value));
    assert_int_equal(value, 255);
    assert_true(slice_to_hex_u64(S("0Xffffffffffffffff"), &value));
    assert_true(value == UINT64_MAX);
    assert_true(slice_to_hex_u64(S("0"), &value));
    assert_int_equal(value, 0);
    static const slice wrong[] = {S_INIT(""), S_INIT("0x"), S_INIT("g"), S_INIT("0x0x1"),
        S_INIT("10000000000000000"), S_INIT("-1"), S_INIT("f "), {NULL, 0}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(slice_to_hex_u64(wrong[i], &value));
    for (int byte = 0; byte < 256; byte++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *at = byte == 0 ? NULL : memchr(digits, byte, sizeof(digits) - 1);
        assert_int_equal(byte_hex_value((char)byte), at == NULL ? -1 : (int)(at - digits) % 16);
    }
}

static void reads_doubles(void **state)
{
    (void)state;
    static const struct {
        slice text;
        double value;
    } right[] = {{S_INIT("0"), 0}, {S_INIT("-0.5"), -0.5}, {S_INIT("1e3"), 1000},
        {S_INIT("1E-3"), 0.001}, {S_INIT("+.5"), 0.5}, {S_INIT("5."), 5},
        {S_INIT("1.7976931348623157e308"), 1.7976931348623157e308}, {S_INIT("1e-999"), 0}};
    static const slice wrong[] = {S_INIT(""), S_INIT("-"), S_INIT("."), S_INIT("e5"), S_INIT("1e"),
        S_INIT("1e999"), S_INIT("inf"), S_INIT("nan"), S_INIT("0x1p3"), S_INIT("1,5"), S_INIT(" 1"),
        S_INIT("1 "), S_INIT("1\0"), S_INIT("1-2"), S_INIT("--1"), {NULL, 0},
        S_INIT("0000000000000000000000000000000000000000000000000000000000000001")};
    double value = 7;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(slice_to_double(wrong[i], &value));
    assert_true(value >= 7 && value <= 7);
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        assert_true(slice_to_double(right[i].text, &value));
        assert_true(value >= right[i].value && value <= right[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_slices),
        cmocka_unit_test(compares),
        cmocka_unit_test(knows_starts_and_ends),
        cmocka_unit_test(finds),
        cmocka_unit_test(cuts_parts),
        cmocka_unit_test(splits),
        cmocka_unit_test(gives_tokens),
        cmocka_unit_test(reads_unsigned),
        cmocka_unit_test(reads_signed),
        cmocka_unit_test(reads_hexadecimal),
        cmocka_unit_test(reads_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
