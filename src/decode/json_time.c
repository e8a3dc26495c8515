/* See json_time.h. */
#include "decode/json_time.h"

#include "base/base.h"

static const slice time_names[] = {S_INIT("@timestamp"), S_INIT("timestamp"), S_INIT("time"),
    S_INIT("ts"), S_INIT("datetime"), S_INIT("eventTime"), S_INIT("event_time"),
    S_INIT("eventTimestamp"), S_INIT("event.created"), S_INIT("TimeCreated"), S_INIT("UtcTime"),
    S_INIT("TimeGenerated"), S_INIT("time_generated"), S_INIT("generated_time"),
    S_INIT("CreationTime"), S_INIT("createdDateTime"), S_INIT("activityDateTime"),
    S_INIT("eventDateTime"), S_INIT("eventCreationTime"), S_INIT("metadata.eventCreationTime"),
    S_INIT("published"), S_INIT("occurred_at"), S_INIT("createdAt"), S_INIT("created_at"),
    S_INIT("id.time"), S_INIT("_time"), S_INIT("log_time"), S_INIT("logtime"), S_INIT("log.time"),
    S_INIT("start_time"), S_INIT("startTime"), S_INIT("start"), S_INIT("date_time"),
    S_INIT("dateTime"), S_INIT("date"), S_INIT("EventTime"), S_INIT("EventReceivedTime"),
    S_INIT("receiveTimestamp"), S_INIT("receivedTime"), S_INIT("updatedAt"), S_INIT("updated_at"),
    S_INIT("lastEventDateTime"), S_INIT("first_seen"), S_INIT("firstSeen"), S_INIT("last_seen"),
    S_INIT("lastSeen"), S_INIT("created"), S_INIT("created_time"), S_INIT("t"), S_INIT("epoch"),
    S_INIT("unixtime")};

const slice *json_time_names(size_t *count)
{
    *count = sizeof(time_names) / sizeof(time_names[0]);
    return time_names;
}

bool json_time_is_name(slice name)
{
    for (size_t i = 0; i < sizeof(time_names) / sizeof(time_names[0]); i++)
        if (slice_equal_nocase(name, time_names[i]))
            return true;
    return false;
}

static bool time_from_unix(slice value, struct stamp *stamp)
{
    int64_t time_ns;
    double seconds;
    if (!stamp_unix(value, &time_ns)) {
        /* 1.6e9: some encoders write large numbers so. */
        if (slice_find_byte(value, 'e') == value.len && slice_find_byte(value, 'E') == value.len)
            return false;
        if (!slice_to_double(value, &seconds) || seconds < 1e8 || seconds > 9e9)
            return false;
        time_ns = (int64_t)(seconds * 1e6) * 1000;
    }
    *stamp = (struct stamp){.len = value.len};
    civil_from_ns(time_ns, &stamp->civil);
    return true;
}

/* What .NET's JSON writes: /Date(1589295185123)/, a zone inside allowed and without meaning. */
static bool time_from_dotnet(slice value, struct stamp *stamp)
{
    if (!slice_starts(value, S("/Date(")) || !slice_ends(value, S(")/")))
        return false;
    slice number = slice_sub(value, 6, value.len - 8);
    size_t zone = size_min(slice_find_byte(number, '+'), slice_find_byte(number, '-'));
    return time_from_unix(slice_first(number, zone), stamp);
}

static bool time_from_date(slice value, struct stamp *stamp)
{
    char text[sizeof("2026-11-20T00:00:00")];
    struct buf buf;
    if (value.len != 10 || !byte_is_digit(value.at[9]))
        return false;
    buf_init_fixed(&buf, text, sizeof(text));
    buf_append(&buf, value);
    buf_append(&buf, S("T00:00:00"));
    return stamp_iso(buf_slice(&buf), stamp) && stamp->len == buf.len;
}

bool json_time_read(slice value, struct stamp *stamp)
{
    value = slice_trim(value);
    if (value.len == 0)
        return false;
    if (byte_is_digit(value.at[0]) && time_from_unix(value, stamp))
        return true;
    return stamp_any(value, stamp) || time_from_dotnet(value, stamp) ||
           time_from_date(value, stamp);
}
