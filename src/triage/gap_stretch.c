/* See gap_stretch.h. */
#include "triage/gap_stretch.h"

#include "base/base.h"
#include "base/civil.h"

#define GAP_STRETCH_NAME_MAX  1024U
#define GAP_STRETCH_BYTES_MAX ((size_t)16 << 10)

struct gap_stretch_log {
    struct gap_stretch numbers, times;
    bool has_numbers, has_times;
    struct gap_stretch latest; /* the record of the latest time, in the order of the file */
    struct gap_stretch back;   /* the first of those after it that are well before it */
    bool has_latest;
    unsigned back_records; /* of those, in a row */
};

int64_t gap_stretch_apart(int64_t from_ns, int64_t to_ns)
{
    int64_t apart_ns;
    if (__builtin_sub_overflow(to_ns, from_ns, &apart_ns))
        return to_ns > from_ns ? INT64_MAX : INT64_MIN;
    return apart_ns;
}

/* --- as they travel --- */

static uint64_t gap_stretch_order(const struct gap_stretch *stretch)
{
    return (uint64_t)stretch->first_ns ^ (UINT64_C(1) << 63);
}

static void gap_stretch_write(
    struct buf *key, struct buf *payload, const struct gap_stretch *stretch)
{
    writer_slice(key, stretch->host);
    writer_u8(key, stretch->kind == GAP_STRETCH_HOST ? 0 : 1);
    writer_slice(key, stretch->log);
    writer_u8(key, (uint8_t)stretch->kind);
    writer_be64(key, stretch->kind == GAP_STRETCH_NUMBERS ? stretch->first_number : 0);
    writer_be64(key, gap_stretch_order(stretch));
    sign_place_key_write(key, &stretch->first);
    writer_u64(payload, (uint64_t)stretch->first_ns);
    writer_u64(payload, (uint64_t)stretch->last_ns);
    writer_u64(payload, stretch->first_number);
    writer_u64(payload, stretch->last_number);
    writer_u64(payload, stretch->events);
    sign_place_write(payload, &stretch->first);
    sign_place_write(payload, &stretch->last);
    writer_u8(payload, (uint8_t)stretch->mark.kind);
    writer_slice(payload, slice_first(stretch->mark.says, GAP_MARK_TEXT_MAX));
    writer_slice(payload, slice_first(stretch->mark.user, GAP_MARK_TEXT_MAX));
}

bool gap_stretch_read(slice key, slice payload, struct gap_stretch *stretch)
{
    struct reader reader = reader_over(key);
    struct gap_stretch made = {.host = reader_slice(&reader)};
    uint8_t section = reader_u8(&reader);
    made.log = reader_slice(&reader);
    uint8_t kind = reader_u8(&reader);
    reader_skip(&reader, 3 * sizeof(uint64_t) + 3 * sizeof(uint32_t));
    if (reader.failed || reader_left(&reader) != 0 || kind >= GAP_STRETCH_KIND_COUNT ||
        section != (kind == GAP_STRETCH_HOST ? 0 : 1))
        return false;
    made.kind = (enum gap_stretch_kind)kind;
    reader = reader_over(payload);
    made.first_ns = (int64_t)reader_u64(&reader);
    made.last_ns = (int64_t)reader_u64(&reader);
    made.first_number = reader_u64(&reader);
    made.last_number = reader_u64(&reader);
    made.events = reader_u64(&reader);
    made.first = sign_place_read(&reader);
    made.last = sign_place_read(&reader);
    uint8_t mark = reader_u8(&reader);
    made.mark.says = reader_slice(&reader);
    made.mark.user = reader_slice(&reader);
    if (reader.failed || reader_left(&reader) != 0 || mark >= GAP_MARK_COUNT)
        return false;
    made.mark.kind = (enum gap_mark_kind)mark;
    *stretch = made;
    return true;
}

/* --- names --- */

static bool gap_stretch_is_number(slice text)
{
    uint64_t number;
    return slice_to_u64(text, UINT64_MAX, &number);
}

/* "name.1" and "name-20261120" without what is behind the last '.' or '-', when that is a number.
 */
static bool gap_stretch_cut_number(slice *path, char before, size_t digits_min)
{
    size_t at = slice_find_last_byte(*path, before);
    if (at == path->len || at == 0 || path->len - at - 1 < digits_min ||
        !gap_stretch_is_number(slice_from(*path, at + 1)))
        return false;
    *path = slice_first(*path, at);
    return true;
}

