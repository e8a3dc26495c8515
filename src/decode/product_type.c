/* See product_type.h. Addresses are checked by hand rather than with inet_pton: it wants a
 * terminator, and the end of an address inside a line has to be found first anyway. */
#include "decode/product_type.h"

#include "base/base.h"
#include "decode/line.h"
#include "decode/pairs.h"

static const struct {
    slice name;
    enum product_span span;
    bool empty;
} product_types[PRODUCT_TYPE_COUNT] = {
#define PRODUCT_TYPE(id, name, span, empty) {S_INIT(name), PRODUCT_SPAN_##span, empty},
    PRODUCT_TYPES
#undef PRODUCT_TYPE
};

bool product_type_named(slice name, enum product_type *type)
{
    for (size_t i = 0; i < PRODUCT_TYPE_COUNT; i++) {
        if (slice_equal(product_types[i].name, name)) {
            *type = (enum product_type)i;
            return true;
        }
    }
    return false;
}

enum product_span product_type_span(enum product_type type)
{
    return product_types[type].span;
}

bool product_type_may_be_empty(enum product_type type)
{
    return product_types[type].empty;
}

bool product_type_is_free(enum product_type type)
{
    return type == PRODUCT_TYPE_TEXT || type == PRODUCT_TYPE_LONGEST ||
           product_types[type].span == PRODUCT_SPAN_REST;
}

static size_t type_digits(slice text)
{
    size_t len = 0;
    while (len < text.len && byte_is_digit(text.at[len]))
        len++;
    return len;
}

static size_t type_hex_digits(slice text)
{
    size_t len = 0;
    while (len < text.len && byte_hex_value(text.at[len]) >= 0)
        len++;
    return len;
}

static size_t type_not_space(slice text)
{
    size_t len = 0;
    while (len < text.len && !byte_is_space(text.at[len]))
        len++;
    return len;
}

/* Four numbers of 0 to 255, not followed by more of the kind. */
static size_t type_ipv4(slice text)
{
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        unsigned value = 0;
        if (part > 0 && (at >= text.len || text.at[at] != '.'))
            return 0;
        at += part > 0;
        size_t first = at;
        while (at < text.len && at < first + 4 && byte_is_digit(text.at[at]))
            value = value * 10 + (unsigned)(text.at[at++] - '0');
        if (at == first || at == first + 4 || value > 255)
            return 0;
    }
    bool goes_on = at + 1 < text.len && text.at[at] == '.' && byte_is_digit(text.at[at + 1]);
    return goes_on ? 0 : at;
}

/* RFC 4291, 2.2: eight groups, or fewer with one "::"; the last two may be an IPv4 address. */
static size_t type_ipv6(slice text)
{
    size_t at = 0, groups = 0;
    bool gap = false;
    if (slice_starts(text, S("::"))) {
        gap = true;
        at = 2;
    }
    while (at < text.len && groups < 8) {
        slice rest = slice_from(text, at);
        size_t digits = type_hex_digits(rest);
        size_t ipv4 = groups <= 6 && (groups > 0 || gap) ? type_ipv4(rest) : 0;
        if (ipv4 > 0)
            return gap || groups == 6 ? at + ipv4 : 0;
        if (digits == 0 || digits > 4)
            break;
        at += digits;
        groups++;
        slice after = slice_from(text, at);
        if (slice_starts(after, S("::")) && !gap) {
            gap = true;
            at += 2;
        } else if (groups < 8 && after.len > 1 && after.at[0] == ':' &&
                   byte_hex_value(after.at[1]) >= 0) {
            at++;
        } else {
            break;
        }
    }
    return (gap && groups < 8) || groups == 8 ? at : 0;
}

/* An address, and the zone after it. */
static size_t type_ip(slice text)
{
    size_t len = type_ipv4(text);
    if (len > 0)
        return len;
    len = type_ipv6(text);
    if (len > 0 && len < text.len && text.at[len] == '%') {
        size_t zone = len + 1;
        while (zone < text.len && byte_is_alnum(text.at[zone]))
            zone++;
        if (zone > len + 1)
            len = zone;
    }
    return len;
}

/* Three times four hexadecimal digits, as Cisco writes them: 0000.5e00.5323. */
static size_t type_mac_dotted(slice text)
{
    if (text.len < 14)
        return 0;
    for (size_t i = 0; i < 14; i++)
        if (i % 5 == 4 ? text.at[i] != '.' : byte_hex_value(text.at[i]) < 0)
            return 0;
    return 14;
}

/* Twelve hexadecimal digits with nothing between them, as Windows tools write them: 00005E005323.
 */
