/* See slice.h. memmem and memchr of glibc are vectorised; nothing here is worth doing by hand. */
#include "base/slice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/checked.h"

slice slice_from_cstr(const char *text)
{
    if (text == NULL)
        return (slice){NULL, 0};
    return (slice){text, (size_t)(strchr(text, '\0') - text)};
}

bool slice_equal_nocase(slice a, slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (byte_lower(a.at[i]) != byte_lower(b.at[i]))
            return false;
    return true;
}

int slice_compare(slice a, slice b)
{
    size_t len = size_min(a.len, b.len);
    int order = len == 0 ? 0 : memcmp(a.at, b.at, len);
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool slice_starts_nocase(slice s, slice prefix)
{
    return s.len >= prefix.len && slice_equal_nocase(slice_first(s, prefix.len), prefix);
}

bool slice_ends_nocase(slice s, slice suffix)
{
    return s.len >= suffix.len && slice_equal_nocase(slice_from(s, s.len - suffix.len), suffix);
}

size_t slice_find(slice s, slice needle)
{
    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return s.len;
    const char *hit = memmem(s.at, s.len, needle.at, needle.len);
    return hit == NULL ? s.len : (size_t)(hit - s.at);
}

bool slice_contains(slice s, slice needle)
{
    return needle.len == 0 || slice_find(s, needle) < s.len;
}

slice slice_trim(slice s)
{
    while (s.len > 0 && byte_is_space(s.at[0]))
        s = slice_from(s, 1);
    while (s.len > 0 && byte_is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

#define SLICE_DIGITS_SAFE 19 /* so many digits are never too large a number */

bool slice_to_u64(slice s, uint64_t maximum, uint64_t *value)
{
    uint64_t sum = 0;
    size_t at = 0;
    if (s.len == 0)
        return false;
    for (; at < s.len && at < SLICE_DIGITS_SAFE; at++) {
        if (!byte_is_digit(s.at[at]))
            return false;
        sum = sum * 10 + (uint64_t)(s.at[at] - '0');
    }
    for (; at < s.len; at++) {
        if (!byte_is_digit(s.at[at]))
            return false;
        if (__builtin_mul_overflow(sum, 10U, &sum))
            return false;
        if (__builtin_add_overflow(sum, (uint64_t)(s.at[at] - '0'), &sum))
            return false;
    }
    if (sum > maximum)
        return false;
    *value = sum;
    return true;
}

bool slice_to_i64(slice s, int64_t *value)
{
    bool negative = s.len > 0 && s.at[0] == '-';
    uint64_t magnitude;
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    if (!slice_to_u64(negative ? slice_from(s, 1) : s, limit, &magnitude))
        return false;
    *value = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}

bool slice_to_hex_u64(slice s, uint64_t *value)
{
    uint64_t sum = 0;
    if (slice_starts_nocase(s, S("0x")))
        s = slice_from(s, 2);
    if (s.len == 0 || s.len > 16)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        int digit = byte_hex_value(s.at[i]);
        if (digit < 0)
            return false;
        sum = sum << 4 | (uint64_t)digit;
    }
    *value = sum;
    return true;
}

/* Longer than any double that a person or a program writes; more digits change nothing that matters
 * to a rule. */
#define DOUBLE_TEXT_MAX 63

bool slice_to_double(slice s, double *value)
{
    char copy[DOUBLE_TEXT_MAX + 1];
    char *end;
    if (s.len == 0 || s.len > DOUBLE_TEXT_MAX)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!byte_is_digit(c) && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E')
            return false;
        copy[i] = c;
    }
    copy[s.len] = '\0';
    /* The program never calls setlocale(LC_NUMERIC), so the decimal point is '.'. */
    double number = strtod(copy, &end);
    if (end != copy + s.len || !isfinite(number))
        return false;
    *value = number;
    return true;
}
