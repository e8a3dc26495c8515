/* The two clocks. Everything that needs the time asks here, so that scenarios can fake it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_ns(void);
/* Nanoseconds since some start; never goes back. */
int64_t clock_monotonic_ns(void);

#endif
