/* A chunk of an EVTX file: 64 KiB with a header, the records, and the templates and names that
 * these share. It can be read without the rest of the file. */
#ifndef DECODE_EVTX_CHUNK_H
#define DECODE_EVTX_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/decode.h"
#include "decode/evtx_cache.h"

#define EVTX_CHUNK_SIZE ((size_t)64 << 10)
#define EVTX_CHUNK_HEAD ((size_t)512)

extern const slice evtx_chunk_magic;

struct evtx_chunk {
    slice bytes;     /* EVTX_CHUNK_SIZE; less where the object was cut */
    uint64_t offset; /* in the object */
    bool dirty;      /* the file was not closed: the header may know less than the chunk holds */
    bool damaged;    /* the header is gone: every record found is a recovered one */
};

/* Decodes the records of a chunk, and with --recover those in its unused space. Damage is reported
 * and skipped. An error is only what on_event returned. */
MUST_USE enum result evtx_chunk_decode(
    struct decode_job *job, struct evtx_cache *cache, const struct evtx_chunk *chunk);

/* Length of the chunk at the front of the bytes: less than its 64 KiB when some of them went
 * missing, so that the next chunk begins too early. */
size_t evtx_chunk_len(slice bytes);
/* Space that was never written. */
bool evtx_chunk_is_unwritten(slice bytes);

#endif
