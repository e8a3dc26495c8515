/* See evtx_value.h. Each value is written straight into the arena. Rejected: values as numbers in
 * the event, since everything behind it (rules, search, output) compares text, and would have to
 * know Windows' way of writing each type. */
#include "decode/evtx_value.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/utf8.h"
#include "wire/reader.h"
#include "wire/stamp.h"

#define EVTX_GUID_LEN       16
#define EVTX_SYSTEMTIME_LEN 16
/* A SID's revision, count and authority, before its count of 4-byte parts. */
#define EVTX_SID_HEAD 8
/* 100 ns from 1601-01-01 to 1970-01-01, and in the 400 years after which the calendar repeats. */
#define EVTX_FILETIME_EPOCH UINT64_C(116444736000000000)
#define EVTX_FILETIME_ERA   (UINT64_C(146097) * 86400 * 10000000)

static const char evtx_hex_lower[] = "0123456789abcdef";
static const char evtx_hex_upper[] = "0123456789ABCDEF";

static slice evtx_value_hex(struct arena *arena, slice bytes)
{
    char *text = arena_bytes(arena, bytes.len * 2);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        text[2 * i] = evtx_hex_upper[byte >> 4];
        text[2 * i + 1] = evtx_hex_upper[byte & 15];
    }
    return slice_make(text, bytes.len * 2);
}

/* The front of `bytes`, up to 8, as a little-endian number. */
static uint64_t evtx_value_bits(slice bytes)
{
    struct reader reader = reader_over(bytes);
    switch (bytes.len) {
    case 1:
        return reader_u8(&reader);
    case 2:
        return reader_u16(&reader);
    case 4:
        return reader_u32(&reader);
    default:
        return reader_u64(&reader);
    }
}

static bool evtx_value_is_integer_len(size_t len)
{
    return len == 1 || len == 2 || len == 4 || len == 8;
}

static slice evtx_value_decimal(struct arena *arena, uint64_t magnitude, bool negative)
{
    char digits[21];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude != 0);
    if (negative)
        digits[--at] = '-';
    return arena_copy(arena, slice_make(digits + at, sizeof(digits) - at));
}

static slice evtx_value_signed(struct arena *arena, slice bytes)
{
    uint64_t bits = evtx_value_bits(bytes);
    unsigned width = (unsigned)bytes.len * 8;
    bool negative = bits >> (width - 1) != 0;
    if (negative && width < 64)
        bits |= UINT64_MAX << width;
    return evtx_value_decimal(arena, negative ? 0 - bits : bits, negative);
}

/* 0x1f0fff: no leading zeros, lower case. */
static slice evtx_value_hex_number(struct arena *arena, uint64_t bits)
{
    char digits[18];
    size_t at = sizeof(digits);
    do {
        digits[--at] = evtx_hex_lower[bits & 15];
        bits >>= 4;
    } while (bits != 0);
    digits[--at] = 'x';
    digits[--at] = '0';
    return arena_copy(arena, slice_make(digits + at, sizeof(digits) - at));
}

/* The shortest of the usual two precisions that reads back as the same number. */
static slice evtx_value_real(struct arena *arena, slice bytes)
{
    char text[48];
    double number, back;
    if (bytes.len == sizeof(float)) {
        uint32_t bits = (uint32_t)evtx_value_bits(bytes);
        float narrow;
        memcpy(&narrow, &bits, sizeof(narrow));
        number = (double)narrow;
        (void)strfromd(text, sizeof(text), "%.7g", number);
        if (slice_to_double(slice_from_cstr(text), &back) && (float)back != narrow)
            (void)strfromd(text, sizeof(text), "%.9g", number);
    } else {
        uint64_t bits = evtx_value_bits(bytes);
        memcpy(&number, &bits, sizeof(number));
        (void)strfromd(text, sizeof(text), "%.15g", number);
        if (slice_to_double(slice_from_cstr(text), &back) && back != number)
            (void)strfromd(text, sizeof(text), "%.17g", number);
    }
    return arena_copy(arena, slice_from_cstr(text));
}

