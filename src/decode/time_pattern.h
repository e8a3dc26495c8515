/* Times by a pattern, for mappings: what no recogniser can tell by itself, such as 11/20/2026
 * 3:12:44 PM. */
#ifndef DECODE_TIME_PATTERN_H
#define DECODE_TIME_PATTERN_H

#include "wire/stamp.h"

/* Whether every letter of the pattern is known. The letters are those of strptime(3): %Y %y %m %d
 * %e %H %k %I %l %M %S %p %b %B %a %A %z %Z %s %T %F %%; %f is a fraction of a second; white space
 * stands for any white space. */
bool time_pattern_is_valid(slice pattern);
/* Reads the whole text by a valid pattern. What the pattern does not hold is missing (year, zone)
 * or zero. */
bool time_pattern_read(slice pattern, slice text, struct stamp *stamp);

#endif
