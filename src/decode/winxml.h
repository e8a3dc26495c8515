/* Windows events as XML text: what `wevtutil qe /f:xml` and the event viewer write, and what Sysmon
 * for Linux puts into syslog messages. A strict subset of XML 1.0: no document type, no entities
 * but the five and numeric ones, names without regard to namespaces. Fields are named as windows.h
 * says. */
#ifndef DECODE_WINXML_H
#define DECODE_WINXML_H

#include "decode/decode.h"

/* Elements inside each other. */
#define WINXML_DEPTH_MAX 32
/* Bytes of one event. */
#define WINXML_EVENT_MAX ((size_t)1 << 20)
/* Pieces that the text of one element may be in (entities do not part it; comments, CDATA and
 * elements do). */
#define WINXML_PIECES_MAX 32

/* Whether a text (a message in syslog, a string in JSON) is an event, or the data of one, as XML.
 */
bool winxml_is_event(slice text);
/* Adds the fields of the event; its time, where System has one. After an error those read so far
 * have been added. */
MUST_USE enum result winxml_read(slice xml, struct event *event, struct error *err);

/* The format: <Event> elements, with or without a root around them. */
unsigned winxml_sniff(slice head, bool whole);
enum result winxml_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
