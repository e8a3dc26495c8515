/* Lines for a terminal: text wrapped at a width, in columns rather than bytes, with marks that
 * become colour where colour is wanted. */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "base/base.h"

/* Marks inside text given to the layout, one control byte each. Text from evidence cannot hold any:
 * it goes through layout_evidence. */
#define LAYOUT_PLAIN    "\x01" /* ends what any other began */
#define LAYOUT_STRONG   "\x02"
#define LAYOUT_FAINT    "\x03"
#define LAYOUT_CRITICAL "\x04"
#define LAYOUT_HIGH     "\x05"
#define LAYOUT_MEDIUM   "\x06"

/* Columns of a text from evidence, and of a title, which products fill with whole messages; the
 * rest is cut, with an ellipsis. */
#define LAYOUT_EVIDENCE_MAX 240
#define LAYOUT_TITLE_MAX    100
#define LAYOUT_NAME_MAX     60

struct layout {
    struct buf *out;
    size_t columns;
    bool colour;
};

/* Appends text from evidence: escaped for a terminal and cut. */
void layout_evidence(struct buf *text, slice evidence);
void layout_title(struct buf *text, slice evidence);
void layout_name(struct buf *text, slice evidence);
/* Columns that the text takes, marks not counted. */
size_t layout_width(slice text);
/* Spaces. */
void layout_spaces(struct buf *text, size_t columns);

/* The text as one or several lines: the first begins at column `first`, the others at `rest`.
 * Broken at spaces and between wide characters (not before closing punctuation); a longer word is
 * broken where the line ends. */
void layout_wrap(struct layout *layout, slice text, size_t first, size_t rest);
/* Cuts the next line of at most `columns` off the text, as layout_wrap does; marks must not go over
 * a break. */
slice layout_take(slice *text, size_t columns);
/* The text as it is, with its marks as colour or left out. */
void layout_put(struct layout *layout, slice text);
/* One line, however long: a command, which must stay whole to be copied. */
void layout_line(struct layout *layout, slice text, size_t indent);
void layout_blank(struct layout *layout);

#endif
