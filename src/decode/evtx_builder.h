/* Builds EVTX for tests: files that hold exactly what a test is about, written after doc/formats/evtx.md
 * and by none of the code that reads them, but for the checksum.
 *
 * Binary XML is given as XML text, in which {3:01} stands for value 3 of declared type 0x01 and {3?01}
 * for the same as an optional one. */
#ifndef DECODE_EVTX_BUILDER_H
#define DECODE_EVTX_BUILDER_H

#include <string.h>

#include "base/base.h"
#include "base/utf8.h"
#include "decode/evtx_value.h"
#include "wire/crc32.h"

#define BUILD_CHUNK_SIZE 65536
#define BUILD_NAMES_MAX  256

struct build_template {
    uint32_t id;
    const char *xml;
};

/* A value of an instance: text for strings (items of an array end with '|'), else bytes. */
struct build_value {
    uint8_t type;
    const char *text;
    slice bytes;
    const struct build_template *nested; /* EVTX_XML: an instance of this template */
    const struct build_value *values;
    size_t count;
    const char *xml; /* EVTX_XML: elements without a template */
};

struct build_chunk {
    char bytes[BUILD_CHUNK_SIZE];
    size_t at;
    size_t record_at;
    uint64_t first, last;
    bool plain; /* elements without dependency identifier */
    struct {
        slice name;
        size_t at;
    } names[BUILD_NAMES_MAX];
    size_t name_count;
    struct {
        const struct build_template *which;
        size_t at;
    } templates[BUILD_NAMES_MAX];
    size_t template_count;
};

static inline void build_bytes(struct build_chunk *chunk, slice bytes)
{
    ASSERT(bytes.len <= BUILD_CHUNK_SIZE - chunk->at);
    memcpy(chunk->bytes + chunk->at, bytes.at, bytes.len);
    chunk->at += bytes.len;
}

static inline void build_put(struct build_chunk *chunk, size_t at, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        chunk->bytes[at + i] = (char)(value >> (8 * i));
}

static inline void build_number(struct build_chunk *chunk, uint64_t value, size_t len)
{
    ASSERT(len <= BUILD_CHUNK_SIZE - chunk->at);
    build_put(chunk, chunk->at, value, len);
    chunk->at += len;
}

static inline size_t build_utf16(struct build_chunk *chunk, slice text)
{
    size_t from = chunk->at;
    while (text.len > 0) {
        uint32_t character;
        text = slice_from(text, utf8_decode(text, &character));
        if (character > 0xFFFF) {
            build_number(chunk, 0xD800 + ((character - 0x10000) >> 10), 2);
            character = 0xDC00 + ((character - 0x10000) & 0x3FF);
        }
        build_number(chunk, character, 2);
    }
    return (chunk->at - from) / 2;
}

/* The offset of a name, and the name itself where the chunk has it for the first time. */
static inline void build_name(struct build_chunk *chunk, slice name)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < chunk->name_count; i++)
        if (slice_equal(chunk->names[i].name, name)) {
            build_number(chunk, chunk->names[i].at, 4);
            return;
        }
    ASSERT(chunk->name_count < BUILD_NAMES_MAX);
    build_number(chunk, chunk->at + 4, 4);
    chunk->names[chunk->name_count].name = name;
    chunk->names[chunk->name_count++].at = chunk->at;
    build_number(chunk, 0, 4);
    size_t head = chunk->at;
    build_number(chunk, 0, 4);
    size_t units = build_utf16(chunk, name);
    for (size_t i = 0; i < units; i++)
        hash = hash * 65599 + (unsigned char)chunk->bytes[head + 4 + 2 * i] +
               256U * (unsigned char)chunk->bytes[head + 5 + 2 * i];
    build_put(chunk, head, hash & 0xFFFF, 2);
    build_put(chunk, head + 2, units, 2);
    build_number(chunk, 0, 2);
}

/* Text up to one of `stops`, cut off *xml. */
static inline slice build_until(slice *xml, slice stops)
{
    size_t len = 0;
    while (len < xml->len && slice_find_byte(stops, xml->at[len]) == stops.len)
        len++;
    slice taken = slice_first(*xml, len);
    *xml = slice_from(*xml, len);
    return taken;
}

static inline void build_counted(struct build_chunk *chunk, slice text)
{
    size_t at = chunk->at;
    build_number(chunk, 0, 2);
    build_put(chunk, at, build_utf16(chunk, text), 2);
}

/* {3:01} */
static inline void build_substitution(struct build_chunk *chunk, slice *xml)
{
    uint64_t index = 0, type = 0;
    *xml = slice_from(*xml, 1);
    (void)slice_to_u64(build_until(xml, S(":?")), UINT16_MAX, &index);
    build_number(chunk, xml->at[0] == '?' ? 0x0e : 0x0d, 1);
    *xml = slice_from(*xml, 1);
    (void)slice_to_hex_u64(build_until(xml, S("}")), &type);
    *xml = slice_from(*xml, 1);
    build_number(chunk, index, 2);
    build_number(chunk, type, 1);
}

