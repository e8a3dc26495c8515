/* For the tests of flow records: datagrams are decoded into lines that a test can compare:
 *     eINDEX name=value|value name=value      an event and those of its fields that were asked for
 *     uCODE                                   something undecoded, or with n a note
 */
#ifndef DECODE_FLOW_TEST_H
#define DECODE_FLOW_TEST_H

#include "base/test.h"

#include "base/base.h"
#include "decode/decode_test.h"
#include "decode/flow.h"
#include "decode/flow_builder.h"

struct flow_test {
    struct flow_state *state;
    struct arena arena;
    struct event event;
    struct buf out;
    const char *names; /* "a,b" */
    struct flow_exporter exporter;
    uint64_t waiting; /* of the last datagram */
    int64_t received_ns;
};

static inline enum result flow_test_on_event(void *context, struct event *event)
{
    struct flow_test *test = context;
    slice rest = slice_from_cstr(test->names), name;
    buf_append_byte(&test->out, 'e');
    buf_append_u64(&test->out, event->record.index);
    while (slice_next(&rest, ',', &name))
        decode_test_value(&test->out, event, name);
    buf_append_byte(&test->out, '\n');
    return RESULT_OK;
}

static inline void flow_test_code(struct flow_test *test, char kind, const struct error *why)
{
    assert_int_not_equal(why->message_len, 0);
    buf_append_byte(&test->out, kind);
    buf_append_u64(&test->out, why->code);
    buf_append_byte(&test->out, '\n');
}

static inline void flow_test_on_undecoded(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    (void)number;
    (void)offset;
    flow_test_code(context, 'u', why);
}

static inline void flow_test_on_note(
    void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    (void)number;
    (void)offset;
    flow_test_code(context, 'n', why);
}

static inline void flow_test_begin(struct flow_test *test, const char *names)
{
    *test = (struct flow_test){.state = flow_state_new(),
        .names = names,
        .exporter = {.address = {192, 0, 2, 1}, .address_len = 4, .port = 4444},
        .received_ns = CIVIL_TIME_NONE};
    buf_init(&test->out, (size_t)64 << 20);
}

static inline void flow_test_end(struct flow_test *test)
{
    flow_state_free(test->state);
    arena_free(&test->arena);
    buf_free(&test->out);
}

static inline void flow_test_give(struct flow_test *test, slice bytes, uint64_t only)
{
    struct flow_outcome outcome;
    struct decode_options options = {.year = 0};
    struct decode_job job = {.options = &options,
        .arena = &test->arena,
        .event = &test->event,
        .context = test,
        .on_event = flow_test_on_event,
        .on_undecoded = flow_test_on_undecoded,
        .on_note = flow_test_on_note};
    struct flow_datagram datagram = {.exporter = test->exporter,
        .bytes = bytes,
        .number = 1,
        .received_ns = test->received_ns,
        .only = only};
    assert_int_equal(flow_datagram(test->state, &job, &datagram, &outcome), RESULT_OK);
    test->waiting = outcome.waiting;
}

/* Decodes the datagram that the builder holds and compares the lines that come of it. */
static inline void flow_test_expect(
    struct flow_test *test, struct flow_builder *builder, const char *want)
{
    buf_clear(&test->out);
    flow_test_give(test, flow_builder_end(builder), 0);
    buf_append_byte(&test->out, '\0');
    assert_string_equal(test->out.at, want);
}

#endif
