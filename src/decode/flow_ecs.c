/* See flow_ecs.h. Counts are given as the device counted them: whether it has already multiplied by
 * its sampling rate cannot be known, so estimates stand beside them (flow.estimated_bytes,
 * flow.estimated_packets) and never in their place. */
#include "decode/flow_ecs.h"

#include <netinet/in.h>
#include <string.h>

#include "base/base.h"
#include "base/civil.h"
#include "decode/community_id.h"
#include "decode/flow_value.h"

#define ECS_NS_PER_MS INT64_C(1000000)
#define ECS_NS_PER_US INT64_C(1000)

struct ecs_end {
    slice address; /* bytes */
    slice text;
    slice port;
    slice mac;
    slice as;
    slice nat_ip;
    slice nat_port;
    slice bytes;
    slice packets;
};

/* The names of one end's fields: source or destination, and what part it has in the connection. */
struct ecs_names {
    slice ip, port, mac, as, nat_ip, nat_port, bytes, packets, locality;
};

#define ECS_NAMES(side)                                                                            \
    {                                                                                              \
        S_INIT(side ".ip"), S_INIT(side ".port"), S_INIT(side ".mac"), S_INIT(side ".as.number"),  \
            S_INIT(side ".nat.ip"), S_INIT(side ".nat.port"), S_INIT(side ".bytes"),               \
            S_INIT(side ".packets"), S_INIT(side ".locality")                                      \
    }

static const struct ecs_names ecs_source = ECS_NAMES("source");
static const struct ecs_names ecs_destination = ECS_NAMES("destination");
static const struct ecs_names ecs_client = ECS_NAMES("client");
static const struct ecs_names ecs_server = ECS_NAMES("server");

/* --- the event --- */

static void ecs_exporter(struct event *event, const struct flow_origin *origin)
{
    if (origin->endpoint.len > 0)
        event_add_string(event, S("netflow.exporter.address"), origin->endpoint);
    event_add_u64(event, S("netflow.exporter.source_id"), origin->source_id);
    if (origin->timestamp.len > 0)
        event_add_string(event, S("netflow.exporter.timestamp"), origin->timestamp);
    event_add_u64(event, S("netflow.exporter.uptime_millis"), origin->uptime_ms);
    event_add_u64(event, S("netflow.exporter.version"), origin->version);
    if (!origin->engine)
        return;
    event_add_u64(event, S("netflow.exporter.engine_type"), origin->engine_type);
    event_add_u64(event, S("netflow.exporter.engine_id"), origin->engine_id);
    event_add_u64(event, S("netflow.exporter.sampling_interval"), origin->sampling);
}

void flow_ecs_begin(struct event *event, const struct flow_origin *origin, bool options)
{
    slice type = options ? S("netflow_options") : S("netflow_flow");
    event->time_ns = origin->export_ns;
    event_add_ecs(event, S("event.kind"), S("event"), EVENT_STRING);
    event_add_ecs(event, S("event.category"), S("network_traffic"), EVENT_STRING);
    event_add_ecs(event, S("event.category"), S("network"), EVENT_STRING);
    event_add_ecs(event, S("event.action"), type, EVENT_STRING);
    if (!options)
        event_add_ecs(event, S("event.type"), S("connection"), EVENT_STRING);
    event_add_ecs(event, S("event.module"), S("netflow"), EVENT_STRING);
    event_add_ecs(event, S("event.dataset"), S("netflow.log"), EVENT_STRING);
    event_add_ecs(event, S("observer.ip"), origin->address, EVENT_STRING);
    event_add_string(event, S("netflow.type"), type);
    ecs_exporter(event, origin);
}

/* --- values --- */

static uint64_t ecs_number(const struct flow_slots *slots, enum flow_role role)
{
    const struct flow_slot *slot = flow_slot(slots, role);
    return slot == NULL ? 0 : flow_value_u64(slot->bytes);
}

static slice ecs_text(const struct flow_slots *slots, enum flow_role role)
{
    const struct flow_slot *slot = flow_slot(slots, role);
    return slot == NULL ? S("") : slot->text;
}

static void ecs_add_number(struct event *event, slice name, slice text)
{
    event_add_ecs(event, name, text, EVENT_NUMBER);
}

static void ecs_add_u64(struct event *event, slice name, uint64_t value)
{
    ecs_add_number(event, name, arena_u64(event->arena, value));
}

/* Of two, IPv4 counts when there is one: devices that export both fill the other with zeros. */
static bool ecs_is_address(const struct flow_slot *slot)
{
    static const char zeros[16];
    return slot != NULL && (slot->bytes.len == 4 || slot->bytes.len == 16) &&
           memcmp(slot->bytes.at, zeros, slot->bytes.len) != 0;
}

