/* See worker.h. One job is one evidence file: hash it, walk its objects, decode each, match each
 * event, send what was found. Nothing is kept from one object to the next but memory. */
#include "triage/worker.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "base/escape.h"
#include "base/map.h"
#include "decode/evtx.h"
#include "decode/product.h"
#include "input/object.h"
#include "proc/sandbox.h"
#include "triage/activity.h"
#include "triage/assets.h"
#include "triage/collect.h"
#include "triage/costs.h"
#include "triage/explained.h"
#include "triage/sign.h"
#include "wire/json_writer.h"

#define WORKER_HASH_BLOCK   ((size_t)256 << 10)
#define WORKER_COVERAGE_MAX 4096U /* logs (host, channel) counted for one object */
/* A host's or a channel's name that is compared with the one before. */
#define WORKER_LAST_LOG_MAX 255U
/* Text of one record that a correlation keeps. */
#define WORKER_MATCH_RAW_MAX 300U
/* Entities that a correlation keeps of one record. */
#define WORKER_MATCH_ENTITIES_MAX 12U

struct worker_log {
    uint64_t events;
    int64_t first_ns, last_ns;
};

/* What is counted for one object. */
struct worker_object {
    uint32_t number;
    slice path;
    struct triage_override override; /* .name empty: none */
    const struct decode_format *format;
    uint64_t events;
    uint64_t undecoded;
    uint64_t dropped_fields;
    int64_t first_ns, last_ns;
    int64_t dated_first_ns, dated_last_ns; /* of events whose year was not assumed */
    unsigned assumed;
    int32_t year;
    unsigned problems[4]; /* by enum protocol_problem */
    bool unread;
    struct map logs; /* host NUL channel → index */
    struct worker_log *log_items;
    size_t log_capacity;
    struct worker_log *last_log; /* of worker.last_host and worker.last_channel, or NULL */
};

struct worker_year {
    uint32_t object;
    int32_t year;
};

struct worker {
    const struct triage_options *options;
    struct channel *channel;
    struct protocol_shared *shared;
    struct detect_matcher *matcher;
    struct detect_cost *costs;       /* by rule, where the view wants them */
    struct product_applier *applier; /* NULL: without definitions */
    uint64_t limited_before;         /* expressions given up, up to the last object */
    struct hasher *hasher;
    struct activity activity;
    struct collector *collector; /* of the view; NULL without one */
    struct arena record_arena;
    struct arena object_arena;
    struct event event;
    struct entity_list entities;
    bool entities_ready;
    struct buf frame;
    struct buf key;
    struct buf body;
    struct buf record;
    struct buf payload;
    struct buf raw;
    struct buf last_host, last_channel;
    const struct rule *rules;
    size_t rule_count;
    /* the job */
    uint32_t file;
    uint64_t size;
    struct buf path;
    unsigned round;
    uint32_t first_object;
    struct decode_part part;
    bool may_split;
    struct worker_year years[PROTOCOL_YEARS_MAX];
    size_t year_count;
    struct objects *objects;
    struct worker_object object;
};

/* The parent is gone or refuses: nothing is left to do. */
static void worker_send(struct worker *worker, enum protocol_frame type)
{
    struct error err;
    ASSERT(!worker->frame.overflow);
    if (channel_send(worker->channel, (uint8_t)type, buf_slice(&worker->frame), &err) != RESULT_OK)
        _exit(0);
}

static struct buf *worker_frame(struct worker *worker)
{
    buf_clear(&worker->frame);
    writer_u32(&worker->frame, worker->file);
    return &worker->frame;
}

static void worker_problem(
    struct worker *worker, enum protocol_problem kind, uint32_t object, const struct error *why)
{
    if (object == worker->object.number && worker->object.problems[kind]++ >= PROTOCOL_PROBLEMS_MAX)
        return;
    struct buf *frame = worker_frame(worker);
    writer_u32(frame, object);
    writer_u8(frame, (uint8_t)kind);
    writer_slice(frame, error_message(why));
    writer_slice(frame, error_message_english(why));
    worker_send(worker, PROTOCOL_PROBLEM);
}

/* --- events --- */

static void worker_span(int64_t *first_ns, int64_t *last_ns, int64_t time_ns)
{
    if (*first_ns == CIVIL_TIME_NONE || time_ns < *first_ns)
        *first_ns = time_ns;
    if (*last_ns == CIVIL_TIME_NONE || time_ns > *last_ns)
        *last_ns = time_ns;
}

