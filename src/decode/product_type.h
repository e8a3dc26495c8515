/* Types of captures: what text a type takes at a place, and what value comes of it. */
#ifndef DECODE_PRODUCT_TYPE_H
#define DECODE_PRODUCT_TYPE_H

#include "event/event.h"
#include "wire/stamp.h"

/* How a type finds its end. */
enum product_span {
    PRODUCT_SPAN_FIXED,    /* the text itself says where it ends */
    PRODUCT_SPAN_SHORTEST, /* where what follows fits first, inside a class of bytes */
    PRODUCT_SPAN_LONGEST,  /* where what follows fits last, inside a class of bytes */
    PRODUCT_SPAN_REST,     /* at the end of the text */
};

/* PRODUCT_TYPE(ID, "name", span, may be empty). Their order is the order in which they are tried.
 */
#define PRODUCT_TYPES                                                                              \
    PRODUCT_TYPE(IP, "ip", FIXED, false)                                                           \
    PRODUCT_TYPE(MAC, "mac", FIXED, false)                                                         \
    PRODUCT_TYPE(DIGIT, "digit", FIXED, false)                                                     \
    PRODUCT_TYPE(PORT, "port", FIXED, false)                                                       \
    PRODUCT_TYPE(INT, "int", FIXED, false)                                                         \
    PRODUCT_TYPE(NUMBER, "number", FIXED, false)                                                   \
    PRODUCT_TYPE(SECONDS, "seconds", FIXED, false)                                                 \
    PRODUCT_TYPE(MILLISECONDS, "milliseconds", FIXED, false)                                       \
    PRODUCT_TYPE(MICROSECONDS, "microseconds", FIXED, false)                                       \
    PRODUCT_TYPE(ELAPSED, "elapsed", FIXED, false)                                                 \
    PRODUCT_TYPE(TIME, "time", FIXED, false)                                                       \
    PRODUCT_TYPE(GUID, "guid", FIXED, false)                                                       \
    PRODUCT_TYPE(HEX, "hex", FIXED, false)                                                         \
    PRODUCT_TYPE(QUOTED, "quoted", FIXED, false)                                                   \
    PRODUCT_TYPE(PATH, "path", SHORTEST, false)                                                    \
    PRODUCT_TYPE(HOST, "host", LONGEST, false)                                                     \
    PRODUCT_TYPE(ACCOUNT, "account", SHORTEST, false)                                              \
    PRODUCT_TYPE(HASHES, "hashes", SHORTEST, false)                                                \
    PRODUCT_TYPE(WORD, "word", SHORTEST, false)                                                    \
    PRODUCT_TYPE(LOWER, "lower", SHORTEST, false)                                                  \
    PRODUCT_TYPE(UPPER, "upper", SHORTEST, false)                                                  \
    PRODUCT_TYPE(LONGEST, "longest", LONGEST, true)                                                \
    PRODUCT_TYPE(TEXT, "text", SHORTEST, true)                                                     \
    PRODUCT_TYPE(KV, "kv", REST, true)                                                             \
    PRODUCT_TYPE(JSON, "json", REST, true)                                                         \
    PRODUCT_TYPE(REST, "rest", REST, true)

enum product_type {
#define PRODUCT_TYPE(id, name, span, empty) PRODUCT_TYPE_##id,
    PRODUCT_TYPES
#undef PRODUCT_TYPE
        PRODUCT_TYPE_COUNT
};

bool product_type_named(slice name, enum product_type *type);
enum product_span product_type_span(enum product_type type);
bool product_type_may_be_empty(enum product_type type);
/* Takes any bytes at all: text, longest, and the rest types. */
bool product_type_is_free(enum product_type type);

/* Bytes that the type takes at the front of the text at most; 0 when there is none of it. For FIXED
 * types it is all of it, for the others the class of bytes ends there. */
size_t product_type_extent(enum product_type type, slice text);
/* Whether a text of a SHORTEST or LONGEST type, its bytes being of the class, is one: a host begins
 * and ends with a letter, digit or colon; a path begins as one. */
bool product_type_accepts(enum product_type type, slice text);

/* The value of a text that is of the type from end to end; false when it is not. For types that
 * make one field. */
bool product_type_convert(enum product_type type, slice text, struct arena *arena, slice *value,
    enum event_type *field_type);

/* The same for a text that a capture of the type took, or the front of such a text: its bytes are
 * not looked at again. */
bool product_type_take(enum product_type type, slice text, struct arena *arena, slice *value,
    enum event_type *field_type);

/* The stamp that a text is from end to end; digits alone are seconds to nanoseconds since 1970. */
bool product_type_stamp(slice text, struct stamp *stamp);

/* For types that make several fields: account, hashes, kv, and json, whose parts a parser gives
 * (json_flatten). Of the others product_type_next_part cuts the next field off `*rest`: its
 * name part ("name", "domain", "md5", a key) and its value. False when there is no more. Begin with
 * the whole text. */
struct product_part {
    slice name;
    slice value;
};
bool product_type_is_several(enum product_type type);
/* PREFIX of its parts' names may be empty: the parts alone. */
bool product_type_is_bare(enum product_type type);
bool product_type_next_part(
    enum product_type type, struct arena *arena, slice *rest, struct product_part *part);

#endif
