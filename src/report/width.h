/* How many columns of a terminal characters take (Unicode's East Asian Width). */
#ifndef REPORT_WIDTH_H
#define REPORT_WIDTH_H

#include "base/slice.h"

/* 0 for combining marks, 2 for wide characters, else 1. */
unsigned width_of_character(uint32_t character);
/* Of a whole text without controls; malformed bytes count as one. */
size_t width_of(slice text);
/* The longest front of the text that takes at most `columns`. */
slice width_first(slice text, size_t columns);

#endif
