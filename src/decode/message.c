/* See message.h. */
#include "decode/message.h"

#include "base/base.h"
#include "decode/auditd.h"
#include "decode/cef.h"
#include "decode/ncsa.h"
#include "decode/snare.h"
#include "decode/windows.h"
#include "decode/winxml.h"

/* "[12345.678901] ", of the kernel; the text as it is when there is none. */
static slice message_without_uptime(slice text)
{
    size_t at = 1;
    bool point = false, digit = false;
    if (text.len == 0 || text.at[0] != '[')
        return text;
    while (at < text.len && text.at[at] == ' ')
        at++;
    for (; at < text.len && (byte_is_digit(text.at[at]) || text.at[at] == '.'); at++) {
        point = point || text.at[at] == '.';
        digit = digit || byte_is_digit(text.at[at]);
    }
    if (!point || !digit || !slice_starts(slice_from(text, at), S("]")))
        return text;
    at++;
    while (at < text.len && text.at[at] == ' ')
        at++;
    return slice_from(text, at);
}

/* "N times" at the front; what follows comes back through `rest`. */
static bool message_times(slice text, slice *count, slice *rest)
{
    uint64_t value;
    if (!slice_cut(text, ' ', count, rest) || !slice_to_u64(*count, UINT32_MAX, &value))
        return false;
    bool many = slice_starts(*rest, S("times"));
    bool one = slice_starts(*rest, S("time"));
    *rest = slice_from(*rest, many ? 5 : 4);
    return one;
}

/* Takes the message out of a report that it was repeated. */
static slice message_unwrapped(struct event *event, slice text)
{
    static const slice heads[] = {S_INIT("message repeated "), S_INIT("last message repeated ")};
    slice count, rest;
    for (size_t i = 0; i < 2; i++) {
        if (!slice_starts(text, heads[i]) ||
            !message_times(slice_from(text, heads[i].len), &count, &rest))
            continue;
        event_add(event, S("syslog.repeated"), count, EVENT_NUMBER);
        if (slice_starts(rest, S(": [")) && slice_ends(rest, S("]")))
            return slice_trim(slice_sub(rest, 3, rest.len - 4));
        return text;
    }
    return text;
}

/* The control character of "#ooo" at the front, or -1. */
static int message_escape(slice text)
{
    if (text.len < 4 || text.at[0] != '#')
        return -1;
    int value = 0;
    for (size_t i = 1; i < 4; i++) {
        if (text.at[i] < '0' || text.at[i] > '7')
            return -1;
        value = value * 8 + (text.at[i] - '0');
    }
    return value < ' ' || value == 0x7f ? value : -1;
}

static slice message_unescaped(struct arena *arena, slice text)
{
    size_t first = 0;
    while (first < text.len && message_escape(slice_from(text, first)) < 0)
        first += 1 + slice_find_byte(slice_from(text, first + 1), '#');
    if (first >= text.len)
        return text;
    char *out = arena_bytes(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int escape = message_escape(slice_from(text, i));
        out[len++] = escape >= 0 ? (char)escape : text.at[i];
        i += escape >= 0 ? 3 : 0;
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

/* What an object that is the whole message calls its message is the message: as in a file of such
 * objects, definitions look there. `own` is the field that holds the object. */
static void message_from_object(struct event *event, size_t own)
{
    for (size_t i = own + 1; i < event->count; i++) {
        if (slice_equal(event->fields[i].name, S("message")) && event->fields[i].value.len > 0) {
            event->fields[own].value = event->fields[i].value;
            event->message_read = false;
            return;
        }
    }
}

/* Formats that travel inside a line. */
static void message_add_inner(struct json_events *json, struct event *event, slice text)
{
    struct ncsa_line access;
    slice object = slice_starts(text, S("@cee:")) ? slice_trim(slice_from(text, 5)) : text;
    size_t own = event->count;
    if (json != NULL && slice_starts(object, S("{")) && json_event_text(json, object, event)) {
        event->message_read = true;
        if (own > 0 && slice_equal(event->fields[own - 1].name, S("message")))
            message_from_object(event, own - 1);
        return;
    }
    if (slice_starts(text, S("<"))) {
        if (!winxml_is_event(text))
            return;
        (void)!winxml_read(text, event, NULL); /* what is damaged in it is in the message */
        windows_finish(event);
        return;
    }
    event->message_read = cef_add(event, text) || snare_add(event, text) ||
                          auditd_add_message(event, event_value(event, S("process.name")), text);
    if (!event->message_read && ncsa_parse(text, &access)) {
        ncsa_add(event, &access, event_value(event, S("process.name")));
        event->message_read = true;
    }
}

void message_add(struct json_events *json, struct event *event, slice message)
{
    slice text = message_without_uptime(slice_trim(message));
    text = message_unescaped(event->arena, message_unwrapped(event, text));
    event_add_ecs(event, S("message"), text, EVENT_STRING);
    message_add_inner(json, event, text);
}
