/* IP addresses and ranges for the `cidr` modifier: RFC 4632 and RFC 4291, section 2. An IPv4
 * address inside an IPv6 one
 * (::ffff:…) is an IPv6 address. */
#ifndef DETECT_ADDRESS_H
#define DETECT_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct address {
    bool is_v6;
    unsigned char bytes[16]; /* IPv4: the first four */
};

struct address_range {
    struct address network;
    unsigned bits;
};

/* The whole text; a zone (%eth0) is cut off. */
bool address_parse(slice text, struct address *address);
/* ADDRESS/BITS, or an address alone. Bits of the host are ignored. */
bool address_range_parse(slice text, struct address_range *range);
bool address_in_range(const struct address *address, const struct address_range *range);

#endif
