/* See picture.h. Drawn with numbers only: no text from evidence but names of hosts, through the
 * HTML writer like all else. Rejected: a canvas and a script, which paper and a strict policy have
 * not. */
#include "report/picture.h"

#include <stdlib.h>

#include "base/civil.h"
#include "report/axis.h"
#include "report/lanes.h"
#include "report/width.h"
#include "report/words.h"

/* Lengths in units of the picture, which is scaled to the page. */
#define PICTURE_WIDTH      1000
#define PICTURE_LEFT       160 /* names of hosts */
#define PICTURE_PLOT       800 /* time */
#define PICTURE_LANE       26
#define PICTURE_SPAN       18
#define PICTURE_SPAN_LEAST 4
#define PICTURE_SPAN_NAME  30 /* its number, behind it */
#define PICTURE_BARS       56
#define PICTURE_AXIS       40
#define PICTURE_GAP        10
#define PICTURE_LABEL_DROP 4  /* from the middle of a row to the line its text stands on */
#define PICTURE_HOST_WIDTH 18 /* columns of a host's name */

#define PICTURE_LANES_OVERVIEW 12
#define PICTURE_LANES_INCIDENT 8
#define PICTURE_SPANS_MAX      12
/* The whole evidence is drawn when it is at most so many times as long as the signs are. */
#define PICTURE_ZOOM 20

struct picture {
    struct lanes lanes;
    size_t joined; /* hosts in the last lane */
};

struct pictures {
    const struct triage_result *result;
    struct picture overview;
    bool zoomed; /* the overview leaves out evidence before or after the signs */
    struct picture *incidents;
    size_t incident_count;
};

/* --- counting --- */

/* First and last time of all signs; false when none has one. */
static enum result pictures_period(
    struct triage_result *result, int64_t *first_ns, int64_t *last_ns, struct error *err)
{
    struct triage_signs *signs;
    struct triage_sign sign;
    enum result status = triage_signs_open(result, &signs, err);
    if (status != RESULT_OK)
        return status;
    *first_ns = *last_ns = CIVIL_TIME_NONE;
    while ((status = triage_signs_next(signs, &sign, err)) == RESULT_OK) {
        if (sign.time_ns == CIVIL_TIME_NONE)
            continue;
        if (*first_ns == CIVIL_TIME_NONE)
            *first_ns = sign.time_ns;
        *last_ns = sign.time_ns;
    }
    triage_signs_free(signs);
    return status == RESULT_END ? RESULT_OK : status;
}

/* The whole evidence, unless the signs would be a speck in it. */
static struct axis pictures_overview_axis(
    struct pictures *pictures, int64_t first_ns, int64_t last_ns)
{
    const struct triage_counts *counts = triage_counts(pictures->result);
    if (first_ns == CIVIL_TIME_NONE)
        return axis_around(counts->first_ns, counts->last_ns);
    if (counts->first_ns == CIVIL_TIME_NONE)
        return axis_around(first_ns, last_ns);
    int64_t from = counts->first_ns < first_ns ? counts->first_ns : first_ns;
    int64_t to = counts->last_ns > last_ns ? counts->last_ns : last_ns;
    __int128 whole = (__int128)to - from;
    __int128 part = (__int128)last_ns - first_ns;
    pictures->zoomed = whole > part * PICTURE_ZOOM && whole > PICTURE_ZOOM * 60 * CIVIL_NS_PER_S;
    return pictures->zoomed ? axis_around(first_ns, last_ns) : axis_around(from, to);
}

static void pictures_set_axes(struct pictures *pictures, int64_t first_ns, int64_t last_ns)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(pictures->result, &count);
    pictures->overview.lanes.axis = pictures_overview_axis(pictures, first_ns, last_ns);
    for (size_t i = 0; i < pictures->incident_count; i++)
        pictures->incidents[i].lanes.axis =
            axis_around(incidents[i].first_ns, incidents[i].last_ns);
}