static slice worker_channel(const struct event *event)
{
    static const slice names[] = {
        S_INIT("winlog.channel"), S_INIT("event.dataset"), S_INIT("event.module")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        slice value = event_value(event, names[i]);
        if (value.len > 0)
            return value;
    }
    return S("");
}

/* The log of a host and a channel, or NULL when there are too many. */
static struct worker_log *worker_log_find(
    struct worker *worker, struct arena *arena, slice host, slice channel)
{
    struct worker_object *object = &worker->object;
    struct buf *name = &worker->payload;
    buf_clear(name);
    buf_append(name, entity_normal_host(arena, host));
    buf_append_byte(name, '\0');
    buf_append(name, slice_first(channel, SIGN_TITLE_MAX));
    if (object->logs.count >= WORKER_COVERAGE_MAX &&
        map_find(&object->logs, buf_slice(name)) == NULL)
        return NULL;
    size_t index = map_intern(&object->logs, buf_slice(name));
    if (index == object->log_capacity)
        object->log_items = arena_grow(&worker->object_arena, object->log_items,
            &object->log_capacity, sizeof(*object->log_items));
    return &object->log_items[index];
}

/* Most events are of the log of the one before. */
static struct worker_log *worker_log_of(struct worker *worker, const struct event *event)
{
    struct worker_object *object = &worker->object;
    slice host = event_value(event, S("host.name"));
    slice channel = worker_channel(event);
    if (object->last_log != NULL && slice_equal(host, buf_slice(&worker->last_host)) &&
        slice_equal(channel, buf_slice(&worker->last_channel)))
        return object->last_log;
    struct worker_log *log = worker_log_find(worker, event->arena, host, channel);
    bool kept = host.len <= WORKER_LAST_LOG_MAX && channel.len <= WORKER_LAST_LOG_MAX;
    object->last_log = kept ? log : NULL;
    buf_clear(&worker->last_host);
    buf_append(&worker->last_host, slice_first(host, WORKER_LAST_LOG_MAX));
    buf_clear(&worker->last_channel);
    buf_append(&worker->last_channel, slice_first(channel, WORKER_LAST_LOG_MAX));
    return log;
}

static void worker_count_log(struct worker *worker, const struct event *event)
{
    struct worker_log *log = worker_log_of(worker, event);
    if (log == NULL)
        return;
    if (log->events++ == 0)
        log->first_ns = log->last_ns = CIVIL_TIME_NONE;
    if (event->time_ns != CIVIL_TIME_NONE)
        worker_span(&log->first_ns, &log->last_ns, event->time_ns);
}

static void worker_count(struct worker *worker, const struct event *event)
{
    struct worker_object *object = &worker->object;
    object->events++;
    object->dropped_fields += event->dropped_fields;
    object->assumed |= event->time_assumed;
    if (event->time_ns != CIVIL_TIME_NONE) {
        worker_span(&object->first_ns, &object->last_ns, event->time_ns);
        if ((event->time_assumed & EVENT_TIME_ASSUMED_YEAR) == 0)
            worker_span(&object->dated_first_ns, &object->dated_last_ns, event->time_ns);
    }
    activity_add(&worker->activity, event->time_ns);
    worker_count_log(worker, event);
    struct protocol_shared *shared = worker->shared;
    uint64_t consumed = objects_consumed(worker->objects);
    /* Nobody else writes while this process lives, so that the sum needs no locked addition. */
    uint64_t records = atomic_load_explicit(&shared->records, memory_order_relaxed);
    atomic_store_explicit(&shared->records, records + 1, memory_order_relaxed);
    atomic_store_explicit(&shared->number, event->record.number, memory_order_relaxed);
    atomic_store_explicit(&shared->bytes,
        consumed > worker->part.from ? consumed - worker->part.from : 0, memory_order_relaxed);
}

/* The record as people may read it: its text, or its fields. */
static slice worker_raw(struct worker *worker, const struct event *event)
{
    if (event->raw.len > 0)
        return event->raw;
    struct json_writer json;
    buf_clear(&worker->raw);
    json_begin(&json, &worker->raw);
    event_write_json(event, &json, false);
    return buf_slice(&worker->raw);
}

