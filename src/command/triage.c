/* See triage.h. Sets a run up from the words of the user, runs it, and hands the result to the
 * reports. */
#include "command/triage.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"
#include "base/clock.h"
#include "base/version.h"
#include "command/explain.h"
#include "command/loading.h"
#include "command/progress.h"
#include "decode/csv_map.h"
#include "input/object.h"
#include "input/walk.h"
#include "proc/file.h"
#include "report/report.h"
#include "triage/assets.h"
#include "triage/run.h"
#include "wire/json.h"

#define TRIAGE_COMMAND_FILE_MAX     ((size_t)16 << 20)
#define TRIAGE_COMMAND_PASSWORDS    1000U
#define TRIAGE_COMMAND_OVERRIDES    64U
#define TRIAGE_COMMAND_DEFAULT_JOBS 4

/* OPTION(ID, name, type, repeatable, value or choices, minimum, maximum) */
#define TRIAGE_COMMAND_OPTIONS(OPTION)                                                             \
    OPTION(RULES, "rules", COMMAND_PATH, true, "DIR|FILE", 0, 0)                                   \
    OPTION(NO_SHIPPED_RULES, "no-shipped-rules", COMMAND_FLAG, false, "", 0, 0)                    \
    OPTION(PLACEHOLDERS, "placeholders", COMMAND_PATH, false, "FILE", 0, 0)                        \
    OPTION(WIDER, "wider-log-sources", COMMAND_FLAG, false, "", 0, 0)                              \
    OPTION(FORMAT, "format", COMMAND_CHOICE, false, "text|ndjson|json|csv", 0, 0)                  \
    OPTION(REPORT, "report", COMMAND_PATH, false, "FILE.html", 0, 0)                               \
    OPTION(MIN_LEVEL, "min-level", COMMAND_LEVEL, false, "LEVEL", 0, 0)                            \
    OPTION(SINCE, "since", COMMAND_TIME, false, "TIME", 0, 0)                                      \
    OPTION(UNTIL, "until", COMMAND_TIME, false, "TIME", 0, 0)                                      \
    OPTION(SOURCE, "source", COMMAND_TEXT, true, "NAME=GLOB", 0, 0)                                \
    OPTION(MAP, "map", COMMAND_PATH, false, "FILE.yml", 0, 0)                                      \
    OPTION(YEAR, "year", COMMAND_NUMBER, false, "N", 1970, 2261)                                   \
    OPTION(TIMEZONE, "timezone", COMMAND_ZONE, false, "ZONE", 0, 0)                                \
    OPTION(ASSETS, "assets", COMMAND_PATH, false, "FILE", 0, 0)                                    \
    OPTION(RECOVER, "recover", COMMAND_FLAG, false, "", 0, 0)                                      \
    OPTION(PASSWORD_FILE, "password-file", COMMAND_PATH, false, "FILE", 0, 0)                      \
    OPTION(TMP, "tmp", COMMAND_PATH, false, "DIR", 0, 0)                                           \
    OPTION(EXIT_CODE, "exit-code", COMMAND_FLAG, false, "", 0, 0)                                  \
    OPTION(JOBS, "j", COMMAND_NUMBER, false, "N", 1, TRIAGE_JOBS_MAX)

enum triage_command_option {
#define OPTION(id, name, type, repeatable, value, minimum, maximum) TRIAGE_OPTION_##id,
    TRIAGE_COMMAND_OPTIONS(OPTION)
#undef OPTION
};

