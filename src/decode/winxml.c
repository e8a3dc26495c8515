/* See winxml.h. One pass over the text with a stack of open elements; a field is added when its
 * element closes. Rejected: libxml2, most of which an attacker could reach and none of which these
 * few forms need. */
#include "decode/winxml.h"

#include <string.h>

#include "base/base.h"
#include "base/utf8.h"
#include "decode/unicode.h"
#include "decode/windows.h"

/* The front of an object that recognition looks at, and steps in which bytes are searched. */
#define WINXML_SNIFF ((size_t)16 << 10)
/* Elements side by side in one text, such as EventData and UserData, comments included. */
#define WINXML_ROOTS_MAX 8

enum winxml_place {
    WINXML_DOCUMENT,
    WINXML_EVENT,
    WINXML_SYSTEM,
    WINXML_RENDERING,
    WINXML_DATA,
};

struct winxml_element {
    slice name;  /* as written, to match the end tag */
    slice field; /* the field its text becomes */
    slice text;  /* so far */
    unsigned pieces;
    enum winxml_place place;
    enum winxml_place inner;
    bool structural; /* only carries others */
    bool has_children;
    bool has_attributes;
};

struct winxml {
    slice text;
    size_t at;
    struct event *event;
    struct error *err;
    struct winxml_element open[WINXML_DEPTH_MAX];
    size_t depth;
};

static enum result winxml_fail(struct winxml *xml)
{
    return error_set(xml->err, RESULT_MALFORMED, TEXT_WINXML_SYNTAX, ARG(xml->at));
}

static char winxml_peek(const struct winxml *xml)
{
    return xml->at < xml->text.len ? xml->text.at[xml->at] : '\0';
}

static void winxml_skip_space(struct winxml *xml)
{
    while (xml->at < xml->text.len && byte_is_space(xml->text.at[xml->at]))
        xml->at++;
}

static bool winxml_skip(struct winxml *xml, slice text)
{
    if (!slice_starts(slice_from(xml->text, xml->at), text))
        return false;
    xml->at += text.len;
    return true;
}

/* Takes up to and with `end`; *inside is what was before it. Without an end all of the text is
 * taken, so that nobody looks for it again. */
static bool winxml_take_until(struct winxml *xml, slice end, slice *inside)
{
    slice rest = slice_from(xml->text, xml->at);
    size_t len = slice_find(rest, end);
    if (len == rest.len) {
        xml->at = xml->text.len;
        return false;
    }
    *inside = slice_first(rest, len);
    xml->at += len + end.len;
    return true;
}

static bool winxml_name(struct winxml *xml, slice *name)
{
    size_t from = xml->at;
    while (xml->at < xml->text.len) {
        char c = xml->text.at[xml->at];
        if (!byte_is_alnum(c) && c != '_' && c != ':' && c != '.' && c != '-' &&
            (unsigned char)c < 0x80)
            break;
        xml->at++;
    }
    *name = slice_sub(xml->text, from, xml->at - from);
    return name->len > 0 && !byte_is_digit(name->at[0]) && name->at[0] != '-';
}

static slice winxml_local(slice name)
{
    size_t colon = slice_find_byte(name, ':');
    return colon < name.len ? slice_from(name, colon + 1) : name;
}

/* The character that `&…;` (without both) stands for; false when it is unknown. */
static bool winxml_entity(slice name, uint32_t *character)
{
    static const struct {
        slice name;
        uint32_t character;
    } five[] = {{S_INIT("amp"), '&'}, {S_INIT("lt"), '<'}, {S_INIT("gt"), '>'},
        {S_INIT("quot"), '"'}, {S_INIT("apos"), '\''}};
    uint64_t number;
    for (size_t i = 0; i < sizeof(five) / sizeof(five[0]); i++) {
        if (slice_equal(name, five[i].name)) {
            *character = five[i].character;
            return true;
        }
    }
    bool hex = slice_starts_nocase(name, S("#x"));
    slice digits = slice_from(name, hex ? 2 : 1);
    if (!slice_starts(name, S("#")) || (hex && slice_starts_nocase(digits, S("0x"))) ||
        !(hex ? slice_to_hex_u64(digits, &number) : slice_to_u64(digits, 0x10FFFF, &number)))
        return false;
    *character = number > 0x10FFFF ? UTF8_REPLACEMENT : (uint32_t)number;
    return true;
}

