/* Text from evidence in the report for people and in the commands that it names. Wrapped lines keep
 * to their width and lose nothing but spaces; a word for a shell is printable, and the shell would
 * get the word back. The first byte is the width. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "report/invocation.h"
#include "report/layout.h"
#include "report/width.h"

#define FIRST_INDENT 3
#define REST_INDENT  7
/* PATH_MAX; longer words are cut. */
#define WORD_MAX ((size_t)4096)

static void append_without_spaces(struct buf *out, slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != ' ')
            buf_append_byte(out, text.at[i]);
}

static void check_lines(slice wrapped, size_t columns)
{
    bool first = true;
    ASSERT(slice_ends(wrapped, S("\n")));
    for (slice line; wrapped.len > 0; first = false) {
        size_t indent = first ? FIRST_INDENT : REST_INDENT;
        (void)slice_cut(wrapped, '\n', &line, &wrapped);
        /* A line holds one character at least, however narrow it is. */
        ASSERT(width_of(line) <= columns || width_of(line) <= indent + 2);
    }
}

static void check_layout(slice evidence, size_t columns)
{
    struct buf text, wrapped, given, got;
    struct layout layout = {.out = &wrapped, .columns = columns};
    buf_init(&text, 1 << 16);
    buf_init(&wrapped, 1 << 20);
    buf_init(&given, 1 << 16);
    buf_init(&got, 1 << 20);
    layout_evidence(&text, evidence);
    ASSERT(width_of(buf_slice(&text)) <= LAYOUT_EVIDENCE_MAX);
    layout_wrap(&layout, buf_slice(&text), FIRST_INDENT, REST_INDENT);
    check_lines(buf_slice(&wrapped), columns);
    append_without_spaces(&given, buf_slice(&text));
    for (slice rest = buf_slice(&wrapped), line; slice_next(&rest, '\n', &line);)
        append_without_spaces(&got, line);
    ASSERT(slice_equal(buf_slice(&given), buf_slice(&got)));
    buf_free(&text);
    buf_free(&wrapped);
    buf_free(&given);
    buf_free(&got);
}

/* What a shell makes of '…' with \' between such, and of $'…' with the escapes that we use. */
static void unquote(struct buf *out, slice word)
{
    bool dollar = slice_starts(word, S("$'"));
    if (!dollar && !slice_starts(word, S("'"))) {
        buf_append(out, word);
        return;
    }
    word = slice_from(word, dollar ? 2 : 1);
    ASSERT(slice_ends(word, S("'")));
    word.len--;
    while (word.len > 0) {
        size_t taken = 1;
        char byte = word.at[0];
        if (!dollar && slice_starts(word, S("'\\''"))) {
            taken = 4;
        } else if (dollar && byte == '\\' && byte_is_digit(word.at[1])) {
            ASSERT(word.len >= 4);
            byte = (char)((word.at[1] - '0') << 6 | (word.at[2] - '0') << 3 | (word.at[3] - '0'));
            taken = 4;
        } else if (dollar && byte == '\\') {
            byte = word.at[1];
            taken = 2;
        } else {
            ASSERT(byte != '\'');
        }
        buf_append_byte(out, byte);
        word = slice_from(word, taken);
    }
}

static void check_word(slice word)
{
    struct buf quoted, back;
    buf_init(&quoted, 1 << 16);
    buf_init(&back, 1 << 16);
    invocation_word(&quoted, word);
    slice shown = buf_slice(&quoted);
    ASSERT(shown.len > 0 && utf8_is_valid(shown));
    for (size_t i = 0; i < shown.len; i++)
        ASSERT((unsigned char)shown.at[i] >= ' ' && shown.at[i] != 0x7F);
    unquote(&back, shown);
    ASSERT(slice_equal(buf_slice(&back), slice_first(word, WORD_MAX)));
    buf_free(&quoted);
    buf_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    slice text = slice_make(data + 1, size - 1);
    check_layout(text, data[0]);
    check_word(text);
    return 0;
}
