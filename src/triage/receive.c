/* See receive.h. A worker may have been broken into: every number
 * is checked, nothing of what it says is used as an index before that. */
#include "triage/receive.h"

#include "base/base.h"
#include "triage/collect.h"
#include "triage/parts.h"

static enum result receive_malformed(struct state_file *file, const char *what, struct error *err)
{
    return error_set(err, RESULT_MALFORMED, TEXT_TRIAGE_WORKER, ARG(what), ARG(file->path));
}

void receive_report(struct state *state, const struct error *why)
{
    state->options->problem(state->options->context, why);
}

/* Messages begin with the path that they are about; beside the path it would be said twice. */
static slice receive_without_path(slice message, slice path)
{
    if (!slice_starts(message, path))
        return message;
    size_t colon = path.len + slice_find(slice_from(message, path.len), S(": "));
    return slice_from(message, size_min(colon + 2, message.len));
}

void receive_note(struct state *state, const struct state_file *file, slice *note, slice *note_en,
    const struct error *why)
{
    slice path = slice_from_cstr(file->path);
    if (note_en->len > 0)
        return;
    *note = arena_copy(&state->result->arena, receive_without_path(error_message(why), path));
    *note_en =
        arena_copy(&state->result->arena, receive_without_path(error_message_english(why), path));
}

static void receive_span(int64_t *first_ns, int64_t *last_ns, int64_t from_ns, int64_t to_ns)
{
    if (from_ns != CIVIL_TIME_NONE && (*first_ns == CIVIL_TIME_NONE || from_ns < *first_ns))
        *first_ns = from_ns;
    if (to_ns != CIVIL_TIME_NONE && to_ns > *last_ns)
        *last_ns = to_ns;
}

/* The object of a frame, or NULL when it was not announced. */
static struct state_object *receive_object(struct state_file *file, uint32_t number)
{
    return number < file->object_count ? &file->objects[number] : NULL;
}

static enum result receive_announced(
    struct state *state, struct state_file *file, struct reader *reader, struct error *err)
{
    uint32_t number = reader_u32(reader);
    slice suffix = reader_slice(reader);
    slice format = reader_slice(reader);
    if (reader->failed || number > file->object_count || number >= STATE_OBJECTS_MAX)
        return receive_malformed(file, "object", err);
    if (file->parts != NULL && file->object_count > 0)
        return RESULT_OK; /* each part announces it */
    if (number == file->object_count) {
        if (file->object_count == file->object_capacity)
            file->objects = arena_grow(&state->result->arena, file->objects, &file->object_capacity,
                sizeof(*file->objects));
        file->object_count++;
    }
    struct state_object *object = &file->objects[number];
    *object = (struct state_object){.suffix = arena_copy(&state->result->arena, suffix)};
    object->source.first_ns = CIVIL_TIME_NONE;
    object->source.last_ns = CIVIL_TIME_NONE;
    const struct decode_format *known = decode_format_named(format);
    object->source.format = known == NULL ? S("") : known->name;
    return RESULT_OK;
}

static bool receive_rule_ok(const struct state *state, uint32_t rule)
{
    return rule < state->result->rule_count && !state->result->rules[rule].refused;
}

static enum result receive_sign(
    struct state *state, struct state_file *file, struct reader *reader, struct error *err)
{
    struct arena arena = {0};
    struct sign_key key;
    struct sign_body body;
    slice key_bytes = reader_slice(reader);
    slice payload = reader_slice(reader);
    bool good = !reader->failed && sign_key_read(key_bytes, &key) &&
                sign_body_read(&arena, payload, &body) &&
                (key.rule == SIGN_RULE_ALERT || receive_rule_ok(state, key.rule));
    arena_free(&arena);
    if (!good)
        return receive_malformed(file, "sign", err);
    return sorter_add(state->result->signs, key_bytes, payload, err);
}

static enum result receive_match(
    struct state *state, struct state_file *file, struct reader *reader, struct error *err)
{
    struct sign_key key;
    slice key_bytes = reader_slice(reader);
    slice rest = slice_from(reader->bytes, reader->at);
    struct arena arena = {0};
    struct sign_record record;
    bool good = sign_record_read(&arena, reader_slice(reader), &record);
    arena_free(&arena);
    (void)reader_slice(reader); /* the correlation's own, which its reader checks */
    if (!good || reader->failed || reader_left(reader) != 0 || !sign_key_read(key_bytes, &key) ||
        !receive_rule_ok(state, key.rule))
        return receive_malformed(file, "match", err);
    /* Without a time it has no place in any window. */
    if (key.time_ns == CIVIL_TIME_NONE)
        return RESULT_OK;
    return sorter_add(state->matches, key_bytes, rest, err);
}