static enum result pictures_count(
    struct pictures *pictures, struct triage_result *result, struct error *err)
{
    struct triage_signs *signs;
    struct triage_sign sign;
    enum result status = triage_signs_open(result, &signs, err);
    if (status != RESULT_OK)
        return status;
    while ((status = triage_signs_next(signs, &sign, err)) == RESULT_OK) {
        lanes_add(&pictures->overview.lanes, &sign);
        if (sign.incident < pictures->incident_count)
            lanes_add(&pictures->incidents[sign.incident].lanes, &sign);
    }
    triage_signs_free(signs);
    return status == RESULT_END ? RESULT_OK : status;
}

static void picture_settle(struct picture *picture, size_t lanes)
{
    picture->joined = lanes_settle(&picture->lanes, lanes);
}

enum result pictures_make(
    struct triage_result *result, size_t incidents, struct pictures **pictures, struct error *err)
{
    size_t count;
    int64_t first_ns, last_ns;
    enum result status = pictures_period(result, &first_ns, &last_ns, err);
    if (status != RESULT_OK)
        return status;
    (void)triage_incidents(result, &count);
    struct pictures *made = calloc(1, sizeof(*made));
    ASSERT(made != NULL);
    made->result = result;
    made->incident_count = size_min(count, incidents);
    made->incidents = calloc(made->incident_count + 1, sizeof(*made->incidents));
    ASSERT(made->incidents != NULL);
    pictures_set_axes(made, first_ns, last_ns);
    status = pictures_count(made, result, err);
    if (status != RESULT_OK) {
        pictures_free(made);
        return status;
    }
    picture_settle(&made->overview, PICTURE_LANES_OVERVIEW);
    for (size_t i = 0; i < made->incident_count; i++)
        picture_settle(&made->incidents[i], PICTURE_LANES_INCIDENT);
    *pictures = made;
    return RESULT_OK;
}

void pictures_free(struct pictures *pictures)
{
    if (pictures == NULL)
        return;
    lanes_free(&pictures->overview.lanes);
    for (size_t i = 0; i < pictures->incident_count; i++)
        lanes_free(&pictures->incidents[i].lanes);
    free(pictures->incidents);
    free(pictures);
}

/* --- drawing --- */

static void picture_open(
    struct html *html, struct phrase *phrase, const struct axis *axis, int64_t height)
{
    struct buf *box = phrase_begin(phrase);
    buf_append(box, S("0 0 "));
    buf_append_i64(box, PICTURE_WIDTH);
    buf_append_byte(box, ' ');
    buf_append_i64(box, height);
    slice made = phrase_end(phrase);
    slice period = phrase_period(phrase, axis->first_ns, axis->last_ns);
    text_append(phrase_begin(phrase), TEXT_PAGE_PICTURE_ALT, ARG(period));
    slice label = phrase_end(phrase);
    html_open_class(html, "svg", "picture");
    html_attribute(html, "viewBox", made);
    html_attribute(html, "role", S("img"));
    html_attribute(html, "aria-label", label);
}

static void picture_line(
    struct html *html, const char *class, int64_t x1, int64_t y1, int64_t x2, int64_t y2)
{
    html_open_class(html, "line", class);
    html_attribute_number(html, "x1", x1);
    html_attribute_number(html, "y1", y1);
    html_attribute_number(html, "x2", x2);
    html_attribute_number(html, "y2", y2);
    html_close(html, "line");
}

static void picture_text(struct html *html, const char *class, int64_t x, int64_t y, slice text)
{
    html_open_class(html, "text", class);
    html_attribute_number(html, "x", x);
    html_attribute_number(html, "y", y);
    html_text(html, text);
    html_close(html, "text");
}

static void picture_box(
    struct html *html, const char *class, int64_t x, int64_t y, int64_t width, int64_t height)
{
    html_open_class(html, "rect", class);
    html_attribute_number(html, "x", x);
    html_attribute_number(html, "y", y);
    html_attribute_number(html, "width", width);
    html_attribute_number(html, "height", height);
}

static int64_t picture_x(const struct axis *axis, int64_t time_ns)
{
    return PICTURE_LEFT + axis_at(axis, time_ns, PICTURE_PLOT);
}