static size_t type_mac_plain(slice text)
{
    enum { DIGITS = 12 };
    size_t len = 0;
    while (len < text.len && len < DIGITS && byte_hex_value(text.at[len]) >= 0)
        len++;
    return len == DIGITS && (text.len == DIGITS || !byte_is_alnum(text.at[DIGITS])) ? DIGITS : 0;
}

/* Six pairs of hexadecimal digits, parted by ':' or '-'. */
static size_t type_mac(slice text)
{
    size_t other = size_max(type_mac_dotted(text), type_mac_plain(text));
    if (other > 0)
        return other;
    if (text.len < 17 || (text.at[2] != ':' && text.at[2] != '-'))
        return 0;
    for (size_t i = 0; i < 17; i++)
        if (i % 3 == 2 ? text.at[i] != text.at[2] : byte_hex_value(text.at[i]) < 0)
            return 0;
    return 17;
}

static size_t type_number(slice text)
{
    size_t sign = text.len > 0 && text.at[0] == '-' ? 1 : 0;
    size_t digits = type_digits(slice_from(text, sign));
    if (digits == 0)
        return 0;
    size_t len = sign + digits;
    size_t fraction =
        len < text.len && text.at[len] == '.' ? type_digits(slice_from(text, len + 1)) : 0;
    return fraction > 0 ? len + 1 + fraction : len;
}

/* 2:01, 0:02:01, 1:00:02:01 (from days on), with a fraction; or 1d2h3m4s with at least one unit. */
static size_t type_elapsed(slice text)
{
    size_t len = type_digits(text), colons = 0;
    if (len == 0 || len == text.len)
        return 0;
    while (colons < 3 && len < text.len && text.at[len] == ':') {
        size_t digits = type_digits(slice_from(text, len + 1));
        if (digits == 0)
            break;
        len += 1 + digits;
        colons++;
    }
    if (colons > 0) {
        size_t fraction =
            len < text.len && text.at[len] == '.' ? type_digits(slice_from(text, len + 1)) : 0;
        return fraction > 0 ? len + 1 + fraction : len;
    }
    size_t end = 0;
    while (len < text.len && len > end && byte_is_among(text.at[len], S("wdhms"))) {
        end = len + 1;
        len = end + type_digits(slice_from(text, end));
    }
    return end;
}

static size_t type_int(slice text)
{
    size_t sign = text.len > 0 && text.at[0] == '-' ? 1 : 0;
    size_t digits = type_digits(slice_from(text, sign));
    return digits == 0 ? 0 : sign + digits;
}

static size_t type_hex(slice text)
{
    size_t prefix = slice_starts_nocase(text, S("0x")) ? 2 : 0;
    size_t digits = type_hex_digits(slice_from(text, prefix));
    return digits == 0 ? 0 : prefix + digits;
}

static size_t type_port(slice text)
{
    uint64_t value;
    size_t digits = type_digits(text);
    return slice_to_u64(slice_first(text, digits), UINT16_MAX, &value) ? digits : 0;
}

/* 8-4-4-4-12 hexadecimal digits, braces around them allowed. */
static size_t type_guid(slice text)
{
    size_t brace = text.len > 0 && text.at[0] == '{' ? 1 : 0;
    slice inside = slice_from(text, brace);
    if (inside.len < 36 + brace)
        return 0;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? inside.at[i] != '-' : byte_hex_value(inside.at[i]) < 0)
            return 0;
    }
    if (brace > 0 && inside.at[36] != '}')
        return 0;
    return 36 + 2 * brace;
}

static size_t type_quoted(slice text)
{
    if (text.len < 2 || (text.at[0] != '"' && text.at[0] != '\''))
        return 0;
    for (size_t i = 1; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == text.at[0])
            return i + 1;
    }
    return 0;
}

static size_t type_time(slice text)
{
    struct stamp stamp;
    slice rest;
    if (text.len == 0 || byte_is_space(text.at[0]) || !line_stamp(text, &stamp, &rest))
        return 0;
    return stamp.len;
}

static size_t type_host(slice text)
{
    static const bool may_be[256] = {['0' ... '9'] = true,
        ['A' ... 'Z'] = true,
        ['a' ... 'z'] = true,
        ['.'] = true,
        ['-'] = true,
        ['_'] = true,
        [':'] = true,
        ['%'] = true};
    size_t len = 0;
    while (len < text.len && may_be[(unsigned char)text.at[len]])
        len++;
    return len;
}

