/* See hash.h. */
#include "wire/hash.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct hasher {
    EVP_MD_CTX *context;
};

static EVP_MD *hash_algorithm;
static EVP_MD *hash_sha1_algorithm;
static EVP_MD_CTX *hash_sha1_context; /* setting one up costs more than hashing a few bytes */

void hash_prepare(void)
{
    if (hash_algorithm == NULL)
        hash_algorithm = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    if (hash_sha1_algorithm == NULL) {
        hash_sha1_algorithm = EVP_MD_fetch(NULL, "SHA1", NULL);
        hash_sha1_context = EVP_MD_CTX_new();
    }
    ASSERT(hash_algorithm != NULL && hash_sha1_algorithm != NULL && hash_sha1_context != NULL);
}

struct hasher *hasher_new(void)
{
    struct hasher *hasher = calloc(1, sizeof(*hasher));
    ASSERT(hasher != NULL);
    hash_prepare();
    hasher->context = EVP_MD_CTX_new();
    ASSERT(hasher->context != NULL);
    ASSERT(EVP_DigestInit_ex2(hasher->context, hash_algorithm, NULL) == 1);
    return hasher;
}

void hasher_free(struct hasher *hasher)
{
    if (hasher == NULL)
        return;
    EVP_MD_CTX_free(hasher->context);
    free(hasher);
}

void hasher_add(struct hasher *hasher, slice bytes)
{
    if (bytes.len > 0)
        ASSERT(EVP_DigestUpdate(hasher->context, bytes.at, bytes.len) == 1);
}

hash_sha256 hasher_finish(struct hasher *hasher)
{
    hash_sha256 digest;
    unsigned len = 0;
    ASSERT(EVP_DigestFinal_ex(hasher->context, digest.bytes, &len) == 1);
    ASSERT(len == HASH_SHA256_LEN);
    ASSERT(EVP_DigestInit_ex2(hasher->context, hash_algorithm, NULL) == 1);
    return digest;
}

hash_sha256 hash_sha256_of(slice bytes)
{
    hash_sha256 digest;
    unsigned len = 0;
    hash_prepare();
    ASSERT(EVP_Digest(bytes.at, bytes.len, digest.bytes, &len, hash_algorithm, NULL) == 1);
    ASSERT(len == HASH_SHA256_LEN);
    return digest;
}

hash_sha1 hash_sha1_of(slice bytes)
{
    hash_sha1 digest;
    unsigned len = 0;
    hash_prepare();
    ASSERT(EVP_DigestInit_ex2(hash_sha1_context, hash_sha1_algorithm, NULL) == 1);
    ASSERT(EVP_DigestUpdate(hash_sha1_context, bytes.at, bytes.len) == 1);
    ASSERT(EVP_DigestFinal_ex(hash_sha1_context, digest.bytes, &len) == 1);
    ASSERT(len == HASH_SHA1_LEN);
    return digest;
}

hash_sha256 hash_from_bytes(slice bytes)
{
    hash_sha256 digest;
    ASSERT(bytes.len == sizeof(digest.bytes));
    memcpy(digest.bytes, bytes.at, sizeof(digest.bytes));
    return digest;
}

uuid uuid_from_content(slice bytes)
{
    hash_sha256 digest = hash_sha256_of(bytes);
    uuid id;
    memcpy(id.bytes, digest.bytes, sizeof(id.bytes));
    id.bytes[6] = (unsigned char)((id.bytes[6] & 0x0F) | 0x80); /* version 8 */
    id.bytes[8] = (unsigned char)((id.bytes[8] & 0x3F) | 0x80); /* variant 10 */
    return id;
}

void uuid_append(struct buf *out, uuid id)
{
    static const size_t ends[] = {4, 6, 8, 10, 16};
    size_t from = 0;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (i > 0)
            buf_append_byte(out, '-');
        buf_append_hex(out, slice_make(id.bytes + from, ends[i] - from));
        from = ends[i];
    }
}

bool uuid_parse(slice text, uuid *id)
{
    uuid parsed;
    size_t digits = 0;
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text.at[i] != '-')
                return false;
            continue;
        }
        int value = byte_hex_value(text.at[i]);
        if (value < 0)
            return false;
        unsigned char *byte = &parsed.bytes[digits / 2];
        *byte = (unsigned char)(digits % 2 == 0 ? value << 4 : *byte | value);
        digits++;
    }
    *id = parsed;
    return true;
}

bool uuid_equal(uuid a, uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}
