/* See flow_sflow.h. A sample of a packet becomes one event:
 * the headers of the packet, or what the agent says of them, are the flow, one packet of it was
 * seen and stands for as many as the sampling rate says. A sample of counters becomes one event of
 * kind metric. Records of kinds that are not read are skipped by their length and counted in the
 * event.
 *
 * XDR: all in 32 bits, opaque bytes filled up to the next 32. */
#include "decode/flow_sflow.h"

#include <netinet/in.h>
#include <string.h>

#include "base/base.h"
#include "decode/flow_value.h"
#include "decode/packet.h"

#define SFLOW_ADDRESS_IPV4      1U
#define SFLOW_ADDRESS_IPV6      2U
#define SFLOW_FLOW              1U
#define SFLOW_COUNTERS          2U
#define SFLOW_FLOW_WIDE         3U /* "expanded": numbers of interfaces in full */
#define SFLOW_COUNTERS_WIDE     4U
#define SFLOW_RAW_PACKET        1U
#define SFLOW_ETHERNET          2U
#define SFLOW_IPV4              3U
#define SFLOW_IPV6              4U
#define SFLOW_SWITCH            1001U
#define SFLOW_ROUTER            1002U
#define SFLOW_GATEWAY           1003U
#define SFLOW_IF_COUNTERS       1U
#define SFLOW_MAC_ROOM          8U
#define SFLOW_PROTOCOL_ETHERNET 1U
#define SFLOW_PROTOCOL_IPV4     11U
#define SFLOW_PROTOCOL_IPV6     12U
/* Of an interface's number: other formats are reasons of a drop, and "several". */
#define SFLOW_INTERFACE_MASK 0x3fffffffU

struct sflow_sample {
    struct flow_pass *pass;
    struct event *event;
    struct flow_rate rate;
    uint64_t skipped; /* records of kinds that are not read */
};

/* A number, as a native field and in its role. */
static void sflow_number(
    struct sflow_sample *sample, slice name, enum flow_role role, uint64_t value)
{
    struct event *event = sample->event;
    struct flow_slots *slots = sample->pass->slots;
    slice text = arena_u64(event->arena, value);
    event_add(event, name, text, EVENT_NUMBER);
    if (role == FLOW_ROLE_NONE)
        return;
    char *bytes = arena_bytes(event->arena, sizeof(value));
    for (size_t i = 0; i < sizeof(value); i++)
        bytes[i] = (char)(value >> (8 * (sizeof(value) - 1 - i)) & 0xff);
    slots->present |= UINT64_C(1) << role;
    slots->slots[role] =
        (struct flow_slot){slice_make(bytes, sizeof(value)), text, FLOW_UNSIGNED64};
}

static void sflow_bytes(
    struct sflow_sample *sample, slice name, enum flow_role role, enum flow_type type, slice bytes)
{
    enum event_type event_type;
    struct flow_slots *slots = sample->pass->slots;
    slice text = flow_value_text(sample->event->arena, type, bytes, &event_type);
    event_add(sample->event, name, text, event_type);
    if (role == FLOW_ROLE_NONE)
        return;
    slots->present |= UINT64_C(1) << role;
    slots->slots[role] = (struct flow_slot){bytes, text, type};
}

static void sflow_addresses(struct sflow_sample *sample, slice source, slice destination)
{
    if (source.len == sizeof(struct in_addr)) {
        sflow_bytes(sample, S("sflow.src_ip"), FLOW_ROLE_SOURCE_IPV4, FLOW_IPV4_ADDRESS, source);
        sflow_bytes(
            sample, S("sflow.dst_ip"), FLOW_ROLE_DESTINATION_IPV4, FLOW_IPV4_ADDRESS, destination);
    } else if (source.len == sizeof(struct in6_addr)) {
        sflow_bytes(sample, S("sflow.src_ip"), FLOW_ROLE_SOURCE_IPV6, FLOW_IPV6_ADDRESS, source);
        sflow_bytes(
            sample, S("sflow.dst_ip"), FLOW_ROLE_DESTINATION_IPV6, FLOW_IPV6_ADDRESS, destination);
    }
}

/* --- records of a sampled packet --- */

