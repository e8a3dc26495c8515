/* See running.h. Sets a run up from the words of the user. */
#include "command/running.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"
#include "base/clock.h"
#include "base/version.h"
#include "decode/flow_state.h"
#include "input/object.h"
#include "input/walk.h"
#include "proc/file.h"
#include "triage/collect.h"
#include "wire/json.h"

#define RUNNING_FILE_MAX     ((size_t)16 << 20)
#define RUNNING_PASSWORDS    1000U
#define RUNNING_DEFAULT_JOBS 4

static void running_problem(void *context, const struct error *why)
{
    struct running *running = context;
    progress_clear(&running->progress);
    /* An assumption that had to be made is told, but is nothing that went wrong. */
    running->problems += why->code != RESULT_OK;
    command_say(why);
}

static void running_progress(void *context, const struct triage_progress *now)
{
    struct running *running = context;
    progress_show(&running->progress, now);
}

/* --- setting up --- */

static enum result running_passwords(struct running *running, const char *path, struct error *err)
{
    slice content, line;
    enum result result = file_read(&running->arena, path, RUNNING_FILE_MAX, &content, err);
    if (result != RESULT_OK)
        return result;
    const char **passwords = ARENA_ARRAY(&running->arena, const char *, RUNNING_PASSWORDS);
    size_t count = 0;
    while (slice_next(&content, '\n', &line)) {
        if (slice_ends(line, S("\r")))
            line = slice_first(line, line.len - 1);
        if (line.len > 0 && count < RUNNING_PASSWORDS)
            passwords[count++] = arena_cstr(&running->arena, line);
    }
    running->options.passphrases = passwords;
    running->options.passphrase_count = count;
    return RESULT_OK;
}

static enum result running_overrides(struct running *running, struct error *err)
{
    const struct command_values *values = &running->call->values[RUNNING_SOURCE];
    struct triage_override *overrides =
        ARENA_ARRAY(&running->arena, struct triage_override, values->count);
    for (size_t i = 0; i < values->count; i++) {
        slice name, glob;
        if (!slice_cut(slice_from_cstr(values->items[i].text), '=', &name, &glob) ||
            name.len == 0 || glob.len == 0)
            return error_set(
                err, RESULT_USAGE, TEXT_TRIAGE_SOURCE_OPTION, ARG(values->items[i].text));
        overrides[i] = (struct triage_override){name, arena_cstr(&running->arena, glob)};
    }
    running->options.overrides = overrides;
    running->options.override_count = values->count;
    return RESULT_OK;
}

static enum result running_assets(struct running *running, const char *path, struct error *err)
{
    slice yaml;
    enum result result = file_read(&running->arena, path, RUNNING_FILE_MAX, &yaml, err);
    if (result != RESULT_OK)
        return result;
    result = assets_load(slice_from_cstr(path), yaml, &running->assets, err);
    running->options.assets = running->assets;
    return result;
}

static enum result running_map(struct running *running, const char *path, struct error *err)
{
    slice yaml;
    enum result result = file_read(&running->arena, path, RUNNING_FILE_MAX, &yaml, err);
    if (result != RESULT_OK)
        return result;
    result = csv_map_new(slice_from_cstr(path), yaml, &running->map, err);
    running->options.decode.map = running->map;
    return result;
}

/* Reads the files that options name. */
static enum result running_files(struct running *running, struct error *err)
{
    static const struct {
        enum running_option option;
        enum result (*load)(struct running *running, const char *path, struct error *err);
    } loads[] = {
        {RUNNING_PASSWORD_FILE, running_passwords},
        {RUNNING_ASSETS, running_assets},
        {RUNNING_MAP, running_map},
    };
    for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
        const char *path = command_text(running->call, loads[i].option, NULL);
        enum result result = path == NULL ? RESULT_OK : loads[i].load(running, path, err);
        if (result != RESULT_OK)
            return result;
    }
    return running_overrides(running, err);
}

/* Nothing of ours is ever written among the evidence. */
static enum result running_places(const struct running *running, struct error *err)
{
    const struct triage_options *options = &running->options;
    if (walk_holds(options->paths, options->path_count, options->temporary_directory))
        return error_set(
            err, RESULT_USAGE, TEXT_TRIAGE_TMP_IN_EVIDENCE, ARG(options->temporary_directory));
    return RESULT_OK;
}

static const char *running_temporary(const struct command_call *call)
{
    const char *place = getenv("TMPDIR");
    if (place == NULL || place[0] == '\0')
        place = "/var/tmp";
    return command_text(call, RUNNING_TMP, place);
}

static unsigned running_jobs(const struct command_call *call)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long jobs = cores < 1 ? 1 : cores > RUNNING_DEFAULT_JOBS ? RUNNING_DEFAULT_JOBS : cores;
    return (unsigned)command_number(call, RUNNING_JOBS, jobs);
}

