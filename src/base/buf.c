/* See buf.h. */
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/checked.h"

#define BUF_FIRST_SIZE 256

void buf_init(struct buf *buf, size_t maximum)
{
    *buf = (struct buf){.maximum = maximum};
}

void buf_init_fixed(struct buf *buf, char *memory, size_t size)
{
    *buf = (struct buf){.at = memory, .size = size, .maximum = size, .fixed = true};
}

void buf_free(struct buf *buf)
{
    if (buf == NULL)
        return;
    if (!buf->fixed)
        free(buf->at);
    *buf = (struct buf){.maximum = buf->maximum};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
}

void buf_truncate(struct buf *buf, size_t len)
{
    ASSERT(len <= buf->len);
    buf->len = len;
}

char *buf_reserve(struct buf *buf, size_t len)
{
    size_t need;
    if (!checked_add(buf->len, len, &need) || need > buf->maximum) {
        buf->overflow = true;
        return NULL;
    }
    if (need > buf->size || buf->at == NULL) {
        size_t size =
            size_min(size_max(size_max(need, buf->size * 2), BUF_FIRST_SIZE), buf->maximum);
        char *grown = buf->fixed ? NULL : realloc(buf->at, size);
        if (grown == NULL) {
            buf->overflow = true;
            return NULL;
        }
        buf->at = grown;
        buf->size = size;
    }
    return buf->at + buf->len;
}

void buf_commit(struct buf *buf, size_t len)
{
    ASSERT(len <= buf->size - buf->len);
    buf->len += len;
}

static bool buf_continues(slice bytes, size_t at)
{
    return at < bytes.len && ((unsigned char)bytes.at[at] & 0xC0) == 0x80;
}

/* Length of the longest part of `bytes` that fits `room` and does not end inside a UTF-8 character.
 * A character has at most three bytes after its first: a longer run is binary, and cut anywhere. */
static size_t buf_fitting(slice bytes, size_t room)
{
    size_t full = size_min(bytes.len, room);
    size_t len = full;
    while (len > 0 && full - len < 3 && buf_continues(bytes, len))
        len--;
    return buf_continues(bytes, len) ? full : len;
}

void buf_append(struct buf *buf, slice bytes)
{
    if (bytes.len == 0 || buf->overflow)
        return;
    if (bytes.len > buf->maximum - buf->len) {
        bytes = slice_first(bytes, buf_fitting(bytes, buf->maximum - buf->len));
        buf_append(buf, bytes);
        buf->overflow = true;
        return;
    }
    char *to = buf_reserve(buf, bytes.len);
    if (to == NULL)
        return;
    memcpy(to, bytes.at, bytes.len);
    buf->len += bytes.len;
}

void buf_append_byte(struct buf *buf, char byte)
{
    buf_append(buf, slice_make(&byte, 1));
}

void buf_append_cstr(struct buf *buf, const char *text)
{
    buf_append(buf, slice_from_cstr(text));
}

void buf_append_padded(struct buf *buf, uint64_t value, size_t width)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (at > 0 && sizeof(digits) - at < width)
        digits[--at] = '0';
    buf_append(buf, slice_make(digits + at, sizeof(digits) - at));
}

void buf_append_u64(struct buf *buf, uint64_t value)
{
    buf_append_padded(buf, value, 1);
}

void buf_append_i64(struct buf *buf, int64_t value)
{
    if (value < 0)
        buf_append_byte(buf, '-');
    buf_append_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

static const char buf_hex_digits[] = "0123456789abcdef";

void buf_append_hex(struct buf *buf, slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        buf_append_byte(buf, buf_hex_digits[byte >> 4]);
        buf_append_byte(buf, buf_hex_digits[byte & 15]);
    }
}

void buf_append_hex_u64(struct buf *buf, uint64_t value)
{
    unsigned shift = 60;
    while (shift > 0 && value >> shift == 0)
        shift -= 4;
    for (;; shift -= 4) {
        buf_append_byte(buf, buf_hex_digits[value >> shift & 15]);
        if (shift == 0)
            break;
    }
}

slice buf_slice(const struct buf *buf)
{
    return slice_make(buf->at == NULL ? "" : buf->at, buf->len);
}
