/* See activity.h. Steps are numbered from 1970, so that doubling the step joins the same neighbours
 * whichever event came first; the array is a ring over these numbers, so that nothing moves when an
 * earlier event comes. Rejected: steps between first and last event, which needs two passes. */
#include "triage/activity.h"

#include <string.h>

#include "base/base.h"
#include "base/civil.h"

static size_t activity_slot(int64_t step)
{
    return (size_t)((uint64_t)step % ACTIVITY_STEPS);
}

/* Rounds down, before 1970 too. */
static int64_t activity_floor(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

static void activity_double(struct activity *activity)
{
    struct activity wider = {
        .first = activity_floor(activity->first, 2),
        .last = activity_floor(activity->last, 2),
        .step_s = activity->step_s * 2,
    };
    for (int64_t step = activity->first; step <= activity->last; step++)
        wider.events[activity_slot(activity_floor(step, 2))] +=
            activity->events[activity_slot(step)];
    *activity = wider;
}

static void activity_add_events(struct activity *activity, int64_t begin_s, uint64_t events)
{
    if (activity->step_s == 0)
        *activity = (struct activity){.first = begin_s, .last = begin_s, .step_s = 1};
    for (;;) {
        int64_t step = activity_floor(begin_s, activity->step_s);
        int64_t first = step < activity->first ? step : activity->first;
        int64_t last = step > activity->last ? step : activity->last;
        if (last - first < ACTIVITY_STEPS) {
            activity->first = first;
            activity->last = last;
            activity->events[activity_slot(step)] += events;
            return;
        }
        activity_double(activity);
    }
}

void activity_add(struct activity *activity, int64_t time_ns)
{
    if (time_ns != CIVIL_TIME_NONE)
        activity_add_events(activity, activity_floor(time_ns, CIVIL_NS_PER_S), 1);
}

void activity_merge(struct activity *activity, const struct activity *other)
{
    while (activity->step_s != 0 && activity->step_s < other->step_s)
        activity_double(activity);
    for (int64_t step = other->first; other->step_s != 0 && step <= other->last; step++) {
        uint64_t events = other->events[activity_slot(step)];
        if (events > 0)
            activity_add_events(activity, step * other->step_s, events);
    }
    while (activity->step_s != 0 && activity->step_s < other->step_s)
        activity_double(activity);
}

size_t activity_count(const struct activity *activity)
{
    return activity->step_s == 0 ? 0 : (size_t)(activity->last - activity->first + 1);
}

uint64_t activity_events(const struct activity *activity, size_t index)
{
    ASSERT(index < activity_count(activity));
    return activity->events[activity_slot(activity->first + (int64_t)index)];
}

int64_t activity_begin_s(const struct activity *activity, size_t index)
{
    ASSERT(index < activity_count(activity));
    return (activity->first + (int64_t)index) * activity->step_s;
}

/* Steps longer than this (some 500 years) or times further from 1970 are not made from any event.
 */
#define ACTIVITY_STEP_S_MAX (INT64_C(1) << 34)

bool activity_from_bytes(slice bytes, struct activity *activity)
{
    struct activity made;
    if (bytes.len != sizeof(made))
        return false;
    memcpy(&made, bytes.at, sizeof(made));
    if (made.step_s < 0 || made.step_s > ACTIVITY_STEP_S_MAX ||
        (made.step_s & (made.step_s - 1)) != 0)
        return false;
    int64_t furthest = ACTIVITY_STEP_S_MAX / (made.step_s > 0 ? made.step_s : 1);
    if (made.first < -furthest || made.last > furthest || made.first > made.last ||
        made.last - made.first >= ACTIVITY_STEPS)
        return false;
    *activity = made;
    return true;
}
