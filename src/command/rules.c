/* See rules.h: the options, loading, and the list. What `rules test` does with events is in
 * rules_test.c. */
#include "command/rules.h"

#include <unistd.h>

#include "base/base.h"
#include "base/escape.h"
#include "command/loading.h"
#include "command/rules_test.h"
#include "proc/file.h"
#include "report/sink.h"
#include "wire/json_writer.h"

/* Bytes of the events of `rules test`. */
#define RULES_EVENTS_MAX ((size_t)1 << 30)

enum rules_option { RULES_RULES, RULES_SHIPPED, RULES_PLACEHOLDERS, RULES_FORMAT };
enum rules_format { RULES_TEXT, RULES_NDJSON };

const struct command_option rules_command_options[] = {
    {S_INIT("rules"), COMMAND_PATH, true, S_INIT("DIR|FILE"), 0, 0, TEXT_HELP_RULES_RULES},
    {S_INIT("shipped-rules"), COMMAND_FLAG, false, S_INIT(""), 0, 0, TEXT_HELP_RULES_SHIPPED},
    {S_INIT("placeholders"), COMMAND_PATH, false, S_INIT("FILE"), 0, 0,
        TEXT_HELP_TRIAGE_PLACEHOLDERS},
    {S_INIT("format"), COMMAND_CHOICE, false, S_INIT("text|ndjson"), 0, 0, TEXT_HELP_TRIAGE_FORMAT},
    {.name = {NULL, 0}},
};

/* --- list --- */

static void rules_json_text(struct json_writer *json, slice key, slice value)
{
    json_key(json, key);
    if (value.len == 0)
        json_null(json);
    else
        json_string(json, value);
}

static void rules_json_log_source(struct json_writer *json, const struct rule *rule)
{
    json_key(json, S("logsource"));
    if (rule->product.len + rule->category.len + rule->service.len == 0) {
        json_null(json);
        return;
    }
    json_object_begin(json);
    if (rule->product.len > 0)
        rules_json_text(json, S("product"), rule->product);
    if (rule->category.len > 0)
        rules_json_text(json, S("category"), rule->category);
    if (rule->service.len > 0)
        rules_json_text(json, S("service"), rule->service);
    json_object_end(json);
}

/* Nothing where no rule could be read at all. */
static slice rules_level(const struct rule *rule)
{
    return rule->title.len == 0 ? S("") : rule_level_name(rule->level);
}

static void rules_list_ndjson(struct buf *out, const struct rule *rule)
{
    struct json_writer json;
    json_begin(&json, out);
    json_object_begin(&json);
    json_key(&json, S("type"));
    json_string(&json, S("rule"));
    rules_json_text(&json, S("id"), rule->id);
    rules_json_text(&json, S("title"), rule->title);
    rules_json_text(&json, S("level"), rules_level(rule));
    rules_json_log_source(&json, rule);
    json_key(&json, S("status"));
    json_string(&json, rule->refused ? S("refused") : S("loaded"));
    rules_json_text(&json, S("reason"), rule->reason_english);
    json_key(&json, S("file"));
    json_string(&json, rule->file);
    json_key(&json, S("line"));
    json_u64(&json, rule->line);
    json_object_end(&json);
    buf_append_byte(out, '\n');
}

static void rules_list_text(struct buf *out, const struct rule *rule)
{
    bool japanese = text_lang() == TEXT_LANG_JA && rule->title_ja.len > 0;
    buf_append(out, text_get(rule->refused ? TEXT_RULES_REFUSED : TEXT_RULES_LOADED));
    buf_append(out, S("  "));
    buf_append(out, rules_level(rule));
    buf_append(out, S("  "));
    escape_terminal(out, japanese ? rule->title_ja : rule->title);
    buf_append(out, S("  "));
    escape_terminal(out, rule->file);
    buf_append_byte(out, ':');
    buf_append_u64(out, rule->line);
    if (rule->refused) {
        buf_append(out, S("  "));
        escape_terminal(out, rule->reason);
    }
    buf_append_byte(out, '\n');
}