/* &amp; or &#233; */
static inline void build_reference(struct build_chunk *chunk, slice *xml)
{
    uint64_t character = 0;
    *xml = slice_from(*xml, 1);
    slice name = build_until(xml, S(";"));
    *xml = slice_from(*xml, 1);
    build_number(chunk, name.at[0] == '#' ? 0x08 : 0x09, 1);
    if (name.at[0] == '#') {
        (void)slice_to_u64(slice_from(name, 1), UINT16_MAX, &character);
        build_number(chunk, character, 2);
    } else {
        build_name(chunk, name);
    }
}

/* A piece of text in content or in an attribute. */
static inline void build_piece(struct build_chunk *chunk, slice *xml, slice stops)
{
    if (xml->at[0] == '{') {
        build_substitution(chunk, xml);
    } else if (xml->at[0] == '&') {
        build_reference(chunk, xml);
    } else {
        build_number(chunk, 0x05, 1);
        build_number(chunk, EVTX_STRING, 1);
        build_counted(chunk, build_until(xml, stops));
    }
}

static inline void build_attributes(struct build_chunk *chunk, slice *xml)
{
    size_t size_at = chunk->at;
    build_number(chunk, 0, 4);
    while (xml->at[0] == ' ') {
        *xml = slice_from(*xml, 1);
        build_number(chunk, 0x46, 1);
        build_name(chunk, build_until(xml, S("=")));
        *xml = slice_from(*xml, 2);
        while (xml->at[0] != '"')
            build_piece(chunk, xml, S("\"{&"));
        *xml = slice_from(*xml, 1);
    }
    build_put(chunk, size_at, chunk->at - size_at - 4, 4);
}

static inline void build_element(struct build_chunk *chunk, slice *xml);

static inline void build_content(struct build_chunk *chunk, slice *xml)
{
    while (xml->len > 0 && !slice_starts(*xml, S("</"))) {
        if (slice_starts(*xml, S("<![CDATA["))) {
            *xml = slice_from(*xml, 9);
            build_number(chunk, 0x07, 1);
            build_counted(chunk, build_until(xml, S("]")));
            *xml = slice_from(*xml, 3);
        } else if (slice_starts(*xml, S("<?"))) {
            *xml = slice_from(*xml, 2);
            build_number(chunk, 0x0a, 1);
            build_name(chunk, build_until(xml, S(" ")));
            build_number(chunk, 0x0b, 1);
            build_counted(chunk, build_until(xml, S("?")));
            *xml = slice_from(*xml, 2);
        } else if (xml->at[0] == '<') {
            build_element(chunk, xml);
        } else {
            build_piece(chunk, xml, S("<{&"));
        }
    }
}

static inline void build_element(struct build_chunk *chunk, slice *xml)
{
    *xml = slice_from(*xml, 1);
    slice name = build_until(xml, S(" />"));
    bool attributes = xml->at[0] == ' ';
    build_number(chunk, attributes ? 0x41 : 0x01, 1);
    if (!chunk->plain)
        build_number(chunk, 0xFFFF, 2);
    size_t size_at = chunk->at;
    build_number(chunk, 0, 4);
    build_name(chunk, name);
    if (attributes)
        build_attributes(chunk, xml);
    if (xml->at[0] == '/') {
        *xml = slice_from(*xml, 2);
        build_number(chunk, 0x03, 1);
    } else {
        *xml = slice_from(*xml, 1);
        build_number(chunk, 0x02, 1);
        build_content(chunk, xml);
        (void)build_until(xml, S(">"));
        *xml = slice_from(*xml, 1);
        build_number(chunk, 0x04, 1);
    }
    build_put(chunk, size_at, chunk->at - size_at - 4, 4);
}

/* A fragment: header, elements, end of file. */
static inline void build_xml(struct build_chunk *chunk, const char *text, bool plain)
{
    slice xml = slice_from_cstr(text);
    bool before = chunk->plain;
    chunk->plain = plain;
    build_bytes(chunk, S("\x0f\x01\x01\0"));
    build_content(chunk, &xml);
    build_number(chunk, 0, 1);
    chunk->plain = before;
}

static inline void build_instance(struct build_chunk *chunk, const struct build_template *which,
    const struct build_value *values, size_t count);

static inline void build_value(struct build_chunk *chunk, const struct build_value *value)
{
    unsigned type = value->type & 0x7FU;
    if (value->nested != NULL || value->xml != NULL) {
        if (value->nested != NULL)
            build_instance(chunk, value->nested, value->values, value->count);
        else
            build_xml(chunk, value->xml, true);
        return;
    }
    if (value->text == NULL) {
        build_bytes(chunk, value->bytes);
        return;
    }
    slice text = slice_from_cstr(value->text);
    while (text.len > 0) {
        slice item = (value->type & EVTX_ARRAY) != 0 ? build_until(&text, S("|")) : text;
        text = (value->type & EVTX_ARRAY) != 0 ? slice_from(text, 1) : S("");
        if (type == EVTX_STRING)
            (void)build_utf16(chunk, item);
        else
            build_bytes(chunk, item);
        if ((value->type & EVTX_ARRAY) != 0)
            build_number(chunk, 0, type == EVTX_STRING ? 2 : 1);
    }
}

static inline size_t build_template_find(
    const struct build_chunk *chunk, const struct build_template *which)
{
    for (size_t i = 0; i < chunk->template_count; i++)
        if (chunk->templates[i].which == which)
            return chunk->templates[i].at;
    return 0;
}
