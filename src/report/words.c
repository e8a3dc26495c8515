/* See words.h. */
#include "report/words.h"

#include <math.h>

#include "base/civil.h"
#include "base/escape.h"

/* Values of fields begin in this column unless the name is longer. */
#define WORDS_NAME_WIDTH 32U

#define WORDS_S_PER_MINUTE 60
#define WORDS_S_PER_HOUR   3600

slice words_level_name(enum rule_level level)
{
    static const slice names[] = {
        [RULE_INFORMATIONAL] = S_INIT("informational"),
        [RULE_LOW] = S_INIT("low"),
        [RULE_MEDIUM] = S_INIT("medium"),
        [RULE_HIGH] = S_INIT("high"),
        [RULE_CRITICAL] = S_INIT("critical"),
    };
    ASSERT(level <= RULE_CRITICAL);
    return names[level];
}

slice words_vector_name(enum rule_vector vector)
{
    static const slice names[] = {
        [RULE_VECTOR_UNKNOWN] = S_INIT("unknown"),
        [RULE_VECTOR_MEDIA] = S_INIT("media"),
        [RULE_VECTOR_ATTRITION] = S_INIT("attrition"),
        [RULE_VECTOR_WEB] = S_INIT("web"),
        [RULE_VECTOR_EMAIL] = S_INIT("email"),
        [RULE_VECTOR_IMPERSONATION] = S_INIT("impersonation"),
        [RULE_VECTOR_IMPROPER_USAGE] = S_INIT("improper-usage"),
        [RULE_VECTOR_LOSS] = S_INIT("loss"),
        [RULE_VECTOR_OTHER] = S_INIT("other"),
    };
    ASSERT(vector <= RULE_VECTOR_OTHER);
    return names[vector];
}

slice words_kind_name(enum rule_kind kind)
{
    return kind == RULE_PRECURSOR ? S("precursor") : S("indicator");
}

slice words_source_name(enum triage_sign_source source)
{
    switch (source) {
    case TRIAGE_FROM_SIGMA:
        return S("sigma");
    case TRIAGE_FROM_CORRELATION:
        return S("correlation");
    case TRIAGE_FROM_ALERT:
        break;
    }
    return S("alert");
}

slice words_level(enum rule_level level)
{
    static const enum text texts[] = {
        [RULE_INFORMATIONAL] = TEXT_REPORT_LEVEL_INFORMATIONAL,
        [RULE_LOW] = TEXT_REPORT_LEVEL_LOW,
        [RULE_MEDIUM] = TEXT_REPORT_LEVEL_MEDIUM,
        [RULE_HIGH] = TEXT_REPORT_LEVEL_HIGH,
        [RULE_CRITICAL] = TEXT_REPORT_LEVEL_CRITICAL,
    };
    ASSERT(level <= RULE_CRITICAL);
    return text_get(texts[level]);
}

slice words_vector(enum rule_vector vector)
{
    static const enum text texts[] = {
        [RULE_VECTOR_UNKNOWN] = TEXT_REPORT_VECTOR_UNKNOWN,
        [RULE_VECTOR_MEDIA] = TEXT_REPORT_VECTOR_MEDIA,
        [RULE_VECTOR_ATTRITION] = TEXT_REPORT_VECTOR_ATTRITION,
        [RULE_VECTOR_WEB] = TEXT_REPORT_VECTOR_WEB,
        [RULE_VECTOR_EMAIL] = TEXT_REPORT_VECTOR_EMAIL,
        [RULE_VECTOR_IMPERSONATION] = TEXT_REPORT_VECTOR_IMPERSONATION,
        [RULE_VECTOR_IMPROPER_USAGE] = TEXT_REPORT_VECTOR_IMPROPER_USAGE,
        [RULE_VECTOR_LOSS] = TEXT_REPORT_VECTOR_LOSS,
        [RULE_VECTOR_OTHER] = TEXT_REPORT_VECTOR_OTHER,
    };
    ASSERT(vector <= RULE_VECTOR_OTHER);
    return text_get(texts[vector]);
}

slice words_entity_type(enum entity_type type)
{
    static const enum text texts[ENTITY_COUNT] = {
#define ENTITY(id, name) [ENTITY_##id] = TEXT_REPORT_ENTITY_##id,
#include "event/entities.def"
#undef ENTITY
    };
    ASSERT(type < ENTITY_COUNT);
    return text_get(texts[type]);
}

slice words_title(const struct rule *rule, slice title)
{
    if (rule != NULL && rule->title_ja.len > 0 && text_lang() == TEXT_LANG_JA)
        return rule->title_ja;
    return title;
}

void words_date(struct buf *out, int64_t time_ns)
{
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    buf_append_padded(out, (uint64_t)civil.year, 4);
    buf_append_byte(out, '-');
    buf_append_padded(out, (uint64_t)civil.month, 2);
    buf_append_byte(out, '-');
    buf_append_padded(out, (uint64_t)civil.day, 2);
}

void words_clock(struct buf *out, int64_t time_ns)
{
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    buf_append_padded(out, (uint64_t)civil.hour, 2);
    buf_append_byte(out, ':');
    buf_append_padded(out, (uint64_t)civil.minute, 2);
    buf_append_byte(out, ':');
    buf_append_padded(out, (uint64_t)civil.second, 2);
}

