/* Reading whole files that the user names: rules, mappings, assets. Evidence never goes this way.
 */
#ifndef PROC_FILE_H
#define PROC_FILE_H

#include "base/arena.h"
#include "base/result.h"

/* The whole file into the arena; at most `maximum` bytes. */
MUST_USE enum result file_read(
    struct arena *arena, const char *path, size_t maximum, slice *content, struct error *err);

/* Opens a file for writing anew; the descriptor is the caller's. */
MUST_USE enum result file_create(const char *path, int *fd, struct error *err);

#endif
