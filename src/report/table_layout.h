/* A table as columns on a terminal: as wide as its texts where there is room, else the widest
 * columns give way and their texts go on in the next line of the row. Nothing is cut. */
#ifndef REPORT_TABLE_LAYOUT_H
#define REPORT_TABLE_LAYOUT_H

#include "base/arena.h"
#include "report/layout.h"
#include "report/sink.h"

struct table_shape;
struct report_options;

enum table_layout_kind {
    TABLE_LAYOUT_ROW,
    TABLE_LAYOUT_SECTION,
    TABLE_LAYOUT_REMARK,
    TABLE_LAYOUT_BEFORE,
    TABLE_LAYOUT_AFTER,
};

struct table_layout_line {
    enum table_layout_kind kind;
    slice mark;
    slice text;         /* of what is no row */
    const slice *words; /* of a row */
};

struct table_layout {
    const struct table_shape *shape;
    size_t columns; /* of the terminal */
    bool colour;
    struct arena arena;
    struct table_layout_line *lines;
    size_t count;
    size_t capacity;
};

void table_layout_init(struct table_layout *layout, const struct table_shape *shape,
    const struct report_options *options);
/* A zeroed one is fine. */
void table_layout_free(struct table_layout *layout);
/* Both copy. */
void table_layout_row(struct table_layout *layout, const slice *words, slice mark);
void table_layout_line(struct table_layout *layout, enum table_layout_kind kind, slice text);
void table_layout_write(struct table_layout *layout, struct sink *sink);

#endif
