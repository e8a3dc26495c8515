/* See civil.h. */
#include "base/civil.h"

#include "base/checked.h"

#define CIVIL_YEAR_MIN 1678
#define CIVIL_YEAR_MAX 2261
/* Days from 0000-03-01 to 1970-01-01, and days in 400 years. */
#define CIVIL_EPOCH_DAYS INT64_C(719468)
#define CIVIL_ERA_DAYS   INT64_C(146097)

int64_t civil_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * CIVIL_ERA_DAYS + day_of_era - CIVIL_EPOCH_DAYS;
}

static void civil_from_days(int64_t days, struct civil *civil)
{
    days += CIVIL_EPOCH_DAYS;
    int64_t era = (days >= 0 ? days : days - (CIVIL_ERA_DAYS - 1)) / CIVIL_ERA_DAYS;
    int64_t day_of_era = days - era * CIVIL_ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    civil->day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    civil->month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    civil->year = (int32_t)(year_of_era + era * 400 + (civil->month <= 2));
}

static int civil_month_days(int32_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool civil_to_ns(const struct civil *civil, int64_t *time_ns)
{
    if (civil->year < CIVIL_YEAR_MIN || civil->year > CIVIL_YEAR_MAX || civil->month < 1 ||
        civil->month > 12 || civil->day < 1 ||
        civil->day > civil_month_days(civil->year, civil->month))
        return false;
    if (civil->hour < 0 || civil->hour > 23 || civil->minute < 0 || civil->minute > 59 ||
        civil->second < 0 || civil->second > 60 || civil->ns < 0 || civil->ns >= CIVIL_NS_PER_S)
        return false;
    int second = civil->second == 60 ? 59 : civil->second;
    int64_t seconds = civil_days(civil->year, civil->month, civil->day) * CIVIL_S_PER_DAY +
                      civil->hour * 3600 + civil->minute * 60 + second - civil->offset_s;
    int64_t value;
    if (!checked_mul_i64(seconds, CIVIL_NS_PER_S, &value) ||
        !checked_add_i64(value, civil->ns, &value))
        return false;
    *time_ns = value;
    return true;
}

static int64_t civil_floor_div(int64_t value, int64_t divisor)
{
    return value / divisor - (value % divisor < 0);
}

void civil_from_ns(int64_t time_ns, struct civil *civil)
{
    int64_t seconds = civil_floor_div(time_ns, CIVIL_NS_PER_S);
    int64_t days = civil_floor_div(seconds, CIVIL_S_PER_DAY);
    int64_t second_of_day = seconds - days * CIVIL_S_PER_DAY;
    *civil = (struct civil){
        .hour = (int)(second_of_day / 3600),
        .minute = (int)(second_of_day / 60 % 60),
        .second = (int)(second_of_day % 60),
        .ns = time_ns % CIVIL_NS_PER_S,
    };
    if (civil->ns < 0)
        civil->ns += CIVIL_NS_PER_S;
    civil_from_days(days, civil);
}

int civil_weekday(int64_t days)
{
    int64_t weekday = (days + 4) % 7;
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

int civil_iso_week(int64_t time_ns)
{
    int64_t days = civil_floor_div(civil_floor_div(time_ns, CIVIL_NS_PER_S), CIVIL_S_PER_DAY);
    /* The week's Thursday tells the year it belongs to. */
    int64_t thursday = days - (civil_weekday(days) + 6) % 7 + 3;
    struct civil civil;
    civil_from_days(thursday, &civil);
    return (int)((thursday - civil_days(civil.year, 1, 1)) / 7 + 1);
}

/* Writes so many digits and the byte after them; returns what follows. */
static char *civil_digits(char *at, int64_t value, size_t digits, char after)
{
    for (size_t i = digits; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    at[digits] = after;
    return at + digits + 1;
}

void civil_append(struct buf *out, int64_t time_ns)
{
    char text[sizeof("2026-11-20T03:12:44.123456789Z")];
    char *at = text;
    struct civil civil;
    if (time_ns == CIVIL_TIME_NONE)
        return;
    civil_from_ns(time_ns, &civil);
    at = civil_digits(at, civil.year, 4, '-');
    at = civil_digits(at, civil.month, 2, '-');
    at = civil_digits(at, civil.day, 2, 'T');
    at = civil_digits(at, civil.hour, 2, ':');
    at = civil_digits(at, civil.minute, 2, ':');
    at = civil_digits(at, civil.second, 2, civil.ns == 0 ? 'Z' : '.');
    if (civil.ns % 1000 != 0)
        at = civil_digits(at, civil.ns, 9, 'Z');
    else if (civil.ns % 1000000 != 0)
        at = civil_digits(at, civil.ns / 1000, 6, 'Z');
    else if (civil.ns != 0)
        at = civil_digits(at, civil.ns / 1000000, 3, 'Z');
    buf_append(out, slice_make(text, (size_t)(at - text)));
}

slice civil_text(struct arena *arena, int64_t time_ns)
{
    enum { TEXT_MAX = 40 };
    struct buf out;
    char *memory = arena_bytes(arena, TEXT_MAX);
    buf_init_fixed(&out, memory, TEXT_MAX);
    civil_append(&out, time_ns);
    arena_shrink(arena, memory, out.len);
    return buf_slice(&out);
}
