/* Objects of text in UTF-16, as PowerShell and the Windows event viewer write them, seen as UTF-8:
 * for decoders, which read UTF-8 only. Recognised by the byte order mark; the mark of UTF-8 is
 * taken off as well.
 *
 * Offsets in an object of UTF-16 count in its text as UTF-8. */
#ifndef DECODE_UNICODE_H
#define DECODE_UNICODE_H

#include "base/arena.h"
#include "base/result.h"
#include "wire/stream.h"

/* The front of an object as UTF-8 without a mark: the slice itself, or a copy in the arena. */
slice unicode_head(struct arena *arena, slice head);

struct unicode;

/* Begins to read `from`, which must outlive what is made. On RESULT_OK *view is the stream to read;
 * it belongs to *unicode (or is `from`). */
MUST_USE enum result unicode_open(
    struct stream *from, struct unicode **unicode, struct stream **view, struct error *err);
/* NULL is fine. */
void unicode_close(struct unicode *unicode);

#endif
