/* See json_event.h. The names of a record are looked up once in a table of all names that matter; a
 * dialect is then a few tests of pointers. Every record is recognised by itself: exports of search
 * engines mix products. */
#include "decode/json_event.h"

#include <stdlib.h>

#include "base/base.h"
#include "decode/json_dialect.h"
#include "decode/json_products.h"
#include "decode/json_salvage.h"
#include "decode/json_windows.h"
#include "decode/windows.h"

/* Records inside records: exports of Elasticsearch (_source) and Splunk (result, _raw), and events
 * of Amazon EventBridge (detail). */
#define JSON_EVENT_INSIDE_MAX 3

struct json_events *json_events_new(const struct decode_options *options)
{
    struct json_events *events = calloc(1, sizeof(*events));
    ASSERT(events != NULL);
    events->options = options;
    events->years = line_years(options);
    events->parser = json_parser_new();
    json_dialect_prepare(events);
    return events;
}

void json_events_free(struct json_events *events)
{
    if (events == NULL)
        return;
    json_parser_free(events->parser);
    free(events);
}

/* Whether an event of Amazon EventBridge carries another product's whole record, so that what is
 * around it says nothing more. */
static bool event_is_carrier(const struct json_events *events)
{
    slice type = json_dialect_value(events, KEY_DETAIL_TYPE);
    return slice_ends(type, S(" via CloudTrail")) || slice_equal(type, S("GuardDuty Finding")) ||
           slice_equal(type, S("SystemLog")); /* Okta */
}

/* Where an export of a search engine holds the record itself; absent when this is none. */
static slice event_inside(const struct json_events *events)
{
    const struct json_field *source = events->at[KEY_SOURCE];
    const struct json_field *result = events->at[KEY_RESULT];
    const struct json_field *detail = events->at[KEY_DETAIL];
    slice raw = slice_trim(json_dialect_value(events, KEY_RAW));
    if (source != NULL && source->type == JSON_OBJECT &&
        (json_dialect_has(events, KEY_INDEX) || json_dialect_has(events, KEY_DOCUMENT_ID)))
        return source->value;
    if (result != NULL && result->type == JSON_OBJECT && json_dialect_has(events, KEY_PREVIEW))
        return result->value;
    if (detail != NULL && detail->type == JSON_OBJECT && event_is_carrier(events))
        return detail->value;
    if (slice_starts(raw, S("{")))
        return raw;
    return (slice){NULL, 0};
}

/* Records whose texts hold an event of another kind, and those of nobody known. */
static void event_fill_other(struct json_events *events, struct event *event)
{
    static const enum json_key texts[] = {KEY_MESSAGE, KEY_RAW, KEY_EVENT_ORIGINAL, KEY_XML,
        KEY_TEXT_XML, KEY_EVENT_XML, KEY_WIN_MESSAGE};
    bool ecs =
        json_dialect_has(events, KEY_AT_TIMESTAMP) &&
        (json_dialect_has(events, KEY_ECS_VERSION) || json_dialect_has(events, KEY_ECS_KIND) ||
            json_dialect_has(events, KEY_ECS_MODULE) || json_dialect_has(events, KEY_ECS_DATASET) ||
            json_dialect_has(events, KEY_AGENT_TYPE));
    json_dialect_add_all(events, event, ecs);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (json_dialect_xml(event, json_dialect_value(events, texts[i]))) {
            windows_finish(event);
            break;
        }
    }
}

/* Shippers send what they read as the message of a record of their own. Its fields come beside
 * theirs, and its time counts for more than when it was shipped. */
static void event_fill_message(struct json_events *events, struct event *event, slice text)
{
    int64_t time_ns = event->time_ns;
    unsigned assumed = event->time_assumed;
    if (events->depth == JSON_EVENT_INSIDE_MAX || !slice_starts(text, S("{")) ||
        !slice_ends(text, S("}")))
        return;
    event->time_ns = CIVIL_TIME_NONE;
    event->time_assumed = 0;
    events->depth++;
    (void)json_event_text(events, text, event);
    events->depth--;
    if (event->time_ns == CIVIL_TIME_NONE) {
        event->time_ns = time_ns;
        event->time_assumed = assumed;
    }
}

void json_event_fill(struct json_events *events, const struct json_flat *flat, struct event *event)
{
    struct json_flat inside;
    if (flat->partial)
        event_add_ecs(event, S("event.undecoded"), S("partial"), EVENT_STRING);
    json_dialect_index(events, flat->fields, flat->count);
    for (int i = 0; i < JSON_EVENT_INSIDE_MAX; i++) {
        slice text = event_inside(events);
        if (slice_is_absent(text) ||
            json_flatten(events->parser, event->arena, text, &inside, NULL) != RESULT_OK ||
            inside.top != JSON_OBJECT)
            break;
        json_dialect_index(events, inside.fields, inside.count);
    }
    bool other = !json_windows_fill(events, event) && !json_products_fill(events, event);
    if (other)
        event_fill_other(events, event);
    if (event->time_ns == CIVIL_TIME_NONE)
        json_dialect_time_any(events, event);
    if (other)
        event_fill_message(events, event, slice_trim(json_dialect_value(events, KEY_MESSAGE)));
}

bool json_event_text(struct json_events *events, slice text, struct event *event)
{
    struct json_flat flat;
    text = slice_trim(text);
    if (!slice_starts(text, S("{")))
        return false;
    bool whole = slice_ends(text, S("}")) &&
                 json_flatten(events->parser, event->arena, text, &flat, NULL) == RESULT_OK;
    if (!whole) {
        text = json_salvage(event->arena, text);
        if (slice_is_absent(text) ||
            json_flatten(events->parser, event->arena, text, &flat, NULL) != RESULT_OK)
            return false;
        flat.partial = true;
    }
    json_event_fill(events, &flat, event);
    return true;
}
