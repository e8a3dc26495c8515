/* See gaps.h. The stretches come sorted: of a host first when any of its logs went on, then log by
 * log its record numbers, its times and what it says of itself. So one pass joins all of them, and
 * only the silences of one log and the stretches of one host are held. */
#include "triage/gaps.h"

#include <stdlib.h>

#include "base/base.h"
#include "base/civil.h"
#include "triage/gap_stretch.h"

#define GAPS_BYTES_MAX ((size_t)16 << 10)

/* Time in which a host is known to have logged something. */
struct gaps_span {
    int64_t first_ns, last_ns;
};

struct gaps_silence {
    int64_t from_ns, to_ns;
    uint64_t from_number, to_number;
    struct sign_place place;
};

struct gaps {
    struct sorter *ranked;
    struct buf key, payload;
    struct arena arena;     /* of the host at hand: its name and spans */
    struct arena log_arena; /* of the log at hand */
    slice host;
    bool has_host;
    struct gaps_span *spans;
    size_t span_count, span_capacity;
    /* The log at hand. */
    slice log;
    bool has_log;
    bool has_number, restarted;
    struct gap_stretch number; /* up to where the numbers are joined */
    bool has_time;
    struct gap_stretch first_time, time; /* the first, and up to where they are joined */
    uint64_t events;
    struct gaps_silence *silences;
    size_t silence_count, silence_capacity;
    uint64_t unjudged;
    int64_t *silent_up_to; /* of the n longest together, once they are ordered */
};

/* --- rows --- */

static void gaps_write(struct buf *key, struct buf *payload, const struct gaps_row *row)
{
    writer_u8(key, (uint8_t)row->kind);
    writer_slice(key, row->host);
    writer_slice(key, row->log);
    writer_slice(key, row->says);
    writer_slice(key, row->user);
    writer_be64(key, (uint64_t)row->from_ns ^ (UINT64_C(1) << 63));
    writer_be64(key, row->from_number);
    writer_be32(key, row->place.file);
    writer_be32(key, row->place.object);
    writer_be64(key, row->place.offset);
    writer_u8(payload, (uint8_t)row->kind);
    writer_slice(payload, row->host);
    writer_slice(payload, row->log);
    writer_u64(payload, (uint64_t)row->from_ns);
    writer_u64(payload, (uint64_t)row->to_ns);
    writer_u64(payload, row->missing);
    writer_u64(payload, row->from_number);
    writer_u64(payload, row->to_number);
    writer_slice(payload, row->says);
    writer_slice(payload, row->user);
    sign_place_write(payload, &row->place);
}

static enum result gaps_put(struct gaps *gaps, struct gaps_row *row, struct error *err)
{
    row->host = gaps->host;
    row->log = gaps->log;
    buf_clear(&gaps->key);
    buf_clear(&gaps->payload);
    gaps_write(&gaps->key, &gaps->payload, row);
    return sorter_add(gaps->ranked, buf_slice(&gaps->key), buf_slice(&gaps->payload), err);
}

enum result gaps_next(struct sorter_reader *ranked, struct gaps_row *row, struct error *err)
{
    slice key, payload;
    enum result result = sorter_next(ranked, &key, &payload, err);
    if (result != RESULT_OK)
        return result;
    struct reader reader = reader_over(payload);
    *row = (struct gaps_row){.kind = (enum gaps_kind)reader_u8(&reader)};
    row->host = reader_slice(&reader);
    row->log = reader_slice(&reader);
    row->from_ns = (int64_t)reader_u64(&reader);
    row->to_ns = (int64_t)reader_u64(&reader);
    row->missing = reader_u64(&reader);
    row->from_number = reader_u64(&reader);
    row->to_number = reader_u64(&reader);
    row->says = reader_slice(&reader);
    row->user = reader_slice(&reader);
    row->place = sign_place_read(&reader);
    /* We wrote it ourselves. */
    ASSERT(!reader.failed && row->kind < GAPS_KIND_COUNT);
    return RESULT_OK;
}