static const struct entity_list *worker_entities(struct worker *worker, struct event *event)
{
    if (!worker->entities_ready)
        entity_extract(event, &worker->entities);
    worker->entities_ready = true;
    return &worker->entities;
}

static struct sign_place worker_place(const struct worker *worker, const struct event *event)
{
    return (struct sign_place){.file = worker->file,
        .object = worker->object.number,
        .number = event->record.number,
        .offset = event->record.offset,
        .index = event->record.index};
}

static void worker_write_key(struct worker *worker, const struct event *event, uint32_t rule)
{
    struct sign_key key = {
        .time_ns = event->time_ns, .place = worker_place(worker, event), .rule = rule};
    buf_clear(&worker->key);
    sign_key_write(&worker->key, &key);
}

static void worker_send_sign(
    struct worker *worker, struct event *event, uint32_t rule, struct sign_body *body)
{
    const struct entity_list *entities = worker_entities(worker, event);
    struct sign_place place = worker_place(worker, event);
    body->time_assumed = event->time_assumed != 0;
    body->recovered = event->recovered;
    body->last_ns = event->time_ns;
    body->count = 1;
    body->places = &place;
    body->place_count = 1;
    body->entities = entities->items;
    body->entity_count = entities->count;
    body->raw = worker_raw(worker, event);
    if (worker->options->view != TRIAGE_VIEW_NONE) {
        body->source_address = event_value(event, S("source.ip"));
        body->command_line = event_value(event, S("process.command_line"));
    }
    if (worker->options->view == TRIAGE_VIEW_EXPLAIN && rule != SIGN_RULE_ALERT) {
        buf_clear(&worker->payload);
        explained_write(&worker->payload, worker->matcher, event, rule);
        body->explained = buf_slice(&worker->payload);
    }
    worker_write_key(worker, event, rule);
    buf_clear(&worker->body);
    sign_body_write(&worker->body, body);
    struct buf *frame = worker_frame(worker);
    writer_slice(frame, buf_slice(&worker->key));
    writer_slice(frame, buf_slice(&worker->body));
    worker_send(worker, PROTOCOL_SIGN);
}

static void worker_rule_sign(struct worker *worker, struct event *event, uint32_t index)
{
    const struct rule *rule = &worker->rules[index];
    struct triage_field fields[SIGN_FIELDS_MAX];
    struct sign_body body = {.source = TRIAGE_FROM_SIGMA,
        .kind = rule->kind,
        .level = rule->level,
        .vector = rule->vector,
        .fields = fields};
    for (size_t i = 0; i < rule->field_count && body.field_count < SIGN_FIELDS_MAX; i++) {
        const struct event_field *field =
            detect_field(worker->options->program, index, event, rule->fields[i]);
        if (field != NULL)
            fields[body.field_count++] = (struct triage_field){field->name, field->value};
    }
    worker_send_sign(worker, event, index, &body);
}

static void worker_match(struct worker *worker, struct event *event, uint32_t rule)
{
    const struct entity_list *entities = worker_entities(worker, event);
    struct sign_record record = {.place = worker_place(worker, event),
        .entities = entities->items,
        .entity_count = size_min(entities->count, WORKER_MATCH_ENTITIES_MAX),
        .raw = slice_first(worker_raw(worker, event), WORKER_MATCH_RAW_MAX)};
    buf_clear(&worker->record);
    sign_record_write(&worker->record, &record);
    buf_clear(&worker->payload);
    detect_correlation_payload(worker->options->program, rule, event, &worker->payload);
    worker_write_key(worker, event, rule);
    struct buf *frame = worker_frame(worker);
    writer_slice(frame, buf_slice(&worker->key));
    writer_slice(frame, buf_slice(&worker->record));
    writer_slice(frame, buf_slice(&worker->payload));
    worker_send(worker, PROTOCOL_MATCH);
}

