/* See phrase.h. */
#include "report/phrase.h"

#include "base/civil.h"
#include "report/words.h"

void phrase_init(struct phrase *phrase)
{
    *phrase = (struct phrase){0};
    buf_init(&phrase->buf, PHRASE_MAX);
}

void phrase_free(struct phrase *phrase)
{
    buf_free(&phrase->buf);
    arena_free(&phrase->arena);
}

void phrase_reset(struct phrase *phrase)
{
    arena_reset(&phrase->arena);
}

struct buf *phrase_begin(struct phrase *phrase)
{
    ASSERT(!phrase->begun);
    phrase->begun = true;
    buf_clear(&phrase->buf);
    return &phrase->buf;
}

slice phrase_end(struct phrase *phrase)
{
    ASSERT(phrase->begun);
    phrase->begun = false;
    return arena_copy(&phrase->arena, buf_slice(&phrase->buf));
}

slice phrase_count(struct phrase *phrase, enum text one, enum text many, uint64_t count)
{
    words_count(phrase_begin(phrase), one, many, count);
    return phrase_end(phrase);
}

slice phrase_number(struct phrase *phrase, uint64_t number)
{
    words_number(phrase_begin(phrase), number);
    return phrase_end(phrase);
}

slice phrase_points(struct phrase *phrase, double points)
{
    words_points(phrase_begin(phrase), points);
    return phrase_end(phrase);
}

slice phrase_bytes(struct phrase *phrase, uint64_t bytes)
{
    words_bytes(phrase_begin(phrase), bytes);
    return phrase_end(phrase);
}

slice phrase_time(struct phrase *phrase, int64_t time_ns)
{
    words_time(phrase_begin(phrase), time_ns);
    return phrase_end(phrase);
}

slice phrase_period(struct phrase *phrase, int64_t first_ns, int64_t last_ns)
{
    words_period(phrase_begin(phrase), first_ns, last_ns);
    return phrase_end(phrase);
}

slice phrase_duration(struct phrase *phrase, int64_t first_ns, int64_t last_ns)
{
    int64_t duration;
    if (first_ns == CIVIL_TIME_NONE || last_ns / CIVIL_NS_PER_S <= first_ns / CIVIL_NS_PER_S)
        return (slice){NULL, 0};
    if (__builtin_sub_overflow(last_ns, first_ns, &duration))
        duration = INT64_MAX;
    words_duration(phrase_begin(phrase), duration);
    return phrase_end(phrase);
}

slice phrase_records(struct phrase *phrase, uint64_t count, int64_t first_ns, int64_t last_ns)
{
    slice records = phrase_count(phrase, TEXT_REPORT_RECORD, TEXT_REPORT_RECORDS, count);
    slice duration = phrase_duration(phrase, first_ns, last_ns);
    if (first_ns == CIVIL_TIME_NONE)
        return records;
    if (duration.len > 0)
        text_append(phrase_begin(phrase), TEXT_REPORT_SIGN_WITHIN, ARG(records), ARG(duration));
    else
        text_append(phrase_begin(phrase), TEXT_REPORT_SIGN_AT_ONCE, ARG(records));
    return phrase_end(phrase);
}