static void sflow_headers(struct sflow_sample *sample, const struct packet *packet)
{
    if (packet->source_mac.len > 0 && packet->destination_mac.len > 0) {
        sflow_bytes(
            sample, S("sflow.src_mac"), FLOW_ROLE_SOURCE_MAC, FLOW_MAC_ADDRESS, packet->source_mac);
        sflow_bytes(sample, S("sflow.dst_mac"), FLOW_ROLE_DESTINATION_MAC, FLOW_MAC_ADDRESS,
            packet->destination_mac);
    }
    if (packet->tagged)
        sflow_number(sample, S("sflow.vlan"), FLOW_ROLE_VLAN, packet->vlan);
    sflow_addresses(sample, packet->source, packet->destination);
    if (packet->has_protocol) {
        sflow_number(sample, S("sflow.ip_protocol"), FLOW_ROLE_PROTOCOL, packet->protocol);
        sflow_number(sample, S("sflow.ip_tos"), FLOW_ROLE_NONE, packet->tos);
        sflow_number(sample, S("sflow.ip_ttl"), FLOW_ROLE_NONE, packet->ttl);
        sflow_number(sample, S("sflow.ip_length"), FLOW_ROLE_NONE, packet->ip_len);
    }
    if (packet->has_ports) {
        sflow_number(sample, S("sflow.src_port"), FLOW_ROLE_SOURCE_PORT, packet->source_port);
        sflow_number(
            sample, S("sflow.dst_port"), FLOW_ROLE_DESTINATION_PORT, packet->destination_port);
    }
    if (packet->has_flags)
        sflow_number(sample, S("sflow.tcp_flags"), FLOW_ROLE_NONE, packet->tcp_flags);
    if (packet->has_icmp) {
        sflow_number(sample, S("sflow.icmp_type"), FLOW_ROLE_ICMP_TYPE, packet->icmp_type);
        sflow_number(sample, S("sflow.icmp_code"), FLOW_ROLE_ICMP_CODE, packet->icmp_code);
    }
}

static void sflow_raw_packet(struct sflow_sample *sample, struct reader *record)
{
    struct packet packet;
    uint32_t protocol = reader_be32(record);
    uint32_t frame_len = reader_be32(record);
    reader_skip(record, 4); /* bytes stripped from the end */
    slice header = reader_bytes(record, reader_be32(record));
    if (record->failed)
        return;
    sflow_number(sample, S("sflow.header_protocol"), FLOW_ROLE_NONE, protocol);
    sflow_number(sample, S("sflow.frame_length"), FLOW_ROLE_BYTES, frame_len);
    enum packet_link link = protocol == SFLOW_PROTOCOL_ETHERNET ? PACKET_ETHERNET
                            : protocol == SFLOW_PROTOCOL_IPV4 || protocol == SFLOW_PROTOCOL_IPV6
                                ? PACKET_IP
                                : PACKET_UNKNOWN;
    packet_parse(header, link, &packet);
    sflow_headers(sample, &packet);
}

static void sflow_ethernet(struct sflow_sample *sample, struct reader *record)
{
    const size_t mac_len = 6;
    uint32_t len = reader_be32(record);
    slice source = reader_bytes(record, SFLOW_MAC_ROOM);
    slice destination = reader_bytes(record, SFLOW_MAC_ROOM);
    uint32_t type = reader_be32(record);
    if (record->failed)
        return;
    sflow_number(sample, S("sflow.frame_length"), FLOW_ROLE_BYTES, len);
    sflow_bytes(sample, S("sflow.src_mac"), FLOW_ROLE_SOURCE_MAC, FLOW_MAC_ADDRESS,
        slice_first(source, mac_len));
    sflow_bytes(sample, S("sflow.dst_mac"), FLOW_ROLE_DESTINATION_MAC, FLOW_MAC_ADDRESS,
        slice_first(destination, mac_len));
    sflow_number(sample, S("sflow.ethernet_type"), FLOW_ROLE_NONE, type);
}

/* The agent has read the headers itself. ICMP's type and code stand where ports do. */
static void sflow_sampled_ip(struct sflow_sample *sample, struct reader *record, size_t address_len)
{
    struct packet packet = {.vlan = 0};
    uint32_t len = reader_be32(record);
    packet.protocol = (uint8_t)reader_be32(record);
    packet.source = reader_bytes(record, address_len);
    packet.destination = reader_bytes(record, address_len);
    packet.source_port = (uint16_t)reader_be32(record);
    packet.destination_port = (uint16_t)reader_be32(record);
    uint32_t flags = reader_be32(record);
    uint32_t tos = reader_be32(record);
    if (record->failed)
        return;
    if (flow_slot(sample->pass->slots, FLOW_ROLE_BYTES) == NULL)
        sflow_number(sample, S("sflow.ip_length"), FLOW_ROLE_BYTES, len);
    sflow_addresses(sample, packet.source, packet.destination);
    sflow_number(sample, S("sflow.ip_protocol"), FLOW_ROLE_PROTOCOL, packet.protocol);
    sflow_number(sample, S("sflow.src_port"), FLOW_ROLE_SOURCE_PORT, packet.source_port);
    sflow_number(sample, S("sflow.dst_port"), FLOW_ROLE_DESTINATION_PORT, packet.destination_port);
    if (packet.protocol == IPPROTO_TCP)
        sflow_number(sample, S("sflow.tcp_flags"), FLOW_ROLE_NONE, flags);
    sflow_number(sample, S("sflow.ip_tos"), FLOW_ROLE_NONE, tos);
}

