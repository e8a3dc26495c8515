/* See exact_sum.h. A fixed-point number wide enough for every double (Kulisch's accumulator), in
 * digits of 32 bits that are kept in 64, so that carries can wait. Only digits in use are looked
 * at: two or three for ordinary numbers.
 *
 * Rejected: a running double, which is wrong for ever after a large number has come and gone; and
 * sums of partial sums (two stacks), which forget in O(1) too but round once for each number, so
 * that an equality holds or not depending on the order of the matches. */
#include "detect/exact_sum.h"

#include <math.h>

#include "base/assert.h"

#define EXACT_SUM_BITS       32
#define EXACT_SUM_MASK       INT64_C(0xFFFFFFFF)
#define EXACT_SUM_LEAST      (-1074) /* exponent of the lowest bit */
#define EXACT_SUM_FRACTION   53      /* bits of a double */
#define EXACT_SUM_PENDING    ((uint32_t)1 << 30)
#define EXACT_SUM_TOP_DIGITS 3

/* Brings all digits but the highest into 0..2^32-1; that one keeps the sign. */
static void exact_sum_carry(struct exact_sum *sum)
{
    sum->added = 0;
    if (sum->first == sum->end)
        return;
    for (uint32_t i = sum->first; i + 1 < sum->end; i++) {
        sum->digits[i + 1] += sum->digits[i] >> EXACT_SUM_BITS;
        sum->digits[i] &= EXACT_SUM_MASK;
    }
    while (sum->digits[sum->end - 1] > INT32_MAX || sum->digits[sum->end - 1] < INT32_MIN) {
        ASSERT(sum->end < EXACT_SUM_DIGITS);
        sum->digits[sum->end] = sum->digits[sum->end - 1] >> EXACT_SUM_BITS;
        sum->digits[sum->end - 1] &= EXACT_SUM_MASK;
        sum->end++;
    }
}

static void exact_sum_use(struct exact_sum *sum, uint32_t first, uint32_t end)
{
    if (sum->first == sum->end) {
        sum->first = first;
        sum->end = end;
    }
    sum->first = first < sum->first ? first : sum->first;
    sum->end = end > sum->end ? end : sum->end;
}

void exact_sum_add(struct exact_sum *sum, double number)
{
    int exponent;
    ASSERT(isfinite(number));
    int64_t fraction = (int64_t)ldexp(frexp(number, &exponent), EXACT_SUM_FRACTION);
    if (fraction == 0)
        return;
    int place = exponent - EXACT_SUM_FRACTION - EXACT_SUM_LEAST;
    for (; place < 0; place++)
        fraction /= 2; /* below the normal range these bits are 0 */
    uint32_t at = (uint32_t)place / EXACT_SUM_BITS;
    uint32_t shift = (uint32_t)place % EXACT_SUM_BITS;
    int64_t sign = fraction < 0 ? -1 : 1;
    uint64_t bits = (uint64_t)(fraction * sign);
    uint64_t low = (bits & (uint64_t)EXACT_SUM_MASK) << shift;
    uint64_t high = (bits >> EXACT_SUM_BITS) << shift;
    exact_sum_use(sum, at, at + EXACT_SUM_TOP_DIGITS);
    sum->digits[at] += sign * (int64_t)(low & (uint64_t)EXACT_SUM_MASK);
    sum->digits[at + 1] +=
        sign * (int64_t)((low >> EXACT_SUM_BITS) + (high & (uint64_t)EXACT_SUM_MASK));
    sum->digits[at + 2] += sign * (int64_t)(high >> EXACT_SUM_BITS);
    if (++sum->added == EXACT_SUM_PENDING)
        exact_sum_carry(sum);
}

void exact_sum_subtract(struct exact_sum *sum, double number)
{
    exact_sum_add(sum, -number);
}

/* The highest digits of a sum that is not negative, with a last bit that stands for all below. */
static double exact_sum_round(const struct exact_sum *sum)
{
    uint32_t end = sum->end;
    while (end > sum->first && sum->digits[end - 1] == 0)
        end--;
    if (end == sum->first)
        return 0;
    unsigned __int128 top = 0;
    uint32_t at = end;
    for (; at > sum->first && end - at < EXACT_SUM_TOP_DIGITS; at--)
        top = top << EXACT_SUM_BITS | (uint64_t)sum->digits[at - 1];
    int exponent = (int)at * EXACT_SUM_BITS + EXACT_SUM_LEAST;
    uint64_t below = 0; /* 1 when any bit below `top` is */
    for (uint32_t i = sum->first; i < at; i++)
        below |= sum->digits[i] != 0;
    for (; top >> 64 != 0; top >>= 1, exponent++)
        below |= (uint64_t)top & 1;
    return ldexp((double)((uint64_t)top | below), exponent);
}

double exact_sum_value(struct exact_sum *sum)
{
    exact_sum_carry(sum);
    if (sum->first == sum->end)
        return 0;
    if (sum->digits[sum->end - 1] >= 0)
        return exact_sum_round(sum);
    struct exact_sum negative = *sum;
    for (uint32_t i = negative.first; i < negative.end; i++)
        negative.digits[i] = -negative.digits[i];
    exact_sum_carry(&negative);
    return -exact_sum_round(&negative);
}
