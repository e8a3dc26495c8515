/* What a JSON record means: recognises by its names who wrote it, and gives its event the fields
 * that rules know. The dialects are described in doc/formats/json.md. */
#ifndef DECODE_JSON_EVENT_H
#define DECODE_JSON_EVENT_H

#include "decode/decode.h"
#include "wire/json.h"

struct json_events;

/* Never NULL. `options` must outlive it. */
struct json_events *json_events_new(const struct decode_options *options);
/* NULL is fine. */
void json_events_free(struct json_events *events);

/* Adds the fields and the time of a flattened record to a fresh event. What `flat` points to must
 * live as long as the event. */
void json_event_fill(struct json_events *events, const struct json_flat *flat, struct event *event);
/* The same for a text that may be JSON, such as the message of a syslog line: false when it is no
 * object nor the front of one, and nothing was added. */
bool json_event_text(struct json_events *events, slice text, struct event *event);

#endif