static slice sflow_address(struct reader *reader)
{
    uint32_t type = reader_be32(reader);
    if (type == SFLOW_ADDRESS_IPV4)
        return reader_bytes(reader, sizeof(struct in_addr));
    return type == SFLOW_ADDRESS_IPV6 ? reader_bytes(reader, sizeof(struct in6_addr)) : S("");
}

static void sflow_next_hop(struct sflow_sample *sample, slice name, slice address)
{
    slice text = flow_value_address(sample->event->arena, address);
    if (text.len > 0)
        event_add_string(sample->event, name, text);
}

static void sflow_switch(struct sflow_sample *sample, struct reader *record)
{
    uint32_t source = reader_be32(record);
    uint32_t source_priority = reader_be32(record);
    uint32_t destination = reader_be32(record);
    uint32_t destination_priority = reader_be32(record);
    if (record->failed)
        return;
    sflow_number(sample, S("sflow.src_vlan"), FLOW_ROLE_VLAN, source);
    sflow_number(sample, S("sflow.src_priority"), FLOW_ROLE_NONE, source_priority);
    sflow_number(sample, S("sflow.dst_vlan"), FLOW_ROLE_NONE, destination);
    sflow_number(sample, S("sflow.dst_priority"), FLOW_ROLE_NONE, destination_priority);
}

static void sflow_router(struct sflow_sample *sample, struct reader *record)
{
    slice next_hop = sflow_address(record);
    uint32_t source = reader_be32(record);
    uint32_t destination = reader_be32(record);
    if (record->failed)
        return;
    sflow_next_hop(sample, S("sflow.next_hop"), next_hop);
    sflow_number(sample, S("sflow.src_mask_length"), FLOW_ROLE_NONE, source);
    sflow_number(sample, S("sflow.dst_mask_length"), FLOW_ROLE_NONE, destination);
}

static void sflow_gateway(struct sflow_sample *sample, struct reader *record)
{
    slice next_hop = sflow_address(record);
    uint32_t own = reader_be32(record);
    uint32_t source = reader_be32(record);
    uint32_t peer = reader_be32(record);
    if (record->failed)
        return;
    sflow_next_hop(sample, S("sflow.bgp_next_hop"), next_hop);
    sflow_number(sample, S("sflow.router_as"), FLOW_ROLE_NONE, own);
    sflow_number(sample, S("sflow.src_as"), FLOW_ROLE_SOURCE_AS, source);
    sflow_number(sample, S("sflow.src_peer_as"), FLOW_ROLE_NONE, peer);
    /* The path's last is where the packet goes to. */
    uint64_t last = 0;
    for (uint32_t segments = reader_be32(record); segments > 0 && !record->failed; segments--) {
        reader_skip(record, 4);
        for (uint32_t count = reader_be32(record); count > 0 && !record->failed; count--)
            last = reader_be32(record);
    }
    if (last != 0 && !record->failed)
        sflow_number(sample, S("sflow.dst_as"), FLOW_ROLE_DESTINATION_AS, last);
}

static void sflow_flow_record(struct sflow_sample *sample, uint32_t format, struct reader *record)
{
    switch (format) {
    case SFLOW_RAW_PACKET:
        sflow_raw_packet(sample, record);
        return;
    case SFLOW_ETHERNET:
        sflow_ethernet(sample, record);
        return;
    case SFLOW_IPV4:
        sflow_sampled_ip(sample, record, sizeof(struct in_addr));
        return;
    case SFLOW_IPV6:
        sflow_sampled_ip(sample, record, sizeof(struct in6_addr));
        return;
    case SFLOW_SWITCH:
        sflow_switch(sample, record);
        return;
    case SFLOW_ROUTER:
        sflow_router(sample, record);
        return;
    case SFLOW_GATEWAY:
        sflow_gateway(sample, record);
        return;
    default:
        sample->skipped++;
    }
}

/* --- counters --- */