/* Longest name of an entity, as in &#x10FFFF; */
#define WINXML_ENTITY_MAX 10

/* Text with its entities replaced; unknown ones stay. What an entity stands for is never longer
 * than the entity. */
static slice winxml_unescape(struct arena *arena, slice text)
{
    size_t ampersand = slice_find_byte(text, '&');
    if (ampersand == text.len)
        return text;
    char *out = arena_bytes(arena, text.len);
    size_t len = 0;
    slice rest = text;
    for (;;) {
        uint32_t character;
        memcpy(out + len, rest.at, ampersand);
        len += ampersand;
        rest = slice_from(rest, ampersand);
        if (rest.len == 0)
            break;
        slice name = slice_sub(rest, 1, WINXML_ENTITY_MAX);
        size_t end = slice_find_byte(name, ';');
        if (end < name.len && winxml_entity(slice_first(name, end), &character)) {
            len += utf8_encode(character, out + len);
            rest = slice_from(rest, end + 2);
        } else {
            out[len++] = '&';
            rest = slice_from(rest, 1);
        }
        ampersand = slice_find_byte(rest, '&');
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

static enum result winxml_add_text(struct winxml *xml, slice text)
{
    struct winxml_element *element = xml->depth > 0 ? &xml->open[xml->depth - 1] : NULL;
    if (element == NULL || text.len == 0)
        return RESULT_OK;
    if ((element->structural || element->has_children) && slice_trim(text).len == 0)
        return RESULT_OK; /* layout */
    if (element->pieces == WINXML_PIECES_MAX)
        return winxml_fail(xml);
    element->pieces++;
    if (element->text.len == 0) {
        element->text = text;
        return RESULT_OK;
    }
    char *joined = arena_bytes(xml->event->arena, element->text.len + text.len);
    memcpy(joined, element->text.at, element->text.len);
    memcpy(joined + element->text.len, text.at, text.len);
    element->text = slice_make(joined, element->text.len + text.len);
    return RESULT_OK;
}

static void winxml_attribute(
    struct winxml *xml, struct winxml_element *element, slice name, slice value)
{
    struct arena *arena = xml->event->arena;
    if (slice_equal(name, S("xmlns")) || slice_starts(name, S("xmlns:")))
        return;
    slice local = winxml_local(element->name);
    if (element->place == WINXML_SYSTEM) {
        windows_add_system(
            xml->event, windows_system_attribute(arena, local, winxml_local(name)), value);
    } else if (element->place == WINXML_DATA && slice_equal(local, S("Data")) &&
               slice_equal(name, S("Name"))) {
        if (value.len > 0)
            element->field = windows_data_name(value);
        return;
    } else if (!element->structural) {
        event_add_string(
            xml->event, windows_join(arena, element->field, winxml_local(name)), value);
    }
    element->has_attributes = true;
}

static enum result winxml_attributes(struct winxml *xml, struct winxml_element *element)
{
    for (;;) {
        slice name, value;
        winxml_skip_space(xml);
        char c = winxml_peek(xml);
        if (c == '>' || c == '/' || c == '?')
            return RESULT_OK;
        if (!winxml_name(xml, &name))
            return winxml_fail(xml);
        winxml_skip_space(xml);
        if (!winxml_skip(xml, S("=")))
            return winxml_fail(xml);
        winxml_skip_space(xml);
        char quote = winxml_peek(xml);
        if (quote != '"' && quote != '\'')
            return winxml_fail(xml);
        xml->at++;
        slice rest = slice_from(xml->text, xml->at);
        value = slice_first(rest, slice_find_byte(rest, quote));
        value = slice_first(value, slice_find_byte(value, '<'));
        xml->at += value.len;
        if (winxml_peek(xml) != quote)
            return winxml_fail(xml);
        xml->at++;
        winxml_attribute(xml, element, name, winxml_unescape(xml->event->arena, value));
    }
}

/* Decides by place and name what an element is. */
static void winxml_enter(struct winxml *xml, struct winxml_element *element)
{
    static const struct {
        slice name;
        enum winxml_place inner;
    } parts[] = {{S_INIT("System"), WINXML_SYSTEM}, {S_INIT("RenderingInfo"), WINXML_RENDERING},
        {S_INIT("EventData"), WINXML_DATA}, {S_INIT("UserData"), WINXML_DATA},
        {S_INIT("ProcessingErrorData"), WINXML_DATA}, {S_INIT("DebugData"), WINXML_DATA}};
    static const slice around[] = {S_INIT("Event"), S_INIT("Events"), S_INIT("DataItem")};
    slice name = winxml_local(element->name);
    element->field = element->place == WINXML_DATA ? windows_data_name(name) : name;
    element->inner = element->place;
    if (element->place == WINXML_RENDERING && !slice_equal(name, S("Message")))
        element->field = windows_join(xml->event->arena, S("RenderingInfo"), name);
    if (element->place != WINXML_DOCUMENT && element->place != WINXML_EVENT)
        return;
    for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++)
        if (element->place == WINXML_DOCUMENT && slice_equal(name, around[i]))
            element->structural = true;
    if (element->structural) {
        element->inner = slice_equal(name, S("Event")) ? WINXML_EVENT : WINXML_DOCUMENT;
        return;
    }
    element->inner = WINXML_DATA;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (slice_equal(name, parts[i].name)) {
            element->inner = parts[i].inner;
            element->structural = true;
        }
    }
}