static bool picture_is_new_day(const struct axis_ticks *ticks, size_t index)
{
    int64_t day = CIVIL_S_PER_DAY * CIVIL_NS_PER_S;
    return index == 0 || ticks->time_ns[index] / day != ticks->time_ns[index - 1] / day;
}

/* Ticks over the whole height; under a time of day the date, where it changes. */
static void picture_axis(
    struct html *html, struct phrase *phrase, const struct axis *axis, int64_t bottom)
{
    struct axis_ticks ticks = axis_ticks(axis);
    for (size_t i = 0; i < ticks.count; i++) {
        int64_t x = picture_x(axis, ticks.time_ns[i]);
        picture_line(html, "tick", x, 0, x, bottom + 4);
        axis_label(phrase_begin(phrase), ticks.unit, ticks.time_ns[i]);
        picture_text(html, "time", x, bottom + 17, phrase_end(phrase));
        if (ticks.unit <= AXIS_MINUTES && picture_is_new_day(&ticks, i)) {
            words_date(phrase_begin(phrase), ticks.time_ns[i]);
            picture_text(html, "time date", x, bottom + 32, phrase_end(phrase));
        }
    }
    picture_line(html, "base", PICTURE_LEFT, bottom, PICTURE_LEFT + PICTURE_PLOT, bottom);
}

static slice picture_host(
    struct phrase *phrase, const struct picture *picture, const struct lane *lane)
{
    struct buf *name = phrase_begin(phrase);
    if (lane->others && picture->lanes.others) {
        buf_append(name, text_get(TEXT_PAGE_PICTURE_MORE_THAN));
    } else if (lane->others) {
        text_append(name, TEXT_PAGE_PICTURE_OTHERS, ARG(picture->joined));
    } else if (lane->host.len == 0) {
        buf_append(name, text_get(TEXT_REPORT_NO_HOST));
    } else {
        slice front = width_first(lane->host, PICTURE_HOST_WIDTH);
        buf_append(name, front);
        if (front.len < lane->host.len)
            buf_append(name, S("\xe2\x80\xa6"));
    }
    return phrase_end(phrase);
}

/* Sizes say how many, in steps of ten. */
static int64_t picture_size(uint64_t count)
{
    int64_t size = 4;
    for (; count >= 10 && size < 7; count /= 10)
        size++;
    return size;
}

static void picture_diamond(struct html *html, int64_t x, int64_t y, int64_t size)
{
    char text[160];
    struct buf path;
    const int64_t corners[4][2] = {{x, y - size}, {x + size, y}, {x, y + size}, {x - size, y}};
    buf_init_fixed(&path, text, sizeof(text));
    for (size_t i = 0; i < 4; i++) {
        buf_append_byte(&path, i == 0 ? 'M' : 'L');
        buf_append_i64(&path, corners[i][0]);
        buf_append_byte(&path, ' ');
        buf_append_i64(&path, corners[i][1]);
    }
    buf_append_byte(&path, 'Z');
    html_open_class(html, "path", "critical");
    html_attribute(html, "d", buf_slice(&path));
}

/* Opens the shape of a level, for a title to follow; returns the element to close. */
static const char *picture_shape(
    struct html *html, enum rule_level level, int64_t x, int64_t y, int64_t size)
{
    if (level == RULE_CRITICAL) {
        picture_diamond(html, x, y, size + 2);
        return "path";
    }
    if (level >= RULE_MEDIUM) {
        html_open_class(html, "circle", level == RULE_HIGH ? "high" : "medium");
        html_attribute_number(html, "cx", x);
        html_attribute_number(html, "cy", y);
        html_attribute_number(html, "r", size);
        return "circle";
    }
    int64_t half = level == RULE_LOW ? size : size / 2;
    picture_box(html, level == RULE_LOW ? "low" : "informational", x - 1, y - half, 2, 2 * half);
    return "rect";
}

static int64_t picture_place_ns(const struct axis *axis, size_t place)
{
    __int128 span = (__int128)axis->last_ns - axis->first_ns;
    return (int64_t)(axis->first_ns + span * (2 * (int64_t)place + 1) / (2 * LANES_PLACES));
}

