/* See sheet.h. Every cell is made in a buffer first, so that none escapes the escaping. No byte
 * order mark: programs would take it for part of the first column's name, and spreadsheets ask for
 * the encoding. */
#include "report/sheet.h"

#include "base/civil.h"
#include "report/csv_cell.h"
#include "report/words.h"

#define SHEET_BETWEEN "; "

struct sheet_row {
    const struct triage_sign *sign;
    const struct triage_incident *incident; /* NULL for none */
};

/* Appends the cell's text; what it appends is sanitised, cut and escaped afterwards. */
typedef void (*sheet_cell)(struct buf *cell, const struct sheet_row *row);

struct sheet_column {
    slice name;
    sheet_cell cell;
};

static void sheet_id(struct buf *cell, const struct sheet_row *row)
{
    uuid_append(cell, row->sign->id);
}

static void sheet_time(struct buf *cell, const struct sheet_row *row)
{
    civil_append(cell, row->sign->time_ns);
}

static void sheet_last(struct buf *cell, const struct sheet_row *row)
{
    civil_append(cell, row->sign->last_ns);
}

static void sheet_count(struct buf *cell, const struct sheet_row *row)
{
    buf_append_u64(cell, row->sign->count);
}

static void sheet_kind(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, words_kind_name(row->sign->kind));
}

static void sheet_level(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, words_level_name(row->sign->level));
}

static void sheet_title(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, row->sign->title);
}

static void sheet_vector(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, words_vector_name(row->sign->vector));
}

static void sheet_attack(struct buf *cell, const struct sheet_row *row)
{
    const struct rule *rule = row->sign->rule;
    for (size_t i = 0; rule != NULL && i < rule->attack_count; i++) {
        if (i > 0)
            buf_append_byte(cell, ' ');
        buf_append(cell, rule->attack[i]);
    }
}

static void sheet_rule(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, row->sign->rule_id);
}

static void sheet_source(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, words_source_name(row->sign->source));
}

static void sheet_incident(struct buf *cell, const struct sheet_row *row)
{
    if (row->incident != NULL)
        uuid_append(cell, row->incident->id);
}

static void sheet_priority(struct buf *cell, const struct sheet_row *row)
{
    if (row->incident != NULL)
        buf_append(cell, words_level_name(row->incident->priority));
}

static void sheet_entities(struct buf *cell, const struct sheet_row *row, enum entity_type type)
{
    bool begun = false;
    for (size_t i = 0; i < row->sign->entity_count; i++) {
        if (row->sign->entities[i].type != type)
            continue;
        if (begun)
            buf_append(cell, S(SHEET_BETWEEN));
        begun = true;
        buf_append(cell, row->sign->entities[i].value);
    }
}

static void sheet_hosts(struct buf *cell, const struct sheet_row *row)
{
    sheet_entities(cell, row, ENTITY_HOST);
}

static void sheet_users(struct buf *cell, const struct sheet_row *row)
{
    sheet_entities(cell, row, ENTITY_USER);
}

static void sheet_addresses(struct buf *cell, const struct sheet_row *row)
{
    sheet_entities(cell, row, ENTITY_IP);
}

static void sheet_pair(struct buf *cell, bool begun, slice name, slice value)
{
    if (begun)
        buf_append(cell, S(SHEET_BETWEEN));
    buf_append(cell, name);
    buf_append_byte(cell, '=');
    buf_append(cell, value);
}

static void sheet_others(struct buf *cell, const struct sheet_row *row)
{
    bool begun = false;
    for (size_t i = 0; i < row->sign->entity_count; i++) {
        const struct entity *entity = &row->sign->entities[i];
        if (entity->type == ENTITY_HOST || entity->type == ENTITY_USER || entity->type == ENTITY_IP)
            continue;
        sheet_pair(cell, begun, entity_type_name(entity->type), entity->value);
        begun = true;
    }
}

