/* See result.h and found.h. */
#include "triage/result.h"

#include <stdlib.h>

#include "base/base.h"
#include "triage/found.h"

struct triage_signs {
    struct triage_result *result;
    struct sorter_reader *reader;
    struct arena arena;
    size_t position;
};

void triage_result_free(struct triage_result *result)
{
    if (result == NULL)
        return;
    sorter_free(result->signs);
    sorter_free(result->rows);
    free(result->sign_incident);
    arena_free(&result->arena);
    free(result);
}

const struct triage_source *triage_sources(const struct triage_result *result, size_t *count)
{
    *count = result->source_count;
    return result->sources;
}

const struct triage_incident *triage_incidents(const struct triage_result *result, size_t *count)
{
    *count = result->incident_count;
    return result->incidents;
}

const struct triage_coverage *triage_coverages(const struct triage_result *result, size_t *count)
{
    *count = result->coverage_count;
    return result->coverage;
}

const struct triage_missing *triage_missing_logs(const struct triage_result *result, size_t *count)
{
    *count = result->missing_count;
    return result->missing;
}

const struct triage_counts *triage_counts(const struct triage_result *result)
{
    return &result->counts;
}

const struct activity *triage_activity(const struct triage_result *result)
{
    return &result->activity;
}

const struct rule *triage_rules(const struct triage_result *result, size_t *count)
{
    *count = result->rule_count;
    return result->rules;
}

struct sorter *triage_rows(const struct triage_result *result)
{
    return result->rows;
}

const struct triage_source *triage_source_at(
    const struct triage_result *result, uint32_t file, uint32_t object)
{
    if (file >= result->file_count)
        return NULL;
    const struct found_file *from = &result->files[file];
    return object < from->count ? &result->sources[from->first + object] : NULL;
}

const struct triage_source *found_source(
    const struct triage_result *result, const struct sign_place *place)
{
    return triage_source_at(result, place->file, place->object);
}

uuid found_sign_id(
    const struct triage_result *result, const struct sign_key *key, const struct sign_body *body)
{
    char memory[4096];
    struct buf content;
    const struct triage_source *source = found_source(result, &key->place);
    slice rule = key->rule == SIGN_RULE_ALERT ? body->rule_id : result->rules[key->rule].id;
    buf_init_fixed(&content, memory, sizeof(memory));
    writer_slice(&content, rule);
    if (body->source == TRIAGE_FROM_CORRELATION) {
        for (size_t i = 0; i < body->field_count; i++) {
            writer_slice(&content, body->fields[i].name);
            writer_slice(&content, slice_first(body->fields[i].value, SIGN_TITLE_MAX));
        }
    }
    if (source != NULL) {
        buf_append(&content, slice_make(source->sha256.bytes, sizeof(source->sha256.bytes)));
        /* The name inside the archive; what the file is called on this disk is no part of the
         * record's identity. */
        writer_slice(&content, slice_first(slice_from(source->path, source->file.len), 1024));
    }
    writer_u64(&content, key->place.offset);
    writer_u32(&content, key->place.index);
    return uuid_from_content(buf_slice(&content));
}

slice found_title(
    const struct triage_result *result, uint32_t rule, const struct sign_body *body, bool english)
{
    if (rule == SIGN_RULE_ALERT)
        return body->title;
    const struct rule *known = &result->rules[rule];
    if (!english && text_lang() == TEXT_LANG_JA && known->title_ja.len > 0)
        return known->title_ja;
    return known->title;
}

enum result triage_signs_open(
    struct triage_result *result, struct triage_signs **signs, struct error *err)
{
    struct triage_signs *made = calloc(1, sizeof(*made));
    ASSERT(made != NULL);
    made->result = result;
    enum result opened = sorter_read(result->signs, &made->reader, err);
    if (opened != RESULT_OK) {
        free(made);
        return opened;
    }
    *signs = made;
    return RESULT_OK;
}

void triage_signs_free(struct triage_signs *signs)
{
    if (signs == NULL)
        return;
    sorter_reader_free(signs->reader);
    arena_free(&signs->arena);
    free(signs);
}

static void result_fill(struct triage_signs *signs, const struct sign_key *key,
    const struct sign_body *body, struct triage_sign *sign)
{
    const struct triage_result *result = signs->result;
    struct triage_record *records =
        ARENA_ARRAY(&signs->arena, struct triage_record, body->place_count);
    for (size_t i = 0; i < body->place_count; i++) {
        const struct triage_source *source = found_source(result, &body->places[i]);
        records[i].path = source == NULL ? S("") : source->path;
        records[i].number = body->places[i].number;
    }
    const struct rule *rule = key->rule == SIGN_RULE_ALERT ? NULL : &result->rules[key->rule];
    *sign = (struct triage_sign){.id = found_sign_id(result, key, body),
        .source = body->source,
        .rule = rule,
        .rule_id = rule == NULL ? body->rule_id : rule->id,
        .title = found_title(result, key->rule, body, true),
        .kind = body->kind,
        .level = body->level,
        .vector = body->vector,
        .time_ns = key->time_ns,
        .last_ns = body->last_ns,
        .count = body->count,
        .incident = TRIAGE_NO_INCIDENT,
        .time_assumed = body->time_assumed,
        .recovered = body->recovered,
        .records = records,
        .record_count = body->place_count,
        .entities = body->entities,
        .entity_count = body->entity_count,
        .fields = body->fields,
        .field_count = body->field_count,
        .raw = body->raw,
        .source_address = body->source_address,
        .command_line = body->command_line,
        .explained = body->explained};
    if (result->sign_incident != NULL && signs->position < result->sign_count)
        sign->incident = result->sign_incident[signs->position];
    signs->position++;
}

enum result triage_signs_next(
    struct triage_signs *signs, struct triage_sign *sign, struct error *err)
{
    slice key_bytes, payload;
    struct sign_key key;
    struct sign_body body;
    arena_reset(&signs->arena);
    enum result result = sorter_next(signs->reader, &key_bytes, &payload, err);
    if (result != RESULT_OK)
        return result;
    /* Both were checked when they came in. */
    ASSERT(sign_key_read(key_bytes, &key));
    ASSERT(sign_body_read(&signs->arena, payload, &body));
    result_fill(signs, &key, &body, sign);
    return RESULT_OK;
}
