/* See layout.h. A line is broken greedily at the last place where it may be. */
#include "report/layout.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "report/width.h"

#define LAYOUT_ELLIPSIS "\xe2\x80\xa6" /* … */
/* Bytes of evidence that are looked at: no character takes less than a column, marks aside. */
#define LAYOUT_EVIDENCE_BYTES ((size_t)4 * LAYOUT_EVIDENCE_MAX)

static bool layout_is_mark(char byte)
{
    return byte >= LAYOUT_PLAIN[0] && byte <= LAYOUT_MEDIUM[0];
}

/* Escaped but for backslashes, of which Windows' paths are full: people read and type them. That
 * \\n may then stand for two things misleads nobody in a report; the machine's formats tell them
 * apart. */
static void layout_escape(struct buf *out, slice evidence)
{
    for (;;) {
        size_t until = slice_find_byte(evidence, '\\');
        escape_terminal(out, slice_first(evidence, until));
        if (until == evidence.len)
            return;
        buf_append_byte(out, '\\');
        evidence = slice_from(evidence, until + 1);
    }
}

static void layout_cut(struct buf *text, slice evidence, size_t columns)
{
    struct buf escaped;
    slice seen = slice_first(evidence, LAYOUT_EVIDENCE_BYTES);
    buf_init(&escaped, 16 * LAYOUT_EVIDENCE_BYTES);
    layout_escape(&escaped, seen);
    slice whole = buf_slice(&escaped);
    if (seen.len < evidence.len || width_of(whole) > columns) {
        buf_append(text, width_first(whole, columns - 1));
        buf_append(text, S(LAYOUT_ELLIPSIS));
    } else {
        buf_append(text, whole);
    }
    buf_free(&escaped);
}

void layout_evidence(struct buf *text, slice evidence)
{
    layout_cut(text, evidence, LAYOUT_EVIDENCE_MAX);
}

void layout_title(struct buf *text, slice evidence)
{
    layout_cut(text, evidence, LAYOUT_TITLE_MAX);
}

void layout_name(struct buf *text, slice evidence)
{
    layout_cut(text, evidence, LAYOUT_NAME_MAX);
}

void layout_spaces(struct buf *text, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        buf_append_byte(text, ' ');
}

size_t layout_width(slice text)
{
    size_t columns = 0;
    while (text.len > 0) {
        uint32_t character;
        bool mark = layout_is_mark(text.at[0]);
        text = slice_from(text, utf8_decode(text, &character));
        columns += mark ? 0 : width_of_character(character);
    }
    return columns;
}

/* --- lines --- */

static void layout_mark(struct layout *layout, char mark)
{
    static const slice sequences[] = {
        S_INIT("\x1b[0m"),
        S_INIT("\x1b[1m"),
        S_INIT("\x1b[2m"),
        S_INIT("\x1b[1;31m"),
        S_INIT("\x1b[31m"),
        S_INIT("\x1b[33m"),
    };
    if (layout->colour)
        buf_append(layout->out, sequences[mark - LAYOUT_PLAIN[0]]);
}

void layout_put(struct layout *layout, slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (layout_is_mark(text.at[i]))
            layout_mark(layout, text.at[i]);
        else
            buf_append_byte(layout->out, text.at[i]);
    }
}

/* Closing punctuation that may not begin a line, and opening that may not end one (JIS X 4051, the
 * common part). */
static bool layout_closes(uint32_t character)
{
    return character == 0x3001 || character == 0x3002 || character == 0x300D ||
           character == 0x300F || character == 0xFF09 || character == 0xFF0C ||
           character == 0x30FC || character == 0xFF1A || character == ')' || character == ',' ||
           character == '.' || character == ':' || character == ';';
}

static bool layout_opens(uint32_t character)
{
    return character == 0x300C || character == 0x300E || character == 0xFF08 || character == '(';
}

static bool layout_breaks_between(uint32_t before, uint32_t after)
{
    bool wide = width_of_character(before) == 2 || width_of_character(after) == 2;
    return wide && before != 0 && !layout_closes(after) && !layout_opens(before) && after != ' ';
}

/* Length of the line at the front of the text: at most `columns` wide, at a place where it may be
 * broken, the whole text when it fits. Spaces at the break belong to neither line. */
static size_t layout_fit(slice text, size_t columns)
{
    size_t at = 0, width = 0, break_at = 0;
    uint32_t before = 0, character;
    while (at < text.len) {
        slice rest = slice_from(text, at);
        size_t len = utf8_decode(rest, &character);
        size_t wide = layout_is_mark(rest.at[0]) ? 0 : width_of_character(character);
        if (character == ' ' || (at > 0 && layout_breaks_between(before, character)))
            break_at = at;
        if (width + wide > columns && at > 0)
            return break_at > 0 ? break_at : at;
        width += wide;
        at += len;
        before = wide > 0 ? character : before;
    }
    return at;
}

slice layout_take(slice *text, size_t columns)
{
    size_t len = layout_fit(*text, size_max(columns, 1));
    slice line = slice_first(*text, len);
    while (line.len > 0 && line.at[line.len - 1] == ' ')
        line.len--;
    *text = slice_from(*text, len);
    while (text->len > 0 && text->at[0] == ' ')
        *text = slice_from(*text, 1);
    return line;
}

void layout_wrap(struct layout *layout, slice text, size_t first, size_t rest)
{
    size_t indent = first;
    do {
        slice line = layout_take(&text, layout->columns - size_min(layout->columns, indent));
        layout_spaces(layout->out, indent);
        layout_put(layout, line);
        buf_append_byte(layout->out, '\n');
        indent = rest;
    } while (text.len > 0);
}

void layout_line(struct layout *layout, slice text, size_t indent)
{
    layout_spaces(layout->out, indent);
    layout_put(layout, text);
    buf_append_byte(layout->out, '\n');
}

void layout_blank(struct layout *layout)
{
    buf_append_byte(layout->out, '\n');
}
