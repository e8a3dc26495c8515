/* An external sorter: takes (key, payload) pairs in any order, gives them back ordered by key
 * (bytes compared as unsigned), in bounded memory. Pairs whose key was seen already are dropped
 * when read: feeding a thing twice changes nothing, so work that was interrupted can simply be done
 * again.
 *
 * Up to `memory_max` bytes are held; past that a sorted run is appended to the temporary file.
 * Rejected: SQLite or a B-tree file, which write every item several times. */
#ifndef BASE_SORTER_H
#define BASE_SORTER_H

#include "base/result.h"
#include "base/slice.h"

/* Longest key and payload taken. */
#define SORTER_KEY_MAX     ((size_t)64 << 10)
#define SORTER_PAYLOAD_MAX ((size_t)64 << 20)

struct sorter;
struct sorter_reader;

/* `temporary` opens an unnamed read-write file and returns its descriptor (the sorter closes it) or
 * -1 with errno; it is called at most once, on the first spill. `name` names the directory in
 * errors. */
struct sorter *sorter_new(
    size_t memory_max, int (*temporary)(void *context), void *context, const char *name);
/* NULL is fine. */
void sorter_free(struct sorter *sorter);
/* Copies both. RESULT_LIMIT when either is too long: it was not added, others may be. */
MUST_USE enum result sorter_add(struct sorter *sorter, slice key, slice payload, struct error *err);
/* Pairs added (repeated keys included). */
uint64_t sorter_added(const struct sorter *sorter);

/* Reading may begin when nothing more will be added, and may be done several times. */
MUST_USE enum result sorter_read(
    struct sorter *sorter, struct sorter_reader **reader, struct error *err);
/* RESULT_OK and the next pair (valid until the next call), RESULT_END after the last. */
MUST_USE enum result sorter_next(
    struct sorter_reader *reader, slice *key, slice *payload, struct error *err);
void sorter_reader_free(struct sorter_reader *reader);

#endif
