/* What fields of flow records mean for the ECS fields of an event: FLOW_ROLES is
 * ROLE(role, enterprise, id). Several elements may have one role; the first in a record counts. */
#ifndef DECODE_FLOW_ROLE_H
#define DECODE_FLOW_ROLE_H

#include "decode/flow_element.h"

#define FLOW_ROLE_NAMES(NAME)                                                                      \
    NAME(NONE)                                                                                     \
    NAME(SOURCE_IPV4)                                                                              \
    NAME(SOURCE_IPV6)                                                                              \
    NAME(SOURCE_PORT)                                                                              \
    NAME(SOURCE_MAC)                                                                               \
    NAME(SOURCE_AS)                                                                                \
    NAME(SOURCE_NAT_IP)                                                                            \
    NAME(SOURCE_NAT_PORT)                                                                          \
    NAME(DESTINATION_IPV4)                                                                         \
    NAME(DESTINATION_IPV6)                                                                         \
    NAME(DESTINATION_PORT)                                                                         \
    NAME(DESTINATION_MAC)                                                                          \
    NAME(DESTINATION_AS)                                                                           \
    NAME(DESTINATION_NAT_IP)                                                                       \
    NAME(DESTINATION_NAT_PORT)                                                                     \
    NAME(PROTOCOL)                                                                                 \
    NAME(ICMP_TYPE_CODE)                                                                           \
    NAME(ICMP_TYPE)                                                                                \
    NAME(ICMP_CODE)                                                                                \
    NAME(BYTES)                                                                                    \
    NAME(BYTES_TOTAL)                                                                              \
    NAME(BYTES_INITIATOR)                                                                          \
    NAME(PACKETS)                                                                                  \
    NAME(PACKETS_TOTAL)                                                                            \
    NAME(PACKETS_INITIATOR)                                                                        \
    NAME(REVERSE_BYTES)                                                                            \
    NAME(REVERSE_PACKETS)                                                                          \
    NAME(DIRECTION)                                                                                \
    NAME(BIFLOW_DIRECTION)                                                                         \
    NAME(START_UPTIME)                                                                             \
    NAME(END_UPTIME)                                                                               \
    NAME(START)                                                                                    \
    NAME(END)                                                                                      \
    NAME(START_DELTA)                                                                              \
    NAME(END_DELTA)                                                                                \
    NAME(DURATION_MS)                                                                              \
    NAME(DURATION_US)                                                                              \
    NAME(INIT_TIME)                                                                                \
    NAME(INGRESS)                                                                                  \
    NAME(EGRESS)                                                                                   \
    NAME(VLAN)                                                                                     \
    NAME(APPLICATION)                                                                              \
    NAME(USER)                                                                                     \
    NAME(SSID)                                                                                     \
    NAME(SAMPLER)                                                                                  \
    NAME(SAMPLING_INTERVAL)                                                                        \
    NAME(PACKET_INTERVAL)                                                                          \
    NAME(PACKET_SPACE)                                                                             \
    NAME(SAMPLING_SIZE)                                                                            \
    NAME(SAMPLING_POPULATION)                                                                      \
    NAME(SAMPLING_PROBABILITY)                                                                     \
    NAME(ELEMENT_ID)                                                                               \
    NAME(ELEMENT_ENTERPRISE)                                                                       \
    NAME(ELEMENT_TYPE)                                                                             \
    NAME(ELEMENT_NAME)

enum flow_role {
#define FLOW_ROLE_NAME(name) FLOW_ROLE_##name,
    FLOW_ROLE_NAMES(FLOW_ROLE_NAME)
#undef FLOW_ROLE_NAME
        FLOW_ROLE_COUNT
};
_Static_assert(FLOW_ROLE_COUNT <= 64, "the roles of a record are bits of a word");

