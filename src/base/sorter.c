/* See sorter.h.
 *
 * In memory: one byte buffer of items (u32 key length, u32 payload length, key, payload) and an
 * index of their offsets. A spill sorts the index and writes the items in that order to the end of
 * the temporary file as one run. Reading merges the runs and the sorted remainder with a binary
 * heap. All runs share one file; each remembers where it begins and ends.
 *
 * A run is read through a window that must hold a key but need not hold a payload: one that is not
 * there whole is read when its turn comes. Otherwise a thousand runs that each begin with a huge
 * item would all have it in memory at once. */
#include "base/sorter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

#define SORTER_ITEM_HEADER 8
#define SORTER_ITEM_MAX    (SORTER_ITEM_HEADER + SORTER_KEY_MAX + SORTER_PAYLOAD_MAX)
#define SORTER_WRITE_SIZE  ((size_t)1 << 20)
#define SORTER_READ_LEAST  ((size_t)16 << 10)
#define SORTER_READ_MOST   ((size_t)256 << 10)

_Static_assert(SORTER_ITEM_HEADER <= SORTER_KEY_MAX && SORTER_KEY_MAX <= SORTER_READ_MOST,
    "a window holds a key");

struct sorter_run {
    off_t begin;
    off_t end;
};

struct sorter {
    struct buf items;
    size_t *index; /* offsets into items */
    size_t count;
    size_t capacity;
    size_t memory_max;
    bool sorted;
    int (*temporary)(void *context);
    void *context;
    const char *name;
    int file;
    off_t file_end;
    struct sorter_run *runs;
    size_t run_count;
    size_t run_capacity;
    uint64_t added;
};

/* One input of the merge: a run through a window, or the items in memory. */
struct sorter_source {
    bool in_memory;
    size_t index_at; /* of the next item, when in memory */
    struct buf window;
    off_t window_at; /* where in the file the window begins */
    off_t file_at;   /* of the next item */
    off_t file_end;
    slice key;
    slice payload; /* when in memory */
    off_t payload_at;
    size_t payload_len;
};

struct sorter_reader {
    const struct sorter *sorter;
    struct sorter_source *sources;
    size_t *heap; /* source numbers; the least key first */
    size_t heap_count;
    size_t source_count;
    size_t window_size;
    struct buf last_key;
    struct buf payload; /* of the item given last, when its window does not hold it */
    bool started;
};

static void *sorter_room(void *items, size_t count, size_t size)
{
    size_t total;
    void *room = checked_mul(count, size, &total) ? realloc(items, total) : NULL;
    ASSERT(room != NULL);
    return room;
}

struct sorter *sorter_new(
    size_t memory_max, int (*temporary)(void *context), void *context, const char *name)
{
    struct sorter *sorter = sorter_room(NULL, 1, sizeof(*sorter));
    *sorter = (struct sorter){.memory_max = memory_max,
        .temporary = temporary,
        .context = context,
        .name = name,
        .file = -1};
    /* Either all items fit the memory given, or there is only one. */
    buf_init(&sorter->items, size_max(memory_max, SORTER_ITEM_MAX));
    return sorter;
}

void sorter_free(struct sorter *sorter)
{
    if (sorter == NULL)
        return;
    buf_free(&sorter->items);
    if (sorter->file >= 0)
        close(sorter->file);
    free(sorter->index);
    free(sorter->runs);
    free(sorter);
}

static void sorter_item(slice items, size_t at, slice *key, slice *payload)
{
    uint32_t lens[2];
    memcpy(lens, items.at + at, sizeof(lens));
    *key = slice_sub(items, at + SORTER_ITEM_HEADER, lens[0]);
    *payload = slice_sub(items, at + SORTER_ITEM_HEADER + lens[0], lens[1]);
}

static int sorter_order(const void *left, const void *right, void *context)
{
    slice items = buf_slice(context);
    slice keys[2], payload;
    sorter_item(items, *(const size_t *)left, &keys[0], &payload);
    sorter_item(items, *(const size_t *)right, &keys[1], &payload);
    int order = slice_compare(keys[0], keys[1]);
    if (order != 0)
        return order;
    /* Equal keys: the first added stays, wherever the sort put it. */
    return *(const size_t *)left < *(const size_t *)right ? -1 : 1;
}

