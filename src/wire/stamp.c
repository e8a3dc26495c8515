/* See stamp.h. A cursor over the text; every piece is optional or fixed, so that no stamp needs
 * backtracking. */
#include "wire/stamp.h"

#include <string.h>

#include "base/base.h"

struct stamp_cursor {
    slice text;
    size_t at;
};

static bool stamp_literal(struct stamp_cursor *cursor, char byte)
{
    if (cursor->at >= cursor->text.len || cursor->text.at[cursor->at] != byte)
        return false;
    cursor->at++;
    return true;
}

static size_t stamp_digits_at(const struct stamp_cursor *cursor)
{
    size_t end = cursor->at;
    while (end < cursor->text.len && byte_is_digit(cursor->text.at[end]))
        end++;
    return end - cursor->at;
}

/* A number of `least` to `most` digits, which are no more than four. */
static bool stamp_number(struct stamp_cursor *cursor, size_t least, size_t most, int *value)
{
    slice rest = slice_sub(cursor->text, cursor->at, most);
    size_t digits = 0;
    int number = 0;
    while (digits < rest.len && byte_is_digit(rest.at[digits]))
        number = number * 10 + (rest.at[digits++] - '0');
    if (digits < least)
        return false;
    *value = number;
    cursor->at += digits;
    return true;
}

/* ".123456": digits past nanoseconds are dropped. */
static bool stamp_fraction(struct stamp_cursor *cursor, int64_t *ns)
{
    size_t start = cursor->at;
    if (!stamp_literal(cursor, '.') && !stamp_literal(cursor, ','))
        return false;
    size_t digits = stamp_digits_at(cursor);
    if (digits == 0) {
        cursor->at = start;
        return false;
    }
    int64_t value = 0;
    for (size_t i = 0; i < 9; i++)
        value = value * 10 + (i < digits ? cursor->text.at[cursor->at + i] - '0' : 0);
    cursor->at += digits;
    *ns = value;
    return true;
}

/* hh:mm:ss with optional fraction. */
static bool stamp_clock(struct stamp_cursor *cursor, struct civil *civil)
{
    if (!stamp_number(cursor, 2, 2, &civil->hour) || !stamp_literal(cursor, ':') ||
        !stamp_number(cursor, 2, 2, &civil->minute) || !stamp_literal(cursor, ':') ||
        !stamp_number(cursor, 2, 2, &civil->second))
        return false;
    (void)stamp_fraction(cursor, &civil->ns);
    return civil->hour <= 23 && civil->minute <= 59 && civil->second <= 60;
}

static bool stamp_date_ok(const struct civil *civil)
{
    return civil->month >= 1 && civil->month <= 12 && civil->day >= 1 && civil->day <= 31;
}

