/* See views.h. */
#include "command/views.h"

#include "base/base.h"
#include "command/running.h"
#include "decode/flow_file.h"
#include "decode/flow_state.h"
#include "decode/product.h"
#include "report/view_costs.h"
#include "report/view_decoded.h"
#include "report/view_gaps.h"
#include "report/view_logons.h"
#include "report/view_pivots.h"
#include "report/view_timeline.h"

/* Beside those of every run; see running.h. */
#define VIEWS_FORMATS(OPTION)                                                                      \
    OPTION(FORMAT, "format", COMMAND_CHOICE, false, "text|ndjson|json|csv", 0, 0)

const struct command_option views_command_event_options[] = {
    RUNNING_EVIDENCE_OPTIONS(RUNNING_OPTION_ROW)
        VIEWS_FORMATS(RUNNING_OPTION_ROW){.name = {NULL, 0}},
};

const struct command_option views_command_sign_options[] = {
    RUNNING_EVIDENCE_OPTIONS(RUNNING_OPTION_ROW) RUNNING_RULE_OPTIONS(RUNNING_OPTION_ROW)
        VIEWS_FORMATS(RUNNING_OPTION_ROW){.name = {NULL, 0}},
};

#define VIEWS_TIMELINE_OPTIONS(OPTION)                                                             \
    OPTION(TIMELINE_FORMAT, "format", COMMAND_CHOICE, false, "csv|ndjson", 0, 0)                   \
    OPTION(ALL, "all", COMMAND_FLAG, false, "", 0, 0)

const struct command_option views_command_timeline_options[] = {
    RUNNING_EVIDENCE_OPTIONS(RUNNING_OPTION_ROW) RUNNING_RULE_OPTIONS(RUNNING_OPTION_ROW)
        VIEWS_TIMELINE_OPTIONS(RUNNING_OPTION_ROW){.name = {NULL, 0}},
};

#define VIEWS_DECODE_OPTIONS(OPTION)                                                               \
    OPTION(FORMAT, "format", COMMAND_CHOICE, false, "text|ndjson", 0, 0)                           \
    OPTION(AS, "as", COMMAND_TEXT, false, "NAME", 0, 0)

const struct command_option views_command_decode_options[] = {
    RUNNING_EVIDENCE_OPTIONS(RUNNING_OPTION_ROW)
        VIEWS_DECODE_OPTIONS(RUNNING_OPTION_ROW){.name = {NULL, 0}},
};

/* Where options stand. */
enum { VIEWS_EVENT_FORMAT = RUNNING_EVIDENCE_COUNT };
enum { VIEWS_DECODE_FORMAT = RUNNING_EVIDENCE_COUNT, VIEWS_DECODE_AS };
enum { VIEWS_SIGN_FORMAT = RUNNING_OPTION_COUNT };
enum { VIEWS_TIMELINE_FORMAT = RUNNING_OPTION_COUNT, VIEWS_TIMELINE_ALL };

static const enum report_format views_formats[] = {
    REPORT_TEXT, REPORT_NDJSON, REPORT_JSON, REPORT_CSV};

typedef enum result (*views_write)(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err);

static enum result views_report(struct running *running, struct triage_result *found,
    enum report_format format, views_write write, struct error *err)
{
    struct report_options options;
    struct sink sink;
    struct error dropped;
    running_report_options(running, &options);
    sink_init(&sink, options.fd, options.name);
    enum result done = write(format, &sink, found, &options, err);
    /* The first error is told; what was made before it is written all the same. */
    enum result written = sink_finish(&sink, done == RESULT_OK ? err : &dropped);
    return done == RESULT_OK ? written : done;
}

/* What --as says is a container or a product. */
static enum result views_take_as(struct running *running, const char *name, struct error *err)
{
    struct triage_options *options = &running->options;
    slice as = slice_from_cstr(name);
    if (decode_format_named(as) != NULL) {
        struct triage_override *overrides =
            ARENA_ARRAY(&running->arena, struct triage_override, options->override_count + 1);
        for (size_t i = 0; i < options->override_count; i++)
            overrides[i] = options->overrides[i];
        overrides[options->override_count++] = (struct triage_override){as, "*"};
        options->overrides = overrides;
        /* A datagram in a file of its own has its templates in those before it. */
        if (flow_file_is(decode_format_named(as))) {
            options->decode.flows = flow_state_new();
            options->jobs = 1;
        }
        return RESULT_OK;
    }
    if (!products_has(options->decode.products, as))
        return error_set(err, RESULT_USAGE, TEXT_DECODE_AS, ARG(as));
    options->product = as;
    return RESULT_OK;
}

static enum command_status views_run(const struct command_call *call, enum triage_view view,
    enum report_format format, views_write write)
{
    struct running running;
    struct triage_result *found = NULL;
    struct error err;
    enum command_status status;
    enum result result =
        running_begin(&running, call, view, call->operands, call->operand_count, &err);
    if (result == RESULT_OK && view == TRIAGE_VIEW_DECODED && command_has(call, VIEWS_DECODE_AS))
        result = views_take_as(&running, command_text(call, VIEWS_DECODE_AS, NULL), &err);
    if (result == RESULT_OK)
        result = running_run(&running, &found, &err);
    if (result == RESULT_OK)
        result = views_report(&running, found, format, write, &err);
    if (result == RESULT_OK) {
        running_summary(&running, triage_counts(found));
        status = running_status(&running, triage_counts(found));
    } else {
        status = running_failed(result, &err);
    }
    triage_result_free(found);
    running_end(&running);
    return status;
}

enum command_status views_command_logons(const struct command_call *call)
{
    return views_run(call, TRIAGE_VIEW_LOGONS,
        views_formats[command_number(call, VIEWS_EVENT_FORMAT, 0)], view_logons_write);
}

enum command_status views_command_gaps(const struct command_call *call)
{
    return views_run(call, TRIAGE_VIEW_GAPS,
        views_formats[command_number(call, VIEWS_EVENT_FORMAT, 0)], view_gaps_write);
}

enum command_status views_command_decode(const struct command_call *call)
{
    static const enum report_format formats[] = {REPORT_TEXT, REPORT_NDJSON};
    return views_run(call, TRIAGE_VIEW_DECODED,
        formats[command_number(call, VIEWS_DECODE_FORMAT, 0)], view_decoded_write);
}

enum command_status views_command_pivots(const struct command_call *call)
{
    return views_run(call, TRIAGE_VIEW_PIVOTS,
        views_formats[command_number(call, VIEWS_SIGN_FORMAT, 0)], view_pivots_write);
}

enum command_status views_command_costs(const struct command_call *call)
{
    return views_run(call, TRIAGE_VIEW_COSTS,
        views_formats[command_number(call, VIEWS_SIGN_FORMAT, 0)], view_costs_write);
}

static enum result views_timeline(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err)
{
    uint64_t left_out;
    struct error line;
    enum result done = view_timeline_write(format, sink, result, options, &left_out, err);
    if (done == RESULT_OK && left_out > 0) {
        (void)error_set(&line, RESULT_OK, TEXT_TIMELINE_LEFT_OUT, ARG(left_out));
        command_say(&line);
    }
    return done;
}

enum command_status views_command_timeline(const struct command_call *call)
{
    static const enum report_format formats[] = {REPORT_CSV, REPORT_NDJSON};
    return views_run(call,
        command_has(call, VIEWS_TIMELINE_ALL) ? TRIAGE_VIEW_EVENTS : TRIAGE_VIEW_TIMELINE,
        formats[command_number(call, VIEWS_TIMELINE_FORMAT, 0)], views_timeline);
}