static void sorter_sort(struct sorter *sorter)
{
    if (sorter->sorted || sorter->count == 0)
        return;
    qsort_r(sorter->index, sorter->count, sizeof(*sorter->index), sorter_order, &sorter->items);
    sorter->sorted = true;
}

static enum result sorter_write(struct sorter *sorter, slice bytes, struct error *err)
{
    while (bytes.len > 0) {
        ssize_t written = pwrite(sorter->file, bytes.at, bytes.len, sorter->file_end);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return error_set_system(err, errno, TEXT_SORTER_WRITE, ARG(sorter->name));
        sorter->file_end += written;
        bytes = slice_from(bytes, (size_t)written);
    }
    return RESULT_OK;
}

/* Writes what was gathered, and then `item` when it is too large to be gathered. */
static enum result sorter_gather(
    struct sorter *sorter, struct buf *out, slice item, struct error *err)
{
    enum result result = RESULT_OK;
    if (item.len > out->maximum - out->len) {
        result = sorter_write(sorter, buf_slice(out), err);
        buf_clear(out);
    }
    if (result == RESULT_OK && item.len > out->maximum)
        return sorter_write(sorter, item, err);
    buf_append(out, item);
    ASSERT(!out->overflow);
    return result;
}

static enum result sorter_write_run(struct sorter *sorter, struct error *err)
{
    struct buf out;
    enum result result = RESULT_OK;
    buf_init(&out, SORTER_WRITE_SIZE);
    for (size_t i = 0; i < sorter->count && result == RESULT_OK; i++) {
        slice key, payload;
        sorter_item(buf_slice(&sorter->items), sorter->index[i], &key, &payload);
        size_t len = SORTER_ITEM_HEADER + key.len + payload.len;
        slice item = slice_sub(buf_slice(&sorter->items), sorter->index[i], len);
        result = sorter_gather(sorter, &out, item, err);
    }
    if (result == RESULT_OK)
        result = sorter_write(sorter, buf_slice(&out), err);
    buf_free(&out);
    return result;
}

static enum result sorter_spill(struct sorter *sorter, struct error *err)
{
    if (sorter->file < 0)
        sorter->file = sorter->temporary(sorter->context);
    if (sorter->file < 0)
        return error_set_system(err, errno, TEXT_SORTER_WRITE, ARG(sorter->name));
    off_t begin = sorter->file_end;
    sorter_sort(sorter);
    enum result result = sorter_write_run(sorter, err);
    if (result != RESULT_OK)
        return result;
    if (sorter->run_count == sorter->run_capacity) {
        sorter->run_capacity = size_max(16, sorter->run_capacity * 2);
        sorter->runs = sorter_room(sorter->runs, sorter->run_capacity, sizeof(*sorter->runs));
    }
    sorter->runs[sorter->run_count++] = (struct sorter_run){begin, sorter->file_end};
    buf_clear(&sorter->items);
    if (sorter->items.size > sorter->memory_max)
        buf_free(&sorter->items); /* it grew for one huge item */
    sorter->count = 0;
    sorter->sorted = false;
    return RESULT_OK;
}

enum result sorter_add(struct sorter *sorter, slice key, slice payload, struct error *err)
{
    if (key.len > SORTER_KEY_MAX || payload.len > SORTER_PAYLOAD_MAX)
        return error_set(err, RESULT_LIMIT, TEXT_SORTER_ITEM, ARG(key.len), ARG(payload.len),
            ARG(SORTER_KEY_MAX), ARG(SORTER_PAYLOAD_MAX));
    size_t len = SORTER_ITEM_HEADER + key.len + payload.len;
    size_t held = sorter->items.len + sorter->count * sizeof(*sorter->index);
    if (sorter->count > 0 && held + len > sorter->memory_max) {
        enum result result = sorter_spill(sorter, err);
        if (result != RESULT_OK)
            return result;
    }
    if (sorter->count == sorter->capacity) {
        sorter->capacity = size_max(1024, sorter->capacity * 2);
        sorter->index = sorter_room(sorter->index, sorter->capacity, sizeof(*sorter->index));
    }
    uint32_t lens[2] = {(uint32_t)key.len, (uint32_t)payload.len};
    sorter->index[sorter->count++] = sorter->items.len;
    buf_append(&sorter->items, slice_make(lens, sizeof(lens)));
    buf_append(&sorter->items, key);
    buf_append(&sorter->items, payload);
    ASSERT(!sorter->items.overflow);
    sorter->sorted = false;
    sorter->added++;
    return RESULT_OK;
}