static void winxml_leave(struct winxml *xml)
{
    struct winxml_element *element = &xml->open[--xml->depth];
    bool layout = element->has_children || element->structural;
    bool has_text = layout ? slice_trim(element->text).len > 0 : element->text.len > 0;
    bool keep_empty = !layout && !element->has_attributes && element->place != WINXML_SYSTEM;
    if (!has_text && !keep_empty)
        return;
    if (element->place == WINXML_SYSTEM)
        windows_add_system(xml->event, element->field, element->text);
    else
        event_add_string(xml->event, element->field, element->text);
}

static enum result winxml_start_tag(struct winxml *xml)
{
    struct winxml_element *parent = xml->depth > 0 ? &xml->open[xml->depth - 1] : NULL;
    struct winxml_element element = {
        .place = parent != NULL ? parent->inner : WINXML_DOCUMENT, .text = S("")};
    if (xml->depth == WINXML_DEPTH_MAX)
        return error_set(
            xml->err, RESULT_LIMIT, TEXT_WINXML_DEPTH, ARG(WINXML_DEPTH_MAX), ARG(xml->at));
    if (!winxml_name(xml, &element.name))
        return winxml_fail(xml);
    if (parent != NULL)
        parent->has_children = true;
    winxml_enter(xml, &element);
    enum result result = winxml_attributes(xml, &element);
    if (result != RESULT_OK)
        return result;
    bool empty = winxml_skip(xml, S("/"));
    if (!winxml_skip(xml, S(">")))
        return winxml_fail(xml);
    xml->open[xml->depth++] = element;
    if (empty)
        winxml_leave(xml);
    return RESULT_OK;
}

static enum result winxml_end_tag(struct winxml *xml)
{
    slice name;
    if (!winxml_name(xml, &name) || xml->depth == 0 ||
        !slice_equal(name, xml->open[xml->depth - 1].name))
        return winxml_fail(xml);
    winxml_skip_space(xml);
    if (!winxml_skip(xml, S(">")))
        return winxml_fail(xml);
    winxml_leave(xml);
    return RESULT_OK;
}

