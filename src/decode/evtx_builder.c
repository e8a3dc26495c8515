/* See evtx_builder.h. */
#include "decode/evtx_builder.h"

#include <string.h>

#include "base/base.h"
#include "base/utf8.h"
#include "decode/evtx_value.h"
#include "wire/crc32.h"

#define BUILD_RECORDS_AT 512
#define BUILD_HEADER     4096

static void build_bytes(struct evtx_builder *builder, slice bytes)
{
    ASSERT(bytes.len <= EVTX_BUILDER_SIZE - builder->at);
    memcpy(builder->bytes + builder->at, bytes.at, bytes.len);
    builder->at += bytes.len;
}

static void build_put(struct evtx_builder *builder, size_t at, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        builder->bytes[at + i] = (char)(value >> (8 * i));
}

static void build_number(struct evtx_builder *builder, uint64_t value, size_t len)
{
    ASSERT(len <= EVTX_BUILDER_SIZE - builder->at);
    build_put(builder, builder->at, value, len);
    builder->at += len;
}

static size_t build_utf16(struct evtx_builder *builder, slice text)
{
    size_t from = builder->at;
    while (text.len > 0) {
        uint32_t character;
        text = slice_from(text, utf8_decode(text, &character));
        if (character > 0xFFFF) {
            build_number(builder, 0xD800 + ((character - 0x10000) >> 10), 2);
            character = 0xDC00 + ((character - 0x10000) & 0x3FF);
        }
        build_number(builder, character, 2);
    }
    return (builder->at - from) / 2;
}

/* The offset of a name, and the name itself where the builder has it for the first time. */
static void build_name(struct evtx_builder *builder, slice name)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < builder->name_count; i++)
        if (slice_equal(builder->names[i].name, name)) {
            build_number(builder, builder->names[i].at, 4);
            return;
        }
    ASSERT(builder->name_count < EVTX_BUILDER_NAMES_MAX);
    build_number(builder, builder->at + 4, 4);
    builder->names[builder->name_count].name = name;
    builder->names[builder->name_count++].at = builder->at;
    build_number(builder, 0, 4);
    size_t head = builder->at;
    build_number(builder, 0, 4);
    size_t units = build_utf16(builder, name);
    for (size_t i = 0; i < units; i++)
        hash = hash * 65599 + (unsigned char)builder->bytes[head + 4 + 2 * i] +
               256U * (unsigned char)builder->bytes[head + 5 + 2 * i];
    build_put(builder, head, hash & 0xFFFF, 2);
    build_put(builder, head + 2, units, 2);
    build_number(builder, 0, 2);
}

/* Text up to one of `stops`, cut off *xml. */
static slice build_until(slice *xml, slice stops)
{
    size_t len = 0;
    while (len < xml->len && slice_find_byte(stops, xml->at[len]) == stops.len)
        len++;
    slice taken = slice_first(*xml, len);
    *xml = slice_from(*xml, len);
    return taken;
}

static void build_counted(struct evtx_builder *builder, slice text)
{
    size_t at = builder->at;
    build_number(builder, 0, 2);
    build_put(builder, at, build_utf16(builder, text), 2);
}

/* {3:01} */
static void build_substitution(struct evtx_builder *builder, slice *xml)
{
    uint64_t index = 0, type = 0;
    *xml = slice_from(*xml, 1);
    (void)slice_to_u64(build_until(xml, S(":?")), UINT16_MAX, &index);
    build_number(builder, xml->at[0] == '?' ? 0x0e : 0x0d, 1);
    *xml = slice_from(*xml, 1);
    (void)slice_to_hex_u64(build_until(xml, S("}")), &type);
    *xml = slice_from(*xml, 1);
    build_number(builder, index, 2);
    build_number(builder, type, 1);
}

/* &amp; or &#233; */
static void build_reference(struct evtx_builder *builder, slice *xml)
{
    uint64_t character = 0;
    *xml = slice_from(*xml, 1);
    slice name = build_until(xml, S(";"));
    *xml = slice_from(*xml, 1);
    build_number(builder, name.at[0] == '#' ? 0x08 : 0x09, 1);
    if (name.at[0] == '#') {
        (void)slice_to_u64(slice_from(name, 1), UINT16_MAX, &character);
        build_number(builder, character, 2);
    } else {
        build_name(builder, name);
    }
}

/* A piece of text in content or in an attribute. */
static void build_piece(struct evtx_builder *builder, slice *xml, slice stops)
{
    if (xml->at[0] == '{') {
        build_substitution(builder, xml);
    } else if (xml->at[0] == '&') {
        build_reference(builder, xml);
    } else {
        build_number(builder, 0x05, 1);
        build_number(builder, EVTX_STRING, 1);
        build_counted(builder, build_until(xml, stops));
    }
}

