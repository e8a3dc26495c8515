/* See json_products.h. */
#include "decode/json_products.h"

#include "base/base.h"
#include "decode/message.h"
#include "decode/zeek_log.h"

/* A line of text and who wrote it, as the syslog decoder gives them. */
static void products_add_line(struct event *event, slice process, slice pid, slice host, slice text)
{
    uint64_t number;
    /* "postfix/smtpd" is a name, "/usr/sbin/cron" a path. */
    if (slice_starts(process, S("/")))
        process = slice_from(process, slice_find_last_byte(process, '/') + 1);
    event_add_ecs(event, S("process.name"), process, EVENT_STRING);
    if (slice_to_u64(pid, UINT32_MAX, &number))
        event_add_ecs(event, S("process.pid"), pid, EVENT_NUMBER);
    event_add_ecs(event, S("log.syslog.appname"), process, EVENT_STRING);
    event_add_ecs(event, S("host.name"), host, EVENT_STRING);
    if (!slice_is_absent(text))
        message_add(NULL, event, text);
}

/* --- Suricata --- */

static bool products_is_suricata(const struct json_events *events)
{
    return json_dialect_has(events, KEY_EVE_TYPE) && json_dialect_has(events, KEY_TIMESTAMP) &&
           (json_dialect_has(events, KEY_EVE_FLOW) || json_dialect_has(events, KEY_EVE_SOURCE) ||
               json_dialect_has(events, KEY_EVE_INTERFACE) ||
               json_dialect_has(events, KEY_EVE_STATS));
}

static void products_fill_suricata(struct json_events *events, struct event *event)
{
    json_dialect_add_all(events, event, false);
    json_dialect_name(event, S("suricata"), S("suricata.eve"));
    (void)json_dialect_time_key(events, event, KEY_TIMESTAMP);
}

/* --- Zeek --- */

static bool products_has_name(const void *context, slice name)
{
    const struct json_events *events = context;
    for (size_t i = 0; i < events->count; i++)
        if (slice_equal(events->fields[i].path, name))
            return true;
    return false;
}

static bool products_is_zeek(const struct json_events *events)
{
    return json_dialect_has(events, KEY_TS) &&
           (json_dialect_has(events, KEY_ZEEK_PATH) || json_dialect_has(events, KEY_ZEEK_UID) ||
               json_dialect_has(events, KEY_ZEEK_ORIG) || json_dialect_has(events, KEY_ZEEK_FUID) ||
               !slice_is_absent(zeek_log_of_fields(products_has_name, events)));
}

static void products_fill_zeek(struct json_events *events, struct event *event)
{
    slice dataset = zeek_log_of_path(event->arena, json_dialect_value(events, KEY_ZEEK_PATH));
    if (slice_is_absent(dataset))
        dataset = zeek_log_of_fields(products_has_name, events);
    json_dialect_add_all(events, event, false);
    json_dialect_name(event, S("zeek"), dataset);
    (void)json_dialect_time_key(events, event, KEY_TS);
}

/* --- the systemd journal: systemd.journal-fields(7), "Journal JSON Format" --- */

/* A message that is no UTF-8 is a list of the numbers of its bytes. */
static slice products_journal_message(struct json_events *events, struct event *event)
{
    const struct json_field *first = events->at[KEY_JOURNAL_MESSAGE];
    const struct json_field *end = events->fields + events->count;
    size_t len = 0;
    if (first == NULL || first->type != JSON_NUMBER)
        return json_dialect_value(events, KEY_JOURNAL_MESSAGE);
    char *bytes = arena_bytes(event->arena, (size_t)(end - first));
    for (const struct json_field *field = first; field < end; field++) {
        uint64_t byte;
        if (slice_equal(field->path, first->path) && slice_to_u64(field->value, 255, &byte))
            bytes[len++] = (char)byte;
    }
    arena_shrink(event->arena, bytes, len);
    return slice_make(bytes, len);
}

