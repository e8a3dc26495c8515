/* See finish.h. */
#include "triage/finish.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "triage/costs.h"
#include "triage/gaps.h"
#include "triage/group.h"
#include "triage/logons.h"
#include "triage/pivots.h"
#include "triage/receive.h"
#include "triage/years.h"

/* Records whose text a correlation's sign shows. */
#define FINISH_RAW_RECORDS 8U

/* --- years --- */

void finish_years(struct state *state)
{
    static const enum text texts[] = {[YEARS_FROM_NAME] = TEXT_TRIAGE_YEAR_NAME,
        [YEARS_FROM_NEIGHBOURS] = TEXT_TRIAGE_YEAR_NEIGHBOURS,
        [YEARS_FROM_NOW] = TEXT_TRIAGE_YEAR_NOW};
    for (size_t i = 0; i < state->file_count; i++) {
        struct state_file *file = &state->files[i];
        for (size_t k = 0; k < file->object_count; k++) {
            struct state_object *object = &file->objects[k];
            enum years_source from;
            char memory[8192];
            struct buf name;
            struct error why;
            if (!object->deferred)
                continue;
            buf_init_fixed(&name, memory, sizeof(memory));
            buf_append_cstr(&name, file->path);
            buf_append(&name, object->suffix);
            int32_t last = years_infer(buf_slice(&name), &object->last_stamp, state->dated_first_ns,
                state->dated_last_ns, state->options->now_ns, &from);
            object->source.year = last - (int32_t)object->roll_overs;
            (void)error_set(&why, RESULT_OK, texts[from], ARG(buf_slice(&name)), ARG(last));
            receive_report(state, &why);
        }
    }
}

/* --- correlation --- */

struct finish_correlating {
    struct state *state;
    struct arena arena; /* of one firing */
};

static void finish_add_entities(
    struct entity *entities, size_t *count, const struct sign_record *record)
{
    for (size_t i = 0; i < record->entity_count; i++) {
        bool known = false;
        for (size_t k = 0; k < *count && !known; k++)
            known = entities[k].type == record->entities[i].type &&
                    slice_equal(entities[k].value, record->entities[i].value);
        if (!known && *count < ENTITY_MAX)
            entities[(*count)++] = record->entities[i];
    }
}

static void finish_add_raw(struct buf *raw, slice text)
{
    if (raw->len > 0)
        buf_append_byte(raw, '\n');
    buf_append(raw, text);
}

/* Fills the parts of a sign that come from the records of the firing. */
static void finish_records(struct finish_correlating *work, const struct correlation_firing *firing,
    struct sign_body *body, struct buf *raw)
{
    struct sign_place *places = ARENA_ARRAY(&work->arena, struct sign_place, firing->record_count);
    struct entity *entities = ARENA_ARRAY(&work->arena, struct entity, ENTITY_MAX);
    body->places = places;
    body->entities = entities;
    for (size_t i = 0; i < firing->record_count; i++) {
        struct sign_record record;
        /* Checked when it came in. */
        ASSERT(sign_record_read(&work->arena, firing->records[i], &record));
        places[body->place_count++] = record.place;
        finish_add_entities(entities, &body->entity_count, &record);
        if (i < FINISH_RAW_RECORDS)
            finish_add_raw(raw, record.raw);
    }
    body->raw = buf_slice(raw);
}

static enum result finish_firing(
    void *context, const struct correlation_firing *firing, struct error *err)
{
    struct finish_correlating *work = context;
    struct triage_result *result = work->state->result;
    const struct rule *rule = &result->rules[firing->rule];
    char key_memory[SIGN_KEY_LEN];
    struct buf key, raw, payload;
    if (!rule->generate || rule->level < work->state->options->min_level ||
        firing->record_count == 0)
        return RESULT_OK;
    struct sign_body body = {.source = TRIAGE_FROM_CORRELATION,
        .kind = rule->kind,
        .level = rule->level,
        .vector = rule->vector,
        .last_ns = firing->last_ns,
        .count = firing->count};
    struct triage_field *fields =
        ARENA_ARRAY(&work->arena, struct triage_field, firing->group_count);
    for (size_t i = 0; i < firing->group_count && i < SIGN_FIELDS_MAX; i++)
        fields[body.field_count++] = (struct triage_field){firing->names[i], firing->values[i]};
    body.fields = fields;
    buf_init(&raw, TRIAGE_RAW_MAX);
    finish_records(work, firing, &body, &raw);
    struct sign_key at = {
        .time_ns = firing->time_ns, .place = body.places[0], .rule = firing->rule};
    buf_init_fixed(&key, key_memory, sizeof(key_memory));
    sign_key_write(&key, &at);
    buf_init(&payload, CHANNEL_FRAME_MAX);
    sign_body_write(&payload, &body);
    enum result done = sorter_add(result->signs, buf_slice(&key), buf_slice(&payload), err);
    buf_free(&payload);
    buf_free(&raw);
    arena_reset(&work->arena);
    return done;
}

