/* What is left of a JSON object that was cut off: relays and rings of fixed size end a record in
 * the middle, and its front is as good as ever. */
#ifndef DECODE_JSON_SALVAGE_H
#define DECODE_JSON_SALVAGE_H

#include "base/arena.h"

/* The members before the cut that are whole, as an object of their own, in the arena. Absent when
 * none is, when the text is no object, or when nothing is missing. A last number, which might go
 * on, is not whole. */
slice json_salvage(struct arena *arena, slice text);

#endif
