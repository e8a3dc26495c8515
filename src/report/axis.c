/* See axis.h. */
#include "report/axis.h"

#include "base/civil.h"

/* Part of the period that is left free at each end: one in so many. */
#define AXIS_MARGIN 40
#define AXIS_LEAST  (60 * CIVIL_NS_PER_S)
/* Ticks stop where 64 bits of nanoseconds do. */
#define AXIS_YEAR_FIRST 1678
#define AXIS_YEAR_LAST  2261

struct axis axis_around(int64_t first_ns, int64_t last_ns)
{
    struct axis axis;
    int64_t span;
    if (__builtin_sub_overflow(last_ns, first_ns, &span))
        span = INT64_MAX;
    int64_t margin = span < AXIS_LEAST ? (AXIS_LEAST - span) / 2 : span / AXIS_MARGIN;
    if (__builtin_sub_overflow(first_ns, margin, &axis.first_ns))
        axis.first_ns = INT64_MIN + 1;
    if (__builtin_add_overflow(last_ns, margin, &axis.last_ns))
        axis.last_ns = INT64_MAX;
    return axis;
}

int64_t axis_at(const struct axis *axis, int64_t time_ns, int64_t width)
{
    ASSERT(axis->first_ns < axis->last_ns);
    if (time_ns <= axis->first_ns)
        return 0;
    if (time_ns >= axis->last_ns)
        return width;
    __int128 offset = (__int128)time_ns - axis->first_ns;
    return (int64_t)(offset * width / ((__int128)axis->last_ns - axis->first_ns));
}

static void axis_tick(struct axis_ticks *ticks, const struct axis *axis, __int128 time_ns)
{
    if (ticks->count < AXIS_TICKS_MAX && time_ns >= axis->first_ns && time_ns <= axis->last_ns)
        ticks->time_ns[ticks->count++] = (int64_t)time_ns;
}

/* Whether steps of that many seconds give no more ticks than there is room for. */
static bool axis_has_room(const struct axis *axis, int64_t step_s)
{
    __int128 span = (__int128)axis->last_ns - axis->first_ns;
    return span / CIVIL_NS_PER_S < (__int128)step_s * (AXIS_TICKS_MAX - 1);
}

static bool axis_even_ticks(struct axis_ticks *ticks, const struct axis *axis)
{
    static const int64_t steps_s[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
        10800, 21600, 43200, CIVIL_S_PER_DAY, 2 * CIVIL_S_PER_DAY, 7 * CIVIL_S_PER_DAY};
    size_t count = sizeof(steps_s) / sizeof(steps_s[0]);
    size_t step = 0;
    while (step < count && !axis_has_room(axis, steps_s[step]))
        step++;
    if (step == count)
        return false;
    __int128 step_ns = (__int128)steps_s[step] * CIVIL_NS_PER_S;
    __int128 first = axis->first_ns / step_ns - (axis->first_ns < 0 ? 1 : 0);
    for (__int128 at = first * step_ns; at <= axis->last_ns; at += step_ns)
        axis_tick(ticks, axis, at);
    ticks->unit = steps_s[step] < 60                ? AXIS_SECONDS
                  : steps_s[step] < CIVIL_S_PER_DAY ? AXIS_MINUTES
                                                    : AXIS_DAYS;
    return true;
}

static void axis_month_ticks(struct axis_ticks *ticks, const struct axis *axis)
{
    static const int steps[] = {1, 3, 6, 12, 24, 60, 120, 240, 600, 1200}; /* months */
    size_t step = 0;
    while (step + 1 < sizeof(steps) / sizeof(steps[0]) &&
           !axis_has_room(axis, steps[step] * 30 * CIVIL_S_PER_DAY))
        step++;
    struct civil first, last;
    civil_from_ns(axis->first_ns, &first);
    civil_from_ns(axis->last_ns, &last);
    for (int month = first.year * 12 / steps[step] * steps[step]; month <= last.year * 12 + 11;
         month += steps[step]) {
        if (month / 12 < AXIS_YEAR_FIRST || month / 12 > AXIS_YEAR_LAST)
            continue;
        __int128 days = civil_days(month / 12, month % 12 + 1, 1);
        axis_tick(ticks, axis, days * CIVIL_S_PER_DAY * CIVIL_NS_PER_S);
    }
    ticks->unit = steps[step] < 12 ? AXIS_MONTHS : AXIS_YEARS;
}

struct axis_ticks axis_ticks(const struct axis *axis)
{
    struct axis_ticks ticks = {0};
    if (!axis_even_ticks(&ticks, axis))
        axis_month_ticks(&ticks, axis);
    return ticks;
}

void axis_label(struct buf *out, enum axis_unit unit, int64_t time_ns)
{
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    if (unit == AXIS_SECONDS || unit == AXIS_MINUTES) {
        buf_append_padded(out, (uint64_t)civil.hour, 2);
        buf_append_byte(out, ':');
        buf_append_padded(out, (uint64_t)civil.minute, 2);
        if (unit == AXIS_MINUTES)
            return;
        buf_append_byte(out, ':');
        buf_append_padded(out, (uint64_t)civil.second, 2);
        return;
    }
    buf_append_padded(out, (uint64_t)civil.year, 4);
    if (unit == AXIS_YEARS)
        return;
    buf_append_byte(out, '-');
    buf_append_padded(out, (uint64_t)civil.month, 2);
    if (unit == AXIS_MONTHS)
        return;
    buf_append_byte(out, '-');
    buf_append_padded(out, (uint64_t)civil.day, 2);
}
