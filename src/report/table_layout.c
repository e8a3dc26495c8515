/* See table_layout.h. */
#include "report/table_layout.h"

#include "report/table.h"

#define TABLE_LAYOUT_INDENT 2U
#define TABLE_LAYOUT_GAP    2U
/* A longer word may be broken. */
#define TABLE_LAYOUT_WORD 18U

void table_layout_init(struct table_layout *layout, const struct table_shape *shape,
    const struct report_options *options)
{
    size_t columns = options->columns == 0 ? REPORT_COLUMNS : options->columns;
    *layout = (struct table_layout){.shape = shape,
        .columns = size_min(size_max(columns, REPORT_COLUMNS_MIN), TABLE_COLUMNS_MAX),
        .colour = options->colour};
}

void table_layout_free(struct table_layout *layout)
{
    arena_free(&layout->arena);
}

static struct table_layout_line *table_layout_add(struct table_layout *layout)
{
    if (layout->count == layout->capacity)
        layout->lines =
            arena_grow(&layout->arena, layout->lines, &layout->capacity, sizeof(*layout->lines));
    return &layout->lines[layout->count++];
}

void table_layout_row(struct table_layout *layout, const slice *words, slice mark)
{
    size_t count = layout->shape->heading_count;
    slice *copies = ARENA_ARRAY(&layout->arena, slice, count);
    for (size_t i = 0; i < count; i++)
        copies[i] = arena_copy(&layout->arena, words[i]);
    *table_layout_add(layout) =
        (struct table_layout_line){.kind = TABLE_LAYOUT_ROW, .mark = mark, .words = copies};
}

void table_layout_line(struct table_layout *layout, enum table_layout_kind kind, slice text)
{
    *table_layout_add(layout) =
        (struct table_layout_line){.kind = kind, .text = arena_copy(&layout->arena, text)};
}

/* --- widths --- */

static void table_layout_natural(const struct table_layout *layout, size_t *widths)
{
    for (size_t i = 0; i < layout->shape->heading_count; i++)
        widths[i] = size_max(layout_width(text_get(layout->shape->headings[i].text)),
            layout->shape->headings[i].minimum);
    for (size_t i = 0; i < layout->count; i++)
        for (size_t k = 0;
             layout->lines[i].kind == TABLE_LAYOUT_ROW && k < layout->shape->heading_count; k++)
            widths[k] = size_max(widths[k], layout_width(layout->lines[i].words[k]));
}

/* Columns of the longest word of a text. */
static size_t table_layout_word(slice text)
{
    size_t longest = 0;
    slice word;
    while (slice_next(&text, ' ', &word))
        longest = size_max(longest, layout_width(word));
    return longest;
}

/* What a column keeps as long as another has more to give: its words in one piece, unless they are
 * very long. */
static void table_layout_floors(const struct table_layout *layout, size_t *floors)
{
    for (size_t k = 0; k < layout->shape->heading_count; k++)
        floors[k] = layout->shape->headings[k].minimum;
    for (size_t i = 0; i < layout->count; i++)
        for (size_t k = 0;
             layout->lines[i].kind == TABLE_LAYOUT_ROW && k < layout->shape->heading_count; k++)
            floors[k] = size_max(floors[k],
                size_min(table_layout_word(layout->lines[i].words[k]), TABLE_LAYOUT_WORD));
}

/* Takes columns from the widest until the row fits; false when nothing above its floor is left. */
static bool table_layout_shrink(size_t *widths, const size_t *floors, size_t count, size_t room)
{
    for (;;) {
        size_t sum = 0, widest = count;
        for (size_t i = 0; i < count; i++) {
            sum += widths[i];
            if (widths[i] > floors[i] && (widest == count || widths[i] > widths[widest]))
                widest = i;
        }
        if (sum <= room)
            return true;
        if (widest == count)
            return false;
        widths[widest]--;
    }
}

static void table_layout_fit(const struct table_layout *layout, size_t *widths)
{
    size_t floors[TABLE_HEADINGS_MAX];
    size_t count = layout->shape->heading_count;
    size_t taken = TABLE_LAYOUT_INDENT + (count - 1) * TABLE_LAYOUT_GAP;
    size_t room = layout->columns - size_min(taken, layout->columns);
    table_layout_floors(layout, floors);
    if (table_layout_shrink(widths, floors, count, room))
        return;
    for (size_t i = 0; i < count; i++)
        floors[i] = size_max(layout->shape->headings[i].minimum, 1);
    (void)table_layout_shrink(widths, floors, count, room);
}

