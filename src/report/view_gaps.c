/* See view_gaps.h. Rows come ranked (triage/gaps.h); people see one line for all of one kind, and
 * of one wording, in one log. */
#include "report/view_gaps.h"

#include "base/civil.h"
#include "report/invocation.h"
#include "report/phrase.h"
#include "report/table.h"
#include "report/words.h"
#include "triage/gap_mark.h"
#include "triage/gaps.h"

/* Lines of one kind that people see. */
#define VIEW_GAPS_LINES 12U

static const struct table_column view_gaps_columns[] = {
    {S_INIT("kind"), TABLE_TEXT},
    {S_INIT("host"), TABLE_TEXT},
    {S_INIT("log"), TABLE_TEXT},
    {S_INIT("from"), TABLE_TIME},
    {S_INIT("to"), TABLE_TIME},
    {S_INIT("seconds"), TABLE_NUMBER},
    {S_INIT("missing"), TABLE_NUMBER},
    {S_INIT("from_number"), TABLE_NUMBER},
    {S_INIT("to_number"), TABLE_NUMBER},
    {S_INIT("says"), TABLE_TEXT},
    {S_INIT("user"), TABLE_TEXT},
    {S_INIT("path"), TABLE_TEXT},
    {S_INIT("number"), TABLE_NUMBER},
};
#define VIEW_GAPS_COLUMNS (sizeof(view_gaps_columns) / sizeof(view_gaps_columns[0]))

static const struct table_heading view_gaps_headings[] = {
    {TEXT_VIEW_HOST, false, 6},
    {TEXT_REPORT_COLUMN_LOG, false, 12},
    {TEXT_GAPS_WHAT, false, 16},
    {TEXT_VIEW_WHEN, false, 19},
};

static const struct table_shape view_gaps_shape = {S_INIT("gaps"), S_INIT("gap"), view_gaps_columns,
    VIEW_GAPS_COLUMNS, view_gaps_headings,
    sizeof(view_gaps_headings) / sizeof(view_gaps_headings[0])};

static const struct {
    slice name;
    enum text heading;
} view_gaps_kinds[] = {
    [GAPS_CLEARED] = {S_INIT("cleared"), TEXT_GAPS_CLEARED},
    [GAPS_AUDIT_OFF] = {S_INIT("audit-off"), TEXT_GAPS_AUDIT_OFF},
    [GAPS_NUMBERS_RESTARTED] = {S_INIT("numbers-restarted"), TEXT_GAPS_NUMBERS_RESTARTED},
    [GAPS_AUDIT_CHANGED] = {S_INIT("audit-changed"), TEXT_GAPS_AUDIT_CHANGED},
    [GAPS_ENDS_EARLY] = {S_INIT("ends-early"), TEXT_GAPS_ENDS_EARLY},
    [GAPS_SILENT] = {S_INIT("silent"), TEXT_GAPS_SILENT},
    [GAPS_RECORDS_MISSING] = {S_INIT("records-missing"), TEXT_GAPS_RECORDS_MISSING},
    [GAPS_CLOCK_BACK] = {S_INIT("clock-back"), TEXT_GAPS_CLOCK_BACK},
    [GAPS_CLOCK_CHANGED] = {S_INIT("clock-changed"), TEXT_GAPS_CLOCK_CHANGED},
    [GAPS_LOST] = {S_INIT("lost"), TEXT_GAPS_LOST},
    [GAPS_BEGINS_LATE] = {S_INIT("begins-late"), TEXT_GAPS_BEGINS_LATE},
    [GAPS_STOPPED] = {S_INIT("stopped"), TEXT_GAPS_STOPPED},
    [GAPS_STARTED] = {S_INIT("started"), TEXT_GAPS_STARTED},
    [GAPS_HOST_SILENT] = {S_INIT("host-silent"), TEXT_GAPS_HOST_SILENT},
    [GAPS_NOT_JUDGED] = {S_INIT("not-judged"), TEXT_GAPS_NOT_JUDGED},
};

struct view_gaps {
    struct table *table;
    struct triage_result *result;
    const struct report_options *options;
    struct phrase phrase;
    uint64_t rows;
    /* Of the kind at hand. */
    bool begun;
    enum gaps_kind kind;
    size_t lines;
    uint64_t hidden;
    /* The line that is being put together. */
    bool has_line;
    struct gaps_row line;
    struct arena arena; /* its texts */
    uint64_t count;
    uint64_t logs; /* told of besides the first */
    struct buf last_log;
    int64_t longest_ns;
};