slice gap_stretch_log_name(slice path)
{
    static const slice packings[] = {
        S_INIT(".gz"), S_INIT(".xz"), S_INIT(".bz2"), S_INIT(".zst"), S_INIT(".old")};
    const size_t date_digits = 8;
    for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
        if (slice_ends_nocase(path, packings[i]))
            path = slice_first(path, path.len - packings[i].len);
    if (!gap_stretch_cut_number(&path, '.', 1))
        (void)gap_stretch_cut_number(&path, '-', date_digits);
    /* Members of archives stand behind a '!'. */
    size_t names = 0, at = path.len;
    while (at > 0 && !(byte_is_among(path.at[at - 1], S("/!")) && ++names == 2))
        at--;
    return slice_first(slice_from(path, at), GAP_STRETCH_NAME_MAX);
}

/* --- worker --- */

void gap_stretch_counter_init(
    struct gap_stretch_counter *counter, gap_stretch_send send, void *context)
{
    *counter = (struct gap_stretch_counter){.send = send, .context = context};
    buf_init(&counter->key, GAP_STRETCH_BYTES_MAX);
    buf_init(&counter->payload, GAP_STRETCH_BYTES_MAX);
}

void gap_stretch_counter_free(struct gap_stretch_counter *counter)
{
    map_free(&counter->names);
    arena_free(&counter->arena);
    buf_free(&counter->key);
    buf_free(&counter->payload);
}

static void gap_stretch_put(struct gap_stretch_counter *counter, const struct gap_stretch *stretch)
{
    buf_clear(&counter->key);
    buf_clear(&counter->payload);
    gap_stretch_write(&counter->key, &counter->payload, stretch);
    counter->send(counter->context, buf_slice(&counter->key), buf_slice(&counter->payload));
}

/* A stretch of time is the host's as well; what names no host is of none. */
static void gap_stretch_put_times(
    struct gap_stretch_counter *counter, const struct gap_stretch *times)
{
    struct gap_stretch host = *times;
    gap_stretch_put(counter, times);
    if (times->host.len == 0)
        return;
    host.kind = GAP_STRETCH_HOST;
    host.log = S("");
    gap_stretch_put(counter, &host);
}

static void gap_stretch_names(
    const struct gap_stretch_counter *counter, size_t index, struct gap_stretch *stretch)
{
    (void)slice_cut(counter->names.entries[index].key, '\0', &stretch->host, &stretch->log);
}

static void gap_stretch_end_back(struct gap_stretch_counter *counter, size_t index)
{
    struct gap_stretch_log *log = &counter->logs[index];
    struct gap_stretch back = log->back;
    gap_stretch_names(counter, index, &back);
    back.kind = GAP_STRETCH_BACK;
    back.first_ns = log->latest.first_ns;
    back.first_number = log->latest.first_number;
    gap_stretch_put(counter, &back);
    log->back_records = 0;
}

void gap_stretch_flush(struct gap_stretch_counter *counter)
{
    for (size_t i = 0; i < counter->names.count; i++) {
        struct gap_stretch_log *log = &counter->logs[i];
        gap_stretch_names(counter, i, &log->numbers);
        gap_stretch_names(counter, i, &log->times);
        if (log->has_numbers)
            gap_stretch_put(counter, &log->numbers);
        if (log->has_times)
            gap_stretch_put_times(counter, &log->times);
        if (log->back_records > 0)
            gap_stretch_end_back(counter, i);
    }
    map_free(&counter->names);
}

static size_t gap_stretch_find(struct gap_stretch_counter *counter, slice host, slice log)
{
    struct buf *name = &counter->key;
    bool inserted;
    buf_clear(name);
    buf_append(name, slice_first(host, GAP_STRETCH_NAME_MAX));
    buf_append_byte(name, '\0');
    buf_append(name, slice_first(log, GAP_STRETCH_NAME_MAX));
    slice bytes = arena_copy(&counter->arena, buf_slice(name));
    if (counter->names.count >= GAP_STRETCH_LOGS_MAX && map_find(&counter->names, bytes) == NULL)
        gap_stretch_flush(counter);
    uint64_t *index = map_put(&counter->names, bytes, &inserted);
    arena_shrink(&counter->arena, bytes.at, 0);
    if (!inserted)
        return *index;
    *index = counter->names.count - 1;
    if (*index == counter->capacity)
        counter->logs =
            arena_grow(&counter->arena, counter->logs, &counter->capacity, sizeof(*counter->logs));
    counter->logs[*index] = (struct gap_stretch_log){.has_numbers = false};
    return *index;
}

