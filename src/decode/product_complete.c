/* See product_complete.h. Names and meaning are those of ECS 8; what would need knowledge that no
 * record has (which networks are ours, for network.direction) is left to the definitions. */
#include "decode/product_complete.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/base.h"
#include "decode/command_line.h"
#include "decode/community_id.h"
#include "decode/product_type.h"
#include "decode/registered_domain.h"
#include "event/event.h"

/* Values of one list of related.*; further ones are left out. */
#define COMPLETE_RELATED_MAX 64U
/* Arguments of a command line; further ones are counted, but left out. */
#define COMPLETE_ARGUMENTS_MAX 256U

static void complete_add(struct product_view *view, enum product_fixed_name name, slice value)
{
    if (!product_view_has(view, name))
        product_view_add(view, name, value, EVENT_STRING);
}

/* --- network --- */

static const struct {
    uint8_t number;
    slice name;
} complete_protocols[] = {
    /* The keywords of IANA's registry of protocol numbers, in lower case as ECS wants them, and
     * other names that products write. The first of a number is the one that is made. */
    {IPPROTO_ICMP, S_INIT("icmp")},
    {IPPROTO_IGMP, S_INIT("igmp")},
    {IPPROTO_IPIP, S_INIT("ipv4")},
    {IPPROTO_TCP, S_INIT("tcp")},
    {IPPROTO_EGP, S_INIT("egp")},
    {IPPROTO_UDP, S_INIT("udp")},
    {IPPROTO_IPV6, S_INIT("ipv6")},
    {IPPROTO_RSVP, S_INIT("rsvp")},
    {IPPROTO_GRE, S_INIT("gre")},
    {IPPROTO_ESP, S_INIT("esp")},
    {IPPROTO_AH, S_INIT("ah")},
    {IPPROTO_ICMPV6, S_INIT("ipv6-icmp")},
    {IPPROTO_ICMPV6, S_INIT("icmpv6")},
    {IPPROTO_ICMPV6, S_INIT("icmp6")},
    {88, S_INIT("eigrp")},
    {89, S_INIT("ospf")},
    {IPPROTO_PIM, S_INIT("pim")},
    {112, S_INIT("vrrp")},
    {115, S_INIT("l2tp")},
    {IPPROTO_SCTP, S_INIT("sctp")},
};

/* IANA's number of the transport, told by number or by name. */
static bool complete_protocol(const struct product_view *view, uint8_t *number)
{
    slice told = product_view_value(view, PRODUCT_NETWORK_NUMBER);
    slice name = product_view_value(view, PRODUCT_NETWORK_TRANSPORT);
    uint64_t value;
    if (slice_to_u64(told, UINT8_MAX, &value) || slice_to_u64(name, UINT8_MAX, &value)) {
        *number = (uint8_t)value;
        return true;
    }
    for (size_t i = 0; i < sizeof(complete_protocols) / sizeof(complete_protocols[0]); i++) {
        if (slice_equal_nocase(complete_protocols[i].name, name)) {
            *number = complete_protocols[i].number;
            return true;
        }
    }
    return false;
}

static void complete_transport(struct product_view *view, uint8_t number)
{
    for (size_t i = 0; i < sizeof(complete_protocols) / sizeof(complete_protocols[0]); i++) {
        if (complete_protocols[i].number == number) {
            complete_add(view, PRODUCT_NETWORK_TRANSPORT, complete_protocols[i].name);
            return;
        }
    }
}

static bool complete_address(slice text, unsigned char address[16], size_t *len)
{
    char terminated[INET6_ADDRSTRLEN];
    bool is_v6 = slice_find_byte(text, ':') < text.len;
    if (text.len == 0 || text.len >= sizeof(terminated))
        return false;
    memcpy(terminated, text.at, text.len);
    terminated[text.len] = '\0';
    *len = is_v6 ? 16 : 4;
    return inet_pton(is_v6 ? AF_INET6 : AF_INET, terminated, address) == 1;
}

static bool complete_port(
    const struct product_view *view, enum product_fixed_name name, uint16_t *port)
{
    uint64_t value;
    if (!slice_to_u64(product_view_value(view, name), UINT16_MAX, &value))
        return false;
    *port = (uint16_t)value;
    return true;
}

/* Without what the hash is over there is no id: a wrong one would join what does not belong. */
static void complete_community_id(struct product_view *view, uint8_t protocol)
{
    struct community_flow flow = {.protocol = protocol};
    size_t len;
    bool icmp = protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
    bool ports = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
    if (product_view_has(view, PRODUCT_NETWORK_ID) ||
        !complete_address(
            product_view_value(view, PRODUCT_SOURCE_IP), flow.source, &flow.address_len) ||
        !complete_address(
            product_view_value(view, PRODUCT_DESTINATION_IP), flow.destination, &len) ||
        len != flow.address_len)
        return;
    flow.ports = ports || icmp;
    if (flow.ports &&
        (!complete_port(view, icmp ? PRODUCT_ICMP_TYPE : PRODUCT_SOURCE_PORT, &flow.source_port) ||
            !complete_port(
                view, icmp ? PRODUCT_ICMP_CODE : PRODUCT_DESTINATION_PORT, &flow.destination_port)))
        return;
    complete_add(view, PRODUCT_NETWORK_ID, community_id(view->event->arena, &flow));
}

