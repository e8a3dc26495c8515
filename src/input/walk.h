/* Finding evidence files: paths as given, directories recursed in the order of their names' bytes,
 * so that a second run sees the same order. */
#ifndef INPUT_WALK_H
#define INPUT_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/slice.h"

/* Directories nested deeper than this are reported and left out. */
#define WALK_DEPTH_MAX 256

struct walk_file {
    const char *path; /* terminated; "-" is standard input */
};

struct walk {
    struct arena arena;
    struct walk_file *files;
    size_t count;
    size_t capacity;
    /* Called for what cannot be read or is no file or directory; may be NULL. */
    void (*problem)(void *context, const char *path, const struct error *why);
    void *context;
};

/* Adds a path: a file, "-", or a directory with everything under it. Symbolic links are followed
 * when given by name and left out (reported) inside directories; devices, sockets and pipes inside
 * directories are left out (reported). Returns an error only when the path itself cannot be used.
 */
MUST_USE enum result walk_add(struct walk *walk, const char *path, struct error *err);
void walk_free(struct walk *walk);

/* Opens a found file read-only, without touching its access time where we may, and checks that it
 * is a regular file. *size gets its length in bytes. */
MUST_USE enum result walk_open(const char *path, int *fd, uint64_t *size, struct error *err);

/* Length in bytes as the file system tells it now, 0 when it is not known: for progress only. */
uint64_t walk_size(const char *path);

/* True when `directory` lies inside (or is) one of the paths added: a place that must not be
 * written to. */
bool walk_holds(const char *const *paths, size_t count, const char *directory);

#endif
