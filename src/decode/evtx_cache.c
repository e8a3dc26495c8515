/* See evtx_cache.h. Three steps, from fast to slow: the slot of this offset and id in this chunk; a
 * program of the same GUID whose source is the same byte for byte, names resolved; compilation.
 *
 * Rejected: trusting the GUID alone. It is a hash that Windows makes of the template, but whoever
 * writes a file can put any template under any GUID, and records would then say what they do not.
 */
#include "decode/evtx_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "wire/reader.h"

/* At most half of the slots are used. */
#define EVTX_CACHE_SLOTS 4096
_Static_assert(EVTX_CACHE_SLOTS >= 2 * EVTX_CHUNK_TEMPLATES_MAX, "slots for all templates");
#define EVTX_GUID_LEN 16

struct evtx_cache_slot {
    uint32_t chunk;
    uint64_t key;
    const struct evtx_program *program; /* NULL: there is none, or it cannot be compiled */
    bool elsewhere;                     /* it is not of this chunk */
};

struct definition {
    slice guid;
    uint32_t id;
    size_t from; /* of its binary XML in the chunk */
    size_t len;
};

void evtx_cache_init(struct evtx_cache *cache)
{
    *cache = (struct evtx_cache){0};
    cache->slots = calloc(EVTX_CACHE_SLOTS, sizeof(*cache->slots));
    ASSERT(cache->slots != NULL);
    buf_init(&cache->joined, EVTX_JOINED_MAX);
}

void evtx_cache_free(struct evtx_cache *cache)
{
    arena_free(&cache->arena);
    arena_free(&cache->scratch);
    buf_free(&cache->joined);
    map_free(&cache->by_content);
    map_free(&cache->by_id);
    free(cache->slots);
}

void evtx_cache_forget(struct evtx_cache *cache)
{
    arena_free(&cache->arena);
    map_free(&cache->by_content);
    map_free(&cache->by_id);
}

void evtx_cache_begin_chunk(struct evtx_cache *cache)
{
    if (cache->arena.used > EVTX_CACHE_BYTES_MAX)
        evtx_cache_forget(cache);
    if (++cache->chunk == 0) { /* the count has come round: old slots could look new */
        memset(cache->slots, 0, EVTX_CACHE_SLOTS * sizeof(*cache->slots));
        cache->chunk = 1;
    }
    cache->chunk_templates = 0;
    cache->chunk_template_bytes = 0;
}

/* The slot that holds the key, or the free one where it belongs. */
static struct evtx_cache_slot *cache_slot(const struct evtx_cache *cache, uint64_t key)
{
    size_t index = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40) % EVTX_CACHE_SLOTS;
    while (cache->slots[index].chunk == cache->chunk && cache->slots[index].key != key)
        index = (index + 1) % EVTX_CACHE_SLOTS;
    return &cache->slots[index];
}

static bool definition_read(slice chunk, size_t offset, struct definition *definition)
{
    struct reader reader = reader_over(chunk);
    struct definition found;
    reader_seek(&reader, offset);
    reader_skip(&reader, EVTX_TEMPLATE_GUID);
    found.guid = reader_bytes(&reader, EVTX_GUID_LEN);
    found.len = reader_u32(&reader);
    found.from = reader.at;
    if (reader.failed || found.len > reader_left(&reader))
        return false;
    struct reader id = reader_over(found.guid);
    found.id = reader_u32(&id);
    *definition = found;
    return true;
}

static void key_append(char *key, size_t *len, const void *bytes, size_t count)
{
    memcpy(key + *len, bytes, count);
    *len += count;
}

static uint64_t *cache_by_id(struct evtx_cache *cache, uint32_t id, enum evtx_place place)
{
    char key[sizeof(id) + sizeof(place)];
    size_t len = 0;
    key_append(key, &len, &id, sizeof(id));
    key_append(key, &len, &place, sizeof(place));
    return map_put(&cache->by_id, slice_make(key, len), NULL);
}

/* Where the programs of this GUID, size and place begin. */
static uint64_t *cache_by_content(
    struct evtx_cache *cache, const struct definition *definition, enum evtx_place place)
{
    char key[EVTX_GUID_LEN + sizeof(definition->len) + sizeof(place)];
    size_t len = 0;
    key_append(key, &len, definition->guid.at, definition->guid.len);
    key_append(key, &len, &definition->len, sizeof(definition->len));
    key_append(key, &len, &place, sizeof(place));
    return map_put(&cache->by_content, slice_make(key, len), NULL);
}

