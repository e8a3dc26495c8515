/* See json_windows.h. */
#include "decode/json_windows.h"

#include "base/base.h"
#include "decode/json_time.h"
#include "decode/product_names.h"
#include "decode/windows.h"

/* The names of windows.h, and those that other writers give the same thing, the most certain first.
 */
static const struct {
    slice name;
    enum json_key others[8]; /* ends with KEY_COUNT or the array */
} windows_names[] = {
    {S_INIT("Channel"), {KEY_WIN_CHANNEL, KEY_BEAT_CHANNEL, KEY_BEAT6_CHANNEL, KEY_WIN_LOGNAME,
                            KEY_WIN_EVENTLOG, KEY_COUNT}},
    {S_INIT("EventID"), {KEY_WIN_EVENTID, KEY_BEAT_EVENT_ID, KEY_BEAT6_EVENT_ID,
                            KEY_WIN_EVENTID_LOWER, KEY_WIN_ID, KEY_EVENT_CODE, KEY_COUNT}},
    {S_INIT("Provider_Name"),
        {KEY_WIN_PROVIDER_NAME, KEY_BEAT_PROVIDER, KEY_BEAT6_PROVIDER, KEY_WIN_PROVIDERNAME,
            KEY_WIN_SOURCENAME, KEY_WIN_EVENTSOURCENAME, KEY_WIN_PROVIDER, KEY_WIN_SOURCE}},
    {S_INIT("Computer"), {KEY_WIN_COMPUTER, KEY_BEAT_COMPUTER, KEY_BEAT6_COMPUTER, KEY_WIN_HOSTNAME,
                             KEY_WIN_MACHINENAME, KEY_COUNT}},
    {S_INIT("EventRecordID"),
        {KEY_WIN_EVENTRECORDID, KEY_BEAT_RECORD, KEY_BEAT6_RECORD, KEY_WIN_EVENTRECORDID_LOWER,
            KEY_WIN_RECORDNUMBER, KEY_WIN_RECORDID, KEY_COUNT}},
    {S_INIT("Provider_Guid"), {KEY_BEAT_GUID, KEY_BEAT6_GUID, KEY_COUNT}},
    {S_INIT("UserID"), {KEY_BEAT_USER, KEY_BEAT6_USER, KEY_COUNT}},
    {S_INIT("Execution_ProcessID"),
        {KEY_BEAT_PROCESS, KEY_BEAT6_PROCESS, KEY_WIN_EXECUTION, KEY_COUNT}},
    {S_INIT("Execution_ThreadID"), {KEY_BEAT_THREAD, KEY_BEAT6_THREAD, KEY_WIN_THREAD, KEY_COUNT}},
    {S_INIT("ActivityID"), {KEY_BEAT_ACTIVITY, KEY_COUNT}},
    {S_INIT("Task"), {KEY_BEAT_TASK, KEY_BEAT6_TASK, KEY_COUNT}},
    {S_INIT("Level"), {KEY_BEAT_LEVEL, KEY_COUNT}},
    {S_INIT("Opcode"), {KEY_BEAT_OPCODE, KEY_BEAT6_OPCODE, KEY_COUNT}},
    {S_INIT("Keywords"), {KEY_BEAT_KEYWORDS, KEY_BEAT6_KEYWORDS, KEY_COUNT}},
    {S_INIT("Version"), {KEY_BEAT_VERSION, KEY_VERSION, KEY_COUNT}},
    {S_INIT("Message"), {KEY_WIN_MESSAGE, KEY_MESSAGE, KEY_WIN_RENDERED, KEY_COUNT}},
};

#define WINDOWS_OTHERS_MAX (sizeof(windows_names[0].others) / sizeof(windows_names[0].others[0]))

/* Adds the shared names that the record does not have itself. */
static void windows_add_names(struct json_events *events, struct event *event)
{
    for (size_t i = 0; i < sizeof(windows_names) / sizeof(windows_names[0]); i++) {
        for (size_t j = 0; j < WINDOWS_OTHERS_MAX && windows_names[i].others[j] != KEY_COUNT; j++) {
            const struct json_field *field = events->at[windows_names[i].others[j]];
            if (slice_is_absent(json_dialect_value(events, windows_names[i].others[j])))
                continue;
            if (!slice_equal(field->path, windows_names[i].name))
                json_dialect_add(event, windows_names[i].name, field, false);
            break;
        }
    }
}