static void ecs_address(
    const struct flow_slots *slots, enum flow_role ipv4, enum flow_role ipv6, struct ecs_end *end)
{
    const struct flow_slot *four = flow_slot(slots, ipv4), *six = flow_slot(slots, ipv6);
    const struct flow_slot *chosen = ecs_is_address(six) && !ecs_is_address(four) ? six : four;
    if (chosen == NULL)
        chosen = six;
    if (chosen == NULL || (chosen->bytes.len != 4 && chosen->bytes.len != 16))
        return;
    end->address = chosen->bytes;
    end->text = chosen->text;
}

/* RFC 1918, RFC 4193, loopback, link-local and unspecified addresses. */
static bool ecs_is_internal(slice address)
{
    const unsigned char *at = (const unsigned char *)address.at;
    static const char zeros[16];
    if (address.len == 4)
        return memcmp(at, zeros, 4) == 0 || at[0] == 10 || at[0] == 127 ||
               (at[0] == 172 && (at[1] & 0xf0) == 16) || (at[0] == 192 && at[1] == 168) ||
               (at[0] == 169 && at[1] == 254);
    return (at[0] & 0xfe) == 0xfc || (at[0] == 0xfe && (at[1] & 0xc0) == 0x80) ||
           (memcmp(at, zeros, 15) == 0 && at[15] <= 1);
}

static void ecs_add_end(
    struct event *event, const struct ecs_end *end, const struct ecs_names *names, bool connection)
{
    event_add_ecs(event, names->ip, end->text, EVENT_STRING);
    ecs_add_number(event, names->port, end->port);
    event_add_ecs(event, names->mac, end->mac, EVENT_STRING);
    ecs_add_number(event, names->bytes, end->bytes);
    ecs_add_number(event, names->packets, end->packets);
    if (end->address.len > 0)
        event_add_ecs(event, names->locality,
            ecs_is_internal(end->address) ? S("internal") : S("external"), EVENT_STRING);
    if (connection)
        return;
    if (!slice_equal(end->as, S("0")))
        ecs_add_number(event, names->as, end->as);
    event_add_ecs(event, names->nat_ip, end->nat_ip, EVENT_STRING);
    ecs_add_number(event, names->nat_port, end->nat_port);
}

/* --- network --- */

/* Names of IANA's protocol numbers that ECS and its users write. */
static slice ecs_transport(uint64_t protocol)
{
    static const slice names[] = {
        [0] = S_INIT("hopopt"),
        [1] = S_INIT("icmp"),
        [2] = S_INIT("igmp"),
        [3] = S_INIT("ggp"),
        [4] = S_INIT("ipv4"),
        [5] = S_INIT("st"),
        [6] = S_INIT("tcp"),
        [7] = S_INIT("cbt"),
        [8] = S_INIT("egp"),
        [9] = S_INIT("igp"),
        [17] = S_INIT("udp"),
        [27] = S_INIT("rdp"),
        [33] = S_INIT("dccp"),
        [41] = S_INIT("ipv6"),
        [43] = S_INIT("ipv6-route"),
        [44] = S_INIT("ipv6-frag"),
        [46] = S_INIT("rsvp"),
        [47] = S_INIT("gre"),
        [50] = S_INIT("esp"),
        [51] = S_INIT("ah"),
        [58] = S_INIT("ipv6-icmp"),
        [59] = S_INIT("ipv6-nonxt"),
        [60] = S_INIT("ipv6-opts"),
        [88] = S_INIT("eigrp"),
        [89] = S_INIT("ospfigp"),
        [94] = S_INIT("ipip"),
        [97] = S_INIT("etherip"),
        [103] = S_INIT("pim"),
        [108] = S_INIT("ipcomp"),
        [112] = S_INIT("vrrp"),
        [115] = S_INIT("l2tp"),
        [132] = S_INIT("sctp"),
        [133] = S_INIT("fc"),
        [136] = S_INIT("udplite"),
        [137] = S_INIT("mpls-in-ip"),
    };
    return protocol < sizeof(names) / sizeof(names[0]) ? names[protocol] : S("");
}

/* ICMP's type and code stand in elements of their own, together in one, or, as NetFlow 5 does, in
 * the port of the destination. */
