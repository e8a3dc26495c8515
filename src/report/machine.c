/* See machine.h. Items are written one by one through the JSON writer; a document is its items with
 * commas between the lines, so that it streams as well. */
#include "report/machine.h"

#include <stdlib.h>

#include "base/civil.h"
#include "report/words.h"
#include "wire/json_writer.h"

#define MACHINE_WEIGHT_DIGITS 2

struct machine_ids {
    uuid *ids;
    size_t count;
    size_t capacity;
};

struct machine {
    struct sink *sink;
    struct triage_result *result;
    struct arena arena;
    const struct triage_incident *incidents;
    size_t incident_count;
    struct machine_ids *ids; /* of the signs of each incident */
    slice separator;         /* between two items of a list */
    bool has_item;
};

static void machine_uuid(struct json_writer *json, uuid id)
{
    char text[36];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof(text));
    uuid_append(&buf, id);
    json_string(json, buf_slice(&buf));
}

static void machine_key_string(struct json_writer *json, slice key, slice value)
{
    json_key(json, key);
    json_string(json, value);
}

static void machine_key_optional(struct json_writer *json, slice key, slice value)
{
    json_key(json, key);
    if (value.len > 0)
        json_string(json, value);
    else
        json_null(json);
}

static void machine_key_u64(struct json_writer *json, slice key, uint64_t value)
{
    json_key(json, key);
    json_u64(json, value);
}

static void machine_key_time(struct json_writer *json, slice key, int64_t time_ns)
{
    json_key(json, key);
    json_time(json, time_ns);
}

/* --- items --- */

static void machine_begin(struct machine *machine, struct json_writer *json)
{
    if (machine->has_item)
        buf_append(&machine->sink->buf, machine->separator);
    machine->has_item = true;
    json_begin(json, &machine->sink->buf);
    json_object_begin(json);
}

static bool machine_end(struct machine *machine, struct json_writer *json)
{
    json_object_end(json);
    return sink_settle(machine->sink);
}

static bool machine_has_hash(const hash_sha256 *hash)
{
    for (size_t i = 0; i < sizeof(hash->bytes); i++)
        if (hash->bytes[i] != 0)
            return true;
    return false;
}

static void machine_hash(struct json_writer *json, const hash_sha256 *hash)
{
    char text[2 * HASH_SHA256_LEN];
    struct buf buf;
    if (!machine_has_hash(hash)) {
        json_null(json);
        return;
    }
    buf_init_fixed(&buf, text, sizeof(text));
    buf_append_hex(&buf, slice_make(hash->bytes, sizeof(hash->bytes)));
    json_string(json, buf_slice(&buf));
}

static bool machine_source(struct machine *machine, const struct triage_source *source)
{
    struct json_writer json;
    machine_begin(machine, &json);
    machine_key_string(&json, S("type"), S("source"));
    machine_key_string(&json, S("path"), source->path);
    json_key(&json, S("sha256"));
    machine_hash(&json, &source->sha256);
    machine_key_optional(&json, S("format"), source->format);
    machine_key_u64(&json, S("records"), source->records);
    machine_key_u64(&json, S("undecoded"), source->undecoded);
    machine_key_time(&json, S("first"), source->first_ns);
    machine_key_time(&json, S("last"), source->last_ns);
    machine_key_optional(&json, S("note"), source->note_en);
    return machine_end(machine, &json);
}

static void machine_strings(struct json_writer *json, slice key, const slice *values, size_t count)
{
    json_key(json, key);
    json_array_begin(json);
    for (size_t i = 0; i < count; i++)
        json_string(json, values[i]);
    json_array_end(json);
}

static void machine_entities(struct json_writer *json, const struct entity *entities, size_t count)
{
    json_key(json, S("entities"));
    json_array_begin(json);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(json);
        machine_key_string(json, S("type"), entity_type_name(entities[i].type));
        machine_key_string(json, S("value"), entities[i].value);
        json_object_end(json);
    }
    json_array_end(json);
}

static void machine_rule(struct json_writer *json, const struct triage_sign *sign)
{
    json_key(json, S("rule"));
    json_object_begin(json);
    machine_key_string(json, S("id"), sign->rule_id);
    machine_key_string(json, S("title"), sign->rule != NULL ? sign->rule->title : sign->title);
    machine_key_string(json, S("source"), words_source_name(sign->source));
    json_object_end(json);
}