static void build_attributes(struct evtx_builder *builder, slice *xml)
{
    size_t size_at = builder->at;
    build_number(builder, 0, 4);
    while (xml->at[0] == ' ') {
        *xml = slice_from(*xml, 1);
        build_number(builder, 0x46, 1);
        build_name(builder, build_until(xml, S("=")));
        *xml = slice_from(*xml, 2);
        while (xml->at[0] != '"')
            build_piece(builder, xml, S("\"{&"));
        *xml = slice_from(*xml, 1);
    }
    build_put(builder, size_at, builder->at - size_at - 4, 4);
}

static void build_element(struct evtx_builder *builder, slice *xml);

static void build_content(struct evtx_builder *builder, slice *xml)
{
    while (xml->len > 0 && !slice_starts(*xml, S("</"))) {
        if (slice_starts(*xml, S("<![CDATA["))) {
            *xml = slice_from(*xml, 9);
            build_number(builder, 0x07, 1);
            build_counted(builder, build_until(xml, S("]")));
            *xml = slice_from(*xml, 3);
        } else if (slice_starts(*xml, S("<?"))) {
            *xml = slice_from(*xml, 2);
            build_number(builder, 0x0a, 1);
            build_name(builder, build_until(xml, S(" ")));
            build_number(builder, 0x0b, 1);
            build_counted(builder, build_until(xml, S("?")));
            *xml = slice_from(*xml, 2);
        } else if (xml->at[0] == '<') {
            build_element(builder, xml);
        } else {
            build_piece(builder, xml, S("<{&"));
        }
    }
}

static void build_element(struct evtx_builder *builder, slice *xml)
{
    *xml = slice_from(*xml, 1);
    slice name = build_until(xml, S(" />"));
    bool attributes = xml->at[0] == ' ';
    build_number(builder, attributes ? 0x41 : 0x01, 1);
    if (!builder->plain)
        build_number(builder, 0xFFFF, 2);
    size_t size_at = builder->at;
    build_number(builder, 0, 4);
    build_name(builder, name);
    if (attributes)
        build_attributes(builder, xml);
    if (xml->at[0] == '/') {
        *xml = slice_from(*xml, 2);
        build_number(builder, 0x03, 1);
    } else {
        *xml = slice_from(*xml, 1);
        build_number(builder, 0x02, 1);
        build_content(builder, xml);
        (void)build_until(xml, S(">"));
        *xml = slice_from(*xml, 1);
        build_number(builder, 0x04, 1);
    }
    build_put(builder, size_at, builder->at - size_at - 4, 4);
}

/* A fragment: header, elements, end of file. */
static void build_xml(struct evtx_builder *builder, const char *text, bool plain)
{
    slice xml = slice_from_cstr(text);
    bool before = builder->plain;
    builder->plain = plain;
    build_bytes(builder, S("\x0f\x01\x01\0"));
    build_content(builder, &xml);
    build_number(builder, 0, 1);
    builder->plain = before;
}

static void build_instance(struct evtx_builder *builder, const struct evtx_builder_template *which,
    const struct evtx_builder_value *values, size_t count);

static void build_value(struct evtx_builder *builder, const struct evtx_builder_value *value)
{
    unsigned type = value->type & 0x7FU;
    if (value->nested != NULL || value->xml != NULL) {
        if (value->nested != NULL)
            build_instance(builder, value->nested, value->values, value->count);
        else
            build_xml(builder, value->xml, true);
        return;
    }
    if (value->text == NULL) {
        build_bytes(builder, value->bytes);
        return;
    }
    slice text = slice_from_cstr(value->text);
    while (text.len > 0) {
        slice item = (value->type & EVTX_ARRAY) != 0 ? build_until(&text, S("|")) : text;
        text = (value->type & EVTX_ARRAY) != 0 ? slice_from(text, 1) : S("");
        if (type == EVTX_STRING)
            (void)build_utf16(builder, item);
        else
            build_bytes(builder, item);
        if ((value->type & EVTX_ARRAY) != 0)
            build_number(builder, 0, type == EVTX_STRING ? 2 : 1);
    }
}

static size_t build_template_find(
    const struct evtx_builder *builder, const struct evtx_builder_template *which)
{
    for (size_t i = 0; i < builder->template_count; i++)
        if (builder->templates[i].which == which)
            return builder->templates[i].at;
    return 0;
}

/* A template instance; the definition stands in it where the chunk has it for the first time. Size,
 * type and bytes of values are apart, so sizes are filled in behind. */