static bool ecs_ports(const struct flow_slots *slots, struct community_flow *flow)
{
    bool icmp = flow->protocol == IPPROTO_ICMP || flow->protocol == IPPROTO_ICMPV6;
    if (icmp && flow_slot(slots, FLOW_ROLE_ICMP_TYPE) != NULL) {
        flow->source_port = (uint16_t)ecs_number(slots, FLOW_ROLE_ICMP_TYPE);
        flow->destination_port = (uint16_t)ecs_number(slots, FLOW_ROLE_ICMP_CODE);
        return true;
    }
    if (icmp) {
        bool together = flow_slot(slots, FLOW_ROLE_ICMP_TYPE_CODE) != NULL;
        uint64_t both =
            ecs_number(slots, together ? FLOW_ROLE_ICMP_TYPE_CODE : FLOW_ROLE_DESTINATION_PORT);
        flow->source_port = (uint16_t)(both >> 8 & 0xff);
        flow->destination_port = (uint16_t)(both & 0xff);
        return together || flow_slot(slots, FLOW_ROLE_DESTINATION_PORT) != NULL;
    }
    flow->source_port = (uint16_t)ecs_number(slots, FLOW_ROLE_SOURCE_PORT);
    flow->destination_port = (uint16_t)ecs_number(slots, FLOW_ROLE_DESTINATION_PORT);
    return flow_slot(slots, FLOW_ROLE_SOURCE_PORT) != NULL &&
           flow_slot(slots, FLOW_ROLE_DESTINATION_PORT) != NULL;
}

static void ecs_community(struct event *event, const struct flow_slots *slots,
    const struct ecs_end *source, const struct ecs_end *destination)
{
    struct community_flow flow = {.address_len = source->address.len,
        .protocol = (uint8_t)ecs_number(slots, FLOW_ROLE_PROTOCOL)};
    if (source->address.len == 0 || source->address.len != destination->address.len ||
        flow_slot(slots, FLOW_ROLE_PROTOCOL) == NULL)
        return;
    memcpy(flow.source, source->address.at, source->address.len);
    memcpy(flow.destination, destination->address.at, destination->address.len);
    flow.ports = ecs_ports(slots, &flow);
    event_add_ecs(
        event, S("network.community_id"), community_id(event->arena, &flow), EVENT_STRING);
}

static void ecs_network(struct event *event, const struct flow_slots *slots)
{
    const struct flow_slot *protocol = flow_slot(slots, FLOW_ROLE_PROTOCOL);
    const struct flow_slot *direction = flow_slot(slots, FLOW_ROLE_DIRECTION);
    uint64_t way = direction == NULL ? UINT64_MAX : flow_value_u64(direction->bytes);
    if (protocol != NULL) {
        event_add_ecs(event, S("network.transport"), ecs_transport(flow_value_u64(protocol->bytes)),
            EVENT_STRING);
        ecs_add_number(event, S("network.iana_number"), protocol->text);
    }
    event_add_ecs(event, S("network.direction"),
        way == 0   ? S("inbound")
        : way == 1 ? S("outbound")
                   : S("unknown"),
        EVENT_STRING);
    event_add_ecs(event, S("network.vlan.id"), ecs_text(slots, FLOW_ROLE_VLAN), EVENT_STRING);
    event_add_ecs(event, S("network.name"), ecs_text(slots, FLOW_ROLE_SSID), EVENT_STRING);
    event_add_ecs(
        event, S("network.application"), ecs_text(slots, FLOW_ROLE_APPLICATION), EVENT_STRING);
    event_add_ecs(event, S("user.name"), ecs_text(slots, FLOW_ROLE_USER), EVENT_STRING);
    event_add_ecs(event, S("observer.ingress.interface.id"), ecs_text(slots, FLOW_ROLE_INGRESS),
        EVENT_STRING);
    event_add_ecs(
        event, S("observer.egress.interface.id"), ecs_text(slots, FLOW_ROLE_EGRESS), EVENT_STRING);
}

/* --- counts --- */

static const struct flow_slot *ecs_first(
    const struct flow_slots *slots, enum flow_role a, enum flow_role b, enum flow_role c)
{
    const struct flow_slot *slot = flow_slot(slots, a);
    if (slot == NULL)
        slot = flow_slot(slots, b);
    return slot == NULL ? flow_slot(slots, c) : slot;
}

static uint64_t ecs_estimate(uint64_t count, struct flow_rate rate)
{
    unsigned __int128 all = (unsigned __int128)count * rate.numerator / rate.denominator;
    return all > UINT64_MAX ? UINT64_MAX : (uint64_t)all;
}

