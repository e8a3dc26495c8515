/* UTF-8: validation, decoding, lower case by the program's own table. RFC 3629. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

#define UTF8_REPLACEMENT 0xFFFDU

/* Decodes one character at the front and returns its length in bytes (1..4). A malformed byte gives
 * UTF8_REPLACEMENT and length 1. The slice must not be empty. */
size_t utf8_decode(slice text, uint32_t *character);
bool utf8_is_valid(slice text);
void utf8_append(struct buf *out, uint32_t character);
/* Writes 1..4 bytes to `out`, returns how many. Surrogates and values over 0x10FFFF give the
 * replacement character. */
size_t utf8_encode(uint32_t character, char out[4]);
bool utf8_is_ascii(slice text);
/* Lower case of one character (Unicode's simple mapping, whatever the locale). */
uint32_t utf8_lower(uint32_t character);
/* A lower-cased copy in the arena; the slice itself when it is ASCII in lower case already.
 * Malformed bytes stay as they are. */
slice utf8_lower_copy(struct arena *arena, slice text);
/* A valid copy: malformed bytes become U+FFFD; the slice itself when it is valid already. */
slice utf8_valid_copy(struct arena *arena, slice text);
/* UTF-16 (little endian unless `big`) to UTF-8 in the arena; unpaired surrogates become U+FFFD; an
 * odd last byte is dropped. */
slice utf8_from_utf16(struct arena *arena, slice utf16, bool big);

#endif