/* "+09:00", "-0330", "+09"; not the front of a longer number. */
static bool stamp_numeric_zone(struct stamp_cursor *cursor, int32_t *offset_s)
{
    size_t start = cursor->at;
    int hours, minutes = 0;
    bool negative = stamp_literal(cursor, '-');
    if (!negative && !stamp_literal(cursor, '+'))
        return false;
    if (!stamp_number(cursor, 2, 2, &hours)) {
        cursor->at = start;
        return false;
    }
    size_t after_hours = cursor->at;
    (void)stamp_literal(cursor, ':');
    if (!stamp_number(cursor, 2, 2, &minutes))
        cursor->at = after_hours;
    if (hours > 18 || minutes > 59 || stamp_digits_at(cursor) > 0) {
        cursor->at = start;
        return false;
    }
    *offset_s = (negative ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

/* Zone names that mean one offset in practice. Names with several meanings (IST, BST, CST) are left
 * out on purpose. */
#define STAMP_ZONE_MAX 4 /* bytes of the longest */
static const struct {
    slice name;
    int32_t offset_s;
} stamp_zones[] = {
    {S_INIT("UTC"), 0},
    {S_INIT("GMT"), 0},
    {S_INIT("Z"), 0},
    {S_INIT("WET"), 0},
    {S_INIT("WEST"), 3600},
    {S_INIT("CET"), 3600},
    {S_INIT("CEST"), 7200},
    {S_INIT("MEZ"), 3600},
    {S_INIT("MESZ"), 7200},
    {S_INIT("EET"), 7200},
    {S_INIT("EEST"), 10800},
    {S_INIT("MSK"), 10800},
    {S_INIT("JST"), 32400},
    {S_INIT("KST"), 32400},
    {S_INIT("AEST"), 36000},
    {S_INIT("AEDT"), 39600},
    {S_INIT("NZST"), 43200},
    {S_INIT("NZDT"), 46800},
    {S_INIT("EST"), -18000},
    {S_INIT("EDT"), -14400},
    {S_INIT("CDT"), -18000},
    {S_INIT("MST"), -25200},
    {S_INIT("MDT"), -21600},
    {S_INIT("PST"), -28800},
    {S_INIT("PDT"), -25200},
};

static bool stamp_named_zone(struct stamp_cursor *cursor, int32_t *offset_s)
{
    slice rest = slice_from(cursor->text, cursor->at);
    size_t len = 0;
    while (len < rest.len && len <= STAMP_ZONE_MAX && byte_is_alpha(rest.at[len]))
        len++;
    if (len == 0 || len > STAMP_ZONE_MAX)
        return false;
    for (size_t i = 0; i < sizeof(stamp_zones) / sizeof(stamp_zones[0]); i++) {
        if (slice_equal(stamp_zones[i].name, slice_first(rest, len))) {
            *offset_s = stamp_zones[i].offset_s;
            cursor->at += len;
            return true;
        }
    }
    return false;
}

/* An optional zone, after an optional single space; without one the cursor stays. */
static void stamp_optional_zone(struct stamp_cursor *cursor, struct stamp *stamp)
{
    size_t start = cursor->at;
    (void)stamp_literal(cursor, ' ');
    if (stamp_numeric_zone(cursor, &stamp->civil.offset_s) ||
        stamp_named_zone(cursor, &stamp->civil.offset_s))
        return;
    cursor->at = start;
    stamp->missing |= STAMP_NO_ZONE;
}

static bool stamp_done(struct stamp *out, struct stamp *made, const struct stamp_cursor *cursor)
{
    /* A digit more, and the last number was another one. */
    bool goes_on = cursor->at < cursor->text.len && byte_is_digit(cursor->text.at[cursor->at]);
    if (!stamp_date_ok(&made->civil) || goes_on)
        return false;
    made->len = cursor->at;
    *out = *made;
    return true;
}

bool stamp_iso(slice text, struct stamp *stamp)
{
    struct stamp_cursor cursor = {.text = text};
    struct stamp made = {0};
    int year;
    if (!stamp_number(&cursor, 4, 4, &year))
        return false;
    made.civil.year = year;
    char separator = stamp_literal(&cursor, '/') ? '/' : '-';
    if (separator == '-' && !stamp_literal(&cursor, '-'))
        return false;
    if (!stamp_number(&cursor, 2, 2, &made.civil.month) || !stamp_literal(&cursor, separator) ||
        !stamp_number(&cursor, 2, 2, &made.civil.day))
        return false;
    if (!stamp_literal(&cursor, 'T') && !stamp_literal(&cursor, 't') &&
        !stamp_literal(&cursor, ' '))
        return false;
    if (!stamp_clock(&cursor, &made.civil))
        return false;
    if (!stamp_literal(&cursor, 'Z') && !stamp_literal(&cursor, 'z'))
        stamp_optional_zone(&cursor, &made);
    return stamp_done(stamp, &made, &cursor);
}

static bool stamp_month(struct stamp_cursor *cursor, int *month)
{
    static const char names[12][4] = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    slice word = slice_sub(cursor->text, cursor->at, 3);
    if (word.len < 3)
        return false;
    const char lower[3] = {byte_lower(word.at[0]), byte_lower(word.at[1]), byte_lower(word.at[2])};
    for (int i = 0; i < 12; i++) {
        if (memcmp(lower, names[i], sizeof(lower)) == 0) {
            *month = i + 1;
            cursor->at += 3;
            return true;
        }
    }
    return false;
}

/* "2026 ", which some put before the month and some after the day. */
static bool stamp_year(struct stamp_cursor *cursor, struct stamp *stamp)
{
    int year;
    if (stamp_digits_at(cursor) != 4)
        return true;
    if (!(stamp->missing & STAMP_NO_YEAR) || !stamp_number(cursor, 4, 4, &year) ||
        !stamp_literal(cursor, ' '))
        return false;
    stamp->civil.year = year;
    stamp->missing &= ~STAMP_NO_YEAR;
    return true;
}

bool stamp_syslog(slice text, struct stamp *stamp)
{
    struct stamp_cursor cursor = {.text = text};
    struct stamp made = {.missing = STAMP_NO_YEAR};
    /* Cisco marks a clock that is not synchronised. */
    if (!stamp_literal(&cursor, '*'))
        (void)stamp_literal(&cursor, '.');
    if (!stamp_year(&cursor, &made) || !stamp_month(&cursor, &made.civil.month) ||
        !stamp_literal(&cursor, ' '))
        return false;
    (void)stamp_literal(&cursor, ' ');
    if (!stamp_number(&cursor, 1, 2, &made.civil.day))
        return false;
    (void)stamp_literal(&cursor, ',');
    if (!stamp_literal(&cursor, ' ') || !stamp_year(&cursor, &made) ||
        !stamp_clock(&cursor, &made.civil))
        return false;
    stamp_optional_zone(&cursor, &made);
    return stamp_done(stamp, &made, &cursor);
}

/* What some languages write after the three letters: "sept.". */
static void stamp_month_end(struct stamp_cursor *cursor)
{
    const size_t letters_max = 6;
    size_t end = cursor->at;
    while (end < cursor->text.len && end - cursor->at < letters_max &&
           (byte_is_alpha(cursor->text.at[end]) || cursor->text.at[end] == '.'))
        end++;
    cursor->at = end;
}

bool stamp_ncsa(slice text, struct stamp *stamp)
{
    struct stamp_cursor cursor = {.text = text};
    struct stamp made = {0};
    int year;
    if (!stamp_number(&cursor, 1, 2, &made.civil.day))
        return false;
    char separator = stamp_literal(&cursor, '-') ? '-' : '/';
    if ((separator == '/' && !stamp_literal(&cursor, '/')) ||
        !stamp_month(&cursor, &made.civil.month))
        return false;
    stamp_month_end(&cursor);
    if (!stamp_literal(&cursor, separator) || !stamp_number(&cursor, 4, 4, &year) ||
        !(stamp_literal(&cursor, ':') || stamp_literal(&cursor, ' ')))
        return false;
    made.civil.year = year;
    if (!stamp_clock(&cursor, &made.civil))
        return false;
    stamp_optional_zone(&cursor, &made);
    return stamp_done(stamp, &made, &cursor);
}

/* What one unit of a number of so many digits is worth; 0: numbers of that width are no times. A
 * date (20261120031244) and Windows' FILETIME have other widths. */
static int64_t stamp_unix_scale_ns(size_t digits)
{
    switch (digits) {
    case 10:
        return CIVIL_NS_PER_S;
    case 13:
        return 1000000;
    case 16:
        return 1000;
    case 19:
        return 1;
    default:
        return 0;
    }
}

bool stamp_unix(slice text, int64_t *time_ns)
{
    struct stamp_cursor cursor = {.text = text};
    size_t digits = stamp_digits_at(&cursor);
    int64_t scale_ns = stamp_unix_scale_ns(digits);
    uint64_t number;
    int64_t ns = 0;
    int64_t value;
    if (!slice_to_u64(slice_first(text, digits), (uint64_t)INT64_MAX, &number))
        return false;
    cursor.at = digits;
    if ((digits == 9 || digits == 10) && stamp_fraction(&cursor, &ns))
        scale_ns = CIVIL_NS_PER_S;
    if (scale_ns == 0 || cursor.at != text.len ||
        !checked_mul_i64((int64_t)number, scale_ns, &value) || !checked_add_i64(value, ns, &value))
        return false;
    *time_ns = value;
    return true;
}

bool stamp_any(slice text, struct stamp *stamp)
{
    struct stamp made;
    text = slice_trim(text);
    if ((stamp_iso(text, &made) || stamp_syslog(text, &made) || stamp_ncsa(text, &made)) &&
        made.len == text.len) {
        *stamp = made;
        return true;
    }
    int64_t time_ns;
    if (!stamp_unix(text, &time_ns))
        return false;
    *stamp = (struct stamp){.len = text.len};
    civil_from_ns(time_ns, &stamp->civil);
    return true;
}

bool stamp_to_ns(const struct stamp *stamp, int32_t year, int32_t zone_offset_s, int64_t *time_ns)
{
    struct civil civil = stamp->civil;
    if (stamp->missing & STAMP_NO_YEAR)
        civil.year = year;
    if (stamp->missing & STAMP_NO_ZONE)
        civil.offset_s = zone_offset_s;
    return civil_to_ns(&civil, time_ns);
}

bool stamp_zone(slice text, int32_t *offset_s)
{
    struct stamp_cursor cursor = {.text = text};
    int32_t offset;
    if (!stamp_numeric_zone(&cursor, &offset) && !stamp_named_zone(&cursor, &offset))
        return false;
    if (cursor.at != text.len)
        return false;
    *offset_s = offset;
    return true;
}
