/* See digest.h. One pass, since signs may lie in a temporary file: what is kept is copied.
 * Rejected: sorting all signs by incident, which no report needs. */
#include "report/digest.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/map.h"

struct digest_pass {
    struct digest *digest;
    const struct digest_limits *limits;
    struct map strongest; /* sign id → rank, of the incidents whose signs are kept */
    struct map seen;      /* incident and rule → seen before */
    struct map rules;     /* rule → index into `sums` */
    struct digest_rule *sums;
    size_t sum_count;
    size_t sum_capacity;
};

slice digest_entity(const struct entity *entities, size_t count, enum entity_type type)
{
    for (size_t i = 0; i < count; i++)
        if (entities[i].type == type)
            return entities[i].value;
    return (slice){NULL, 0};
}

/* --- copies --- */

static const struct triage_record *digest_copy_records(
    struct arena *arena, const struct triage_sign *sign)
{
    struct triage_record *copy = ARENA_ARRAY(arena, struct triage_record, sign->record_count);
    for (size_t i = 0; i < sign->record_count; i++)
        copy[i] = (struct triage_record){
            .path = arena_copy(arena, sign->records[i].path), .number = sign->records[i].number};
    return copy;
}

static const struct entity *digest_copy_entities(
    struct arena *arena, const struct triage_sign *sign)
{
    struct entity *copy = ARENA_ARRAY(arena, struct entity, sign->entity_count);
    for (size_t i = 0; i < sign->entity_count; i++)
        copy[i] = (struct entity){
            .type = sign->entities[i].type, .value = arena_copy(arena, sign->entities[i].value)};
    return copy;
}

static const struct triage_field *digest_copy_fields(
    struct arena *arena, const struct triage_sign *sign)
{
    struct triage_field *copy = ARENA_ARRAY(arena, struct triage_field, sign->field_count);
    for (size_t i = 0; i < sign->field_count; i++)
        copy[i] = (struct triage_field){.name = arena_copy(arena, sign->fields[i].name),
            .value = arena_copy(arena, sign->fields[i].value)};
    return copy;
}

static struct triage_sign digest_copy(
    struct arena *arena, const struct triage_sign *sign, size_t raw_max)
{
    struct triage_sign copy = *sign;
    copy.rule_id = arena_copy(arena, sign->rule_id);
    copy.title = arena_copy(arena, sign->title);
    copy.records = digest_copy_records(arena, sign);
    copy.entities = digest_copy_entities(arena, sign);
    copy.fields = digest_copy_fields(arena, sign);
    copy.raw = arena_copy(arena, slice_first(sign->raw, raw_max));
    return copy;
}

/* --- signs of incidents --- */

static slice digest_uuid(const uuid *id)
{
    return slice_make(id->bytes, sizeof(id->bytes));
}

static void digest_note_strongest(struct digest_pass *pass, struct triage_result *result)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(result, &count);
    struct digest *digest = pass->digest;
    digest->incident_count = size_min(count, pass->limits->incidents);
    digest->incidents = ARENA_ARRAY(&digest->arena, struct digest_incident, digest->incident_count);
    for (size_t i = 0; i < digest->incident_count; i++) {
        size_t kept = size_min(incidents[i].strongest_count, pass->limits->signs);
        for (size_t rank = 0; rank < kept; rank++)
            *map_put(&pass->strongest, digest_uuid(&incidents[i].strongest[rank]), NULL) = rank;
        digest->incidents[i].whole =
            pass->limits->every_rule && incidents[i].sign_count <= pass->limits->signs;
    }
}

/* Whether it is the first sign of its rule in its incident. */
static bool digest_is_first(struct digest_pass *pass, const struct triage_sign *sign)
{
    struct buf key;
    bool inserted = false;
    buf_init(&key, sign->rule_id.len + sizeof(sign->incident));
    buf_append(&key, slice_make(&sign->incident, sizeof(sign->incident)));
    buf_append(&key, sign->rule_id);
    (void)map_put(&pass->seen, buf_slice(&key), &inserted);
    buf_free(&key);
    return inserted;
}

static void digest_keep(struct digest_pass *pass, const struct triage_sign *sign)
{
    struct digest *digest = pass->digest;
    if (sign->incident >= digest->incident_count)
        return;
    struct digest_incident *incident = &digest->incidents[sign->incident];
    const uint64_t *rank = map_find(&pass->strongest, digest_uuid(&sign->id));
    bool room = pass->limits->every_rule &&
                incident->other_count + TRIAGE_STRONGEST_MAX < pass->limits->signs;
    /* Asked of strong signs as well, whose rules then count as shown. */
    bool other = incident->whole || (room && digest_is_first(pass, sign));
    if (rank == NULL && !other)
        return;
    if (rank == NULL)
        incident->other_count++;
    if (incident->count == incident->capacity)
        incident->signs = arena_grow(
            &digest->arena, incident->signs, &incident->capacity, sizeof(*incident->signs));
    incident->signs[incident->count++] = (struct digest_sign){
        .sign = digest_copy(&digest->arena, sign, pass->limits->raw_max),
        .rank = rank == NULL ? DIGEST_NO_RANK : (size_t)*rank,
    };
}

