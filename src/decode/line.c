/* See line.h. */
#include "decode/line.h"

#include "base/base.h"
#include "base/utf8.h"
#include "decode/line_form.h"

/* A head with more than one control byte, or more than this many malformed characters, in so many
 * bytes is not text. Legacy encodings break UTF-8 in every word, so the second is generous. */
#define LINE_CONTROL_IN   128
#define LINE_MALFORMED_IN 3

#define LINE_DAYS_IN_YEAR 372 /* 12 × 31: enough to compare by */

unsigned line_share(slice head, bool whole, bool (*fits)(slice line))
{
    unsigned lines = 0, fitting = 0;
    slice rest = head, line;
    if (slice_starts(rest, S("\xef\xbb\xbf")))
        rest = slice_from(rest, 3);
    while (lines < LINE_VOTES_MAX && slice_next(&rest, '\n', &line)) {
        bool cut = slice_is_absent(rest) && !whole;
        line = slice_trim(line);
        if (line.len == 0 || (cut && lines > 0))
            continue;
        lines++;
        fitting += fits(line);
    }
    if (fitting == 0)
        return 0;
    unsigned percent = fitting * 100 / lines;
    return percent == 0 ? 1 : percent;
}

bool line_is_text(slice head)
{
    size_t control = 0, malformed = 0;
    slice rest = head;
    while (rest.len > 0) {
        uint32_t character;
        size_t len = utf8_decode(rest, &character);
        if (character == UTF8_REPLACEMENT && len == 1)
            malformed++;
        else if ((character < ' ' && !byte_is_space((char)character) && character != '\x1b') ||
                 character == 0x7f)
            control++;
        rest = slice_from(rest, len);
    }
    return head.len > 0 && control * LINE_CONTROL_IN <= head.len &&
           malformed * LINE_MALFORMED_IN <= head.len;
}

static slice line_skip_weekday(slice text)
{
    static const slice names[] = {S_INIT("Mon "), S_INIT("Tue "), S_INIT("Wed "), S_INIT("Thu "),
        S_INIT("Fri "), S_INIT("Sat "), S_INIT("Sun ")};
    bool may_be = text.len > 4 && text.at[3] == ' ';
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && may_be; i++)
        if (text.at[0] == names[i].at[0] && slice_starts(text, names[i]))
            return slice_from(text, names[i].len);
    return text;
}

/* RFC 3164's, with a day of the week before it as some devices have, and C's, with the year behind
 * it. */
static bool line_stamp_month(slice text, struct stamp *stamp)
{
    uint64_t year;
    slice date = line_skip_weekday(text);
    if (!stamp_syslog(date, stamp))
        return false;
    slice digits = slice_sub(date, stamp->len, 5);
    slice after = slice_from(date, stamp->len + digits.len);
    bool ends = after.len == 0 || byte_is_among(after.at[0], S(" :,;]\t"));
    if (stamp->missing & STAMP_NO_YEAR && digits.len == 5 && digits.at[0] == ' ' && ends &&
        slice_to_u64(slice_from(digits, 1), 9999, &year)) {
        stamp->civil.year = (int32_t)year;
        stamp->missing &= ~STAMP_NO_YEAR;
        stamp->len += digits.len;
    }
    stamp->len += text.len - date.len;
    return true;
}

/* Unix seconds with a fraction, as squid and the kernel's audit write them: whole numbers alone are
 * too likely to be something else. */
static bool line_stamp_unix(slice text, struct stamp *stamp)
{
    size_t len = 0;
    bool fraction = false;
    int64_t time_ns;
    while (len < text.len && (byte_is_digit(text.at[len]) || text.at[len] == '.')) {
        fraction = fraction || text.at[len] == '.';
        len++;
    }
    if (!fraction || len < 12 || !stamp_unix(slice_first(text, len), &time_ns))
        return false;
    *stamp = (struct stamp){.len = len};
    civil_from_ns(time_ns, &stamp->civil);
    return true;
}

/* Digits of a fixed number at `at`; -1 when there are others. */
static int line_digits(slice text, size_t at, size_t count)
{
    uint64_t value;
    return slice_to_u64(slice_sub(text, at, count), 9999, &value) && at + count <= text.len
               ? (int)value
               : -1;
}

