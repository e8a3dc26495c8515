/* The numbers at one rank of a window that slides: median and percentiles. */
#ifndef DETECT_RANKS_H
#define DETECT_RANKS_H

#include <stddef.h>
#include <stdint.h>

struct ranks_number {
    double number;
    uint32_t slot; /* of `places` */
};

/* A zeroed one with its percentile set is empty. */
struct ranks {
    double percentile; /* 0..100 */
    /* One heap from the front, the numbers up to the rank, the highest first; one from the back,
     * the others, the lowest first. */
    struct ranks_number *numbers;
    uint32_t *places;  /* where the numbers stand, in the order they came: a ring */
    uint32_t capacity; /* of both; a power of two, or 0 */
    uint32_t oldest;   /* slot */
    uint32_t count;
    uint32_t low; /* numbers in the front heap */
};

void ranks_free(struct ranks *ranks);
void ranks_add(struct ranks *ranks, double number);
/* There must be one. */
void ranks_drop_oldest(struct ranks *ranks);
/* Linear between the two nearest ranks, so that 50 is the median. There must be a number. */
double ranks_value(const struct ranks *ranks);
/* Bytes held. */
size_t ranks_memory(const struct ranks *ranks);

#endif