const struct command_option triage_command_options[] = {
#define OPTION(id, name, type, repeatable, value, minimum, maximum)                                \
    {S_INIT(name), type, repeatable, S_INIT(value), minimum, maximum, TEXT_HELP_TRIAGE_##id},
    TRIAGE_COMMAND_OPTIONS(OPTION)
#undef OPTION
        {.name = {NULL, 0}},
};

/* Everything that a run needs, and that ends with it. */
struct triage_command {
    const struct command_call *call;
    struct arena arena;
    struct loading loading;
    struct csv_map *map;
    struct assets *assets;
    struct progress progress;
    struct triage_options options;
    uint64_t problems;
};

static void triage_command_problem(void *context, const struct error *why)
{
    struct triage_command *command = context;
    progress_clear(&command->progress);
    /* An assumption that had to be made is told, but is nothing that went wrong. */
    command->problems += why->code != RESULT_OK;
    command_say(why);
}

static void triage_command_progress(void *context, const struct triage_progress *now)
{
    struct triage_command *command = context;
    progress_show(&command->progress, now);
}

/* --- setting up --- */

static enum result triage_command_passwords(
    struct triage_command *command, const char *path, struct error *err)
{
    slice content, line;
    enum result result = file_read(&command->arena, path, TRIAGE_COMMAND_FILE_MAX, &content, err);
    if (result != RESULT_OK)
        return result;
    const char **passwords = ARENA_ARRAY(&command->arena, const char *, TRIAGE_COMMAND_PASSWORDS);
    size_t count = 0;
    while (slice_next(&content, '\n', &line)) {
        if (slice_ends(line, S("\r")))
            line = slice_first(line, line.len - 1);
        if (line.len > 0 && count < TRIAGE_COMMAND_PASSWORDS)
            passwords[count++] = arena_cstr(&command->arena, line);
    }
    command->options.passphrases = passwords;
    command->options.passphrase_count = count;
    return RESULT_OK;
}

static enum result triage_command_overrides(struct triage_command *command, struct error *err)
{
    const struct command_values *values = &command->call->values[TRIAGE_OPTION_SOURCE];
    struct triage_override *overrides =
        ARENA_ARRAY(&command->arena, struct triage_override, values->count);
    for (size_t i = 0; i < values->count; i++) {
        slice name, glob;
        if (!slice_cut(slice_from_cstr(values->items[i].text), '=', &name, &glob) ||
            name.len == 0 || glob.len == 0)
            return error_set(
                err, RESULT_USAGE, TEXT_TRIAGE_SOURCE_OPTION, ARG(values->items[i].text));
        overrides[i] = (struct triage_override){name, arena_cstr(&command->arena, glob)};
    }
    command->options.overrides = overrides;
    command->options.override_count = values->count;
    return RESULT_OK;
}

static enum result triage_command_assets(
    struct triage_command *command, const char *path, struct error *err)
{
    slice yaml;
    enum result result = file_read(&command->arena, path, TRIAGE_COMMAND_FILE_MAX, &yaml, err);
    if (result != RESULT_OK)
        return result;
    result = assets_load(slice_from_cstr(path), yaml, &command->assets, err);
    command->options.assets = command->assets;
    return result;
}

static enum result triage_command_map(
    struct triage_command *command, const char *path, struct error *err)
{
    slice yaml;
    enum result result = file_read(&command->arena, path, TRIAGE_COMMAND_FILE_MAX, &yaml, err);
    if (result != RESULT_OK)
        return result;
    result = csv_map_new(slice_from_cstr(path), yaml, &command->map, err);
    command->options.decode.map = command->map;
    return result;
}

/* Reads the files that options name. */
static enum result triage_command_files(struct triage_command *command, struct error *err)
{
    static const struct {
        enum triage_command_option option;
        enum result (*load)(struct triage_command *command, const char *path, struct error *err);
    } loads[] = {
        {TRIAGE_OPTION_PASSWORD_FILE, triage_command_passwords},
        {TRIAGE_OPTION_ASSETS, triage_command_assets},
        {TRIAGE_OPTION_MAP, triage_command_map},
    };
    for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
        const char *path = command_text(command->call, loads[i].option, NULL);
        enum result result = path == NULL ? RESULT_OK : loads[i].load(command, path, err);
        if (result != RESULT_OK)
            return result;
    }
    return triage_command_overrides(command, err);
}

/* Nothing of ours is ever written among the evidence. */
static enum result triage_command_places(struct triage_command *command, struct error *err)
{
    const struct triage_options *options = &command->options;
    const char *report = command_text(command->call, TRIAGE_OPTION_REPORT, NULL);
    if (walk_holds(options->paths, options->path_count, options->temporary_directory))
        return error_set(
            err, RESULT_USAGE, TEXT_TRIAGE_TMP_IN_EVIDENCE, ARG(options->temporary_directory));
    if (report == NULL)
        return RESULT_OK;
    slice path = slice_from_cstr(report);
    size_t slash = slice_find_last_byte(path, '/');
    const char *directory =
        slash == path.len ? "."
                          : arena_cstr(&command->arena, slice_first(path, size_max(slash, 1)));
    if (walk_holds(options->paths, options->path_count, directory))
        return error_set(err, RESULT_USAGE, TEXT_TRIAGE_REPORT_IN_EVIDENCE, ARG(report));
    return RESULT_OK;
}