/* --- for programs --- */

static int64_t view_gaps_length(const struct gaps_row *row)
{
    int64_t length_ns;
    if (row->from_ns == CIVIL_TIME_NONE || row->to_ns == CIVIL_TIME_NONE)
        return 0;
    if (__builtin_sub_overflow(row->to_ns, row->from_ns, &length_ns))
        return INT64_MAX;
    return length_ns < 0 ? -length_ns : length_ns;
}

static bool view_gaps_row(struct view_gaps *view, const struct gaps_row *row)
{
    const struct triage_source *source =
        triage_source_at(view->result, row->place.file, row->place.object);
    bool counts = row->kind == GAPS_RECORDS_MISSING || row->kind == GAPS_NOT_JUDGED;
    const struct table_cell cells[VIEW_GAPS_COLUMNS] = {
        {.text = view_gaps_kinds[row->kind].name},
        {.text = row->host},
        {.text = row->log},
        {.time_ns = row->from_ns},
        {.time_ns = row->to_ns},
        {.number = (uint64_t)(view_gaps_length(row) / CIVIL_NS_PER_S)},
        {.number = row->missing, .absent = !counts},
        {.number = row->from_number, .absent = row->from_number == 0},
        {.number = row->to_number, .absent = row->to_number == 0},
        {.text = row->says},
        {.text = row->user},
        {.text = source == NULL ? S("") : source->path},
        {.number = row->place.number},
    };
    return table_row(view->table, cells);
}

/* --- for people --- */

static slice view_gaps_evidence(struct view_gaps *view, slice text)
{
    layout_title(phrase_begin(&view->phrase), text);
    return phrase_end(&view->phrase);
}

static slice view_gaps_duration(struct view_gaps *view, int64_t duration_ns)
{
    words_duration(phrase_begin(&view->phrase), duration_ns);
    return phrase_end(&view->phrase);
}

/* The log; a file by its last name, which tells it from the others of the host. */
static slice view_gaps_log(struct view_gaps *view)
{
    slice log = view->line.log;
    if (log.len == 0)
        return text_get(TEXT_GAPS_ALL_LOGS);
    size_t slash = slice_find_last_byte(log, '/');
    bool is_channel = slice_starts(log, S("Microsoft-"));
    slice name =
        view_gaps_evidence(view, is_channel || slash == log.len ? log : slice_from(log, slash + 1));
    if (view->logs == 0)
        return name;
    slice more = phrase_number(&view->phrase, view->logs);
    text_append(phrase_begin(&view->phrase), TEXT_GAPS_LOGS, ARG(name), ARG(more));
    return phrase_end(&view->phrase);
}

static slice view_gaps_translated(struct view_gaps *view, slice says)
{
    static const enum text texts[] = {
#define SAYS(id, name) [GAP_MARK_SAYS_##id] = TEXT_GAPS_SAYS_##id,
#define WINDOWS(kind, provider, code, says)
#define AUDIT(kind, type, says)
#define PROGRAM(kind, program, words, says)
#include "triage/gap_marks.def"
#undef SAYS
#undef WINDOWS
#undef AUDIT
#undef PROGRAM
    };
    enum gap_mark_says known;
    slice of;
    if (!gap_mark_take_apart(says, &known, &of))
        return view_gaps_evidence(view, says);
    if (of.len == 0)
        return text_get(texts[known]);
    slice evidence = view_gaps_evidence(view, of);
    text_append(
        phrase_begin(&view->phrase), TEXT_GAPS_OF, ARG(text_get(texts[known])), ARG(evidence));
    return phrase_end(&view->phrase);
}

/* What an event says, by whom, and how often. */
static slice view_gaps_says(struct view_gaps *view)
{
    const struct gaps_row *line = &view->line;
    slice what = view_gaps_translated(view, line->says);
    slice user = view_gaps_evidence(view, line->user);
    if (user.len > 0) {
        text_append(phrase_begin(&view->phrase), TEXT_GAPS_BY, ARG(what), ARG(user));
        what = phrase_end(&view->phrase);
    }
    if (view->count > 1) {
        slice times = phrase_number(&view->phrase, view->count);
        text_append(phrase_begin(&view->phrase), TEXT_GAPS_TIMES, ARG(what), ARG(times));
        what = phrase_end(&view->phrase);
    }
    return what;
}

