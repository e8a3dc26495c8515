/* See community_id.h. What is hashed is the seed, the lower endpoint, the higher one, the protocol,
 * a zero byte and the ports of both. ICMP has no ports: the type stands for one and the type that
 * answers it for the other, so that question and answer meet; a message that nothing answers goes
 * one way, with its code, and is not ordered. */
#include "decode/community_id.h"

#include <netinet/in.h>
#include <string.h>

#include "base/base.h"
#include "wire/base64.h"
#include "wire/hash.h"

#define COMMUNITY_INPUT_MAX (2 + 2 * 16 + 2 + 2 * 2)

struct community_pair {
    uint8_t protocol;
    uint8_t type;
    uint8_t answer;
};

static const struct community_pair community_pairs[] = {
    {IPPROTO_ICMP, 8, 0},       /* echo */
    {IPPROTO_ICMP, 10, 9},      /* router solicitation and advertisement */
    {IPPROTO_ICMP, 13, 14},     /* time stamp */
    {IPPROTO_ICMP, 15, 16},     /* information */
    {IPPROTO_ICMP, 17, 18},     /* address mask */
    {IPPROTO_ICMPV6, 128, 129}, /* echo */
    {IPPROTO_ICMPV6, 133, 134}, /* router solicitation and advertisement */
    {IPPROTO_ICMPV6, 135, 136}, /* neighbour solicitation and advertisement */
    {IPPROTO_ICMPV6, 130, 131}, /* multicast listener query and report */
    {IPPROTO_ICMPV6, 139, 140}, /* who are you, I am */
    {IPPROTO_ICMPV6, 144, 145}, /* home agent address discovery */
};

/* The type that answers; false for a message that goes one way. */
static bool community_answer(uint8_t protocol, uint16_t type, uint16_t *answer)
{
    for (size_t i = 0; i < sizeof(community_pairs) / sizeof(community_pairs[0]); i++) {
        const struct community_pair *pair = &community_pairs[i];
        if (pair->protocol != protocol || (pair->type != type && pair->answer != type))
            continue;
        *answer = pair->type == type ? pair->answer : pair->type;
        return true;
    }
    return false;
}

static bool community_has_ports(uint8_t protocol)
{
    return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
           protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

static void community_port(struct buf *out, uint16_t port)
{
    buf_append_byte(out, (char)(port >> 8));
    buf_append_byte(out, (char)(port & 0xff));
}

slice community_id(struct arena *arena, const struct community_flow *flow)
{
    char input[COMMUNITY_INPUT_MAX];
    struct buf hashed, out;
    bool icmp = flow->protocol == IPPROTO_ICMP || flow->protocol == IPPROTO_ICMPV6;
    uint16_t first_port = flow->source_port, second_port = flow->destination_port;
    bool one_way =
        icmp && flow->ports && !community_answer(flow->protocol, flow->source_port, &second_port);
    slice first = slice_make(flow->source, flow->address_len);
    slice second = slice_make(flow->destination, flow->address_len);
    ASSERT(flow->address_len == 4 || flow->address_len == 16);
    int order = slice_compare(first, second);
    if (!one_way && (order > 0 || (order == 0 && first_port > second_port))) {
        slice address = first;
        uint16_t port = first_port;
        first = second, first_port = second_port;
        second = address, second_port = port;
    }
    buf_init_fixed(&hashed, input, sizeof(input));
    buf_append(&hashed, S("\0\0"));
    buf_append(&hashed, first);
    buf_append(&hashed, second);
    buf_append_byte(&hashed, (char)flow->protocol);
    buf_append_byte(&hashed, '\0');
    if (flow->ports && community_has_ports(flow->protocol)) {
        community_port(&hashed, first_port);
        community_port(&hashed, second_port);
    }
    hash_sha1 digest = hash_sha1_of(buf_slice(&hashed));
    buf_init_fixed(&out, arena_bytes(arena, COMMUNITY_ID_LEN), COMMUNITY_ID_LEN);
    buf_append(&out, S("1:"));
    base64_append(&out, slice_make(digest.bytes, sizeof(digest.bytes)));
    return buf_slice(&out);
}