/* --- signs outside incidents --- */

static struct digest_rule *digest_sum(struct digest_pass *pass, const struct triage_sign *sign)
{
    bool inserted = false;
    const uint64_t *known = map_find(&pass->rules, sign->rule_id);
    if (known != NULL)
        return &pass->sums[*known];
    if (pass->sum_count == DIGEST_RULES_MAX)
        return NULL;
    *map_put(&pass->rules, sign->rule_id, &inserted) = pass->sum_count;
    if (pass->sum_count == pass->sum_capacity)
        pass->sums =
            arena_grow(&pass->digest->arena, pass->sums, &pass->sum_capacity, sizeof(*pass->sums));
    struct arena *arena = &pass->digest->arena;
    struct digest_rule *sum = &pass->sums[pass->sum_count++];
    *sum = (struct digest_rule){
        .rule = sign->rule,
        .id = arena_copy(arena, sign->rule_id),
        .title = arena_copy(arena, sign->title),
        .level = sign->level,
        .kind = sign->kind,
        .first_ns = sign->time_ns,
        .last_ns = sign->last_ns,
        .sign = sign->id,
    };
    if (sign->record_count > 0)
        sum->record = (struct triage_record){
            .path = arena_copy(arena, sign->records[0].path), .number = sign->records[0].number};
    return sum;
}

static void digest_add_host(struct arena *arena, struct digest_rule *sum, slice host)
{
    if (host.len == 0)
        return;
    for (size_t i = 0; i < sum->host_count; i++)
        if (slice_equal(sum->hosts[i], host))
            return;
    if (sum->host_count < DIGEST_HOSTS_MAX)
        sum->hosts[sum->host_count++] = arena_copy(arena, host);
    else
        sum->more_hosts = true;
}

static void digest_add(struct digest_pass *pass, const struct triage_sign *sign)
{
    struct digest *digest = pass->digest;
    *(sign->kind == RULE_PRECURSOR ? &digest->precursor_signs : &digest->other_signs) += 1;
    struct digest_rule *sum = digest_sum(pass, sign);
    if (sum == NULL) {
        digest->uncounted++;
        return;
    }
    sum->count++;
    /* Signs come in order of time, those without one first. */
    if (sum->first_ns == CIVIL_TIME_NONE)
        sum->first_ns = sign->time_ns;
    if (sign->last_ns > sum->last_ns)
        sum->last_ns = sign->last_ns;
    if (sign->level > sum->level)
        sum->level = sign->level;
    digest_add_host(
        &digest->arena, sum, digest_entity(sign->entities, sign->entity_count, ENTITY_HOST));
}

static int digest_compare(const void *left, const void *right)
{
    const struct digest_rule *a = left;
    const struct digest_rule *b = right;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    int order = slice_compare(a->title, b->title);
    return order != 0 ? order : slice_compare(a->id, b->id);
}

static void digest_part(struct digest_pass *pass)
{
    struct digest *digest = pass->digest;
    if (pass->sum_count > 0)
        qsort(pass->sums, pass->sum_count, sizeof(*pass->sums), digest_compare);
    digest->precursors = ARENA_ARRAY(&digest->arena, struct digest_rule, pass->sum_count);
    digest->others = ARENA_ARRAY(&digest->arena, struct digest_rule, pass->sum_count);
    for (size_t i = 0; i < pass->sum_count; i++) {
        if (pass->sums[i].kind == RULE_PRECURSOR)
            digest->precursors[digest->precursor_count++] = pass->sums[i];
        else
            digest->others[digest->other_count++] = pass->sums[i];
    }
}

static enum result digest_read(
    struct digest_pass *pass, struct triage_result *result, struct error *err)
{
    struct triage_signs *signs;
    struct triage_sign sign;
    enum result status = triage_signs_open(result, &signs, err);
    if (status != RESULT_OK)
        return status;
    while ((status = triage_signs_next(signs, &sign, err)) == RESULT_OK) {
        if (sign.incident == TRIAGE_NO_INCIDENT)
            digest_add(pass, &sign);
        else
            digest_keep(pass, &sign);
    }
    triage_signs_free(signs);
    return status == RESULT_END ? RESULT_OK : status;
}

enum result digest_make(struct digest *digest, struct triage_result *result,
    const struct digest_limits *limits, struct error *err)
{
    struct digest made = {0};
    struct digest_pass pass = {.digest = &made, .limits = limits};
    digest_note_strongest(&pass, result);
    enum result status = digest_read(&pass, result, err);
    if (status == RESULT_OK) {
        digest_part(&pass);
        *digest = made;
    } else {
        digest_free(&made);
    }
    map_free(&pass.strongest);
    map_free(&pass.seen);
    map_free(&pass.rules);
    return status;
}

void digest_free(struct digest *digest)
{
    arena_free(&digest->arena);
    *digest = (struct digest){0};
}
