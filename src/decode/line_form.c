/* See line_form.h. Each form is read by itself from the left and taken only whole. Rejected: one
 * pattern language for stamps, as time_pattern.h has for people's mapping files: nobody tells here
 * which form comes. */
#include "decode/line_form.h"

#include "base/base.h"

struct form_cursor {
    slice text;
    size_t at;
};

static bool form_byte(struct form_cursor *cursor, char byte)
{
    if (cursor->at >= cursor->text.len || cursor->text.at[cursor->at] != byte)
        return false;
    cursor->at++;
    return true;
}

/* A number of `least` to `most` digits; the count of them, 0 for none. */
static size_t form_number(struct form_cursor *cursor, size_t least, size_t most, int *value)
{
    size_t digits = 0;
    int number = 0;
    while (digits < most && cursor->at + digits < cursor->text.len &&
           byte_is_digit(cursor->text.at[cursor->at + digits]))
        number = number * 10 + (cursor->text.at[cursor->at + digits++] - '0');
    if (digits < least)
        return 0;
    *value = number;
    cursor->at += digits;
    return digits;
}

static void form_fraction(struct form_cursor *cursor, int64_t *ns)
{
    size_t start = cursor->at;
    if (!form_byte(cursor, '.') && !form_byte(cursor, ','))
        return;
    int64_t value = 0, unit = CIVIL_NS_PER_S;
    size_t first = cursor->at;
    for (; cursor->at < cursor->text.len && byte_is_digit(cursor->text.at[cursor->at]);
         cursor->at++) {
        unit /= 10;
        value += unit * (cursor->text.at[cursor->at] - '0');
    }
    if (cursor->at == first)
        cursor->at = start;
    else
        *ns = value;
}

/* " PM"; false for an hour that a clock of twelve does not have. */
static bool form_half(struct form_cursor *cursor, int *hour)
{
    size_t start = cursor->at;
    (void)form_byte(cursor, ' ');
    slice word = slice_sub(cursor->text, cursor->at, 2);
    bool after_noon = slice_equal_nocase(word, S("PM"));
    if (!after_noon && !slice_equal_nocase(word, S("AM"))) {
        cursor->at = start;
        return true;
    }
    cursor->at += word.len;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (after_noon ? 12 : 0);
    return true;
}

/* h:mm:ss with a fraction, of 24 or twelve hours, and the zone as an offset. */
static bool form_clock(struct form_cursor *cursor, struct stamp *made)
{
    struct civil *civil = &made->civil;
    if (form_number(cursor, 1, 2, &civil->hour) == 0 || !form_byte(cursor, ':') ||
        form_number(cursor, 2, 2, &civil->minute) == 0 || !form_byte(cursor, ':') ||
        form_number(cursor, 2, 2, &civil->second) == 0)
        return false;
    form_fraction(cursor, &civil->ns);
    if (!form_half(cursor, &civil->hour))
        return false;
    slice rest = slice_from(cursor->text, cursor->at);
    size_t space = slice_starts(rest, S(" ")) ? 1 : 0;
    size_t len = slice_starts(slice_from(rest, space + 3), S(":")) ? 6 : 5;
    slice zone = slice_sub(rest, space, len);
    bool offset = zone.len == len && (zone.at[0] == '+' || zone.at[0] == '-');
    made->missing |= STAMP_NO_ZONE;
    if (offset && stamp_zone(zone, &civil->offset_s)) {
        made->missing &= ~STAMP_NO_ZONE;
        cursor->at += space + len;
    }
    return civil->hour <= 23 && civil->minute <= 59 && civil->second <= 60;
}

static int form_century(int year, size_t digits)
{
    return digits == 2 ? year + (year < 70 ? 2000 : 1900) : year;
}

static bool form_date_ok(const struct civil *civil)
{
    return civil->year >= 1970 && civil->month >= 1 && civil->month <= 12 && civil->day >= 1 &&
           civil->day <= 31;
}

static bool form_done(struct form_cursor *cursor, const struct stamp *made, struct stamp *stamp)
{
    bool goes_on = cursor->at < cursor->text.len && byte_is_digit(cursor->text.at[cursor->at]);
    if (goes_on || !form_date_ok(&made->civil))
        return false;
    *stamp = *made;
    stamp->len = cursor->at;
    return true;
}

