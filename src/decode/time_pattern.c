/* See time_pattern.h. Rejected: strptime of the C library, which follows the locale and wants
 * terminated text. */
#include "decode/time_pattern.h"

#include "base/base.h"

/* %T and %F; what they stand for holds no such letters itself. */
static slice pattern_group(char letter)
{
    if (letter == 'T')
        return S("%H:%M:%S");
    if (letter == 'F')
        return S("%Y-%m-%d");
    return (slice){NULL, 0};
}

bool time_pattern_is_valid(slice pattern)
{
    const slice letters = S_INIT("YymdeHkIlMSpbBaAzZsTF%f");
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.at[i] != '%')
            continue;
        if (++i == pattern.len || slice_find_byte(letters, pattern.at[i]) == letters.len)
            return false;
    }
    return pattern.len > 0;
}

/* The text still to be read, and what was read. */
struct pattern {
    slice rest;
    struct civil civil;
    bool has_year, has_zone, has_unix;
    int64_t unix_ns;
    int afternoon; /* -1: nothing said */
};

/* A number of 1 to `digits` digits in its range; a space before it is allowed. */
static bool pattern_number(struct pattern *pattern, size_t digits, int least, int most, int *value)
{
    uint64_t number;
    size_t len = 0;
    if (slice_starts(pattern->rest, S(" ")))
        pattern->rest = slice_from(pattern->rest, 1);
    while (len < digits && len < pattern->rest.len && byte_is_digit(pattern->rest.at[len]))
        len++;
    if (!slice_to_u64(slice_first(pattern->rest, len), (uint64_t)most, &number) ||
        number < (uint64_t)least)
        return false;
    pattern->rest = slice_from(pattern->rest, len);
    *value = (int)number;
    return true;
}

static size_t pattern_letters(slice text)
{
    size_t len = 0;
    while (len < text.len && byte_is_alpha(text.at[len]))
        len++;
    return len;
}

/* A name, or its first three letters. */
static bool pattern_name(struct pattern *pattern, const slice *names, size_t count, int *index)
{
    slice word = slice_first(pattern->rest, pattern_letters(pattern->rest));
    for (size_t i = 0; i < count; i++) {
        if (slice_equal_nocase(word, names[i]) ||
            slice_equal_nocase(word, slice_first(names[i], 3))) {
            pattern->rest = slice_from(pattern->rest, word.len);
            *index = (int)i;
            return true;
        }
    }
    return false;
}

static bool pattern_month(struct pattern *pattern)
{
    static const slice names[] = {S_INIT("January"), S_INIT("February"), S_INIT("March"),
        S_INIT("April"), S_INIT("May"), S_INIT("June"), S_INIT("July"), S_INIT("August"),
        S_INIT("September"), S_INIT("October"), S_INIT("November"), S_INIT("December")};
    int index;
    if (!pattern_name(pattern, names, sizeof(names) / sizeof(names[0]), &index))
        return false;
    pattern->civil.month = index + 1;
    return true;
}

static bool pattern_weekday(struct pattern *pattern)
{
    static const slice names[] = {S_INIT("Monday"), S_INIT("Tuesday"), S_INIT("Wednesday"),
        S_INIT("Thursday"), S_INIT("Friday"), S_INIT("Saturday"), S_INIT("Sunday")};
    int index;
    return pattern_name(pattern, names, sizeof(names) / sizeof(names[0]), &index);
}

static bool pattern_half_day(struct pattern *pattern)
{
    static const slice names[] = {S_INIT("AM"), S_INIT("PM")};
    return pattern_name(pattern, names, 2, &pattern->afternoon);
}

static bool pattern_zone(struct pattern *pattern)
{
    size_t len = 0;
    while (len < pattern->rest.len &&
           (byte_is_alnum(pattern->rest.at[len]) || pattern->rest.at[len] == '+' ||
               pattern->rest.at[len] == '-' || pattern->rest.at[len] == ':'))
        len++;
    if (!stamp_zone(slice_first(pattern->rest, len), &pattern->civil.offset_s))
        return false;
    pattern->rest = slice_from(pattern->rest, len);
    pattern->has_zone = true;
    return true;
}