static slice view_gaps_missing(struct view_gaps *view)
{
    const struct gaps_row *line = &view->line;
    slice missing =
        phrase_count(&view->phrase, TEXT_REPORT_RECORD, TEXT_REPORT_RECORDS, line->missing);
    if (view->count > 1) {
        slice holes = phrase_number(&view->phrase, view->count);
        text_append(phrase_begin(&view->phrase), TEXT_GAPS_HOLES, ARG(missing), ARG(holes),
            ARG(line->from_number), ARG(line->to_number));
    } else {
        text_append(phrase_begin(&view->phrase), TEXT_GAPS_HOLE, ARG(missing),
            ARG(line->from_number), ARG(line->to_number));
    }
    return phrase_end(&view->phrase);
}

static slice view_gaps_how_long(struct view_gaps *view)
{
    slice longest = view_gaps_duration(view, view->longest_ns);
    if (view->count == 1)
        return longest;
    slice times = phrase_number(&view->phrase, view->count);
    text_append(phrase_begin(&view->phrase), TEXT_GAPS_LONGEST, ARG(times), ARG(longest));
    return phrase_end(&view->phrase);
}

static slice view_gaps_what(struct view_gaps *view)
{
    switch (view->line.kind) {
    case GAPS_CLEARED:
    case GAPS_AUDIT_OFF:
    case GAPS_AUDIT_CHANGED:
    case GAPS_CLOCK_CHANGED:
    case GAPS_LOST:
    case GAPS_STOPPED:
    case GAPS_STARTED:
        return view_gaps_says(view);
    case GAPS_RECORDS_MISSING:
        return view_gaps_missing(view);
    case GAPS_NOT_JUDGED:
        return phrase_number(&view->phrase, view->line.missing);
    case GAPS_NUMBERS_RESTARTED:
        text_append(phrase_begin(&view->phrase), TEXT_GAPS_FROM_NUMBER, ARG(view->line.to_number));
        return phrase_end(&view->phrase);
    case GAPS_ENDS_EARLY:
    case GAPS_SILENT:
    case GAPS_CLOCK_BACK:
    case GAPS_BEGINS_LATE:
    case GAPS_HOST_SILENT:
    case GAPS_KIND_COUNT:
        break;
    }
    return view_gaps_how_long(view);
}

static void view_gaps_put_line(struct view_gaps *view)
{
    if (!view->has_line)
        return;
    view->has_line = false;
    if (view->lines++ >= VIEW_GAPS_LINES) {
        view->hidden++;
        return;
    }
    const struct gaps_row *line = &view->line;
    const slice words[] = {
        line->host.len > 0 ? view_gaps_evidence(view, line->host) : text_get(TEXT_VIEW_NO_HOST),
        view_gaps_log(view), view_gaps_what(view),
        phrase_period(&view->phrase, line->from_ns, line->to_ns)};
    table_words(view->table, words, line->kind <= GAPS_SILENT ? S(LAYOUT_HIGH) : S(""));
    phrase_reset(&view->phrase);
}

static void view_gaps_end_kind(struct view_gaps *view)
{
    view_gaps_put_line(view);
    if (view->hidden > 0) {
        slice more = phrase_number(&view->phrase, view->hidden);
        invocation_view(phrase_begin(&view->phrase), view->options, S("gaps"));
        slice command = phrase_end(&view->phrase);
        text_append(phrase_begin(&view->phrase), TEXT_VIEW_MORE, ARG(more), ARG(command));
        table_remark(view->table, phrase_end(&view->phrase));
    }
    phrase_reset(&view->phrase);
}

static bool view_gaps_folds(const struct view_gaps *view, const struct gaps_row *row)
{
    const struct gaps_row *line = &view->line;
    /* Who clears one log clears them all. */
    bool same_log = row->kind == GAPS_CLEARED || slice_equal(line->log, row->log);
    return view->has_line && same_log && line->kind == row->kind &&
           slice_equal(line->host, row->host) && slice_equal(line->says, row->says) &&
           slice_equal(line->user, row->user);
}

