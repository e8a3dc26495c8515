/* What a sorter gives is sorted, has every key once with the payload that came with it first, and
 * does not depend on the memory it was given. Input: u8 memory, then items of u8 key length, u8
 * payload length (times 97), key, of which the payload repeats the item's number. */
#include "base/sorter.h"

#include <string.h>
#include <sys/mman.h>

#include "base/base.h"
#include "base/map.h"
#include "fuzz.h"
#include "wire/reader.h"

#define ITEMS_MAX 300

static int open_temporary(void *context)
{
    (void)context;
    return memfd_create("sorter", MFD_CLOEXEC);
}

static void check(struct sorter *sorter, const struct map *first)
{
    struct sorter_reader *reader = NULL;
    slice key, payload;
    char last_memory[256];
    struct buf last;
    size_t count = 0;
    buf_init_fixed(&last, last_memory, sizeof(last_memory));
    ASSERT(sorter_read(sorter, &reader, NULL) == RESULT_OK);
    while (sorter_next(reader, &key, &payload, NULL) == RESULT_OK) {
        ASSERT(count == 0 || slice_compare(buf_slice(&last), key) < 0);
        const uint64_t *expected = map_find(first, key);
        ASSERT(expected != NULL);
        ASSERT(payload.len == *expected >> 16);
        for (size_t i = 0; i < payload.len; i++)
            ASSERT((unsigned char)payload.at[i] == (*expected & 0xFF));
        buf_clear(&last);
        buf_append(&last, key);
        count++;
    }
    ASSERT(count == first->count);
    sorter_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char payload[255 * 97];
    struct reader input = reader_over(slice_make(data, size));
    struct map first = {0};
    size_t added = 0;
    struct sorter *small = sorter_new(reader_u8(&input), open_temporary, NULL, "fuzz");
    struct sorter *large = sorter_new((size_t)64 << 20, open_temporary, NULL, "fuzz");
    for (; reader_left(&input) > 0 && added < ITEMS_MAX; added++) {
        size_t key_len = reader_u8(&input);
        size_t payload_len = reader_u8(&input) * (size_t)97;
        slice key = reader_bytes(&input, size_min(key_len, reader_left(&input)));
        bool inserted;
        uint64_t *value = map_put(&first, key, &inserted);
        if (inserted)
            *value = (uint64_t)payload_len << 16 | (added & 0xFF);
        memset(payload, (int)(added & 0xFF), payload_len);
        slice filled = slice_make(payload, payload_len);
        ASSERT(sorter_add(small, key, filled, NULL) == RESULT_OK);
        ASSERT(sorter_add(large, key, filled, NULL) == RESULT_OK);
    }
    ASSERT(sorter_added(small) == added);
    check(small, &first);
    check(large, &first);
    sorter_free(small);
    sorter_free(large);
    map_free(&first);
    return 0;
}
