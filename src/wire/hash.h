/* SHA-256 and SHA-1 (FIPS 180-4) over OpenSSL's EVP, the algorithms fetched once. */
#ifndef WIRE_HASH_H
#define WIRE_HASH_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

#define HASH_SHA256_LEN 32

typedef struct hash_sha256 {
    unsigned char bytes[HASH_SHA256_LEN];
} hash_sha256;

struct hasher;

/* Call once before a sandbox is entered (fetching opens provider files). */
void hash_prepare(void);
struct hasher *hasher_new(void);
void hasher_free(struct hasher *hasher);
void hasher_add(struct hasher *hasher, slice bytes);
/* Gives the digest and starts anew. */
hash_sha256 hasher_finish(struct hasher *hasher);
hash_sha256 hash_sha256_of(slice bytes);
/* A digest from its HASH_SHA256_LEN bytes. */
hash_sha256 hash_from_bytes(slice bytes);

#define HASH_SHA1_LEN 20

typedef struct hash_sha1 {
    unsigned char bytes[HASH_SHA1_LEN];
} hash_sha1;

/* For formats that are defined with it, never for evidence. Of one thread only. */
hash_sha1 hash_sha1_of(slice bytes);

typedef struct uuid {
    unsigned char bytes[16];
} uuid;

/* A UUIDv8 (RFC 9562, section 5.8) from the first bytes of the digest of `bytes`. */
uuid uuid_from_content(slice bytes);
/* 8-4-4-4-12 lower-case hexadecimal. */
void uuid_append(struct buf *out, uuid id);
bool uuid_parse(slice text, uuid *id);
bool uuid_equal(uuid a, uuid b);

#endif