static enum result cache_compile(struct evtx_cache *cache, slice chunk,
    const struct definition *definition, enum evtx_place place, const struct evtx_program **program,
    struct error *err)
{
    uint64_t *first = cache_by_content(cache, definition, place);
    const struct evtx_program *known = (const struct evtx_program *)(uintptr_t)*first;
    size_t variants = 0;
    for (const struct evtx_program *at = known; at != NULL; at = at->next, variants++) {
        if (evtx_program_is_of(at, chunk, definition->from)) {
            *program = at;
            return RESULT_OK;
        }
    }
    struct evtx_source source = {.chunk = chunk,
        .from = definition->from,
        .end = definition->from + definition->len,
        .place = place};
    struct evtx_program *made = ARENA_NEW(&cache->arena, struct evtx_program);
    size_t stopped;
    enum result result =
        evtx_program_compile(&cache->arena, &cache->scratch, &source, made, &stopped, err);
    if (result != RESULT_OK)
        return result;
    made->next = variants < EVTX_CACHE_VARIANTS_MAX ? known : NULL;
    *first = (uint64_t)(uintptr_t)made;
    *program = made;
    return RESULT_OK;
}

static enum result cache_lost(const struct evtx_template_ref *ref, struct error *err)
{
    return error_set(err, RESULT_MALFORMED, TEXT_EVTX_TEMPLATE_LOST, ARG(ref->offset));
}

/* The program of the definition at the offset. */
static enum result cache_resolve_here(struct evtx_cache *cache, slice chunk,
    const struct evtx_template_ref *ref, const struct evtx_program **program, struct error *err)
{
    struct definition definition;
    if (!definition_read(chunk, ref->offset, &definition) || definition.id != ref->id)
        return cache_lost(ref, err);
    cache->chunk_template_bytes += definition.len;
    if (cache->chunk_template_bytes > EVTX_CHUNK_TEMPLATE_BYTES_MAX)
        return error_set(err, RESULT_LIMIT, TEXT_EVTX_TEMPLATES_MAX, ARG(EVTX_CHUNK_TEMPLATES_MAX),
            ARG(EVTX_CHUNK_TEMPLATE_BYTES_MAX));
    return cache_compile(cache, chunk, &definition, ref->place, program, err);
}

/* Where the definition is not there, or not whole, one of the same id from before. */
static enum result cache_resolve(struct evtx_cache *cache, slice chunk,
    const struct evtx_template_ref *ref, struct evtx_cache_slot *slot, struct error *err)
{
    uint64_t *by_id = cache_by_id(cache, ref->id, ref->place);
    enum result result = cache_resolve_here(cache, chunk, ref, &slot->program, err);
    if (result == RESULT_OK) {
        *by_id = (uint64_t)(uintptr_t)slot->program;
    } else if (*by_id != 0) {
        slot->program = (const struct evtx_program *)(uintptr_t)*by_id;
        slot->elsewhere = true;
        result = RESULT_OK;
    }
    return result;
}

enum result evtx_cache_get(struct evtx_cache *cache, slice chunk,
    const struct evtx_template_ref *ref, const struct evtx_program **program, bool *elsewhere,
    struct error *err)
{
    uint64_t key = (uint64_t)ref->id << 32 | (uint64_t)ref->offset << 4 | (uint64_t)ref->place;
    if (ref->offset >= chunk.len)
        return cache_lost(ref, err);
    struct evtx_cache_slot *slot = cache_slot(cache, key);
    if (slot->chunk != cache->chunk) {
        if (cache->chunk_templates == EVTX_CHUNK_TEMPLATES_MAX)
            return error_set(err, RESULT_LIMIT, TEXT_EVTX_TEMPLATES_MAX,
                ARG(EVTX_CHUNK_TEMPLATES_MAX), ARG(EVTX_CHUNK_TEMPLATE_BYTES_MAX));
        cache->chunk_templates++;
        *slot = (struct evtx_cache_slot){.chunk = cache->chunk, .key = key};
        enum result result = cache_resolve(cache, chunk, ref, slot, err);
        if (result != RESULT_OK)
            return result;
    }
    if (slot->program == NULL)
        return cache_lost(ref, err);
    *program = slot->program;
    *elsewhere = slot->elsewhere;
    return RESULT_OK;
}
