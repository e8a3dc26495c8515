/* The encodings that modifiers apply to values: UTF-16 (RFC 2781), and Base64 (wire/base64.h) in
 * the middle of a longer text. */
#ifndef DETECT_ENCODE_H
#define DETECT_ENCODE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/* Bytes of the text in UTF-16; `mark` puts the byte order mark in front. */
slice encode_utf16(struct arena *arena, slice text, bool big, bool mark);
/* The characters of Base64 that stay the same wherever the bytes stand in a longer text, when they
 * begin `offset` (0..2) bytes after a group of three. */
slice encode_base64_offset(struct arena *arena, slice bytes, unsigned offset);

#endif
