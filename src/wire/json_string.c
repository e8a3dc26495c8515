/* See json_string.h. A rendered message has an escape every few bytes: too few for a search and a
 * copy each, and their distances cannot be predicted. So all backslashes of a block are found at
 * once and copying goes in steps of a fixed size, past the end of what is copied. Near the end of
 * the text, and on other processors, it goes a word at a time. What is written never gets ahead of
 * what is read. */
#include "wire/json_string.h"

#include <endian.h>
#include <string.h>
#ifdef __SSE2__ /* which every x86-64 has */
#include <emmintrin.h>
#endif

#include "base/checked.h"
#include "base/utf8.h"

#define STRING_BLOCK ((size_t)64)
#define STRING_STEP  ((size_t)32)
/* What may be read and written from the front of a block on. */
#define STRING_REACH (STRING_BLOCK + 2 * STRING_STEP)

static bool string_hex4(slice at, uint32_t *value)
{
    uint64_t number;
    if (at.len < 4 || !slice_to_hex_u64(slice_first(at, 4), &number))
        return false;
    *value = (uint32_t)number;
    return true;
}

/* \uXXXX, with the second half of a surrogate pair where there is one, at the front of `at`: writes
 * the character and returns the bytes taken, 0 when the digits are none. */
static size_t string_unicode(slice at, char *to, size_t *written)
{
    uint32_t character, low;
    size_t taken = 6;
    if (!string_hex4(slice_from(at, 2), &character))
        return 0;
    if (character >= 0xD800 && character < 0xDC00 && slice_starts(slice_from(at, 6), S("\\u")) &&
        string_hex4(slice_from(at, 8), &low) && low >= 0xDC00 && low < 0xE000) {
        character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
        taken = 12;
    }
    *written = utf8_encode(character, to);
    return taken;
}

/* What the letter behind a backslash stands for; 0 for all others. */
static const char string_escapes[UINT8_MAX + 1] = {['"'] = '"',
    ['\\'] = '\\',
    ['/'] = '/',
    ['b'] = '\b',
    ['f'] = '\f',
    ['n'] = '\n',
    ['r'] = '\r',
    ['t'] = '\t'};

/* One escape at the front of `at` (which begins with a backslash): writes what it stands for, at
 * most as many bytes as it takes, and returns the bytes taken. Unknown escapes stand for
 * themselves. */
static size_t string_escape(slice at, char *to, size_t *written, bool *raw_byte)
{
    char letter = at.len > 1 ? at.at[1] : '\0';
    *written = 1;
    if (string_escapes[(unsigned char)letter] != '\0') {
        *to = string_escapes[(unsigned char)letter];
        return 2;
    }
    if (letter == 'u') {
        size_t taken = string_unicode(at, to, written);
        if (taken > 0)
            return taken;
        *written = 1;
    }
    if (letter == 'x' && at.len >= 4 && byte_hex_value(at.at[2]) >= 0 &&
        byte_hex_value(at.at[3]) >= 0) {
        *to = (char)(byte_hex_value(at.at[2]) << 4 | byte_hex_value(at.at[3]));
        *raw_byte = true;
        return 4;
    }
    *to = '\\';
    return 1;
}

/* Copies bytes up to the next backslash and tells how many, a word at a time. `to` has room for
 * `from`. */
static size_t string_copy_plain(char *to, slice from)
{
    const uint64_t ones = UINT64_MAX / UINT8_MAX;
    uint64_t word;
    size_t at = 0;
    for (; from.len - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, from.at + at, sizeof(word));
        memcpy(to + at, &word, sizeof(word));
        /* The lowest byte that is a backslash gets its high bit set; those above may be wrong. */
        uint64_t differs = le64toh(word) ^ ones * '\\';
        uint64_t hits = (differs - ones) & ~differs & ones << 7;
        if (hits != 0)
            return at + (size_t)__builtin_ctzll(hits) / 8;
    }
    for (; at < from.len && from.at[at] != '\\'; at++)
        to[at] = from.at[at];
    return at;
}

#ifdef __SSE2__

/* Bit i tells whether byte i of a block is a backslash. */
static uint64_t string_backslashes(const char *at)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < STRING_BLOCK; i += sizeof(__m128i)) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i hits = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(hits) << i;
    }
    return bits;
}

/* At most a block. */
static void string_copy(char *to, const char *from, size_t len)
{
    memcpy(to, from, STRING_STEP);
    if (len > STRING_STEP)
        memcpy(to + STRING_STEP, from + STRING_STEP, STRING_STEP);
}

/* Unescapes up to a block of `rest`, of which STRING_REACH bytes can be read, and returns how many
 * bytes that gives. *taken stops short of an escape of a rare kind. */
static size_t string_unescape_block(slice rest, char *to, size_t *taken)
{
    size_t block = size_min(rest.len, STRING_BLOCK);
    uint64_t escapes = string_backslashes(rest.at) & UINT64_MAX >> (STRING_BLOCK - block);
    size_t from = 0, len = 0;
    while (escapes != 0) {
        size_t at = (size_t)__builtin_ctzll(escapes);
        char known = at + 1 < rest.len ? string_escapes[(unsigned char)rest.at[at + 1]] : '\0';
        string_copy(to + len, rest.at + from, at - from);
        len += at - from;
        if (known == '\0') {
            *taken = at;
            return len;
        }
        to[len++] = known;
        from = at + 2;
        escapes &= ~(UINT64_C(3) << at);
    }
    if (from < block) {
        string_copy(to + len, rest.at + from, block - from);
        len += block - from;
        from = block;
    }
    *taken = from;
    return len;
}

#endif

/* Unescapes some of `rest`, up to an escape at most. */
static size_t string_unescape_some(slice rest, const char *readable_end, char *to, size_t *taken)
{
#ifdef __SSE2__
    if ((size_t)(readable_end - rest.at) >= STRING_REACH)
        return string_unescape_block(rest, to, taken);
#endif
    (void)readable_end;
    return *taken = string_copy_plain(to, rest);
}

slice json_string_unescape(struct arena *arena, slice quoted, const char *readable_end)
{
    char *text = arena_bytes(arena, quoted.len + STRING_REACH);
    bool raw_byte = false;
    size_t len = 0;
    for (slice rest = quoted; rest.len > 0;) {
        size_t taken, written;
        len += string_unescape_some(rest, readable_end, text + len, &taken);
        rest = slice_from(rest, taken);
        if (rest.len == 0 || rest.at[0] != '\\')
            continue;
        taken = string_escape(rest, text + len, &written, &raw_byte);
        len += written;
        rest = slice_from(rest, taken);
    }
    arena_shrink(arena, text, len);
    slice value = slice_make(text, len);
    return raw_byte ? utf8_valid_copy(arena, value) : value;
}