static void picture_mark(struct html *html, struct phrase *phrase, const struct axis *axis,
    slice host, const struct lane_place *place, size_t at, int64_t y)
{
    int64_t x = PICTURE_LEFT + (2 * (int64_t)at + 1) * PICTURE_PLOT / (2 * LANES_PLACES);
    slice signs = phrase_count(phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, place->count);
    slice time = phrase_time(phrase, picture_place_ns(axis, at));
    text_append(phrase_begin(phrase), TEXT_PAGE_PICTURE_MARK, ARG(host), ARG(signs),
        ARG(words_level(place->level)), ARG(time));
    slice title = phrase_end(phrase);
    const char *shape = picture_shape(html, place->level, x, y, picture_size(place->count));
    html_element(html, "title", NULL, title);
    html_close(html, shape);
}

static void picture_lanes(
    const struct picture *picture, struct html *html, struct phrase *phrase, int64_t top)
{
    for (size_t i = 0; i < picture->lanes.count; i++) {
        const struct lane *lane = picture->lanes.lanes[i];
        int64_t y = top + PICTURE_LANE / 2;
        slice host = picture_host(phrase, picture, lane);
        picture_text(html, "host", PICTURE_LEFT - 10, y + PICTURE_LABEL_DROP, host);
        picture_line(html, "lane", PICTURE_LEFT, y, PICTURE_LEFT + PICTURE_PLOT, y);
        for (size_t place = 0; place < LANES_PLACES; place++)
            if (lane->places[place].count > 0)
                picture_mark(
                    html, phrase, &picture->lanes.axis, host, &lane->places[place], place, y);
        phrase_reset(phrase);
        top += PICTURE_LANE;
    }
}

/* Where the spans of the incidents go: each in the first row where it fits. */
struct picture_rows {
    size_t row[PICTURE_SPANS_MAX];
    size_t count;
};

static int64_t picture_span_width(const struct axis *axis, const struct triage_incident *incident)
{
    int64_t width = picture_x(axis, incident->last_ns) - picture_x(axis, incident->first_ns);
    return width < PICTURE_SPAN_LEAST ? PICTURE_SPAN_LEAST : width;
}

/* Whether the spans of two incidents would touch in one row. */
static bool picture_spans_touch(
    const struct axis *axis, const struct triage_incident *one, const struct triage_incident *other)
{
    int64_t one_x = picture_x(axis, one->first_ns);
    int64_t other_x = picture_x(axis, other->first_ns);
    return one_x < other_x + picture_span_width(axis, other) + PICTURE_SPAN_NAME &&
           other_x < one_x + picture_span_width(axis, one) + PICTURE_SPAN_NAME;
}

/* Whether the incident of that index fits into its row beside those before it. */
static bool picture_span_fits(const struct picture_rows *rows, const struct axis *axis,
    const struct triage_incident *incidents, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (incidents[i].first_ns != CIVIL_TIME_NONE && rows->row[i] == rows->row[index] &&
            picture_spans_touch(axis, &incidents[i], &incidents[index]))
            return false;
    return true;
}

static struct picture_rows picture_place_spans(
    const struct axis *axis, const struct triage_incident *incidents, size_t count)
{
    struct picture_rows rows = {0};
    for (size_t i = 0; i < count && i < PICTURE_SPANS_MAX; i++) {
        if (incidents[i].first_ns == CIVIL_TIME_NONE)
            continue;
        while (!picture_span_fits(&rows, axis, incidents, i))
            rows.row[i]++;
        rows.count = size_max(rows.count, rows.row[i] + 1);
    }
    return rows;
}