/* What was counted there, back, and both ways. */
static void ecs_count(struct event *event, const struct flow_slot *there,
    const struct flow_slot *back, slice both, slice estimated, struct flow_rate rate)
{
    if (there == NULL)
        return;
    uint64_t count = flow_value_u64(there->bytes);
    uint64_t returned = back == NULL ? 0 : flow_value_u64(back->bytes);
    uint64_t sum = count > UINT64_MAX - returned ? UINT64_MAX : count + returned;
    ecs_add_u64(event, both, sum);
    if (rate.numerator > rate.denominator)
        ecs_add_u64(event, estimated, ecs_estimate(sum, rate));
}

static void ecs_counts(struct event *event, const struct flow_slots *slots, struct flow_rate rate,
    struct ecs_end *source, struct ecs_end *destination)
{
    const struct flow_slot *bytes =
        ecs_first(slots, FLOW_ROLE_BYTES, FLOW_ROLE_BYTES_TOTAL, FLOW_ROLE_BYTES_INITIATOR);
    const struct flow_slot *packets =
        ecs_first(slots, FLOW_ROLE_PACKETS, FLOW_ROLE_PACKETS_TOTAL, FLOW_ROLE_PACKETS_INITIATOR);
    const struct flow_slot *bytes_back = flow_slot(slots, FLOW_ROLE_REVERSE_BYTES);
    const struct flow_slot *packets_back = flow_slot(slots, FLOW_ROLE_REVERSE_PACKETS);
    source->bytes = bytes == NULL ? S("") : bytes->text;
    source->packets = packets == NULL ? S("") : packets->text;
    destination->bytes = bytes_back == NULL ? S("") : bytes_back->text;
    destination->packets = packets_back == NULL ? S("") : packets_back->text;
    ecs_count(event, bytes, bytes_back, S("network.bytes"), S("flow.estimated_bytes"), rate);
    ecs_count(
        event, packets, packets_back, S("network.packets"), S("flow.estimated_packets"), rate);
    if (rate.numerator > rate.denominator)
        ecs_add_number(event, S("flow.sampling_rate"),
            flow_value_decimal(event->arena, (double)rate.numerator / (double)rate.denominator));
}

/* --- times --- */

/* ms of uptime: before or after that of the export, whose clock is known, across a wrap of 32 bits;
 * or from when the device began. */
static int64_t ecs_uptime(const struct flow_origin *origin, const struct flow_slot *slot)
{
    if (slot == NULL)
        return CIVIL_TIME_NONE;
    uint64_t ms = flow_value_u64(slot->bytes);
    if (origin->has_uptime && origin->uptime_ms != 0 && origin->export_ns != CIVIL_TIME_NONE)
        return origin->export_ns +
               (int64_t)(int32_t)((uint32_t)ms - origin->uptime_ms) * ECS_NS_PER_MS;
    const uint64_t latest_ms = (uint64_t)(INT64_MAX / ECS_NS_PER_MS);
    if (origin->init_ms == 0 || ms > latest_ms || origin->init_ms > latest_ms - ms)
        return CIVIL_TIME_NONE;
    return (int64_t)(origin->init_ms + ms) * ECS_NS_PER_MS;
}

static int64_t ecs_time(const struct flow_origin *origin, const struct flow_slots *slots,
    enum flow_role uptime, enum flow_role absolute, enum flow_role delta)
{
    const struct flow_slot *slot = flow_slot(slots, absolute);
    int64_t time_ns;
    if (slot != NULL && flow_value_time(slot->type, slot->bytes, &time_ns) && time_ns != 0)
        return time_ns;
    /* Microseconds before the export (RFC 5102, 5.9.9). */
    slot = flow_slot(slots, delta);
    if (slot != NULL && origin->export_ns != CIVIL_TIME_NONE && slot->bytes.len <= 4)
        return origin->export_ns - (int64_t)flow_value_u64(slot->bytes) * ECS_NS_PER_US;
    return ecs_uptime(origin, flow_slot(slots, uptime));
}

/* ns that the flow took; negative: not known. */
static int64_t ecs_duration(const struct flow_slots *slots, int64_t start_ns, int64_t end_ns)
{
    const uint64_t longest_ms = (uint64_t)(INT64_MAX / ECS_NS_PER_MS);
    uint64_t ms = ecs_number(slots, FLOW_ROLE_DURATION_MS);
    uint64_t us = ecs_number(slots, FLOW_ROLE_DURATION_US);
    int64_t between;
    if (start_ns != CIVIL_TIME_NONE && end_ns != CIVIL_TIME_NONE)
        return __builtin_sub_overflow(end_ns, start_ns, &between) ? -1 : between;
    if (flow_slot(slots, FLOW_ROLE_START_UPTIME) != NULL &&
        flow_slot(slots, FLOW_ROLE_END_UPTIME) != NULL) {
        uint32_t passed = (uint32_t)(ecs_number(slots, FLOW_ROLE_END_UPTIME) -
                                     ecs_number(slots, FLOW_ROLE_START_UPTIME));
        return passed > INT32_MAX ? -1 : (int64_t)passed * ECS_NS_PER_MS;
    }
    if (flow_slot(slots, FLOW_ROLE_DURATION_MS) != NULL && ms <= longest_ms)
        return (int64_t)ms * ECS_NS_PER_MS;
    if (flow_slot(slots, FLOW_ROLE_DURATION_US) != NULL && us <= longest_ms)
        return (int64_t)us * ECS_NS_PER_US;
    return -1;
}

