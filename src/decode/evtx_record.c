/* See evtx_record.h. A template instance is its program and an array of values; a run walks the
 * program and adds a field an operation. A value that is binary XML is a run of its own at that
 * place. */
#include "decode/evtx_record.h"

#include <string.h>

#include "base/base.h"
#include "decode/evtx_value.h"
#include "wire/reader.h"

/* An instance: token, 1 byte (version), 4 (id), 4 (offset of the definition); the definition itself
 * may follow; then the number of values, a descriptor of 4 bytes for each, and their bytes. */
#define EVTX_INSTANCE_HEAD   10
#define EVTX_DESCRIPTOR_SIZE 4

_Static_assert(EVTX_JOINED_MAX >= EVTX_RECORD_TEXT_MAX, "what is charged fits the buffer");

struct run {
    struct evtx_cache *cache;
    const struct evtx_record *record;
    struct event *event;
    struct error *err;
    unsigned nesting;
    size_t steps_left;
    size_t text_left;
};

/* The values of one template instance. */
struct instance {
    const struct evtx_value *values;
    size_t count;
};

static enum result run_xml(struct run *run, size_t from, size_t end, enum evtx_place place);

/* Takes from what the record may use. */
static enum result run_charge(struct run *run, size_t steps, size_t text)
{
    if (steps > run->steps_left || text > run->text_left)
        return error_set(run->err, RESULT_LIMIT, TEXT_EVTX_RECORD_MAX, ARG(EVTX_RECORD_STEPS_MAX),
            ARG(EVTX_RECORD_TEXT_MAX));
    run->steps_left -= steps;
    run->text_left -= text;
    return RESULT_OK;
}

static struct evtx_value instance_value(const struct instance *instance, size_t index)
{
    return index < instance->count ? instance->values[index]
                                   : (struct evtx_value){.bytes = S(""), .type = EVTX_NULL};
}

static enum result run_embedded(struct run *run, struct evtx_value value, enum evtx_place place)
{
    size_t from = (size_t)(value.bytes.at - run->record->chunk.at);
    if (run->nesting == EVTX_NESTING_MAX)
        return error_set(run->err, RESULT_LIMIT, TEXT_EVTX_DEPTH, ARG(EVTX_NESTING_MAX));
    if (value.bytes.len == 0)
        return RESULT_OK;
    run->nesting++;
    enum result result = run_xml(run, from, from + value.bytes.len, place);
    run->nesting--;
    return result;
}

/* Appends a piece to the text in the making. */
static enum result run_append(struct run *run, slice piece)
{
    enum result result = run_charge(run, 1, piece.len);
    if (result == RESULT_OK)
        buf_append(&run->cache->joined, piece);
    return result;
}

/* Appends a value; the items of an array are separated by commas. */
static enum result run_append_value(
    struct run *run, const struct evtx_op *op, struct evtx_value value)
{
    enum event_type kind;
    enum result result = RESULT_OK;
    slice rest = value.bytes, item;
    uint8_t type = (uint8_t)(value.type & ~EVTX_ARRAY);
    if (value.type == EVTX_XML)
        return run_embedded(run, value, op->place);
    if (value.type == type)
        return run_append(run, evtx_value_text(run->event->arena, value, &kind));
    for (bool first = true; result == RESULT_OK && evtx_value_next(type, &rest, &item);
         first = false) {
        struct evtx_value one = {.bytes = item, .type = type};
        if (!first)
            result = run_append(run, S(","));
        if (result == RESULT_OK)
            result = run_append(run, evtx_value_text(run->event->arena, one, &kind));
    }
    return result;
}

/* The text of all parts together, in the arena. It is made in a buffer of the file's, on top of the
 * text of fields around it: a part may be binary XML with fields of its own. */
static enum result run_join(struct run *run, const struct evtx_op *op, struct evtx_parts parts,
    const struct instance *instance, slice *joined)
{
    struct buf *text = &run->cache->joined;
    size_t from = text->len;
    enum result result = RESULT_OK;
    for (size_t i = 0; i < parts.count && result == RESULT_OK; i++) {
        const struct evtx_part *part = &parts.at[i];
        result = part->is_value ? run_append_value(run, op, instance_value(instance, part->value))
                                : run_append(run, part->text);
    }
    if (result == RESULT_OK && text->overflow)
        result = run_charge(run, SIZE_MAX, 0);
    if (result == RESULT_OK)
        *joined = arena_copy(run->event->arena, slice_from(buf_slice(text), from));
    buf_truncate(text, from);
    return result;
}

