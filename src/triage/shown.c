/* See shown.h. An event keeps every field, for rules and entities ask for any of them; what is
 * shown says each thing once. Left out is what repeats another field or the record's own text; a
 * product's own name that reads like one of ECS is shown under the product's, so that whoever takes
 * `client.device` for ECS is not misled. Rejected: a second object for the product's own names, for
 * most of them cannot be mistaken and are looked for beside the others. */
#include "triage/shown.h"

#include "base/base.h"
#include "base/civil.h"
#include "event/field.h"

static const slice shown_structured = S_INIT("log.syslog.structured_data.");

/* Beats and Logstash write such documents. */
static bool shown_is_ecs(const struct event *event)
{
    const struct event_field *stamp = event_find(event, S("@timestamp"));
    return event_find(event, S("ecs.version")) != NULL || (stamp != NULL && !stamp->ecs);
}

void shown_begin(struct shown *shown, const struct event *event, slice decoder)
{
    *shown = (struct shown){.event = event,
        .decoder = decoder,
        .timed = event->time_ns != CIVIL_TIME_NONE,
        .is_ecs = shown_is_ecs(event),
        .priority = event_value(event, S("log.syslog.priority")),
        .process = event_value(event, S("process.name"))};
}

/* The two parts of a priority (RFC 5424, 6.2.1). */
static bool shown_is_of_priority(slice name)
{
    return slice_starts(name, S("log.syslog.facility.")) ||
           slice_starts(name, S("log.syslog.severity."));
}

/* Whether another field says the same. */
static bool shown_is_repeated(const struct shown *shown, const struct event_field *field)
{
    if (slice_equal(field->name, S("log.syslog.appname")))
        return slice_equal(field->value, shown->process);
    return shown->priority.len > 0 && shown_is_of_priority(field->name);
}

/* Whether it is the text of the record, all of which other fields say, or came along with it. */
static bool shown_is_text(const struct shown *shown, const struct event_field *field)
{
    return (shown->event->message_read && slice_equal(field->name, S("message"))) ||
           slice_equal(field->name, S("event.original"));
}

/* product.name */
static slice shown_under(const struct shown *shown, slice name)
{
    return arena_join(shown->event->arena, shown->decoder, '.', name);
}

/* What a known product writes as structured data (RFC 5424, 6.3) is its own names. */
static bool shown_is_structured(const struct shown *shown, slice name)
{
    return slice_starts(name, shown_structured) && !slice_equal(shown->decoder, S("syslog"));
}

slice shown_name(const struct shown *shown, const struct event_field *field)
{
    static const slice none = {NULL, 0};
    slice name = field->name;
    if (name.len == 0 || (shown->timed && slice_equal(name, S("@timestamp"))) ||
        shown_is_text(shown, field) || shown_is_repeated(shown, field))
        return none;
    if (shown_is_structured(shown, name))
        return shown_under(shown, slice_from(name, shown_structured.len));
    if (!field->ecs && !shown->is_ecs && field_is_of_ecs(name) && field_find(name) == NULL)
        return shown_under(shown, name);
    return name;
}