static void machine_records(struct json_writer *json, const struct triage_sign *sign)
{
    json_key(json, S("records"));
    json_array_begin(json);
    for (size_t i = 0; i < sign->record_count; i++) {
        json_object_begin(json);
        machine_key_string(json, S("path"), sign->records[i].path);
        machine_key_u64(json, S("number"), sign->records[i].number);
        json_object_end(json);
    }
    json_array_end(json);
}

/* Whether a field of that name stands before `index`. */
static bool machine_is_repeated(const struct triage_sign *sign, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (slice_equal(sign->fields[i].name, sign->fields[index].name))
            return true;
    return false;
}

/* A name that occurs once has a string, one that occurs several times a list. */
static void machine_field(struct json_writer *json, const struct triage_sign *sign, size_t index)
{
    slice name = sign->fields[index].name;
    size_t count = 0;
    for (size_t i = index; i < sign->field_count; i++)
        count += slice_equal(sign->fields[i].name, name) ? 1 : 0;
    json_key(json, name);
    if (count > 1)
        json_array_begin(json);
    for (size_t i = index; i < sign->field_count; i++)
        if (slice_equal(sign->fields[i].name, name))
            json_string(json, sign->fields[i].value);
    if (count > 1)
        json_array_end(json);
}

static void machine_fields(struct json_writer *json, const struct triage_sign *sign)
{
    json_key(json, S("fields"));
    json_object_begin(json);
    for (size_t i = 0; i < sign->field_count; i++)
        if (!machine_is_repeated(sign, i))
            machine_field(json, sign, i);
    json_object_end(json);
}

static bool machine_sign(struct machine *machine, const struct triage_sign *sign)
{
    struct json_writer json;
    const struct rule *rule = sign->rule;
    machine_begin(machine, &json);
    machine_key_string(&json, S("type"), S("sign"));
    json_key(&json, S("id"));
    machine_uuid(&json, sign->id);
    machine_key_string(&json, S("kind"), words_kind_name(sign->kind));
    machine_key_time(&json, S("time"), sign->time_ns);
    machine_key_string(&json, S("title"), sign->title);
    machine_key_string(&json, S("level"), words_level_name(sign->level));
    machine_key_string(&json, S("vector"), words_vector_name(sign->vector));
    machine_rule(&json, sign);
    machine_strings(&json, S("attack"), rule != NULL ? rule->attack : NULL,
        rule != NULL ? rule->attack_count : 0);
    json_key(&json, S("confidence"));
    json_null(&json);
    json_key(&json, S("incident"));
    if (sign->incident < machine->incident_count)
        machine_uuid(&json, machine->incidents[sign->incident].id);
    else
        json_null(&json);
    machine_records(&json, sign);
    machine_entities(&json, sign->entities, sign->entity_count);
    machine_fields(&json, sign);
    return machine_end(machine, &json);
}

/* In English, like all machine output. A rule gives points once, so that its rows of further
 * hosts have none. */
static slice machine_because(struct buf *buf, const struct triage_why *why)
{
    bool precursor = why->rule != NULL && why->rule->kind == RULE_PRECURSOR;
    buf_append(buf, why->rule == NULL ? S("alert") : precursor ? S("precursor") : S("rule"));
    buf_append(buf, S(" of level "));
    buf_append(buf, words_level_name(why->level));
    if (precursor)
        buf_append(buf, S(", which adds nothing"));
    else if (!(why->weight > 0) && why->level > RULE_INFORMATIONAL)
        buf_append(buf, S(", counted already"));
    return buf_slice(buf);
}

static void machine_why(struct json_writer *json, const struct triage_why *why)
{
    char text[80];
    struct buf because;
    buf_init_fixed(&because, text, sizeof(text));
    json_object_begin(json);
    machine_key_string(json, S("item"), why->title);
    machine_key_optional(json, S("host"), why->host);
    machine_key_u64(json, S("count"), why->count);
    json_key(json, S("weight"));
    json_fixed(json, why->weight, MACHINE_WEIGHT_DIGITS);
    machine_key_string(json, S("because"), machine_because(&because, why));
    json_object_end(json);
}

static void machine_vectors(struct json_writer *json, const struct triage_incident *incident)
{
    json_key(json, S("vectors"));
    json_array_begin(json);
    for (size_t i = 0; i < incident->vector_count; i++)
        json_string(json, words_vector_name(incident->vectors[i]));
    json_array_end(json);
}

static bool machine_is_strongest(const struct triage_incident *incident, uuid id)
{
    for (size_t i = 0; i < incident->strongest_count; i++)
        if (uuid_equal(incident->strongest[i], id))
            return true;
    return false;
}