static void view_gaps_note_log(struct view_gaps *view, slice log)
{
    buf_clear(&view->last_log);
    buf_append(&view->last_log, log);
}

static void view_gaps_fold(struct view_gaps *view, const struct gaps_row *row)
{
    struct gaps_row *line = &view->line;
    int64_t length_ns = view_gaps_length(row);
    view->count++;
    line->missing += row->missing;
    if (row->from_number < line->from_number)
        line->from_number = row->from_number;
    if (row->to_number > line->to_number)
        line->to_number = row->to_number;
    if (row->from_ns < line->from_ns)
        line->from_ns = row->from_ns;
    if (row->to_ns > line->to_ns)
        line->to_ns = row->to_ns;
    view->logs += slice_equal(row->log, buf_slice(&view->last_log)) ? 0 : 1;
    view_gaps_note_log(view, row->log);
    if (length_ns > view->longest_ns)
        view->longest_ns = length_ns;
}

static void view_gaps_begin_line(struct view_gaps *view, const struct gaps_row *row)
{
    view_gaps_put_line(view);
    arena_reset(&view->arena);
    view->line = *row;
    view->line.host = arena_copy(&view->arena, row->host);
    view->line.log = arena_copy(&view->arena, row->log);
    view->line.says = arena_copy(&view->arena, row->says);
    view->line.user = arena_copy(&view->arena, row->user);
    view->has_line = true;
    view->count = 1;
    view->logs = 0;
    view_gaps_note_log(view, row->log);
    view->longest_ns = view_gaps_length(row);
}

static void view_gaps_line(struct view_gaps *view, const struct gaps_row *row)
{
    if (!view->begun || view->kind != row->kind) {
        view_gaps_end_kind(view);
        view->begun = true;
        view->kind = row->kind;
        view->lines = 0;
        view->hidden = 0;
        table_section(view->table, text_get(view_gaps_kinds[row->kind].heading));
    }
    if (view_gaps_folds(view, row))
        view_gaps_fold(view, row);
    else
        view_gaps_begin_line(view, row);
}

/* How many logs were looked at, and whether anything was found. */
static void view_gaps_summary(struct view_gaps *view)
{
    size_t logs;
    const struct triage_counts *counts = triage_counts(view->result);
    (void)triage_coverages(view->result, &logs);
    if (counts->events == 0) {
        table_before(view->table, text_get(TEXT_GAPS_NO_EVENTS));
    } else {
        slice events = phrase_number(&view->phrase, counts->events);
        slice period = phrase_period(&view->phrase, counts->first_ns, counts->last_ns);
        text_append(phrase_begin(&view->phrase),
            view->rows == 0 ? TEXT_GAPS_NONE : TEXT_GAPS_SUMMARY, ARG(events), ARG(period));
        table_before(view->table, phrase_end(&view->phrase));
    }
    if (counts->interrupted)
        table_before(view->table, text_get(TEXT_VIEW_INTERRUPTED));
}

static enum result view_gaps_rows(struct view_gaps *view, struct error *err)
{
    struct sorter_reader *reader;
    struct gaps_row row;
    bool goes_on = true;
    enum result result = sorter_read(triage_rows(view->result), &reader, err);
    if (result != RESULT_OK)
        return result;
    while (goes_on && (result = gaps_next(reader, &row, err)) == RESULT_OK) {
        view->rows++;
        if (table_is_for_people(view->table))
            view_gaps_line(view, &row);
        else
            goes_on = view_gaps_row(view, &row);
    }
    sorter_reader_free(reader);
    return result == RESULT_END ? RESULT_OK : result;
}

enum result view_gaps_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err)
{
    struct view_gaps view = {.table = table_new(sink, format, &view_gaps_shape, options),
        .result = result,
        .options = options};
    phrase_init(&view.phrase);
    buf_init(&view.last_log, PHRASE_MAX);
    enum result done = view_gaps_rows(&view, err);
    if (table_is_for_people(view.table)) {
        view_gaps_end_kind(&view);
        view_gaps_summary(&view);
    }
    table_end(view.table);
    phrase_free(&view.phrase);
    buf_free(&view.last_log);
    arena_free(&view.arena);
    return done;
}