static void sflow_counter_record(
    struct sflow_sample *sample, uint32_t format, struct reader *record)
{
    static const struct {
        slice name;
        bool wide;
    } counters[] = {{S_INIT("sflow.if_index"), false}, {S_INIT("sflow.if_type"), false},
        {S_INIT("sflow.if_speed"), true}, {S_INIT("sflow.if_direction"), false},
        {S_INIT("sflow.if_status"), false}, {S_INIT("sflow.if_in_octets"), true},
        {S_INIT("sflow.if_in_ucast_packets"), false},
        {S_INIT("sflow.if_in_multicast_packets"), false},
        {S_INIT("sflow.if_in_broadcast_packets"), false}, {S_INIT("sflow.if_in_discards"), false},
        {S_INIT("sflow.if_in_errors"), false}, {S_INIT("sflow.if_in_unknown_protocols"), false},
        {S_INIT("sflow.if_out_octets"), true}, {S_INIT("sflow.if_out_ucast_packets"), false},
        {S_INIT("sflow.if_out_multicast_packets"), false},
        {S_INIT("sflow.if_out_broadcast_packets"), false}, {S_INIT("sflow.if_out_discards"), false},
        {S_INIT("sflow.if_out_errors"), false}, {S_INIT("sflow.if_promiscuous_mode"), false}};
    if (format != SFLOW_IF_COUNTERS) {
        sample->skipped++;
        return;
    }
    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        uint64_t value = counters[i].wide ? reader_be64(record) : reader_be32(record);
        if (record->failed)
            return;
        sflow_number(sample, counters[i].name, FLOW_ROLE_NONE, value);
    }
}

/* --- samples --- */

static void sflow_begin(struct sflow_sample *sample, size_t offset, bool counters)
{
    struct flow_pass *pass = sample->pass;
    struct event *event = flow_pass_event(pass, offset);
    slice action = counters ? S("sflow_counters") : S("sflow_flow");
    sample->event = event;
    pass->slots->present = 0;
    event->time_ns = pass->origin.export_ns;
    event_add_ecs(event, S("event.kind"), counters ? S("metric") : S("event"), EVENT_STRING);
    event_add_ecs(event, S("event.category"), S("network"), EVENT_STRING);
    event_add_ecs(event, S("event.action"), action, EVENT_STRING);
    event_add_ecs(event, S("event.type"), counters ? S("info") : S("connection"), EVENT_STRING);
    event_add_ecs(event, S("event.module"), S("sflow"), EVENT_STRING);
    event_add_ecs(event, S("event.dataset"), S("sflow.log"), EVENT_STRING);
    event_add_ecs(event, S("observer.ip"), pass->origin.address, EVENT_STRING);
    event_add_string(event, S("sflow.type"), action);
    event_add_string(event, S("sflow.agent_address"), pass->origin.address);
    event_add_u64(event, S("sflow.sub_agent_id"), pass->origin.source_id);
    event_add_u64(event, S("sflow.uptime_millis"), pass->origin.uptime_ms);
}

/* False when a record goes beyond the sample; those before it have been read. */
static bool sflow_records(struct sflow_sample *sample, struct reader *reader, bool counters)
{
    for (uint32_t left = reader_be32(reader); left > 0 && !reader->failed; left--) {
        uint32_t format = reader_be32(reader);
        struct reader record = reader_over(reader_bytes(reader, reader_be32(reader)));
        if (reader->failed)
            break;
        if (counters)
            sflow_counter_record(sample, format, &record);
        else
            sflow_flow_record(sample, format, &record);
        if (record.failed)
            sample->skipped++;
    }
    if (sample->skipped > 0)
        event_add_u64(sample->event, S("sflow.skipped_records"), sample->skipped);
    return !reader->failed;
}

static void sflow_flow_header(struct sflow_sample *sample, struct reader *reader, bool wide)
{
    sflow_number(sample, S("sflow.sequence_number"), FLOW_ROLE_NONE, reader_be32(reader));
    reader_skip(reader, wide ? 8 : 4);
    uint32_t rate = reader_be32(reader);
    uint32_t pool = reader_be32(reader);
    uint32_t drops = reader_be32(reader);
    reader_skip(reader, wide ? 4 : 0);
    uint32_t input = reader_be32(reader);
    reader_skip(reader, wide ? 4 : 0);
    uint32_t output = reader_be32(reader);
    sample->rate = (struct flow_rate){rate, 1};
    sflow_number(sample, S("sflow.sampling_rate"), FLOW_ROLE_NONE, rate);
    sflow_number(sample, S("sflow.sample_pool"), FLOW_ROLE_NONE, pool);
    sflow_number(sample, S("sflow.drops"), FLOW_ROLE_NONE, drops);
    uint32_t mask = wide ? UINT32_MAX : SFLOW_INTERFACE_MASK;
    sflow_number(sample, S("sflow.input_interface"), FLOW_ROLE_INGRESS, input & mask);
    sflow_number(sample, S("sflow.output_interface"), FLOW_ROLE_EGRESS, output & mask);
    sflow_number(sample, S("sflow.packets"), FLOW_ROLE_PACKETS, 1);
}

