/* What a unit test begins with: cmocka with the headers that it wants first, and a check for
 * slices that shows what differs. Only *_test.c includes this. */
#ifndef BASE_TEST_H
#define BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slice.h"

/* Whether the bytes are the same; the length tells what lies after a NUL. */
#define assert_slice(actual, expected) test_slice(actual, expected, __FILE__, __LINE__)

static inline void test_show(const char *what, slice bytes)
{
    print_error("%s \"%.*s\" (%zu bytes)\n", what, (int)bytes.len, bytes.at == NULL ? "" : bytes.at,
        bytes.len);
}

static inline void test_slice(slice actual, slice expected, const char *file, int line)
{
    if (slice_equal(actual, expected))
        return;
    test_show("is:       ", actual);
    test_show("should be:", expected);
    _fail(file, line);
}

/* Pseudo-random numbers that are the same in every run (SplitMix64). */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

#endif
