/* Base64 (RFC 4648, section 4). */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include "base/arena.h"
#include "base/buf.h"

/* Appends the bytes as base64 with padding. */
void base64_append(struct buf *out, slice bytes);
/* Bytes that base64_append makes of `len`, which is at most BASE64_MAX. */
#define BASE64_MAX (SIZE_MAX / 4)
size_t base64_len(size_t len);
/* The same as a text in the arena. */
slice base64_text(struct arena *arena, slice bytes);

#endif
