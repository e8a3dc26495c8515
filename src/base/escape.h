/* Text from evidence, made harmless for where it is shown. */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"
#include "base/slice.h"

/* For a terminal: C0 and C1 controls, DEL, malformed UTF-8, bidirectional overrides and line
 * separators are written as \n \t \r \xNN or \u{NNNN}; a backslash as \\. The result is one line
 * that cannot drive the terminal. */
void escape_terminal(struct buf *out, slice text);
/* For HTML text and quoted attributes: & < > " ' as entities; controls and malformed UTF-8 as
 * U+FFFD, bidirectional overrides as visible \u{NNNN}. */
void escape_html(struct buf *out, slice text);
/* One CSV field (RFC 4180), quoted where needed; a field that a spreadsheet would take as a formula
 * (it begins with one of = + - @, the same in full width, TAB, CR or LF) gets a leading apostrophe
 * (OWASP CSV injection). Plain numbers are left alone. */
void escape_csv(struct buf *out, slice text);

#endif
