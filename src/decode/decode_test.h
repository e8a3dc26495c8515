/* For the tests of decoders: a text is decoded into lines of text that a test can compare. */
#ifndef DECODE_DECODE_TEST_H
#define DECODE_DECODE_TEST_H

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"
#include "decode/decode.h"
#include "wire/json_writer.h"

struct decode_test {
    struct decode_options options;
    struct buf out;
    size_t events;
    size_t undecoded;
    size_t notes;
    size_t step; /* bytes that one read gives; 0: all */
    slice rest;
    const char *only; /* write these fields alone, "a,b", each as =value; NULL: the event as JSON */
};

static inline void decode_test_value(struct buf *out, const struct event *event, slice name)
{
    bool found = false;
    for (size_t i = 0; i < event->count; i++) {
        if (!slice_equal(event->fields[i].name, name))
            continue;
        buf_append(out, found ? S("|") : S(" "));
        if (!found) {
            buf_append(out, name);
            buf_append(out, S("="));
        }
        buf_append(out, event->fields[i].value);
        found = true;
    }
}

/* NUMBER@OFFSET TIME[?] FIELDS */
static inline enum result decode_test_on_event(void *context, struct event *event)
{
    struct decode_test *test = context;
    struct json_writer json;
    test->events++;
    buf_append_u64(&test->out, event->record.number);
    buf_append_byte(&test->out, '@');
    buf_append_u64(&test->out, event->record.offset);
    if (event->time_ns != CIVIL_TIME_NONE)
        buf_append_byte(&test->out, ' ');
    civil_append(&test->out, event->time_ns);
    if (event->time_assumed != 0)
        buf_append_byte(&test->out, '?');
    if (test->only == NULL) {
        buf_append_byte(&test->out, ' ');
        json_begin(&json, &test->out);
        event_write_json(event, &json, false);
    } else {
        slice rest = slice_from_cstr(test->only), name;
        while (slice_next(&rest, ',', &name))
            decode_test_value(&test->out, event, name);
    }
    buf_append_byte(&test->out, '\n');
    return RESULT_OK;
}

static inline void decode_test_on_undecoded(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct decode_test *test = context;
    test->undecoded++;
    buf_append_u64(&test->out, number);
    buf_append_byte(&test->out, '@');
    buf_append_u64(&test->out, offset);
    buf_append(&test->out, S(" !"));
    buf_append_u64(&test->out, why->code);
    buf_append_byte(&test->out, '\n');
    assert_int_not_equal(why->message_len, 0);
}

static inline void decode_test_on_note(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct decode_test *test = context;
    (void)number;
    (void)offset;
    assert_int_not_equal(why->message_len, 0);
    test->notes++;
}

static inline enum result decode_test_read(
    void *context, char *to, size_t len, size_t *got, struct error *err)
{
    struct decode_test *test = context;
    (void)err;
    *got = size_min(size_min(len, test->rest.len), test->step);
    for (size_t i = 0; i < *got; i++)
        to[i] = test->rest.at[i];
    test->rest = slice_from(test->rest, *got);
    return RESULT_OK;
}

/* Decodes the text; what came out is in test->out. */
static inline void decode_test_run(struct decode_test *test, const char *format, slice text)
{
    struct arena arena = {0};
    struct event event;
    struct error err;
    struct decode_job job = {.options = &test->options,
        .arena = &arena,
        .event = &event,
        .context = test,
        .on_event = decode_test_on_event,
        .on_undecoded = decode_test_on_undecoded,
        .on_note = decode_test_on_note};
    const struct decode_format *row = decode_format_named(slice_from_cstr(format));
    assert_non_null(row);
    buf_init(&test->out, (size_t)64 << 20);
    test->rest = text;
    struct stream *stream =
        test->step == 0 ? stream_from_memory(text) : stream_new(decode_test_read, test);
    assert_int_equal(row->decode(&job, stream, &err), RESULT_OK);
    assert_true(job.records >= test->events && job.records <= test->events + test->undecoded);
    stream_free(stream);
    arena_free(&arena);
}

/* The same, compared with `want`, read whole and byte by byte. */
static inline void decode_test_expect(
    const char *format, const char *only, slice text, const char *want)
{
    static const size_t steps[] = {0, 1};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct decode_test test = {.only = only, .step = steps[i]};
        decode_test_run(&test, format, text);
        buf_append_byte(&test.out, '\0');
        assert_string_equal(test.out.at, want);
        buf_free(&test.out);
    }
}

#endif
