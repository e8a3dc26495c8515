/* The objects in one evidence file: the file itself, or, through archives and compression, nested
 * too, what is in it.
 *
 * Compressed layers add nothing to a name; archive members are named outer!inner. Everything is
 * read as a stream; only archives that cannot be read front to back inside others (zip, 7z) are put
 * into the temporary file first. */
#ifndef INPUT_OBJECT_H
#define INPUT_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/slice.h"
#include "wire/stream.h"

#define OBJECT_DEPTH_MAX   8U       /* archives inside archives */
#define OBJECT_MEMBERS_MAX 1000000U /* members of one evidence file, all levels together */
/* An evidence file may expand to this many bytes, and past that to this many times its own size. */
#define OBJECT_EXPANDED_FREE  ((uint64_t)1 << 30)
#define OBJECT_EXPANDED_TIMES 250U
#define OBJECT_NAME_MAX       4096U

struct objects_options {
    int fd;        /* the evidence file, open for reading; stays the caller's */
    uint64_t size; /* its length in bytes */
    slice name;    /* for messages */
    int temporary; /* an empty read-write file, or -1 when there is none; stays the caller's */
    const char *const *passphrases; /* to try on encrypted members */
    size_t passphrase_count;
    /* A member or layer that cannot be read, or a limit that was reached; `suffix` as in struct
     * object. Reading goes on with what follows. */
    void (*problem)(void *context, slice suffix, const struct error *why);
    void *context;
};

struct object {
    slice suffix;          /* "" for the file itself, else "!inner/log.gz" (chained when nested) */
    uint32_t ordinal;      /* 0, 1, … in the order of reading */
    struct stream *stream; /* valid until the next call */
};

struct objects;

struct objects *objects_new(const struct objects_options *options);
/* NULL is fine. */
void objects_free(struct objects *objects);
/* RESULT_OK and the next object, RESULT_END after the last. Problems of single members are
 * reported, not returned. */
MUST_USE enum result objects_next(
    struct objects *objects, struct object *object, struct error *err);
/* Bytes of the evidence file that were read so far (for progress). */
uint64_t objects_consumed(const struct objects *objects);
/* Call once before a sandbox is entered: makes the archive library load what it needs. */
void objects_prepare(void);

#endif
