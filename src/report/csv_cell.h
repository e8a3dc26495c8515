/* One cell of a CSV row (RFC 4180), safe for spreadsheets whatever text it holds. */
#ifndef REPORT_CSV_CELL_H
#define REPORT_CSV_CELL_H

#include "base/buf.h"

/* A longer cell is cut, with an ellipsis: spreadsheets take 32,767 characters. */
#define CSV_CELL_MAX ((size_t)32000)

/* Appends the cell: as UTF-8 without controls but TAB, LF and CR, escaped (escape_csv), behind a
 * comma unless it is the first of its row. `scratch` is emptied. */
void csv_cell_append(struct buf *out, bool first, slice text, struct buf *scratch);
/* Ends the row. */
void csv_row_end(struct buf *out);

#endif
