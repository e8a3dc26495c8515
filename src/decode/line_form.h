/* Stamps that only some programs write, at the front of a line. */
#ifndef DECODE_LINE_FORM_H
#define DECODE_LINE_FORM_H

#include "wire/stamp.h"

/* What comes before some stamps: "<W>" of a level, "L " of game servers. Gives its length, 0 for
 * none. */
size_t line_form_mark(slice line);

/* Dates in numbers, in any order ("20.11.2026 …", "11/20/2026 …", "2026.11.20 …", "Nov-20-26 …"),
 * a clock of twelve hours after any date ("Nov 20, 2026 3:12:44 PM"), "2026:11:20-03:12:44",
 * "20261120T031244", TAI64N labels ("@4000…"). Where the numbers leave open which is the month, it
 * comes first between slashes, and the day between dashes and dots. */
bool line_form_stamp(slice text, struct stamp *stamp);

/* The text after an opening bracket: whole Unix seconds, and a zone before the date
 * ("PDT Nov 20 03:12:44"). A closing bracket must follow, which is not looked at. */
bool line_form_bracketed(slice text, struct stamp *stamp);

#endif