static void picture_span(struct html *html, struct phrase *phrase, const struct axis *axis,
    const struct triage_incident *incident, size_t number, int64_t top)
{
    int64_t x = picture_x(axis, incident->first_ns);
    int64_t width = picture_span_width(axis, incident);
    slice period = phrase_period(phrase, incident->first_ns, incident->last_ns);
    slice name = phrase_number(phrase, number);
    text_append(phrase_begin(phrase), TEXT_PAGE_PICTURE_SPAN, ARG(name), ARG(period));
    slice title = phrase_end(phrase);
    picture_box(html, "span", x, top + 4, width, PICTURE_SPAN - 8);
    html_element(html, "title", NULL, title);
    html_close(html, "rect");
    picture_text(html, "spanname", x + width + 5, top + PICTURE_SPAN - 5, name);
}

static void picture_spans(const struct pictures *pictures, const struct picture_rows *rows,
    struct html *html, struct phrase *phrase)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(pictures->result, &count);
    if (rows->count > 0)
        picture_text(html, "host", PICTURE_LEFT - 10, PICTURE_SPAN - 5,
            text_get(TEXT_PAGE_PICTURE_INCIDENTS));
    for (size_t i = 0; i < count && i < PICTURE_SPANS_MAX; i++)
        if (incidents[i].first_ns != CIVIL_TIME_NONE)
            picture_span(html, phrase, &pictures->overview.lanes.axis, &incidents[i], i + 1,
                (int64_t)rows->row[i] * PICTURE_SPAN);
}

static bool picture_step_is_inside(
    const struct axis *axis, const struct activity *activity, size_t step)
{
    __int128 from = (__int128)activity_begin_s(activity, step) * CIVIL_NS_PER_S;
    __int128 to = from + (__int128)activity->step_s * CIVIL_NS_PER_S;
    return to > axis->first_ns && from < axis->last_ns;
}

static int64_t picture_ns(__int128 time_ns)
{
    return time_ns > INT64_MAX    ? INT64_MAX
           : time_ns <= INT64_MIN ? INT64_MIN + 1
                                  : (int64_t)time_ns;
}

static void picture_bar(struct html *html, struct phrase *phrase, const struct axis *axis,
    const struct activity *activity, size_t step, uint64_t most, int64_t top)
{
    uint64_t events = activity_events(activity, step);
    __int128 from = (__int128)activity_begin_s(activity, step) * CIVIL_NS_PER_S;
    int64_t x = picture_x(axis, picture_ns(from));
    int64_t end = picture_x(axis, picture_ns(from + (__int128)activity->step_s * CIVIL_NS_PER_S));
    int64_t height = (int64_t)((__int128)events * PICTURE_BARS / most);
    height = height < 1 ? 1 : height;
    slice period = phrase_time(phrase, picture_ns(from));
    slice number = phrase_number(phrase, events);
    text_append(phrase_begin(phrase), TEXT_PAGE_PICTURE_BAR, ARG(number), ARG(period));
    slice title = phrase_end(phrase);
    picture_box(html, "bar", x, top + PICTURE_BARS - height, end - x < 1 ? 1 : end - x, height);
    html_element(html, "title", NULL, title);
    html_close(html, "rect");
    phrase_reset(phrase);
}

/* The events behind the signs, as bars. */
static void picture_bars(
    const struct pictures *pictures, struct html *html, struct phrase *phrase, int64_t top)
{
    const struct activity *activity = triage_activity(pictures->result);
    const struct axis *axis = &pictures->overview.lanes.axis;
    uint64_t most = 0;
    for (size_t i = 0; i < activity_count(activity); i++)
        if (picture_step_is_inside(axis, activity, i) && activity_events(activity, i) > most)
            most = activity_events(activity, i);
    if (most == 0)
        return;
    picture_text(html, "host", PICTURE_LEFT - 10, top + PICTURE_BARS - 2,
        text_get(TEXT_PAGE_PICTURE_EVENTS));
    for (size_t i = 0; i < activity_count(activity); i++)
        if (picture_step_is_inside(axis, activity, i) && activity_events(activity, i) > 0)
            picture_bar(html, phrase, axis, activity, i, most, top);
}

bool pictures_has_overview(const struct pictures *pictures)
{
    return pictures->overview.lanes.count > 0 ||
           activity_count(triage_activity(pictures->result)) > 0;
}

