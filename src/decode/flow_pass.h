/* One datagram on its way through the decoder of its version: what flow.c begins, and
 * flow_netflow.c and flow_sflow.c share. */
#ifndef DECODE_FLOW_PASS_H
#define DECODE_FLOW_PASS_H

#include "decode/flow.h"
#include "decode/flow_ecs.h"
#include "wire/reader.h"

#define FLOW_STAMP_MAX 40U

struct flow_pass {
    struct flow_state *state;
    struct flow_domain *domain;
    struct decode_job *job;
    const struct flow_datagram *datagram;
    struct flow_outcome *outcome;
    struct flow_exporter exporter; /* whose domain it is: in sFlow that of the agent */
    struct flow_origin origin;
    char stamp[FLOW_STAMP_MAX]; /* what `origin` has as text */
    struct flow_slots *slots;
    uint64_t records; /* of data, for sequences that count them */
    bool uncounted;   /* there were records whose number is not known */
};

/* Reports something of the datagram that is not decoded. */
#define flow_pass_undecoded(pass, code, ...)                                                       \
    do {                                                                                           \
        struct error why_;                                                                         \
        (void)error_set(&why_, code, __VA_ARGS__);                                                 \
        flow_pass_report(pass, &why_);                                                             \
    } while (0)
void flow_pass_report(struct flow_pass *pass, const struct error *why);
/* Notes what lost nothing of the datagram. */
void flow_pass_note(struct flow_pass *pass, const struct error *why);
/* Finds the domain, and looks at the sequence number of the datagram; `units`: what it counts. */
void flow_pass_begin(struct flow_pass *pass, unsigned protocol, uint32_t domain, uint32_t sequence);
/* The event of the record at that offset of the datagram, empty. */
struct event *flow_pass_event(struct flow_pass *pass, size_t offset);
MUST_USE enum result flow_pass_emit(struct flow_pass *pass, struct event *event);

#endif