static enum result finish_feed(
    struct correlator *correlator, struct sorter_reader *reader, struct error *err)
{
    slice key_bytes, bytes;
    struct sign_key key;
    for (;;) {
        enum result result = sorter_next(reader, &key_bytes, &bytes, err);
        if (result != RESULT_OK)
            return result == RESULT_END ? RESULT_OK : result;
        struct reader fields = reader_over(bytes);
        slice record = reader_slice(&fields);
        slice payload = reader_slice(&fields);
        ASSERT(sign_key_read(key_bytes, &key) && !fields.failed);
        result = correlator_feed(correlator, key.rule, key.time_ns, record, payload, err);
        if (result != RESULT_OK)
            return result;
    }
}

static enum result finish_correlate(struct state *state, struct error *err)
{
    struct finish_correlating work = {.state = state};
    struct sorter_reader *reader;
    enum result result = sorter_read(state->matches, &reader, err);
    if (result != RESULT_OK)
        return result;
    struct correlator *correlator = correlator_new(state->options->program, finish_firing, &work);
    result = finish_feed(correlator, reader, err);
    if (result == RESULT_OK)
        result = correlator_finish(correlator, err);
    state->result->counts.evicted_windows = correlator_evicted(correlator);
    correlator_free(correlator);
    sorter_reader_free(reader);
    arena_free(&work.arena);
    sorter_free(state->matches);
    state->matches = NULL;
    return result;
}

/* --- coverage --- */

static int finish_coverage_order(const void *left, const void *right)
{
    const struct triage_coverage *logs[2] = {left, right};
    int order = slice_compare(logs[0]->host, logs[1]->host);
    return order != 0 ? order : slice_compare(logs[0]->channel, logs[1]->channel);
}

/* Logs that hosts of a kind usually have. */
static const struct {
    bool windows;
    slice channel;
} finish_expected[] = {
#define EXPECTED(windows, channel) {windows, S_INIT(channel)},
#include "triage/expected.def"
#undef EXPECTED
};

enum finish_kind { FINISH_OTHER, FINISH_WINDOWS, FINISH_LINUX };

/* What kind of host a log tells of. */
static enum finish_kind finish_kind_of(slice channel)
{
    for (size_t i = 0; i < sizeof(finish_expected) / sizeof(finish_expected[0]); i++)
        if (slice_equal(channel, finish_expected[i].channel))
            return finish_expected[i].windows ? FINISH_WINDOWS : FINISH_LINUX;
    return slice_starts(channel, S("Microsoft-Windows-")) ? FINISH_WINDOWS : FINISH_OTHER;
}

static bool finish_has(const struct triage_coverage *logs, size_t count, slice channel)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(logs[i].channel, channel))
            return true;
    return false;
}

/* Logs of one host: `count` rows from `logs`. */
static void finish_missing_of(struct triage_result *result, const struct triage_coverage *logs,
    size_t count, size_t *capacity)
{
    bool kinds[3] = {false, false, false};
    if (logs[0].host.len == 0)
        return;
    for (size_t i = 0; i < count; i++)
        kinds[finish_kind_of(logs[i].channel)] = true;
    for (size_t i = 0; i < sizeof(finish_expected) / sizeof(finish_expected[0]); i++) {
        enum finish_kind kind = finish_expected[i].windows ? FINISH_WINDOWS : FINISH_LINUX;
        if (!kinds[kind] || finish_has(logs, count, finish_expected[i].channel))
            continue;
        if (result->missing_count == *capacity)
            result->missing =
                arena_grow(&result->arena, result->missing, capacity, sizeof(*result->missing));
        result->missing[result->missing_count++] =
            (struct triage_missing){logs[0].host, finish_expected[i].channel};
    }
}

static void finish_coverage(struct state *state)
{
    struct triage_result *result = state->result;
    size_t capacity = 0;
    result->coverage = state->coverage;
    result->coverage_count = state->logs.count;
    if (result->coverage_count == 0)
        return;
    qsort(
        result->coverage, result->coverage_count, sizeof(*result->coverage), finish_coverage_order);
    for (size_t from = 0; from < result->coverage_count;) {
        size_t to = from;
        while (to < result->coverage_count &&
               slice_equal(result->coverage[to].host, result->coverage[from].host))
            to++;
        finish_missing_of(result, &result->coverage[from], to - from, &capacity);
        from = to;
    }
}

