/* See pivots.h. Each (value, rule, sign) is one pair of the first sorter; sorted, the signs of a
 * value stand together and those of a rule within them, so that counting takes no memory. */
#include "triage/pivots.h"

#include <string.h>

#include "base/base.h"
#include "base/civil.h"
#include "triage/sign.h"
#include "wire/reader.h"

#define PIVOTS_VALUE_MAX SIGN_FIELD_VALUE_MAX
#define PIVOTS_ROW_MAX   ((size_t)16 << 10)

struct pivots {
    struct sorter *spread;
    struct sorter *ranked;
    struct buf key, payload;
    uint64_t position; /* of the sign */
};

static enum pivots_type pivots_type_of(enum entity_type type)
{
    static const enum pivots_type types[ENTITY_COUNT] = {
        [ENTITY_HOST] = PIVOTS_HOST,
        [ENTITY_USER] = PIVOTS_USER,
        [ENTITY_IP] = PIVOTS_IP,
        [ENTITY_DOMAIN] = PIVOTS_DOMAIN,
        [ENTITY_URL] = PIVOTS_URL,
        [ENTITY_HASH] = PIVOTS_HASH,
        [ENTITY_PROCESS] = PIVOTS_PROCESS,
        [ENTITY_FILE] = PIVOTS_FILE,
        [ENTITY_EMAIL] = PIVOTS_EMAIL,
    };
    return types[type];
}

/* --- spreading --- */

static enum result pivots_spread_value(struct pivots *pivots, const struct triage_sign *sign,
    enum pivots_type type, slice value, struct error *err)
{
    value = slice_first(value, PIVOTS_VALUE_MAX);
    if (value.len == 0)
        return RESULT_OK;
    buf_clear(&pivots->key);
    writer_u8(&pivots->key, (uint8_t)type);
    writer_slice(&pivots->key, value);
    writer_slice(&pivots->key, slice_first(sign->rule_id, SIGN_TITLE_MAX));
    writer_be64(&pivots->key, pivots->position);
    buf_clear(&pivots->payload);
    writer_u8(&pivots->payload, (uint8_t)sign->level);
    writer_u64(&pivots->payload, (uint64_t)sign->time_ns);
    writer_u64(&pivots->payload, (uint64_t)sign->last_ns);
    writer_u32(&pivots->payload, sign->incident);
    writer_slice(&pivots->payload, slice_first(sign->title, SIGN_TITLE_MAX));
    return sorter_add(pivots->spread, buf_slice(&pivots->key), buf_slice(&pivots->payload), err);
}

static enum result pivots_spread_sign(
    struct pivots *pivots, const struct triage_sign *sign, struct error *err)
{
    enum result result =
        pivots_spread_value(pivots, sign, PIVOTS_COMMAND, slice_trim(sign->command_line), err);
    for (size_t i = 0; i < sign->entity_count && result == RESULT_OK; i++)
        result = pivots_spread_value(
            pivots, sign, pivots_type_of(sign->entities[i].type), sign->entities[i].value, err);
    pivots->position++;
    return result;
}

static enum result pivots_spread(
    struct pivots *pivots, struct triage_result *result, struct error *err)
{
    struct triage_signs *signs;
    struct triage_sign sign;
    enum result done = triage_signs_open(result, &signs, err);
    if (done != RESULT_OK)
        return done;
    while ((done = triage_signs_next(signs, &sign, err)) == RESULT_OK) {
        done = pivots_spread_sign(pivots, &sign, err);
        if (done != RESULT_OK)
            break;
    }
    triage_signs_free(signs);
    return done == RESULT_END ? RESULT_OK : done;
}

/* --- counting --- */

struct pivots_counting {
    struct pivots_row row;
    struct arena arena; /* its texts */
    struct buf rule;    /* the rule of the sign before */
    bool begun;
};

static void pivots_write_row(struct buf *key, struct buf *payload, const struct pivots_row *row)
{
    writer_u8(key, (uint8_t)row->type);
    writer_u8(key, (uint8_t)(UINT8_MAX - row->level));
    writer_be64(key, UINT64_MAX - row->rules);
    writer_be64(key, UINT64_MAX - row->signs);
    writer_be64(key, (uint64_t)row->first_ns ^ (UINT64_C(1) << 63));
    writer_slice(key, row->value);
    writer_u8(payload, (uint8_t)row->type);
    writer_slice(payload, row->value);
    writer_u8(payload, (uint8_t)row->level);
    writer_slice(payload, row->rule);
    writer_u64(payload, row->rules);
    writer_u64(payload, row->signs);
    writer_u64(payload, (uint64_t)row->first_ns);
    writer_u64(payload, (uint64_t)row->last_ns);
    writer_u8(payload, row->more_incidents ? 1 : 0);
    writer_u8(payload, (uint8_t)row->incident_count);
    for (size_t i = 0; i < row->incident_count; i++)
        writer_u32(payload, row->incidents[i]);
}

static enum result pivots_end_row(
    struct pivots *pivots, struct pivots_counting *counting, struct error *err)
{
    if (!counting->begun)
        return RESULT_OK;
    buf_clear(&pivots->key);
    buf_clear(&pivots->payload);
    pivots_write_row(&pivots->key, &pivots->payload, &counting->row);
    return sorter_add(pivots->ranked, buf_slice(&pivots->key), buf_slice(&pivots->payload), err);
}