/* `text` begins with `tag` as a whole name. */
static bool winxml_begins(slice text, slice tag)
{
    if (!slice_starts(text, tag) || text.len == tag.len)
        return false;
    char c = text.at[tag.len];
    return c == '>' || byte_is_space(c);
}

/* The start of an event: within another one it tells that the first was cut off. */
static bool winxml_begins_event(slice text)
{
    slice tag = slice_first(text, slice_find_byte(text, '>'));
    if (!winxml_begins(text, S("<Event")))
        return false;
    return slice_contains(tag, S("/win/2004/08/events/event")) ||
           slice_starts(slice_trim(slice_sub(text, tag.len + 1, 64)), S("<System>"));
}

/* What begins with '<'. */
static enum result winxml_markup(struct winxml *xml)
{
    slice inside;
    if (xml->depth > 0 && xml->open[xml->depth - 1].inner != WINXML_DOCUMENT &&
        winxml_begins_event(slice_from(xml->text, xml->at)))
        return winxml_fail(xml);
    if (winxml_skip(xml, S("<!--")))
        return winxml_take_until(xml, S("-->"), &inside) ? RESULT_OK : winxml_fail(xml);
    if (winxml_skip(xml, S("<?")))
        return winxml_take_until(xml, S("?>"), &inside) ? RESULT_OK : winxml_fail(xml);
    if (winxml_skip(xml, S("<![CDATA["))) {
        if (!winxml_take_until(xml, S("]]>"), &inside))
            return winxml_fail(xml);
        return winxml_add_text(xml, inside);
    }
    if (winxml_skip(xml, S("</")))
        return winxml_end_tag(xml);
    xml->at++;
    return winxml_start_tag(xml);
}

/* Reads from xml->at on, which is left at the mistake. */
static enum result winxml_parse(struct winxml *xml)
{
    unsigned roots = 0;
    while (xml->at < xml->text.len) {
        slice rest = slice_from(xml->text, xml->at);
        slice plain = slice_first(rest, slice_find_byte(rest, '<'));
        if (xml->depth == 0 && (slice_trim(plain).len > 0 || roots++ == WINXML_ROOTS_MAX))
            return winxml_fail(xml);
        enum result result = winxml_add_text(xml, winxml_unescape(xml->event->arena, plain));
        xml->at += plain.len;
        if (result == RESULT_OK && plain.len < rest.len)
            result = winxml_markup(xml);
        if (result != RESULT_OK)
            return result;
    }
    if (xml->depth > 0)
        return error_set(xml->err, RESULT_MALFORMED, TEXT_WINXML_UNFINISHED);
    return RESULT_OK;
}

enum result winxml_read(slice text, struct event *event, struct error *err)
{
    struct winxml xml = {.text = text, .event = event, .err = err};
    return winxml_parse(&xml);
}

bool winxml_is_event(slice text)
{
    text = slice_trim(text);
    return winxml_begins(text, S("<Event")) || winxml_begins(text, S("<EventData")) ||
           winxml_begins(text, S("<UserData")) || winxml_begins(text, S("<DataItem"));
}

unsigned winxml_sniff(slice head, bool whole)
{
    struct arena arena = {0};
    slice text = slice_trim(unicode_head(&arena, slice_first(head, WINXML_SNIFF)));
    bool opens = slice_starts(text, S("<?xml")) || slice_starts(text, S("<Event"));
    bool event = opens && slice_contains(text, S("<System>")) &&
                 (slice_contains(text, S("<Event>")) || slice_contains(text, S("<Event ")));
    arena_free(&arena);
    (void)whole;
    return event ? 95 : 0;
}

