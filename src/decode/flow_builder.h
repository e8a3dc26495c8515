/* Builds flow datagrams and captures for tests, after the standards and by none of the code that
 * reads them. Numbers are in network order. */
#ifndef DECODE_FLOW_BUILDER_H
#define DECODE_FLOW_BUILDER_H

#include "base/buf.h"

struct flow_builder {
    struct buf out;
    char memory[65536];
    size_t set; /* where the open set began */
};

/* An empty datagram. */
void flow_builder_begin(struct flow_builder *builder);
void flow_builder_u8(struct flow_builder *builder, unsigned value);
void flow_builder_u16(struct flow_builder *builder, unsigned value);
void flow_builder_u32(struct flow_builder *builder, uint32_t value);
void flow_builder_u64(struct flow_builder *builder, uint64_t value);
void flow_builder_bytes(struct flow_builder *builder, slice bytes);
/* Several 16-bit numbers: templates. */
void flow_builder_words(struct flow_builder *builder, const uint16_t *words, size_t count);
#define FLOW_BUILDER_WORDS(builder, ...)                                                           \
    flow_builder_words(builder, (const uint16_t[]){__VA_ARGS__},                                   \
        sizeof((const uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t))

/* Headers; times are 2026-01-02T03:04:05Z, uptimes 100 s. */
#define FLOW_BUILDER_SECONDS   1767323045U
#define FLOW_BUILDER_UPTIME_MS 100000U
void flow_builder_v5(
    struct flow_builder *builder, unsigned count, uint32_t sequence, unsigned sampling);
void flow_builder_v9(struct flow_builder *builder, uint32_t sequence, uint32_t source);
void flow_builder_ipfix(struct flow_builder *builder, uint32_t sequence, uint32_t source);
void flow_builder_set(struct flow_builder *builder, unsigned id);
/* Closes the set, filled up to `align` bytes, and writes its length. */
void flow_builder_set_end(struct flow_builder *builder, size_t align);
/* The datagram, the length of IPFIX written into it. */
slice flow_builder_end(struct flow_builder *builder);

/* An Ethernet frame with a UDP packet from 192.0.2.1:4444, with a VLAN's tag if `vlan` is not 0. */
void flow_builder_frame(struct buf *out, unsigned vlan, uint16_t port, slice payload);
/* A capture's header, and a record of it. */
void flow_builder_pcap(struct buf *out);
void flow_builder_pcap_packet(struct buf *out, uint32_t seconds, slice frame);

#endif
