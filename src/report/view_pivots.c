/* See view_pivots.h. Rows come ranked (triage/pivots.h); people see the first of each type. */
#include "report/view_pivots.h"

#include "report/invocation.h"
#include "report/phrase.h"
#include "report/table.h"
#include "report/words.h"
#include "triage/pivots.h"

/* Lines of one type that people see, and incidents named in one. */
#define VIEW_PIVOTS_LINES     8U
#define VIEW_PIVOTS_INCIDENTS 5U

static const struct table_column view_pivots_columns[] = {
    {S_INIT("kind"), TABLE_TEXT},
    {S_INIT("value"), TABLE_TEXT},
    {S_INIT("level"), TABLE_TEXT},
    {S_INIT("rule"), TABLE_TEXT},
    {S_INIT("rules"), TABLE_NUMBER},
    {S_INIT("signs"), TABLE_NUMBER},
    {S_INIT("first"), TABLE_TIME},
    {S_INIT("last"), TABLE_TIME},
    {S_INIT("incidents"), TABLE_LIST},
    {S_INIT("more_incidents"), TABLE_FLAG},
};
#define VIEW_PIVOTS_COLUMNS (sizeof(view_pivots_columns) / sizeof(view_pivots_columns[0]))

static const struct table_heading view_pivots_headings[] = {
    {TEXT_PIVOTS_LEVEL, false, 6},
    {TEXT_PIVOTS_VALUE, false, 16},
    {TEXT_PIVOTS_RULES, true, 5},
    {TEXT_PIVOTS_SIGNS, true, 5},
    {TEXT_PIVOTS_INCIDENTS, false, 6},
    {TEXT_VIEW_WHEN, false, 19},
};

static const struct table_shape view_pivots_shape = {S_INIT("pivots"), S_INIT("pivot"),
    view_pivots_columns, VIEW_PIVOTS_COLUMNS, view_pivots_headings,
    sizeof(view_pivots_headings) / sizeof(view_pivots_headings[0])};

struct view_pivots {
    struct table *table;
    struct triage_result *result;
    const struct report_options *options;
    struct phrase phrase;
    uint64_t values;
    bool begun;
    enum pivots_type type;
    size_t lines;
    uint64_t hidden;
};

static bool view_pivots_row(struct view_pivots *view, const struct pivots_row *row)
{
    static const slice kinds[] = {
        [PIVOTS_HOST] = S_INIT("host"),
        [PIVOTS_USER] = S_INIT("user"),
        [PIVOTS_IP] = S_INIT("ip"),
        [PIVOTS_DOMAIN] = S_INIT("domain"),
        [PIVOTS_URL] = S_INIT("url"),
        [PIVOTS_HASH] = S_INIT("hash"),
        [PIVOTS_PROCESS] = S_INIT("process"),
        [PIVOTS_COMMAND] = S_INIT("command"),
        [PIVOTS_FILE] = S_INIT("file"),
        [PIVOTS_EMAIL] = S_INIT("email"),
    };
    size_t count;
    const struct triage_incident *incidents = triage_incidents(view->result, &count);
    slice ids[PIVOTS_INCIDENTS_MAX];
    size_t listed = 0;
    for (size_t i = 0; i < row->incident_count; i++) {
        if (row->incidents[i] >= count)
            continue;
        uuid_append(phrase_begin(&view->phrase), incidents[row->incidents[i]].id);
        ids[listed++] = phrase_end(&view->phrase);
    }
    const struct table_cell cells[VIEW_PIVOTS_COLUMNS] = {
        {.text = kinds[row->type]},
        {.text = row->value},
        {.text = words_level_name(row->level)},
        {.text = row->rule},
        {.number = row->rules},
        {.number = row->signs},
        {.time_ns = row->first_ns},
        {.time_ns = row->last_ns},
        {.list = ids, .list_count = listed},
        {.flag = row->more_incidents},
    };
    bool goes_on = table_row(view->table, cells);
    phrase_reset(&view->phrase);
    return goes_on;
}

/* --- for people --- */

static void view_pivots_end_type(struct view_pivots *view)
{
    if (view->hidden > 0) {
        slice more = phrase_number(&view->phrase, view->hidden);
        invocation_view(phrase_begin(&view->phrase), view->options, S("pivots"));
        slice command = phrase_end(&view->phrase);
        text_append(phrase_begin(&view->phrase), TEXT_VIEW_MORE, ARG(more), ARG(command));
        table_remark(view->table, phrase_end(&view->phrase));
    }
    view->hidden = 0;
    view->lines = 0;
    phrase_reset(&view->phrase);
}