static enum result receive_problem(
    struct state *state, const struct pool_worker *worker, struct reader *reader, struct error *err)
{
    struct state_file *file = &state->files[worker->file];
    struct error why = {.code = RESULT_MALFORMED};
    uint32_t number = reader_u32(reader);
    uint8_t kind = reader_u8(reader);
    slice message = reader_slice(reader);
    slice english = reader_slice(reader);
    struct state_object *object = receive_object(file, number);
    if (reader->failed || kind > PROTOCOL_UNKNOWN ||
        (object == NULL && number != PROTOCOL_NO_OBJECT))
        return receive_malformed(file, "problem", err);
    error_restore(&why, message, english);
    if (worker->part != PROTOCOL_NO_PART) {
        parts_problem(state, worker, kind, &why);
        return RESULT_OK;
    }
    receive_report(state, &why);
    if (object != NULL)
        receive_note(state, file, &object->source.note, &object->source.note_en, &why);
    else
        receive_note(state, file, &file->note, &file->note_en, &why);
    return RESULT_OK;
}

static enum result receive_coverage(
    struct state *state, struct state_file *file, struct reader *reader, struct error *err)
{
    char memory[4096];
    struct buf name;
    slice host = reader_slice(reader);
    slice channel = reader_slice(reader);
    uint64_t events = reader_u64(reader);
    int64_t first_ns = (int64_t)reader_u64(reader);
    int64_t last_ns = (int64_t)reader_u64(reader);
    if (reader->failed)
        return receive_malformed(file, "coverage", err);
    buf_init_fixed(&name, memory, sizeof(memory));
    buf_append(&name, host);
    buf_append_byte(&name, '\0');
    buf_append(&name, channel);
    if (state->logs.count >= STATE_COVERAGE_MAX && map_find(&state->logs, buf_slice(&name)) == NULL)
        return RESULT_OK;
    bool inserted;
    uint64_t *index = map_put(&state->logs, buf_slice(&name), &inserted);
    if (inserted) {
        *index = state->logs.count - 1;
        if (*index == state->coverage_capacity)
            state->coverage = arena_grow(&state->result->arena, state->coverage,
                &state->coverage_capacity, sizeof(*state->coverage));
        state->coverage[*index] =
            (struct triage_coverage){.host = arena_copy(&state->result->arena, host),
                .channel = arena_copy(&state->result->arena, channel),
                .first_ns = CIVIL_TIME_NONE,
                .last_ns = CIVIL_TIME_NONE};
    }
    struct triage_coverage *log = &state->coverage[*index];
    log->events += events;
    receive_span(&log->first_ns, &log->last_ns, first_ns, last_ns);
    return RESULT_OK;
}

void receive_tally(
    struct state *state, struct state_object *object, const struct state_tally *tally)
{
    struct triage_source *source = &object->source;
    object->ended = true;
    object->deferred = false;
    source->records += tally->records;
    source->events += tally->events;
    source->undecoded += tally->undecoded;
    receive_span(&source->first_ns, &source->last_ns, tally->first_ns, tally->last_ns);
    source->time_assumed |= tally->time_assumed;
    source->year = tally->year;
    state->result->counts.dropped_fields += tally->dropped_fields;
    state->result->counts.limited_expressions += tally->limited_expressions;
    receive_span(
        &state->dated_first_ns, &state->dated_last_ns, tally->dated_first_ns, tally->dated_last_ns);
}

