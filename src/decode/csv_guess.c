/* See csv_guess.h. Names are compared without case and without what is no letter or digit: "Source
 * IP", source_ip and SourceIP are one. */
#include "decode/csv_guess.h"

#include <string.h>

#include "base/base.h"
#include "decode/json_time.h"
#include "decode/product_type.h"

/* Longest name that is compared. */
#define GUESS_NAME_MAX 40

enum guess_role {
    GUESS_NONE,
    GUESS_TEXT,
    GUESS_IP,
    GUESS_PORT,
    GUESS_NUMBER,
    GUESS_ALERT, /* the name of an alert */
    GUESS_NAMED, /* a name that may be an alert's */
    GUESS_ID,    /* of an alert's rule */
    GUESS_LEVEL,
};

static const struct {
    slice name;
    slice field;
    enum guess_role role;
} guess_names[] = {
#define ROLE(role, field, name) {S_INIT(name), S_INIT(field), GUESS_##role},
#include "decode/csv_guess.def"
#undef ROLE
};

/* The name without what is not compared; empty when it is too long. */
static slice guess_fold(slice name, char *folded)
{
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (!byte_is_alnum(name.at[i]) && (unsigned char)name.at[i] < 0x80)
            continue;
        if (len == GUESS_NAME_MAX)
            return slice_make(folded, 0);
        folded[len++] = byte_lower(name.at[i]);
    }
    return slice_make(folded, len);
}

/* Whether the folded name is one of a time; "Time (UTC)" and its like are, and set *utc. */
static bool guess_is_time(slice folded, bool *utc)
{
    static const slice more[] = {S_INIT("dateandtime"), S_INIT("timestamp"), S_INIT("eventtime"),
        S_INIT("logtime"), S_INIT("alerttime"), S_INIT("detectiontime"), S_INIT("timelogged"),
        S_INIT("logged"), S_INIT("starttime"), S_INIT("timegeneratedutc"), S_INIT("whentime")};
    static const slice zones[] = {S_INIT("utc"), S_INIT("gmt")};
    char memory[GUESS_NAME_MAX];
    size_t count;
    const slice *names = json_time_names(&count);
    *utc = false;
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        if (slice_ends(folded, zones[i]) && folded.len > zones[i].len) {
            folded.len -= zones[i].len;
            *utc = true;
        }
    }
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
        if (slice_equal(folded, more[i]))
            return true;
    for (size_t i = 0; i < count; i++)
        if (slice_equal(folded, guess_fold(names[i], memory)))
            return true;
    return false;
}

static void guess_column(struct csv_guess *guess, size_t at, slice folded)
{
    struct csv_guess_column *column = &guess->columns[at];
    *column = (struct csv_guess_column){.field = {NULL, 0}, .role = GUESS_NONE};
    for (size_t i = 0; i < sizeof(guess_names) / sizeof(guess_names[0]); i++)
        if (slice_equal(folded, guess_names[i].name))
            *column = (struct csv_guess_column){guess_names[i].field, (uint8_t)guess_names[i].role};
    /* A field is given once: the first column that is named for it. */
    for (size_t i = 0; i < at; i++)
        if (column->field.len > 0 && slice_equal(guess->columns[i].field, column->field))
            *column = (struct csv_guess_column){.field = {NULL, 0}, .role = GUESS_NONE};
}

static size_t guess_count(const struct csv_guess *guess, enum guess_role role)
{
    size_t count = 0;
    for (size_t i = 0; i < guess->count; i++)
        count += guess->columns[i].role == role;
    return count;
}

static bool guess_has(const struct csv_guess *guess, slice field)
{
    for (size_t i = 0; i < guess->count; i++)
        if (slice_equal(guess->columns[i].field, field))
            return true;
    return false;
}

/* Rows are alerts when a column is named for it, or when a name stands beside a time and what it is
 * about. */
static bool guess_is_of_alerts(const struct csv_guess *guess)
{
    if (guess_count(guess, GUESS_ALERT) > 0)
        return true;
    bool about = guess_count(guess, GUESS_IP) > 0 || guess_has(guess, S("host.name")) ||
                 guess_has(guess, S("user.name"));
    return guess_count(guess, GUESS_NAMED) > 0 && about && csv_guess_has_time(guess) &&
           !guess_has(guess, S("process.command_line")) && !guess_has(guess, S("url.original"));
}

void csv_guess_begin(struct csv_guess *guess, const slice *names, size_t count)
{
    bool utc;
    guess->count = size_min(count, CSV_COLUMNS_MAX);
    guess->date = guess->time = guess->stamp = CSV_COLUMNS_MAX;
    guess->utc = false;
    for (size_t i = 0; i < guess->count; i++) {
        char memory[GUESS_NAME_MAX];
        slice folded = guess_fold(names[i], memory);
        guess_column(guess, i, folded);
        if (slice_equal(folded, S("date")))
            guess->date = i;
        else if (slice_equal(folded, S("time")) || slice_equal(folded, S("timeofday")))
            guess->time = i;
        if (guess->stamp == CSV_COLUMNS_MAX && guess_is_time(folded, &utc)) {
            guess->stamp = i;
            guess->utc = utc;
        }
    }
    guess->alerts = guess_is_of_alerts(guess);
}