static void build_instance(struct evtx_builder *builder, const struct evtx_builder_template *which,
    const struct evtx_builder_value *values, size_t count)
{
    size_t known = build_template_find(builder, which);
    build_number(builder, 0x0c, 1);
    build_number(builder, 1, 1);
    build_number(builder, which->id, 4);
    build_number(builder, known != 0 ? known : builder->at + 4, 4);
    if (known == 0) {
        ASSERT(builder->template_count < EVTX_BUILDER_NAMES_MAX);
        builder->templates[builder->template_count].which = which;
        builder->templates[builder->template_count++].at = builder->at;
        build_number(builder, 0, 4);
        build_number(builder, which->id, 4);
        build_bytes(builder, S("-guid-of-it-"));
        size_t size_at = builder->at;
        build_number(builder, 0, 4);
        build_xml(builder, which->xml, false);
        build_put(builder, size_at, builder->at - size_at - 4, 4);
    }
    build_number(builder, count, 4);
    size_t descriptor_at = builder->at;
    for (size_t i = 0; i < count; i++)
        build_number(builder, (uint64_t)values[i].type << 16, 4);
    for (size_t i = 0; i < count; i++) {
        size_t from = builder->at;
        build_value(builder, &values[i]);
        build_put(builder, descriptor_at + 4 * i, builder->at - from, 2);
    }
}

void evtx_builder_begin(struct evtx_builder *builder)
{
    *builder = (struct evtx_builder){.at = BUILD_RECORDS_AT};
}

static size_t build_record_begin(struct evtx_builder *builder, uint64_t number, uint64_t filetime)
{
    size_t at = builder->at;
    if (builder->first == 0)
        builder->first = number;
    builder->last = number;
    build_bytes(builder, S("\x2a\x2a\0\0"));
    build_number(builder, 0, 4);
    build_number(builder, number, 8);
    build_number(builder, filetime, 8);
    return at;
}

static void build_record_end(struct evtx_builder *builder, size_t at)
{
    while ((builder->at - at) % 8 != 4)
        build_number(builder, 0, 1);
    build_number(builder, builder->at + 4 - at, 4);
    build_put(builder, at + 4, builder->at - at, 4);
}

size_t evtx_builder_record(struct evtx_builder *builder, uint64_t number, uint64_t filetime,
    const struct evtx_builder_template *which, const struct evtx_builder_value *values,
    size_t count)
{
    size_t at = build_record_begin(builder, number, filetime);
    build_bytes(builder, S("\x0f\x01\x01\0"));
    build_instance(builder, which, values, count);
    build_number(builder, 0, 1);
    build_record_end(builder, at);
    return at;
}

size_t evtx_builder_plain_record(
    struct evtx_builder *builder, uint64_t number, uint64_t filetime, const char *xml)
{
    size_t at = build_record_begin(builder, number, filetime);
    build_xml(builder, xml, true);
    build_record_end(builder, at);
    return at;
}

void evtx_builder_finish(struct evtx_builder *builder)
{
    slice bytes = slice_make(builder->bytes, EVTX_BUILDER_SIZE);
    memcpy(builder->bytes, "ElfChnk\0", 8);
    build_put(builder, 8, builder->first, 8);
    build_put(builder, 16, builder->last, 8);
    build_put(builder, 24, builder->first, 8);
    build_put(builder, 32, builder->last, 8);
    build_put(builder, 40, 128, 4);
    build_put(builder, 48, builder->at, 4);
    build_put(builder, 52,
        crc32_of(0, slice_sub(bytes, BUILD_RECORDS_AT, builder->at - BUILD_RECORDS_AT)), 4);
    build_put(builder, 120, 1, 4);
    build_put(builder, 124,
        crc32_of(
            crc32_of(0, slice_first(bytes, 120)), slice_sub(bytes, 128, BUILD_RECORDS_AT - 128)),
        4);
}

void evtx_builder_header(struct buf *out, size_t chunks, unsigned flags)
{
    struct evtx_builder header = {0};
    memcpy(header.bytes, "ElfFile\0", 8);
    build_put(&header, 16, chunks - 1, 8);
    build_put(&header, 32, 128, 4);
    build_put(&header, 36, 0x00030001, 4);
    build_put(&header, 40, BUILD_HEADER, 2);
    build_put(&header, 42, chunks, 2);
    build_put(&header, 120, flags, 4);
    build_put(&header, 124, crc32_of(0, slice_make(header.bytes, 120)), 4);
    buf_append(out, slice_make(header.bytes, BUILD_HEADER));
}

void evtx_builder_append(const struct evtx_builder *builder, struct buf *out)
{
    buf_append(out, slice_make(builder->bytes, EVTX_BUILDER_SIZE));
}