static bool windows_has_any(
    const struct json_events *events, const enum json_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (json_dialect_has(events, keys[i]))
            return true;
    return false;
}

#define WINDOWS_HAS_ANY(events, ...)                                                               \
    windows_has_any(events, (const enum json_key[]){__VA_ARGS__},                                  \
        sizeof((enum json_key[]){__VA_ARGS__}) / sizeof(enum json_key))

/* --- winlogbeat --- */

/* `winlog.event_data.X` and its like are X. */
static slice windows_beat_data(slice path)
{
    static const slice prefixes[] = {S_INIT("winlog.event_data."), S_INIT("winlog.user_data."),
        S_INIT("event_data."), S_INIT("user_data.")};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (slice_starts(path, prefixes[i]) && path.len > prefixes[i].len)
            return slice_from(path, prefixes[i].len);
    return (slice){NULL, 0};
}

/* The agent's event.action is the task that the event belongs to, for want of something better. */
static bool windows_is_task(const struct json_events *events, const struct json_field *field)
{
    return slice_equal(field->path, S("event.action")) &&
           slice_equal(field->value, json_dialect_value(events, KEY_BEAT_TASK));
}

/* An event that went through a file or a forwarder has another time in @timestamp. */
static void windows_fill_beat(struct json_events *events, struct event *event, bool ecs)
{
    for (size_t i = 0; i < events->count; i++) {
        const struct json_field *field = &events->fields[i];
        slice name = windows_beat_data(field->path);
        if (windows_is_task(events, field))
            continue;
        if (slice_is_absent(name))
            json_dialect_add(event, field->path, field, ecs && product_names_is_ecs(field->path));
        else
            json_dialect_add(event, name, field, false);
    }
    windows_add_names(events, event);
    if (!json_dialect_time_key(events, event, KEY_BEAT_CREATED))
        (void)json_dialect_time_key(events, event, KEY_AT_TIMESTAMP);
}

/* --- flat --- */

/* NXLog writes EventTime and EventReceivedTime in local time without a zone, and what forwards it
 * adds @timestamp in UTC when it arrives. The two times of arrival give the zone, in quarters of an
 * hour. */
static bool windows_time_by_arrival(struct json_events *events, struct event *event)
{
    const int64_t quarter_s = 900, arrival_max_s = 120;
    struct stamp local, received, arrived;
    int64_t local_ns, received_ns, arrived_ns;
    if (!json_time_read(json_dialect_value(events, KEY_WIN_EVENTTIME), &local) ||
        !json_time_read(json_dialect_value(events, KEY_WIN_RECEIVED), &received) ||
        !json_time_read(json_dialect_value(events, KEY_AT_TIMESTAMP), &arrived) ||
        local.missing != STAMP_NO_ZONE || received.missing != STAMP_NO_ZONE || arrived.missing != 0)
        return false;
    if (!stamp_to_ns(&received, 0, 0, &received_ns) || !stamp_to_ns(&arrived, 0, 0, &arrived_ns))
        return false;
    int64_t ahead_s = received_ns / CIVIL_NS_PER_S - arrived_ns / CIVIL_NS_PER_S;
    int64_t half = ahead_s < 0 ? -quarter_s / 2 : quarter_s / 2;
    int64_t zone_s = (ahead_s + half) / quarter_s * quarter_s;
    if (ahead_s - zone_s > arrival_max_s || zone_s - ahead_s > arrival_max_s ||
        zone_s > CIVIL_S_PER_DAY || -zone_s > CIVIL_S_PER_DAY ||
        !stamp_to_ns(&local, 0, (int32_t)zone_s, &local_ns))
        return false;
    event->time_ns = local_ns;
    return true;
}

/* Sysmon's UtcTime is UTC by its name. Then what has a zone, the event's own before the
 * forwarder's; then what has none. */