static enum rule_level worker_alert_level(const struct event *event)
{
    static const slice names[] = {S_INIT("informational"), S_INIT("low"), S_INIT("medium"),
        S_INIT("high"), S_INIT("critical")};
    slice level = event_value(event, S("hikeshi.level"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (slice_equal_nocase(level, names[i]))
            return (enum rule_level)i;
    return RULE_MEDIUM;
}

/* The first of the fields that has a value. */
static slice worker_first_value(const struct event *event, const slice *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        slice value = event_value(event, names[i]);
        if (value.len > 0)
            return value;
    }
    return S("alert");
}

/* Another product says that this is an alert: that is a sign by itself. What tells its kinds apart
 * is the product's own id; a message is none, since every one may be another. */
static void worker_alert(struct worker *worker, struct event *event)
{
    if (!slice_equal(event_value(event, S("event.kind")), S("alert")))
        return;
    static const slice ids[] = {S_INIT("rule.id"), S_INIT("rule.name"), S_INIT("event.dataset")};
    static const slice titles[] = {
        S_INIT("rule.name"), S_INIT("rule.description"), S_INIT("message")};
    struct sign_body body = {.source = TRIAGE_FROM_ALERT,
        .kind = slice_equal(event_value(event, S("hikeshi.kind")), S("precursor")) ? RULE_PRECURSOR
                                                                                   : RULE_INDICATOR,
        .level = worker_alert_level(event),
        .rule_id = worker_first_value(event, ids, sizeof(ids) / sizeof(ids[0])),
        .title = worker_first_value(event, titles, sizeof(titles) / sizeof(titles[0]))};
    if (body.level >= worker->options->min_level)
        worker_send_sign(worker, event, SIGN_RULE_ALERT, &body);
}

static void worker_detect(struct worker *worker, struct event *event)
{
    size_t count;
    worker->entities_ready = false;
    worker_alert(worker, event);
    const uint32_t *hits = detect_match(worker->matcher, event, &count);
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = &worker->rules[hits[i]];
        if (rule->generate && rule->level >= worker->options->min_level)
            worker_rule_sign(worker, event, hits[i]);
        if (detect_feeds_correlation(worker->options->program, hits[i]))
            worker_match(worker, event, hits[i]);
    }
}

static void worker_send_row(void *context, slice key, slice payload)
{
    struct worker *worker = context;
    struct buf *frame = worker_frame(worker);
    writer_slice(frame, key);
    writer_slice(frame, payload);
    worker_send(worker, PROTOCOL_ROW);
}

/* Whose the event is: a product's, else of the container that it came in. */
static slice worker_decoder(const struct worker *worker)
{
    slice product = worker->applier == NULL ? S("") : product_applier_decoder(worker->applier);
    return product.len > 0 ? product : worker->object.format->name;
}

static void worker_collect(struct worker *worker, struct event *event)
{
    struct collect_place at = {.place = worker_place(worker, event),
        .decoder = worker_decoder(worker),
        .host = entity_normal_host(event->arena, event_value(event, S("host.name"))),
        .log = slice_first(worker_channel(event), SIGN_TITLE_MAX),
        .path = worker->object.path};
    collector_event(worker->collector, event, &at);
}

/* Why the one rule that is asked about matches this event, or does not. */
static void worker_explain(struct worker *worker, struct event *event)
{
    const struct triage_options *options = worker->options;
    if (!options->explain_record || event->record.number != options->explain_number)
        return;
    struct sign_place place = worker_place(worker, event);
    buf_clear(&worker->key);
    sign_place_key_write(&worker->key, &place);
    buf_clear(&worker->payload);
    writer_slice(&worker->payload, slice_first(worker_raw(worker, event), TRIAGE_RAW_MAX));
    explained_write(&worker->payload, worker->matcher, event, options->explain_rule);
    worker_send_row(worker, buf_slice(&worker->key), buf_slice(&worker->payload));
}

static void worker_set_dataset(struct event *event, slice name)
{
    slice module, rest;
    (void)slice_cut(name, '.', &module, &rest);
    for (size_t i = 0; i < event->count; i++) {
        if (slice_equal(event->fields[i].name, S("event.dataset")) ||
            slice_equal(event->fields[i].name, S("event.module")))
            event->fields[i].name = S("");
    }
    event_add_ecs(event, S("event.module"), module, EVENT_STRING);
    event_add_ecs(event, S("event.dataset"), name, EVENT_STRING);
}

static bool worker_is_wanted(const struct worker *worker, const struct event *event)
{
    const struct triage_options *options = worker->options;
    if (event->time_ns == CIVIL_TIME_NONE)
        return true;
    return (options->since_ns == CIVIL_TIME_NONE || event->time_ns >= options->since_ns) &&
           (options->until_ns == CIVIL_TIME_NONE || event->time_ns <= options->until_ns);
}

