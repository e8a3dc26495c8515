/* See address.h. */
#include "detect/address.h"

#include <arpa/inet.h>
#include <string.h>

#define ADDRESS_BITS_V4 32
#define ADDRESS_BITS_V6 128

bool address_parse(slice text, struct address *address)
{
    char terminated[INET6_ADDRSTRLEN];
    slice zone;
    struct address parsed = {.is_v6 = slice_find_byte(text, ':') < text.len};
    if (parsed.is_v6)
        (void)slice_cut(text, '%', &text, &zone);
    if (text.len == 0 || text.len >= sizeof(terminated) || slice_find_byte(text, '\0') < text.len)
        return false;
    memcpy(terminated, text.at, text.len);
    terminated[text.len] = '\0';
    if (inet_pton(parsed.is_v6 ? AF_INET6 : AF_INET, terminated, parsed.bytes) != 1)
        return false;
    *address = parsed;
    return true;
}

bool address_range_parse(slice text, struct address_range *range)
{
    struct address_range parsed;
    slice address, bits;
    bool has_bits = slice_cut(text, '/', &address, &bits);
    if (!address_parse(address, &parsed.network))
        return false;
    uint64_t most = parsed.network.is_v6 ? ADDRESS_BITS_V6 : ADDRESS_BITS_V4;
    uint64_t count = most;
    if (has_bits && !slice_to_u64(bits, most, &count))
        return false;
    parsed.bits = (unsigned)count;
    *range = parsed;
    return true;
}

bool address_in_range(const struct address *address, const struct address_range *range)
{
    unsigned bytes = range->bits / 8;
    unsigned rest = range->bits % 8;
    if (address->is_v6 != range->network.is_v6 ||
        memcmp(address->bytes, range->network.bytes, bytes) != 0)
        return false;
    return rest == 0 || (address->bytes[bytes] ^ range->network.bytes[bytes]) >> (8 - rest) == 0;
}
