/* The exact sum of numbers that come and go, rounded once when it is asked for: what a window holds
 * adds up to the same whatever was in it before, and in whatever order. */
#ifndef DETECT_EXACT_SUM_H
#define DETECT_EXACT_SUM_H

#include <stdint.h>

/* The bits of all finite doubles, from 2^-1074 up to 2^1024, with room above for 2^63 of them. */
#define EXACT_SUM_DIGITS 68

/* A zeroed one is the sum of nothing. */
struct exact_sum {
    uint32_t first, end; /* digits in use */
    uint32_t added;      /* numbers since digits were brought into their range */
    int64_t digits[EXACT_SUM_DIGITS];
};

/* The number must be finite. */
void exact_sum_add(struct exact_sum *sum, double number);
/* Takes away what was added before. */
void exact_sum_subtract(struct exact_sum *sum, double number);
/* The double nearest to the sum (to even between two); infinite past the largest. */
double exact_sum_value(struct exact_sum *sum);

#endif
