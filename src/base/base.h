/* base: what every other folder stands on.
 *
 * Takes and gives: nothing from outside; slices, arenas, buffers, results and errors, checked
 * arithmetic, a hash map, civil time, an external sorter, the text table in two languages. Runs in
 * every role. May open: an anonymous temporary file, in the sorter only, through the descriptor it
 * is given.
 *
 * This header gathers the few that nearly every file needs. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/checked.h"
#include "base/result.h"
#include "base/slice.h"

#endif