uint64_t sorter_added(const struct sorter *sorter)
{
    return sorter->added;
}

/* --- reading --- */

/* Reads `len` bytes of the temporary file into an empty buffer. */
static enum result sorter_load(
    const struct sorter *sorter, struct buf *buf, off_t at, size_t len, struct error *err)
{
    char *to = buf_reserve(buf, len);
    ASSERT(to != NULL);
    while (len > 0) {
        ssize_t got = pread(sorter->file, to, len, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_set_system(
                err, got < 0 ? errno : EIO, TEXT_SORTER_READ, ARG(sorter->name));
        buf_commit(buf, (size_t)got);
        to += got;
        at += got;
        len -= (size_t)got;
    }
    return RESULT_OK;
}

/* Whether the window holds these bytes of the file, and which they are. */
static bool sorter_source_holds(
    const struct sorter_source *source, off_t at, size_t len, slice *bytes)
{
    if (at < source->window_at)
        return false;
    size_t from = (size_t)(at - source->window_at);
    if (from > source->window.len || len > source->window.len - from)
        return false;
    *bytes = slice_sub(buf_slice(&source->window), from, len);
    return true;
}

/* Bytes of the run at `at`, through the window. */
static enum result sorter_source_bytes(const struct sorter_reader *reader,
    struct sorter_source *source, off_t at, size_t len, slice *bytes, struct error *err)
{
    if (sorter_source_holds(source, at, len, bytes))
        return RESULT_OK;
    size_t left = (size_t)(source->file_end - at);
    if (len > left)
        return error_set_system(err, EIO, TEXT_SORTER_READ, ARG(reader->sorter->name));
    buf_clear(&source->window);
    source->window_at = at;
    size_t want = size_min(size_max(len, reader->window_size), left);
    enum result result = sorter_load(reader->sorter, &source->window, at, want, err);
    if (result == RESULT_OK)
        *bytes = slice_first(buf_slice(&source->window), len);
    return result;
}

/* Loads the key of the source's next item; RESULT_END when there is none. */
static enum result sorter_source_next(
    const struct sorter_reader *reader, struct sorter_source *source, struct error *err)
{
    if (source->in_memory) {
        if (source->index_at == reader->sorter->count)
            return RESULT_END;
        size_t at = reader->sorter->index[source->index_at++];
        sorter_item(buf_slice(&reader->sorter->items), at, &source->key, &source->payload);
        return RESULT_OK;
    }
    if (source->file_at == source->file_end)
        return RESULT_END;
    slice header;
    enum result result =
        sorter_source_bytes(reader, source, source->file_at, SORTER_ITEM_HEADER, &header, err);
    if (result != RESULT_OK)
        return result;
    uint32_t lens[2];
    memcpy(lens, header.at, sizeof(lens));
    off_t key_at = source->file_at + SORTER_ITEM_HEADER;
    if (lens[0] > SORTER_KEY_MAX || lens[1] > SORTER_PAYLOAD_MAX ||
        source->file_end - key_at < (off_t)lens[0] + lens[1])
        return error_set_system(err, EIO, TEXT_SORTER_READ, ARG(reader->sorter->name));
    source->payload_at = key_at + lens[0];
    source->payload_len = lens[1];
    source->file_at = source->payload_at + lens[1];
    return sorter_source_bytes(reader, source, key_at, lens[0], &source->key, err);
}

static enum result sorter_source_payload(struct sorter_reader *reader,
    const struct sorter_source *source, slice *payload, struct error *err)
{
    if (source->in_memory) {
        *payload = source->payload;
        return RESULT_OK;
    }
    if (sorter_source_holds(source, source->payload_at, source->payload_len, payload))
        return RESULT_OK;
    buf_clear(&reader->payload);
    enum result result =
        sorter_load(reader->sorter, &reader->payload, source->payload_at, source->payload_len, err);
    if (result == RESULT_OK)
        *payload = buf_slice(&reader->payload);
    return result;
}

/* Runs come in the order in which they were written, the memory last: with equal keys the earlier
 * source wins. */
static bool sorter_before(const struct sorter_reader *reader, size_t left, size_t right)
{
    int order = slice_compare(reader->sources[left].key, reader->sources[right].key);
    return order != 0 ? order < 0 : left < right;
}

static void sorter_heap_down(struct sorter_reader *reader, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < reader->heap_count; child++)
            if (sorter_before(reader, reader->heap[child], reader->heap[least]))
                least = child;
        if (least == at)
            return;
        size_t swapped = reader->heap[at];
        reader->heap[at] = reader->heap[least];
        reader->heap[least] = swapped;
        at = least;
    }
}