/* hh:mm:ss, or h:mm:ss after one space more. Gives what it takes, 0 for none. */
static size_t line_clock(slice text, struct civil *civil)
{
    size_t skip = slice_starts(text, S(" ")) ? 1 : 0;
    size_t hours = skip > 0 ? 1 : 2;
    civil->hour = line_digits(text, skip, hours);
    civil->minute = line_digits(text, skip + hours + 1, 2);
    civil->second = line_digits(text, skip + hours + 4, 2);
    size_t len = skip + hours + 6;
    bool ok = len <= text.len && text.at[skip + hours] == ':' && text.at[skip + hours + 3] == ':' &&
              civil->hour >= 0 && civil->hour < 24 && civil->minute >= 0 && civil->minute < 60 &&
              civil->second >= 0 && civil->second <= 60;
    return ok ? len : 0;
}

/* MySQL's and MariaDB's: "2026-11-20  3:12:44", "20261120 03:12:44", "261120  3:12:44". */
static bool line_stamp_mysql(slice text, struct stamp *stamp)
{
    struct stamp made = {.missing = STAMP_NO_ZONE};
    size_t space = slice_find_byte(slice_first(text, 11), ' ');
    bool dashes = space == 10 && text.at[4] == '-' && text.at[7] == '-';
    if (space >= text.len || !(dashes || space == 8 || space == 6))
        return false;
    size_t year = space == 6 ? 2 : 4;
    made.civil.year = line_digits(text, 0, year) + (year == 2 ? 2000 : 0);
    made.civil.month = line_digits(text, year + dashes, 2);
    made.civil.day = line_digits(text, year + 2 + 2 * dashes, 2);
    size_t clock = line_clock(slice_from(text, space + 1), &made.civil);
    if (clock == 0 || made.civil.year < 1970 || made.civil.month < 1 || made.civil.month > 12 ||
        made.civil.day < 1 || made.civil.day > 31)
        return false;
    made.len = space + 1 + clock;
    *stamp = made;
    return true;
}

static bool line_stamp_bare(slice text, struct stamp *stamp)
{
    return stamp_iso(text, stamp) || line_stamp_month(text, stamp) || stamp_ncsa(text, stamp) ||
           line_stamp_mysql(text, stamp) || line_stamp_unix(text, stamp) ||
           line_form_stamp(text, stamp);
}

bool line_stamp(slice line, struct stamp *stamp, slice *rest)
{
    struct stamp made;
    size_t start = 0;
    while (start < line.len && line.at[start] == ' ')
        start++;
    start += line_form_mark(slice_from(line, start));
    bool bracket = start < line.len && line.at[start] == '[';
    slice text = slice_from(line, start + bracket);
    if (text.len == 0 ||
        !(line_stamp_bare(text, &made) || (bracket && line_form_bracketed(text, &made))))
        return false;
    slice after = slice_from(text, made.len);
    if (after.len > 0 && byte_is_alnum(after.at[0]))
        return false;
    if (bracket) {
        if (after.len == 0 || after.at[0] != ']')
            return false;
        after = slice_from(after, 1);
    }
    made.len = (size_t)(after.at - line.at);
    while (after.len > 0 && byte_is_among(after.at[0], S(" :,\t")))
        after = slice_from(after, 1);
    *stamp = made;
    *rest = after;
    return true;
}

slice line_priority(slice line, uint64_t *priority)
{
    uint64_t value;
    size_t end = slice_find_byte(slice_first(line, 5), '>');
    if (line.len < 3 || line.at[0] != '<' || end > 4 || end < 2 || end >= line.len ||
        !slice_to_u64(slice_sub(line, 1, end - 1), LINE_PRIORITY_MAX, &value))
        return line;
    if (priority != NULL)
        *priority = value;
    return slice_from(line, end + 1);
}

slice line_sequence(slice line)
{
    enum { DIGITS_MAX = 12 };
    size_t digits = 0;
    while (digits < line.len && byte_is_digit(line.at[digits]))
        digits++;
    if (digits == 0 || digits > DIGITS_MAX || !slice_starts(slice_from(line, digits), S(": ")))
        return line;
    return slice_from(line, digits + 2);
}

struct line_years line_years(const struct decode_options *options)
{
    return (struct line_years){.year = options->year, .fixed = options->year_fixed};
}