static enum result worker_on_event(void *context, struct event *event)
{
    struct worker *worker = context;
    const struct triage_options *options = worker->options;
    if (atomic_load_explicit(&worker->shared->stop, memory_order_relaxed) != 0)
        return RESULT_INTERRUPTED;
    if (worker->applier != NULL)
        product_apply(worker->applier, event);
    if (worker->object.override.name.len > 0 && worker->object.override.glob == NULL)
        worker_set_dataset(event, worker->object.override.name);
    if (options->assets != NULL)
        assets_apply(options->assets, event);
    if (!worker_is_wanted(worker, event))
        return RESULT_OK;
    worker_count(worker, event);
    if (worker->collector != NULL)
        worker_collect(worker, event);
    worker_explain(worker, event);
    if (collect_wants_signs(options->view) && !options->explain_record)
        worker_detect(worker, event);
    return RESULT_OK;
}

static void worker_on_undecoded(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct worker *worker = context;
    struct error err;
    const struct collect_place at = {.place = {.file = worker->file,
                                         .object = worker->object.number,
                                         .number = number,
                                         .offset = offset},
        .decoder = worker->object.format->name};
    worker->object.undecoded++;
    collector_lost(worker->collector, &at, why);
    (void)error_set(&err, why->code, TEXT_TRIAGE_UNDECODED, ARG(worker->object.path), ARG(number),
        ARG(offset), ARG(why));
    worker_problem(worker, PROTOCOL_UNDECODED, worker->object.number, &err);
}

static void worker_on_note(void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct worker *worker = context;
    struct error err;
    (void)error_set(&err, why->code, TEXT_TRIAGE_UNDECODED, ARG(worker->object.path), ARG(number),
        ARG(offset), ARG(why));
    worker_problem(worker, PROTOCOL_NOTE, worker->object.number, &err);
}

/* --- objects --- */

static slice worker_join(struct arena *arena, slice path, slice suffix)
{
    struct buf joined;
    size_t len = path.len + suffix.len;
    buf_init_fixed(&joined, arena_bytes(arena, len), len);
    buf_append(&joined, path);
    buf_append(&joined, suffix);
    return buf_slice(&joined);
}

static void worker_object_begin(struct worker *worker, const struct object *from)
{
    struct worker_object *object = &worker->object;
    map_free(&object->logs);
    arena_reset(&worker->object_arena);
    *object = (struct worker_object){.number = from->ordinal,
        .path = worker_join(&worker->object_arena, buf_slice(&worker->path), from->suffix),
        .first_ns = CIVIL_TIME_NONE,
        .last_ns = CIVIL_TIME_NONE,
        .dated_first_ns = CIVIL_TIME_NONE,
        .dated_last_ns = CIVIL_TIME_NONE};
    const char *path = arena_cstr(&worker->object_arena, object->path);
    for (size_t i = 0; i < worker->options->override_count; i++)
        if (fnmatch(worker->options->overrides[i].glob, path, 0) == 0)
            object->override = worker->options->overrides[i];
    atomic_store_explicit(&worker->shared->object, from->ordinal, memory_order_relaxed);
    atomic_store_explicit(&worker->shared->number, 0, memory_order_relaxed);
}

/* Recognises the object, or takes the format that --source gives it (override.glob is cleared when
 * it was a data set). */
static void worker_recognise(struct worker *worker, slice head)
{
    struct worker_object *object = &worker->object;
    if (object->override.name.len > 0) {
        object->format = decode_format_named(object->override.name);
        if (object->format != NULL)
            return;
        object->override.glob = NULL;
    }
    object->format = decode_recognise(
        slice_first(head, DECODE_SNIFF_LEN), head.len < DECODE_SNIFF_LEN, &worker->options->decode);
}

static void worker_send_object(struct worker *worker, slice suffix)
{
    struct buf *frame = worker_frame(worker);
    writer_u32(frame, worker->object.number);
    writer_slice(frame, suffix);
    writer_slice(frame, worker->object.format == NULL ? S("") : worker->object.format->name);
    worker_send(worker, PROTOCOL_OBJECT);
}

static void worker_send_coverage(struct worker *worker)
{
    const struct worker_object *object = &worker->object;
    for (size_t i = 0; i < object->logs.count; i++) {
        slice host, channel;
        (void)slice_cut(object->logs.entries[i].key, '\0', &host, &channel);
        struct buf *frame = worker_frame(worker);
        writer_slice(frame, host);
        writer_slice(frame, channel);
        writer_u64(frame, object->log_items[i].events);
        writer_u64(frame, (uint64_t)object->log_items[i].first_ns);
        writer_u64(frame, (uint64_t)object->log_items[i].last_ns);
        worker_send(worker, PROTOCOL_COVERAGE);
    }
}