static char form_separator(struct form_cursor *cursor)
{
    static const char separators[] = {'/', '-', '.', ':'};
    for (size_t i = 0; i < sizeof(separators); i++)
        if (form_byte(cursor, separators[i]))
            return separators[i];
    return '\0';
}

/* Three numbers: which of them is the year shows in its length, which is the month may not. */
static bool form_numbers(slice text, struct stamp *stamp)
{
    struct form_cursor cursor = {.text = text};
    struct stamp made = {0};
    int number[3];
    size_t digits = form_number(&cursor, 1, 4, &number[0]);
    char separator = form_separator(&cursor);
    if (digits == 0 || digits == 3 || separator == '\0' ||
        form_number(&cursor, 1, 2, &number[1]) == 0 || !form_byte(&cursor, separator))
        return false;
    size_t last = form_number(&cursor, digits == 4 ? 1 : 2, digits == 4 ? 2 : 4, &number[2]);
    if (last == 0 || last == 3 || (separator == ':' && digits != 4))
        return false;
    bool month_first = number[1] > 12 || (separator == '/' && number[0] <= 12);
    made.civil.year = digits == 4 ? number[0] : form_century(number[2], last);
    made.civil.month = digits == 4 ? number[1] : number[month_first ? 0 : 1];
    made.civil.day = digits == 4 ? number[2] : number[month_first ? 1 : 0];
    if (form_byte(&cursor, ' ')) {
        /* "11/20/2026 - 03:12:44" */
        if (form_byte(&cursor, '-') && !form_byte(&cursor, ' '))
            return false;
        (void)form_byte(&cursor, ' ');
    } else if (!form_byte(&cursor, separator == ':' ? '-' : ':') && !form_byte(&cursor, '@') &&
               !form_byte(&cursor, 'T')) {
        return false;
    }
    return form_clock(&cursor, &made) && form_done(&cursor, &made, stamp);
}

static bool form_month(struct form_cursor *cursor, int *month)
{
    static const slice names[12] = {S_INIT("Jan"), S_INIT("Feb"), S_INIT("Mar"), S_INIT("Apr"),
        S_INIT("May"), S_INIT("Jun"), S_INIT("Jul"), S_INIT("Aug"), S_INIT("Sep"), S_INIT("Oct"),
        S_INIT("Nov"), S_INIT("Dec")};
    slice word = slice_sub(cursor->text, cursor->at, 3);
    for (int i = 0; i < 12; i++) {
        if (slice_equal_nocase(word, names[i])) {
            *month = i + 1;
            cursor->at += word.len;
            return true;
        }
    }
    return false;
}

/* "Nov-20-26 03:12:44", "Nov 20, 2026 3:12:44 PM" */
static bool form_named_month(slice text, struct stamp *stamp)
{
    struct form_cursor cursor = {.text = text};
    struct stamp made = {0};
    int year;
    if (!form_month(&cursor, &made.civil.month))
        return false;
    bool dash = form_byte(&cursor, '-');
    if ((!dash && !form_byte(&cursor, ' ')) || form_number(&cursor, 1, 2, &made.civil.day) == 0 ||
        !form_byte(&cursor, dash ? '-' : ','))
        return false;
    (void)form_byte(&cursor, ' ');
    size_t digits = form_number(&cursor, 2, 4, &year);
    if (digits == 0 || digits == 3)
        return false;
    made.civil.year = form_century(year, digits);
    (void)form_byte(&cursor, ',');
    return form_byte(&cursor, ' ') && form_clock(&cursor, &made) &&
           form_done(&cursor, &made, stamp);
}

/* "20261120T031244" */
static bool form_basic(slice text, struct stamp *stamp)
{
    struct form_cursor cursor = {.text = text};
    struct stamp made = {.missing = STAMP_NO_ZONE};
    struct civil *civil = &made.civil;
    if (form_number(&cursor, 4, 4, &civil->year) == 0 ||
        form_number(&cursor, 2, 2, &civil->month) == 0 ||
        form_number(&cursor, 2, 2, &civil->day) == 0 || !form_byte(&cursor, 'T') ||
        form_number(&cursor, 2, 2, &civil->hour) == 0 ||
        form_number(&cursor, 2, 2, &civil->minute) == 0 ||
        form_number(&cursor, 2, 2, &civil->second) == 0)
        return false;
    form_fraction(&cursor, &civil->ns);
    if (form_byte(&cursor, 'Z'))
        made.missing = 0;
    return civil->hour <= 23 && civil->minute <= 59 && civil->second <= 60 &&
           form_done(&cursor, &made, stamp);
}

