/* The Linux audit system's audit.log, and what ausearch prints of it. The records of one event
 * (same node, time and serial number) are joined into one event. */
#ifndef DECODE_AUDITD_H
#define DECODE_AUDITD_H

#include "decode/decode.h"

/* Events whose records are still being gathered, at most. */
#define AUDITD_PENDING_MAX 64
/* Bytes of one event; records past it make an event of their own. */
#define AUDITD_EVENT_MAX ((size_t)1 << 20)
/* Bytes of all of them together: past it the oldest are let go. */
#define AUDITD_HELD_MAX ((size_t)16 << 20)
/* An event is over when records came that are so much younger, or so many records later. */
#define AUDITD_WAIT_NS      (2 * CIVIL_NS_PER_S)
#define AUDITD_WAIT_RECORDS 256

unsigned auditd_sniff(slice head, bool whole);
/* Fields: those of all records under their own names (`type` is a list), event.dataset
 * "auditd.log", host.name from the node. A line of another form gives a `message`. */
enum result auditd_decode(struct decode_job *job, struct stream *stream, struct error *err);

/* A record that came as the message of a syslog or journal line: adds its fields, and sets the
 * event's time from it. False when it is none. */
bool auditd_add_message(struct event *event, slice program, slice message);

#endif