/* Adds a field; its name and text count against what the record may use. */
static enum result run_add(struct run *run, slice name, slice text, enum event_type kind)
{
    event_add(run->event, name, text, kind);
    return run_charge(run, 1, name.len + text.len);
}

/* A field of one value. An array repeats the field. */
static enum result run_add_value(
    struct run *run, const struct evtx_op *op, slice name, struct evtx_value value)
{
    enum event_type kind;
    enum result result = RESULT_OK;
    slice rest = value.bytes, item;
    if (value.bytes.len == 0)
        return op->keep_empty ? run_add(run, name, S(""), EVENT_STRING) : RESULT_OK;
    if ((value.type & EVTX_ARRAY) == 0) {
        slice text = evtx_value_text(run->event->arena, value, &kind);
        return run_add(run, name, text, kind);
    }
    uint8_t type = (uint8_t)(value.type & ~EVTX_ARRAY);
    while (result == RESULT_OK && evtx_value_next(type, &rest, &item)) {
        struct evtx_value one = {.bytes = item, .type = type};
        slice text = evtx_value_text(run->event->arena, one, &kind);
        result = run_add(run, name, text, kind);
    }
    return result;
}

/* A field whose text is made of several parts, or of one literal. */
static enum result run_add_text(struct run *run, const struct evtx_op *op, slice name, slice text)
{
    return text.len > 0 || op->keep_empty ? run_add(run, name, text, EVENT_STRING) : RESULT_OK;
}

/* What a field tells about the event as a whole: as text of the template, and as a value. */
static void run_text_role(struct run *run, enum evtx_role role, slice text)
{
    if (role == EVTX_ROLE_TIME)
        (void)evtx_value_text_time(text, &run->event->time_ns);
    else if (role == EVTX_ROLE_NUMBER)
        (void)slice_to_u64(text, UINT64_MAX, &run->event->record.number);
}

static void run_value_role(struct run *run, enum evtx_role role, struct evtx_value value)
{
    if (role == EVTX_ROLE_TIME)
        (void)evtx_value_time(run->event->arena, value, &run->event->time_ns);
    else if (role == EVTX_ROLE_NUMBER)
        (void)evtx_value_u64(value, &run->event->record.number);
}

static enum result run_field(
    struct run *run, const struct evtx_op *op, const struct instance *instance)
{
    const struct evtx_part *part = &op->text.at[0];
    slice name = op->name;
    slice text;
    if (op->name_parts.count > 0) {
        enum result result = run_join(run, op, op->name_parts, instance, &text);
        if (result != RESULT_OK)
            return result;
        name = text.len > 0 ? text : name;
    }
    if (op->text.count > 1) {
        enum result result = run_join(run, op, op->text, instance, &text);
        return result == RESULT_OK ? run_add_text(run, op, name, text) : result;
    }
    if (!part->is_value) {
        run_text_role(run, op->role, part->text);
        return run_add_text(run, op, name, part->text);
    }
    struct evtx_value value = instance_value(instance, part->value);
    if (value.type == EVTX_XML)
        return run_embedded(run, value, op->place);
    run_value_role(run, op->role, value);
    return run_add_value(run, op, name, value);
}

