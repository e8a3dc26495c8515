/* The message of a line, after its header: what loggers wrapped around it is taken off, and what is
 * a format of its own is read. */
#ifndef DECODE_MESSAGE_H
#define DECODE_MESSAGE_H

#include "event/event.h"

/* Adds `message` to the event. The kernel's "[12345.678] " is cut off; "message repeated N times: [
 * … ]" (rsyslog) and "last message repeated N times" (BSD) give `syslog.repeated`; rsyslog's octal
 * escapes (#012) of control characters are turned back. */
void message_add(struct event *event, slice message);

#endif
