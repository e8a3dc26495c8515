/* Windows events as Snare's agents and their like (NXLog's to_syslog_snare) send them: a row of
 * values with tabs between, the last of which is the event's message. */
#ifndef DECODE_SNARE_H
#define DECODE_SNARE_H

#include "event/event.h"

/* Adds the fields of a text that holds "MSWinEventLog", under the names of windows.h: those of
 * System, the message, and what the message says in its usual words of the event's data. The time
 * is not set. False when it is something else. */
bool snare_add(struct event *event, slice text);

#endif
