/* Binary XML ([MS-EVEN6] 2.2.12) compiled into a program: the list of fields that it gives.
 *
 * A record is usually an instance of a template: the template holds elements, attributes and
 * literal text, the record only the values. The template is walked once and becomes a list of
 * operations ("field TargetUserName is value 5"); every record after that is a run over the list.
 * No XML, no tree and no JSON come in between. */
#ifndef DECODE_EVTX_PROGRAM_H
#define DECODE_EVTX_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"

/* Tokens; EVTX_MORE is set in some where more of the same follows. */
enum evtx_token {
    EVTX_TOKEN_EOF = 0x00,
    EVTX_TOKEN_OPEN = 0x01,
    EVTX_TOKEN_CLOSE_START = 0x02,
    EVTX_TOKEN_CLOSE_EMPTY = 0x03,
    EVTX_TOKEN_END = 0x04,
    EVTX_TOKEN_TEXT = 0x05,
    EVTX_TOKEN_ATTRIBUTE = 0x06,
    EVTX_TOKEN_CDATA = 0x07,
    EVTX_TOKEN_CHAR = 0x08,
    EVTX_TOKEN_ENTITY = 0x09,
    EVTX_TOKEN_PI_TARGET = 0x0a,
    EVTX_TOKEN_PI_DATA = 0x0b,
    EVTX_TOKEN_TEMPLATE = 0x0c,
    EVTX_TOKEN_VALUE = 0x0d,
    EVTX_TOKEN_OPTIONAL = 0x0e,
    EVTX_TOKEN_FRAGMENT = 0x0f,
};
#define EVTX_MORE 0x40u
/* Token, version 1.1 and flags. */
#define EVTX_FRAGMENT_LEN 4

/* Elements within elements. Windows writes five or six. */
#define EVTX_DEPTH_MAX 64

/* Where in the XML of an event a piece of binary XML stands: it decides how fields are named. */
enum evtx_place {
    EVTX_PLACE_DOCUMENT,  /* above <Event> */
    EVTX_PLACE_EVENT,     /* in <Event> */
    EVTX_PLACE_SYSTEM,    /* in <System> */
    EVTX_PLACE_DATA,      /* in <EventData>, <UserData> and what else a provider writes */
    EVTX_PLACE_RENDERING, /* in <RenderingInfo>, which forwarded events have */
};
#define EVTX_PLACES 5

/* A piece of the text of a field: a literal, or a value of the record. */
struct evtx_part {
    slice text;
    uint16_t value;
    bool is_value;
    bool optional; /* a NULL value omits what encloses it */
};

struct evtx_parts {
    const struct evtx_part *at;
    size_t count;
};

/* What a field tells about the event as a whole. */
enum evtx_role {
    EVTX_ROLE_NONE,
    EVTX_ROLE_TIME,   /* System/TimeCreated/@SystemTime */
    EVTX_ROLE_NUMBER, /* System/EventRecordID */
};

enum evtx_op_kind {
    EVTX_OP_FIELD, /* a field of this name and text */
    EVTX_OP_OMIT,  /* leaves out the next `skip` operations when `value` is NULL */
};

struct evtx_op {
    enum evtx_op_kind kind;
    enum evtx_place place; /* of binary XML that stands in a value of this field */
    slice name;            /* unless name_parts has any */
    struct evtx_parts text;
    struct evtx_parts name_parts;
    bool keep_empty; /* a field even when there is no text */
    enum evtx_role role;
    uint16_t value; /* EVTX_OP_OMIT */
    size_t skip;
};

/* A name in the binary XML of a template: what its bytes may differ in from chunk to chunk. */
struct evtx_name_ref {
    size_t at; /* of the 4-byte offset, from the start of the source */
    bool here; /* the name itself follows (a name stands where a chunk uses it first) */
    slice utf16;
};

struct evtx_program {
    const struct evtx_op *ops;
    size_t op_count;
    /* What it was made from. */
    slice source;
    const struct evtx_name_ref *names;
    size_t name_count;
    enum evtx_place place;
    const struct evtx_program *next; /* of the same template identifier, with another source */
};

struct evtx_source {
    slice chunk; /* names are given as offsets into it */
    size_t from; /* the binary XML is chunk[from, end) */
    size_t end;
    enum evtx_place place;
    bool plain; /* outside of a template: elements have no dependency identifier */
};

/* Compiles elements and processing instructions up to the end-of-file token, a template instance
 * or the end of the source; *stopped is the offset of what ended it. The program and all in it live
 * in `arena`; `scratch` is reset. */
MUST_USE enum result evtx_program_compile(struct arena *arena, struct arena *scratch,
    const struct evtx_source *source, struct evtx_program *program, size_t *stopped,
    struct error *err);

/* Whether compiling chunk[from, …) again would give the same program. */
bool evtx_program_is_of(const struct evtx_program *program, slice chunk, size_t from);

#endif