static const char *triage_command_temporary(const struct command_call *call)
{
    const char *place = getenv("TMPDIR");
    if (place == NULL || place[0] == '\0')
        place = "/var/tmp";
    return command_text(call, TRIAGE_OPTION_TMP, place);
}

static unsigned triage_command_jobs(const struct command_call *call)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long jobs = cores < 1                             ? 1
                : cores > TRIAGE_COMMAND_DEFAULT_JOBS ? TRIAGE_COMMAND_DEFAULT_JOBS
                                                      : cores;
    return (unsigned)command_number(call, TRIAGE_OPTION_JOBS, jobs);
}

static enum result triage_command_load(struct triage_command *command, struct error *err)
{
    const struct command_call *call = command->call;
    struct loading_rules which = {.shipped = !command_has(call, TRIAGE_OPTION_NO_SHIPPED_RULES),
        .paths = &call->values[TRIAGE_OPTION_RULES],
        .placeholders = command_text(call, TRIAGE_OPTION_PLACEHOLDERS, NULL),
        .wider = command_has(call, TRIAGE_OPTION_WIDER)};
    enum result result = loading_products(&command->loading, err);
    if (result == RESULT_OK)
        result = loading_rules(&command->loading, &which, err);
    if (result != RESULT_OK)
        return result;
    command->options.decode.products = command->loading.products;
    command->options.rules = command->loading.rules;
    command->options.program = command->loading.program;
    return RESULT_OK;
}

static enum result triage_command_begin(struct triage_command *command,
    const struct command_call *call, const char *const *paths, size_t path_count, struct error *err)
{
    *command = (struct triage_command){.call = call};
    command->options = (struct triage_options){.paths = paths,
        .path_count = path_count,
        .min_level = (enum rule_level)command_number(call, TRIAGE_OPTION_MIN_LEVEL, 0),
        .since_ns = command_number(call, TRIAGE_OPTION_SINCE, CIVIL_TIME_NONE),
        .until_ns = command_number(call, TRIAGE_OPTION_UNTIL, CIVIL_TIME_NONE),
        .temporary_directory = triage_command_temporary(call),
        .jobs = triage_command_jobs(call),
        .now_ns = clock_now_ns(),
        .problem = triage_command_problem,
        .progress = triage_command_progress,
        .context = command,
        .stop = call->stop};
    command->options.decode =
        (struct decode_options){.year = (int32_t)command_number(call, TRIAGE_OPTION_YEAR, 0),
            .year_fixed = command_has(call, TRIAGE_OPTION_YEAR),
            .zone_offset_s = (int32_t)command_number(call, TRIAGE_OPTION_TIMEZONE, 0),
            .zone_given = command_has(call, TRIAGE_OPTION_TIMEZONE),
            .recover = command_has(call, TRIAGE_OPTION_RECOVER)};
    enum result result = triage_command_places(command, err);
    if (result == RESULT_OK)
        result = triage_command_files(command, err);
    if (result == RESULT_OK)
        result = triage_command_load(command, err);
    /* Libraries load what they need before the sandbox closes. */
    hash_prepare();
    json_prepare();
    objects_prepare();
    progress_begin(&command->progress);
    return result;
}

static void triage_command_end(struct triage_command *command)
{
    loading_free(&command->loading);
    assets_free(command->assets);
    csv_map_free(command->map);
    arena_free(&command->arena);
}

/* --- after the run --- */

static void triage_command_summary(const struct triage_counts *counts)
{
    struct error line;
    (void)error_set(&line, RESULT_OK, TEXT_TRIAGE_SUMMARY, ARG(counts->records),
        ARG(counts->undecoded), ARG(counts->events), ARG(counts->rules_loaded),
        ARG(counts->rules_refused), ARG(counts->signs), ARG(counts->incidents));
    command_say(&line);
    if (counts->interrupted) {
        (void)error_set(&line, RESULT_OK, TEXT_TRIAGE_INTERRUPTED);
        command_say(&line);
    }
}

