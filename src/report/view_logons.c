/* See view_logons.h. Rows come ranked (triage/logons.h). People see the first of each kind;
 * failures of one source are one line for them, however many accounts it tried. */
#include "report/view_logons.h"

#include "base/map.h"
#include "report/invocation.h"
#include "report/phrase.h"
#include "report/table.h"
#include "report/words.h"
#include "triage/logons.h"

/* Lines of one kind that people see. */
#define VIEW_LOGONS_LINES       12U
#define VIEW_LOGONS_LINES_USUAL 5U /* of what is local or routine */
/* Accounts of one source: named, and told apart. */
#define VIEW_LOGONS_NAMED    3U
#define VIEW_LOGONS_ACCOUNTS ((size_t)1 << 16)

static const struct table_column view_logons_columns[] = {
    {S_INIT("attention"), TABLE_TEXT},
    {S_INIT("account"), TABLE_TEXT},
    {S_INIT("as"), TABLE_TEXT},
    {S_INIT("host"), TABLE_TEXT},
    {S_INIT("address"), TABLE_TEXT},
    {S_INIT("workstation"), TABLE_TEXT},
    {S_INIT("target"), TABLE_TEXT},
    {S_INIT("method"), TABLE_TEXT},
    {S_INIT("logon_type"), TABLE_NUMBER},
    {S_INIT("package"), TABLE_TEXT},
    {S_INIT("outcome"), TABLE_TEXT},
    {S_INIT("reason"), TABLE_TEXT},
    {S_INIT("count"), TABLE_NUMBER},
    {S_INIT("first"), TABLE_TIME},
    {S_INIT("last"), TABLE_TIME},
    {S_INIT("source_failures"), TABLE_NUMBER},
    {S_INIT("log"), TABLE_TEXT},
    {S_INIT("path"), TABLE_TEXT},
    {S_INIT("number"), TABLE_NUMBER},
};
#define VIEW_LOGONS_COLUMNS (sizeof(view_logons_columns) / sizeof(view_logons_columns[0]))

static const struct table_heading view_logons_headings[] = {
    {TEXT_VIEW_COUNT, true, 5},
    {TEXT_LOGONS_ACCOUNT, false, 8},
    {TEXT_VIEW_HOST, false, 6},
    {TEXT_LOGONS_FROM, false, 13},
    {TEXT_LOGONS_HOW, false, 8},
    {TEXT_VIEW_WHEN, false, 19},
};

static const struct table_shape view_logons_shape = {S_INIT("logons"), S_INIT("logon"),
    view_logons_columns, VIEW_LOGONS_COLUMNS, view_logons_headings,
    sizeof(view_logons_headings) / sizeof(view_logons_headings[0])};

struct view_logons {
    struct table *table;
    struct triage_result *result;
    const struct report_options *options;
    struct phrase phrase;
    uint64_t worked, failed;
    /* Of the kind at hand. */
    enum logons_attention kind;
    bool begun;
    size_t lines;
    uint64_t hidden;
    /* The line that is being put together. */
    bool has_line;
    struct logons_row line;
    struct arena arena; /* its texts */
    struct map accounts;
    slice named[VIEW_LOGONS_NAMED];
    bool several_reasons;
};

/* --- for programs --- */

static slice view_logons_attention(enum logons_attention attention)
{
    static const slice names[] = {
        [LOGONS_GUESSED] = S_INIT("guessed"),
        [LOGONS_OUTSIDE] = S_INIT("outside"),
        [LOGONS_EXPLICIT] = S_INIT("explicit"),
        [LOGONS_MANY] = S_INIT("many-failures"),
        [LOGONS_REMOTE] = S_INIT("remote"),
        [LOGONS_FAILED] = S_INIT("failed"),
        [LOGONS_PRIVILEGED] = S_INIT("privileged"),
        [LOGONS_LOCAL] = S_INIT("local"),
        [LOGONS_ROUTINE] = S_INIT("routine"),
    };
    ASSERT(attention < LOGONS_ATTENTION_COUNT);
    return names[attention];
}

