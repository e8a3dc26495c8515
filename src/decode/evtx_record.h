/* One record of binary XML, run into the fields of an event. */
#ifndef DECODE_EVTX_RECORD_H
#define DECODE_EVTX_RECORD_H

#include "decode/evtx_cache.h"
#include "event/event.h"

/* Binary XML within values of binary XML. Windows writes two. */
#define EVTX_NESTING_MAX 8
/* Steps (operations and items of lists) and bytes of names and text that one record may take. A
 * record is at most 64 KiB; templates could multiply it without end. */
#define EVTX_RECORD_STEPS_MAX ((size_t)32 << 10)
#define EVTX_RECORD_TEXT_MAX  ((size_t)1 << 20)
/* The same for all records of a chunk, for each byte of it. A Windows log takes less than a tenth
 * of a step and four bytes of text. */
#define EVTX_STEPS_PER_BYTE 1
#define EVTX_TEXT_PER_BYTE  32

struct evtx_record {
    slice chunk; /* offsets in binary XML count from its start */
    size_t from; /* the binary XML of the record is chunk[from, end) */
    size_t end;
    bool salvage; /* where the template of its data is lost, take its values without their names */
    /* What is left for the chunk, updated. */
    size_t *steps_left;
    size_t *text_left;
};

/* Adds the record's fields to the event, and sets its time and number as System has them,
 * and its mark `recovered` when a template was not where it should be. After
 * an error the event holds the fields up to there. */
MUST_USE enum result evtx_record_decode(struct evtx_cache *cache, const struct evtx_record *record,
    struct event *event, struct error *err);

#endif
