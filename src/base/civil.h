/* Civil time: conversions between nanoseconds since 1970-01-01T00:00:00Z and the proleptic
 * Gregorian calendar, in UTC unless an offset is given. No time zone database, no global state.
 * (Algorithms: days from civil, H. Hinnant.) */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

#define CIVIL_NS_PER_S  INT64_C(1000000000)
#define CIVIL_S_PER_DAY INT64_C(86400)
/* "No time known". Sorts before every real time. */
#define CIVIL_TIME_NONE INT64_MIN

struct civil {
    int32_t year;
    int month;        /* 1..12 */
    int day;          /* 1..31 */
    int hour;         /* 0..23 */
    int minute;       /* 0..59 */
    int second;       /* 0..60 */
    int64_t ns;       /* 0..999999999 */
    int32_t offset_s; /* seconds east of UTC */
};

/* False when a part is out of its range or the result does not fit (years 1678..2261). Second 60 is
 * taken as 59. */
bool civil_to_ns(const struct civil *civil, int64_t *time_ns);
void civil_from_ns(int64_t time_ns, struct civil *civil);
/* Days since 1970-01-01; month 1..12. */
int64_t civil_days(int64_t year, int month, int day);
/* 0 = Sunday. */
int civil_weekday(int64_t days);
/* ISO 8601 week number 1..53. */
int civil_iso_week(int64_t time_ns);

/* RFC 3339 in UTC with 'Z': seconds, and as many of 3, 6 or 9 fraction digits as are not zero
 * (2026-11-20T03:12:44.123Z; no fraction when it is zero). Appends nothing for CIVIL_TIME_NONE. */
void civil_append(struct buf *out, int64_t time_ns);
/* The same as a text in the arena. */
slice civil_text(struct arena *arena, int64_t time_ns);

#endif