static void windows_flat_time(struct json_events *events, struct event *event)
{
    static const enum json_key zoned[] = {KEY_WIN_TIMECREATED, KEY_WIN_EVENTTIME};
    static const enum json_key any[] = {
        KEY_WIN_TIMEGENERATED, KEY_WIN_TIMECREATED, KEY_WIN_EVENTTIME, KEY_AT_TIMESTAMP};
    if (json_dialect_time(events, event, json_dialect_value(events, KEY_WIN_UTCTIME), true, false))
        return;
    for (size_t i = 0; i < sizeof(zoned) / sizeof(zoned[0]); i++)
        if (json_dialect_time(events, event, json_dialect_value(events, zoned[i]), false, true))
            return;
    if (windows_time_by_arrival(events, event) ||
        json_dialect_time(events, event, json_dialect_value(events, KEY_AT_TIMESTAMP), false, true))
        return;
    for (size_t i = 0; i < sizeof(any) / sizeof(any[0]); i++)
        if (json_dialect_time_key(events, event, any[i]))
            return;
}

/* --- nested --- */

/* Where a path is in the event's XML. */
struct windows_path {
    slice part;      /* System, EventData … */
    slice element;   /* the last element */
    slice attribute; /* absent: the element's text */
};

static bool windows_is_text_mark(slice segment)
{
    static const slice marks[] = {S_INIT("#text"), S_INIT("_text"), S_INIT("$t"), S_INIT("text")};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (slice_equal(segment, marks[i]))
            return true;
    return false;
}

static bool windows_is_attribute_mark(slice segment)
{
    static const slice marks[] = {
        S_INIT("#attributes"), S_INIT("@attributes"), S_INIT("_attributes"), S_INIT("$")};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (slice_equal(segment, marks[i]))
            return true;
    return false;
}

/* Takes one segment of a path into account. */
static void windows_path_step(struct windows_path *path, slice segment, bool *in_attributes)
{
    const slice suffix = S_INIT("_attributes");
    if (slice_is_absent(path->part)) {
        path->part = segment;
        path->element = segment;
    } else if (*in_attributes) {
        path->attribute = segment;
    } else if (windows_is_attribute_mark(segment)) {
        *in_attributes = true;
    } else if (slice_starts(segment, S("@")) || slice_starts(segment, S("-"))) {
        path->attribute = slice_from(segment, 1);
    } else if (!windows_is_text_mark(segment)) {
        *in_attributes = slice_ends(segment, suffix);
        path->element = *in_attributes ? slice_first(segment, segment.len - suffix.len) : segment;
    }
}

static struct windows_path windows_path_read(slice text)
{
    struct windows_path path = {.part = {NULL, 0}};
    bool in_attributes = false;
    slice rest = slice_starts(text, S("Event.")) ? slice_from(text, 6) : text;
    slice segment;
    while (slice_next(&rest, '.', &segment))
        windows_path_step(&path, segment, &in_attributes);
    return path;
}

/* Adds one leaf. *name is what a Data element before it was called: absent when it had no name, or
 * its text was added. */
static void windows_add_nested(struct event *event, const struct json_field *field, slice *name)
{
    struct windows_path path = windows_path_read(field->path);
    bool data = slice_equal(path.element, S("Data")) && slice_equal(path.part, S("EventData"));
    if (slice_starts(path.attribute, S("xmlns")))
        return;
    if (slice_equal(path.part, S("System"))) {
        if (!slice_is_absent(path.attribute))
            path.element = windows_system_attribute(event->arena, path.element, path.attribute);
        windows_add_system(event, path.element, field->value);
        return;
    }
    if (data && slice_equal(path.attribute, S("Name"))) {
        if (!slice_is_absent(*name))
            event_add_string(event, *name, S(""));
        *name = field->value;
        return;
    }
    if (!slice_is_absent(path.attribute))
        path.element = windows_join(event->arena, path.element, path.attribute);
    else if (data && !slice_is_absent(*name))
        path.element = *name;
    if (data)
        *name = (slice){NULL, 0};
    json_dialect_add(event, path.element, field, false);
}

