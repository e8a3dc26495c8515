/* See windows.h. */
#include "decode/windows.h"

#include "base/base.h"
#include "decode/json_time.h"

slice windows_data_name(slice name)
{
    return slice_equal(name, S("EventID")) ? S("EventData_EventID") : name;
}

slice windows_join(struct arena *arena, slice element, slice attribute)
{
    return arena_join(arena, element, '_', attribute);
}

slice windows_system_attribute(struct arena *arena, slice element, slice attribute)
{
    static const slice known[][3] = {
        {S_INIT("Provider"), S_INIT("Name"), S_INIT("Provider_Name")},
        {S_INIT("Provider"), S_INIT("Guid"), S_INIT("Provider_Guid")},
        {S_INIT("TimeCreated"), S_INIT("SystemTime"), S_INIT("TimeCreated")},
        {S_INIT("Execution"), S_INIT("ProcessID"), S_INIT("Execution_ProcessID")},
        {S_INIT("Execution"), S_INIT("ThreadID"), S_INIT("Execution_ThreadID")},
        {S_INIT("Correlation"), S_INIT("ActivityID"), S_INIT("ActivityID")},
        {S_INIT("Security"), S_INIT("UserID"), S_INIT("UserID")},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (slice_equal(element, known[i][0]) && slice_equal_nocase(attribute, known[i][1]))
            return known[i][2];
    return windows_join(arena, element, attribute);
}

void windows_add_system(struct event *event, slice name, slice value)
{
    static const slice numbers[] = {S_INIT("EventID"), S_INIT("EventRecordID"), S_INIT("Level"),
        S_INIT("Task"), S_INIT("Opcode"), S_INIT("Version"), S_INIT("Execution_ProcessID"),
        S_INIT("Execution_ThreadID"), S_INIT("EventID_Qualifiers")};
    enum event_type type = EVENT_STRING;
    uint64_t number;
    value = slice_trim(value);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (slice_equal(name, numbers[i]) && slice_to_u64(value, UINT64_MAX, &number))
            type = EVENT_NUMBER;
    struct stamp stamp;
    int64_t time_ns;
    if (slice_equal(name, S("TimeCreated")) && json_time_read(value, &stamp) &&
        stamp_to_ns(&stamp, 0, 0, &time_ns))
        event->time_ns = time_ns;
    event_add(event, name, value, type);
}

static void windows_add_channel(struct event *event)
{
    struct event_field *channel = NULL;
    bool again = false;
    for (size_t i = 0; i < event->count; i++) {
        if (!slice_equal(event->fields[i].name, S("Channel")))
            continue;
        again = channel != NULL;
        if (channel == NULL)
            channel = &event->fields[i];
    }
    if (again)
        *channel =
            (struct event_field){.name = S("winlog.channel"), .value = channel->value, .ecs = true};
    else if (channel != NULL && event_find(event, S("winlog.channel")) == NULL)
        event_add_ecs(event, S("winlog.channel"), channel->value, EVENT_STRING);
}

void windows_finish(struct event *event)
{
    windows_add_channel(event);
    slice provider = event_value(event, S("Provider_Name"));
    bool linux_sysmon = slice_equal_nocase(provider, S("Linux-Sysmon"));
    event_add_ecs(
        event, S("event.module"), linux_sysmon ? S("sysmon_linux") : S("windows"), EVENT_STRING);
}
