/* Headers of a packet, from the link layer to the ports: what captures and sFlow samples hold. */
#ifndef DECODE_PACKET_H
#define DECODE_PACKET_H

#include "base/slice.h"

enum packet_link {
    PACKET_ETHERNET,
    PACKET_IP,         /* IPv4 or IPv6, by the version in it */
    PACKET_LINUX_SLL,  /* "cooked", of the any device */
    PACKET_LINUX_SLL2, /* the same with the interface's number */
    PACKET_NULL,       /* BSD loopback */
    PACKET_UNKNOWN,
};

struct packet {
    slice source_mac; /* empty where there is none */
    slice destination_mac;
    bool tagged; /* IEEE 802.1Q; the outer tag */
    uint16_t vlan;
    slice source; /* 4 or 16 bytes; empty: no IP */
    slice destination;
    bool has_protocol;
    uint8_t protocol; /* of IPv6 the last header that could be reached */
    uint8_t tos;
    uint8_t ttl;
    uint32_t ip_len; /* bytes of the IP packet as its header says */
    bool fragment;   /* not the first: there are no ports */
    bool has_ports;
    uint16_t source_port;
    uint16_t destination_port;
    bool has_icmp;
    uint8_t icmp_type;
    uint8_t icmp_code;
    bool has_flags;
    uint8_t tcp_flags;
    slice payload; /* of UDP and TCP, as far as it is there */
    bool cut;      /* the payload is shorter than its header says */
};

/* Fills in what can be read; a packet that is cut or malformed has less. */
void packet_parse(slice bytes, enum packet_link link, struct packet *packet);

#endif
