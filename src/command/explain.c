/* See explain.h. Two passes over the signs at most; nothing is kept. */
#include "command/explain.h"

#include <errno.h>
#include <unistd.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/escape.h"
#include "base/sorter.h"
#include "command/running.h"
#include "triage/explained.h"

/* It stands behind those of every run; see running.h. */
enum { EXPLAIN_OPTION_RECORD = RUNNING_OPTION_COUNT };

const struct command_option explain_command_options[] = {
    RUNNING_EVIDENCE_OPTIONS(RUNNING_OPTION_ROW)
        RUNNING_RULE_OPTIONS(RUNNING_OPTION_ROW){S_INIT("record"), COMMAND_NUMBER, false,
            S_INIT("N"), 0, INT64_MAX, TEXT_HELP_EXPLAIN_RECORD},
    {.name = {NULL, 0}},
};

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

/* --- why a rule matches --- */

static void explain_step_words(struct buf *out, const struct detect_step *step)
{
    static const enum text texts[] = {
        [DETECT_STEP_LOG_SOURCE] = TEXT_EXPLAIN_LOG_SOURCE,
        [DETECT_STEP_AND] = TEXT_EXPLAIN_AND,
        [DETECT_STEP_OR] = TEXT_EXPLAIN_OR,
        [DETECT_STEP_NOT] = TEXT_EXPLAIN_NOT,
        [DETECT_STEP_COUNT] = TEXT_EXPLAIN_COUNT,
        [DETECT_STEP_ITEM] = TEXT_EXPLAIN_ANY_FIELD,
        [DETECT_STEP_NEVER] = TEXT_EXPLAIN_NEVER,
    };
    if (step->kind == DETECT_STEP_ITEM && step->asked.len > 0)
        escape_terminal(out, step->asked);
    else
        text_append(out, texts[step->kind], ARG(step->least));
}

static void explain_item(struct buf *out, const struct detect_step *step)
{
    buf_append(out, S(": "));
    escape_terminal(out, step->wanted);
    if (step->asked.len == 0)
        return;
    buf_append(out, S("  <- "));
    if (slice_is_absent(step->field)) {
        buf_append(out, text_get(TEXT_EXPLAIN_ABSENT));
        return;
    }
    escape_terminal(out, step->field);
    buf_append(out, S(" = "));
    escape_terminal(out, step->value);
}

static void explain_step(struct buf *out, const struct detect_step *step)
{
    buf_append(out, S("    "));
    for (unsigned i = 0; i < step->depth; i++)
        buf_append(out, S("  "));
    buf_append(out, step->holds ? S("[x] ") : S("[ ] "));
    if (step->selection.len > 0) {
        escape_terminal(out, step->selection);
        buf_append(out, S(": "));
    }
    explain_step_words(out, step);
    if (step->kind == DETECT_STEP_ITEM)
        explain_item(out, step);
    buf_append_byte(out, '\n');
}

/* The first step is the log source, the second the whole condition. */
static void explain_steps(struct buf *out, slice explained)
{
    struct reader reader = reader_over(explained);
    struct reader ahead = reader;
    struct detect_step step;
    bool holds = explained_next(&ahead, &step) && step.holds;
    if (explained.len == 0)
        return;
    holds = explained_next(&ahead, &step) && step.holds && holds;
    buf_append(out, S("  "));
    buf_append(out, text_get(holds ? TEXT_EXPLAIN_MATCHES : TEXT_EXPLAIN_NO_MATCH));
    buf_append(out, S(":\n"));
    while (explained_next(&reader, &step))
        explain_step(out, &step);
}

/* --- signs and incidents --- */

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
    explain_steps(out, sign->explained);
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

