/* Flow records: NetFlow 5 and 9 (RFC 3954), IPFIX (RFC 7011, 7012; biflows RFC 5103, elements of an
 * exporter's own RFC 5610, lists RFC 6313) and sFlow 5, datagram by datagram.
 *
 * What comes before its template is not lost: the outcome says which sets wait for one, and the
 * caller, who may keep the datagram, gives it again with `only` when there is hope. Events of a
 * datagram are told apart by the offset of their record in it (event_record.index), so that they
 * are the same ones whenever and however often it is read. */
#ifndef DECODE_FLOW_H
#define DECODE_FLOW_H

#include "decode/decode.h"
#include "decode/flow_state.h"

/* UDP carries no more; longer ones are cut to it. */
#define FLOW_DATAGRAM_MAX ((size_t)65535)
/* Sets of one datagram that can wait; of those after them that could not be read is reported. */
#define FLOW_WAITING_MAX 64U

struct flow_datagram {
    struct flow_exporter exporter;
    slice bytes;
    uint64_t number; /* of the record, as in event_record */
    uint64_t offset;
    int64_t received_ns; /* for formats without a clock (sFlow); CIVIL_TIME_NONE: not known */
    uint64_t only;       /* bits of the sets to read, a datagram given again; 0: all */
};

struct flow_outcome {
    uint64_t waiting; /* bits of the sets whose template has not come */
    uint64_t events;
};

/* Whether the bytes begin like a flow datagram of any kind. */
bool flow_is_datagram(slice bytes);
/* Decodes a datagram into events (job->on_event). What is malformed is reported (job->on_undecoded)
 * and skipped; gaps in sequence numbers and dropped templates are noted (job->on_note). Other
 * results than RESULT_OK are those of on_event. */
MUST_USE enum result flow_datagram(struct flow_state *state, struct decode_job *job,
    const struct flow_datagram *datagram, struct flow_outcome *outcome);
/* Reports the sets that still wait as undecoded. */
void flow_give_up(struct decode_job *job, const struct flow_datagram *datagram, uint64_t waiting);

#endif
