/* The programs of the templates of one file, shared by its chunks.
 *
 * Each chunk carries the definitions of the templates that its records use, so the same template
 * comes again in every chunk. It is compiled the first time; in later chunks its bytes are only
 * compared. */
#ifndef DECODE_EVTX_CACHE_H
#define DECODE_EVTX_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "decode/evtx_program.h"

/* A template definition: 4 bytes (next in its hash bucket), GUID, 4 (bytes of binary XML). */
#define EVTX_TEMPLATE_HEAD 24
#define EVTX_TEMPLATE_GUID 4
#define EVTX_TEMPLATE_SIZE 20

/* Templates that records of one chunk may use, and the bytes of their definitions. Definitions that
 * do not overlap cannot reach these. */
#define EVTX_CHUNK_TEMPLATES_MAX      2048
#define EVTX_CHUNK_TEMPLATE_BYTES_MAX ((size_t)256 << 10)
/* Different sources kept under one GUID: names may stand in a definition or elsewhere in its chunk.
 * One more starts the list anew. */
#define EVTX_CACHE_VARIANTS_MAX 16
/* Programs kept; past it all are dropped and compiled again as they come. */
#define EVTX_CACHE_BYTES_MAX ((size_t)32 << 20)
/* Text of one field made of several parts: as much as a record may have. */
#define EVTX_JOINED_MAX ((size_t)1 << 20)

struct evtx_cache_slot;

struct evtx_cache {
    struct arena arena;            /* of the programs */
    struct buf joined;             /* text of a field in the making (evtx_record.c) */
    struct arena scratch;          /* of one compilation */
    struct map by_content;         /* GUID, size and place: program, or the first of several */
    struct map by_id;              /* template id and place: the program last met */
    struct evtx_cache_slot *slots; /* of the current chunk, by offset and place */
    uint32_t chunk;                /* counts chunks: slots of another one are free */
    size_t chunk_templates;
    size_t chunk_template_bytes;
};

void evtx_cache_init(struct evtx_cache *cache);
void evtx_cache_free(struct evtx_cache *cache);
/* Forgets all templates. */
void evtx_cache_forget(struct evtx_cache *cache);
/* Forgets the offsets of the chunk before. Programs got earlier may be gone. */
void evtx_cache_begin_chunk(struct evtx_cache *cache);

struct evtx_template_ref {
    size_t offset; /* of the definition, in the chunk */
    uint32_t id;   /* the first 4 bytes of its GUID */
    enum evtx_place place;
};

/* The program of a template, valid until the next chunk begins. Where the definition at the offset
 * is not the one meant, or not whole, one of the same id met before serves, and *elsewhere tells
 * so. */
MUST_USE enum result evtx_cache_get(struct evtx_cache *cache, slice chunk,
    const struct evtx_template_ref *ref, const struct evtx_program **program, bool *elsewhere,
    struct error *err);

#endif