static void view_pivots_begin_type(struct view_pivots *view, enum pivots_type type)
{
    static const enum text headings[] = {
        [PIVOTS_HOST] = TEXT_REPORT_ENTITY_HOST,
        [PIVOTS_USER] = TEXT_REPORT_ENTITY_USER,
        [PIVOTS_IP] = TEXT_REPORT_ENTITY_IP,
        [PIVOTS_DOMAIN] = TEXT_REPORT_ENTITY_DOMAIN,
        [PIVOTS_URL] = TEXT_REPORT_ENTITY_URL,
        [PIVOTS_HASH] = TEXT_REPORT_ENTITY_HASH,
        [PIVOTS_PROCESS] = TEXT_REPORT_ENTITY_PROCESS,
        [PIVOTS_COMMAND] = TEXT_PIVOTS_COMMANDS,
        [PIVOTS_FILE] = TEXT_REPORT_ENTITY_FILE,
        [PIVOTS_EMAIL] = TEXT_REPORT_ENTITY_EMAIL,
    };
    if (view->begun && view->type == type)
        return;
    view_pivots_end_type(view);
    view->begun = true;
    view->type = type;
    table_section(view->table, text_get(headings[type]));
}

/* The numbers that triage gives them. */
static slice view_pivots_incidents(struct view_pivots *view, const struct pivots_row *row)
{
    struct buf *words = phrase_begin(&view->phrase);
    size_t shown = size_min(row->incident_count, VIEW_PIVOTS_INCIDENTS);
    for (size_t i = 0; i < shown; i++) {
        if (i > 0)
            buf_append(words, S(", "));
        buf_append_u64(words, (uint64_t)row->incidents[i] + 1);
    }
    if (row->incident_count > shown || row->more_incidents)
        buf_append(words, S(", \xe2\x80\xa6"));
    return phrase_end(&view->phrase);
}

static void view_pivots_line(struct view_pivots *view, const struct pivots_row *row)
{
    static const slice marks[] = {
        [RULE_INFORMATIONAL] = S_INIT(""),
        [RULE_LOW] = S_INIT(""),
        [RULE_MEDIUM] = S_INIT(LAYOUT_MEDIUM),
        [RULE_HIGH] = S_INIT(LAYOUT_HIGH),
        [RULE_CRITICAL] = S_INIT(LAYOUT_CRITICAL),
    };
    view_pivots_begin_type(view, row->type);
    if (view->lines++ >= VIEW_PIVOTS_LINES) {
        view->hidden++;
        return;
    }
    layout_title(phrase_begin(&view->phrase), row->value);
    slice value = phrase_end(&view->phrase);
    const slice words[] = {words_level(row->level), value, phrase_number(&view->phrase, row->rules),
        phrase_number(&view->phrase, row->signs), view_pivots_incidents(view, row),
        phrase_period(&view->phrase, row->first_ns, row->last_ns)};
    table_words(view->table, words, marks[row->level]);
    phrase_reset(&view->phrase);
}

static void view_pivots_summary(struct view_pivots *view)
{
    const struct triage_counts *counts = triage_counts(view->result);
    if (view->values == 0) {
        table_before(view->table, text_get(TEXT_PIVOTS_NONE));
    } else {
        slice values = phrase_number(&view->phrase, view->values);
        slice signs =
            phrase_count(&view->phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, counts->signs);
        slice incidents = phrase_count(
            &view->phrase, TEXT_REPORT_INCIDENT, TEXT_REPORT_INCIDENTS, counts->incidents);
        text_append(phrase_begin(&view->phrase), TEXT_PIVOTS_SUMMARY, ARG(values), ARG(signs),
            ARG(incidents));
        table_before(view->table, phrase_end(&view->phrase));
    }
    if (counts->interrupted)
        table_before(view->table, text_get(TEXT_VIEW_INTERRUPTED));
}

static enum result view_pivots_rows(struct view_pivots *view, struct error *err)
{
    struct sorter_reader *reader;
    struct pivots_row row;
    bool goes_on = true;
    enum result result = sorter_read(triage_rows(view->result), &reader, err);
    if (result != RESULT_OK)
        return result;
    while (goes_on && (result = pivots_next(reader, &row, err)) == RESULT_OK) {
        view->values++;
        if (table_is_for_people(view->table))
            view_pivots_line(view, &row);
        else
            goes_on = view_pivots_row(view, &row);
    }
    sorter_reader_free(reader);
    return result == RESULT_END ? RESULT_OK : result;
}

enum result view_pivots_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err)
{
    struct view_pivots view = {.table = table_new(sink, format, &view_pivots_shape, options),
        .result = result,
        .options = options};
    phrase_init(&view.phrase);
    enum result done = view_pivots_rows(&view, err);
    if (table_is_for_people(view.table)) {
        view_pivots_end_type(&view);
        view_pivots_summary(&view);
    }
    table_end(view.table);
    phrase_free(&view.phrase);
    return done;
}