size_t product_type_extent(enum product_type type, slice text)
{
    switch (type) {
    case PRODUCT_TYPE_IP:
        return type_ip(text);
    case PRODUCT_TYPE_MAC:
        return type_mac(text);
    case PRODUCT_TYPE_DIGIT:
        return text.len > 0 && byte_is_digit(text.at[0]) ? 1 : 0;
    case PRODUCT_TYPE_PORT:
        return type_port(text);
    case PRODUCT_TYPE_INT:
        return type_int(text);
    case PRODUCT_TYPE_NUMBER:
    case PRODUCT_TYPE_SECONDS:
    case PRODUCT_TYPE_MILLISECONDS:
    case PRODUCT_TYPE_MICROSECONDS:
        return type_number(text);
    case PRODUCT_TYPE_ELAPSED:
        return type_elapsed(text);
    case PRODUCT_TYPE_TIME:
        return type_time(text);
    case PRODUCT_TYPE_GUID:
        return type_guid(text);
    case PRODUCT_TYPE_HEX:
        return type_hex(text);
    case PRODUCT_TYPE_QUOTED:
        return type_quoted(text);
    case PRODUCT_TYPE_HOST:
        return type_host(text);
    case PRODUCT_TYPE_ACCOUNT:
    case PRODUCT_TYPE_HASHES:
    case PRODUCT_TYPE_WORD:
    case PRODUCT_TYPE_LOWER:
    case PRODUCT_TYPE_UPPER:
        return type_not_space(text);
    case PRODUCT_TYPE_PATH:
    case PRODUCT_TYPE_LONGEST:
    case PRODUCT_TYPE_TEXT:
    case PRODUCT_TYPE_KV:
    case PRODUCT_TYPE_JSON:
    case PRODUCT_TYPE_REST:
    case PRODUCT_TYPE_COUNT:
        break;
    }
    return text.len;
}

bool product_type_accepts(enum product_type type, slice text)
{
    if (text.len == 0)
        return product_types[type].empty;
    if (type == PRODUCT_TYPE_HOST) {
        char last = text.at[text.len - 1];
        bool first_ok = byte_is_alnum(text.at[0]) || text.at[0] == ':' || text.at[0] == '_';
        return first_ok &&
               (byte_is_alnum(last) || last == '.' || last == '_' || slice_ends(text, S("::")));
    }
    if (type == PRODUCT_TYPE_PATH)
        return text.at[0] == '/' || text.at[0] == '\\' ||
               (text.len > 2 && byte_is_alpha(text.at[0]) && text.at[1] == ':' &&
                   (text.at[2] == '\\' || text.at[2] == '/'));
    return true;
}

/* --- values --- */

static slice type_mac_value(struct arena *arena, slice text)
{
    enum { MAC_LEN = 17 };
    char *out = arena_bytes(arena, MAC_LEN);
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < MAC_LEN; i++) {
        char c = byte_lower(text.at[i]);
        if (byte_hex_value(c) < 0)
            continue;
        if (len % 3 == 2)
            out[len++] = '-';
        out[len++] = c >= 'a' ? (char)(c - 'a' + 'A') : c;
    }
    return slice_make(out, len);
}

static slice type_lower_value(struct arena *arena, slice text)
{
    char *out = arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        out[i] = byte_lower(text.at[i]);
    return slice_make(out, text.len);
}