/* {54849625-5478-4994-a5ba-3e3b0328c30d}: the first three groups are little-endian numbers. Lower
 * case as today's Windows writes it; older ones wrote capitals. */
static slice evtx_value_guid(struct arena *arena, slice bytes)
{
    static const unsigned char order[EVTX_GUID_LEN] = {
        3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    const size_t len = 38;
    char *text = arena_bytes(arena, len);
    size_t at = 0;
    text[at++] = '{';
    for (size_t i = 0; i < EVTX_GUID_LEN; i++) {
        unsigned char byte = (unsigned char)bytes.at[order[i]];
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = evtx_hex_lower[byte >> 4];
        text[at++] = evtx_hex_lower[byte & 15];
    }
    text[at++] = '}';
    return slice_make(text, len);
}

static size_t evtx_value_sid_len(slice bytes)
{
    return bytes.len < EVTX_SID_HEAD ? bytes.len
                                     : EVTX_SID_HEAD + 4 * (size_t)(unsigned char)bytes.at[1];
}

/* S-1-5-21-…: revision, authority (big-endian), parts ([MS-DTYP] 2.4.2). */
static slice evtx_value_sid(struct arena *arena, slice bytes)
{
    struct reader reader = reader_over(bytes);
    struct buf text;
    unsigned revision = reader_u8(&reader);
    unsigned count = reader_u8(&reader);
    uint64_t authority = (uint64_t)reader_be16(&reader) << 32;
    authority |= reader_be32(&reader);
    size_t room = S("S-255-0x").len + 16 + count * S("-4294967295").len;
    char *memory = arena_bytes(arena, room);
    buf_init_fixed(&text, memory, room);
    buf_append(&text, S("S-"));
    buf_append_u64(&text, revision);
    buf_append_byte(&text, '-');
    buf_append_u64(&text, authority);
    for (unsigned i = 0; i < count; i++) {
        buf_append_byte(&text, '-');
        buf_append_u64(&text, reader_u32(&reader));
    }
    arena_shrink(arena, memory, text.len);
    return slice_make(memory, text.len);
}

int64_t evtx_value_filetime_ns(uint64_t filetime)
{
    int64_t since_epoch, time_ns;
    if (filetime > INT64_MAX)
        return CIVIL_TIME_NONE;
    since_epoch = (int64_t)filetime - (int64_t)EVTX_FILETIME_EPOCH;
    return checked_mul_i64(since_epoch, 100, &time_ns) ? time_ns : CIVIL_TIME_NONE;
}

static slice evtx_value_stamp(struct arena *arena, int64_t time_ns)
{
    const size_t room = 32;
    struct buf text;
    char *memory = arena_bytes(arena, room);
    buf_init_fixed(&text, memory, room);
    civil_append(&text, time_ns);
    arena_shrink(arena, memory, text.len);
    return slice_make(memory, text.len);
}

/* Years that nanoseconds cannot hold are moved by whole eras into those that they can; a year of
 * five digits, which RFC 3339 does not have, is left as the number. "Never" and "not yet" are such
 * times. */
static slice evtx_value_filetime(struct arena *arena, uint64_t filetime)
{
    int64_t time_ns = evtx_value_filetime_ns(filetime);
    if (time_ns != CIVIL_TIME_NONE)
        return evtx_value_stamp(arena, time_ns);
    uint64_t year = filetime / EVTX_FILETIME_ERA * 400;
    time_ns = evtx_value_filetime_ns(filetime % EVTX_FILETIME_ERA);
    if (time_ns == CIVIL_TIME_NONE) {
        time_ns = evtx_value_filetime_ns(filetime % EVTX_FILETIME_ERA + EVTX_FILETIME_ERA);
        year -= 400; /* wraps and comes back when the year is added */
    }
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    year += (uint64_t)civil.year;
    if (year > 9999)
        return evtx_value_decimal(arena, filetime, false);
    slice text = evtx_value_stamp(arena, time_ns);
    char *copy = arena_bytes(arena, text.len);
    memcpy(copy, text.at, text.len);
    for (size_t i = 4; i-- > 0; year /= 10)
        copy[i] = (char)('0' + year % 10);
    return slice_make(copy, text.len);
}

static bool evtx_value_systemtime(slice bytes, int64_t *time_ns)
{
    struct reader reader = reader_over(bytes);
    struct civil civil = {.year = reader_u16(&reader), .month = reader_u16(&reader)};
    reader_skip(&reader, 2); /* day of the week */
    civil.day = reader_u16(&reader);
    civil.hour = reader_u16(&reader);
    civil.minute = reader_u16(&reader);
    civil.second = reader_u16(&reader);
    civil.ns = reader_u16(&reader) * INT64_C(1000000);
    return !reader.failed && civil_to_ns(&civil, time_ns);
}

/* Windows-1252 where it differs from ISO 8859-1: 0x80..0x9f. */
static const uint16_t evtx_cp1252[32] = {0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020,
    0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c,
    0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

static slice evtx_value_ansi(struct arena *arena, slice bytes)
{
    while (bytes.len > 0 && bytes.at[bytes.len - 1] == '\0')
        bytes.len--;
    if (utf8_is_valid(bytes))
        return bytes;
    char *text = arena_bytes(arena, bytes.len * 3);
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        uint32_t character = (unsigned char)bytes.at[i];
        if (character >= 0x80 && character < 0xa0)
            character = evtx_cp1252[character - 0x80];
        len += utf8_encode(character, text + len);
    }
    arena_shrink(arena, text, len);
    return slice_make(text, len);
}

/* Providers often count the terminator as part of the string; Windows does not show it. */
static slice evtx_value_string(struct arena *arena, slice bytes)
{
    while (bytes.len >= 2 && bytes.at[bytes.len - 1] == '\0' && bytes.at[bytes.len - 2] == '\0')
        bytes.len -= 2;
    return utf8_from_utf16(arena, bytes, false);
}

static slice evtx_value_number(struct arena *arena, struct evtx_value value, enum event_type *kind)
{
    if (!evtx_value_is_integer_len(value.bytes.len))
        return evtx_value_hex(arena, value.bytes);
    *kind = EVENT_NUMBER;
    switch (value.type) {
    case EVTX_INT8:
    case EVTX_INT16:
    case EVTX_INT32:
    case EVTX_INT64:
        return evtx_value_signed(arena, value.bytes);
    default:
        return evtx_value_decimal(arena, evtx_value_bits(value.bytes), false);
    }
}

/* Types of a fixed length, other than integers; absent when the length is another. */
static slice evtx_value_fixed(struct arena *arena, struct evtx_value value, enum event_type *kind)
{
    int64_t time_ns;
    size_t len = value.bytes.len;
    if (value.type == EVTX_GUID && len == EVTX_GUID_LEN)
        return evtx_value_guid(arena, value.bytes);
    if (value.type == EVTX_FILETIME && len == sizeof(uint64_t))
        return evtx_value_filetime(arena, evtx_value_bits(value.bytes));
    if (value.type == EVTX_SYSTEMTIME && len == EVTX_SYSTEMTIME_LEN &&
        evtx_value_systemtime(value.bytes, &time_ns))
        return evtx_value_stamp(arena, time_ns);
    if (value.type == EVTX_SID && len >= EVTX_SID_HEAD && len == evtx_value_sid_len(value.bytes))
        return evtx_value_sid(arena, value.bytes);
    if ((value.type == EVTX_REAL32 && len == sizeof(float)) ||
        (value.type == EVTX_REAL64 && len == sizeof(double))) {
        *kind = EVENT_NUMBER;
        return evtx_value_real(arena, value.bytes);
    }
    return (slice){NULL, 0};
}

slice evtx_value_text(struct arena *arena, struct evtx_value value, enum event_type *kind)
{
    *kind = EVENT_STRING;
    if (value.bytes.len == 0)
        return S("");
    switch (value.type) {
    case EVTX_STRING:
        return evtx_value_string(arena, value.bytes);
    case EVTX_ANSI:
        return evtx_value_ansi(arena, value.bytes);
    case EVTX_INT8:
    case EVTX_UINT8:
    case EVTX_INT16:
    case EVTX_UINT16:
    case EVTX_INT32:
    case EVTX_UINT32:
    case EVTX_INT64:
    case EVTX_UINT64:
        return evtx_value_number(arena, value, kind);
    case EVTX_BOOL:
        if (!evtx_value_is_integer_len(value.bytes.len))
            break;
        *kind = EVENT_BOOL;
        return evtx_value_bits(value.bytes) != 0 ? S("true") : S("false");
    case EVTX_SIZE:
    case EVTX_HEX32:
    case EVTX_HEX64:
        if (!evtx_value_is_integer_len(value.bytes.len))
            break;
        return evtx_value_hex_number(arena, evtx_value_bits(value.bytes));
    default: {
        slice text = evtx_value_fixed(arena, value, kind);
        if (!slice_is_absent(text))
            return text;
    }
    }
    return evtx_value_hex(arena, value.bytes);
}

/* Length of the first string of `bytes` without its terminator of `width` bytes. */
static size_t evtx_value_terminated(slice bytes, size_t width)
{
    size_t at = 0;
    while (at + width <= bytes.len &&
           (bytes.at[at] != '\0' || (width == 2 && bytes.at[at + 1] != '\0')))
        at += width;
    return size_min(at, bytes.len);
}

static size_t evtx_value_item_len(uint8_t type, slice bytes)
{
    switch (type) {
    case EVTX_INT8:
    case EVTX_UINT8:
        return 1;
    case EVTX_INT16:
    case EVTX_UINT16:
        return 2;
    case EVTX_INT32:
    case EVTX_UINT32:
    case EVTX_REAL32:
    case EVTX_BOOL:
    case EVTX_HEX32:
        return 4;
    case EVTX_INT64:
    case EVTX_UINT64:
    case EVTX_REAL64:
    case EVTX_FILETIME:
    case EVTX_HEX64:
    case EVTX_SIZE: /* what a 32-bit Windows writes has the type EVTX_HEX32 */
        return 8;
    case EVTX_GUID:
        return EVTX_GUID_LEN;
    case EVTX_SYSTEMTIME:
        return EVTX_SYSTEMTIME_LEN;
    case EVTX_SID:
        return evtx_value_sid_len(bytes);
    default: /* no array of these is defined: one item */
        return bytes.len;
    }
}

bool evtx_value_next(uint8_t type, slice *rest, slice *item)
{
    if (rest->len == 0)
        return false;
    if (type == EVTX_STRING || type == EVTX_ANSI) {
        size_t width = type == EVTX_STRING ? 2 : 1;
        size_t len = evtx_value_terminated(*rest, width);
        *item = slice_first(*rest, len);
        *rest = slice_from(*rest, len + width);
        return true;
    }
    size_t len = evtx_value_item_len(type, *rest);
    *item = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return true;
}

bool evtx_value_text_time(slice text, int64_t *time_ns)
{
    struct stamp stamp;
    return stamp_iso(text, &stamp) && stamp_to_ns(&stamp, 0, 0, time_ns);
}

bool evtx_value_time(struct arena *arena, struct evtx_value value, int64_t *time_ns)
{
    enum event_type kind;
    if (value.type == EVTX_FILETIME && value.bytes.len == sizeof(uint64_t)) {
        int64_t ns = evtx_value_filetime_ns(evtx_value_bits(value.bytes));
        *time_ns = ns == CIVIL_TIME_NONE ? *time_ns : ns;
        return ns != CIVIL_TIME_NONE;
    }
    if (value.type == EVTX_SYSTEMTIME)
        return evtx_value_systemtime(value.bytes, time_ns);
    return value.type == EVTX_STRING &&
           evtx_value_text_time(evtx_value_text(arena, value, &kind), time_ns);
}

bool evtx_value_u64(struct evtx_value value, uint64_t *number)
{
    if (!evtx_value_is_integer_len(value.bytes.len) || value.type < EVTX_INT8 ||
        value.type > EVTX_UINT64)
        return false;
    *number = evtx_value_bits(value.bytes);
    return true;
}
