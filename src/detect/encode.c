/* See encode.h. */
#include "detect/encode.h"

#include <string.h>

#include "base/assert.h"
#include "base/utf8.h"

static void encode_unit(char *out, size_t *len, uint32_t unit, bool big)
{
    out[(*len)++] = (char)(big ? unit >> 8 : unit & 0xFF);
    out[(*len)++] = (char)(big ? unit & 0xFF : unit >> 8);
}

slice encode_utf16(struct arena *arena, slice text, bool big, bool mark)
{
    char *out = arena_bytes(arena, text.len * 2 + 2);
    size_t len = 0;
    if (mark)
        encode_unit(out, &len, 0xFEFF, big);
    while (text.len > 0) {
        uint32_t character;
        text = slice_from(text, utf8_decode(text, &character));
        if (character >= 0x10000) {
            encode_unit(out, &len, 0xD800 + ((character - 0x10000) >> 10), big);
            character = 0xDC00 + ((character - 0x10000) & 0x3FF);
        }
        encode_unit(out, &len, character, big);
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

static uint32_t encode_byte(slice bytes, size_t at)
{
    return at < bytes.len ? (unsigned char)bytes.at[at] : 0;
}

slice encode_base64(struct arena *arena, slice bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t groups = (bytes.len + 2) / 3;
    char *out = arena_bytes(arena, groups * 4);
    for (size_t i = 0; i < groups; i++) {
        size_t at = i * 3;
        uint32_t group = encode_byte(bytes, at) << 16 | encode_byte(bytes, at + 1) << 8 |
                         encode_byte(bytes, at + 2);
        out[i * 4] = digits[group >> 18];
        out[i * 4 + 1] = digits[group >> 12 & 63];
        out[i * 4 + 2] = at + 1 < bytes.len ? digits[group >> 6 & 63] : '=';
        out[i * 4 + 3] = at + 2 < bytes.len ? digits[group & 63] : '=';
    }
    return slice_make(out, groups * 4);
}

slice encode_base64_offset(struct arena *arena, slice bytes, unsigned offset)
{
    /* Characters that also depend on the bytes before, and on those behind. */
    static const size_t before[] = {0, 2, 3};
    static const size_t behind[] = {0, 3, 2};
    ASSERT(offset < 3);
    char *shifted = arena_bytes(arena, bytes.len + offset);
    memset(shifted, ' ', offset);
    if (bytes.len > 0)
        memcpy(shifted + offset, bytes.at, bytes.len);
    slice text = encode_base64(arena, slice_make(shifted, bytes.len + offset));
    size_t cut = before[offset] + behind[(bytes.len + offset) % 3];
    return cut >= text.len ? S("") : slice_sub(text, before[offset], text.len - cut);
}