static void worker_send_activity(struct worker *worker)
{
    struct buf *frame = worker_frame(worker);
    buf_append(frame, slice_make(&worker->activity, sizeof(worker->activity)));
    worker_send(worker, PROTOCOL_ACTIVITY);
    worker->activity = (struct activity){0};
}

static void worker_send_object_end(struct worker *worker, uint64_t records)
{
    const struct worker_object *object = &worker->object;
    if (object->events > 0)
        worker_send_activity(worker);
    struct buf *frame = worker_frame(worker);
    writer_u32(frame, object->number);
    writer_u64(frame, records);
    writer_u64(frame, object->events);
    writer_u64(frame, object->undecoded);
    writer_u64(frame, object->dropped_fields);
    writer_u64(frame, detect_matcher_limited(worker->matcher) - worker->limited_before);
    worker->limited_before = detect_matcher_limited(worker->matcher);
    writer_u64(frame, (uint64_t)object->first_ns);
    writer_u64(frame, (uint64_t)object->last_ns);
    writer_u64(frame, (uint64_t)object->dated_first_ns);
    writer_u64(frame, (uint64_t)object->dated_last_ns);
    writer_u32(frame, object->assumed);
    writer_u32(frame, (uint32_t)object->year);
    writer_u8(frame, object->unread ? 0 : 1);
    worker_send(worker, PROTOCOL_OBJECT_END);
}

static void worker_send_costs(struct worker *worker)
{
    if (worker->costs == NULL)
        return;
    struct sign_place place = worker_place(worker, &worker->event);
    costs_flush(worker->costs, worker->rule_count, &place, worker_send_row, worker);
}

static void worker_decode(struct worker *worker, struct stream *stream, int32_t year)
{
    struct decode_options options = worker->options->decode;
    struct error err;
    options.part = worker->part;
    if (!options.year_fixed)
        options.year = year;
    worker->object.year = options.year;
    struct decode_job job = {.options = &options,
        .arena = &worker->record_arena,
        .event = &worker->event,
        .context = worker,
        .on_event = worker_on_event,
        .on_undecoded = worker_on_undecoded,
        .on_note = worker_on_note};
    enum result result = worker->object.format->decode(&job, stream, &err);
    if (result != RESULT_OK && result != RESULT_INTERRUPTED) {
        struct error why;
        (void)error_set(&why, result, TEXT_TRIAGE_UNREAD, ARG(worker->object.path),
            ARG(worker->shared->number), ARG(&err));
        worker->object.unread = true;
        worker_problem(worker, PROTOCOL_UNREAD, worker->object.number, &why);
    }
    worker->object.unread |= result == RESULT_INTERRUPTED;
    collector_object_end(worker->collector);
    worker_send_costs(worker);
    worker_send_coverage(worker);
    worker_send_object_end(worker, job.records);
}

/* Reads a yearless object for its stamps and leaves it to the second round. */
static void worker_defer(struct worker *worker, struct stream *stream)
{
    struct decode_years years;
    struct error err;
    if (decode_scan_years(stream, &years, &err) != RESULT_OK) {
        worker->object.unread = true;
        worker_problem(worker, PROTOCOL_UNREAD, worker->object.number, &err);
        worker_send_object_end(worker, 0);
        return;
    }
    const struct civil *last = &years.last.civil;
    struct buf *frame = worker_frame(worker);
    writer_u32(frame, worker->object.number);
    writer_u32(frame, years.roll_overs);
    writer_u8(frame, (uint8_t)last->month);
    writer_u8(frame, (uint8_t)last->day);
    writer_u8(frame, (uint8_t)last->hour);
    writer_u8(frame, (uint8_t)last->minute);
    writer_u8(frame, (uint8_t)last->second);
    worker_send(worker, PROTOCOL_DEFERRED);
}

static int32_t worker_year(const struct worker *worker, uint32_t object, bool *listed)
{
    for (size_t i = 0; i < worker->year_count; i++) {
        if (worker->years[i].object == object) {
            *listed = true;
            return worker->years[i].year;
        }
    }
    *listed = false;
    return 0;
}

