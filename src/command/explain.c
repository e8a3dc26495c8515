/* See explain.h. Two passes over the signs at most; nothing is kept. */
#include "command/explain.h"

#include <errno.h>
#include <unistd.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/escape.h"

/* One sign's text is written at once. */
#define EXPLAIN_TEXT_MAX ((size_t)4 << 20)

static void explain_line(struct buf *out, enum text label, slice value)
{
    if (value.len == 0)
        return;
    buf_append(out, S("  "));
    buf_append(out, text_get(label));
    buf_append(out, S(": "));
    escape_terminal(out, value);
    buf_append_byte(out, '\n');
}

static void explain_raw(struct buf *out, slice raw)
{
    slice line;
    if (raw.len == 0)
        return;
    buf_append(out, S("  "));
    buf_append(out, text_get(TEXT_EXPLAIN_RAW));
    buf_append(out, S(":\n"));
    while (slice_next(&raw, '\n', &line)) {
        buf_append(out, S("    "));
        escape_terminal(out, line);
        buf_append_byte(out, '\n');
    }
}

static void explain_records(struct buf *out, const struct triage_sign *sign)
{
    for (size_t i = 0; i < sign->record_count; i++) {
        buf_append(out, S("  "));
        buf_append(out, text_get(TEXT_EXPLAIN_RECORD));
        buf_append(out, S(": "));
        escape_terminal(out, sign->records[i].path);
        buf_append_byte(out, ':');
        buf_append_u64(out, sign->records[i].number);
        buf_append_byte(out, '\n');
    }
    if (sign->count > sign->record_count) {
        buf_append(out, S("  "));
        text_append(out, TEXT_EXPLAIN_MORE, ARG(sign->count - sign->record_count));
        buf_append_byte(out, '\n');
    }
}

static void explain_sign(struct buf *out, const struct triage_sign *sign)
{
    char memory[64];
    struct buf time;
    buf_init_fixed(&time, memory, sizeof(memory));
    civil_append(&time, sign->time_ns);
    bool japanese =
        text_lang() == TEXT_LANG_JA && sign->rule != NULL && sign->rule->title_ja.len > 0;
    escape_terminal(out, japanese ? sign->rule->title_ja : sign->title);
    buf_append_byte(out, '\n');
    explain_line(out, TEXT_EXPLAIN_TIME, buf_slice(&time));
    explain_line(out, TEXT_EXPLAIN_RULE, sign->rule_id);
    if (sign->rule != NULL) {
        explain_line(out, TEXT_EXPLAIN_FILE, sign->rule->file);
        explain_line(out, TEXT_EXPLAIN_DESCRIPTION, sign->rule->description);
        for (size_t i = 0; i < sign->rule->false_positive_count; i++)
            explain_line(out, TEXT_EXPLAIN_FALSE_POSITIVE, sign->rule->false_positives[i]);
    }
    for (size_t i = 0; i < sign->entity_count; i++) {
        buf_append(out, S("  "));
        buf_append(out, entity_type_name(sign->entities[i].type));
        buf_append(out, S(": "));
        escape_terminal(out, sign->entities[i].value);
        buf_append_byte(out, '\n');
    }
    for (size_t i = 0; i < sign->field_count; i++) {
        buf_append(out, S("  "));
        escape_terminal(out, sign->fields[i].name);
        buf_append(out, S(" = "));
        escape_terminal(out, sign->fields[i].value);
        buf_append_byte(out, '\n');
    }
    explain_records(out, sign);
    explain_raw(out, sign->raw);
    buf_append_byte(out, '\n');
}

static enum result explain_put(
    struct buf *out, const struct report_options *options, struct error *err)
{
    slice rest = buf_slice(out);
    while (rest.len > 0) {
        ssize_t written = write(options->fd, rest.at, rest.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_set_system(err, errno, TEXT_FILE_CREATE, ARG(options->name));
        rest = slice_from(rest, (size_t)written);
    }
    buf_clear(out);
    return RESULT_OK;
}

static const struct triage_incident *explain_incident(
    const struct triage_result *result, uuid id, uint32_t *number)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(result, &count);
    for (size_t i = 0; i < count; i++) {
        if (uuid_equal(incidents[i].id, id)) {
            *number = (uint32_t)i;
            return &incidents[i];
        }
    }
    return NULL;
}

static void explain_incident_head(struct buf *out, const struct triage_incident *incident)
{
    escape_terminal(out, incident->title);
    buf_append(out, S("\n\n"));
    for (size_t i = 0; i < incident->why_count; i++) {
        const struct triage_why *why = &incident->why[i];
        bool japanese =
            text_lang() == TEXT_LANG_JA && why->rule != NULL && why->rule->title_ja.len > 0;
        buf_append(out, S("  "));
        buf_append_i64(out, (int64_t)why->weight);
        buf_append(out, S("  "));
        escape_terminal(out, japanese ? why->rule->title_ja : why->title);
        buf_append(out, S("  "));
        escape_terminal(out, why->host);
        buf_append(out, S("  ×"));
        buf_append_u64(out, why->count);
        buf_append_byte(out, '\n');
    }
    buf_append_byte(out, '\n');
}

static bool explain_wanted(
    const struct triage_sign *sign, uuid id, const struct triage_incident *incident)
{
    if (incident == NULL)
        return uuid_equal(sign->id, id);
    for (size_t i = 0; i < incident->strongest_count; i++)
        if (uuid_equal(sign->id, incident->strongest[i]))
            return true;
    return false;
}

static enum result explain_signs(struct triage_result *result, uuid id,
    const struct triage_incident *incident, struct buf *out, const struct report_options *options,
    size_t *shown, struct error *err)
{
    struct triage_signs *signs;
    struct triage_sign sign;
    enum result done = triage_signs_open(result, &signs, err);
    if (done != RESULT_OK)
        return done;
    for (;;) {
        done = triage_signs_next(signs, &sign, err);
        if (done != RESULT_OK)
            break;
        if (!explain_wanted(&sign, id, incident))
            continue;
        explain_sign(out, &sign);
        ++*shown;
        done = explain_put(out, options, err);
        if (done != RESULT_OK)
            break;
    }
    triage_signs_free(signs);
    return done == RESULT_END ? RESULT_OK : done;
}

enum result explain_write(
    struct triage_result *result, uuid id, const struct report_options *options, struct error *err)
{
    struct buf out;
    uint32_t number;
    size_t shown = 0;
    const struct triage_incident *incident = explain_incident(result, id, &number);
    buf_init(&out, EXPLAIN_TEXT_MAX);
    if (incident != NULL)
        explain_incident_head(&out, incident);
    enum result done = explain_signs(result, id, incident, &out, options, &shown, err);
    if (done == RESULT_OK && shown == 0) {
        char memory[64];
        struct buf text;
        buf_init_fixed(&text, memory, sizeof(memory));
        uuid_append(&text, id);
        done = error_set(err, RESULT_USAGE, TEXT_EXPLAIN_NONE, ARG(buf_slice(&text)));
    }
    buf_free(&out);
    return done;
}
