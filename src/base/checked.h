/* Checked arithmetic on sizes. gcc 12 and clang 14 have no <stdckdint.h>; the builtins do the same.
 * The checked_* functions return true on success and write the result only then. */
#ifndef BASE_CHECKED_H
#define BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool checked_add(size_t a, size_t b, size_t *sum)
{
    size_t value;
    if (__builtin_add_overflow(a, b, &value))
        return false;
    *sum = value;
    return true;
}

static inline bool checked_mul(size_t a, size_t b, size_t *product)
{
    size_t value;
    if (__builtin_mul_overflow(a, b, &value))
        return false;
    *product = value;
    return true;
}

/* The same on signed 64-bit numbers (nanoseconds, offsets). */
static inline bool checked_add_i64(int64_t a, int64_t b, int64_t *sum)
{
    int64_t value;
    if (__builtin_add_overflow(a, b, &value))
        return false;
    *sum = value;
    return true;
}

static inline bool checked_mul_i64(int64_t a, int64_t b, int64_t *product)
{
    int64_t value;
    if (__builtin_mul_overflow(a, b, &value))
        return false;
    *product = value;
    return true;
}

static inline size_t size_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t size_max(size_t a, size_t b)
{
    return a > b ? a : b;
}

#endif