static void worker_object(struct worker *worker, const struct object *from)
{
    struct error err;
    slice head;
    bool listed;
    int32_t year = worker_year(worker, from->ordinal, &listed);
    if (from->ordinal < worker->first_object || (worker->round > 1 && !listed))
        return;
    worker_object_begin(worker, from);
    enum result result = stream_peek(from->stream, DECODE_SNIFF_LEN, &head, &err);
    if (result != RESULT_OK)
        head = S("");
    worker_recognise(worker, head);
    worker_send_object(worker, from->suffix);
    if (result != RESULT_OK) {
        worker->object.unread = true;
        worker_problem(worker, PROTOCOL_UNREAD, from->ordinal, &err);
        worker_send_object_end(worker, 0);
    } else if (worker->object.format == NULL) {
        if (head.len > 0) {
            (void)error_set(
                &err, RESULT_UNSUPPORTED, TEXT_TRIAGE_UNKNOWN, ARG(worker->object.path));
            worker_problem(worker, PROTOCOL_UNKNOWN, from->ordinal, &err);
        }
        worker_send_object_end(worker, 0);
    } else if (worker->round == 1 && !worker->options->decode.year_fixed &&
               decode_is_yearless(worker->object.format, head)) {
        worker_defer(worker, from->stream);
    } else {
        worker_decode(worker, from->stream, year);
    }
}

/* --- jobs --- */

static void worker_on_member_problem(void *context, slice suffix, const struct error *why)
{
    struct worker *worker = context;
    (void)suffix;
    if (worker->round == 1)
        worker_problem(worker, PROTOCOL_UNREAD, PROTOCOL_NO_OBJECT, why);
}

/* The whole file's hash; absent (empty) when it cannot be read to its end. */
static slice worker_hash(struct worker *worker, int fd, hash_sha256 *digest)
{
    char *block = arena_bytes(&worker->object_arena, WORKER_HASH_BLOCK);
    uint64_t at = 0;
    for (;;) {
        if (atomic_load_explicit(&worker->shared->stop, memory_order_relaxed) != 0)
            break;
        ssize_t got = pread(fd, block, WORKER_HASH_BLOCK, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            *digest = hasher_finish(worker->hasher);
            return got == 0 ? slice_make(digest->bytes, sizeof(digest->bytes)) : S("");
        }
        hasher_add(worker->hasher, slice_make(block, (size_t)got));
        at += (uint64_t)got;
    }
    *digest = hasher_finish(worker->hasher);
    return S("");
}

static bool worker_read_at(void *context, uint64_t offset, char *to, size_t len)
{
    const int *fd = context;
    return pread(*fd, to, len, (off_t)offset) == (ssize_t)len;
}

/* Whether the file itself, not something unpacked from it, is decoded in parts: then the job goes
 * on with the first of them. */
static void worker_split(struct worker *worker, int fd)
{
    const struct object whole = {.suffix = S("")};
    worker_object_begin(worker, &whole);
    char *head = arena_bytes(&worker->object_arena, DECODE_SNIFF_LEN);
    ssize_t got = pread(fd, head, DECODE_SNIFF_LEN, 0);
    worker_recognise(worker, slice_make(head, got < 0 ? 0 : (size_t)got));
    if (worker->object.format == NULL || worker->object.format->decode != evtx_decode)
        return;
    uint32_t count = evtx_parts(worker_read_at, &fd);
    if (count < 2)
        return;
    struct buf *frame = worker_frame(worker);
    writer_u32(frame, count);
    struct error err;
    worker_send(worker, PROTOCOL_PARTS);
    if (channel_flush(worker->channel, &err) != RESULT_OK)
        _exit(0);
    worker->part = evtx_part(0, count);
}

static bool worker_job_read(struct worker *worker, slice payload)
{
    struct reader reader = reader_over(payload);
    worker->file = reader_u32(&reader);
    worker->size = reader_u64(&reader);
    slice path = reader_slice(&reader);
    worker->round = reader_u8(&reader);
    worker->first_object = reader_u32(&reader);
    worker->part.from = reader_u64(&reader);
    worker->part.to = reader_u64(&reader);
    worker->may_split = reader_u8(&reader) != 0;
    worker->year_count = reader_u32(&reader);
    if (reader.failed || worker->year_count > PROTOCOL_YEARS_MAX)
        return false;
    for (size_t i = 0; i < worker->year_count; i++) {
        worker->years[i].object = reader_u32(&reader);
        worker->years[i].year = (int32_t)reader_u32(&reader);
    }
    buf_clear(&worker->path);
    buf_append(&worker->path, path);
    return !reader.failed;
}

