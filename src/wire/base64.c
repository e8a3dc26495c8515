/* See base64.h. Three bytes at a time into room that is reserved once. */
#include "wire/base64.h"

#include "base/assert.h"

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_len(size_t len)
{
    ASSERT(len <= BASE64_MAX);
    return (len + 2) / 3 * 4;
}

void base64_append(struct buf *out, slice bytes)
{
    size_t len = base64_len(bytes.len);
    char *to = buf_reserve(out, len);
    if (to == NULL)
        return;
    for (size_t at = 0; at < bytes.len; at += 3) {
        size_t left = bytes.len - at;
        uint32_t three = (uint32_t)(unsigned char)bytes.at[at] << 16;
        if (left > 1)
            three |= (uint32_t)(unsigned char)bytes.at[at + 1] << 8;
        if (left > 2)
            three |= (unsigned char)bytes.at[at + 2];
        *to++ = base64_digits[three >> 18];
        *to++ = base64_digits[three >> 12 & 63];
        *to++ = left > 1 ? base64_digits[three >> 6 & 63] : '=';
        *to++ = left > 2 ? base64_digits[three & 63] : '=';
    }
    buf_commit(out, len);
}

slice base64_text(struct arena *arena, slice bytes)
{
    struct buf out;
    size_t len = base64_len(bytes.len);
    buf_init_fixed(&out, arena_bytes(arena, len), len);
    base64_append(&out, bytes);
    return buf_slice(&out);
}
