/* See packet.h. RFC 791, 8200, 793, 768, 792, 4443; IEEE 802.3 and 802.1Q; LINKTYPE_LINUX_SLL and
 * LINKTYPE_LINUX_SLL2 of tcpdump.org. Each layer narrows the reader to what its header says. */
#include "decode/packet.h"

#include <netinet/in.h>

#include "base/base.h"
#include "wire/reader.h"

#define PACKET_MAC_LEN        6U
#define PACKET_IPV4           0x0800U
#define PACKET_IPV6           0x86ddU
#define PACKET_VLAN           0x8100U
#define PACKET_VLAN_SERVICE   0x88a8U
#define PACKET_VLAN_OLD       0x9100U
#define PACKET_PPPOE_SESSION  0x8864U
#define PACKET_MPLS           0x8847U
#define PACKET_TAGS_MAX       8U
#define PACKET_EXTENSIONS_MAX 8U

static void packet_transport(struct packet *packet, struct reader *reader)
{
    slice at = slice_from(reader->bytes, reader->at);
    if (packet->protocol == IPPROTO_ICMP || packet->protocol == IPPROTO_ICMPV6) {
        packet->icmp_type = reader_u8(reader);
        packet->icmp_code = reader_u8(reader);
        packet->has_icmp = !reader->failed;
        return;
    }
    if (packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP &&
        packet->protocol != IPPROTO_SCTP)
        return;
    packet->source_port = reader_be16(reader);
    packet->destination_port = reader_be16(reader);
    packet->has_ports = !reader->failed;
    if (packet->protocol == IPPROTO_UDP) {
        const size_t header = 8;
        size_t len = reader_be16(reader);
        reader_skip(reader, 2);
        /* 0 is a packet too long for the field (RFC 2675). */
        size_t data = len == 0 ? reader_left(reader) : len < header ? 0 : len - header;
        packet->cut = packet->cut || data > reader_left(reader);
        packet->payload = reader_bytes(reader, size_min(data, reader_left(reader)));
    } else if (packet->protocol == IPPROTO_TCP) {
        const size_t shortest = 20;
        reader_skip(reader, 8);
        size_t header = (size_t)(reader_u8(reader) >> 4) * 4;
        packet->tcp_flags = reader_u8(reader);
        packet->has_flags = !reader->failed;
        if (header >= shortest)
            packet->payload = slice_from(at, header);
    }
}

static void packet_ipv4(struct packet *packet, struct reader *reader)
{
    const size_t shortest = 20;
    struct reader ip = reader_over(slice_from(reader->bytes, reader->at));
    size_t header = (size_t)(reader_u8(&ip) & 15) * 4;
    uint8_t tos = reader_u8(&ip);
    size_t len = reader_be16(&ip);
    reader_skip(&ip, 2);
    uint16_t fragment = reader_be16(&ip);
    uint8_t ttl = reader_u8(&ip);
    uint8_t protocol = reader_u8(&ip);
    reader_skip(&ip, 2);
    slice source = reader_bytes(&ip, sizeof(struct in_addr));
    slice destination = reader_bytes(&ip, sizeof(struct in_addr));
    if (ip.failed || header < shortest)
        return;
    packet->tos = tos;
    packet->ttl = ttl;
    packet->ip_len = (uint32_t)len;
    packet->source = source;
    packet->destination = destination;
    packet->protocol = protocol;
    packet->has_protocol = true;
    packet->fragment = (fragment & 0x1fff) != 0;
    packet->cut = len > ip.bytes.len || (fragment & 0x2000) != 0;
    /* Behind a short packet Ethernet fills up; with 0 the network card cuts it up later. */
    if (len >= header)
        ip.bytes = slice_first(ip.bytes, len);
    reader_seek(&ip, header);
    if (!packet->fragment)
        packet_transport(packet, &ip);
}