static bool view_logons_row(struct view_logons *view, const struct logons_row *row)
{
    const struct logon *logon = &row->logon;
    int type = logon_method_type(logon->method);
    const struct triage_source *source =
        triage_source_at(view->result, row->place.file, row->place.object);
    const struct table_cell cells[VIEW_LOGONS_COLUMNS] = {
        {.text = view_logons_attention(row->attention)},
        {.text = logon->account},
        {.text = logon->as},
        {.text = logon->host},
        {.text = logon->address},
        {.text = logon->from},
        {.text = logon->target},
        {.text = logon_method_name(logon->method)},
        {.number = (uint64_t)type, .absent = type < 0},
        {.text = logon->package},
        {.text = logon->failure ? S("failure") : S("success")},
        {.text = logon->reason},
        {.number = row->count},
        {.time_ns = row->first_ns},
        {.time_ns = row->last_ns},
        {.number = row->source_failures},
        {.text = logon->log},
        {.text = source == NULL ? S("") : source->path},
        {.number = row->place.number},
    };
    return table_row(view->table, cells);
}

/* --- for people --- */

static slice view_logons_evidence(struct view_logons *view, slice text)
{
    layout_name(phrase_begin(&view->phrase), text);
    return phrase_end(&view->phrase);
}

/* The first of the accounts told apart, and how many there are besides. */
static slice view_logons_names(struct view_logons *view)
{
    size_t count = view->accounts.count;
    size_t shown = size_min(count, VIEW_LOGONS_NAMED);
    struct buf *names = phrase_begin(&view->phrase);
    for (size_t i = 0; i < shown; i++) {
        if (i > 0)
            buf_append(names, text_get(TEXT_REPORT_LIST_COMMA));
        if (view->named[i].len > 0)
            layout_name(names, view->named[i]);
        else
            buf_append(names, text_get(TEXT_LOGONS_UNNAMED));
    }
    slice all = phrase_end(&view->phrase);
    if (count == shown)
        return all;
    text_append(phrase_begin(&view->phrase), TEXT_LOGONS_ACCOUNTS, ARG(all), ARG(count - shown));
    return phrase_end(&view->phrase);
}

static slice view_logons_who(struct view_logons *view)
{
    const struct logon *logon = &view->line.logon;
    slice names = view_logons_names(view);
    bool used = logon->method == LOGON_EXPLICIT_CREDENTIALS;
    if (!used && logon->as.len == 0)
        return names;
    slice who = used ? view_logons_evidence(view, logon->account) : names;
    slice as = used ? names : view_logons_evidence(view, logon->as);
    text_append(phrase_begin(&view->phrase), TEXT_LOGONS_AS, ARG(who), ARG(as));
    return phrase_end(&view->phrase);
}

/* The host; where the log names none, the file. */
static slice view_logons_where(struct view_logons *view)
{
    const struct logons_row *line = &view->line;
    const struct triage_source *source =
        triage_source_at(view->result, line->place.file, line->place.object);
    if (line->logon.host.len > 0 || source == NULL)
        return view_logons_evidence(view, line->logon.host);
    size_t slash = slice_find_last_byte(source->path, '/');
    return view_logons_evidence(
        view, slash < source->path.len ? slice_from(source->path, slash + 1) : source->path);
}

static slice view_logons_from(struct view_logons *view)
{
    const struct logon *logon = &view->line.logon;
    slice from = view_logons_evidence(view, logon->from);
    struct buf *words = phrase_begin(&view->phrase);
    layout_name(words, logon->address);
    if (logon->from.len > 0) {
        if (logon->address.len > 0)
            buf_append_byte(words, ' ');
        buf_append(words, from);
    }
    return phrase_end(&view->phrase);
}

static slice view_logons_reason(struct view_logons *view, slice reason)
{
    static const enum text texts[] = {
#define REASON(id, name) [LOGON_REASON_##id] = TEXT_LOGON_REASON_##id,
#define STATUS(id, status)
#define KERBEROS(id, code)
#define WORDS(id, words)
#include "triage/logon_reasons.def"
#undef REASON
#undef STATUS
#undef KERBEROS
#undef WORDS
    };
    enum logon_reason known = logon_reason_named(reason);
    return known == LOGON_REASON_NONE ? view_logons_evidence(view, reason) : text_get(texts[known]);
}

static slice view_logons_method(struct view_logons *view, enum logon_method method)
{
    static const enum text texts[] = {
#define METHOD(id, name, type) [LOGON_##id] = TEXT_LOGON_METHOD_##id,
#include "triage/logon_methods.def"
#undef METHOD
    };
    int type = logon_method_type(method);
    if (type < 0)
        return text_get(texts[method]);
    text_append(phrase_begin(&view->phrase), TEXT_LOGONS_TYPE, ARG(text_get(texts[method])),
        ARG((unsigned)type));
    return phrase_end(&view->phrase);
}