void words_time(struct buf *out, int64_t time_ns)
{
    if (time_ns == CIVIL_TIME_NONE) {
        buf_append(out, text_get(TEXT_REPORT_NO_TIME));
        return;
    }
    words_date(out, time_ns);
    buf_append_byte(out, ' ');
    words_clock(out, time_ns);
}

static bool words_same_day(int64_t a_ns, int64_t b_ns)
{
    struct civil a, b;
    civil_from_ns(a_ns, &a);
    civil_from_ns(b_ns, &b);
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

void words_period(struct buf *out, int64_t first_ns, int64_t last_ns)
{
    words_time(out, first_ns);
    if (first_ns == CIVIL_TIME_NONE || last_ns == CIVIL_TIME_NONE ||
        last_ns / CIVIL_NS_PER_S <= first_ns / CIVIL_NS_PER_S)
        return;
    buf_append(out, text_get(TEXT_REPORT_UNTIL));
    if (words_same_day(first_ns, last_ns))
        words_clock(out, last_ns);
    else
        words_time(out, last_ns);
}

static void words_minute(struct buf *out, int64_t time_ns)
{
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    words_date(out, time_ns);
    buf_append_byte(out, ' ');
    buf_append_padded(out, (uint64_t)civil.hour, 2);
    buf_append_byte(out, ':');
    buf_append_padded(out, (uint64_t)civil.minute, 2);
}

void words_span(struct buf *out, int64_t first_ns, int64_t last_ns)
{
    if (first_ns == CIVIL_TIME_NONE) {
        buf_append(out, text_get(TEXT_REPORT_NO_TIME));
        return;
    }
    words_minute(out, first_ns);
    buf_append(out, text_get(TEXT_REPORT_UNTIL));
    words_minute(out, last_ns);
}

void words_duration(struct buf *out, int64_t duration_ns)
{
    static const struct {
        uint64_t seconds;
        enum text text;
    } units[] = {
        {(uint64_t)CIVIL_S_PER_DAY, TEXT_REPORT_DAYS},
        {WORDS_S_PER_HOUR, TEXT_REPORT_HOURS},
        {WORDS_S_PER_MINUTE, TEXT_REPORT_MINUTES},
        {1, TEXT_REPORT_SECONDS},
    };
    uint64_t seconds = duration_ns < 0 ? 0 : (uint64_t)(duration_ns / CIVIL_NS_PER_S);
    size_t unit = 0;
    while (seconds < units[unit].seconds && units[unit].seconds > 1)
        unit++;
    text_append(out, units[unit].text, ARG(seconds / units[unit].seconds));
    seconds %= units[unit].seconds;
    if (units[unit].seconds > 1 && seconds / units[unit + 1].seconds > 0) {
        buf_append_byte(out, ' ');
        text_append(out, units[unit + 1].text, ARG(seconds / units[unit + 1].seconds));
    }
}

void words_number(struct buf *out, uint64_t number)
{
    if (number < 1000) {
        buf_append_u64(out, number);
        return;
    }
    words_number(out, number / 1000);
    buf_append_byte(out, ',');
    buf_append_padded(out, number % 1000, 3);
}

void words_bytes(struct buf *out, uint64_t bytes)
{
    static const slice units[] = {
        S_INIT(" kB"), S_INIT(" MB"), S_INIT(" GB"), S_INIT(" TB"), S_INIT(" PB"), S_INIT(" EB")};
    if (bytes < 1000) {
        words_count(out, TEXT_REPORT_BYTE, TEXT_REPORT_BYTES, bytes);
        return;
    }
    size_t unit = 0;
    uint64_t scale = 1000;
    while (bytes / scale >= 1000) {
        scale *= 1000;
        unit++;
    }
    buf_append_u64(out, bytes / scale);
    buf_append_byte(out, '.');
    buf_append_u64(out, bytes % scale / (scale / 10));
    buf_append(out, units[unit]);
}

void words_points(struct buf *out, double points)
{
    double tenths = round(points * 10);
    if (!(tenths >= 0 && tenths < 1e15)) {
        buf_append_byte(out, '?');
        return;
    }
    buf_append_u64(out, (uint64_t)tenths / 10);
    buf_append_byte(out, '.');
    buf_append_u64(out, (uint64_t)tenths % 10);
}

void words_count(struct buf *out, enum text one, enum text many, uint64_t count)
{
    char digits[32];
    struct buf number;
    buf_init_fixed(&number, digits, sizeof(digits));
    words_number(&number, count);
    text_append(out, count == 1 ? one : many, ARG(buf_slice(&number)));
}

void words_gap(struct buf *out)
{
    if (text_lang() == TEXT_LANG_EN)
        buf_append_byte(out, ' ');
}

void words_field(struct buf *out, slice name, slice value)
{
    size_t begin = out->len;
    buf_append(out, S("  "));
    escape_terminal(out, name);
    do
        buf_append_byte(out, ' ');
    while (out->len - begin < WORDS_NAME_WIDTH);
    escape_terminal(out, value);
    buf_append_byte(out, '\n');
}
