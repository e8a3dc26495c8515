/* The message of a line, after its header: what loggers wrapped around it is taken off, and what is
 * a format of its own is read. */
#ifndef DECODE_MESSAGE_H
#define DECODE_MESSAGE_H

#include "decode/json_event.h"

/* Adds `message` to the event. The kernel's "[12345.678] " is cut off; "message repeated N times: [
 * … ]" (rsyslog) and "last message repeated N times" (BSD) give `syslog.repeated`; rsyslog's octal
 * escapes (#012) of control characters are turned back.
 * A message that is JSON (also after "@cee:"), an XML event, CEF, LEEF, an audit record or a line
 * of an access log gives its own fields as well. `json` may be NULL: JSON stays text then. */
void message_add(struct json_events *json, struct event *event, slice message);

#endif