static void worker_file_end(struct worker *worker, slice digest)
{
    struct buf *frame = worker_frame(worker);
    writer_slice(frame, digest);
    worker_send(worker, PROTOCOL_FILE_END);
}

static void worker_job(struct worker *worker, int fd, int temporary)
{
    struct error err;
    struct object object;
    hash_sha256 digest;
    slice hashed = S("");
    atomic_store_explicit(&worker->shared->bytes, 0, memory_order_relaxed);
    if (worker->may_split)
        worker_split(worker, fd);
    worker->object.number = PROTOCOL_NO_OBJECT;
    if (worker->round == 1 && worker->part.from == 0)
        hashed = worker_hash(worker, fd, &digest);
    struct objects_options options = {.fd = fd,
        .size = worker->size,
        .name = buf_slice(&worker->path),
        .temporary = temporary,
        .passphrases = worker->options->passphrases,
        .passphrase_count = worker->options->passphrase_count,
        .problem = worker_on_member_problem,
        .context = worker};
    worker->objects = objects_new(&options);
    for (;;) {
        enum result result = objects_next(worker->objects, &object, &err);
        if (result != RESULT_OK && result != RESULT_END)
            worker_problem(worker, PROTOCOL_UNREAD, PROTOCOL_NO_OBJECT, &err);
        if (result != RESULT_OK || atomic_load(&worker->shared->stop) != 0)
            break;
        worker_object(worker, &object);
    }
    objects_free(worker->objects);
    worker->objects = NULL;
    worker_file_end(worker, hashed);
}

static struct worker *worker_new(
    const struct triage_options *options, struct channel *channel, struct protocol_shared *shared)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    ASSERT(worker != NULL);
    worker->options = options;
    worker->channel = channel;
    worker->shared = shared;
    worker->matcher = detect_matcher_new(options->program);
    if (options->decode.products != NULL)
        worker->applier = product_applier_new(options->decode.products);
    if (worker->applier != NULL && options->view == TRIAGE_VIEW_DECODED)
        product_applier_complete(worker->applier);
    if (worker->applier != NULL && options->decode.zone_given)
        product_applier_zone(worker->applier, options->decode.zone_offset_s);
    if (options->product.len > 0)
        product_applier_only(worker->applier, options->product);
    worker->hasher = hasher_new();
    worker->collector = collector_new(options->view, worker_send_row, worker);
    worker->rules = rule_set_rules(options->rules, &worker->rule_count);
    if (options->view == TRIAGE_VIEW_COSTS)
        worker->costs = detect_matcher_profile(worker->matcher);
    buf_init(&worker->path, CHANNEL_FRAME_MAX);
    buf_init(&worker->frame, CHANNEL_FRAME_MAX);
    buf_init(&worker->key, SIGN_KEY_LEN);
    buf_init(&worker->body, CHANNEL_FRAME_MAX / 2);
    buf_init(&worker->record, CHANNEL_FRAME_MAX / 4);
    buf_init(&worker->payload, CHANNEL_FRAME_MAX / 4);
    buf_init(&worker->raw, TRIAGE_RAW_MAX);
    buf_init(&worker->last_host, WORKER_LAST_LOG_MAX);
    buf_init(&worker->last_channel, WORKER_LAST_LOG_MAX);
    return worker;
}

void worker_main(
    const struct triage_options *options, struct channel *channel, struct protocol_shared *shared)
{
    struct error err;
    struct sandbox_state state;
    struct channel_frame frame;
    struct worker *worker = worker_new(options, channel, shared);
    if (sandbox_enter(SANDBOX_DETECT, &state, &err) != RESULT_OK)
        _exit(3);
    for (;;) {
        if (channel_flush(channel, &err) != RESULT_OK ||
            channel_receive(channel, &frame, &err) != RESULT_OK)
            _exit(0);
        if (frame.type == PROTOCOL_JOB && frame.fd_count > 0 &&
            worker_job_read(worker, frame.payload))
            worker_job(worker, frame.fds[0], frame.fd_count > 1 ? frame.fds[1] : -1);
        for (size_t i = 0; i < frame.fd_count; i++)
            close(frame.fds[i]);
    }
}
