/* See region.h. The address lies far from where Linux puts programs, libraries, heaps and stacks on
 * 64-bit machines. Rejected: offsets instead of pointers, which every reader would pay for;
 * pointers that are mended after loading, which needs to know where each one is. */
#include "base/region.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "base/checked.h"

#define REGION_ADDRESS UINT64_C(0x200000000000)
#define REGION_SIZE    ((size_t)1 << 30)
#define REGION_ALIGN   ((size_t)16)
#define REGION_MAGIC   UINT64_C(0x314e4f49474552ff)

struct region {
    uint64_t magic;
    size_t used;
    size_t mapped; /* bytes of the mapping */
    void *root;
    bool spilled;
};

static struct region *region_at(size_t size, int flags, int fd)
{
    if (sizeof(void *) < 8)
        return NULL;
    void *wanted = (void *)(uintptr_t)REGION_ADDRESS;
    void *got = mmap(
        wanted, size, PROT_READ | PROT_WRITE, flags | MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 0);
    if (got == MAP_FAILED)
        return NULL;
    if (got == wanted)
        return got;
    (void)munmap(got, size); /* a kernel that does not know MAP_FIXED_NOREPLACE */
    return NULL;
}

struct region *region_new(void)
{
    struct region *region = region_at(REGION_SIZE, MAP_ANONYMOUS | MAP_NORESERVE, -1);
    if (region == NULL)
        return NULL;
    *region = (struct region){.magic = REGION_MAGIC, .mapped = REGION_SIZE};
    region->used = (sizeof(*region) + REGION_ALIGN - 1) / REGION_ALIGN * REGION_ALIGN;
    return region;
}

struct region *region_map(int fd, size_t size)
{
    struct region *region = size < sizeof(*region) ? NULL : region_at(size, 0, fd);
    if (region == NULL)
        return NULL;
    if (region->magic != REGION_MAGIC || region->used != size || region->spilled) {
        (void)munmap(region, size);
        return NULL;
    }
    region->mapped = size;
    return region;
}

void region_free(struct region *region)
{
    if (region != NULL)
        (void)munmap(region, region->mapped);
}

void *region_alloc(struct region *region, size_t len)
{
    size_t padded;
    ASSERT(checked_add(len, REGION_ALIGN - 1, &padded));
    padded = padded / REGION_ALIGN * REGION_ALIGN;
    if (padded <= region->mapped - region->used) {
        char *memory = (char *)region + region->used;
        region->used += padded;
        return memory;
    }
    region->spilled = true;
    void *memory = malloc(size_max(len, 1));
    if (memory == NULL) {
        fputs("hikeshi: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void region_set_root(struct region *region, void *root)
{
    region->root = root;
}

void *region_root(const struct region *region)
{
    return region->root;
}

slice region_bytes(const struct region *region)
{
    return region->spilled ? (slice){NULL, 0} : slice_make(region, region->used);
}
