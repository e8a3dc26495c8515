/* See triage.h. Hands the result of a run to the reports. */
#include "command/triage.h"

#include <unistd.h>

#include "base/base.h"
#include "command/running.h"
#include "input/walk.h"
#include "proc/file.h"
#include "report/report.h"

/* Beside those of every run; see running.h. */
#define TRIAGE_COMMAND_OPTIONS(OPTION)                                                             \
    OPTION(FORMAT, "format", COMMAND_CHOICE, false, "text|ndjson|json|csv", 0, 0)                  \
    OPTION(REPORT, "report", COMMAND_PATH, false, "FILE.html", 0, 0)                               \
    OPTION(EXIT_CODE, "exit-code", COMMAND_FLAG, false, "", 0, 0)

enum triage_command_option {
    TRIAGE_OPTION_RUNNING = RUNNING_OPTION_COUNT - 1,
#define OPTION(id, name, type, repeatable, value, minimum, maximum) TRIAGE_OPTION_##id,
    TRIAGE_COMMAND_OPTIONS(OPTION)
#undef OPTION
};

const struct command_option triage_command_options[] = {
    RUNNING_EVIDENCE_OPTIONS(RUNNING_OPTION_ROW) RUNNING_RULE_OPTIONS(RUNNING_OPTION_ROW)
        TRIAGE_COMMAND_OPTIONS(RUNNING_OPTION_ROW){.name = {NULL, 0}},
};

/* The report is never written among the evidence. */
static enum result triage_command_place(struct running *running, struct error *err)
{
    const struct triage_options *options = &running->options;
    const char *report = command_text(running->call, TRIAGE_OPTION_REPORT, NULL);
    if (report == NULL)
        return RESULT_OK;
    slice path = slice_from_cstr(report);
    size_t slash = slice_find_last_byte(path, '/');
    const char *directory =
        slash == path.len ? "."
                          : arena_cstr(&running->arena, slice_first(path, size_max(slash, 1)));
    if (walk_holds(options->paths, options->path_count, directory))
        return error_set(err, RESULT_USAGE, TEXT_TRIAGE_REPORT_IN_EVIDENCE, ARG(report));
    return RESULT_OK;
}

static enum result triage_command_page(
    struct running *running, struct triage_result *result, struct error *err)
{
    struct report_options options;
    const char *path = command_text(running->call, TRIAGE_OPTION_REPORT, NULL);
    if (path == NULL)
        return RESULT_OK;
    running_report_options(running, &options);
    options.name = slice_from_cstr(path);
    enum result done = file_create(path, &options.fd, err);
    if (done != RESULT_OK)
        return done;
    done = report_write(REPORT_HTML, result, &options, err);
    close(options.fd);
    return done;
}

static enum result triage_command_report(
    struct running *running, struct triage_result *result, struct error *err)
{
    static const enum report_format formats[] = {
        REPORT_TEXT, REPORT_NDJSON, REPORT_JSON, REPORT_CSV};
    struct report_options options;
    running_report_options(running, &options);
    int64_t format = command_number(running->call, TRIAGE_OPTION_FORMAT, 0);
    enum result done = report_write(formats[format], result, &options, err);
    return done == RESULT_OK ? triage_command_page(running, result, err) : done;
}

static enum command_status triage_command_status(
    const struct running *running, const struct triage_counts *counts)
{
    if (command_has(running->call, TRIAGE_OPTION_EXIT_CODE) && counts->incidents > 0)
        return COMMAND_ATTENTION;
    return running_status(running, counts);
}

enum command_status triage_command_run(const struct command_call *call)
{
    struct running running;
    struct triage_result *found = NULL;
    struct error err;
    enum command_status status;
    enum result result =
        running_begin(&running, call, TRIAGE_VIEW_NONE, call->operands, call->operand_count, &err);
    if (result == RESULT_OK)
        result = triage_command_place(&running, &err);
    if (result == RESULT_OK)
        result = running_run(&running, &found, &err);
    if (result == RESULT_OK)
        result = triage_command_report(&running, found, &err);
    if (result == RESULT_OK) {
        running_summary(&running, triage_counts(found));
        status = triage_command_status(&running, triage_counts(found));
    } else {
        status = running_failed(result, &err);
    }
    triage_result_free(found);
    running_end(&running);
    return status;
}
