/* See timeline.h. */
#include "triage/timeline.h"

#include "base/base.h"

/* In place of a rule in the key. */
#define TIMELINE_RULE (SIGN_RULE_ALERT - 1)

/* Fields of Windows that stand in columns of their own or tell nobody anything. */
static bool timeline_is_dull(slice name)
{
    static const slice names[] = {S_INIT("Channel"), S_INIT("Computer"), S_INIT("EventID"),
        S_INIT("EventRecordID"), S_INIT("Provider_Name"), S_INIT("Provider_Guid"),
        S_INIT("Provider_EventSourceName"), S_INIT("Level"), S_INIT("Keywords"), S_INIT("Task"),
        S_INIT("Opcode"), S_INIT("Version"), S_INIT("Qualifiers"), S_INIT("EventID_Qualifiers"),
        S_INIT("ThreadID"), S_INIT("UserID")};
    static const slice prefixes[] = {
        S_INIT("TimeCreated"), S_INIT("Execution_"), S_INIT("Correlation"), S_INIT("Security_")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (slice_equal(name, names[i]))
            return true;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (slice_starts(name, prefixes[i]))
            return true;
    return false;
}

/* "4624 Microsoft-Windows-Security-Auditing: TargetUserName=bob; …" of what the product itself
 * says; the ECS fields say the same in other words. */
static slice timeline_told(const struct event *event, struct buf *message)
{
    slice code = event_value(event, S("event.code"));
    slice provider = event_value(event, S("event.provider"));
    buf_clear(message);
    buf_append(message, code);
    if (code.len > 0 && provider.len > 0)
        buf_append_byte(message, ' ');
    buf_append(message, provider);
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[i];
        if (field->ecs || field->value.len == 0 || timeline_is_dull(field->name))
            continue;
        buf_append(message, message->len > 0 ? S("; ") : S(""));
        buf_append(message, field->name);
        buf_append_byte(message, '=');
        buf_append(message, slice_first(field->value, TIMELINE_TEXT_MAX));
        if (message->len >= TIMELINE_MESSAGE_MAX)
            break;
    }
    return buf_slice(message);
}

/* The record as text, but of JSON the sentence that it carries; else its fields. */
static slice timeline_message(const struct event *event, struct buf *message)
{
    slice sentence = event_value(event, S("message"));
    if (event->raw.len > 0 && (sentence.len == 0 || !slice_starts(event->raw, S("{"))))
        return slice_trim(event->raw);
    if (sentence.len > 0 && event_value(event, S("Channel")).len == 0)
        return sentence;
    return timeline_told(event, message);
}

void timeline_from_event(struct event *event, const struct sign_place *place, slice host, slice log,
    struct buf *message, struct timeline_row *row)
{
    slice name = event_value(event, S("user.name"));
    slice user = entity_normal_user(event->arena, name, event_value(event, S("user.domain")));
    slice address = event_value(event, S("source.ip"));
    *row = (struct timeline_row){.time_ns = event->time_ns,
        .place = *place,
        .message = timeline_message(event, message),
        .host = host,
        .user = user.len > 0 ? user : name,
        .address = address.len > 0 ? address : event_value(event, S("source.address")),
        .log = log,
        .time_assumed = event->time_assumed != 0};
}

void timeline_write(struct buf *key, struct buf *payload, const struct timeline_row *row)
{
    const struct sign_key at = {
        .time_ns = row->time_ns, .place = row->place, .rule = TIMELINE_RULE};
    sign_key_write(key, &at);
    writer_u64(payload, row->place.number);
    writer_u8(payload, row->time_assumed ? 1 : 0);
    writer_slice(payload, slice_first(row->message, TIMELINE_MESSAGE_MAX));
    writer_slice(payload, slice_first(row->host, TIMELINE_TEXT_MAX));
    writer_slice(payload, slice_first(row->user, TIMELINE_TEXT_MAX));
    writer_slice(payload, slice_first(row->address, TIMELINE_TEXT_MAX));
    writer_slice(payload, slice_first(row->log, TIMELINE_TEXT_MAX));
}

bool timeline_read(slice key, slice payload, struct timeline_row *row)
{
    struct sign_key at;
    struct reader reader = reader_over(payload);
    if (!sign_key_read(key, &at))
        return false;
    struct timeline_row made = {.time_ns = at.time_ns, .place = at.place};
    made.place.number = reader_u64(&reader);
    made.time_assumed = reader_u8(&reader) != 0;
    made.message = reader_slice(&reader);
    made.host = reader_slice(&reader);
    made.user = reader_slice(&reader);
    made.address = reader_slice(&reader);
    made.log = reader_slice(&reader);
    if (reader.failed || reader_left(&reader) != 0)
        return false;
    *row = made;
    return true;
}

enum result timeline_next(struct sorter_reader *rows, struct timeline_row *row, struct error *err)
{
    slice key, payload;
    enum result result = sorter_next(rows, &key, &payload, err);
    /* Checked when it came in. */
    ASSERT(result != RESULT_OK || timeline_read(key, payload, row));
    return result;
}