static void machine_incident_signs(
    struct json_writer *json, const struct triage_incident *incident, const struct machine_ids *ids)
{
    json_key(json, S("signs"));
    json_array_begin(json);
    for (size_t i = 0; i < incident->strongest_count; i++)
        machine_uuid(json, incident->strongest[i]);
    for (size_t i = 0; i < ids->count; i++)
        machine_uuid(json, ids->ids[i]);
    json_array_end(json);
}

static bool machine_incident(struct machine *machine, size_t index)
{
    struct json_writer json;
    const struct triage_incident *incident = &machine->incidents[index];
    machine_begin(machine, &json);
    machine_key_string(&json, S("type"), S("incident"));
    json_key(&json, S("id"));
    machine_uuid(&json, incident->id);
    machine_key_time(&json, S("raised"), incident->raised_ns);
    machine_key_time(&json, S("first"), incident->first_ns);
    machine_key_time(&json, S("last"), incident->last_ns);
    machine_key_string(&json, S("title"), incident->title_en);
    json_key(&json, S("probability"));
    json_null(&json);
    machine_key_string(&json, S("priority"), words_level_name(incident->priority));
    machine_vectors(&json, incident);
    machine_strings(&json, S("attack"), incident->attack, incident->attack_count);
    machine_entities(&json, incident->entities, incident->entity_count);
    machine_incident_signs(&json, incident, &machine->ids[index]);
    machine_key_u64(&json, S("sign_count"), incident->sign_count);
    json_key(&json, S("why"));
    json_array_begin(&json);
    for (size_t i = 0; i < incident->why_count; i++)
        machine_why(&json, &incident->why[i]);
    json_array_end(&json);
    return machine_end(machine, &json);
}

/* --- lists --- */

static void machine_note_id(struct machine *machine, const struct triage_sign *sign)
{
    if (sign->incident >= machine->incident_count)
        return;
    const struct triage_incident *incident = &machine->incidents[sign->incident];
    struct machine_ids *ids = &machine->ids[sign->incident];
    if (ids->count + incident->strongest_count >= MACHINE_INCIDENT_SIGNS_MAX ||
        machine_is_strongest(incident, sign->id))
        return;
    if (ids->count == ids->capacity)
        ids->ids = arena_grow(&machine->arena, ids->ids, &ids->capacity, sizeof(*ids->ids));
    ids->ids[ids->count++] = sign->id;
}

static bool machine_sources(struct machine *machine)
{
    size_t count;
    const struct triage_source *sources = triage_sources(machine->result, &count);
    for (size_t i = 0; i < count; i++)
        if (!machine_source(machine, &sources[i]))
            return false;
    return true;
}

static enum result machine_signs(struct machine *machine, struct error *err)
{
    struct triage_signs *signs;
    struct triage_sign sign;
    enum result status = triage_signs_open(machine->result, &signs, err);
    if (status != RESULT_OK)
        return status;
    while ((status = triage_signs_next(signs, &sign, err)) == RESULT_OK) {
        machine_note_id(machine, &sign);
        if (!machine_sign(machine, &sign))
            break;
    }
    triage_signs_free(signs);
    return status == RESULT_END ? RESULT_OK : status;
}

static bool machine_incidents(struct machine *machine)
{
    for (size_t i = 0; i < machine->incident_count; i++)
        if (!machine_incident(machine, i))
            return false;
    return true;
}

static void machine_open(
    struct machine *machine, struct sink *sink, struct triage_result *result, slice separator)
{
    *machine = (struct machine){.sink = sink, .result = result, .separator = separator};
    machine->incidents = triage_incidents(result, &machine->incident_count);
    machine->ids = ARENA_ARRAY(&machine->arena, struct machine_ids, machine->incident_count);
}

enum result machine_ndjson(struct sink *sink, struct triage_result *result, struct error *err)
{
    struct machine machine;
    machine_open(&machine, sink, result, S("\n"));
    enum result status = RESULT_OK;
    if (machine_sources(&machine))
        status = machine_signs(&machine, err);
    if (status == RESULT_OK)
        (void)machine_incidents(&machine);
    if (machine.has_item)
        buf_append_byte(&sink->buf, '\n');
    arena_free(&machine.arena);
    return status;
}

/* --- the document --- */

/* Between two lists of the document. */
static void machine_list(struct machine *machine, slice name)
{
    buf_append(&machine->sink->buf, S(",\n\""));
    buf_append(&machine->sink->buf, name);
    buf_append(&machine->sink->buf, S("\":["));
    machine->has_item = false;
}