static enum result receive_object_end(
    struct state *state, const struct pool_worker *worker, struct reader *reader, struct error *err)
{
    struct state_file *file = &state->files[worker->file];
    struct state_object *object = receive_object(file, reader_u32(reader));
    struct state_tally tally;
    tally.records = reader_u64(reader);
    tally.events = reader_u64(reader);
    tally.undecoded = reader_u64(reader);
    tally.dropped_fields = reader_u64(reader);
    tally.limited_expressions = reader_u64(reader);
    tally.first_ns = (int64_t)reader_u64(reader);
    tally.last_ns = (int64_t)reader_u64(reader);
    tally.dated_first_ns = (int64_t)reader_u64(reader);
    tally.dated_last_ns = (int64_t)reader_u64(reader);
    tally.time_assumed = reader_u32(reader);
    tally.year = (int32_t)reader_u32(reader);
    (void)reader_u8(reader);
    if (reader->failed || object == NULL || object->ended)
        return receive_malformed(file, "object end", err);
    if (worker->part != PROTOCOL_NO_PART)
        parts_tally(state, worker, &tally);
    else
        receive_tally(state, object, &tally);
    return RESULT_OK;
}

static enum result receive_deferred(
    struct state_file *file, struct reader *reader, struct error *err)
{
    struct state_object *object = receive_object(file, reader_u32(reader));
    uint32_t roll_overs = reader_u32(reader);
    struct civil last = {.month = reader_u8(reader),
        .day = reader_u8(reader),
        .hour = reader_u8(reader),
        .minute = reader_u8(reader),
        .second = reader_u8(reader)};
    if (reader->failed || object == NULL || roll_overs > 1000)
        return receive_malformed(file, "deferred", err);
    object->deferred = true;
    object->roll_overs = roll_overs;
    object->last_stamp = last;
    return RESULT_OK;
}

static enum result receive_activity(
    struct state *state, struct state_file *file, struct reader *reader, struct error *err)
{
    struct activity activity;
    slice bytes = reader_bytes(reader, sizeof(activity));
    if (reader->failed || !activity_from_bytes(bytes, &activity))
        return receive_malformed(file, "activity", err);
    activity_merge(&state->result->activity, &activity);
    return RESULT_OK;
}

static enum result receive_row(
    struct state *state, struct state_file *file, struct reader *reader, struct error *err)
{
    slice key = reader_slice(reader);
    slice payload = reader_slice(reader);
    if (reader->failed || state->rows == NULL || !collect_check(state->options->view, key, payload))
        return receive_malformed(file, "row", err);
    return sorter_add(state->rows, key, payload, err);
}

static enum result receive_parts(
    struct state *state, struct pool_worker *worker, struct reader *reader, struct error *err)
{
    uint32_t count = reader_u32(reader);
    if (reader->failed || !parts_begin(state, worker, count))
        return receive_malformed(&state->files[worker->file], "parts", err);
    return RESULT_OK;
}

static enum result receive_file_end(
    struct state_file *file, struct reader *reader, unsigned round, struct error *err)
{
    slice digest = reader_slice(reader);
    if (reader->failed || (digest.len != 0 && digest.len != HASH_SHA256_LEN))
        return receive_malformed(file, "file end", err);
    if (round == 1 && digest.len == HASH_SHA256_LEN) {
        file->sha256 = hash_from_bytes(digest);
        file->hashed = true;
    }
    return RESULT_END;
}

enum result receive_frame(
    struct state *state, struct pool_worker *worker, slice payload, uint8_t type, struct error *err)
{
    struct reader reader = reader_over(payload);
    uint32_t number = reader_u32(&reader);
    struct state_file *file = &state->files[worker->file];
    if (reader.failed || !worker->busy || number != worker->file)
        return receive_malformed(file, "file", err);
    switch (type) {
    case PROTOCOL_OBJECT:
        return receive_announced(state, file, &reader, err);
    case PROTOCOL_SIGN:
        return receive_sign(state, file, &reader, err);
    case PROTOCOL_MATCH:
        return receive_match(state, file, &reader, err);
    case PROTOCOL_PROBLEM:
        return receive_problem(state, worker, &reader, err);
    case PROTOCOL_COVERAGE:
        return receive_coverage(state, file, &reader, err);
    case PROTOCOL_OBJECT_END:
        return receive_object_end(state, worker, &reader, err);
    case PROTOCOL_DEFERRED:
        return receive_deferred(file, &reader, err);
    case PROTOCOL_ACTIVITY:
        return receive_activity(state, file, &reader, err);
    case PROTOCOL_ROW:
        return receive_row(state, file, &reader, err);
    case PROTOCOL_PARTS:
        return receive_parts(state, worker, &reader, err);
    case PROTOCOL_FILE_END:
        return receive_file_end(file, &reader, state->round, err);
    default:
        return receive_malformed(file, "type", err);
    }
}