static void picture_caption(
    const struct pictures *pictures, struct html *html, struct phrase *phrase)
{
    size_t count;
    uint64_t untimed = pictures->overview.lanes.untimed;
    (void)triage_incidents(pictures->result, &count);
    html_open(html, "figcaption");
    html_text(html, text_get(TEXT_PAGE_PICTURE_CAPTION));
    if (pictures->zoomed) {
        html_text(html, S(" "));
        html_text(html, text_get(TEXT_PAGE_PICTURE_OUTSIDE));
    }
    if (count > PICTURE_SPANS_MAX) {
        text_append(phrase_begin(phrase), TEXT_PAGE_PICTURE_INCIDENTS_CUT, ARG(PICTURE_SPANS_MAX));
        html_text(html, S(" "));
        html_text(html, phrase_end(phrase));
    }
    if (untimed > 0) {
        slice signs = phrase_count(phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, untimed);
        text_append(phrase_begin(phrase), TEXT_PAGE_PICTURE_NO_TIME, ARG(signs));
        html_text(html, S(" "));
        html_text(html, phrase_end(phrase));
    }
    html_close(html, "figcaption");
}

/* The scrolling box and the picture with its axis; everything else is drawn over it. */
static void picture_begin(
    struct html *html, struct phrase *phrase, const struct axis *axis, int64_t bottom)
{
    html_open(html, "figure");
    html_open_class(html, "div", "wide");
    html_attribute(html, "tabindex", S("0"));
    html_attribute(html, "role", S("group"));
    html_attribute(html, "aria-label", text_get(TEXT_PAGE_TIMELINE));
    picture_open(html, phrase, axis, bottom + PICTURE_AXIS);
    picture_axis(html, phrase, axis, bottom);
}

static void picture_end(struct html *html)
{
    html_close(html, "svg");
    html_close(html, "div");
}

void pictures_write_overview(
    const struct pictures *pictures, struct html *html, struct phrase *phrase)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(pictures->result, &count);
    const struct picture *picture = &pictures->overview;
    struct picture_rows rows = picture_place_spans(&picture->lanes.axis, incidents, count);
    int64_t lanes_top = (int64_t)rows.count * PICTURE_SPAN + PICTURE_GAP;
    int64_t bars_top = lanes_top + (int64_t)picture->lanes.count * PICTURE_LANE + PICTURE_GAP;
    picture_begin(html, phrase, &picture->lanes.axis, bars_top + PICTURE_BARS);
    picture_spans(pictures, &rows, html, phrase);
    picture_lanes(picture, html, phrase, lanes_top);
    picture_bars(pictures, html, phrase, bars_top);
    picture_end(html);
    pictures_write_legend(html);
    picture_caption(pictures, html, phrase);
    html_close(html, "figure");
    phrase_reset(phrase);
}

void pictures_write_incident(
    const struct pictures *pictures, size_t incident, struct html *html, struct phrase *phrase)
{
    ASSERT(incident < pictures->incident_count);
    const struct picture *picture = &pictures->incidents[incident];
    if (picture->lanes.count == 0)
        return;
    int64_t bottom = (int64_t)picture->lanes.count * PICTURE_LANE + PICTURE_GAP;
    picture_begin(html, phrase, &picture->lanes.axis, bottom);
    picture_lanes(picture, html, phrase, PICTURE_GAP / 2);
    picture_end(html);
    html_close(html, "figure");
    phrase_reset(phrase);
}

void pictures_write_legend(struct html *html)
{
    html_open_class(html, "ul", "legend");
    for (int level = RULE_CRITICAL; level >= RULE_INFORMATIONAL; level--) {
        html_open(html, "li");
        html_open_class(html, "svg", "key");
        html_attribute(html, "viewBox", S("0 0 16 16"));
        html_attribute(html, "aria-hidden", S("true"));
        const char *shape = picture_shape(html, (enum rule_level)level, 8, 8, 5);
        html_close(html, shape);
        html_close(html, "svg");
        html_text(html, words_level((enum rule_level)level));
        html_close(html, "li");
    }
    html_close(html, "ul");
}
