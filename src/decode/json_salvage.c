/* See json_salvage.h. The scanner goes through the text and remembers where it last stood behind a
 * whole value, and which brackets were open there; those are closed. Rejected: closing the text
 * where it ends, which would keep half of a string as if it were all of it. */
#include "decode/json_salvage.h"

#include <string.h>

#include "base/base.h"
#include "decode/json_scan.h"

/* Where the text could end. */
struct salvage_end {
    size_t len;
    size_t depth; /* brackets to close, at most JSON_DEPTH_MAX */
    char closers[JSON_DEPTH_MAX];
};

/* Whether a value has just ended, inside of brackets. */
static bool salvage_is_whole(const struct json_scan *scan)
{
    return scan->expect == JSON_SCAN_COMMA_OR_END && !scan->in_string && !scan->in_scalar &&
           scan->depth > 0 && scan->depth <= JSON_DEPTH_MAX;
}

static void salvage_mark(struct salvage_end *end, const struct json_scan *scan, size_t len)
{
    end->len = len;
    end->depth = scan->depth;
    memcpy(end->closers, scan->closers, scan->depth);
}

slice json_salvage(struct arena *arena, slice text)
{
    struct json_scan scan = json_scan_begin();
    struct salvage_end end = {.len = 0};
    enum json_scan_status status = JSON_SCAN_MORE;
    if (!slice_starts(text, S("{")))
        return (slice){NULL, 0};
    for (size_t at = 0; at < text.len && status == JSON_SCAN_MORE;) {
        size_t taken;
        /* A scalar ends before the byte that is not taken with it. */
        bool comma = text.at[at] == ',' && !scan.in_string &&
                     scan.expect == JSON_SCAN_COMMA_OR_END && scan.depth > 0 &&
                     scan.depth <= JSON_DEPTH_MAX;
        if (comma)
            salvage_mark(&end, &scan, at);
        status = json_scan_feed(&scan, slice_sub(text, at, 1), &taken);
        at += taken;
        if (status == JSON_SCAN_MORE && salvage_is_whole(&scan))
            salvage_mark(&end, &scan, at);
    }
    if (status == JSON_SCAN_DONE || end.len == 0)
        return (slice){NULL, 0};
    char *out = arena_bytes(arena, end.len + end.depth);
    memcpy(out, text.at, end.len);
    for (size_t i = 0; i < end.depth; i++)
        out[end.len + i] = end.closers[end.depth - 1 - i];
    return slice_make(out, end.len + end.depth);
}