static void triage_command_report_options(
    struct triage_command *command, struct report_options *options)
{
    const struct command_call *call = command->call;
    slice *paths = ARENA_ARRAY(&command->arena, slice, command->options.path_count);
    slice *arguments = ARENA_ARRAY(&command->arena, slice, call->argument_count);
    for (size_t i = 0; i < command->options.path_count; i++)
        paths[i] = slice_from_cstr(command->options.paths[i]);
    for (size_t i = 0; i < call->argument_count; i++)
        arguments[i] = slice_from_cstr(call->arguments[i]);
    *options = (struct report_options){.fd = STDOUT_FILENO,
        .name = S("stdout"),
        .paths = paths,
        .path_count = command->options.path_count,
        .arguments = arguments,
        .argument_count = call->argument_count,
        .now_ns = command->options.now_ns,
        .version = slice_from_cstr(version_string()),
        .rules_version = report_rules_version(&command->arena)};
}

static enum result triage_command_page(
    struct triage_command *command, struct triage_result *result, struct error *err)
{
    struct report_options options;
    const char *path = command_text(command->call, TRIAGE_OPTION_REPORT, NULL);
    if (path == NULL)
        return RESULT_OK;
    triage_command_report_options(command, &options);
    options.name = slice_from_cstr(path);
    enum result done = file_create(path, &options.fd, err);
    if (done != RESULT_OK)
        return done;
    done = report_write(REPORT_HTML, result, &options, err);
    close(options.fd);
    return done;
}

static enum result triage_command_report(
    struct triage_command *command, struct triage_result *result, struct error *err)
{
    static const enum report_format formats[] = {
        REPORT_TEXT, REPORT_NDJSON, REPORT_JSON, REPORT_CSV};
    struct report_options options;
    triage_command_report_options(command, &options);
    report_options_terminal(&options);
    int64_t format = command_number(command->call, TRIAGE_OPTION_FORMAT, 0);
    enum result done = report_write(formats[format], result, &options, err);
    return done == RESULT_OK ? triage_command_page(command, result, err) : done;
}

static enum command_status triage_command_failed(enum result result, const struct error *err)
{
    command_say(err);
    return result == RESULT_SYSTEM ? COMMAND_FAILED : COMMAND_USAGE;
}

static enum command_status triage_command_status(
    const struct triage_command *command, const struct triage_counts *counts)
{
    bool attention = command->problems > 0 || command->loading.refused > 0 ||
                     counts->rules_refused > 0 || counts->undecoded > 0;
    if (command_has(command->call, TRIAGE_OPTION_EXIT_CODE) && counts->incidents > 0)
        attention = true;
    return attention ? COMMAND_ATTENTION : COMMAND_DONE;
}

enum command_status triage_command_run(const struct command_call *call)
{
    struct triage_command command;
    struct triage_result *found = NULL;
    struct error err;
    enum command_status status;
    enum result result =
        triage_command_begin(&command, call, call->operands, call->operand_count, &err);
    if (result == RESULT_OK)
        result = triage_run(&command.options, &found, &err);
    progress_clear(&command.progress);
    if (result == RESULT_OK)
        result = triage_command_report(&command, found, &err);
    if (result == RESULT_OK) {
        triage_command_summary(triage_counts(found));
        status = triage_command_status(&command, triage_counts(found));
    } else {
        status = triage_command_failed(result, &err);
    }
    triage_result_free(found);
    triage_command_end(&command);
    return status;
}

enum command_status triage_command_explain(const struct command_call *call)
{
    struct triage_command command;
    struct triage_result *found = NULL;
    struct report_options options;
    struct error err;
    uuid id;
    if (!uuid_parse(slice_from_cstr(call->operands[0]), &id)) {
        (void)error_set(&err, RESULT_USAGE, TEXT_EXPLAIN_ID, ARG(call->operands[0]));
        return triage_command_failed(RESULT_USAGE, &err);
    }
    enum result result =
        triage_command_begin(&command, call, call->operands + 1, call->operand_count - 1, &err);
    if (result == RESULT_OK)
        result = triage_run(&command.options, &found, &err);
    progress_clear(&command.progress);
    if (result == RESULT_OK) {
        triage_command_report_options(&command, &options);
        report_options_terminal(&options);
        result = explain_write(found, id, &options, &err);
    }
    enum command_status status =
        result == RESULT_OK ? COMMAND_DONE : triage_command_failed(result, &err);
    triage_result_free(found);
    triage_command_end(&command);
    return status;
}
