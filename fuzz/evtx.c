/* A log gives the same events and the same reports when it comes byte by byte. It never gives more
 * text than a bound for each of its bytes, and every event stands inside of it. Looking for records
 * to recover finds more, and changes nothing in what was not recovered. */
#include "fuzz.h"

#include <string.h>
#include <xxhash.h>

#include "base/base.h"
#include "decode/evtx.h"
#include "decode/evtx_record.h"

#define OFFSETS_MAX 4096

struct seen {
    XXH64_hash_t hash; /* of all events and reports */
    size_t size;       /* of the log */
    size_t text;
    size_t reports;
    struct {
        uint64_t offset;
        XXH64_hash_t hash;
    } events[OFFSETS_MAX]; /* that were not recovered */
    size_t count;
};

static XXH64_hash_t hash_event(const struct event *event)
{
    XXH64_hash_t hash = XXH3_64bits(&event->record.number, sizeof(event->record.number));
    hash = XXH3_64bits_withSeed(&event->time_ns, sizeof(event->time_ns), hash);
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[i];
        hash = XXH3_64bits_withSeed(field->name.at, field->name.len, hash);
        hash = XXH3_64bits_withSeed(field->value.at, field->value.len, hash + field->type);
    }
    return hash;
}

static enum result on_event(void *context, struct event *event)
{
    struct seen *seen = context;
    XXH64_hash_t hash = hash_event(event);
    ASSERT(event->record.offset < seen->size);
    for (size_t i = 0; i < event->count && !event->fields[i].ecs; i++)
        seen->text += event->fields[i].name.len + event->fields[i].value.len;
    seen->hash = XXH3_64bits_withSeed(&event->record.offset, sizeof(uint64_t), seen->hash ^ hash);
    if (!event->recovered && seen->count < OFFSETS_MAX) {
        seen->events[seen->count].offset = event->record.offset;
        seen->events[seen->count++].hash = hash;
    }
    return RESULT_OK;
}

static void on_report(void *context, uint64_t number, uint64_t offset, const struct error *why)
{
    struct seen *seen = context;
    ASSERT(offset <= seen->size && why->message_len > 0 && why->code != RESULT_OK);
    seen->reports++;
    seen->hash = XXH3_64bits_withSeed(&number, sizeof(number), seen->hash + offset);
    seen->hash = XXH3_64bits_withSeed(why->message, why->message_len, seen->hash);
}

static void decode(struct stream *stream, size_t size, bool recover, struct seen *seen)
{
    static struct arena arena;
    struct decode_options options = {.recover = recover};
    struct event event = {0};
    struct error err;
    struct decode_job job = {.options = &options,
        .arena = &arena,
        .event = &event,
        .context = seen,
        .on_event = on_event,
        .on_undecoded = on_report,
        .on_note = on_report};
    memset(seen, 0, sizeof(*seen));
    seen->size = size;
    ASSERT(evtx_decode(&job, stream, &err) == RESULT_OK);
    ASSERT(seen->text <= size * EVTX_TEXT_PER_BYTE);
    ASSERT(job.records <= size && seen->reports <= 2 * size + 2);
    stream_free(stream);
}

struct trickle {
    slice left;
};

static enum result read_one_byte(
    void *context, char *to, size_t len, size_t *got, struct error *err)
{
    struct trickle *trickle = context;
    (void)err;
    *got = len > 0 && trickle->left.len > 0;
    if (*got > 0)
        *to = trickle->left.at[0];
    trickle->left = slice_from(trickle->left, *got);
    return RESULT_OK;
}

/* What both runs did not recover must be the same. Events come in the order of their offsets. */
static void compare(const struct seen *plain, const struct seen *recovering)
{
    size_t other = 0;
    for (size_t i = 0; i < plain->count; i++) {
        while (
            other < recovering->count && recovering->events[other].offset < plain->events[i].offset)
            other++;
        if (other < recovering->count &&
            recovering->events[other].offset == plain->events[i].offset)
            ASSERT(recovering->events[other].hash == plain->events[i].hash);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seen plain, trickled, recovering;
    struct trickle trickle = {.left = slice_make(data, size)};
    decode(stream_from_memory(slice_make(data, size)), size, false, &plain);
    decode(stream_new(read_one_byte, &trickle), size, false, &trickled);
    ASSERT(plain.hash == trickled.hash);
    decode(stream_from_memory(slice_make(data, size)), size, true, &recovering);
    compare(&plain, &recovering);
    return 0;
}