/* --- the host --- */

static void gaps_add_span(struct gaps *gaps, const struct gap_stretch *stretch)
{
    struct gaps_span *last = gaps->span_count > 0 ? &gaps->spans[gaps->span_count - 1] : NULL;
    bool joins =
        last != NULL && gap_stretch_apart(last->last_ns, stretch->first_ns) <= GAP_STRETCH_STEP_NS;
    /* Past the limit time counts as active: no silence is called suspicious for want of memory. */
    if (joins || gaps->span_count >= GAPS_SILENCES_MAX) {
        if (stretch->last_ns > last->last_ns)
            last->last_ns = stretch->last_ns;
        return;
    }
    if (gaps->span_count == gaps->span_capacity)
        gaps->spans =
            arena_grow(&gaps->arena, gaps->spans, &gaps->span_capacity, sizeof(*gaps->spans));
    gaps->spans[gaps->span_count++] = (struct gaps_span){stretch->first_ns, stretch->last_ns};
}

/* Whether the host logged something between the two times, away from both. */
static bool gaps_host_goes_on(const struct gaps *gaps, int64_t from_ns, int64_t to_ns)
{
    size_t low = 0, high = gaps->span_count;
    /* The first span that ends well after from_ns. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (gap_stretch_apart(from_ns, gaps->spans[middle].last_ns) > GAP_STRETCH_STEP_NS)
            high = middle;
        else
            low = middle + 1;
    }
    return low < gaps->span_count &&
           gap_stretch_apart(gaps->spans[low].first_ns, to_ns) > GAP_STRETCH_STEP_NS;
}

/* --- silences --- */

static int gaps_silence_order(const void *left, const void *right)
{
    const struct gaps_silence *silences[2] = {left, right};
    int64_t lengths[2];
    for (size_t i = 0; i < 2; i++)
        lengths[i] = gap_stretch_apart(silences[i]->from_ns, silences[i]->to_ns);
    if (lengths[0] != lengths[1])
        return lengths[0] > lengths[1] ? -1 : 1;
    if (silences[0]->from_ns == silences[1]->from_ns)
        return 0;
    return silences[0]->from_ns < silences[1]->from_ns ? -1 : 1;
}

static void gaps_order_silences(struct gaps *gaps)
{
    size_t count = gaps->silence_count;
    gaps->silent_up_to = ARENA_ARRAY(&gaps->log_arena, int64_t, count + 1);
    if (count > 0)
        qsort(gaps->silences, count, sizeof(*gaps->silences), gaps_silence_order);
    for (size_t i = 0; i < count; i++) {
        int64_t length_ns = gap_stretch_apart(gaps->silences[i].from_ns, gaps->silences[i].to_ns);
        if (__builtin_add_overflow(gaps->silent_up_to[i], length_ns, &gaps->silent_up_to[i + 1]))
            gaps->silent_up_to[i + 1] = INT64_MAX;
    }
}

/* The log's usual silence: half of its time lies in silences at least as long. Not counting the one
 * at `skipped` of the ordered ones; SIZE_MAX counts all. 0 when it is under GAP_STRETCH_STEP_NS. */
static int64_t gaps_usual(const struct gaps *gaps, size_t skipped)
{
    size_t count = gaps->silence_count;
    int64_t skipped_ns =
        skipped < count ? gaps->silent_up_to[skipped + 1] - gaps->silent_up_to[skipped] : 0;
    int64_t half_ns =
        (gap_stretch_apart(gaps->first_time.first_ns, gaps->time.last_ns) - skipped_ns) / 2;
    if (count == 0 || gaps->silent_up_to[count] - skipped_ns < half_ns)
        return 0;
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t sum_ns = gaps->silent_up_to[middle + 1] - (middle >= skipped ? skipped_ns : 0);
        if (sum_ns >= half_ns)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == skipped || low >= count)
        return 0;
    return gap_stretch_apart(gaps->silences[low].from_ns, gaps->silences[low].to_ns);
}

