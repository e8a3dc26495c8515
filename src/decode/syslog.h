/* syslog as files and senders write it: RFC 3164 with and without its priority, RFC 5424, and
 * rsyslog's ISO form (RSYSLOG_FileFormat), with the liberties that devices take. */
#ifndef DECODE_SYSLOG_H
#define DECODE_SYSLOG_H

#include "decode/line.h"

/* What the header of a line says. Absent where it says nothing. */
struct syslog_header {
    bool has_priority;
    uint64_t priority;
    bool has_stamp;
    struct stamp stamp;
    slice sequence; /* Cisco: digits before its stamp */
    slice version;  /* RFC 5424 */
    slice host;
    slice address; /* of the host, where it writes that after its name (Infoblox NIOS) */
    slice program; /* without directory, module and process id */
    slice pid;
    slice message_id;      /* RFC 5424 */
    slice structured_data; /* RFC 5424: all elements, with their brackets */
    slice message;
};

/* Takes the header off a line. Never fails: a line that has none is all message. */
void syslog_parse(slice line, struct syslog_header *header);

unsigned syslog_sniff(slice head, bool whole);
/* Fields: host.name, process.name, process.pid, message, log.syslog.*; a message that is JSON, XML
 * or CEF gives its own fields as well. A line without a header gives a message. */
enum result syslog_decode(struct decode_job *job, struct stream *stream, struct error *err);
/* One line of another log, if it has a whole header: stamp, host and program. */
bool syslog_add_line(struct line_decoder *decoder, struct event *event, slice line);

#endif