static enum result sflow_sample(
    struct flow_pass *pass, uint32_t format, struct reader *reader, size_t offset)
{
    struct sflow_sample sample = {.pass = pass, .rate = {0, 1}};
    bool counters = format == SFLOW_COUNTERS || format == SFLOW_COUNTERS_WIDE;
    bool wide = format == SFLOW_FLOW_WIDE || format == SFLOW_COUNTERS_WIDE;
    if (format == 0 || format > SFLOW_COUNTERS_WIDE) {
        flow_pass_undecoded(pass, RESULT_UNSUPPORTED, TEXT_FLOW_SET, ARG(format),
            ARG(reader->bytes.len), ARG(offset));
        return RESULT_OK;
    }
    sflow_begin(&sample, offset, counters);
    if (counters) {
        sflow_number(&sample, S("sflow.sequence_number"), FLOW_ROLE_NONE, reader_be32(reader));
        reader_skip(reader, wide ? 8 : 4);
    } else {
        sflow_flow_header(&sample, reader, wide);
    }
    if (reader->failed) {
        flow_pass_undecoded(pass, RESULT_MALFORMED, TEXT_FLOW_RECORD, ARG(format), ARG(offset));
        return RESULT_OK;
    }
    bool whole = sflow_records(&sample, reader, counters);
    if (!counters)
        flow_ecs_add(sample.event, &pass->origin, pass->slots, sample.rate);
    enum result result = flow_pass_emit(pass, sample.event);
    if (result == RESULT_OK && !whole)
        flow_pass_undecoded(pass, RESULT_MALFORMED, TEXT_FLOW_RECORD, ARG(format), ARG(offset));
    return result;
}

static enum result sflow_samples(struct flow_pass *pass, struct reader *reader, uint32_t count)
{
    for (; count > 0 && reader_left(reader) > 0; count--) {
        uint32_t format = reader_be32(reader);
        size_t len = reader_be32(reader);
        size_t offset = reader->at;
        size_t there = size_min(len, reader_left(reader));
        if (reader->failed)
            break;
        struct reader sample = reader_over(reader_bytes(reader, there));
        /* A sample is one event: one that is cut would differ from the whole. */
        if (there < len) {
            flow_pass_undecoded(
                pass, RESULT_MALFORMED, TEXT_FLOW_CUT, ARG(len), ARG(offset), ARG(there));
            return RESULT_OK;
        }
        enum result result = sflow_sample(pass, format, &sample, offset);
        if (result != RESULT_OK)
            return result;
    }
    if (count > 0)
        flow_pass_undecoded(
            pass, RESULT_MALFORMED, TEXT_FLOW_SHORT, ARG(pass->datagram->bytes.len));
    return RESULT_OK;
}

enum result flow_sflow_decode(struct flow_pass *pass, struct reader *reader)
{
    char text[INET6_ADDRSTRLEN];
    struct arena *arena = pass->job->arena;
    slice agent = sflow_address(reader);
    uint32_t sub_agent = reader_be32(reader);
    uint32_t sequence = reader_be32(reader);
    pass->origin.uptime_ms = reader_be32(reader);
    uint32_t count = reader_be32(reader);
    if (reader->failed || agent.len == 0) {
        flow_pass_undecoded(
            pass, RESULT_MALFORMED, TEXT_FLOW_SHORT, ARG(pass->datagram->bytes.len));
        return RESULT_OK;
    }
    pass->exporter.address_len = agent.len;
    memcpy(pass->exporter.address, agent.at, agent.len);
    slice address = flow_value_address(arena, agent);
    memcpy(text, address.at, address.len);
    pass->origin.address = slice_make(text, address.len);
    pass->origin.export_ns = pass->datagram->received_ns;
    flow_pass_begin(pass, 0, sub_agent, sequence);
    flow_domain_sequence_next(pass->domain, sequence + 1, true);
    return sflow_samples(pass, reader, count);
}