static void products_fill_journal(struct json_events *events, struct event *event)
{
    slice message = products_journal_message(events, event);
    slice process = json_dialect_value(events, KEY_JOURNAL_IDENTIFIER);
    slice pid = json_dialect_value(events, KEY_JOURNAL_PID);
    for (size_t i = 0; i < events->count; i++) {
        const struct json_field *field = &events->fields[i];
        if (!slice_equal(field->path, S("MESSAGE")))
            json_dialect_add(event, field->path, field, false);
    }
    event_add_string(event, S("MESSAGE"), message);
    if (!json_dialect_time_key(events, event, KEY_JOURNAL_SOURCE_TIME))
        (void)json_dialect_time_key(events, event, KEY_JOURNAL_TIME);
    if (process.len == 0)
        process = json_dialect_value(events, KEY_JOURNAL_COMM);
    if (pid.len == 0)
        pid = json_dialect_value(events, KEY_JOURNAL_SYSLOG_PID);
    products_add_line(event, process, pid, json_dialect_value(events, KEY_JOURNAL_HOST), message);
}

/* --- CloudTrail --- */

static bool products_is_trail(const struct json_events *events)
{
    return json_dialect_has(events, KEY_TRAIL_VERSION) &&
           json_dialect_has(events, KEY_TRAIL_SOURCE) && json_dialect_has(events, KEY_TRAIL_NAME);
}

/* Rules look into some objects as text. */
static void products_fill_trail(struct json_events *events, struct event *event)
{
    static const slice texts[] = {S_INIT("requestParameters"), S_INIT("responseElements"),
        S_INIT("additionalEventData"), S_INIT("serviceEventDetails")};
    json_dialect_add_all(events, event, false);
    for (size_t i = 0; i < events->count; i++)
        for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++)
            if (events->fields[i].type == JSON_OBJECT &&
                slice_equal(events->fields[i].path, texts[j]))
                event_add_string(event, texts[j], events->fields[i].value);
    json_dialect_name(event, S("aws"), S("aws.cloudtrail"));
    (void)json_dialect_time_key(events, event, KEY_TRAIL_TIME);
}

/* --- lines of text in records --- */

static void products_fill_azure(struct json_events *events, struct event *event)
{
    slice host = json_dialect_value(events, KEY_AZURE_HOST);
    json_dialect_add_all(events, event, false);
    (void)json_dialect_time_key(events, event, KEY_WIN_TIMEGENERATED);
    if (host.len == 0)
        host = json_dialect_value(events, KEY_WIN_COMPUTER);
    products_add_line(event, json_dialect_value(events, KEY_AZURE_PROCESS),
        json_dialect_value(events, KEY_AZURE_PID), host,
        json_dialect_value(events, KEY_AZURE_MESSAGE));
}

static void products_fill_docker(struct json_events *events, struct event *event)
{
    const slice none = {NULL, 0};
    slice line = json_dialect_value(events, KEY_DOCKER_LOG);
    while (slice_ends(line, S("\n")) || slice_ends(line, S("\r")))
        line.len--;
    json_dialect_add_all(events, event, false);
    (void)json_dialect_time_key(events, event, KEY_TIME);
    products_add_line(event, none, none, none, line);
}

static void products_fill_gelf(struct json_events *events, struct event *event)
{
    const slice none = {NULL, 0};
    slice text = json_dialect_value(events, KEY_GELF_FULL);
    json_dialect_add_all(events, event, false);
    products_add_line(event, none, none, json_dialect_value(events, KEY_GELF_HOST),
        text.len > 0 ? text : json_dialect_value(events, KEY_GELF_SHORT));
}

bool json_products_fill(struct json_events *events, struct event *event)
{
    if (json_dialect_has(events, KEY_JOURNAL_TIME))
        products_fill_journal(events, event);
    else if (products_is_suricata(events))
        products_fill_suricata(events, event);
    else if (products_is_trail(events))
        products_fill_trail(events, event);
    else if (json_dialect_has(events, KEY_AZURE_MESSAGE))
        products_fill_azure(events, event);
    else if (json_dialect_has(events, KEY_DOCKER_LOG) &&
             json_dialect_has(events, KEY_DOCKER_STREAM) && json_dialect_has(events, KEY_TIME))
        products_fill_docker(events, event);
    else if (json_dialect_has(events, KEY_GELF_SHORT) && json_dialect_has(events, KEY_GELF_HOST) &&
             json_dialect_has(events, KEY_VERSION))
        products_fill_gelf(events, event);
    else if (products_is_zeek(events))
        products_fill_zeek(events, event);
    else
        return false;
    return true;
}
