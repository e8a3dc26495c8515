/* decode: containers in C, products' message shapes from data (decoders/).
 *
 * Takes the stream of one evidence object, gives events one by one. Runs in the detect role, inside
 * its sandbox: it must expect that every byte is hostile. May open: nothing.
 *
 * A format is one row of decode_formats: how to recognise it by content, and how to decode it. The
 * container decoders give native fields only; product_apply (decode/product.h) adds ECS fields
 * afterwards, by data. */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "event/event.h"
#include "wire/stamp.h"
#include "wire/stream.h"

/* A text line or JSON value longer than this is cut (text) or refused (JSON); both are reported. */
#define DECODE_LINE_MAX ((size_t)1 << 20)
#define DECODE_JSON_MAX ((size_t)16 << 20)
/* Bytes at the front of an object that recognition may look at. */
#define DECODE_SNIFF_LEN ((size_t)64 << 10)

struct csv_map;    /* decode/csv_map.h: --map */
struct flow_state; /* decode/flow_state.h */
struct products;

/* A part of an object that can be decoded apart from the rest, as far as its format knows such
 * (evtx_parts): what begins at the bytes [from, to). */
struct decode_part {
    uint64_t from;
    uint64_t to; /* 0: the end of the object */
};

struct decode_options {
    const struct products
        *products; /* message shapes: used by decoders of text to split messages; may be NULL */
    const struct csv_map *map; /* --map, or NULL */
    int32_t year;              /* year of the first record of a yearless object; 0: none known */
    bool year_fixed;           /* --year: all yearless records are of that year; no roll-over */
    int32_t zone_offset_s;     /* for stamps without a zone */
    bool zone_given;           /* --timezone: no EVENT_TIME_ASSUMED_ZONE mark then */
    bool recover;              /* --recover */
    /* Templates of flows that hold from one object to the next, in the order of the objects; NULL:
     * each object stands by itself. */
    struct flow_state *flows;
    struct decode_part part; /* zero: the whole object */
};

struct decode_job {
    const struct decode_options *options;
    struct arena *arena; /* reset by the decoder before each record */
    struct event *event; /* scratch, rebuilt for each record */
    void *context;
    /* One event, valid during the call. Anything but RESULT_OK ends decoding and is returned. */
    enum result (*on_event)(void *context, struct event *event);
    /* A record, line or chunk that could not be decoded (or was cut); decoding goes on. Number and
     * offset as in event_record. */
    void (*on_undecoded)(void *context, uint64_t number, uint64_t offset, const struct error *why);
    /* Something that lost nothing, but that a reader of the evidence must know: a checksum that
     * differs, a header whose counts lie. May be NULL. */
    void (*on_note)(void *context, uint64_t number, uint64_t offset, const struct error *why);
    uint64_t records; /* out: records seen, decoded or not */
};

struct decode_format {
    slice name; /* "evtx", "pcap", "netflow", "ipfix", "sflow", "json", "syslog", "auditd" … */
    /* 0: not this format; 1..100: how sure. `head` is the front of the object, `whole` tells that
     * it is all of it. */
    unsigned (*sniff)(slice head, bool whole);
    /* Decodes the whole stream. Damage inside is reported through on_undecoded and skipped; an
     * error is returned only when nothing more can be read. */
    enum result (*decode)(struct decode_job *job, struct stream *stream, struct error *err);
};

/* The format of the object, or NULL. Highest sniff wins, earlier rows first when equal. */
const struct decode_format *decode_recognise(
    slice head, bool whole, const struct decode_options *options);
const struct decode_format *decode_format_named(slice name);
/* For listings and completeness tests. */
const struct decode_format *decode_formats(size_t *count);

/* What a scan of an object says about stamps without year. */
struct decode_years {
    bool yearless;      /* the first stamps have no year */
    struct stamp first; /* first and last yearless stamp */
    struct stamp last;
    unsigned roll_overs; /* December to January steps between them */
};

/* Whether the front of a recognised object has stamps without a year. */
bool decode_is_yearless(const struct decode_format *format, slice head);
/* Reads the whole stream for its yearless stamps. */
MUST_USE enum result decode_scan_years(
    struct stream *stream, struct decode_years *years, struct error *err);

/* Helpers for decoders: begins the next record (resets arena and event, counts it). */
struct event *decode_begin(struct decode_job *job, uint64_t number, uint64_t offset);

#endif
