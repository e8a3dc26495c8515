/* Datagrams one after the other, as a file has them: first a byte that says how each is damaged,
 * then two of length, then the datagram.
 *
 * Whatever they are: the same datagrams give the same events again; of one that is cut, events are
 * those at the front of the whole one's; events of one exporter do not depend on what another
 * sends; and a file of datagrams is the same whether it comes at once or byte by byte. */
#include "fuzz.h"

#include <xxhash.h>

#include "base/base.h"
#include "decode/flow.h"
#include "steps.h"

#define EVENTS_MAX 4096

struct seen {
    XXH64_hash_t events[EVENTS_MAX];
    size_t count;
    size_t size; /* of the datagram */
};

static enum result on_event(void *context, struct event *event)
{
    struct seen *seen = context;
    XXH64_hash_t hash = XXH3_64bits(&event->record.index, sizeof(event->record.index));
    ASSERT(event->record.index < seen->size);
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[i];
        hash = XXH3_64bits_withSeed(field->name.at, field->name.len, hash);
        hash = XXH3_64bits_withSeed(field->value.at, field->value.len, hash + field->type);
    }
    if (seen->count < EVENTS_MAX)
        seen->events[seen->count] = hash;
    seen->count++;
    return RESULT_OK;
}

static void on_report(void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    (void)context;
    (void)number;
    (void)offset;
    ASSERT(why->message_len > 0 && why->code != RESULT_OK);
}

static void give(struct flow_state *state, unsigned exporter, slice bytes, struct seen *seen)
{
    static struct arena arena;
    const struct decode_options options = {.year = 0};
    struct event event = {0};
    struct flow_outcome outcome;
    struct decode_job job = {.options = &options,
        .arena = &arena,
        .event = &event,
        .context = seen,
        .on_event = on_event,
        .on_undecoded = on_report,
        .on_note = on_report};
    /* In memory of its own, so that a read beyond it is seen. */
    char *copy = malloc(bytes.len + 1);
    ASSERT(copy != NULL);
    memcpy(copy, bytes.at, bytes.len);
    struct flow_datagram datagram = {
        .exporter = {.address = {10, 0, 0, (unsigned char)exporter}, .address_len = 4},
        .bytes = slice_make(copy, bytes.len),
        .received_ns = CIVIL_TIME_NONE};
    seen->count = 0;
    seen->size = bytes.len;
    ASSERT(flow_datagram(state, &job, &datagram, &outcome) == RESULT_OK);
    ASSERT(outcome.events == seen->count && seen->count <= bytes.len);
    flow_give_up(&job, &datagram, outcome.waiting);
    free(copy);
}

static bool begins(const struct seen *front, const struct seen *whole)
{
    size_t count = size_min(front->count, EVENTS_MAX);
    return front->count <= whole->count &&
           memcmp(front->events, whole->events, count * sizeof(whole->events[0])) == 0;
}

static slice next(slice *rest, unsigned *damage)
{
    size_t len =
        rest->len < 3 ? 0 : (size_t)(unsigned char)rest->at[1] << 8 | (unsigned char)rest->at[2];
    *damage = rest->len == 0 ? 0 : (unsigned char)rest->at[0];
    slice datagram = slice_sub(*rest, 3, len);
    *rest = slice_from(*rest, 3 + len);
    return datagram;
}

static void check_datagrams(slice input)
{
    static struct seen first, second, cut;
    struct flow_state *alone = flow_state_new();
    struct flow_state *disturbed = flow_state_new();
    slice rest = input;
    while (rest.len > 0) {
        unsigned damage;
        slice datagram = next(&rest, &damage);
        give(alone, 1, datagram, &first);
        give(disturbed, 1, datagram, &second);
        ASSERT(first.count == second.count && begins(&first, &second));
        give(disturbed, 2, slice_from(datagram, damage % 64), &cut);
        /* Of a state that knows the templates of the whole. */
        struct flow_state *fresh = flow_state_new();
        give(fresh, 1, datagram, &first);
        flow_state_free(fresh);
        fresh = flow_state_new();
        give(fresh, 1, slice_first(datagram, datagram.len - size_min(damage, datagram.len)), &cut);
        ASSERT(begins(&cut, &first));
        flow_state_free(fresh);
    }
    flow_state_free(alone);
    flow_state_free(disturbed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {0};
    struct steps whole;
    slice input = slice_make(data, size);
    steps_check(S("netflow"), &options, input, &whole);
    buf_free(&whole.out);
    check_datagrams(input);
    return 0;
}