bool csv_guess_has_time(const struct csv_guess *guess)
{
    return guess->stamp < CSV_COLUMNS_MAX;
}

static void guess_set_time(const struct csv_guess *guess, slice text,
    const struct decode_options *options, struct line_years *years, struct event *event)
{
    struct stamp stamp;
    if (!json_time_read(text, &stamp))
        return;
    if (guess->utc)
        stamp.missing &= ~STAMP_NO_ZONE;
    event->time_ns = CIVIL_TIME_NONE;
    event->time_assumed = 0;
    line_set_time(event, &stamp, options, years);
}

static void guess_time(const struct csv_guess *guess, const slice *values, size_t count,
    const struct decode_options *options, struct line_years *years, struct event *event)
{
    if (guess->date < count && guess->time < count) {
        slice date = slice_trim(values[guess->date]), time = slice_trim(values[guess->time]);
        char *text = arena_bytes(event->arena, date.len + 1 + time.len);
        memcpy(text, date.at, date.len);
        text[date.len] = ' ';
        memcpy(text + date.len + 1, time.at, time.len);
        guess_set_time(guess, slice_make(text, date.len + 1 + time.len), options, years, event);
    } else if (guess->stamp < count && (event->time_ns == CIVIL_TIME_NONE || guess->utc)) {
        guess_set_time(guess, values[guess->stamp], options, years, event);
    }
}

/* The five levels in the words of other products; absent for what is none of them. */
static slice guess_level(slice text)
{
    static const slice words[][2] = {{S_INIT("info"), S_INIT("informational")},
        {S_INIT("notice"), S_INIT("informational")}, {S_INIT("low"), S_INIT("low")},
        {S_INIT("minor"), S_INIT("low")}, {S_INIT("med"), S_INIT("medium")},
        {S_INIT("moderate"), S_INIT("medium")}, {S_INIT("warn"), S_INIT("medium")},
        {S_INIT("high"), S_INIT("high")}, {S_INIT("major"), S_INIT("high")},
        {S_INIT("important"), S_INIT("high")}, {S_INIT("severe"), S_INIT("high")},
        {S_INIT("crit"), S_INIT("critical")}, {S_INIT("very high"), S_INIT("critical")},
        {S_INIT("emerg"), S_INIT("critical")}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (slice_starts_nocase(text, words[i][0]))
            return words[i][1];
    return (slice){NULL, 0};
}

static void guess_add(const struct csv_guess *guess, size_t at, slice value, struct event *event)
{
    const struct csv_guess_column *column = &guess->columns[at];
    enum event_type type = EVENT_STRING;
    slice level = guess_level(value);
    switch ((enum guess_role)column->role) {
    case GUESS_NONE:
        return;
    case GUESS_NAMED:
    case GUESS_ALERT:
    case GUESS_ID:
        if (!guess->alerts)
            return;
        break;
    case GUESS_IP:
        if (!product_type_convert(PRODUCT_TYPE_IP, value, event->arena, &value, &type))
            return;
        break;
    case GUESS_PORT:
        if (!product_type_convert(PRODUCT_TYPE_PORT, value, event->arena, &value, &type))
            return;
        break;
    case GUESS_NUMBER:
        if (!product_type_convert(PRODUCT_TYPE_INT, value, event->arena, &value, &type))
            return;
        break;
    case GUESS_LEVEL:
        if (guess->alerts && !slice_is_absent(level))
            event_add_string(event, S("hikeshi.level"), level);
        break;
    case GUESS_TEXT:
        break;
    }
    if (event_find(event, column->field) == NULL)
        event_add_ecs(event, column->field, value, type);
}

void csv_guess_apply(const struct csv_guess *guess, const slice *values, size_t count,
    const struct decode_options *options, struct line_years *years, struct event *event)
{
    bool recognised = event_find(event, S("event.module")) != NULL;
    guess_time(guess, values, count, options, years, event);
    if (guess->alerts)
        event_add_ecs(event, S("event.kind"), S("alert"), EVENT_STRING);
    for (size_t i = 0; i < size_min(count, guess->count); i++) {
        enum guess_role role = (enum guess_role)guess->columns[i].role;
        bool of_alert = role == GUESS_ALERT || role == GUESS_LEVEL || role == GUESS_ID;
        if (!recognised || (guess->alerts && of_alert))
            guess_add(guess, i, slice_trim(values[i]), event);
    }
}
