/* Files that travel inside the executable: the shipped rules, the decoders, the parts of the
 * report. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

#include "base/slice.h"

struct embed_file {
    const char *path;     /* from the top of the source tree: "rules/web/scanner.yml" */
    struct slice content; /* a NUL follows it that is not counted */
};

/* All files, sorted by the bytes of their path; they live for ever. */
const struct embed_file *embed_files(size_t *count);

/* The file of that path; NULL when there is none. */
const struct embed_file *embed_find(slice path);

#endif