static slice type_upper_value(struct arena *arena, slice text)
{
    char *out = arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        out[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return slice_make(out, text.len);
}

/* Adds a number with a fraction, of units of so many nanoseconds; false when it does not fit. */
static bool type_add_units(slice text, uint64_t unit_ns, uint64_t *sum)
{
    size_t digits = type_digits(text);
    uint64_t whole, scaled;
    if (!slice_to_u64(slice_first(text, digits), INT64_MAX, &whole) ||
        __builtin_mul_overflow(whole, unit_ns, &scaled) ||
        __builtin_add_overflow(*sum, scaled, sum))
        return false;
    for (size_t i = digits + 1; i < text.len && unit_ns >= 10; i++) {
        unit_ns /= 10;
        if (__builtin_add_overflow(*sum, (uint64_t)(text.at[i] - '0') * unit_ns, sum))
            return false;
    }
    return true;
}

static bool type_duration_value(struct arena *arena, slice text, uint64_t unit_ns, slice *value)
{
    uint64_t sum = 0;
    if (text.len == 0 || !byte_is_digit(text.at[0]) || type_number(text) != text.len ||
        !type_add_units(text, unit_ns, &sum))
        return false;
    *value = arena_u64(arena, sum);
    return true;
}

static uint64_t type_unit_ns(char unit)
{
    const uint64_t second_ns = 1000000000;
    switch (unit) {
    case 'w':
        return 7 * 86400 * second_ns;
    case 'd':
        return 86400 * second_ns;
    case 'h':
        return 3600 * second_ns;
    case 'm':
        return 60 * second_ns;
    default:
        return second_ns;
    }
}

static bool type_elapsed_value(struct arena *arena, slice text, slice *value)
{
    static const char units[] = {'s', 'm', 'h', 'd'};
    uint64_t sum = 0;
    slice rest = text, part;
    size_t colons = 0;
    if (text.len == 0 || type_elapsed(text) != text.len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        colons += text.at[i] == ':';
    if (colons > 0) {
        for (size_t i = colons + 1; i > 0 && slice_next(&rest, ':', &part); i--)
            if (!type_add_units(part, type_unit_ns(units[i - 1]), &sum))
                return false;
        *value = arena_u64(arena, sum);
        return true;
    }
    while (rest.len > 0) {
        size_t digits = type_digits(rest);
        if (!type_add_units(slice_first(rest, digits), type_unit_ns(rest.at[digits]), &sum))
            return false;
        rest = slice_from(rest, digits + 1);
    }
    *value = arena_u64(arena, sum);
    return true;
}

static slice type_unescape(struct arena *arena, slice inside)
{
    if (slice_find_byte(inside, '\\') == inside.len)
        return inside;
    char *out = arena_bytes(arena, inside.len);
    size_t len = 0;
    for (size_t i = 0; i < inside.len; i++) {
        if (inside.at[i] == '\\' && i + 1 < inside.len)
            i++;
        out[len++] = inside.at[i];
    }
    return slice_make(out, len);
}

bool product_type_stamp(slice text, struct stamp *stamp)
{
    slice rest;
    return stamp_any(text, stamp) || (line_stamp(text, stamp, &rest) && rest.len == 0);
}

static bool type_time_value(struct arena *arena, slice text, slice *value)
{
    struct stamp stamp;
    int64_t time_ns;
    if (!product_type_stamp(text, &stamp))
        return false;
    *value = text;
    if ((stamp.missing & STAMP_NO_YEAR) || !stamp_to_ns(&stamp, 0, 0, &time_ns))
        return true;
    *value = civil_text(arena, time_ns);
    if (stamp.missing & STAMP_NO_ZONE)
        value->len--;
    return true;
}

/* Decimal text of a number, which may be written in hexadecimal. */
static bool type_int_value(struct arena *arena, slice text, slice *value)
{
    uint64_t number;
    if (type_int(text) == text.len && text.len > 0) {
        *value = text;
        return true;
    }
    if (!slice_starts_nocase(text, S("0x")) || !slice_to_hex_u64(text, &number))
        return false;
    *value = arena_u64(arena, number);
    return true;
}

/* Without the zone, and as IPv4 what is IPv4 in IPv6 (RFC 4291, 2.5.5.2). */
static slice type_ip_value(slice text)
{
    if (slice_find_byte(text, ':') == text.len)
        return text;
    slice address = slice_first(text, slice_find_byte(text, '%'));
    slice inner = slice_from(address, 7);
    bool mapped = slice_starts_nocase(address, S("::ffff:")) && type_ipv4(inner) == inner.len;
    return mapped && inner.len > 0 ? inner : address;
}

/* A text that is known to be of the type. */
static slice type_value(enum product_type type, slice text, struct arena *arena)
{
    if (type == PRODUCT_TYPE_IP)
        return type_ip_value(text);
    if (type == PRODUCT_TYPE_MAC)
        return type_mac_value(arena, text);
    if (type == PRODUCT_TYPE_GUID)
        return text.at[0] == '{' ? slice_sub(text, 1, text.len - 2) : text;
    if (type == PRODUCT_TYPE_QUOTED)
        return type_unescape(arena, slice_sub(text, 1, text.len - 2));
    if (type == PRODUCT_TYPE_LOWER)
        return type_lower_value(arena, text);
    if (type == PRODUCT_TYPE_UPPER)
        return type_upper_value(arena, text);
    if (type == PRODUCT_TYPE_TEXT || type == PRODUCT_TYPE_LONGEST || type == PRODUCT_TYPE_REST)
        return slice_trim(text);
    return text;
}

static enum event_type type_field(enum product_type type)
{
    bool number = type >= PRODUCT_TYPE_PORT && type <= PRODUCT_TYPE_ELAPSED;
    return number ? EVENT_NUMBER : EVENT_STRING;
}

_Static_assert(PRODUCT_TYPE_PORT + 6 == PRODUCT_TYPE_ELAPSED, "numbers stand together");

/* Types whose value is reckoned; true when `type` is one, and *made tells whether the text is. */
static bool type_reckon(
    enum product_type type, slice text, struct arena *arena, slice *value, bool *made)
{
    switch ((int)type) {
    case PRODUCT_TYPE_TIME:
        *made = type_time_value(arena, text, value);
        return true;
    case PRODUCT_TYPE_SECONDS:
        *made = type_duration_value(arena, text, type_unit_ns('s'), value);
        return true;
    case PRODUCT_TYPE_MILLISECONDS:
        *made = type_duration_value(arena, text, type_unit_ns('s') / 1000, value);
        return true;
    case PRODUCT_TYPE_MICROSECONDS:
        *made = type_duration_value(arena, text, type_unit_ns('s') / 1000000, value);
        return true;
    case PRODUCT_TYPE_ELAPSED:
        *made = type_elapsed_value(arena, text, value);
        return true;
    default:
        return false;
    }
}

bool product_type_convert(enum product_type type, slice text, struct arena *arena, slice *value,
    enum event_type *field_type)
{
    bool made;
    *field_type = type_field(type);
    if (type == PRODUCT_TYPE_INT)
        return type_int_value(arena, text, value);
    if (type_reckon(type, text, arena, value, &made))
        return made;
    if (product_type_extent(type, text) != text.len || !product_type_accepts(type, text))
        return false;
    *value = type_value(type, text, arena);
    return true;
}

bool product_type_take(enum product_type type, slice text, struct arena *arena, slice *value,
    enum event_type *field_type)
{
    bool made;
    *field_type = type_field(type);
    if (type_reckon(type, text, arena, value, &made))
        return made;
    if (!product_type_accepts(type, text))
        return false;
    *value = type_value(type, text, arena);
    return true;
}

/* --- several fields from one text --- */

bool product_type_is_several(enum product_type type)
{
    return type == PRODUCT_TYPE_ACCOUNT || type == PRODUCT_TYPE_HASHES ||
           product_type_is_bare(type);
}

bool product_type_is_bare(enum product_type type)
{
    return type == PRODUCT_TYPE_KV || type == PRODUCT_TYPE_JSON;
}

/* The domain, if there is one, is cut off first. */
static bool type_next_account(slice *rest, struct product_part *part)
{
    size_t backslash = slice_find_byte(*rest, '\\');
    size_t at = slice_find_last_byte(*rest, '@');
    if (rest->len == 0)
        return false;
    if (backslash < rest->len) {
        *part = (struct product_part){S("domain"), slice_first(*rest, backslash)};
        *rest = slice_from(*rest, backslash + 1);
    } else if (at > 0 && at + 1 < rest->len) {
        *part = (struct product_part){S("domain"), slice_from(*rest, at + 1)};
        *rest = slice_first(*rest, at);
    } else {
        *part = (struct product_part){S("name"), *rest};
        *rest = slice_first(*rest, 0);
    }
    return true;
}

/* A digest without a name is known by its length. */
static slice type_hash_name(size_t digits)
{
    switch (digits) {
    case 32:
        return S("md5");
    case 40:
        return S("sha1");
    case 64:
        return S("sha256");
    case 96:
        return S("sha384");
    case 128:
        return S("sha512");
    default:
        return S("");
    }
}

static bool type_next_hash(struct arena *arena, slice *rest, struct product_part *part)
{
    slice item;
    while (rest->len > 0) {
        slice name, value, tail;
        slice_cut(*rest, ',', &item, &tail);
        *rest = tail;
        item = slice_trim(item);
        if (!slice_cut(item, '=', &name, &value)) {
            name = type_hash_name(item.len);
            value = item;
        }
        if (name.len == 0 || value.len == 0 || type_hex_digits(value) != value.len)
            continue;
        *part =
            (struct product_part){type_lower_value(arena, name), type_lower_value(arena, value)};
        return true;
    }
    return false;
}

bool product_type_next_part(
    enum product_type type, struct arena *arena, slice *rest, struct product_part *part)
{
    struct pair pair;
    if (type == PRODUCT_TYPE_ACCOUNT)
        return type_next_account(rest, part);
    if (type == PRODUCT_TYPE_HASHES)
        return type_next_hash(arena, rest, part);
    ASSERT(type == PRODUCT_TYPE_KV);
    if (!pairs_next(rest, &pair))
        return false;
    *part = (struct product_part){
        pair.key, pair.escaped ? type_unescape(arena, pair.value) : pair.value};
    return true;
}
