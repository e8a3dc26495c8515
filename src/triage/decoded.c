/* See decoded.h. The worker sends fields, not JSON: the parent writes both formats, and whatever a
 * worker that was broken into sends, what is printed is well formed. */
#include "triage/decoded.h"

#include "base/base.h"
#include "triage/shown.h"

/* In the byte that describes a field. */
#define DECODED_ECS  0x80U
#define DECODED_TYPE 0x7fU
/* Of a field besides its texts. */
#define DECODED_FIELD_HEADER 9U
/* Kept free for what tells that something was cut. */
#define DECODED_CUT_ROOM 64U
/* The event of a record that was lost comes behind those that the record gave. */
#define DECODED_LOST_INDEX UINT32_MAX

static void decoded_put(
    struct buf *payload, slice name, slice value, enum event_type type, bool ecs)
{
    writer_u8(payload, (uint8_t)((unsigned)type | (ecs ? DECODED_ECS : 0)));
    writer_slice(payload, name);
    writer_slice(payload, value);
}

/* False when the field had to be cut or left out. */
static bool decoded_put_field(struct buf *payload, const struct event_field *field, slice name)
{
    size_t room = DECODED_ROW_MAX - DECODED_CUT_ROOM - payload->len;
    if (room < DECODED_FIELD_HEADER || name.len > room - DECODED_FIELD_HEADER)
        return false;
    slice value = slice_first(field->value, room - DECODED_FIELD_HEADER - name.len);
    decoded_put(payload, name, value, field->type, field->ecs);
    return value.len == field->value.len;
}

static void decoded_put_assumed(struct buf *payload, unsigned assumed)
{
    static const slice name = S_INIT("hikeshi.time_assumed");
    if (assumed & EVENT_TIME_ASSUMED_YEAR)
        decoded_put(payload, name, S("year"), EVENT_STRING, false);
    if (assumed & EVENT_TIME_ASSUMED_ZONE)
        decoded_put(payload, name, S("zone"), EVENT_STRING, false);
}

void decoded_write(struct buf *key, struct buf *payload, const struct event *event,
    const struct sign_place *place, slice decoder)
{
    bool whole = event->dropped_fields == 0;
    struct shown shown;
    shown_begin(&shown, event, decoder);
    sign_place_key_write(key, place);
    sign_place_write(payload, place);
    writer_slice(payload, decoder);
    writer_u64(payload, (uint64_t)event->time_ns);
    if (shown.timed)
        decoded_put_assumed(payload, event->time_assumed);
    for (size_t i = 0; i < event->count; i++) {
        slice name = shown_name(&shown, &event->fields[i]);
        if (!slice_is_absent(name))
            whole = decoded_put_field(payload, &event->fields[i], name) && whole;
    }
    if (!whole)
        decoded_put(payload, S("hikeshi.cut"), S("true"), EVENT_BOOL, false);
}

void decoded_write_lost(struct buf *key, struct buf *payload, const struct sign_place *place,
    slice decoder, const struct error *why)
{
    struct sign_place last = *place;
    last.index = DECODED_LOST_INDEX;
    sign_place_key_write(key, &last);
    sign_place_write(payload, &last);
    writer_slice(payload, decoder);
    writer_u64(payload, (uint64_t)CIVIL_TIME_NONE);
    decoded_put(payload, S("event.undecoded"), S("record"), EVENT_STRING, true);
    decoded_put(payload, S("error.message"), error_message_english(why), EVENT_STRING, true);
}

static bool decoded_next(struct reader *reader, struct event_field *field)
{
    unsigned head = reader_u8(reader);
    field->name = reader_slice(reader);
    field->value = reader_slice(reader);
    field->type = (enum event_type)(head & DECODED_TYPE);
    field->ecs = (head & DECODED_ECS) != 0;
    return !reader->failed && (head & DECODED_TYPE) <= EVENT_NULL && field->name.len > 0;
}

static void decoded_add_time(struct event *event)
{
    if (event->time_ns == CIVIL_TIME_NONE)
        return;
    slice stamp = civil_text(event->arena, event->time_ns);
    event_add_ecs(event, S("@timestamp"), stamp, EVENT_STRING);
}

/* What stands before the fields. */
static bool decoded_read_head(struct reader *reader, struct decoded_row *row)
{
    row->place = sign_place_read(reader);
    row->decoder = reader_slice(reader);
    row->event.time_ns = (int64_t)reader_u64(reader);
    return !reader->failed;
}

void decoded_read(slice payload, struct arena *arena, struct decoded_row *row)
{
    struct reader reader = reader_over(payload);
    struct event_field field;
    event_reset(&row->event, arena);
    /* Checked when it came in. */
    ASSERT(decoded_read_head(&reader, row));
    decoded_add_time(&row->event);
    while (reader_left(&reader) > 0) {
        ASSERT(decoded_next(&reader, &field));
        event_put(&row->event, field.name, field.value, field.type, field.ecs);
    }
}

bool decoded_check(slice key, slice payload)
{
    struct reader reader = reader_over(payload);
    struct event_field field;
    struct decoded_row row;
    bool good = key.len == SIGN_PLACE_KEY_LEN && decoded_read_head(&reader, &row);
    while (good && reader_left(&reader) > 0)
        good = decoded_next(&reader, &field);
    return good;
}
