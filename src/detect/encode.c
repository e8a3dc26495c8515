/* See encode.h. */
#include "detect/encode.h"

#include <string.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "wire/base64.h"

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
    slice text = base64_text(arena, slice_make(shifted, bytes.len + offset));
    size_t cut = before[offset] + behind[(bytes.len + offset) % 3];
    return cut >= text.len ? S("") : slice_sub(text, before[offset], text.len - cut);
}