static enum result running_load(struct running *running, struct error *err)
{
    const struct command_call *call = running->call;
    static const struct command_values none = {.count = 0};
    struct loading_rules which = {.paths = &none};
    if (collect_wants_signs(running->options.view)) {
        which = (struct loading_rules){.shipped = !command_has(call, RUNNING_NO_SHIPPED_RULES),
            .paths = &call->values[RUNNING_RULES],
            .placeholders = command_text(call, RUNNING_PLACEHOLDERS, NULL),
            .cached = !command_has(call, RUNNING_NO_RULE_CACHE),
            .wider = command_has(call, RUNNING_WIDER)};
        running->options.min_level = (enum rule_level)command_number(call, RUNNING_MIN_LEVEL, 0);
    }
    enum result result = loading_products(&running->loading, &call->values[RUNNING_DECODERS], err);
    if (result == RESULT_OK)
        result = loading_rules(&running->loading, &which, err);
    if (result != RESULT_OK)
        return result;
    running->options.decode.products = running->loading.products;
    running->options.rules = running->loading.rules;
    running->options.program = running->loading.program;
    return RESULT_OK;
}

enum result running_begin(struct running *running, const struct command_call *call,
    enum triage_view view, const char *const *paths, size_t path_count, struct error *err)
{
    *running = (struct running){.call = call};
    running->options = (struct triage_options){.paths = paths,
        .path_count = path_count,
        .view = view,
        .since_ns = command_number(call, RUNNING_SINCE, CIVIL_TIME_NONE),
        .until_ns = command_number(call, RUNNING_UNTIL, CIVIL_TIME_NONE),
        .temporary_directory = running_temporary(call),
        .jobs = running_jobs(call),
        .now_ns = clock_now_ns(),
        .problem = running_problem,
        .progress = running_progress,
        .context = running,
        .stop = call->stop};
    running->options.decode =
        (struct decode_options){.year = (int32_t)command_number(call, RUNNING_YEAR, 0),
            .year_fixed = command_has(call, RUNNING_YEAR),
            .zone_offset_s = (int32_t)command_number(call, RUNNING_TIMEZONE, 0),
            .zone_given = command_has(call, RUNNING_TIMEZONE),
            .recover = command_has(call, RUNNING_RECOVER)};
    enum result result = running_places(running, err);
    if (result == RESULT_OK)
        result = running_files(running, err);
    if (result == RESULT_OK)
        result = running_load(running, err);
    /* Libraries load what they need before the sandbox closes. */
    hash_prepare();
    json_prepare();
    objects_prepare();
    progress_begin(&running->progress);
    return result;
}

enum result running_run(struct running *running, struct triage_result **found, struct error *err)
{
    enum result result = triage_run(&running->options, found, err);
    progress_clear(&running->progress);
    return result;
}

void running_end(struct running *running)
{
    loading_free(&running->loading);
    assets_free(running->assets);
    csv_map_free(running->map);
    flow_state_free(running->options.decode.flows);
    arena_free(&running->arena);
}

/* --- after the run --- */

void running_report_options(struct running *running, struct report_options *options)
{
    const struct command_call *call = running->call;
    slice *paths = ARENA_ARRAY(&running->arena, slice, running->options.path_count);
    slice *arguments = ARENA_ARRAY(&running->arena, slice, call->argument_count);
    for (size_t i = 0; i < running->options.path_count; i++)
        paths[i] = slice_from_cstr(running->options.paths[i]);
    for (size_t i = 0; i < call->argument_count; i++)
        arguments[i] = slice_from_cstr(call->arguments[i]);
    *options = (struct report_options){.fd = STDOUT_FILENO,
        .name = S("stdout"),
        .paths = paths,
        .path_count = running->options.path_count,
        .arguments = arguments,
        .argument_count = call->argument_count,
        .now_ns = running->options.now_ns,
        .version = slice_from_cstr(version_string()),
        .rules_version = report_rules_version(&running->arena)};
    report_options_terminal(options);
}

void running_summary(const struct running *running, const struct triage_counts *counts)
{
    struct error line;
    if (collect_wants_signs(running->options.view))
        (void)error_set(&line, RESULT_OK, TEXT_TRIAGE_SUMMARY, ARG(counts->records),
            ARG(counts->undecoded), ARG(counts->events), ARG(counts->rules_loaded),
            ARG(counts->rules_refused), ARG(counts->signs), ARG(counts->incidents));
    else
        (void)error_set(&line, RESULT_OK, TEXT_VIEW_SUMMARY, ARG(counts->records),
            ARG(counts->undecoded), ARG(counts->events));
    command_say(&line);
    if (counts->interrupted) {
        (void)error_set(&line, RESULT_OK, TEXT_TRIAGE_INTERRUPTED);
        command_say(&line);
    }
}

enum command_status running_status(
    const struct running *running, const struct triage_counts *counts)
{
    bool attention = running->problems > 0 || running->loading.refused > 0 ||
                     counts->rules_refused > 0 || counts->undecoded > 0;
    return attention ? COMMAND_ATTENTION : COMMAND_DONE;
}

enum command_status running_failed(enum result result, const struct error *err)
{
    command_say(err);
    return result == RESULT_SYSTEM ? COMMAND_FAILED : COMMAND_USAGE;
}