static void complete_sum(struct product_view *view, enum product_fixed_name sum,
    enum product_fixed_name left, enum product_fixed_name right)
{
    uint64_t values[2];
    if (product_view_has(view, sum) ||
        !slice_to_u64(product_view_value(view, left), INT64_MAX, &values[0]) ||
        !slice_to_u64(product_view_value(view, right), INT64_MAX, &values[1]))
        return;
    product_view_add(view, sum, arena_u64(view->event->arena, values[0] + values[1]), EVENT_NUMBER);
}

static void complete_network(struct product_view *view)
{
    slice source = product_view_value(view, PRODUCT_SOURCE_IP);
    slice destination = product_view_value(view, PRODUCT_DESTINATION_IP);
    uint8_t protocol;
    if (source.len > 0 && destination.len > 0)
        complete_add(view, PRODUCT_NETWORK_TYPE,
            slice_find_byte(source, ':') < source.len ? S("ipv6") : S("ipv4"));
    if (complete_protocol(view, &protocol)) {
        complete_transport(view, protocol);
        complete_community_id(view, protocol);
    }
    complete_sum(view, PRODUCT_NETWORK_BYTES, PRODUCT_SOURCE_BYTES, PRODUCT_DESTINATION_BYTES);
    complete_sum(
        view, PRODUCT_NETWORK_PACKETS, PRODUCT_SOURCE_PACKETS, PRODUCT_DESTINATION_PACKETS);
}

/* --- time --- */

/* A time in a field, as if it were UTC where it lacks the zone. */
static bool complete_time(slice text, struct stamp *stamp, int64_t *time_ns)
{
    return product_type_stamp(text, stamp) && (stamp->missing & STAMP_NO_YEAR) == 0 &&
           stamp_to_ns(stamp, 0, 0, time_ns);
}

/* A time without a zone is answered with one without. */
static void complete_moved(
    struct product_view *view, enum product_fixed_name name, slice from, int64_t by_ns)
{
    struct stamp stamp;
    int64_t time_ns;
    if (!complete_time(from, &stamp, &time_ns) || __builtin_add_overflow(time_ns, by_ns, &time_ns))
        return;
    slice text = civil_text(view->event->arena, time_ns);
    complete_add(
        view, name, (stamp.missing & STAMP_NO_ZONE) ? slice_first(text, text.len - 1) : text);
}

static void complete_duration(struct product_view *view)
{
    struct stamp start, end;
    int64_t start_ns, end_ns;
    if (!complete_time(product_view_value(view, PRODUCT_EVENT_START), &start, &start_ns) ||
        !complete_time(product_view_value(view, PRODUCT_EVENT_END), &end, &end_ns) ||
        (start.missing & STAMP_NO_ZONE) != (end.missing & STAMP_NO_ZONE) ||
        __builtin_sub_overflow(end_ns, start_ns, &end_ns) || end_ns < 0 ||
        product_view_has(view, PRODUCT_EVENT_DURATION))
        return;
    product_view_add(view, PRODUCT_EVENT_DURATION, arena_u64(view->event->arena, (uint64_t)end_ns),
        EVENT_NUMBER);
}

/* Of start, end and duration the third. */
static void complete_times(struct product_view *view)
{
    slice is = product_view_value(view, PRODUCT_TIME_IS);
    uint64_t duration_ns;
    if (!slice_to_u64(product_view_value(view, PRODUCT_EVENT_DURATION), INT64_MAX, &duration_ns)) {
        complete_duration(view);
        return;
    }
    if (is.len > 0 && view->event->time_ns != CIVIL_TIME_NONE)
        complete_add(view, slice_equal(is, S("end")) ? PRODUCT_EVENT_END : PRODUCT_EVENT_START,
            civil_text(view->event->arena, view->event->time_ns));
    complete_moved(view, PRODUCT_EVENT_END, product_view_value(view, PRODUCT_EVENT_START),
        (int64_t)duration_ns);
    complete_moved(view, PRODUCT_EVENT_START, product_view_value(view, PRODUCT_EVENT_END),
        -(int64_t)duration_ns);
}

/* --- related --- */

static const enum product_fixed_name complete_ips[] = {PRODUCT_SOURCE_IP, PRODUCT_SOURCE_NAT_IP,
    PRODUCT_DESTINATION_IP, PRODUCT_DESTINATION_NAT_IP, PRODUCT_CLIENT_IP, PRODUCT_SERVER_IP,
    PRODUCT_HOST_IP, PRODUCT_OBSERVER_IP, PRODUCT_DNS_RESOLVED_IP, PRODUCT_NETWORK_FORWARDED_IP};

