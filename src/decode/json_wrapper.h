/* Wrappers: objects that only carry a list of records, as cloud services deliver them
 * ({"Records":[…]},
 * {"value":[…]}, {"hits":{"hits":[…]}}). Decided from the front of the object, since the list may
 * be larger than memory. A record may hold lists of objects too, so the names are few and an object
 * with a time of its own is a record. */
#ifndef DECODE_JSON_WRAPPER_H
#define DECODE_JSON_WRAPPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct json_wrapper {
    bool found;
    bool named;   /* under a name that says so; else it must be the object's only member */
    size_t at;    /* offset of the list's '[' */
    size_t depth; /* objects open around it */
};

/* Looks for the list in the front of an object; `front` begins with '{'. */
struct json_wrapper json_wrapper_find(slice front);

#endif
