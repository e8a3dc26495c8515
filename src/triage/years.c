/* See years.h. */
#include "triage/years.h"

#include "base/base.h"

/* A rotated log may end a little after the date that its name tells (rotation at midnight, local
 * time). */
#define YEARS_NAME_SLACK_NS (INT64_C(2) * CIVIL_S_PER_DAY * CIVIL_NS_PER_S)
#define YEARS_NOW_SLACK_NS  (CIVIL_S_PER_DAY * CIVIL_NS_PER_S)
#define YEARS_LEAST         1990
#define YEARS_MOST          2100

static int64_t years_time(const struct civil *last, int32_t year)
{
    struct civil civil = *last;
    int64_t time_ns;
    civil.year = year;
    /* 29 February in a year that has none: the day after. */
    if (civil.month == 2 && civil.day == 29 && !civil_to_ns(&civil, &time_ns)) {
        civil.month = 3;
        civil.day = 1;
    }
    return civil_to_ns(&civil, &time_ns) ? time_ns : CIVIL_TIME_NONE;
}

/* YYYYMMDD, YYYY-MM-DD or YYYY_MM_DD at the front of the text. */
static bool years_date(slice text, int64_t *time_ns)
{
    static const size_t parts[] = {4, 2, 2};
    uint64_t numbers[3];
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        slice digits = slice_sub(text, at, parts[i]);
        if (digits.len != parts[i] || !slice_to_u64(digits, 9999, &numbers[i]))
            return false;
        at += parts[i];
        if (i < 2 && at < text.len && (text.at[at] == '-' || text.at[at] == '_'))
            at++;
    }
    if (at < text.len && byte_is_digit(text.at[at]))
        return false;
    struct civil civil = {
        .year = (int32_t)numbers[0], .month = (int)numbers[1], .day = (int)numbers[2]};
    return numbers[0] >= YEARS_LEAST && numbers[0] <= YEARS_MOST && civil_to_ns(&civil, time_ns);
}

static bool years_name_date(slice name, int64_t *time_ns)
{
    size_t slash = slice_find_last_byte(name, '/');
    slice base = slash < name.len ? slice_from(name, slash + 1) : name;
    for (size_t i = 0; i < base.len; i++)
        if ((i == 0 || !byte_is_digit(base.at[i - 1])) && years_date(slice_from(base, i), time_ns))
            return true;
    return false;
}

static int32_t years_of(int64_t time_ns)
{
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    return civil.year;
}

/* The latest year in which the stamp does not lie after `limit_ns`. */
static int32_t years_latest(const struct civil *last, int64_t limit_ns)
{
    int32_t year = years_of(limit_ns);
    return years_time(last, year) <= limit_ns ? year : year - 1;
}

static int64_t years_distance(int64_t time_ns, int64_t first_ns, int64_t last_ns)
{
    if (time_ns == CIVIL_TIME_NONE)
        return INT64_MAX;
    return time_ns < first_ns ? first_ns - time_ns : time_ns > last_ns ? time_ns - last_ns : 0;
}

/* The year that puts the stamp nearest to the span; the later one when two are as near. */
static int32_t years_nearest(const struct civil *last, int64_t first_ns, int64_t last_ns)
{
    int32_t best = years_of(last_ns) + 1;
    for (int32_t year = best - 1; year >= years_of(first_ns) - 1; year--)
        if (years_distance(years_time(last, year), first_ns, last_ns) <
            years_distance(years_time(last, best), first_ns, last_ns))
            best = year;
    return best;
}

int32_t years_infer(slice name, const struct civil *last, int64_t first_ns, int64_t last_ns,
    int64_t now_ns, enum years_source *source)
{
    int64_t named_ns;
    if (years_name_date(name, &named_ns)) {
        *source = YEARS_FROM_NAME;
        return years_latest(last, named_ns + YEARS_NAME_SLACK_NS);
    }
    if (first_ns != CIVIL_TIME_NONE) {
        *source = YEARS_FROM_NEIGHBOURS;
        return years_nearest(last, first_ns, last_ns);
    }
    *source = YEARS_FROM_NOW;
    return years_latest(last, now_ns + YEARS_NOW_SLACK_NS);
}