static const enum product_fixed_name complete_users[] = {PRODUCT_USER_NAME, PRODUCT_USER_TARGET,
    PRODUCT_USER_EFFECTIVE, PRODUCT_USER_CHANGES, PRODUCT_SOURCE_USER, PRODUCT_DESTINATION_USER,
    PRODUCT_CLIENT_USER, PRODUCT_SERVER_USER};

static const enum product_fixed_name complete_hosts[] = {PRODUCT_HOST_NAME, PRODUCT_HOST_HOSTNAME,
    PRODUCT_OBSERVER_NAME, PRODUCT_OBSERVER_HOSTNAME, PRODUCT_SOURCE_DOMAIN,
    PRODUCT_DESTINATION_DOMAIN, PRODUCT_CLIENT_DOMAIN, PRODUCT_SERVER_DOMAIN, PRODUCT_URL_DOMAIN,
    PRODUCT_DNS_QUESTION};

/* The values of one list, each once. */
struct complete_list {
    slice values[COMPLETE_RELATED_MAX];
    size_t count;
};

static void complete_list_add(struct complete_list *list, slice value)
{
    if (value.len == 0 || list->count == COMPLETE_RELATED_MAX)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->values[i], value))
            return;
    list->values[list->count++] = value;
}

static void complete_list_put(
    struct product_view *view, const struct complete_list *list, enum product_fixed_name name)
{
    for (size_t i = 0; i < list->count; i++)
        product_view_add(view, name, list->values[i], EVENT_STRING);
}

static void complete_related(struct product_view *view, enum product_fixed_name related,
    const enum product_fixed_name *names, size_t count)
{
    struct complete_list list = {.count = 0};
    if (product_view_has(view, related))
        return;
    for (size_t i = 0; i < count; i++)
        for (uint16_t at = view->first[names[i]]; at != 0; at = view->links[at - 1].next)
            complete_list_add(&list, view->event->fields[at - 1].value);
    complete_list_put(view, &list, related);
}

/* file.hash.md5, process.parent.hash.sha256 …; not those of certificates. */
static void complete_related_hash(struct product_view *view)
{
    struct complete_list list = {.count = 0};
    const struct event *event = view->event;
    if (product_view_has(view, PRODUCT_RELATED_HASH))
        return;
    for (size_t i = 0; i < event->count; i++) {
        const struct event_field *field = &event->fields[i];
        if (field->ecs && slice_contains(field->name, S(".hash.")) &&
            !slice_starts(field->name, S("tls.")))
            complete_list_add(&list, field->value);
    }
    complete_list_put(view, &list, PRODUCT_RELATED_HASH);
}

/* --- parts of names and of commands --- */

static void complete_question(struct product_view *view)
{
    struct registered_domain parts;
    if (product_view_has(view, PRODUCT_DNS_REGISTERED) ||
        !registered_domain_find(product_view_value(view, PRODUCT_DNS_QUESTION), &parts))
        return;
    complete_add(view, PRODUCT_DNS_TOP, parts.top);
    complete_add(view, PRODUCT_DNS_REGISTERED, parts.registered);
    complete_add(view, PRODUCT_DNS_SUBDOMAIN, parts.subdomain);
}

/* A program of Windows is given one text, and there is one way to take it apart; what others log as
 * a command line has lost where an argument ended. */
static void complete_arguments(struct product_view *view, enum product_fixed_name command_line,
    enum product_fixed_name arguments, enum product_fixed_name total)
{
    struct arena *arena = view->event->arena;
    slice rest = product_view_value(view, command_line);
    slice argument;
    uint64_t count = 0;
    if (product_view_has(view, arguments) ||
        !slice_equal(product_view_value(view, PRODUCT_HOST_OS_TYPE), S("windows")))
        return;
    while (command_line_next(arena, &rest, count == 0, &argument))
        if (count++ < COMPLETE_ARGUMENTS_MAX)
            product_view_add(view, arguments, argument, EVENT_STRING);
    if (count > 0 && !product_view_has(view, total))
        product_view_add(view, total, arena_u64(arena, count), EVENT_NUMBER);
}

void product_complete(struct product_view *view)
{
    complete_network(view);
    complete_question(view);
    complete_arguments(
        view, PRODUCT_PROCESS_COMMAND_LINE, PRODUCT_PROCESS_ARGS, PRODUCT_PROCESS_ARGS_COUNT);
    complete_arguments(
        view, PRODUCT_PARENT_COMMAND_LINE, PRODUCT_PARENT_ARGS, PRODUCT_PARENT_ARGS_COUNT);
    complete_times(view);
    complete_related(
        view, PRODUCT_RELATED_IP, complete_ips, sizeof(complete_ips) / sizeof(complete_ips[0]));
    complete_related(view, PRODUCT_RELATED_USER, complete_users,
        sizeof(complete_users) / sizeof(complete_users[0]));
    complete_related(view, PRODUCT_RELATED_HOSTS, complete_hosts,
        sizeof(complete_hosts) / sizeof(complete_hosts[0]));
    complete_related_hash(view);
}
