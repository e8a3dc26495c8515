/* Decodes one input read whole, byte by byte and in uneven pieces: the events, what was refused and
 * where must be the same, however the bytes come. */
#ifndef FUZZ_STEPS_H
#define FUZZ_STEPS_H

#include "base/base.h"
#include "decode/decode.h"
#include "wire/json.h"
#include "wire/json_writer.h"

#define STEPS_TRANSCRIPT_MAX ((size_t)64 << 20)

struct steps {
    struct buf out;
    slice rest;
    size_t step;
};

static inline void steps_place(struct steps *steps, char kind, uint64_t number, uint64_t offset)
{
    buf_append_byte(&steps->out, kind);
    buf_append_u64(&steps->out, number);
    buf_append_byte(&steps->out, '@');
    buf_append_u64(&steps->out, offset);
    buf_append_byte(&steps->out, ' ');
}

static inline enum result steps_on_event(void *context, struct event *event)
{
    struct steps *steps = context;
    steps_place(steps, 'e', event->record.number, event->record.offset);
    buf_append_i64(&steps->out, event->time_ns);
    buf_append_u64(&steps->out, event->time_assumed);
    buf_append_u64(&steps->out, event->dropped_fields);
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[i];
        buf_append_byte(&steps->out, field->ecs ? '*' : '.');
        buf_append_u64(&steps->out, field->type);
        buf_append(&steps->out, field->name);
        buf_append_byte(&steps->out, '=');
        buf_append(&steps->out, field->value);
    }
    buf_append(&steps->out, event->raw);
    return RESULT_OK;
}

static inline void steps_on_undecoded(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    steps_place(context, 'u', number, offset);
    buf_append(&((struct steps *)context)->out, error_message(why));
}

static inline void steps_on_note(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    steps_place(context, 'n', number, offset);
    buf_append(&((struct steps *)context)->out, error_message(why));
}

static inline enum result steps_read(
    void *context, char *to, size_t len, size_t *got, struct error *err)
{
    struct steps *steps = context;
    (void)err;
    *got = size_min(size_min(len, steps->rest.len), steps->step);
    for (size_t i = 0; i < *got; i++)
        to[i] = steps->rest.at[i];
    steps->rest = slice_from(steps->rest, *got);
    return RESULT_OK;
}

static inline void steps_decode(struct steps *steps, const struct decode_format *format,
    const struct decode_options *options, slice input, size_t step)
{
    static struct arena arena;
    struct event event;
    struct error err;
    struct decode_job job = {.options = options,
        .arena = &arena,
        .event = &event,
        .context = steps,
        .on_event = steps_on_event,
        .on_undecoded = steps_on_undecoded,
        .on_note = steps_on_note};
    steps->rest = input;
    steps->step = step;
    buf_init(&steps->out, STEPS_TRANSCRIPT_MAX);
    struct stream *stream = step == 0 ? stream_from_memory(input) : stream_new(steps_read, steps);
    ASSERT(format->decode(&job, stream, &err) == RESULT_OK);
    ASSERT(stream_offset(stream) == input.len);
    buf_append_u64(&steps->out, job.records);
    stream_free(stream);
}

/* `want` is what the input gave whole; the caller frees want->out. */
static inline void steps_check(
    slice name, const struct decode_options *options, slice input, struct steps *want)
{
    static const size_t steps[] = {1, 7, 4096};
    const struct decode_format *format = decode_format_named(name);
    ASSERT(format != NULL);
    (void)format->sniff(input, true);
    (void)format->sniff(input, false);
    steps_decode(want, format, options, input, 0);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct steps got;
        steps_decode(&got, format, options, input, steps[i]);
        ASSERT(slice_equal(buf_slice(&got.out), buf_slice(&want->out)));
        buf_free(&got.out);
    }
}

#endif
