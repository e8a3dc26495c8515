/* One data record of NetFlow or IPFIX, read by its template into an event (RFC 7011, section 3.4.3;
 * structured data: RFC 6313). */
#ifndef DECODE_FLOW_RECORD_H
#define DECODE_FLOW_RECORD_H

#include "decode/flow_state.h"
#include "event/event.h"
#include "wire/reader.h"

/* Lists inside of lists are read to this depth; deeper ones stay octets. */
#define FLOW_LIST_DEPTH_MAX 4U

/* Adds the native fields of the record at the reader to the event, and notes those that have a
 * role. False, with the reader failed, for a record that goes beyond the reader's end. `domain` has
 * the templates of lists. */
bool flow_record_read(struct flow_domain *domain, const struct flow_template *template,
    struct reader *reader, struct event *event, struct flow_slots *slots);
/* Moves behind the record without looking at it. */
bool flow_record_skip(const struct flow_template *template, struct reader *reader);

#endif