/* The record that an event is of, as a stretch of its own. */
static struct gap_stretch gap_stretch_of(
    enum gap_stretch_kind kind, uint64_t number, int64_t time_ns, const struct sign_place *place)
{
    return (struct gap_stretch){.kind = kind,
        .first_ns = time_ns,
        .last_ns = time_ns,
        .first_number = number,
        .last_number = number,
        .events = 1,
        .first = *place,
        .last = *place};
}

static void gap_stretch_count_number(
    struct gap_stretch_counter *counter, size_t index, const struct gap_stretch *one)
{
    struct gap_stretch_log *log = &counter->logs[index];
    struct gap_stretch *run = &log->numbers;
    bool back = one->first_ns != CIVIL_TIME_NONE && run->last_ns != CIVIL_TIME_NONE &&
                gap_stretch_apart(run->last_ns, one->first_ns) < -GAP_STRETCH_BACK_NS;
    if (log->has_numbers && one->first_number == run->last_number + 1 && !back) {
        run->last_number = one->last_number;
        run->last = one->last;
        run->events++;
        if (one->last_ns > run->last_ns)
            run->last_ns = one->last_ns;
        return;
    }
    if (log->has_numbers) {
        gap_stretch_names(counter, index, run);
        gap_stretch_put(counter, run);
    }
    *run = *one;
    log->has_numbers = true;
}

static void gap_stretch_count_time(
    struct gap_stretch_counter *counter, size_t index, const struct gap_stretch *one)
{
    struct gap_stretch_log *log = &counter->logs[index];
    struct gap_stretch *run = &log->times;
    if (log->has_times && gap_stretch_apart(run->first_ns, one->first_ns) >= -GAP_STRETCH_STEP_NS &&
        gap_stretch_apart(run->last_ns, one->first_ns) <= GAP_STRETCH_STEP_NS) {
        run->events++;
        if (one->first_ns < run->first_ns) {
            run->first_ns = one->first_ns;
            run->first_number = one->first_number;
            run->first = one->first;
        }
        if (one->first_ns > run->last_ns) {
            run->last_ns = one->first_ns;
            run->last_number = one->first_number;
            run->last = one->first;
        }
        return;
    }
    if (log->has_times) {
        gap_stretch_names(counter, index, run);
        gap_stretch_put_times(counter, run);
    }
    *run = *one;
    log->has_times = true;
}

/* In a log without record numbers the order is that of the file. */
static void gap_stretch_count_back(
    struct gap_stretch_counter *counter, size_t index, const struct gap_stretch *one)
{
    struct gap_stretch_log *log = &counter->logs[index];
    if (log->has_latest &&
        gap_stretch_apart(log->latest.first_ns, one->first_ns) < -GAP_STRETCH_BACK_NS) {
        if (log->back_records++ == 0)
            log->back = *one;
        if (log->back_records < GAP_STRETCH_BACK_RECORDS)
            return;
        gap_stretch_end_back(counter, index);
        log->latest = *one;
        return;
    }
    log->back_records = 0;
    if (!log->has_latest || one->first_ns > log->latest.first_ns)
        log->latest = *one;
    log->has_latest = true;
}

static void gap_stretch_count_mark(
    struct gap_stretch_counter *counter, size_t index, struct event *event, struct gap_stretch *one)
{
    if (!gap_mark_from_event(event, &one->mark))
        return;
    one->kind = GAP_STRETCH_MARK;
    gap_stretch_names(counter, index, one);
    gap_stretch_put(counter, one);
}

void gap_stretch_count(struct gap_stretch_counter *counter, struct event *event, slice host,
    slice path, const struct sign_place *place)
{
    slice channel = event_value(event, S("Channel"));
    uint64_t number = place->number;
    bool numbered = channel.len > 0 &&
                    slice_to_u64(event_value(event, S("EventRecordID")), UINT64_MAX - 1, &number);
    if (event->recovered)
        return;
    size_t index =
        gap_stretch_find(counter, host, channel.len > 0 ? channel : gap_stretch_log_name(path));
    struct gap_stretch one = gap_stretch_of(GAP_STRETCH_NUMBERS, number, event->time_ns, place);
    if (numbered)
        gap_stretch_count_number(counter, index, &one);
    one.kind = GAP_STRETCH_TIMES;
    if (event->time_ns != CIVIL_TIME_NONE) {
        gap_stretch_count_time(counter, index, &one);
        if (!numbered)
            gap_stretch_count_back(counter, index, &one);
    }
    gap_stretch_count_mark(counter, index, event, &one);
}