/* Digits after the point, as many as there are. */
static bool pattern_fraction(struct pattern *pattern)
{
    int64_t ns = 0, unit = CIVIL_NS_PER_S / 10;
    size_t len = 0;
    while (len < pattern->rest.len && byte_is_digit(pattern->rest.at[len])) {
        ns += (pattern->rest.at[len++] - '0') * unit;
        unit /= 10;
    }
    pattern->civil.ns = ns;
    pattern->rest = slice_from(pattern->rest, len);
    return len > 0;
}

static bool pattern_unix(struct pattern *pattern)
{
    size_t len = 0;
    while (len < pattern->rest.len &&
           (byte_is_digit(pattern->rest.at[len]) || pattern->rest.at[len] == '.'))
        len++;
    pattern->has_unix = stamp_unix(slice_first(pattern->rest, len), &pattern->unix_ns);
    pattern->rest = slice_from(pattern->rest, len);
    return pattern->has_unix;
}

static bool pattern_year(struct pattern *pattern, bool short_form)
{
    int year;
    if (!pattern_number(pattern, short_form ? 2 : 4, 0, short_form ? 99 : 9999, &year))
        return false;
    /* POSIX: 69 to 99 are of the last century. */
    pattern->civil.year = !short_form ? year : year < 69 ? 2000 + year : 1900 + year;
    pattern->has_year = true;
    return true;
}

/* What one letter stands for. */
static bool pattern_letter(struct pattern *pattern, char letter)
{
    struct civil *civil = &pattern->civil;
    switch (letter) {
    case 'Y':
    case 'y':
        return pattern_year(pattern, letter == 'y');
    case 'm':
        return pattern_number(pattern, 2, 1, 12, &civil->month);
    case 'd':
    case 'e':
        return pattern_number(pattern, 2, 1, 31, &civil->day);
    case 'H':
    case 'k':
        return pattern_number(pattern, 2, 0, 23, &civil->hour);
    case 'I':
    case 'l':
        return pattern_number(pattern, 2, 1, 12, &civil->hour);
    case 'M':
        return pattern_number(pattern, 2, 0, 59, &civil->minute);
    case 'S':
        return pattern_number(pattern, 2, 0, 60, &civil->second);
    case 'f':
        return pattern_fraction(pattern);
    case 'p':
        return pattern_half_day(pattern);
    case 'b':
    case 'B':
        return pattern_month(pattern);
    case 'a':
    case 'A':
        return pattern_weekday(pattern);
    case 's':
        return pattern_unix(pattern);
    default: /* z, Z */
        return pattern_zone(pattern);
    }
}

static bool pattern_skip_space(struct pattern *pattern)
{
    size_t before = pattern->rest.len;
    while (pattern->rest.len > 0 && byte_is_space(pattern->rest.at[0]))
        pattern->rest = slice_from(pattern->rest, 1);
    return pattern->rest.len < before;
}

static bool pattern_read_simple(struct pattern *pattern, slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool letter = c == '%' && text.at[i + 1] != '%';
        if (byte_is_space(c)) {
            if (!pattern_skip_space(pattern))
                return false;
            continue;
        }
        if (c == '%')
            i++;
        if (letter) {
            slice group = pattern_group(text.at[i]);
            if (slice_is_absent(group) ? !pattern_letter(pattern, text.at[i])
                                       : !pattern_read_simple(pattern, group))
                return false;
        } else {
            if (!slice_starts(pattern->rest, slice_make(&c, 1)))
                return false;
            pattern->rest = slice_from(pattern->rest, 1);
        }
    }
    return true;
}

bool time_pattern_read(slice text_pattern, slice text, struct stamp *stamp)
{
    struct pattern pattern = {
        .rest = slice_trim(text), .civil = {.month = 1, .day = 1}, .afternoon = -1};
    struct stamp made = {.len = text.len};
    if (!pattern_read_simple(&pattern, text_pattern) || pattern.rest.len > 0)
        return false;
    if (pattern.afternoon >= 0)
        pattern.civil.hour = pattern.civil.hour % 12 + 12 * pattern.afternoon;
    made.civil = pattern.civil;
    if (pattern.has_unix) {
        civil_from_ns(pattern.unix_ns, &made.civil);
    } else {
        made.missing =
            (pattern.has_year ? 0 : STAMP_NO_YEAR) | (pattern.has_zone ? 0 : STAMP_NO_ZONE);
    }
    *stamp = made;
    return true;
}
