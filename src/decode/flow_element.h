/* Information elements of NetFlow v9 and IPFIX (RFC 7012): what a field is called and what type its
 * value has. The table is flow_elements.def. */
#ifndef DECODE_FLOW_ELEMENT_H
#define DECODE_FLOW_ELEMENT_H

#include "base/buf.h"

/* Fields that count in the other direction of a biflow are IANA's elements under this number
 * (RFC 5103, section 6.1). */
#define FLOW_ENTERPRISE_REVERSE 29305U
#define FLOW_ENTERPRISE_CISCO   9U
#define FLOW_ENTERPRISE_NTOP    35632U

/* The abstract data types under IANA's numbers ("IPFIX Information Element Data Types", RFC 5610,
 * section 3.1). */
enum flow_type {
    FLOW_OCTET_ARRAY = 0,
    FLOW_UNSIGNED8 = 1,
    FLOW_UNSIGNED16 = 2,
    FLOW_UNSIGNED32 = 3,
    FLOW_UNSIGNED64 = 4,
    FLOW_SIGNED8 = 5,
    FLOW_SIGNED16 = 6,
    FLOW_SIGNED32 = 7,
    FLOW_SIGNED64 = 8,
    FLOW_FLOAT32 = 9,
    FLOW_FLOAT64 = 10,
    FLOW_BOOLEAN = 11,
    FLOW_MAC_ADDRESS = 12,
    FLOW_STRING = 13,
    FLOW_DATE_TIME_SECONDS = 14,
    FLOW_DATE_TIME_MILLISECONDS = 15,
    FLOW_DATE_TIME_MICROSECONDS = 16,
    FLOW_DATE_TIME_NANOSECONDS = 17,
    FLOW_IPV4_ADDRESS = 18,
    FLOW_IPV6_ADDRESS = 19,
    FLOW_BASIC_LIST = 20,
    FLOW_SUB_TEMPLATE_LIST = 21,
    FLOW_SUB_TEMPLATE_MULTI_LIST = 22,
    FLOW_TYPE_COUNT
};

struct flow_element {
    slice name; /* as IANA or the vendor writes it */
    enum flow_type type;
};

/* False for an element that the table does not have. Enterprise 0 is IANA; of
 * FLOW_ENTERPRISE_REVERSE the name is that of the element itself. */
bool flow_element_find(uint32_t enterprise, uint16_t id, struct flow_element *element);
/* The same for a field type of NetFlow v9, which has no enterprise numbers: vendors' elements are
 * folded into types of 32768 and more. *enterprise and *id get what the element is. */
bool flow_element_find_v9(
    uint16_t type, uint32_t *enterprise, uint16_t *id, struct flow_element *element);

/* Appends the name in the form of native fields: octetDeltaCount is octet_delta_count,
 * sourceIPv4Address source_ipv4_address, postNATSourceIPv4Address post_nat_source_ipv4_address. */
void flow_element_append_name(struct buf *out, slice name);

#endif
