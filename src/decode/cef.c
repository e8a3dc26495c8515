/* See cef.h. In CEF a value goes up to the next " key=", since values hold spaces unquoted; in LEEF
 * a delimiter parts the pairs. (CEF: "Implementing ArcSight CEF", version 26; LEEF: QRadar's "LEEF
 * overview".) */
#include "decode/cef.h"

#include <string.h>

#include "base/base.h"

#define CEF_KEY_MAX 128

/* Cuts a header field off, up to an unescaped '|'. False when there is none. */
static bool cef_next_field(slice *rest, slice *field)
{
    for (size_t i = 0; i < rest->len; i++) {
        if (rest->at[i] == '\\') {
            i++;
        } else if (rest->at[i] == '|') {
            *field = slice_first(*rest, i);
            *rest = slice_from(*rest, i + 1);
            return true;
        }
    }
    return false;
}

/* Without the escapes of '|', '=', '\' and line ends. */
static slice cef_unescaped(struct arena *arena, slice text)
{
    if (slice_find_byte(text, '\\') == text.len)
        return text;
    char *out = arena_bytes(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char next = i + 1 < text.len ? text.at[i + 1] : '\0';
        bool escape = text.at[i] == '\\' && byte_is_among(next, S("|=\\nr"));
        out[len++] = !escape ? text.at[i] : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
        i += escape;
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

static void cef_add_field(struct event *event, slice prefix, slice key, slice value)
{
    char *name = arena_bytes(event->arena, prefix.len + key.len);
    memcpy(name, prefix.at, prefix.len);
    memcpy(name + prefix.len, key.at, key.len);
    event_add_string(event, slice_make(name, prefix.len + key.len),
        cef_unescaped(event->arena, slice_trim(value)));
}

static size_t cef_key_len(slice text)
{
    size_t len = 0;
    while (len < text.len && len < CEF_KEY_MAX &&
           (byte_is_alnum(text.at[len]) || text.at[len] == '_' || text.at[len] == '.' ||
               text.at[len] == '-' || text.at[len] == '[' || text.at[len] == ']'))
        len++;
    return len < text.len && text.at[len] == '=' ? len : 0;
}

/* Where the value at the front ends: before the next " key=" with an unescaped '='. */
static size_t cef_value_len(slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == ' ' && cef_key_len(slice_from(text, i + 1)) > 0)
            return i;
    }
    return text.len;
}

static void cef_add_extension(struct event *event, slice text)
{
    text = slice_trim(text);
    size_t key;
    while ((key = cef_key_len(text)) > 0) {
        slice value = slice_from(text, key + 1);
        size_t len = cef_value_len(value);
        cef_add_field(event, S("cef.ext."), slice_first(text, key), slice_first(value, len));
        text = slice_from(value, len + 1);
    }
}

static bool cef_add_cef(struct event *event, slice text)
{
    static const slice names[] = {S_INIT("cef.format"), S_INIT("cef.vendor"), S_INIT("cef.product"),
        S_INIT("cef.version"), S_INIT("cef.id"), S_INIT("cef.name"), S_INIT("cef.severity")};
    slice fields[7];
    for (size_t i = 0; i < 7; i++)
        if (!cef_next_field(&text, &fields[i]))
            return false;
    for (size_t i = 0; i < 7; i++)
        event_add_string(event, names[i], cef_unescaped(event->arena, slice_trim(fields[i])));
    cef_add_extension(event, text);
    return true;
}

/* The delimiter of LEEF 2.0: a character, or its code as "x09" or "0x09". */
static char leef_delimiter(slice field)
{
    uint64_t code;
    slice digits = slice_starts(field, S("x")) ? slice_from(field, 1) : field;
    if (field.len == 1)
        return field.at[0];
    if (field.len > 1 && slice_to_hex_u64(digits, &code) && code > 0 && code < 0x80)
        return (char)code;
    return '\t';
}

static bool cef_add_leef(struct event *event, slice text)
{
    static const slice names[] = {S_INIT("leef.format"), S_INIT("leef.vendor"),
        S_INIT("leef.product"), S_INIT("leef.version"), S_INIT("leef.id")};
    slice fields[5], field, pair, key, value;
    char delimiter = '\t';
    for (size_t i = 0; i < 5; i++)
        if (!cef_next_field(&text, &fields[i]))
            return false;
    if (slice_starts(fields[0], S("2")) && cef_next_field(&text, &field))
        delimiter = leef_delimiter(field);
    for (size_t i = 0; i < 5; i++)
        event_add_string(event, names[i], fields[i]);
    while (slice_next(&text, delimiter, &pair))
        if (slice_cut(pair, '=', &key, &value) && key.len > 0 && key.len <= CEF_KEY_MAX)
            cef_add_field(event, S("leef.ext."), slice_trim(key), value);
    return true;
}

bool cef_add(struct event *event, slice text)
{
    if (slice_starts(text, S("CEF:")))
        return cef_add_cef(event, slice_from(text, 4));
    if (slice_starts(text, S("LEEF:")))
        return cef_add_leef(event, slice_from(text, 5));
    return false;
}