static void rules_list_summary(struct buf *out, size_t count, uint64_t refused)
{
    text_append(out, TEXT_RULES_SUMMARY, ARG(count - refused), ARG(refused));
    buf_append_byte(out, '\n');
}

static enum command_status rules_finish(struct sink *sink, enum command_status status)
{
    struct error err;
    if (sink_finish(sink, &err) == RESULT_OK)
        return status;
    command_say(&err);
    return COMMAND_FAILED;
}

static enum command_status rules_list(
    const struct command_call *call, const struct loading *loading)
{
    struct sink sink;
    size_t count;
    const struct rule *rules = rule_set_rules(loading->rules, &count);
    uint64_t refused = loading_refused_rules(loading);
    bool ndjson = command_number(call, RULES_FORMAT, RULES_TEXT) == RULES_NDJSON;
    sink_init(&sink, STDOUT_FILENO, S("-"));
    for (size_t i = 0; i < count && sink_settle(&sink); i++) {
        if (ndjson)
            rules_list_ndjson(&sink.buf, &rules[i]);
        else
            rules_list_text(&sink.buf, &rules[i]);
    }
    if (!ndjson)
        rules_list_summary(&sink.buf, count, refused);
    bool all_well = refused == 0 && loading->refused == 0;
    return rules_finish(&sink, all_well ? COMMAND_DONE : COMMAND_ATTENTION);
}

enum command_status rules_command_list(const struct command_call *call)
{
    struct loading loading = {0};
    struct error err;
    const struct command_values *paths = &call->values[RULES_RULES];
    struct loading_rules which = {.shipped = paths->count == 0 || command_has(call, RULES_SHIPPED),
        .paths = paths,
        .placeholders = command_text(call, RULES_PLACEHOLDERS, NULL)};
    enum command_status status = COMMAND_USAGE;
    if (loading_rules(&loading, &which, &err) == RESULT_OK)
        status = rules_list(call, &loading);
    else
        command_say(&err);
    loading_free(&loading);
    return status;
}

/* --- test --- */

static void rules_refused_line(void *context, const struct error *why)
{
    bool *attention = context;
    *attention = true;
    command_say(why);
}

static enum command_status rules_test(const struct command_call *call, struct loading *loading)
{
    struct sink sink;
    struct error err;
    slice events;
    const char *path = call->operands[1];
    bool attention = loading_refused_rules(loading) > 0 || loading->refused > 0;
    struct rules_test test = {.rules = loading->rules,
        .program = loading->program,
        .out = &sink,
        .refused = rules_refused_line,
        .context = &attention};
    if (file_read(&loading->arena, path, RULES_EVENTS_MAX, &events, &err) != RESULT_OK) {
        command_say(&err);
        return COMMAND_USAGE;
    }
    sink_init(&sink, STDOUT_FILENO, S("-"));
    if (rules_test_run(&test, slice_from_cstr(path), events, &err) != RESULT_OK) {
        command_say(&err);
        return rules_finish(&sink, COMMAND_FAILED);
    }
    return rules_finish(&sink, attention ? COMMAND_ATTENTION : COMMAND_DONE);
}

enum command_status rules_command_test(const struct command_call *call)
{
    struct loading loading = {0};
    struct error err;
    struct command_value rules = {.text = call->operands[0]};
    struct command_values paths = {.items = &rules, .count = 1};
    struct loading_rules which = {
        .paths = &paths, .placeholders = command_text(call, RULES_PLACEHOLDERS, NULL)};
    enum command_status status = COMMAND_USAGE;
    if (loading_rules(&loading, &which, &err) == RESULT_OK)
        status = rules_test(call, &loading);
    else
        command_say(&err);
    loading_free(&loading);
    return status;
}
