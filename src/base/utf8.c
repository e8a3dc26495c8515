/* See utf8.h. ASCII runs, which are nearly all of a log, take the first branch everywhere.
 *
 * Rejected for lower case: towlower of the C library, which opens locale files (a sandbox forbids
 * it), does nothing where C.UTF-8 is not installed, and differs from version to version. */
#include "base/utf8.h"

#include <endian.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/assert.h"
#include "base/checked.h"

static bool utf8_continues(slice text, size_t at)
{
    return at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80;
}

size_t utf8_decode(slice text, uint32_t *character)
{
    ASSERT(text.len > 0);
    unsigned char lead = (unsigned char)text.at[0];
    size_t len = lead < 0x80   ? 1
                 : lead < 0xC2 ? 0
                 : lead < 0xE0 ? 2
                 : lead < 0xF0 ? 3
                 : lead < 0xF5 ? 4
                               : 0;
    static const unsigned char mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    *character = UTF8_REPLACEMENT;
    if (len == 0)
        return 1;
    uint32_t value = lead & mask[len];
    for (size_t i = 1; i < len; i++) {
        if (!utf8_continues(text, i))
            return 1;
        value = value << 6 | ((unsigned char)text.at[i] & 0x3F);
    }
    if (value < least[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *character = value;
    return len;
}

/* Bytes at the front that are all ASCII. */
static size_t utf8_ascii_run(slice text)
{
    size_t at = 0;
    while (at + 8 <= text.len) {
        uint64_t word;
        memcpy(&word, text.at + at, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
        at += 8;
    }
    while (at < text.len && (unsigned char)text.at[at] < 0x80)
        at++;
    return at;
}

bool utf8_is_ascii(slice text)
{
    return utf8_ascii_run(text) == text.len;
}

bool utf8_is_valid(slice text)
{
    for (;;) {
        text = slice_from(text, utf8_ascii_run(text));
        if (text.len == 0)
            return true;
        uint32_t character;
        size_t len = utf8_decode(text, &character);
        if (len == 1)
            return false;
        text = slice_from(text, len);
    }
}

size_t utf8_encode(uint32_t character, char out[4])
{
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
        character = UTF8_REPLACEMENT;
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | character >> 6);
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xE0 | character >> 12);
        out[1] = (char)(0x80 | (character >> 6 & 0x3F));
        out[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | character >> 18);
    out[1] = (char)(0x80 | (character >> 12 & 0x3F));
    out[2] = (char)(0x80 | (character >> 6 & 0x3F));
    out[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

void utf8_append(struct buf *out, uint32_t character)
{
    char bytes[4];
    buf_append(out, slice_make(bytes, utf8_encode(character, bytes)));
}

/* Characters first, first + step .. last have their lower case `delta` further on. */
static const struct utf8_lower_row {
    uint32_t first;
    uint32_t last;
    uint32_t step;
    int32_t delta;
} utf8_lower_rows[] = {
#define LOWER(first, last, step, delta) {first, last, step, delta},
#include "base/utf8_lower.def"
#undef LOWER
};

uint32_t utf8_lower(uint32_t character)
{
    if (character < 0x80)
        return (uint32_t)byte_lower((char)character);
    size_t from = 0;
    size_t to = sizeof(utf8_lower_rows) / sizeof(utf8_lower_rows[0]);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct utf8_lower_row *row = &utf8_lower_rows[middle];
        if (character > row->last)
            from = middle + 1;
        else if (character < row->first)
            to = middle;
        else
            return (character - row->first) % row->step == 0
                       ? (uint32_t)((int64_t)character + row->delta)
                       : character;
    }
    return character;
}

#define UTF8_ONES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes of ASCII in lower case. A byte is a capital when adding what is missing to 0x80 sets
 * its top bit from 'A' on, but not yet from '[' on. */
static uint64_t utf8_lower_ascii8(uint64_t bytes)
{
    uint64_t from_a = bytes + UTF8_ONES(0x80 - 'A');
    uint64_t from_bracket = bytes + UTF8_ONES(0x80 - '[');
    uint64_t capitals = from_a & ~from_bracket & UTF8_ONES(0x80);
    return bytes | capitals >> 2;
}

/* Bytes at the front that are ASCII, put in lower case into `out`. */
static size_t utf8_lower_run(slice text, char *out, bool *changed)
{
    size_t at = 0;
    for (; at + 8 <= text.len; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, text.at + at, sizeof(bytes));
        if ((bytes & UTF8_ONES(0x80)) != 0)
            break;
        uint64_t lower = utf8_lower_ascii8(bytes);
        *changed |= lower != bytes;
        memcpy(out + at, &lower, sizeof(lower));
    }
    for (; at < text.len && (unsigned char)text.at[at] < 0x80; at++) {
        out[at] = byte_lower(text.at[at]);
        *changed |= out[at] != text.at[at];
    }
    return at;
}

slice utf8_lower_copy(struct arena *arena, slice text)
{
    /* A lower-case letter may take more bytes than its capital (U+0130 and a few): at most 4 for
     * each byte taken. */
    char *out = arena_bytes(arena, text.len * 4);
    bool changed = false;
    size_t len = 0;
    for (slice rest = text; rest.len > 0;) {
        size_t taken = utf8_lower_run(rest, out + len, &changed);
        len += taken;
        rest = slice_from(rest, taken);
        if (rest.len == 0)
            break;
        uint32_t character;
        taken = utf8_decode(rest, &character);
        changed = true;
        if (taken == 1)
            out[len++] = rest.at[0];
        else
            len += utf8_encode(utf8_lower(character), out + len);
        rest = slice_from(rest, taken);
    }
    arena_shrink(arena, out, changed ? len : 0);
    return changed ? slice_make(out, len) : text;
}

slice utf8_valid_copy(struct arena *arena, slice text)
{
    if (utf8_is_valid(text))
        return text;
    char *out = arena_bytes(arena, text.len * 3);
    size_t len = 0;
    for (slice rest = text; rest.len > 0;) {
        uint32_t character;
        size_t taken = utf8_decode(rest, &character);
        len += utf8_encode(character, out + len);
        rest = slice_from(rest, taken);
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

static uint32_t utf8_utf16_unit(slice utf16, size_t at, bool big)
{
    uint32_t first = (unsigned char)utf16.at[at];
    uint32_t second = (unsigned char)utf16.at[at + 1];
    return big ? first << 8 | second : second << 8 | first;
}

/* Copies ASCII at the front, eight units at a time or four: most text in Windows' logs is nothing
 * else. Returns how many units it took. */
static size_t utf8_ascii_from_utf16(slice utf16, char *out)
{
    size_t units = 0;
#ifdef __SSE2__ /* which every x86-64 has */
    const __m128i beyond = _mm_set1_epi16((short)0xFF80);
    for (; utf16.len >= 16; utf16 = slice_from(utf16, 16), units += 8) {
        __m128i eight = _mm_loadu_si128((const __m128i *)(const void *)utf16.at);
        __m128i plain = _mm_cmpeq_epi16(_mm_and_si128(eight, beyond), _mm_setzero_si128());
        if (_mm_movemask_epi8(plain) != 0xFFFF)
            break;
        _mm_storel_epi64((__m128i *)(void *)(out + units), _mm_packus_epi16(eight, eight));
    }
#endif
    for (; utf16.len >= 8; utf16 = slice_from(utf16, 8), units += 4) {
        uint64_t four;
        memcpy(&four, utf16.at, sizeof(four));
        four = le64toh(four);
        if ((four & UINT64_C(0xFF80FF80FF80FF80)) != 0)
            break;
        four |= four >> 8; /* units 0 and 2 take the byte of the next one into their high byte */
        uint32_t bytes = htole32((uint32_t)(four & 0xFFFF) | (uint32_t)(four >> 32) << 16);
        memcpy(out + units, &bytes, sizeof(bytes));
    }
    return units;
}

slice utf8_from_utf16(struct arena *arena, slice utf16, bool big)
{
    size_t units = utf16.len / 2;
    char *out = arena_bytes(arena, units * 3);
    size_t len = big ? 0 : utf8_ascii_from_utf16(utf16, out);
    for (size_t i = len; i < units; i++) {
        uint32_t unit = utf8_utf16_unit(utf16, i * 2, big);
        if (unit < 0x80) {
            out[len++] = (char)unit;
            continue;
        }
        if (unit >= 0xD800 && unit <= 0xDBFF && i + 1 < units) {
            uint32_t low = utf8_utf16_unit(utf16, i * 2 + 2, big);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                i++;
            }
        }
        len += utf8_encode(unit, out + len);
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}
