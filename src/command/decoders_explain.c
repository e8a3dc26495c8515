/* See decoders_explain.h. */
#include "command/decoders_explain.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "base/escape.h"
#include "command/command.h"
#include "decode/decode.h"
#include "proc/child.h"
#include "proc/sandbox.h"
#include "report/sink.h"
#include "report/words.h"
#include "wire/hash.h"
#include "wire/json.h"

/* Bytes of a text in one line. */
#define EXPLAIN_TEXT_MAX 4096U

struct explain_run {
    const struct products *products;
    struct product_applier *applier;
    slice text;
    int fd;
    struct sink sink;
};

/* A line with a text of the user's or of evidence, and what else it needs. */
static void explain_line(
    struct explain_run *run, enum text text, slice first, uint64_t second, slice third)
{
    struct buf shown[2];
    buf_init(&shown[0], EXPLAIN_TEXT_MAX);
    buf_init(&shown[1], EXPLAIN_TEXT_MAX);
    escape_terminal(&shown[0], first);
    escape_terminal(&shown[1], third);
    text_append(
        &run->sink.buf, text, ARG(buf_slice(&shown[0])), ARG(second), ARG(buf_slice(&shown[1])));
    buf_append_byte(&run->sink.buf, '\n');
    buf_free(&shown[0]);
    buf_free(&shown[1]);
}

static void explain_fields(
    struct explain_run *run, const struct event *event, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        words_field(&run->sink.buf, event->fields[i].name, event->fields[i].value);
}

static void explain_step(void *context, const struct product_trace *step, const struct event *event)
{
    static const enum text texts[] = {[PRODUCT_STEP_RECOGNISED] = TEXT_DECODERS_RECOGNISED,
        [PRODUCT_STEP_SHAPE] = TEXT_DECODERS_SHAPE,
        [PRODUCT_STEP_PARTIAL] = TEXT_DECODERS_PARTIAL,
        [PRODUCT_STEP_SET] = TEXT_DECODERS_SET,
        [PRODUCT_STEP_MAP] = TEXT_DECODERS_MAP,
        [PRODUCT_STEP_DERIVED] = TEXT_DECODERS_DERIVED};
    struct explain_run *run = context;
    slice message = slice_trim(event_value(event, S("message")));
    explain_line(run, texts[step->kind], step->path, step->line,
        slice_first(message, step->reached)); /* what went along with the nearest shape */
    explain_fields(run, event, step->first, step->end);
}

static enum result explain_event(void *context, struct event *event)
{
    struct explain_run *run = context;
    explain_fields(run, event, 0, event->count);
    product_apply(run->applier, event);
    explain_line(run, TEXT_DECODERS_DECODER, product_applier_decoder(run->applier), 0, S(""));
    (void)sink_settle(&run->sink);
    return RESULT_OK;
}

static void explain_undecoded(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    (void)number;
    (void)offset;
    explain_line(context, TEXT_DECODERS_UNDECODED, error_message(why), 0, S(""));
}

static void explain_decode(struct explain_run *run)
{
    struct arena arena = {0};
    struct event event;
    struct error err;
    struct decode_options options = {.products = run->products};
    struct decode_job job = {.options = &options,
        .arena = &arena,
        .event = &event,
        .context = run,
        .on_event = explain_event,
        .on_undecoded = explain_undecoded};
    const struct decode_format *format = decode_recognise(run->text, true, &options);
    if (format == NULL) {
        explain_line(run, TEXT_DECODERS_NO_CONTAINER, S(""), 0, S(""));
        return;
    }
    explain_line(run, TEXT_DECODERS_CONTAINER, format->name, 0, S(""));
    struct stream *stream = stream_from_memory(run->text);
    if (format->decode(&job, stream, &err) != RESULT_OK)
        explain_line(run, TEXT_DECODERS_UNDECODED, error_message(&err), 0, S(""));
    stream_free(stream);
    arena_free(&arena);
}

static void __attribute__((noreturn)) explain_child(void *context)
{
    struct explain_run *run = context;
    struct sandbox_state state;
    struct error err;
    run->applier = product_applier_new(run->products);
    product_applier_complete(run->applier);
    product_applier_trace(run->applier, explain_step, run);
    sink_init(&run->sink, run->fd, S("-"));
    if (sandbox_enter(SANDBOX_DETECT, &state, &err) != RESULT_OK)
        _exit(COMMAND_FAILED);
    explain_decode(run);
    _exit(sink_finish(&run->sink, &err) == RESULT_OK ? COMMAND_DONE : COMMAND_FAILED);
}

enum result decoders_explain(const struct products *products, slice text, int fd, struct error *err)
{
    struct explain_run run = {.products = products, .text = text, .fd = fd};
    pid_t pid;
    int status;
    hash_prepare();
    json_prepare();
    enum result result = child_start(explain_child, &run, &pid, err);
    if (result != RESULT_OK)
        return result;
    child_wait(pid, &status);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return error_set(err, RESULT_SYSTEM, TEXT_DECODERS_CHILD);
    return RESULT_OK;
}
