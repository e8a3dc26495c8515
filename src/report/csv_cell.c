/* See csv_cell.h. The text is cleaned into a buffer first, so that nothing escapes the escaping. */
#include "report/csv_cell.h"

#include "base/base.h"
#include "base/escape.h"
#include "base/utf8.h"

#define CSV_CELL_ELLIPSIS "\xe2\x80\xa6" /* … */

static void csv_cell_clean(struct buf *clean, slice text)
{
    bool cut = false;
    while (text.len > 0 && !cut) {
        uint32_t character;
        slice rest = slice_from(text, utf8_decode(text, &character));
        bool control =
            (character < 0x20 && character != '\t' && character != '\n' && character != '\r') ||
            (character >= 0x7F && character <= 0x9F);
        utf8_append(clean, control ? UTF8_REPLACEMENT : character);
        cut = clean->len >= CSV_CELL_MAX && rest.len > 0;
        text = rest;
    }
    if (cut)
        buf_append(clean, S(CSV_CELL_ELLIPSIS));
}

void csv_cell_append(struct buf *out, bool first, slice text, struct buf *scratch)
{
    buf_clear(scratch);
    csv_cell_clean(scratch, text);
    if (!first)
        buf_append_byte(out, ',');
    escape_csv(out, buf_slice(scratch));
}

void csv_row_end(struct buf *out)
{
    buf_append(out, S("\r\n"));
}