static bool windows_is_nested(const struct json_events *events)
{
    return WINDOWS_HAS_ANY(events, KEY_NESTED_CHANNEL, KEY_NESTED_EVENT_ID,
               KEY_NESTED_EVENT_ID_TEXT, KEY_NESTED_COMPUTER) ||
           (WINDOWS_HAS_ANY(events, KEY_BARE_CHANNEL, KEY_BARE_COMPUTER) &&
               json_dialect_has(events, KEY_NESTED_SYSTEM));
}

static void windows_fill_nested(struct json_events *events, struct event *event)
{
    static const slice parts[] = {S_INIT("Event."), S_INIT("System."), S_INIT("EventData."),
        S_INIT("UserData."), S_INIT("RenderingInfo.")};
    slice name = {NULL, 0};
    for (size_t i = 0; i < events->count; i++) {
        const struct json_field *field = &events->fields[i];
        bool inside = false;
        if (field->type == JSON_OBJECT || field->type == JSON_ARRAY)
            continue;
        for (size_t j = 0; j < sizeof(parts) / sizeof(parts[0]); j++)
            inside = inside || slice_starts(field->path, parts[j]);
        if (inside)
            windows_add_nested(event, field, &name);
        else
            json_dialect_add(event, field->path, field, false);
    }
    if (!slice_is_absent(name))
        event_add_string(event, name, S(""));
}

static bool windows_is_flat(const struct json_events *events)
{
    if (WINDOWS_HAS_ANY(events, KEY_WIN_EVENTID, KEY_WIN_EVENTID_LOWER))
        return WINDOWS_HAS_ANY(events, KEY_WIN_CHANNEL, KEY_WIN_PROVIDER_NAME, KEY_WIN_PROVIDERNAME,
            KEY_WIN_SOURCENAME, KEY_WIN_EVENTSOURCENAME, KEY_WIN_LOGNAME, KEY_WIN_EVENTLOG,
            KEY_WIN_PROVIDER);
    return json_dialect_has(events, KEY_WIN_ID) && json_dialect_has(events, KEY_WIN_LOGNAME) &&
           json_dialect_has(events, KEY_WIN_PROVIDERNAME);
}

/* EvtxECmd gives what is in EventData or UserData as one text in JSON. */
static void windows_add_payload(struct json_events *events, struct event *event, slice text)
{
    struct json_flat payload;
    slice name = {NULL, 0};
    text = slice_trim(text);
    if (!slice_starts(text, S("{")) ||
        json_flatten(events->parser, event->arena, text, &payload, NULL) != RESULT_OK)
        return;
    for (size_t i = 0; i < payload.count; i++)
        if (payload.fields[i].type != JSON_OBJECT && payload.fields[i].type != JSON_ARRAY)
            windows_add_nested(event, &payload.fields[i], &name);
    if (!slice_is_absent(name))
        event_add_string(event, name, S(""));
}

static void windows_fill_flat(struct json_events *events, struct event *event)
{
    json_dialect_add_all(events, event, false);
    windows_add_names(events, event);
    windows_flat_time(events, event);
    (void)json_dialect_xml(event, json_dialect_value(events, KEY_WIN_EVENTDATA));
    windows_add_payload(events, event, json_dialect_value(events, KEY_WIN_PAYLOAD));
}

bool json_windows_fill(struct json_events *events, struct event *event)
{
    if (WINDOWS_HAS_ANY(events, KEY_BEAT_CHANNEL, KEY_BEAT_EVENT_ID, KEY_BEAT_PROVIDER))
        windows_fill_beat(events, event, true);
    else if (json_dialect_has(events, KEY_BEAT6_EVENT_ID) &&
             WINDOWS_HAS_ANY(events, KEY_BEAT6_CHANNEL, KEY_BEAT6_PROVIDER))
        windows_fill_beat(events, event, false);
    else if (windows_is_nested(events))
        windows_fill_nested(events, event);
    else if (windows_is_flat(events))
        windows_fill_flat(events, event);
    else
        return false;
    windows_finish(event);
    return true;
}
