/* ECS fields of a flow: what native fields of NetFlow, IPFIX and sFlow mean, once for all of them
 * (doc/formats/flow.md). */
#ifndef DECODE_FLOW_ECS_H
#define DECODE_FLOW_ECS_H

#include "decode/flow_state.h"
#include "event/event.h"

/* What the datagram says for all of its records. */
struct flow_origin {
    unsigned version;   /* 5, 9, 10; sFlow: 0 */
    int64_t export_ns;  /* when it was sent; CIVIL_TIME_NONE: it does not say */
    uint32_t uptime_ms; /* of the exporter then */
    bool has_uptime;
    uint32_t source_id; /* observation domain */
    uint64_t init_ms;   /* when the exporter began, ms since 1970; 0: not known */
    slice address;      /* of the exporter as text, empty where not known */
    slice endpoint;     /* and with its port */
    slice timestamp;    /* export_ns as text */
    bool engine;        /* version 5: the three below are there */
    uint8_t engine_type;
    uint8_t engine_id;
    uint16_t sampling;
};

/* event.*, observer.ip, netflow.type, netflow.exporter.* and the event's time. */
void flow_ecs_begin(struct event *event, const struct flow_origin *origin, bool options);
/* source.*, destination.*, network.*, event.start … of a record of which `slots` is what it says.
 * `rate`: the sampling that holds for it. */
void flow_ecs_add(struct event *event, const struct flow_origin *origin,
    const struct flow_slots *slots, struct flow_rate rate);

#endif
