/* See unicode.h. A second stream whose read function converts piece by piece. Rejected: iconv,
 * which would load its tables from files behind the sandbox. */
#include "decode/unicode.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/utf8.h"

/* Bytes of UTF-16 converted at once; even. */
#define UNICODE_PIECE ((size_t)32 << 10)

enum unicode_mark { UNICODE_NONE, UNICODE_UTF8, UNICODE_LITTLE, UNICODE_BIG };

struct unicode {
    struct stream *from;
    struct stream *view;
    struct arena arena;
    slice ready; /* converted, not yet read */
    bool big;
};

static enum unicode_mark unicode_mark(slice head, size_t *len)
{
    static const slice marks[] = {
        S_INIT(""), S_INIT("\xEF\xBB\xBF"), S_INIT("\xFF\xFE"), S_INIT("\xFE\xFF")};
    for (unsigned mark = UNICODE_BIG; mark > UNICODE_NONE; mark--) {
        *len = marks[mark].len;
        if (slice_starts(head, marks[mark]))
            return (enum unicode_mark)mark;
    }
    *len = 0;
    return UNICODE_NONE;
}

slice unicode_head(struct arena *arena, slice head)
{
    size_t len;
    enum unicode_mark mark = unicode_mark(head, &len);
    head = slice_from(head, len);
    if (mark != UNICODE_LITTLE && mark != UNICODE_BIG)
        return head;
    return utf8_from_utf16(arena, head, mark == UNICODE_BIG);
}

/* Whether the piece ends with the first half of a surrogate pair. */
static bool unicode_ends_in_pair(const struct unicode *unicode, slice piece)
{
    size_t high = piece.len - (unicode->big ? 2 : 1);
    return ((unsigned char)piece.at[high] & 0xFC) == 0xD8;
}

static enum result unicode_convert(struct unicode *unicode, struct error *err)
{
    slice piece;
    enum result result = stream_peek(unicode->from, UNICODE_PIECE, &piece, err);
    if (result != RESULT_OK)
        return result;
    bool last = piece.len < UNICODE_PIECE;
    piece = slice_first(piece, UNICODE_PIECE);
    if (!last && unicode_ends_in_pair(unicode, piece))
        piece.len -= 2;
    arena_reset(&unicode->arena);
    unicode->ready = utf8_from_utf16(&unicode->arena, piece, unicode->big);
    stream_take(unicode->from, piece.len);
    return RESULT_OK;
}

static enum result unicode_read(void *context, char *to, size_t len, size_t *got, struct error *err)
{
    struct unicode *unicode = context;
    if (unicode->ready.len == 0) {
        enum result result = unicode_convert(unicode, err);
        if (result != RESULT_OK)
            return result;
    }
    slice piece = slice_first(unicode->ready, len);
    if (piece.len > 0)
        memcpy(to, piece.at, piece.len);
    unicode->ready = slice_from(unicode->ready, piece.len);
    *got = piece.len;
    return RESULT_OK;
}

enum result unicode_open(
    struct stream *from, struct unicode **unicode, struct stream **view, struct error *err)
{
    slice head;
    size_t len;
    enum result result = stream_peek(from, 4, &head, err);
    if (result != RESULT_OK)
        return result;
    enum unicode_mark mark = unicode_mark(head, &len);
    struct unicode *made = calloc(1, sizeof(*made));
    ASSERT(made != NULL);
    stream_take(from, len);
    made->from = from;
    made->big = mark == UNICODE_BIG;
    if (mark == UNICODE_LITTLE || mark == UNICODE_BIG)
        made->view = stream_new(unicode_read, made);
    *unicode = made;
    *view = made->view != NULL ? made->view : from;
    return RESULT_OK;
}

void unicode_close(struct unicode *unicode)
{
    if (unicode == NULL)
        return;
    stream_free(unicode->view);
    arena_free(&unicode->arena);
    free(unicode);
}
