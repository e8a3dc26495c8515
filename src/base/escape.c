/* See escape.h. */
#include "base/escape.h"

#include "base/utf8.h"

/* Characters that move text around or hide it: bidirectional controls, zero-width characters, line
 * and paragraph separators, the byte order mark (Unicode 15, "Bidi_Control" and default-ignorable
 * format characters). */
static bool escape_is_deceptive(uint32_t character)
{
    return (character >= 0x200B && character <= 0x200F) ||
           (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2060 && character <= 0x206F) || character == 0x061C ||
           character == 0xFEFF || (character >= 0xFFF9 && character <= 0xFFFB) ||
           (character >= 0xE0000 && character <= 0xE007F);
}

static bool escape_is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

static void escape_append_code(struct buf *out, uint32_t character)
{
    buf_append(out, S("\\u{"));
    buf_append_hex_u64(out, character);
    buf_append_byte(out, '}');
}

static void escape_append_byte(struct buf *out, char byte)
{
    buf_append(out, S("\\x"));
    buf_append_hex(out, slice_make(&byte, 1));
}

static void escape_terminal_character(struct buf *out, slice bytes, uint32_t character)
{
    if (character == '\n')
        buf_append(out, S("\\n"));
    else if (character == '\t')
        buf_append(out, S("\\t"));
    else if (character == '\r')
        buf_append(out, S("\\r"));
    else if (character == '\\')
        buf_append(out, S("\\\\"));
    else if (escape_is_deceptive(character))
        escape_append_code(out, character);
    else if (escape_is_control(character) || (bytes.len == 1 && character == UTF8_REPLACEMENT))
        for (size_t i = 0; i < bytes.len; i++)
            escape_append_byte(out, bytes.at[i]);
    else
        buf_append(out, bytes);
}

void escape_terminal(struct buf *out, slice text)
{
    while (text.len > 0) {
        uint32_t character;
        size_t len = utf8_decode(text, &character);
        escape_terminal_character(out, slice_first(text, len), character);
        text = slice_from(text, len);
    }
}

static void escape_html_character(struct buf *out, slice bytes, uint32_t character)
{
    if (character == '&')
        buf_append(out, S("&amp;"));
    else if (character == '<')
        buf_append(out, S("&lt;"));
    else if (character == '>')
        buf_append(out, S("&gt;"));
    else if (character == '"')
        buf_append(out, S("&quot;"));
    else if (character == '\'')
        buf_append(out, S("&#39;"));
    else if (character == '\n' || character == '\t')
        buf_append(out, bytes);
    else if (escape_is_deceptive(character))
        escape_append_code(out, character);
    else if (escape_is_control(character) || (bytes.len == 1 && character == UTF8_REPLACEMENT))
        utf8_append(out, UTF8_REPLACEMENT);
    else
        buf_append(out, bytes);
}

void escape_html(struct buf *out, slice text)
{
    while (text.len > 0) {
        uint32_t character;
        size_t len = utf8_decode(text, &character);
        escape_html_character(out, slice_first(text, len), character);
        text = slice_from(text, len);
    }
}

static bool escape_is_formula(slice text)
{
    double number;
    uint32_t first;
    if (text.len == 0 || slice_to_double(text, &number))
        return false;
    (void)utf8_decode(text, &first);
    /* Full-width = + - @ stand where ASCII does, 0xFEE0 further on. */
    if (first >= 0xFF01 && first <= 0xFF5E)
        first -= 0xFEE0;
    return first == '=' || first == '+' || first == '-' || first == '@' || first == '\t' ||
           first == '\r' || first == '\n';
}

void escape_csv(struct buf *out, slice text)
{
    bool quote = false;
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = text.at[i] == '"' || text.at[i] == ',' || text.at[i] == '\n' || text.at[i] == '\r';
    bool formula = escape_is_formula(text);
    if (quote)
        buf_append_byte(out, '"');
    if (formula)
        buf_append_byte(out, '\'');
    for (slice rest = text; rest.len > 0;) {
        size_t until = slice_find_byte(rest, '"');
        buf_append(out, slice_first(rest, until));
        rest = slice_from(rest, until);
        if (rest.len > 0) {
            buf_append(out, S("\"\""));
            rest = slice_from(rest, 1);
        }
    }
    if (quote)
        buf_append_byte(out, '"');
}
