/* How rarely a text is to be expected in values of events. */
#ifndef DETECT_RARITY_H
#define DETECT_RARITY_H

#include "base/slice.h"

/* From 1 (in few values) to 256 (in nearly all): twice as much for each letter that the text is
 * shorter. The text is in lower case. */
double rarity_cost(slice text);

#endif