static void pivots_begin_row(struct pivots_counting *counting, enum pivots_type type, slice value)
{
    arena_reset(&counting->arena);
    buf_clear(&counting->rule);
    counting->begun = true;
    counting->row = (struct pivots_row){.type = type,
        .value = arena_copy(&counting->arena, value),
        .first_ns = CIVIL_TIME_NONE,
        .last_ns = CIVIL_TIME_NONE};
}

static void pivots_add_incident(struct pivots_row *row, uint32_t incident)
{
    size_t at = 0;
    while (at < row->incident_count && row->incidents[at] < incident)
        at++;
    if (incident == TRIAGE_NO_INCIDENT ||
        (at < row->incident_count && row->incidents[at] == incident))
        return;
    /* The least numbers are the strongest incidents: they stay. */
    size_t moved = row->incident_count - at;
    if (row->incident_count == PIVOTS_INCIDENTS_MAX) {
        row->more_incidents = true;
        if (moved == 0)
            return;
        moved--;
    } else {
        row->incident_count++;
    }
    memmove(&row->incidents[at + 1], &row->incidents[at], moved * sizeof(row->incidents[0]));
    row->incidents[at] = incident;
}

static void pivots_count_sign(struct pivots_counting *counting, slice rule, slice payload)
{
    struct reader reader = reader_over(payload);
    struct pivots_row *row = &counting->row;
    enum rule_level level = (enum rule_level)reader_u8(&reader);
    int64_t first_ns = (int64_t)reader_u64(&reader);
    int64_t last_ns = (int64_t)reader_u64(&reader);
    uint32_t incident = reader_u32(&reader);
    slice title = reader_slice(&reader);
    if (row->signs == 0 || level > row->level) {
        row->level = level;
        row->rule = arena_copy(&counting->arena, title);
    }
    if (row->signs == 0 || !slice_equal(rule, buf_slice(&counting->rule)))
        row->rules++;
    row->signs++;
    buf_clear(&counting->rule);
    buf_append(&counting->rule, rule);
    if (first_ns != CIVIL_TIME_NONE &&
        (row->first_ns == CIVIL_TIME_NONE || first_ns < row->first_ns))
        row->first_ns = first_ns;
    if (last_ns > row->last_ns)
        row->last_ns = last_ns;
    pivots_add_incident(row, incident);
}

static enum result pivots_count(
    struct pivots *pivots, struct sorter_reader *reader, struct error *err)
{
    struct pivots_counting counting = {.begun = false};
    slice key, payload;
    enum result result;
    buf_init(&counting.rule, SIGN_TITLE_MAX);
    while ((result = sorter_next(reader, &key, &payload, err)) == RESULT_OK) {
        struct reader fields = reader_over(key);
        enum pivots_type type = (enum pivots_type)reader_u8(&fields);
        slice value = reader_slice(&fields);
        slice rule = reader_slice(&fields);
        if (!counting.begun || counting.row.type != type ||
            !slice_equal(counting.row.value, value)) {
            result = pivots_end_row(pivots, &counting, err);
            if (result != RESULT_OK)
                break;
            pivots_begin_row(&counting, type, value);
        }
        pivots_count_sign(&counting, rule, payload);
    }
    if (result == RESULT_END)
        result = pivots_end_row(pivots, &counting, err);
    arena_free(&counting.arena);
    buf_free(&counting.rule);
    return result;
}

enum result pivots_rank(
    struct triage_result *result, struct sorter *spread, struct sorter *ranked, struct error *err)
{
    struct pivots pivots = {.spread = spread, .ranked = ranked};
    struct sorter_reader *reader = NULL;
    buf_init(&pivots.key, PIVOTS_ROW_MAX);
    buf_init(&pivots.payload, PIVOTS_ROW_MAX);
    enum result done = pivots_spread(&pivots, result, err);
    if (done == RESULT_OK)
        done = sorter_read(spread, &reader, err);
    if (done == RESULT_OK)
        done = pivots_count(&pivots, reader, err);
    sorter_reader_free(reader);
    buf_free(&pivots.key);
    buf_free(&pivots.payload);
    return done;
}

enum result pivots_next(struct sorter_reader *ranked, struct pivots_row *row, struct error *err)
{
    slice key, payload;
    enum result result = sorter_next(ranked, &key, &payload, err);
    if (result != RESULT_OK)
        return result;
    struct reader reader = reader_over(payload);
    *row = (struct pivots_row){.type = (enum pivots_type)reader_u8(&reader)};
    row->value = reader_slice(&reader);
    row->level = (enum rule_level)reader_u8(&reader);
    row->rule = reader_slice(&reader);
    row->rules = reader_u64(&reader);
    row->signs = reader_u64(&reader);
    row->first_ns = (int64_t)reader_u64(&reader);
    row->last_ns = (int64_t)reader_u64(&reader);
    row->more_incidents = reader_u8(&reader) == 1;
    row->incident_count = reader_u8(&reader);
    /* We wrote it ourselves. */
    ASSERT(row->incident_count <= PIVOTS_INCIDENTS_MAX && row->type < PIVOTS_TYPE_COUNT);
    for (size_t i = 0; i < row->incident_count; i++)
        row->incidents[i] = reader_u32(&reader);
    ASSERT(!reader.failed);
    return RESULT_OK;
}
