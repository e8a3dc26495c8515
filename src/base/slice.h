/* A slice: bytes by pointer and length, in two registers. It owns nothing; whoever made the bytes
 * says how long they live. What decoders call for every few bytes is here, to be inlined. Bytes are
 * not terminated and may hold NUL. A NULL pointer with length 0 is "absent" where a function says
 * so. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct slice {
    const char *at;
    size_t len;
} slice;

/* A slice over a string literal. */
#define S(literal) ((slice){"" literal, sizeof(literal) - 1})
/* The same as a constant initialiser for static tables. */
#define S_INIT(literal)                                                                            \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

static inline slice slice_make(const void *at, size_t len)
{
    return (slice){at, len};
}

/* A slice over a terminated string (argv, environment, libraries); NULL gives the absent slice. */
slice slice_from_cstr(const char *text);

static inline bool slice_is_empty(slice s)
{
    return s.len == 0;
}

static inline bool slice_is_absent(slice s)
{
    return s.at == NULL;
}

static inline bool slice_equal(slice a, slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* ASCII case only. */
bool slice_equal_nocase(slice a, slice b);
/* Like memcmp, the shorter first when one begins the other: <0, 0, >0. */
int slice_compare(slice a, slice b);

/* From index `from` to the end, and the first `len` bytes; both clamp to the slice. */
static inline slice slice_from(slice s, size_t from)
{
    size_t cut = from < s.len ? from : s.len;
    /* An absent slice has no address to count from. */
    return cut == 0 ? s : (slice){s.at + cut, s.len - cut};
}

static inline slice slice_first(slice s, size_t len)
{
    return (slice){s.at, len < s.len ? len : s.len};
}

/* [from, from+len), clamped. */
static inline slice slice_sub(slice s, size_t from, size_t len)
{
    return slice_first(slice_from(s, from), len);
}

static inline bool slice_starts(slice s, slice prefix)
{
    return s.len >= prefix.len && slice_equal(slice_first(s, prefix.len), prefix);
}

static inline bool slice_ends(slice s, slice suffix)
{
    return s.len >= suffix.len && slice_equal(slice_from(s, s.len - suffix.len), suffix);
}

bool slice_starts_nocase(slice s, slice prefix);
bool slice_ends_nocase(slice s, slice suffix);

/* Index of the first occurrence, or s.len when there is none. */
size_t slice_find(slice s, slice needle);
bool slice_contains(slice s, slice needle);

static inline size_t slice_find_byte(slice s, char byte)
{
    const char *hit = s.len == 0 ? NULL : memchr(s.at, byte, s.len);
    return hit == NULL ? s.len : (size_t)(hit - s.at);
}

/* Index of the last one, or s.len. */
static inline size_t slice_find_last_byte(slice s, char byte)
{
    const char *hit = s.len == 0 ? NULL : memrchr(s.at, byte, s.len);
    return hit == NULL ? s.len : (size_t)(hit - s.at);
}

/* Without ASCII white space (space, \t, \r, \n, \v, \f) at both ends. */
slice slice_trim(slice s);

/* Cuts `s` at the first `byte`: *head gets what is before it, *tail what is after. Without such a
 * byte *head is the whole slice, *tail empty, and false is returned. */
static inline bool slice_cut(slice s, char byte, slice *head, slice *tail)
{
    size_t at = slice_find_byte(s, byte);
    bool found = at < s.len;
    *head = slice_first(s, at);
    *tail = slice_from(s, found ? at + 1 : at);
    return found;
}

/* Cuts the next token up to `byte` off *rest. False when *rest is absent (all tokens were taken).
 */
static inline bool slice_next(slice *rest, char byte, slice *token)
{
    if (slice_is_absent(*rest))
        return false;
    if (!slice_cut(*rest, byte, token, rest))
        *rest = (slice){NULL, 0};
    return true;
}

/* Decimal number that fills the whole slice, at most `maximum`. No sign, no space. False when it is
 * none. */
bool slice_to_u64(slice s, uint64_t maximum, uint64_t *value);
/* Optional '-' then digits. */
bool slice_to_i64(slice s, int64_t *value);
/* Hexadecimal digits, optionally after 0x; whole slice. */
bool slice_to_hex_u64(slice s, uint64_t *value);
/* A finite decimal number in JSON's or C's decimal form, independent of the locale; whole slice. */
bool slice_to_double(slice s, double *value);

static inline bool byte_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool byte_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool byte_is_alnum(char c)
{
    return byte_is_digit(c) || byte_is_alpha(c);
}

static inline bool byte_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether `c` is one of the bytes of `set`. */
static inline bool byte_is_among(char c, slice set)
{
    for (size_t i = 0; i < set.len; i++)
        if (set.at[i] == c)
            return true;
    return false;
}

static inline char byte_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* 0..15, or -1 when `c` is no hexadecimal digit. */
static inline int byte_hex_value(char c)
{
    if (byte_is_digit(c))
        return c - '0';
    char lower = byte_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

#endif