/* --- sources --- */

static slice finish_path(struct arena *arena, slice file, slice suffix)
{
    size_t len = file.len + suffix.len;
    struct buf path;
    buf_init_fixed(&path, arena_bytes(arena, len), len);
    buf_append(&path, file);
    buf_append(&path, suffix);
    return buf_slice(&path);
}

static void finish_count(struct triage_result *result, const struct triage_source *source)
{
    struct triage_counts *counts = &result->counts;
    counts->sources++;
    counts->records += source->records;
    counts->events += source->events;
    counts->undecoded += source->undecoded;
    if (source->first_ns == CIVIL_TIME_NONE)
        return;
    if (counts->first_ns == CIVIL_TIME_NONE || source->first_ns < counts->first_ns)
        counts->first_ns = source->first_ns;
    if (source->last_ns > counts->last_ns)
        counts->last_ns = source->last_ns;
}

static void finish_file(struct state *state, size_t index)
{
    struct triage_result *result = state->result;
    struct state_file *from = &state->files[index];
    struct found_file *file = &result->files[index];
    *file = (struct found_file){.path = slice_from_cstr(from->path),
        .size = from->size,
        .sha256 = from->sha256,
        .hashed = from->hashed,
        .first = result->source_count,
        .count = from->object_count};
    /* A file from which no object came still stands in the manifest. */
    size_t rows = from->object_count > 0 ? from->object_count : 1;
    for (size_t i = 0; i < rows; i++) {
        struct triage_source *source = &result->sources[result->source_count++];
        slice suffix = S("");
        *source = (struct triage_source){
            .first_ns = CIVIL_TIME_NONE, .last_ns = CIVIL_TIME_NONE, .format = S("")};
        if (i < from->object_count) {
            *source = from->objects[i].source;
            suffix = from->objects[i].suffix;
        }
        source->path = finish_path(&result->arena, file->path, suffix);
        source->file = file->path;
        source->sha256 = file->sha256;
        source->size = file->size;
        if (source->note_en.len == 0) {
            source->note = from->note;
            source->note_en = from->note_en;
        }
        finish_count(result, source);
    }
    result->counts.bytes += from->size;
}

static void finish_sources(struct state *state)
{
    struct triage_result *result = state->result;
    size_t rows = 0;
    for (size_t i = 0; i < state->file_count; i++)
        rows += size_max(state->files[i].object_count, 1);
    result->files = ARENA_ARRAY(&result->arena, struct found_file, state->file_count);
    result->file_count = state->file_count;
    result->sources = ARENA_ARRAY(&result->arena, struct triage_source, rows);
    for (size_t i = 0; i < state->file_count; i++)
        finish_file(state, i);
}

/* What the view shows, in its order. */
static enum result finish_view(struct state *state, struct error *err)
{
    switch (state->options->view) {
    case TRIAGE_VIEW_LOGONS:
        return logons_rank(state->rows, state->result->rows, err);
    case TRIAGE_VIEW_EVENTS:
    case TRIAGE_VIEW_DECODED:
    case TRIAGE_VIEW_EXPLAIN:
        /* They are in their order already. */
        sorter_free(state->result->rows);
        state->result->rows = state->rows;
        state->rows = NULL;
        break;
    case TRIAGE_VIEW_PIVOTS:
        return pivots_rank(state->result, state->rows, state->result->rows, err);
    case TRIAGE_VIEW_GAPS:
        return gaps_rank(state->rows, state->result->rows, err);
    case TRIAGE_VIEW_COSTS:
        return costs_rank(state->rows, state->result->rows, err);
    case TRIAGE_VIEW_NONE:
    case TRIAGE_VIEW_TIMELINE:
        break;
    }
    return RESULT_OK;
}

enum result finish_run(struct state *state, struct error *err)
{
    struct triage_result *result = state->result;
    result->counts.first_ns = CIVIL_TIME_NONE;
    result->counts.last_ns = CIVIL_TIME_NONE;
    result->counts.interrupted = state->stopping;
    for (size_t i = 0; i < result->rule_count; i++) {
        result->counts.rules_loaded += !result->rules[i].refused;
        result->counts.rules_refused += result->rules[i].refused;
    }
    finish_sources(state);
    finish_coverage(state);
    enum result done = finish_correlate(state, err);
    if (done == RESULT_OK)
        done = group_signs(result, err);
    return done == RESULT_OK ? finish_view(state, err) : done;
}
