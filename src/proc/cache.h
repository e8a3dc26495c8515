/* Files that the program may make anew at any time, in a directory of the user's.
 *
 * They are trusted as much as the program itself: a file is opened only when it and its directory
 * belong to the user who runs the program and nobody else may open them. Whatever hinders is no
 * error: there is no file then. */
#ifndef PROC_CACHE_H
#define PROC_CACHE_H

#include "base/slice.h"

/* Bytes of a file's name, with its end. */
#define CACHE_NAME_MAX 128

/* For reading; -1 when there is none that can be trusted. The descriptor is the caller's. */
int cache_open(const char *name, size_t *size);
/* Stores a file, whole or not at all. */
void cache_store(const char *name, slice bytes);
/* Drops the oldest of the files whose names begin so, until there are no more than `most`. */
void cache_trim(slice prefix, size_t most);

#endif