/* RFC 8200, section 4: headers that stand before the transport's. */
static bool packet_extension(struct packet *packet, struct reader *ip)
{
    uint8_t next;
    switch (packet->protocol) {
    case IPPROTO_HOPOPTS:
    case IPPROTO_ROUTING:
    case IPPROTO_DSTOPTS:
        next = reader_u8(ip);
        reader_skip(ip, (size_t)reader_u8(ip) * 8 + 6);
        break;
    case IPPROTO_AH:
        next = reader_u8(ip);
        reader_skip(ip, (size_t)reader_u8(ip) * 4 + 6);
        break;
    case IPPROTO_FRAGMENT:
        next = reader_u8(ip);
        reader_skip(ip, 1);
        {
            uint16_t offset = reader_be16(ip);
            packet->fragment = (offset & 0xfff8) != 0;
            packet->cut = packet->cut || (offset & 1) != 0;
        }
        reader_skip(ip, 4);
        break;
    default:
        return false;
    }
    if (!ip->failed)
        packet->protocol = next;
    return !ip->failed && !packet->fragment;
}

static void packet_ipv6(struct packet *packet, struct reader *reader)
{
    const size_t header = 40;
    struct reader ip = reader_over(slice_from(reader->bytes, reader->at));
    uint32_t first = reader_be32(&ip);
    size_t len = reader_be16(&ip);
    uint8_t next = reader_u8(&ip);
    uint8_t limit = reader_u8(&ip);
    slice source = reader_bytes(&ip, sizeof(struct in6_addr));
    slice destination = reader_bytes(&ip, sizeof(struct in6_addr));
    if (ip.failed)
        return;
    packet->tos = (uint8_t)(first >> 20 & 0xff);
    packet->ttl = limit;
    packet->ip_len = (uint32_t)(header + len);
    packet->source = source;
    packet->destination = destination;
    packet->protocol = next;
    packet->has_protocol = true;
    packet->cut = header + len > ip.bytes.len;
    if (len > 0)
        ip.bytes = slice_first(ip.bytes, header + len);
    for (unsigned i = 0; i < PACKET_EXTENSIONS_MAX && packet_extension(packet, &ip); i++)
        continue;
    if (!packet->fragment && !ip.failed)
        packet_transport(packet, &ip);
}

static void packet_ip(struct packet *packet, struct reader *reader)
{
    struct reader ahead = *reader;
    unsigned version = reader_u8(&ahead) >> 4;
    if (version == 4)
        packet_ipv4(packet, reader);
    else if (version == 6)
        packet_ipv6(packet, reader);
}

static void packet_network(struct packet *packet, struct reader *reader, uint16_t type)
{
    for (unsigned i = 0;
         i < PACKET_TAGS_MAX &&
         (type == PACKET_VLAN || type == PACKET_VLAN_SERVICE || type == PACKET_VLAN_OLD);
         i++) {
        uint16_t tag = reader_be16(reader) & 0xfff;
        type = reader_be16(reader);
        if (!packet->tagged && !reader->failed)
            packet->vlan = tag;
        packet->tagged = packet->tagged || !reader->failed;
    }
    if (type == PACKET_PPPOE_SESSION) {
        reader_skip(reader, 8); /* and the protocol of PPP: IP tells itself */
        type = PACKET_IPV4;
    }
    if (type == PACKET_MPLS) {
        /* Labels up to the one at the bottom of the stack (RFC 3032). */
        for (unsigned i = 0; i < PACKET_TAGS_MAX && !reader->failed; i++)
            if ((reader_be32(reader) & 0x100) != 0)
                break;
        type = PACKET_IPV4;
    }
    if (!reader->failed && (type == PACKET_IPV4 || type == PACKET_IPV6))
        packet_ip(packet, reader);
}

void packet_parse(slice bytes, enum packet_link link, struct packet *packet)
{
    struct reader reader = reader_over(bytes);
    *packet = (struct packet){.vlan = 0};
    switch (link) {
    case PACKET_ETHERNET:
        packet->destination_mac = reader_bytes(&reader, PACKET_MAC_LEN);
        packet->source_mac = reader_bytes(&reader, PACKET_MAC_LEN);
        packet_network(packet, &reader, reader_be16(&reader));
        return;
    case PACKET_LINUX_SLL:
        reader_skip(&reader, 14);
        packet_network(packet, &reader, reader_be16(&reader));
        return;
    case PACKET_LINUX_SLL2: {
        uint16_t type = reader_be16(&reader);
        reader_skip(&reader, 18);
        packet_network(packet, &reader, type);
        return;
    }
    case PACKET_NULL:
        reader_skip(&reader, 4);
        packet_ip(packet, &reader);
        return;
    case PACKET_IP:
        packet_ip(packet, &reader);
        return;
    case PACKET_UNKNOWN:
        return;
    }
}
