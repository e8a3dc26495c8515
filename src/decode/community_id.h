/* network.community_id: a hash that is the same for both directions of a conversation and for every
 * product that saw it (Community ID 1.0, corelight/community-id-spec, with seed 0). */
#ifndef DECODE_COMMUNITY_ID_H
#define DECODE_COMMUNITY_ID_H

#include "base/arena.h"

/* "1:" and 20 bytes in base64. */
#define COMMUNITY_ID_LEN 30

struct community_flow {
    unsigned char source[16]; /* network order; IPv4 in the first four bytes */
    unsigned char destination[16];
    size_t address_len; /* 4 or 16 */
    uint8_t protocol;   /* IANA's number */
    bool ports;         /* the two below are known */
    /* Of ICMP and ICMPv6: type and code. Protocols other than these, TCP, UDP and SCTP have none,
     * whatever stands here. */
    uint16_t source_port;
    uint16_t destination_port;
};

/* The id, in the arena. In a sandbox hash_prepare (wire/hash.h) must have been called before. */
slice community_id(struct arena *arena, const struct community_flow *flow);

#endif
