/* See command_line.h. "Parsing C++ command-line arguments" of Microsoft's documentation has the
 * rules: 2n backslashes and a quote are n backslashes and the quote's meaning, 2n+1 are n
 * backslashes and a quote; a quote after a closing quote, inside of quotes, is a quote. */
#include "decode/command_line.h"

#include "base/base.h"

/* Backslashes from `at` on. */
static size_t command_backslashes(slice text, size_t at)
{
    size_t end = at;
    while (end < text.len && text.at[end] == '\\')
        end++;
    return end - at;
}

/* Where the argument ends that begins the text. */
static size_t command_extent(slice text, bool program, bool *plain)
{
    bool quoted = false;
    size_t at = 0;
    *plain = true;
    while (at < text.len && (quoted || !byte_is_space(text.at[at]))) {
        size_t slashes = program ? 0 : command_backslashes(text, at);
        bool quote = at + slashes < text.len && text.at[at + slashes] == '"';
        if (quote)
            *plain = false;
        if (quote && slashes % 2 == 0)
            quoted = !quoted;
        at += slashes + (slashes == 0 || quote);
    }
    return at;
}

static slice command_unquote(struct arena *arena, slice text, bool program)
{
    struct buf out;
    bool quoted = false;
    size_t at = 0;
    buf_init_fixed(&out, arena_bytes(arena, text.len), text.len);
    while (at < text.len) {
        size_t slashes = program ? 0 : command_backslashes(text, at);
        bool quote = at + slashes < text.len && text.at[at + slashes] == '"';
        buf_append(&out, slice_sub(text, at, quote ? slashes / 2 : slashes));
        at += slashes;
        if (!quote && slashes == 0)
            buf_append(&out, slice_sub(text, at++, 1));
        if (!quote)
            continue;
        bool twice = !program && quoted && at + 1 < text.len && text.at[at + 1] == '"';
        if (slashes % 2 == 1 || twice)
            buf_append(&out, S("\""));
        if (slashes % 2 == 0)
            quoted = !quoted;
        at++;
    }
    return buf_slice(&out);
}

bool command_line_next(struct arena *arena, slice *rest, bool program, slice *argument)
{
    slice text = slice_trim(*rest);
    bool plain;
    if (text.len == 0)
        return false;
    size_t end = command_extent(text, program, &plain);
    *argument =
        plain ? slice_first(text, end) : command_unquote(arena, slice_first(text, end), program);
    *rest = slice_from(text, end);
    return true;
}
