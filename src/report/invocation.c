/* See invocation.h. */
#include "report/invocation.h"

#include "base/escape.h"

/* Paths named in a command; more are shortened to the first ones and an ellipsis. */
#define INVOCATION_PATHS_MAX 4
/* A longer word is no file name (PATH_MAX). */
#define INVOCATION_WORD_MAX ((size_t)4096)

static bool invocation_is_bare(slice word)
{
    static const slice others = S_INIT("_-./,:=@%+");
    for (size_t i = 0; i < word.len; i++)
        if (!byte_is_alnum(word.at[i]) && slice_find_byte(others, word.at[i]) == others.len)
            return false;
    return word.len > 0;
}

/* Whether a terminal shows it as it is. (A backslash is not: but inside $'…' it is safe as well.)
 */
static bool invocation_is_plain(slice word)
{
    struct buf escaped;
    buf_init(&escaped, 16 * INVOCATION_WORD_MAX);
    escape_terminal(&escaped, word);
    bool plain = escaped.len == word.len;
    buf_free(&escaped);
    return plain;
}

static void invocation_append_quoted(struct buf *out, slice word)
{
    buf_append_byte(out, '\'');
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] == '\'')
            buf_append(out, S("'\\''"));
        else
            buf_append_byte(out, word.at[i]);
    }
    buf_append_byte(out, '\'');
}

static void invocation_append_dollar(struct buf *out, slice word)
{
    buf_append(out, S("$'"));
    for (size_t i = 0; i < word.len; i++) {
        char byte = word.at[i];
        if (byte == '\'' || byte == '\\') {
            buf_append_byte(out, '\\');
            buf_append_byte(out, byte);
        } else if (byte >= ' ' && byte <= '~') {
            buf_append_byte(out, byte);
        } else {
            /* Octal ends after three digits; what follows \x could be taken for its digits. */
            unsigned char value = (unsigned char)byte;
            buf_append_byte(out, '\\');
            buf_append_byte(out, (char)('0' + (value >> 6)));
            buf_append_byte(out, (char)('0' + ((value >> 3) & 7)));
            buf_append_byte(out, (char)('0' + (value & 7)));
        }
    }
    buf_append_byte(out, '\'');
}

void invocation_word(struct buf *out, slice word)
{
    word = slice_first(word, INVOCATION_WORD_MAX);
    if (invocation_is_bare(word))
        buf_append(out, word);
    else if (invocation_is_plain(word))
        invocation_append_quoted(out, word);
    else
        invocation_append_dollar(out, word);
}

static void invocation_paths(struct buf *out, const struct report_options *options)
{
    for (size_t i = 0; i < options->path_count; i++) {
        buf_append_byte(out, ' ');
        if (i == INVOCATION_PATHS_MAX) {
            buf_append(out, S("\xe2\x80\xa6"));
            return;
        }
        invocation_word(out, options->paths[i]);
    }
}

void invocation_explain(struct buf *out, const struct report_options *options, uuid id)
{
    buf_append(out, S("hikeshi explain "));
    uuid_append(out, id);
    invocation_paths(out, options);
}

void invocation_everything(struct buf *out, const struct report_options *options)
{
    buf_append(out, S("hikeshi triage --format ndjson"));
    invocation_paths(out, options);
}

void invocation_view(struct buf *out, const struct report_options *options, slice view)
{
    buf_append(out, S("hikeshi "));
    buf_append(out, view);
    buf_append(out, S(" --format csv"));
    invocation_paths(out, options);
}

void invocation_given(struct buf *out, const struct report_options *options)
{
    for (size_t i = 0; i < options->argument_count; i++) {
        if (i > 0)
            buf_append_byte(out, ' ');
        invocation_word(out, options->arguments[i]);
    }
}