int32_t line_years_step(struct line_years *years, const struct stamp *stamp, bool *rolled)
{
    int at = (stamp->civil.month - 1) * 31 + stamp->civil.day;
    if (rolled != NULL)
        *rolled = false;
    if (years->fixed)
        return years->year;
    if (!years->started) {
        years->started = true;
        years->last = at;
        return years->year;
    }
    /* The last hours of December after the first of January: a late line of the year before. */
    if (years->last <= 2 && at >= LINE_DAYS_IN_YEAR - 2)
        return years->year > 0 ? years->year - 1 : 0;
    if (years->last - at > LINE_DAYS_IN_YEAR / 2) {
        if (years->year > 0)
            years->year++;
        if (rolled != NULL)
            *rolled = true;
    }
    years->last = at;
    return years->year;
}

void line_set_time(struct event *event, const struct stamp *stamp,
    const struct decode_options *options, struct line_years *years)
{
    int32_t year = 0;
    int64_t time_ns;
    if (stamp->missing & STAMP_NO_YEAR) {
        year = line_years_step(years, stamp, NULL);
        if (year == 0)
            return;
    }
    if (!stamp_to_ns(stamp, year, options->zone_offset_s, &time_ns))
        return;
    event->time_ns = time_ns;
    if (stamp->missing & STAMP_NO_YEAR && !options->year_fixed)
        event->time_assumed |= EVENT_TIME_ASSUMED_YEAR;
    if (stamp->missing & STAMP_NO_ZONE && !options->zone_given)
        event->time_assumed |= EVENT_TIME_ASSUMED_ZONE;
}

enum result line_scan_years(struct stream *stream, struct decode_years *found, struct error *err)
{
    struct decode_years years = {0};
    struct line_years steps = {0};
    struct stream_line line;
    enum result result;
    while ((result = stream_next_line(stream, DECODE_LINE_MAX, &line, err)) == RESULT_OK) {
        struct stamp stamp;
        slice rest;
        bool rolled;
        if (!line_stamp(line_sequence(line_priority(line.text, NULL)), &stamp, &rest) ||
            !(stamp.missing & STAMP_NO_YEAR))
            continue;
        (void)line_years_step(&steps, &stamp, &rolled);
        if (!years.yearless)
            years.first = stamp;
        years.yearless = true;
        years.last = stamp;
        years.roll_overs += rolled;
    }
    if (result != RESULT_END)
        return result;
    *found = years;
    return RESULT_OK;
}

void line_note(struct decode_job *job, uint64_t number, uint64_t offset, enum text why)
{
    struct error note;
    if (job->on_note == NULL)
        return;
    (void)error_set(&note, RESULT_MALFORMED, why, ARG(number));
    job->on_note(job->context, number, offset, &note);
}

void line_report_cut(struct decode_job *job, const struct stream_line *line)
{
    struct error why;
    if (!line->truncated || job->on_undecoded == NULL)
        return;
    (void)error_set(&why, RESULT_LIMIT, TEXT_DECODE_LINE_CUT, ARG(line->number),
        ARG((uint64_t)DECODE_LINE_MAX));
    job->on_undecoded(job->context, line->number, line->offset, &why);
}

static enum result line_decode_one(struct line_decoder *decoder, struct stream_line *line,
    void (*decode)(struct line_decoder *decoder, struct event *event, slice line))
{
    struct decode_job *job = decoder->job;
    line_report_cut(job, line);
    if (line->offset == 0 && slice_starts(line->text, S("\xef\xbb\xbf")))
        line->text = slice_from(line->text, 3);
    if (slice_trim(line->text).len == 0)
        return RESULT_OK;
    struct event *event = decode_begin(job, line->number, line->offset);
    event->raw = line->text;
    decode(decoder, event, line->text);
    return job->on_event(job->context, event);
}

enum result line_decode(struct decode_job *job, struct stream *stream,
    void (*decode)(struct line_decoder *decoder, struct event *event, slice line),
    struct error *err)
{
    struct line_decoder decoder = {
        .job = job, .years = line_years(job->options), .json = json_events_new(job->options)};
    struct stream_line line;
    enum result result;
    while ((result = stream_next_line(stream, DECODE_LINE_MAX, &line, err)) == RESULT_OK) {
        result = line_decode_one(&decoder, &line, decode);
        if (result != RESULT_OK)
            break;
    }
    json_events_free(decoder.json);
    return result == RESULT_END ? RESULT_OK : result;
}
