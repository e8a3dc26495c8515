/* Builds EVTX for tests: files that hold exactly what a test is about, made after
 * doc/formats/evtx.md and by none of the code that reads them, but for the checksum.
 *
 * Binary XML is given as XML text, in which {3:01} stands for value 3 of declared type 0x01 and
 * {3?01} for the same as an optional one. Mistakes in it assert. */
#ifndef DECODE_EVTX_BUILDER_H
#define DECODE_EVTX_BUILDER_H

#include <stdint.h>

#include "base/buf.h"

#define EVTX_BUILDER_SIZE      65536
#define EVTX_BUILDER_NAMES_MAX 256

struct evtx_builder_template {
    uint32_t id;
    const char *xml;
};

/* A value of a template instance: text for strings (items of an array end with '|'), a nested
 * instance, elements, or bytes. */
struct evtx_builder_value {
    uint8_t type;
    const char *text;
    const struct evtx_builder_template *nested;
    const struct evtx_builder_value *values; /* of the nested instance */
    size_t count;
    const char *xml; /* elements without a template */
    slice bytes;
};

/* A chunk in the making. */
struct evtx_builder {
    char bytes[EVTX_BUILDER_SIZE];
    size_t at; /* end of the records so far */
    uint64_t first;
    uint64_t last;
    bool plain; /* no dependency identifiers */
    struct {
        slice name;
        size_t at;
    } names[EVTX_BUILDER_NAMES_MAX];
    size_t name_count;
    struct {
        const struct evtx_builder_template *which;
        size_t at;
    } templates[EVTX_BUILDER_NAMES_MAX];
    size_t template_count;
};

void evtx_builder_begin(struct evtx_builder *builder);
/* Appends a record that is an instance of a template; returns its offset in the chunk. */
size_t evtx_builder_record(struct evtx_builder *builder, uint64_t number, uint64_t filetime,
    const struct evtx_builder_template *which, const struct evtx_builder_value *values,
    size_t count);
/* The same without a template. */
size_t evtx_builder_plain_record(
    struct evtx_builder *builder, uint64_t number, uint64_t filetime, const char *xml);
/* Writes the chunk's header for the records so far. */
void evtx_builder_finish(struct evtx_builder *builder);

/* Appends the block with the file header, and a chunk. */
void evtx_builder_header(struct buf *out, size_t chunks, unsigned flags);
void evtx_builder_append(const struct evtx_builder *builder, struct buf *out);

#endif