static enum result explain_write(
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

/* --- a rule and a record --- */

/* The plain rule of that id. */
static bool explain_rule_find(const struct rule_set *set, slice id, uint32_t *index)
{
    size_t count;
    const struct rule *rules = rule_set_rules(set, &count);
    for (size_t i = 0; i < count; i++) {
        if (rules[i].refused || rules[i].correlation || rules[i].filter ||
            !slice_equal_nocase(rules[i].id, id))
            continue;
        *index = (uint32_t)i;
        return true;
    }
    return false;
}

static void explain_row(struct buf *out, struct triage_result *result, const struct rule *rule,
    uint64_t number, slice key, slice payload)
{
    struct reader place = reader_over(key);
    struct reader reader = reader_over(payload);
    uint32_t file = reader_be32(&place);
    const struct triage_source *source = triage_source_at(result, file, reader_be32(&place));
    slice raw = reader_slice(&reader);
    escape_terminal(out, rule->title);
    buf_append_byte(out, '\n');
    explain_line(out, TEXT_EXPLAIN_FILE, rule->file);
    buf_append(out, S("  "));
    buf_append(out, text_get(TEXT_EXPLAIN_RECORD));
    buf_append(out, S(": "));
    escape_terminal(out, source == NULL ? S("") : source->path);
    buf_append_byte(out, ':');
    buf_append_u64(out, number);
    buf_append_byte(out, '\n');
    explain_steps(out, slice_from(payload, payload.len - reader_left(&reader)));
    explain_raw(out, raw);
    buf_append_byte(out, '\n');
}

static enum result explain_rows(const struct triage_options *asked, struct triage_result *result,
    const struct report_options *options, struct error *err)
{
    size_t count;
    struct sorter_reader *reader;
    struct buf out;
    slice key, payload;
    bool any = false;
    const struct rule *rules = triage_rules(result, &count);
    enum result done = sorter_read(triage_rows(result), &reader, err);
    if (done != RESULT_OK)
        return done;
    buf_init(&out, EXPLAIN_TEXT_MAX);
    while ((done = sorter_next(reader, &key, &payload, err)) == RESULT_OK) {
        any = true;
        explain_row(&out, result, &rules[asked->explain_rule], asked->explain_number, key, payload);
        done = explain_put(&out, options, err);
        if (done != RESULT_OK)
            break;
    }
    buf_free(&out);
    sorter_reader_free(reader);
    if (done == RESULT_END)
        done =
            any ? RESULT_OK
                : error_set(err, RESULT_USAGE, TEXT_EXPLAIN_NO_RECORD, ARG(asked->explain_number));
    return done;
}

/* --- the command --- */

static enum result explain_ask(struct running *running, struct error *err)
{
    const struct command_call *call = running->call;
    struct triage_options *options = &running->options;
    if (!command_has(call, EXPLAIN_OPTION_RECORD))
        return RESULT_OK;
    options->explain_record = true;
    options->explain_number = (uint64_t)command_number(call, EXPLAIN_OPTION_RECORD, 0);
    slice id = slice_from_cstr(call->operands[0]);
    if (!explain_rule_find(running->loading.rules, id, &options->explain_rule))
        return error_set(err, RESULT_USAGE, TEXT_EXPLAIN_NO_RULE, ARG(id));
    return RESULT_OK;
}

enum command_status explain_command_run(const struct command_call *call)
{
    struct running running;
    struct triage_result *found = NULL;
    struct report_options options;
    struct error err;
    uuid id;
    if (!uuid_parse(slice_from_cstr(call->operands[0]), &id)) {
        (void)error_set(&err, RESULT_USAGE, TEXT_EXPLAIN_ID, ARG(call->operands[0]));
        return running_failed(RESULT_USAGE, &err);
    }
    enum result result = running_begin(
        &running, call, TRIAGE_VIEW_EXPLAIN, call->operands + 1, call->operand_count - 1, &err);
    if (result == RESULT_OK)
        result = explain_ask(&running, &err);
    if (result == RESULT_OK)
        result = running_run(&running, &found, &err);
    if (result == RESULT_OK) {
        running_report_options(&running, &options);
        result = running.options.explain_record
                     ? explain_rows(&running.options, found, &options, &err)
                     : explain_write(found, id, &options, &err);
    }
    enum command_status status = result == RESULT_OK ? COMMAND_DONE : running_failed(result, &err);
    triage_result_free(found);
    running_end(&running);
    return status;
}