static enum result run_program(
    struct run *run, const struct evtx_program *program, const struct instance *instance)
{
    for (size_t i = 0; i < program->op_count; i++) {
        const struct evtx_op *op = &program->ops[i];
        enum result result = run_charge(run, 1, 0);
        if (op->kind == EVTX_OP_OMIT) {
            if (instance_value(instance, op->value).type == EVTX_NULL)
                i += op->skip;
        } else if (result == RESULT_OK) {
            result = run_field(run, op, instance);
        }
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

static enum result run_cut(struct run *run, size_t from)
{
    return error_set(run->err, RESULT_MALFORMED, TEXT_EVTX_XML_END, ARG(from));
}

/* Reads the values of an instance: descriptors (2 bytes of size, type, unused), then the bytes. */
static enum result run_read_values(
    struct run *run, struct reader *reader, struct instance *instance)
{
    size_t from = reader->at;
    size_t count = reader_u32(reader);
    if (reader->failed || count > reader_left(reader) / EVTX_DESCRIPTOR_SIZE)
        return run_cut(run, from);
    struct evtx_value *values = ARENA_ARRAY(run->event->arena, struct evtx_value, count);
    struct reader bytes = *reader;
    reader_skip(&bytes, count * EVTX_DESCRIPTOR_SIZE);
    for (size_t i = 0; i < count; i++) {
        size_t len = reader_u16(reader);
        values[i].type = reader_u8(reader);
        values[i].bytes = reader_bytes(&bytes, len);
        reader_skip(reader, 1);
    }
    if (bytes.failed)
        return run_cut(run, from);
    *reader = bytes;
    *instance = (struct instance){.values = values, .count = count};
    return RESULT_OK;
}

/* Values whose template is lost, as a list without names. */
static enum result run_salvage(struct run *run, const struct instance *instance)
{
    struct evtx_op op = {.keep_empty = true};
    enum result result = RESULT_OK;
    run->event->recovered = true;
    for (size_t i = 0; i < instance->count && result == RESULT_OK; i++)
        result = run_add_value(run, &op, S("Data"), instance->values[i]);
    return result;
}

/* A template instance, its token not yet taken. */
static enum result run_instance(struct run *run, struct reader *reader, enum evtx_place place)
{
    size_t from = reader->at;
    struct instance instance;
    const struct evtx_program *program;
    reader_skip(reader, 2);
    struct evtx_template_ref ref = {.place = place};
    bool elsewhere;
    ref.id = reader_u32(reader);
    ref.offset = reader_u32(reader);
    if (reader->failed)
        return run_cut(run, from);
    if (ref.offset == from + EVTX_INSTANCE_HEAD) { /* the definition stands here */
        reader_skip(reader, EVTX_TEMPLATE_SIZE);
        reader_skip(reader, reader_u32(reader));
    }
    enum result result = run_read_values(run, reader, &instance);
    if (result != RESULT_OK)
        return result;
    result = evtx_cache_get(run->cache, run->record->chunk, &ref, &program, &elsewhere, run->err);
    if (result == RESULT_MALFORMED && run->record->salvage && place != EVTX_PLACE_DOCUMENT)
        return run_salvage(run, &instance);
    if (result != RESULT_OK)
        return result;
    run->event->recovered |= elsewhere;
    return run_program(run, program, &instance);
}

/* Elements without a template: a program that is used once. */
static enum result run_plain(struct run *run, struct reader *reader, enum evtx_place place)
{
    struct evtx_source source = {.chunk = run->record->chunk,
        .from = reader->at,
        .end = reader->bytes.len,
        .place = place,
        .plain = true};
    struct evtx_program program;
    size_t stopped;
    enum result result = evtx_program_compile(
        run->event->arena, &run->cache->scratch, &source, &program, &stopped, run->err);
    if (result != RESULT_OK)
        return result;
    reader_seek(reader, stopped);
    return run_program(run, &program, &(struct instance){0});
}

static enum result run_xml(struct run *run, size_t from, size_t end, enum evtx_place place)
{
    struct reader reader = reader_over(slice_first(run->record->chunk, end));
    enum result result = run_charge(run, 1, end - from);
    reader_seek(&reader, from);
    while (result == RESULT_OK && reader_left(&reader) > 0) {
        struct reader ahead = reader;
        unsigned token = reader_u8(&ahead);
        if (token == EVTX_TOKEN_EOF)
            break; /* padding may follow */
        if (token == EVTX_TOKEN_FRAGMENT)
            reader_skip(&reader, EVTX_FRAGMENT_LEN);
        else if (token == EVTX_TOKEN_TEMPLATE)
            result = run_instance(run, &reader, place);
        else
            result = run_plain(run, &reader, place);
        if (result == RESULT_OK && reader.failed)
            result = run_cut(run, from);
    }
    return result;
}

enum result evtx_record_decode(struct evtx_cache *cache, const struct evtx_record *record,
    struct event *event, struct error *err)
{
    struct run run = {.cache = cache,
        .record = record,
        .event = event,
        .err = err,
        .steps_left = size_min(EVTX_RECORD_STEPS_MAX, *record->steps_left),
        .text_left = size_min(EVTX_RECORD_TEXT_MAX, *record->text_left)};
    size_t steps = run.steps_left;
    size_t text = run.text_left;
    buf_clear(&cache->joined);
    enum result result = run_xml(&run, record->from, record->end, EVTX_PLACE_DOCUMENT);
    *record->steps_left -= steps - run.steps_left;
    *record->text_left -= text - run.text_left;
    return result;
}
