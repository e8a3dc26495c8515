/* A region: memory at an address that is the same in every process, so that what is built in it can
 * be written to a file as it is, pointers and all, and be there again by mapping the file. Arenas
 * and maps can take their memory from one. There is at most one in a process. */
#ifndef BASE_REGION_H
#define BASE_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct region;

/* NULL where the address cannot be had: then do without. */
struct region *region_new(void);
/* Maps a file that region_bytes gave; changes stay in this process. NULL when it is none, or the
 * address cannot be had. The descriptor is the caller's. */
struct region *region_map(int fd, size_t size);
/* NULL is fine. */
void region_free(struct region *region);

/* `len` bytes, 16-byte aligned. Past the region's size they come from elsewhere, are never given
 * back, and the region is not whole any more. */
void *region_alloc(struct region *region, size_t len);
/* What everything else in the region is found by. */
void region_set_root(struct region *region, void *root);
void *region_root(const struct region *region);
/* Everything that was taken from it; the absent slice when it is not whole. */
slice region_bytes(const struct region *region);

#endif