static enum result sorter_reader_start(struct sorter_reader *reader, struct error *err)
{
    for (size_t i = 0; i < reader->source_count; i++) {
        enum result result = sorter_source_next(reader, &reader->sources[i], err);
        if (result == RESULT_OK)
            reader->heap[reader->heap_count++] = i;
        else if (result != RESULT_END)
            return result;
    }
    for (size_t i = reader->heap_count / 2; i-- > 0;)
        sorter_heap_down(reader, i);
    return RESULT_OK;
}

enum result sorter_read(struct sorter *sorter, struct sorter_reader **reader, struct error *err)
{
    struct sorter_reader *made = sorter_room(NULL, 1, sizeof(*made));
    size_t count = sorter->run_count + 1;
    sorter_sort(sorter);
    *made = (struct sorter_reader){.sorter = sorter,
        .source_count = count,
        .window_size =
            size_min(size_max(sorter->memory_max / count, SORTER_READ_LEAST), SORTER_READ_MOST)};
    made->sources = sorter_room(NULL, count, sizeof(*made->sources));
    made->heap = sorter_room(NULL, count, sizeof(*made->heap));
    buf_init(&made->last_key, SORTER_KEY_MAX);
    buf_init(&made->payload, SORTER_PAYLOAD_MAX);
    for (size_t i = 0; i < count; i++) {
        struct sorter_source *source = &made->sources[i];
        *source = (struct sorter_source){.in_memory = i == sorter->run_count};
        buf_init(&source->window, SORTER_READ_MOST);
        if (source->in_memory)
            continue;
        source->file_at = sorter->runs[i].begin;
        source->file_end = sorter->runs[i].end;
    }
    enum result result = sorter_reader_start(made, err);
    if (result != RESULT_OK) {
        sorter_reader_free(made);
        return result;
    }
    *reader = made;
    return RESULT_OK;
}

/* Moves past the item at the top of the heap. */
static enum result sorter_advance(struct sorter_reader *reader, struct error *err)
{
    enum result result = sorter_source_next(reader, &reader->sources[reader->heap[0]], err);
    if (result == RESULT_END) {
        reader->heap[0] = reader->heap[--reader->heap_count];
        result = RESULT_OK;
    }
    sorter_heap_down(reader, 0);
    return result;
}

enum result sorter_next(struct sorter_reader *reader, slice *key, slice *payload, struct error *err)
{
    bool repeated = reader->started;
    while (repeated && reader->heap_count > 0) {
        enum result result = sorter_advance(reader, err);
        if (result != RESULT_OK)
            return result;
        repeated = reader->heap_count > 0 &&
                   slice_equal(reader->sources[reader->heap[0]].key, buf_slice(&reader->last_key));
    }
    if (reader->heap_count == 0)
        return RESULT_END;
    const struct sorter_source *source = &reader->sources[reader->heap[0]];
    enum result result = sorter_source_payload(reader, source, payload, err);
    if (result != RESULT_OK)
        return result;
    reader->started = true;
    buf_clear(&reader->last_key);
    buf_append(&reader->last_key, source->key);
    ASSERT(!reader->last_key.overflow);
    *key = source->key;
    return RESULT_OK;
}

void sorter_reader_free(struct sorter_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->source_count; i++)
        buf_free(&reader->sources[i].window);
    buf_free(&reader->last_key);
    buf_free(&reader->payload);
    free(reader->sources);
    free(reader->heap);
    free(reader);
}