/* Drops bytes up to the next event. *bytes begins with it, and is empty at the end. */
static enum result winxml_find(struct stream *stream, slice *bytes, struct error *err)
{
    for (;;) {
        size_t at = 0;
        enum result result = stream_peek(stream, WINXML_SNIFF, bytes, err);
        if (result != RESULT_OK || bytes->len == 0)
            return result;
        while ((at += slice_find_byte(slice_from(*bytes, at), '<')) < bytes->len &&
               !winxml_begins(slice_from(*bytes, at), S("<Event")))
            at++;
        bool found = at < bytes->len;
        if (!found && bytes->len >= WINXML_SNIFF)
            at -= S("<Event").len; /* it may begin there */
        stream_take(stream, at);
        *bytes = slice_from(*bytes, at);
        if (found)
            return RESULT_OK;
    }
}

/* An object being read. */
struct winxml_source {
    struct decode_job *job;
    struct stream *stream;
    uint64_t no_end_before; /* no end tag of an event begins between here and this offset */
    struct error *err;
};

/* The event at hand up to and with its end tag; empty, and why, when there is none within the
 * limit. */
static enum result winxml_frame(struct winxml_source *source, slice *event, struct error *why)
{
    const slice end = S("</Event>");
    uint64_t offset = stream_offset(source->stream);
    for (;;) {
        size_t from = source->no_end_before > offset ? (size_t)(source->no_end_before - offset) : 0;
        slice bytes;
        enum result result = stream_peek(source->stream, from + WINXML_SNIFF, &bytes, source->err);
        if (result != RESULT_OK)
            return result;
        bytes = slice_first(bytes, WINXML_EVENT_MAX);
        size_t at = from + slice_find(slice_from(bytes, from), end);
        bool found = at < bytes.len;
        *event = slice_first(bytes, found ? at + end.len : 0);
        if (found || bytes.len < from + WINXML_SNIFF) {
            source->no_end_before = offset + at;
            if (!found)
                (void)error_set(why,
                    bytes.len == WINXML_EVENT_MAX ? RESULT_LIMIT : RESULT_MALFORMED,
                    bytes.len == WINXML_EVENT_MAX ? TEXT_WINXML_SIZE : TEXT_WINXML_UNFINISHED,
                    ARG(WINXML_EVENT_MAX));
            return RESULT_OK;
        }
        source->no_end_before = offset + bytes.len - (end.len - 1);
    }
}

/* Decodes the event at hand, number `ordinal` of the object. After a damaged one reading resumes
 * where the damage showed. */
static enum result winxml_one(struct winxml_source *source, uint64_t ordinal)
{
    struct decode_job *job = source->job;
    struct error why;
    uint64_t number;
    uint64_t offset = stream_offset(source->stream);
    struct event *event = decode_begin(job, ordinal, offset);
    struct winxml xml = {.event = event, .err = &why};
    enum result result = winxml_frame(source, &xml.text, &why);
    if (result != RESULT_OK)
        return result;
    if (xml.text.len == 0 || winxml_parse(&xml) != RESULT_OK) {
        if (job->on_undecoded != NULL)
            job->on_undecoded(job->context, ordinal, offset, &why);
        stream_take(source->stream, size_max(xml.at, S("<Event").len));
        return RESULT_OK;
    }
    event->raw = xml.text;
    windows_finish(event);
    if (slice_to_u64(event_value(event, S("EventRecordID")), UINT64_MAX, &number))
        event->record.number = number;
    result = job->on_event(job->context, event);
    stream_take(source->stream, xml.text.len);
    return result;
}

static enum result winxml_decode_all(
    struct decode_job *job, struct stream *stream, struct error *err)
{
    struct winxml_source source = {.job = job, .stream = stream, .err = err};
    for (uint64_t ordinal = 1;; ordinal++) {
        slice bytes;
        enum result result = winxml_find(stream, &bytes, err);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        result = winxml_one(&source, ordinal);
        if (result != RESULT_OK)
            return result;
    }
}

enum result winxml_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct unicode *unicode;
    struct stream *view;
    enum result result = unicode_open(stream, &unicode, &view, err);
    if (result != RESULT_OK)
        return result;
    result = winxml_decode_all(job, view, err);
    unicode_close(unicode);
    return result;
}