/* Hexadecimal digits of a fixed number. */
static bool form_hex(slice text, size_t count, uint64_t *value)
{
    uint64_t made = 0;
    if (text.len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int digit = byte_hex_value(text.at[i]);
        if (digit < 0)
            return false;
        made = made << 4 | (uint64_t)digit;
    }
    *value = made;
    return true;
}

/* "@4000000050c4b1aa0f2a3b4c", cr.yp.to/libtai/tai64.html: 2^62 seconds and ten more than Unix
 * time, as multilog and its relatives write them (they do not count leap seconds). */
static bool form_tai64n(slice text, struct stamp *stamp)
{
    const uint64_t epoch = (UINT64_C(1) << 62) + 10;
    const size_t len = 1 + 16 + 8;
    uint64_t seconds, ns;
    if (!slice_starts(text, S("@4")) || !form_hex(slice_from(text, 1), 16, &seconds) ||
        !form_hex(slice_from(text, 17), 8, &ns) || seconds < epoch ||
        seconds - epoch > UINT32_MAX || ns >= CIVIL_NS_PER_S)
        return false;
    *stamp = (struct stamp){.len = len};
    civil_from_ns((int64_t)(seconds - epoch) * CIVIL_NS_PER_S + (int64_t)ns, &stamp->civil);
    return true;
}

/* "11/20-03:12:44.553882", "11/20/26-03:12:44.553882": Snort's alerts. */
static bool form_snort(slice text, struct stamp *stamp)
{
    struct form_cursor cursor = {.text = text};
    struct stamp made = {0};
    struct civil *civil = &made.civil;
    if (form_number(&cursor, 2, 2, &civil->month) == 0 || !form_byte(&cursor, '/') ||
        form_number(&cursor, 2, 2, &civil->day) == 0)
        return false;
    made.missing = STAMP_NO_YEAR;
    civil->year = 1972; /* any with a February of 29 days */
    if (form_byte(&cursor, '/')) {
        size_t digits = form_number(&cursor, 2, 4, &civil->year);
        if (digits == 0 || digits == 3)
            return false;
        civil->year = form_century(civil->year, digits);
        made.missing = 0;
    }
    if (!form_byte(&cursor, '-') || !form_clock(&cursor, &made) ||
        !form_done(&cursor, &made, stamp))
        return false;
    if ((made.missing & STAMP_NO_YEAR) != 0)
        stamp->civil.year = 0;
    return true;
}

size_t line_form_mark(slice line)
{
    if (line.len > 3 && line.at[0] == '<' && byte_is_alpha(line.at[1]) && line.at[2] == '>')
        return 3;
    return line.len > 2 && line.at[0] == 'L' && line.at[1] == ' ' && byte_is_digit(line.at[2]) ? 2
                                                                                               : 0;
}

bool line_form_stamp(slice text, struct stamp *stamp)
{
    return form_numbers(text, stamp) || form_named_month(text, stamp) || form_basic(text, stamp) ||
           form_snort(text, stamp) || form_tai64n(text, stamp);
}

bool line_form_bracketed(slice text, struct stamp *stamp)
{
    const size_t seconds_len = 10;
    size_t space = slice_find_byte(slice_first(text, 6), ' ');
    int64_t time_ns;
    int32_t offset_s;
    struct stamp made;
    if (text.len > seconds_len && text.at[seconds_len] == ']' &&
        stamp_unix(slice_first(text, seconds_len), &time_ns)) {
        *stamp = (struct stamp){.len = seconds_len};
        civil_from_ns(time_ns, &stamp->civil);
        return true;
    }
    if (space >= 6 || !stamp_zone(slice_first(text, space), &offset_s) ||
        !stamp_syslog(slice_from(text, space + 1), &made))
        return false;
    made.civil.offset_s = offset_s;
    made.missing &= ~STAMP_NO_ZONE;
    made.len += space + 1;
    *stamp = made;
    return true;
}
