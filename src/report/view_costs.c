/* See view_costs.h. Rows come ranked (triage/costs.h); people see the dearest rules. */
#include "report/view_costs.h"

#include "report/invocation.h"
#include "report/phrase.h"
#include "report/table.h"
#include "report/words.h"
#include "triage/costs.h"

/* Lines that people see. */
#define VIEW_COSTS_LINES 30U

static const struct table_column view_costs_columns[] = {
    {S_INIT("rule"), TABLE_TEXT},
    {S_INIT("rule_id"), TABLE_TEXT},
    {S_INIT("file"), TABLE_TEXT},
    {S_INIT("asked"), TABLE_NUMBER},
    {S_INIT("matched"), TABLE_NUMBER},
    {S_INIT("nanoseconds"), TABLE_NUMBER},
};
#define VIEW_COSTS_COLUMNS (sizeof(view_costs_columns) / sizeof(view_costs_columns[0]))

static const struct table_heading view_costs_headings[] = {
    {TEXT_COSTS_SHARE, true, 6},
    {TEXT_COSTS_TIME, true, 8},
    {TEXT_COSTS_EACH, true, 8},
    {TEXT_COSTS_ASKED, true, 8},
    {TEXT_COSTS_MATCHED, true, 7},
    {TEXT_COSTS_RULE, false, 24},
};

static const struct table_shape view_costs_shape = {S_INIT("costs"), S_INIT("cost"),
    view_costs_columns, VIEW_COSTS_COLUMNS, view_costs_headings,
    sizeof(view_costs_headings) / sizeof(view_costs_headings[0])};

struct view_costs {
    struct table *table;
    struct triage_result *result;
    const struct report_options *options;
    struct phrase phrase;
    uint64_t rows;
    uint64_t total_ns;
};

static bool view_costs_row(struct view_costs *view, const struct costs_row *row)
{
    size_t count;
    const struct rule *rules = triage_rules(view->result, &count);
    if (row->rule >= count)
        return true;
    const struct rule *rule = &rules[row->rule];
    const struct table_cell cells[VIEW_COSTS_COLUMNS] = {
        {.text = rule->title},
        {.text = rule->id},
        {.text = rule->file},
        {.number = row->cost.asked},
        {.number = row->cost.matched},
        {.number = row->cost.time_ns},
    };
    return table_row(view->table, cells);
}

/* --- for people --- */

/* With one digit behind the point. */
static slice view_costs_tenths(struct view_costs *view, double value)
{
    struct buf *words = phrase_begin(&view->phrase);
    uint64_t tenths = (uint64_t)(value * 10 + 0.5);
    buf_append_u64(words, tenths / 10);
    buf_append_byte(words, '.');
    buf_append_u64(words, tenths % 10);
    return phrase_end(&view->phrase);
}

static void view_costs_line(struct view_costs *view, const struct costs_row *row)
{
    size_t count;
    const struct rule *rules = triage_rules(view->result, &count);
    const struct detect_cost *cost = &row->cost;
    if (row->rule >= count || view->rows > VIEW_COSTS_LINES)
        return;
    const struct rule *rule = &rules[row->rule];
    double time_ns = (double)cost->time_ns;
    layout_name(phrase_begin(&view->phrase), words_title(rule, rule->title));
    slice title = phrase_end(&view->phrase);
    const slice words[] = {
        view_costs_tenths(view, view->total_ns == 0 ? 0 : 100 * time_ns / (double)view->total_ns),
        view_costs_tenths(view, time_ns / 1e6),
        view_costs_tenths(view, time_ns / 1e3 / (double)cost->asked),
        phrase_number(&view->phrase, cost->asked),
        phrase_number(&view->phrase, cost->matched),
        title,
    };
    table_words(view->table, words, S(""));
    phrase_reset(&view->phrase);
}

static void view_costs_summary(struct view_costs *view)
{
    const struct triage_counts *counts = triage_counts(view->result);
    slice events = phrase_number(&view->phrase, counts->events);
    slice rules = phrase_number(&view->phrase, view->rows);
    slice time = view_costs_tenths(view, (double)view->total_ns / 1e6);
    text_append(phrase_begin(&view->phrase), view->rows == 0 ? TEXT_COSTS_NONE : TEXT_COSTS_SUMMARY,
        ARG(events), ARG(rules), ARG(time));
    table_before(view->table, phrase_end(&view->phrase));
    if (counts->interrupted)
        table_before(view->table, text_get(TEXT_VIEW_INTERRUPTED));
    if (view->rows > VIEW_COSTS_LINES) {
        slice more = phrase_number(&view->phrase, view->rows - VIEW_COSTS_LINES);
        invocation_view(phrase_begin(&view->phrase), view->options, S("rules profile"));
        slice command = phrase_end(&view->phrase);
        text_append(phrase_begin(&view->phrase), TEXT_VIEW_MORE, ARG(more), ARG(command));
        table_remark(view->table, phrase_end(&view->phrase));
    }
}

typedef bool (*view_costs_take)(struct view_costs *view, const struct costs_row *row);

static enum result view_costs_each(struct view_costs *view, view_costs_take take, struct error *err)
{
    struct sorter_reader *reader;
    struct costs_row row;
    enum result result = sorter_read(triage_rows(view->result), &reader, err);
    if (result != RESULT_OK)
        return result;
    view->rows = 0;
    while ((result = costs_next(reader, &row, err)) == RESULT_OK) {
        view->rows++;
        if (!take(view, &row))
            break;
    }
    sorter_reader_free(reader);
    return result == RESULT_END ? RESULT_OK : result;
}

static bool view_costs_total(struct view_costs *view, const struct costs_row *row)
{
    view->total_ns += row->cost.time_ns;
    return true;
}

static bool view_costs_show(struct view_costs *view, const struct costs_row *row)
{
    view_costs_line(view, row);
    return true;
}

enum result view_costs_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err)
{
    struct view_costs view = {.table = table_new(sink, format, &view_costs_shape, options),
        .result = result,
        .options = options};
    phrase_init(&view.phrase);
    enum result done = RESULT_OK;
    if (table_is_for_people(view.table)) {
        done = view_costs_each(&view, view_costs_total, err);
        if (done == RESULT_OK)
            done = view_costs_each(&view, view_costs_show, err);
        view_costs_summary(&view);
    } else {
        done = view_costs_each(&view, view_costs_row, err);
    }
    table_end(view.table);
    phrase_free(&view.phrase);
    return done;
}