/* --- lines --- */

static void table_layout_cell(
    struct layout *out, const struct table_heading *heading, slice text, size_t width, bool last)
{
    size_t columns = layout_width(text);
    size_t spaces = width - size_min(columns, width);
    if (heading->right)
        layout_spaces(out->out, spaces);
    layout_put(out, text);
    if (!heading->right && !last)
        layout_spaces(out->out, spaces);
}

/* The next line of each cell, until all are told. */
static void table_layout_put_row(const struct table_layout *layout, struct layout *out,
    const size_t *widths, const slice *words, slice mark)
{
    slice rest[TABLE_HEADINGS_MAX];
    size_t count = layout->shape->heading_count;
    bool more = true;
    for (size_t i = 0; i < count; i++)
        rest[i] = words[i];
    for (size_t line = 0; more; line++) {
        size_t last = 0;
        more = false;
        for (size_t i = 0; i < count; i++)
            last = rest[i].len > 0 ? i : last;
        layout_spaces(out->out, TABLE_LAYOUT_INDENT);
        for (size_t i = 0; i <= last; i++) {
            slice text = layout_take(&rest[i], widths[i]);
            if (i > 0)
                layout_spaces(out->out, TABLE_LAYOUT_GAP);
            layout_put(out, i == 0 && mark.len > 0 ? mark : S(""));
            table_layout_cell(out, &layout->shape->headings[i], text, widths[i], i == last);
            layout_put(out, i == 0 && mark.len > 0 ? S(LAYOUT_PLAIN) : S(""));
            more = more || rest[i].len > 0;
        }
        buf_append_byte(out->out, '\n');
    }
}

static void table_layout_put_heading(
    const struct table_layout *layout, struct layout *out, const size_t *widths)
{
    slice words[TABLE_HEADINGS_MAX];
    for (size_t i = 0; i < layout->shape->heading_count; i++)
        words[i] = text_get(layout->shape->headings[i].text);
    layout_blank(out);
    layout_put(out, S(LAYOUT_FAINT));
    table_layout_put_row(layout, out, widths, words, S(""));
    layout_put(out, S(LAYOUT_PLAIN));
}

static void table_layout_put_strong(struct layout *out, slice text)
{
    layout_blank(out);
    layout_put(out, S(LAYOUT_STRONG));
    layout_wrap(out, text, 0, TABLE_LAYOUT_INDENT);
    layout_put(out, S(LAYOUT_PLAIN));
}

static bool table_layout_is_beside(enum table_layout_kind kind)
{
    return kind == TABLE_LAYOUT_BEFORE || kind == TABLE_LAYOUT_AFTER;
}

static void table_layout_put_beside(
    const struct table_layout *layout, struct layout *out, enum table_layout_kind kind)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->lines[i].kind == kind)
            layout_wrap(out, layout->lines[i].text, 0, 0);
}

void table_layout_write(struct table_layout *layout, struct sink *sink)
{
    size_t widths[TABLE_HEADINGS_MAX];
    struct layout out = {.out = &sink->buf, .columns = layout->columns, .colour = layout->colour};
    bool headed = false;
    table_layout_natural(layout, widths);
    table_layout_fit(layout, widths);
    table_layout_put_beside(layout, &out, TABLE_LAYOUT_BEFORE);
    for (size_t i = 0; i < layout->count; i++) {
        const struct table_layout_line *line = &layout->lines[i];
        if (table_layout_is_beside(line->kind))
            continue;
        if (!headed)
            table_layout_put_heading(layout, &out, widths);
        headed = true;
        if (line->kind == TABLE_LAYOUT_ROW)
            table_layout_put_row(layout, &out, widths, line->words, line->mark);
        else if (line->kind == TABLE_LAYOUT_SECTION)
            table_layout_put_strong(&out, line->text);
        else
            layout_wrap(&out, line->text, TABLE_LAYOUT_INDENT, TABLE_LAYOUT_INDENT);
        (void)sink_settle(sink);
    }
    for (size_t i = 0; i < layout->count; i++)
        if (layout->lines[i].kind == TABLE_LAYOUT_AFTER) {
            layout_blank(&out);
            break;
        }
    table_layout_put_beside(layout, &out, TABLE_LAYOUT_AFTER);
}