static slice view_logons_how(struct view_logons *view)
{
    const struct logon *logon = &view->line.logon;
    slice method = view_logons_method(view, logon->method);
    slice package = view_logons_evidence(view, logon->package);
    slice target = view_logons_evidence(view, logon->target);
    slice reason = view->several_reasons ? text_get(TEXT_LOGONS_SEVERAL)
                                         : view_logons_reason(view, logon->reason);
    struct buf *words = phrase_begin(&view->phrase);
    buf_append(words, method);
    if (package.len > 0) {
        buf_append(words, text_get(TEXT_REPORT_LIST_COMMA));
        buf_append(words, package);
    }
    if (reason.len > 0) {
        buf_append(words, S(": "));
        buf_append(words, reason);
    }
    slice how = phrase_end(&view->phrase);
    if (target.len > 0) {
        text_append(phrase_begin(&view->phrase), TEXT_LOGONS_FOR, ARG(how), ARG(target));
        how = phrase_end(&view->phrase);
    }
    if (view->line.attention == LOGONS_GUESSED) {
        slice failures = phrase_number(&view->phrase, view->line.source_failures);
        text_append(
            phrase_begin(&view->phrase), TEXT_LOGONS_SOURCE_FAILURES, ARG(how), ARG(failures));
        how = phrase_end(&view->phrase);
    }
    return how;
}

static void view_logons_put_line(struct view_logons *view)
{
    if (!view->has_line)
        return;
    view->has_line = false;
    bool usual = view->line.attention >= LOGONS_LOCAL;
    if (view->lines++ >= (usual ? VIEW_LOGONS_LINES_USUAL : VIEW_LOGONS_LINES)) {
        view->hidden++;
        return;
    }
    const slice words[] = {phrase_number(&view->phrase, view->line.count), view_logons_who(view),
        view_logons_where(view), view_logons_from(view), view_logons_how(view),
        phrase_period(&view->phrase, view->line.first_ns, view->line.last_ns)};
    bool first = view->line.attention <= LOGONS_MANY;
    table_words(view->table, words, first ? S(LAYOUT_HIGH) : S(""));
    phrase_reset(&view->phrase);
}

static void view_logons_end_kind(struct view_logons *view)
{
    view_logons_put_line(view);
    if (view->hidden > 0) {
        slice more = phrase_number(&view->phrase, view->hidden);
        invocation_view(phrase_begin(&view->phrase), view->options, S("logons"));
        slice command = phrase_end(&view->phrase);
        text_append(phrase_begin(&view->phrase), TEXT_VIEW_MORE, ARG(more), ARG(command));
        table_remark(view->table, phrase_end(&view->phrase));
    }
    phrase_reset(&view->phrase);
}

static void view_logons_begin_kind(struct view_logons *view, enum logons_attention kind)
{
    static const struct {
        enum text text;
        unsigned number;
    } headings[] = {
        [LOGONS_GUESSED] = {TEXT_LOGONS_GUESSED, LOGONS_GUESSES},
        [LOGONS_OUTSIDE] = {TEXT_LOGONS_OUTSIDE, 0},
        [LOGONS_EXPLICIT] = {TEXT_LOGONS_EXPLICIT, 0},
        [LOGONS_MANY] = {TEXT_LOGONS_MANY, LOGONS_MANY_FAILURES},
        [LOGONS_REMOTE] = {TEXT_LOGONS_REMOTE, 0},
        [LOGONS_FAILED] = {TEXT_LOGONS_FAILED, 0},
        [LOGONS_PRIVILEGED] = {TEXT_LOGONS_PRIVILEGED, 0},
        [LOGONS_LOCAL] = {TEXT_LOGONS_LOCAL, 0},
        [LOGONS_ROUTINE] = {TEXT_LOGONS_ROUTINE, 0},
    };
    if (view->begun && view->kind == kind)
        return;
    view_logons_end_kind(view);
    view->begun = true;
    view->kind = kind;
    view->lines = 0;
    view->hidden = 0;
    text_append(phrase_begin(&view->phrase), headings[kind].text, ARG(headings[kind].number));
    table_section(view->table, phrase_end(&view->phrase));
}

/* Failures of one source on one host in one way, and others' credentials that one account used. */
static bool view_logons_folds(const struct view_logons *view, const struct logons_row *row)
{
    const struct logon *line = &view->line.logon, *logon = &row->logon;
    if (!view->has_line || view->line.attention != row->attention ||
        line->method != logon->method || !slice_equal(line->address, logon->address) ||
        !slice_equal(line->host, logon->host) || !slice_equal(line->log, logon->log))
        return false;
    if (logon->method == LOGON_EXPLICIT_CREDENTIALS)
        return slice_equal(line->account, logon->account);
    /* Workstations may be called anything, and are by those who guess. */
    return logon->failure && (logon->address.len > 0 ||
                                 (logon->from.len > 0 && slice_equal(line->from, logon->from)));
}

