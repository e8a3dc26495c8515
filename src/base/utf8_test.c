/* UTF-8 against table 3-7 of the Unicode Standard, lower case against the C library's, UTF-16 with
 * its surrogates. */
#include "base/utf8.h"

#include <locale.h>
#include <string.h>
#include <wctype.h>

#include "base/test.h"

/* Table 3-7, "Well-Formed UTF-8 Byte Sequences", row by row. */
static const struct {
    unsigned char from[4];
    unsigned char to[4];
    size_t len;
} well_formed[] = {
    {{0x00}, {0x7F}, 1},
    {{0xC2, 0x80}, {0xDF, 0xBF}, 2},
    {{0xE0, 0xA0, 0x80}, {0xE0, 0xBF, 0xBF}, 3},
    {{0xE1, 0x80, 0x80}, {0xEC, 0xBF, 0xBF}, 3},
    {{0xED, 0x80, 0x80}, {0xED, 0x9F, 0xBF}, 3},
    {{0xEE, 0x80, 0x80}, {0xEF, 0xBF, 0xBF}, 3},
    {{0xF0, 0x90, 0x80, 0x80}, {0xF0, 0xBF, 0xBF, 0xBF}, 4},
    {{0xF1, 0x80, 0x80, 0x80}, {0xF3, 0xBF, 0xBF, 0xBF}, 4},
    {{0xF4, 0x80, 0x80, 0x80}, {0xF4, 0x8F, 0xBF, 0xBF}, 4},
};

/* Length of the well-formed sequence at the front, or 0. */
static size_t well_formed_len(const unsigned char *bytes, size_t len)
{
    for (size_t row = 0; row < sizeof(well_formed) / sizeof(well_formed[0]); row++) {
        size_t at = 0;
        while (at < well_formed[row].len && at < len && bytes[at] >= well_formed[row].from[at] &&
               bytes[at] <= well_formed[row].to[at])
            at++;
        if (at == well_formed[row].len)
            return at;
    }
    return 0;
}

static void check_sequence(const unsigned char *bytes, size_t len)
{
    slice text = slice_make(bytes, len);
    size_t right = well_formed_len(bytes, len);
    uint32_t character = 0;
    size_t taken = utf8_decode(text, &character);
    assert_int_equal(taken, right == 0 ? 1 : right);
    if (right == 0)
        assert_int_equal(character, UTF8_REPLACEMENT);
    assert_int_equal(utf8_is_valid(slice_first(text, taken)), right != 0);
}

static void follows_table_3_7(void **state)
{
    (void)state;
    static const unsigned char edges[] = {
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xFF};
    for (unsigned lead = 0; lead < 256; lead++) {
        for (unsigned second = 0; second < 256; second++) {
            unsigned char bytes[4] = {(unsigned char)lead, (unsigned char)second};
            check_sequence(bytes, 1);
            check_sequence(bytes, 2);
            for (size_t i = 0; i < sizeof(edges); i++) {
                bytes[2] = edges[i];
                check_sequence(bytes, 3);
                for (size_t j = 0; j < sizeof(edges); j++) {
                    bytes[3] = edges[j];
                    check_sequence(bytes, 4);
                }
            }
        }
    }
}