static void ecs_times(
    struct event *event, const struct flow_origin *origin, const struct flow_slots *slots)
{
    int64_t start_ns =
        ecs_time(origin, slots, FLOW_ROLE_START_UPTIME, FLOW_ROLE_START, FLOW_ROLE_START_DELTA);
    int64_t end_ns =
        ecs_time(origin, slots, FLOW_ROLE_END_UPTIME, FLOW_ROLE_END, FLOW_ROLE_END_DELTA);
    int64_t duration_ns = ecs_duration(slots, start_ns, end_ns);
    if (start_ns != CIVIL_TIME_NONE)
        event_add_ecs(event, S("event.start"), civil_text(event->arena, start_ns), EVENT_STRING);
    if (end_ns != CIVIL_TIME_NONE)
        event_add_ecs(event, S("event.end"), civil_text(event->arena, end_ns), EVENT_STRING);
    if (duration_ns >= 0)
        ecs_add_u64(event, S("event.duration"), (uint64_t)duration_ns);
}

/* --- all of it --- */

static void ecs_ends(
    const struct flow_slots *slots, struct ecs_end *source, struct ecs_end *destination)
{
    *source = (struct ecs_end){.port = ecs_text(slots, FLOW_ROLE_SOURCE_PORT),
        .mac = ecs_text(slots, FLOW_ROLE_SOURCE_MAC),
        .as = ecs_text(slots, FLOW_ROLE_SOURCE_AS),
        .nat_ip = ecs_text(slots, FLOW_ROLE_SOURCE_NAT_IP),
        .nat_port = ecs_text(slots, FLOW_ROLE_SOURCE_NAT_PORT)};
    *destination = (struct ecs_end){.port = ecs_text(slots, FLOW_ROLE_DESTINATION_PORT),
        .mac = ecs_text(slots, FLOW_ROLE_DESTINATION_MAC),
        .as = ecs_text(slots, FLOW_ROLE_DESTINATION_AS),
        .nat_ip = ecs_text(slots, FLOW_ROLE_DESTINATION_NAT_IP),
        .nat_port = ecs_text(slots, FLOW_ROLE_DESTINATION_NAT_PORT)};
    ecs_address(slots, FLOW_ROLE_SOURCE_IPV4, FLOW_ROLE_SOURCE_IPV6, source);
    ecs_address(slots, FLOW_ROLE_DESTINATION_IPV4, FLOW_ROLE_DESTINATION_IPV6, destination);
}

static void ecs_related(struct event *event, const struct ecs_end *a, const struct ecs_end *b)
{
    event_add_ecs(event, S("related.ip"), a->text, EVENT_STRING);
    if (!slice_equal(a->text, b->text))
        event_add_ecs(event, S("related.ip"), b->text, EVENT_STRING);
}

void flow_ecs_add(struct event *event, const struct flow_origin *origin,
    const struct flow_slots *slots, struct flow_rate rate)
{
    struct ecs_end source, destination;
    const struct flow_slot *biflow = flow_slot(slots, FLOW_ROLE_BIFLOW_DIRECTION);
    ecs_times(event, origin, slots);
    ecs_ends(slots, &source, &destination);
    ecs_network(event, slots);
    if (source.address.len > 0)
        event_add_ecs(event, S("network.type"), source.address.len == 4 ? S("ipv4") : S("ipv6"),
            EVENT_STRING);
    ecs_counts(event, slots, rate, &source, &destination);
    ecs_community(event, slots, &source, &destination);
    /* RFC 5103, section 6.3: 2 is that the destination began. */
    if (biflow != NULL && flow_value_u64(biflow->bytes) == 2) {
        struct ecs_end swapped = source;
        source = destination;
        destination = swapped;
    }
    ecs_add_end(event, &source, &ecs_source, false);
    ecs_add_end(event, &destination, &ecs_destination, false);
    if (biflow != NULL) {
        ecs_add_end(event, &source, &ecs_client, true);
        ecs_add_end(event, &destination, &ecs_server, true);
    }
    ecs_related(event, &source, &destination);
}