/* Who is told apart in a line: accounts; of one account, those whose credentials it used. */
static void view_logons_name(struct view_logons *view, const struct logon *logon)
{
    slice account = logon->method == LOGON_EXPLICIT_CREDENTIALS ? logon->as : logon->account;
    if (view->accounts.count >= VIEW_LOGONS_ACCOUNTS)
        return;
    size_t count = view->accounts.count;
    size_t index = map_intern(&view->accounts, account);
    if (index == count && index < VIEW_LOGONS_NAMED)
        view->named[index] = arena_copy(&view->arena, account);
}

static void view_logons_begin_line(struct view_logons *view, const struct logons_row *row)
{
    view_logons_put_line(view);
    arena_reset(&view->arena);
    map_free(&view->accounts);
    view->line = *row;
    slice *texts[] = {&view->line.logon.account, &view->line.logon.as, &view->line.logon.host,
        &view->line.logon.address, &view->line.logon.from, &view->line.logon.target,
        &view->line.logon.log, &view->line.logon.package, &view->line.logon.reason};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = arena_copy(&view->arena, *texts[i]);
    view->several_reasons = false;
    view->has_line = true;
    view_logons_name(view, &row->logon);
}

static void view_logons_fold(struct view_logons *view, const struct logons_row *row)
{
    struct logons_row *line = &view->line;
    line->count += row->count;
    if (row->first_ns != CIVIL_TIME_NONE &&
        (line->first_ns == CIVIL_TIME_NONE || row->first_ns < line->first_ns))
        line->first_ns = row->first_ns;
    if (row->last_ns > line->last_ns)
        line->last_ns = row->last_ns;
    view->several_reasons |= !slice_equal(line->logon.reason, row->logon.reason);
    if (!slice_equal(line->logon.package, row->logon.package))
        line->logon.package = S("");
    if (!slice_equal(line->logon.from, row->logon.from))
        line->logon.from = S("");
    if (!slice_equal(line->logon.target, row->logon.target))
        line->logon.target = S("");
    view_logons_name(view, &row->logon);
}

static void view_logons_line(struct view_logons *view, const struct logons_row *row)
{
    view_logons_begin_kind(view, row->attention);
    if (view_logons_folds(view, row))
        view_logons_fold(view, row);
    else
        view_logons_begin_line(view, row);
}

static void view_logons_summary(struct view_logons *view)
{
    if (view->worked + view->failed == 0) {
        table_before(view->table, text_get(TEXT_LOGONS_NONE));
    } else {
        slice worked = phrase_number(&view->phrase, view->worked);
        slice failed = phrase_number(&view->phrase, view->failed);
        text_append(phrase_begin(&view->phrase), TEXT_LOGONS_SUMMARY, ARG(worked), ARG(failed));
        table_before(view->table, phrase_end(&view->phrase));
    }
    if (triage_counts(view->result)->interrupted)
        table_before(view->table, text_get(TEXT_VIEW_INTERRUPTED));
}

/* --- both --- */

static enum result view_logons_rows(struct view_logons *view, struct error *err)
{
    struct sorter_reader *reader;
    struct logons_row row;
    bool goes_on = true;
    enum result result = sorter_read(triage_rows(view->result), &reader, err);
    if (result != RESULT_OK)
        return result;
    while (goes_on && (result = logons_next(reader, &row, err)) == RESULT_OK) {
        if (row.logon.failure)
            view->failed += row.count;
        else
            view->worked += row.count;
        if (table_is_for_people(view->table))
            view_logons_line(view, &row);
        else
            goes_on = view_logons_row(view, &row);
    }
    sorter_reader_free(reader);
    return result == RESULT_END ? RESULT_OK : result;
}

enum result view_logons_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, struct error *err)
{
    struct view_logons view = {.table = table_new(sink, format, &view_logons_shape, options),
        .result = result,
        .options = options};
    phrase_init(&view.phrase);
    enum result done = view_logons_rows(&view, err);
    if (table_is_for_people(view.table)) {
        view_logons_end_kind(&view);
        view_logons_summary(&view);
    }
    table_end(view.table);
    phrase_free(&view.phrase);
    map_free(&view.accounts);
    arena_free(&view.arena);
    return done;
}
