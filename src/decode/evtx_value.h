/* Values of binary XML as text, the way Windows writes them into the XML of an event ([MS-EVEN6],
 * 2.2.12 and 3.1.4.7.3). */
#ifndef DECODE_EVTX_VALUE_H
#define DECODE_EVTX_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "event/event.h"

enum evtx_type {
    EVTX_NULL = 0x00,
    EVTX_STRING = 0x01, /* UTF-16 */
    EVTX_ANSI = 0x02,   /* some code page; taken as Windows-1252 */
    EVTX_INT8 = 0x03,
    EVTX_UINT8 = 0x04,
    EVTX_INT16 = 0x05,
    EVTX_UINT16 = 0x06,
    EVTX_INT32 = 0x07,
    EVTX_UINT32 = 0x08,
    EVTX_INT64 = 0x09,
    EVTX_UINT64 = 0x0a,
    EVTX_REAL32 = 0x0b,
    EVTX_REAL64 = 0x0c,
    EVTX_BOOL = 0x0d,
    EVTX_BINARY = 0x0e,
    EVTX_GUID = 0x0f,
    EVTX_SIZE = 0x10, /* 4 or 8 bytes */
    EVTX_FILETIME = 0x11,
    EVTX_SYSTEMTIME = 0x12,
    EVTX_SID = 0x13,
    EVTX_HEX32 = 0x14,
    EVTX_HEX64 = 0x15,
    EVTX_XML = 0x21, /* binary XML */
};

/* Set in a type: items of that type, one after the other. */
#define EVTX_ARRAY 0x80u

struct evtx_value {
    slice bytes;
    uint8_t type; /* enum evtx_type, with or without EVTX_ARRAY, or a type that nobody knows */
};

/* The text of one value that is neither an array nor binary XML. Bytes that do not fit their type
 * are written in hexadecimal, so that nothing is lost. *kind gets the type of the field. */
slice evtx_value_text(struct arena *arena, struct evtx_value value, enum event_type *kind);

/* Cuts the next item off *rest, the bytes of an array of `type` (without EVTX_ARRAY). False when
 * none is left. */
bool evtx_value_next(uint8_t type, slice *rest, slice *item);

/* The time that a value says, as FILETIME, SYSTEMTIME or text; and that text says. */
bool evtx_value_time(struct arena *arena, struct evtx_value value, int64_t *time_ns);
bool evtx_value_text_time(slice text, int64_t *time_ns);

/* The number that a value says, as an unsigned integer of any width. */
bool evtx_value_u64(struct evtx_value value, uint64_t *number);

/* A FILETIME (100 ns since 1601-01-01 UTC); CIVIL_TIME_NONE when it is not within 1678..2261. */
int64_t evtx_value_filetime_ns(uint64_t filetime);

#endif