#define FLOW_ROLES(ROLE)                                                                           \
    ROLE(BYTES, 0, 1)                                                                              \
    ROLE(PACKETS, 0, 2)                                                                            \
    ROLE(PROTOCOL, 0, 4)                                                                           \
    ROLE(SOURCE_PORT, 0, 7)                                                                        \
    ROLE(SOURCE_IPV4, 0, 8)                                                                        \
    ROLE(INGRESS, 0, 10)                                                                           \
    ROLE(DESTINATION_PORT, 0, 11)                                                                  \
    ROLE(DESTINATION_IPV4, 0, 12)                                                                  \
    ROLE(EGRESS, 0, 14)                                                                            \
    ROLE(SOURCE_AS, 0, 16)                                                                         \
    ROLE(DESTINATION_AS, 0, 17)                                                                    \
    ROLE(END_UPTIME, 0, 21)                                                                        \
    ROLE(START_UPTIME, 0, 22)                                                                      \
    ROLE(SOURCE_IPV6, 0, 27)                                                                       \
    ROLE(DESTINATION_IPV6, 0, 28)                                                                  \
    ROLE(ICMP_TYPE_CODE, 0, 32)                                                                    \
    ROLE(SAMPLING_INTERVAL, 0, 34)                                                                 \
    ROLE(SAMPLER, 0, 48)                                                                           \
    ROLE(SAMPLING_INTERVAL, 0, 50)                                                                 \
    ROLE(SOURCE_MAC, 0, 56)                                                                        \
    ROLE(VLAN, 0, 58)                                                                              \
    ROLE(DIRECTION, 0, 61)                                                                         \
    ROLE(DESTINATION_MAC, 0, 80)                                                                   \
    ROLE(BYTES_TOTAL, 0, 85)                                                                       \
    ROLE(PACKETS_TOTAL, 0, 86)                                                                     \
    ROLE(APPLICATION, 0, 96)                                                                       \
    ROLE(ICMP_TYPE_CODE, 0, 139)                                                                   \
    ROLE(SSID, 0, 147)                                                                             \
    ROLE(START, 0, 150)                                                                            \
    ROLE(END, 0, 151)                                                                              \
    ROLE(START, 0, 152)                                                                            \
    ROLE(END, 0, 153)                                                                              \
    ROLE(START, 0, 154)                                                                            \
    ROLE(END, 0, 155)                                                                              \
    ROLE(START, 0, 156)                                                                            \
    ROLE(END, 0, 157)                                                                              \
    ROLE(START_DELTA, 0, 158)                                                                      \
    ROLE(END_DELTA, 0, 159)                                                                        \
    ROLE(INIT_TIME, 0, 160)                                                                        \
    ROLE(DURATION_MS, 0, 161)                                                                      \
    ROLE(DURATION_US, 0, 162)                                                                      \
    ROLE(ICMP_TYPE, 0, 176)                                                                        \
    ROLE(ICMP_CODE, 0, 177)                                                                        \
    ROLE(ICMP_TYPE, 0, 178)                                                                        \
    ROLE(ICMP_CODE, 0, 179)                                                                        \
    ROLE(SOURCE_PORT, 0, 180)                                                                      \
    ROLE(DESTINATION_PORT, 0, 181)                                                                 \
    ROLE(SOURCE_PORT, 0, 182)                                                                      \
    ROLE(DESTINATION_PORT, 0, 183)                                                                 \
    ROLE(SOURCE_NAT_IP, 0, 225)                                                                    \
    ROLE(DESTINATION_NAT_IP, 0, 226)                                                               \
    ROLE(SOURCE_NAT_PORT, 0, 227)                                                                  \
    ROLE(DESTINATION_NAT_PORT, 0, 228)                                                             \
    ROLE(BYTES_INITIATOR, 0, 231)                                                                  \
    ROLE(REVERSE_BYTES, 0, 232)                                                                    \
    ROLE(BIFLOW_DIRECTION, 0, 239)                                                                 \
    ROLE(VLAN, 0, 243)                                                                             \
    ROLE(SOURCE_NAT_IP, 0, 281)                                                                    \
    ROLE(DESTINATION_NAT_IP, 0, 282)                                                               \
    ROLE(PACKETS_INITIATOR, 0, 298)                                                                \
    ROLE(REVERSE_PACKETS, 0, 299)                                                                  \
    ROLE(SAMPLER, 0, 302)                                                                          \
    ROLE(ELEMENT_ID, 0, 303)                                                                       \
    ROLE(PACKET_INTERVAL, 0, 305)                                                                  \
    ROLE(PACKET_SPACE, 0, 306)                                                                     \
    ROLE(SAMPLING_SIZE, 0, 309)                                                                    \
    ROLE(SAMPLING_POPULATION, 0, 310)                                                              \
    ROLE(SAMPLING_PROBABILITY, 0, 311)                                                             \
    ROLE(ELEMENT_TYPE, 0, 339)                                                                     \
    ROLE(ELEMENT_NAME, 0, 341)                                                                     \
    ROLE(ELEMENT_ENTERPRISE, 0, 346)                                                               \
    ROLE(USER, 0, 371)                                                                             \
    ROLE(USER, 0, 40000)                                                                           \
    ROLE(SOURCE_NAT_IP, 0, 40001)                                                                  \
    ROLE(DESTINATION_NAT_IP, 0, 40002)                                                             \
    ROLE(SOURCE_NAT_PORT, 0, 40003)                                                                \
    ROLE(DESTINATION_NAT_PORT, 0, 40004)                                                           \
    ROLE(REVERSE_BYTES, FLOW_ENTERPRISE_REVERSE, 1)                                                \
    ROLE(REVERSE_PACKETS, FLOW_ENTERPRISE_REVERSE, 2)                                              \
    ROLE(REVERSE_BYTES, FLOW_ENTERPRISE_REVERSE, 85)                                               \
    ROLE(REVERSE_PACKETS, FLOW_ENTERPRISE_REVERSE, 86)

/* What of a record has a role: its bytes on the wire, and the text of the native field. */
struct flow_slot {
    slice bytes;
    slice text;
    enum flow_type type;
};

struct flow_slots {
    uint64_t present; /* bits by role; slots of others hold nothing */
    struct flow_slot slots[FLOW_ROLE_COUNT];
};

static inline const struct flow_slot *flow_slot(const struct flow_slots *slots, enum flow_role role)
{
    return (slots->present >> role & 1) != 0 ? &slots->slots[role] : NULL;
}

#endif