static void sheet_path(struct buf *cell, const struct sheet_row *row)
{
    if (row->sign->record_count > 0)
        buf_append(cell, row->sign->records[0].path);
}

static void sheet_number(struct buf *cell, const struct sheet_row *row)
{
    if (row->sign->record_count > 0)
        buf_append_u64(cell, row->sign->records[0].number);
}

static void sheet_fields(struct buf *cell, const struct sheet_row *row)
{
    for (size_t i = 0; i < row->sign->field_count; i++)
        sheet_pair(cell, i > 0, row->sign->fields[i].name, row->sign->fields[i].value);
}

static void sheet_time_assumed(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, row->sign->time_assumed ? S("true") : S("false"));
}

static void sheet_recovered(struct buf *cell, const struct sheet_row *row)
{
    buf_append(cell, row->sign->recovered ? S("true") : S("false"));
}

static const struct sheet_column sheet_columns[] = {
    {S_INIT("id"), sheet_id},
    {S_INIT("time"), sheet_time},
    {S_INIT("last"), sheet_last},
    {S_INIT("count"), sheet_count},
    {S_INIT("kind"), sheet_kind},
    {S_INIT("level"), sheet_level},
    {S_INIT("title"), sheet_title},
    {S_INIT("vector"), sheet_vector},
    {S_INIT("attack"), sheet_attack},
    {S_INIT("rule"), sheet_rule},
    {S_INIT("rule_source"), sheet_source},
    {S_INIT("incident"), sheet_incident},
    {S_INIT("priority"), sheet_priority},
    {S_INIT("hosts"), sheet_hosts},
    {S_INIT("users"), sheet_users},
    {S_INIT("addresses"), sheet_addresses},
    {S_INIT("other_entities"), sheet_others},
    {S_INIT("path"), sheet_path},
    {S_INIT("number"), sheet_number},
    {S_INIT("fields"), sheet_fields},
    {S_INIT("time_assumed"), sheet_time_assumed},
    {S_INIT("recovered"), sheet_recovered},
};

#define SHEET_COLUMNS (sizeof(sheet_columns) / sizeof(sheet_columns[0]))

static void sheet_put(struct sink *sink, size_t column, slice text, struct buf *clean)
{
    csv_cell_append(&sink->buf, column == 0, text, clean);
    if (column + 1 == SHEET_COLUMNS)
        csv_row_end(&sink->buf);
}

static enum result sheet_rows(
    struct sink *sink, struct triage_result *result, struct buf scratch[2], struct error *err)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(result, &count);
    struct triage_signs *signs;
    struct triage_sign sign;
    enum result status = triage_signs_open(result, &signs, err);
    if (status != RESULT_OK)
        return status;
    while ((status = triage_signs_next(signs, &sign, err)) == RESULT_OK) {
        struct sheet_row row = {
            .sign = &sign, .incident = sign.incident < count ? &incidents[sign.incident] : NULL};
        for (size_t i = 0; i < SHEET_COLUMNS; i++) {
            buf_clear(&scratch[0]);
            sheet_columns[i].cell(&scratch[0], &row);
            sheet_put(sink, i, buf_slice(&scratch[0]), &scratch[1]);
        }
        if (!sink_settle(sink))
            break;
    }
    triage_signs_free(signs);
    return status == RESULT_END ? RESULT_OK : status;
}

enum result sheet_write(struct sink *sink, struct triage_result *result, struct error *err)
{
    struct buf scratch[2];
    /* What does not fit is past the cut in any case. */
    buf_init(&scratch[0], 2 * CSV_CELL_MAX);
    buf_init(&scratch[1], 2 * CSV_CELL_MAX);
    for (size_t i = 0; i < SHEET_COLUMNS; i++)
        sheet_put(sink, i, sheet_columns[i].name, &scratch[1]);
    enum result status = sheet_rows(sink, result, scratch, err);
    buf_free(&scratch[0]);
    buf_free(&scratch[1]);
    return status;
}
