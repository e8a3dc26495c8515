/* What the escapes in a JSON string stand for (RFC 8259, section 7), and what senders write who do
 * not keep to it: see json.h. Private to json.c. */
#ifndef WIRE_JSON_STRING_H
#define WIRE_JSON_STRING_H

#include "base/arena.h"
#include "base/slice.h"

/* The string that stands between its quotes, in the arena. It may be read past its end up to
 * `readable_end`, which is what follows in memory that is there. */
slice json_string_unescape(struct arena *arena, slice quoted, const char *readable_end);

#endif