static void encodes_every_character(void **state)
{
    (void)state;
    char bytes[4];
    for (uint32_t character = 0; character <= 0x10FFFF; character++) {
        bool surrogate = character >= 0xD800 && character <= 0xDFFF;
        size_t len = utf8_encode(character, bytes);
        uint32_t back = 0;
        if (utf8_decode(slice_make(bytes, len), &back) != len ||
            back != (surrogate ? UTF8_REPLACEMENT : character) ||
            !utf8_is_valid(slice_make(bytes, len)))
            fail();
    }
    assert_int_equal(utf8_encode(0x110000, bytes), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
    assert_int_equal(utf8_encode(UINT32_MAX, bytes), 3);
}

/* The standard's examples of what is malformed, and more; each U+FFFD stands for one byte. */
static void makes_valid_copies(void **state)
{
    (void)state;
#define FFFD "\xEF\xBF\xBD"
    static const struct {
        slice text;
        slice valid;
    } rows[] = {
        {S_INIT(""), S_INIT("")},
        {S_INIT("abc"), S_INIT("abc")},
        {S_INIT("0123456789\xE2\x82\xAC"), S_INIT("0123456789\xE2\x82\xAC")},
        {S_INIT("a\0b"), S_INIT("a\0b")},
        {S_INIT("\xEF\xBF\xBD"), S_INIT(FFFD)},
        /* table 3-8: non-shortest forms */
        {S_INIT("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
            S_INIT(FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A")},
        /* table 3-9: surrogates */
        {S_INIT("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
            S_INIT(FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A")},
        /* table 3-10: other ill-formed sequences */
        {S_INIT("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
            S_INIT(FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B")},
        /* table 3-11: truncated sequences */
        {S_INIT("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
            S_INIT(FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A")},
        {S_INIT("12345678\xFF"), S_INIT("12345678" FFFD)},
        {S_INIT("ab\xE2\x82"), S_INIT("ab" FFFD FFFD)},
    };
#undef FFFD
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        slice copy = utf8_valid_copy(&arena, rows[i].text);
        bool valid = slice_equal(rows[i].text, rows[i].valid);
        assert_slice(copy, rows[i].valid);
        assert_int_equal(utf8_is_valid(rows[i].text), valid);
        if (valid)
            assert_ptr_equal(copy.at, rows[i].text.at);
    }
    assert_true(utf8_is_valid((slice){NULL, 0}));
    arena_free(&arena);
}

static void lowers_text(void **state)
{
    (void)state;
    static const struct {
        slice text;
        slice lower;
    } rows[] = {
        {S_INIT(""), S_INIT("")},
        {S_INIT("abc [09]"), S_INIT("abc [09]")},
        {S_INIT("aBC"), S_INIT("abc")},
        {S_INIT("STRA\xC3\x9F"
                "E \xC3\x84\xC3\x96\xC3\x9C"),
            S_INIT("stra\xC3\x9F"
                   "e \xC3\xA4\xC3\xB6\xC3\xBC")},
        /* Sigma, also at the end of a word: the mapping is of single characters */
        {S_INIT("\xCE\xA3\xCE\x91\xCE\xA3"), S_INIT("\xCF\x83\xCE\xB1\xCF\x83")},
        /* I with dot above, and the Kelvin sign, become ASCII */
        {S_INIT("\xC4\xB0\xE2\x84\xAA"), S_INIT("ik")},
        /* Cyrillic */
        {S_INIT("\xD0\x90\xD0\x91\xD0\xAF\xD0\x81"), S_INIT("\xD0\xB0\xD0\xB1\xD1\x8F\xD1\x91")},
        /* two bytes to three (U+023A), three to two (U+1E9E), four to four (U+10400) */
        {S_INIT("\xC8\xBA\xE1\xBA\x9E\xF0\x90\x90\x80"),
            S_INIT("\xE2\xB1\xA5\xC3\x9F\xF0\x90\x90\xA8")},
        /* full-width letters; kanji and kana have no case */
        {S_INIT("\xEF\xBC\xA1\xE6\xBC\xA2\xE3\x82\xA2"),
            S_INIT("\xEF\xBD\x81\xE6\xBC\xA2\xE3\x82\xA2")},
        {S_INIT("A\xFF\xC3"
                "B\xED\xA0\x80"),
            S_INIT("a\xFF\xC3"
                   "b\xED\xA0\x80")},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_slice(utf8_lower_copy(&arena, rows[i].text), rows[i].lower);
    slice same = S("already lower");
    assert_ptr_equal(utf8_lower_copy(&arena, same).at, same.at);
    assert_true(slice_is_absent(utf8_lower_copy(&arena, (slice){NULL, 0})));
    arena_free(&arena);
}

/* The table is not taken from the C library, but they say the same. (A later version of either
 * knows more characters: only what both change is compared.) */
static void lowers_as_the_c_library(void **state)
{
    (void)state;
    locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (locale == (locale_t)0)
        skip();
    size_t changed = 0;
    for (uint32_t character = 0; character <= 0x10FFFF; character++) {
        uint32_t lower = utf8_lower(character);
        uint32_t theirs = (uint32_t)towlower_l((wint_t)character, locale);
        if (lower == character || theirs == character)
            continue;
        assert_int_equal(lower, theirs);
        assert_int_equal(utf8_lower(lower), lower);
        changed++;
    }
    freelocale(locale);
    assert_true(changed >= 1400);
    assert_int_equal(utf8_lower(UINT32_MAX), UINT32_MAX);
}

static void reads_utf16(void **state)
{
    (void)state;
    static const struct {
        slice little;
        slice text;
    } rows[] = {
        {S_INIT(""), S_INIT("")},
        {S_INIT("a"), S_INIT("")},
        {S_INIT("a\0b\0\0\0c"), S_INIT("ab\0")},
        {S_INIT("\xE4\0\xAC\x20"), S_INIT("\xC3\xA4\xE2\x82\xAC")},
        {S_INIT("\x3D\xD8\x00\xDE"), S_INIT("\xF0\x9F\x98\x80")},
        {S_INIT("\xFF\xDB\xFF\xDF"), S_INIT("\xF4\x8F\xBF\xBF")},
        /* high at the end, high before a letter, low alone, two highs and a low, low and high */
        {S_INIT("\x3D\xD8"), S_INIT("\xEF\xBF\xBD")},
        {S_INIT("\x3D\xD8z\0"), S_INIT("\xEF\xBF\xBDz")},
        {S_INIT("\x00\xDEz\0"), S_INIT("\xEF\xBF\xBDz")},
        {S_INIT("\x3D\xD8\x3D\xD8\x00\xDE"), S_INIT("\xEF\xBF\xBD\xF0\x9F\x98\x80")},
        {S_INIT("\x00\xDE\x3D\xD8"), S_INIT("\xEF\xBF\xBD\xEF\xBF\xBD")},
        {S_INIT("\xFF\xFE\xFE\xFF"), S_INIT("\xEF\xBB\xBF\xEF\xBF\xBE")},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char big[16];
        slice little = rows[i].little;
        for (size_t at = 0; at < little.len; at++)
            big[at] = at + 1 == little.len && at % 2 == 0 ? little.at[at] : little.at[at ^ 1];
        assert_slice(utf8_from_utf16(&arena, little, false), rows[i].text);
        assert_slice(utf8_from_utf16(&arena, slice_make(big, little.len), true), rows[i].text);
    }
    assert_slice(utf8_from_utf16(&arena, (slice){NULL, 0}, false), S(""));
    arena_free(&arena);
}

/* One unit among letters, at each place: little-endian text is converted in blocks, big-endian text
 * unit by unit. */
static void reads_utf16_in_blocks(void **state)
{
    static const uint16_t units[] = {
        'z', 0, 0x7F, 0x80, 0xFF, 0x100, 0x7F00, 0x8000, 0xD83D, 0xFFFF};
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        for (size_t at = 0; at < 36; at++) {
            char little[72], big[72];
            for (size_t k = 0; k < 36; k++) {
                uint16_t unit = k == at ? units[i] : (uint16_t)('A' + k);
                little[2 * k] = big[2 * k + 1] = (char)(unit & 0xFF);
                little[2 * k + 1] = big[2 * k] = (char)(unit >> 8);
            }
            assert_slice(utf8_from_utf16(&arena, slice_make(little, sizeof(little)), false),
                utf8_from_utf16(&arena, slice_make(big, sizeof(big)), true));
        }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_table_3_7),
        cmocka_unit_test(encodes_every_character),
        cmocka_unit_test(makes_valid_copies),
        cmocka_unit_test(lowers_text),
        cmocka_unit_test(lowers_as_the_c_library),
        cmocka_unit_test(reads_utf16),
        cmocka_unit_test(reads_utf16_in_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