static void machine_list_end(struct machine *machine)
{
    buf_append_byte(&machine->sink->buf, ']');
    (void)sink_settle(machine->sink);
}

static void machine_counts(struct json_writer *json, const struct triage_counts *counts)
{
    json_key(json, S("counts"));
    json_object_begin(json);
    machine_key_u64(json, S("sources"), counts->sources);
    machine_key_u64(json, S("bytes"), counts->bytes);
    machine_key_u64(json, S("records"), counts->records);
    machine_key_u64(json, S("events"), counts->events);
    machine_key_u64(json, S("undecoded"), counts->undecoded);
    machine_key_u64(json, S("rules_loaded"), counts->rules_loaded);
    machine_key_u64(json, S("rules_refused"), counts->rules_refused);
    machine_key_u64(json, S("signs"), counts->signs);
    machine_key_u64(json, S("precursors"), counts->precursors);
    machine_key_u64(json, S("incidents"), counts->incidents);
    machine_key_u64(json, S("dropped_fields"), counts->dropped_fields);
    machine_key_u64(json, S("evicted_windows"), counts->evicted_windows);
    machine_key_u64(json, S("unlinked_entities"), counts->unlinked_entities);
    machine_key_time(json, S("first"), counts->first_ns);
    machine_key_time(json, S("last"), counts->last_ns);
    json_key(json, S("interrupted"));
    json_bool(json, counts->interrupted);
    json_object_end(json);
}

static void machine_coverage(struct machine *machine)
{
    size_t count;
    const struct triage_coverage *coverages = triage_coverages(machine->result, &count);
    machine_list(machine, S("coverage"));
    for (size_t i = 0; i < count; i++) {
        struct json_writer json;
        machine_begin(machine, &json);
        machine_key_optional(&json, S("host"), coverages[i].host);
        machine_key_string(&json, S("channel"), coverages[i].channel);
        machine_key_u64(&json, S("events"), coverages[i].events);
        machine_key_time(&json, S("first"), coverages[i].first_ns);
        machine_key_time(&json, S("last"), coverages[i].last_ns);
        (void)machine_end(machine, &json);
    }
    machine_list_end(machine);
}

static void machine_missing(struct machine *machine)
{
    size_t count;
    const struct triage_missing *missing = triage_missing_logs(machine->result, &count);
    machine_list(machine, S("missing"));
    for (size_t i = 0; i < count; i++) {
        struct json_writer json;
        machine_begin(machine, &json);
        machine_key_optional(&json, S("host"), missing[i].host);
        machine_key_string(&json, S("channel"), missing[i].channel);
        (void)machine_end(machine, &json);
    }
    machine_list_end(machine);
}

static void machine_refused(struct machine *machine)
{
    size_t count;
    const struct rule *rules = triage_rules(machine->result, &count);
    machine_list(machine, S("refused_rules"));
    for (size_t i = 0; i < count; i++) {
        struct json_writer json;
        if (!rules[i].refused)
            continue;
        machine_begin(machine, &json);
        machine_key_string(&json, S("id"), rules[i].id);
        machine_key_string(&json, S("title"), rules[i].title);
        machine_key_string(&json, S("file"), rules[i].file);
        machine_key_u64(&json, S("line"), rules[i].line);
        machine_key_string(&json, S("reason"), rules[i].reason_english);
        (void)machine_end(machine, &json);
    }
    machine_list_end(machine);
}

/* The front of the document, without its closing brace. */
static void machine_document_begin(struct machine *machine, const struct report_options *options)
{
    struct json_writer json;
    json_begin(&json, &machine->sink->buf);
    json_object_begin(&json);
    machine_key_string(&json, S("type"), S("triage"));
    machine_key_string(&json, S("version"), options->version);
    machine_counts(&json, triage_counts(machine->result));
}

enum result machine_json(struct sink *sink, struct triage_result *result,
    const struct report_options *options, struct error *err)
{
    struct machine machine;
    machine_open(&machine, sink, result, S(",\n"));
    machine_document_begin(&machine, options);
    machine_list(&machine, S("sources"));
    (void)machine_sources(&machine);
    machine_list_end(&machine);
    machine_list(&machine, S("signs"));
    enum result status = machine_signs(&machine, err);
    machine_list_end(&machine);
    machine_list(&machine, S("incidents"));
    (void)machine_incidents(&machine);
    machine_list_end(&machine);
    machine_coverage(&machine);
    machine_missing(&machine);
    machine_refused(&machine);
    buf_append(&sink->buf, S("}\n"));
    arena_free(&machine.arena);
    return status;
}