static bool gaps_is_long(int64_t length_ns, int64_t usual_ns)
{
    return length_ns > GAPS_LONG_NS && length_ns / GAPS_FACTOR > usual_ns;
}

static enum result gaps_judge_silences(struct gaps *gaps, struct error *err)
{
    for (size_t i = 0; i < gaps->silence_count; i++) {
        const struct gaps_silence *silence = &gaps->silences[i];
        int64_t length_ns = gap_stretch_apart(silence->from_ns, silence->to_ns);
        /* The shorter ones have longer ones beside them: none of them is long either. */
        if (!gaps_is_long(length_ns, gaps_usual(gaps, i)))
            break;
        bool others = gaps_host_goes_on(gaps, silence->from_ns, silence->to_ns);
        /* When all logs are silent, the host is told of, once. */
        if (!others && gaps->log.len > 0 && gaps->host.len > 0)
            continue;
        struct gaps_row row = {.kind = others ? GAPS_SILENT : GAPS_HOST_SILENT,
            .from_ns = silence->from_ns,
            .to_ns = silence->to_ns,
            .from_number = silence->from_number,
            .to_number = silence->to_number,
            .place = silence->place};
        enum result result = gaps_put(gaps, &row, err);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

/* Where the log begins and ends, against its host. */
static enum result gaps_judge_ends(struct gaps *gaps, struct error *err)
{
    enum result result = RESULT_OK;
    int64_t usual_ns = gaps_usual(gaps, SIZE_MAX);
    if (gaps->span_count == 0 || gaps->log.len == 0)
        return RESULT_OK;
    int64_t host_first_ns = gaps->spans[0].first_ns;
    int64_t host_last_ns = gaps->spans[gaps->span_count - 1].last_ns;
    if (gaps_is_long(gap_stretch_apart(host_first_ns, gaps->first_time.first_ns), usual_ns)) {
        struct gaps_row row = {.kind = GAPS_BEGINS_LATE,
            .from_ns = host_first_ns,
            .to_ns = gaps->first_time.first_ns,
            .to_number = gaps->first_time.first_number,
            .place = gaps->first_time.first};
        result = gaps_put(gaps, &row, err);
    }
    if (result == RESULT_OK &&
        gaps_is_long(gap_stretch_apart(gaps->time.last_ns, host_last_ns), usual_ns)) {
        struct gaps_row row = {.kind = GAPS_ENDS_EARLY,
            .from_ns = gaps->time.last_ns,
            .to_ns = host_last_ns,
            .from_number = gaps->time.last_number,
            .place = gaps->time.last};
        result = gaps_put(gaps, &row, err);
    }
    return result;
}

static enum result gaps_end_log(struct gaps *gaps, struct error *err)
{
    enum result result = RESULT_OK;
    if (!gaps->has_log)
        return RESULT_OK;
    if (gaps->has_time && gaps->events >= GAPS_EVENTS_MIN) {
        gaps_order_silences(gaps);
        result = gaps_judge_silences(gaps, err);
        if (result == RESULT_OK)
            result = gaps_judge_ends(gaps, err);
    }
    if (result == RESULT_OK && gaps->unjudged > 0) {
        struct gaps_row row = {.kind = GAPS_NOT_JUDGED,
            .from_ns = gaps->first_time.first_ns,
            .to_ns = gaps->time.last_ns,
            .missing = gaps->unjudged};
        result = gaps_put(gaps, &row, err);
    }
    return result;
}

static void gaps_begin_log(struct gaps *gaps, slice log)
{
    arena_reset(&gaps->log_arena);
    gaps->log = arena_copy(&gaps->log_arena, log);
    gaps->has_log = true;
    gaps->has_number = false;
    gaps->restarted = false;
    gaps->has_time = false;
    gaps->events = 0;
    gaps->silences = NULL;
    gaps->silence_count = 0;
    gaps->silence_capacity = 0;
    gaps->unjudged = 0;
}

static void gaps_begin_host(struct gaps *gaps, slice host)
{
    arena_reset(&gaps->arena);
    gaps->host = arena_copy(&gaps->arena, host);
    gaps->has_host = true;
    gaps->has_log = false;
    gaps->spans = NULL;
    gaps->span_count = 0;
    gaps->span_capacity = 0;
}

/* --- stretches of a log --- */

static struct gaps_row gaps_between(
    enum gaps_kind kind, const struct gap_stretch *before, const struct gap_stretch *after)
{
    return (struct gaps_row){.kind = kind,
        .from_ns = before->last_ns,
        .to_ns = after->first_ns,
        .from_number = before->last_number,
        .to_number = after->first_number,
        .place = after->first};
}

/* By first number. The same numbers at a later time are of a log that was begun anew; at the same
 * time they are a copy. */
static enum result gaps_add_numbers(
    struct gaps *gaps, const struct gap_stretch *stretch, struct error *err)
{
    struct gap_stretch *joined = &gaps->number;
    enum result result = RESULT_OK;
    bool timed = gaps->has_number && joined->last_ns != CIVIL_TIME_NONE &&
                 stretch->first_ns != CIVIL_TIME_NONE;
    int64_t apart_ns = timed ? gap_stretch_apart(joined->last_ns, stretch->first_ns) : 0;
    bool again = gaps->has_number && stretch->first_number <= joined->last_number;
    if (gaps->has_number && !again && stretch->first_number - joined->last_number > 1) {
        struct gaps_row row = gaps_between(GAPS_RECORDS_MISSING, joined, stretch);
        row.missing = stretch->first_number - joined->last_number - 1;
        result = gaps_put(gaps, &row, err);
    }
    if (result == RESULT_OK && !again && apart_ns < -GAP_STRETCH_BACK_NS) {
        struct gaps_row row = gaps_between(GAPS_CLOCK_BACK, joined, stretch);
        result = gaps_put(gaps, &row, err);
    }
    if (result == RESULT_OK && again && apart_ns > 0 && !gaps->restarted) {
        struct gaps_row row = gaps_between(GAPS_NUMBERS_RESTARTED, joined, stretch);
        /* Where the numbers before it are joined up to depends on who read what. */
        row.from_ns = row.to_ns;
        row.from_number = 0;
        gaps->restarted = true;
        result = gaps_put(gaps, &row, err);
    }
    if (!gaps->has_number || stretch->last_number > joined->last_number)
        *joined = *stretch;
    gaps->has_number = true;
    return result;
}

static void gaps_add_silence(struct gaps *gaps, const struct gap_stretch *stretch)
{
    if (gaps->silence_count >= GAPS_SILENCES_MAX) {
        gaps->unjudged++;
        return;
    }
    if (gaps->silence_count == gaps->silence_capacity)
        gaps->silences = arena_grow(
            &gaps->log_arena, gaps->silences, &gaps->silence_capacity, sizeof(*gaps->silences));
    gaps->silences[gaps->silence_count++] = (struct gaps_silence){.from_ns = gaps->time.last_ns,
        .to_ns = stretch->first_ns,
        .from_number = gaps->time.last_number,
        .to_number = stretch->first_number,
        .place = stretch->first};
}

/* By first time. */
static void gaps_add_times(struct gaps *gaps, const struct gap_stretch *stretch)
{
    gaps->events += stretch->events;
    if (!gaps->has_time)
        gaps->first_time = *stretch;
    else if (gap_stretch_apart(gaps->time.last_ns, stretch->first_ns) > GAP_STRETCH_STEP_NS)
        gaps_add_silence(gaps, stretch);
    if (!gaps->has_time || stretch->last_ns > gaps->time.last_ns)
        gaps->time = *stretch;
    gaps->has_time = true;
}

static enum result gaps_add_mark(
    struct gaps *gaps, const struct gap_stretch *stretch, struct error *err)
{
    static const enum gaps_kind kinds[GAP_MARK_COUNT] = {
        [GAP_MARK_CLEARED] = GAPS_CLEARED,
        [GAP_MARK_AUDIT_OFF] = GAPS_AUDIT_OFF,
        [GAP_MARK_AUDIT_CHANGED] = GAPS_AUDIT_CHANGED,
        [GAP_MARK_LOST] = GAPS_LOST,
        [GAP_MARK_CLOCK_CHANGED] = GAPS_CLOCK_CHANGED,
        [GAP_MARK_STOPPED] = GAPS_STOPPED,
        [GAP_MARK_STARTED] = GAPS_STARTED,
    };
    struct gaps_row row = {.kind = kinds[stretch->mark.kind],
        .from_ns = stretch->first_ns,
        .to_ns = stretch->first_ns,
        .from_number = stretch->first_number,
        .to_number = stretch->first_number,
        .says = stretch->mark.says,
        .user = stretch->mark.user,
        .place = stretch->first};
    return gaps_put(gaps, &row, err);
}

static enum result gaps_add_back(
    struct gaps *gaps, const struct gap_stretch *stretch, struct error *err)
{
    struct gaps_row row = {.kind = GAPS_CLOCK_BACK,
        .from_ns = stretch->first_ns,
        .to_ns = stretch->last_ns,
        .from_number = stretch->first_number,
        .to_number = stretch->last_number,
        .place = stretch->last};
    return gaps_put(gaps, &row, err);
}

static enum result gaps_add(struct gaps *gaps, const struct gap_stretch *stretch, struct error *err)
{
    enum result result = RESULT_OK;
    bool new_host = !gaps->has_host || !slice_equal(gaps->host, stretch->host);
    bool new_log = new_host || !slice_equal(gaps->log, stretch->log);
    if (new_host || new_log)
        result = gaps_end_log(gaps, err);
    if (result != RESULT_OK)
        return result;
    if (new_host)
        gaps_begin_host(gaps, stretch->host);
    if (new_log)
        gaps_begin_log(gaps, stretch->log);
    switch (stretch->kind) {
    case GAP_STRETCH_HOST:
        /* All logs of the host together are like one log without a name. */
        gaps_add_span(gaps, stretch);
        gaps_add_times(gaps, stretch);
        return RESULT_OK;
    case GAP_STRETCH_NUMBERS:
        return gaps_add_numbers(gaps, stretch, err);
    case GAP_STRETCH_TIMES:
        gaps_add_times(gaps, stretch);
        return RESULT_OK;
    case GAP_STRETCH_BACK:
        return gaps_add_back(gaps, stretch, err);
    case GAP_STRETCH_MARK:
        return gaps_add_mark(gaps, stretch, err);
    case GAP_STRETCH_KIND_COUNT:
        break;
    }
    return RESULT_OK;
}

static enum result gaps_read(struct gaps *gaps, struct sorter_reader *reader, struct error *err)
{
    slice key, payload;
    enum result result;
    while ((result = sorter_next(reader, &key, &payload, err)) == RESULT_OK) {
        struct gap_stretch stretch;
        /* Checked when it came in. */
        ASSERT(gap_stretch_read(key, payload, &stretch));
        result = gaps_add(gaps, &stretch, err);
        if (result != RESULT_OK)
            return result;
    }
    return result == RESULT_END ? gaps_end_log(gaps, err) : result;
}

enum result gaps_rank(struct sorter *stretches, struct sorter *ranked, struct error *err)
{
    struct gaps gaps = {.ranked = ranked};
    struct sorter_reader *reader;
    enum result result = sorter_read(stretches, &reader, err);
    if (result != RESULT_OK)
        return result;
    buf_init(&gaps.key, GAPS_BYTES_MAX);
    buf_init(&gaps.payload, GAPS_BYTES_MAX);
    result = gaps_read(&gaps, reader, err);
    sorter_reader_free(reader);
    arena_free(&gaps.arena);
    arena_free(&gaps.log_arena);
    buf_free(&gaps.key);
    buf_free(&gaps.payload);
    return result;
}
