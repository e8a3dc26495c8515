/* See clock.h. */
#include "base/clock.h"

#include <time.h>

#include "base/assert.h"
#include "base/civil.h"

static int64_t clock_read(clockid_t id)
{
    struct timespec now;
    ASSERT(clock_gettime(id, &now) == 0);
    return now.tv_sec * CIVIL_NS_PER_S + now.tv_nsec;
}

int64_t clock_now_ns(void)
{
    return clock_read(CLOCK_REALTIME);
}

int64_t clock_monotonic_ns(void)
{
    return clock_read(CLOCK_MONOTONIC);
}
