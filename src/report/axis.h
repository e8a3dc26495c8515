/* A time axis: where a time stands on a picture, and where its ticks are. UTC. */
#ifndef REPORT_AXIS_H
#define REPORT_AXIS_H

#include "base/base.h"

#define AXIS_TICKS_MAX 9

struct axis {
    int64_t first_ns, last_ns; /* first < last */
};

enum axis_unit { AXIS_SECONDS, AXIS_MINUTES, AXIS_DAYS, AXIS_MONTHS, AXIS_YEARS };

struct axis_ticks {
    int64_t time_ns[AXIS_TICKS_MAX];
    size_t count;
    enum axis_unit unit;
};

/* From first to last with a margin; a moment becomes a minute. */
struct axis axis_around(int64_t first_ns, int64_t last_ns);
/* 0 at first, `width` at last, clamped. */
int64_t axis_at(const struct axis *axis, int64_t time_ns, int64_t width);
/* Round times inside the axis. */
struct axis_ticks axis_ticks(const struct axis *axis);
/* "03:15", "03:15:30", "2026-11-20", "2026-11", "2026". */
void axis_label(struct buf *out, enum axis_unit unit, int64_t time_ns);

#endif
