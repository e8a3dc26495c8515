/* See flow_value.h. One function of a type and bytes: whether the type comes from the table, from
 * the exporter (RFC 5610) or from a list makes no difference. */
#include "decode/flow_value.h"

#include <arpa/inet.h>
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "base/civil.h"
#include "wire/base64.h"
#include "wire/reader.h"

#define VALUE_DECIMAL_MAX 40
#define VALUE_MAC_LEN     6
/* Seconds from 1900, where NTP's era begins (RFC 5905), to 1970. */
#define VALUE_NTP_OFFSET_S INT64_C(2208988800)

uint64_t flow_value_u64(slice bytes)
{
    uint64_t value = 0;
    if (bytes.len > sizeof(value))
        return 0;
    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | (unsigned char)bytes.at[i];
    return value;
}

double flow_value_double(slice bytes)
{
    struct reader reader = reader_over(bytes);
    if (bytes.len == sizeof(float)) {
        uint32_t bits = reader_be32(&reader);
        float value;
        memcpy(&value, &bits, sizeof(value));
        return (double)value;
    }
    uint64_t bits = bytes.len == sizeof(double) ? reader_be64(&reader) : 0;
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Two's complement; the first byte holds the sign whatever the length. */
static int64_t value_signed(slice bytes)
{
    uint64_t value = flow_value_u64(bytes);
    unsigned unused = (unsigned)(sizeof(value) - bytes.len) * 8;
    return (int64_t)(value << unused) >> unused;
}

bool flow_value_time(enum flow_type type, slice bytes, int64_t *time_ns)
{
    int64_t scale = type == FLOW_DATE_TIME_SECONDS ? CIVIL_NS_PER_S : CIVIL_NS_PER_S / 1000;
    uint64_t value = flow_value_u64(bytes);
    if (type == FLOW_DATE_TIME_SECONDS || type == FLOW_DATE_TIME_MILLISECONDS) {
        if (bytes.len == 0 || bytes.len > sizeof(value) || value > (uint64_t)(INT64_MAX / scale))
            return false;
        *time_ns = (int64_t)value * scale;
        return true;
    }
    if ((type != FLOW_DATE_TIME_MICROSECONDS && type != FLOW_DATE_TIME_NANOSECONDS) ||
        bytes.len != sizeof(value))
        return false;
    /* NTP: seconds and a fraction of 2^32; of microseconds the lower eleven bits are none
     * (RFC 7011, section 6.1.9). */
    uint32_t fraction = (uint32_t)value;
    if (type == FLOW_DATE_TIME_MICROSECONDS)
        fraction &= ~UINT32_C(0x7ff);
    int64_t seconds = (int64_t)(value >> 32) - VALUE_NTP_OFFSET_S;
    int64_t ns = (int64_t)(((uint64_t)fraction * (uint64_t)CIVIL_NS_PER_S) >> 32);
    if (type == FLOW_DATE_TIME_MICROSECONDS)
        ns -= ns % 1000;
    *time_ns = seconds * CIVIL_NS_PER_S + ns;
    return true;
}

static slice value_address4(struct arena *arena, slice bytes)
{
    struct buf out;
    char *memory = arena_bytes(arena, INET_ADDRSTRLEN);
    buf_init_fixed(&out, memory, INET_ADDRSTRLEN);
    for (size_t i = 0; i < bytes.len; i++) {
        if (i > 0)
            buf_append_byte(&out, '.');
        buf_append_u64(&out, (unsigned char)bytes.at[i]);
    }
    arena_shrink(arena, memory, out.len);
    return buf_slice(&out);
}

slice flow_value_address(struct arena *arena, slice bytes)
{
    char text[INET6_ADDRSTRLEN];
    if (bytes.len == sizeof(struct in_addr))
        return value_address4(arena, bytes);
    if (bytes.len != sizeof(struct in6_addr))
        return (slice){NULL, 0};
    ASSERT(inet_ntop(AF_INET6, bytes.at, text, sizeof(text)) != NULL);
    return arena_copy(arena, slice_from_cstr(text));
}

slice flow_value_mac(struct arena *arena, slice bytes)
{
    struct buf out;
    size_t len = bytes.len * 3;
    buf_init_fixed(&out, arena_bytes(arena, len), len);
    for (size_t i = 0; i < bytes.len; i++) {
        if (i > 0)
            buf_append_byte(&out, ':');
        buf_append_hex(&out, slice_sub(bytes, i, 1));
    }
    return buf_slice(&out);
}

slice flow_value_decimal(struct arena *arena, double value)
{
    char text[VALUE_DECIMAL_MAX];
    if ((double)(float)value == value)
        (void)strfromd(text, sizeof(text), "%.9g", value);
    else
        (void)strfromd(text, sizeof(text), "%.17g", value);
    return arena_copy(arena, slice_from_cstr(text));
}

/* Fields of a fixed length are filled up with NUL. */
static slice value_string(slice bytes)
{
    while (bytes.len > 0 && bytes.at[bytes.len - 1] == '\0')
        bytes.len--;
    return bytes;
}

static slice value_integer(
    struct arena *arena, enum flow_type type, slice bytes, enum event_type *event_type)
{
    *event_type = EVENT_NUMBER;
    if (type < FLOW_SIGNED8 || type > FLOW_SIGNED64 || value_signed(bytes) >= 0)
        return arena_u64(arena, flow_value_u64(bytes));
    struct buf out;
    char *memory = arena_bytes(arena, VALUE_DECIMAL_MAX);
    buf_init_fixed(&out, memory, VALUE_DECIMAL_MAX);
    buf_append_i64(&out, value_signed(bytes));
    arena_shrink(arena, memory, out.len);
    return buf_slice(&out);
}

/* A number that no type can be made of. */
static slice value_float(struct arena *arena, slice bytes, enum event_type *event_type)
{
    double value = flow_value_double(bytes);
    if (isfinite(value))
        *event_type = EVENT_NUMBER;
    return flow_value_decimal(arena, value);
}

slice flow_value_text(
    struct arena *arena, enum flow_type type, slice bytes, enum event_type *event_type)
{
    int64_t time_ns;
    *event_type = EVENT_STRING;
    if (type == FLOW_STRING)
        return value_string(bytes);
    if (type >= FLOW_UNSIGNED8 && type <= FLOW_SIGNED64 && bytes.len >= 1 &&
        bytes.len <= sizeof(uint64_t))
        return value_integer(arena, type, bytes, event_type);
    if ((type == FLOW_IPV4_ADDRESS && bytes.len == sizeof(struct in_addr)) ||
        (type == FLOW_IPV6_ADDRESS && bytes.len == sizeof(struct in6_addr)))
        return flow_value_address(arena, bytes);
    if (type == FLOW_MAC_ADDRESS && bytes.len == VALUE_MAC_LEN)
        return flow_value_mac(arena, bytes);
    if (flow_value_time(type, bytes, &time_ns))
        return civil_text(arena, time_ns);
    if ((type == FLOW_FLOAT32 || type == FLOW_FLOAT64) &&
        (bytes.len == sizeof(float) || bytes.len == sizeof(double)))
        return value_float(arena, bytes, event_type);
    /* 1 is true and 2 is false (RFC 7011, section 6.1.5). */
    if (type == FLOW_BOOLEAN && bytes.len == 1 && (bytes.at[0] == 1 || bytes.at[0] == 2)) {
        *event_type = EVENT_BOOL;
        return bytes.at[0] == 1 ? S("true") : S("false");
    }
    return base64_text(arena, bytes);
}
