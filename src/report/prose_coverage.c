/* See prose_coverage.h. */
#include "report/prose_coverage.h"

#include "base/civil.h"
#include "report/invocation.h"
#include "report/summary.h"
#include "report/words.h"

/* Columns between those of the table, and its indent under the host. */
#define PROSE_TABLE_GAP    2
#define PROSE_TABLE_INDENT (PROSE_INDENT + 2)
#define PROSE_LOG_MIN      12
/* Columns of two times and what is between them. */
#define PROSE_SPAN_COLUMNS 36

/* The line that says that a list was cut, and how to see all of it. */
static void prose_list_cut(struct prose *prose, size_t count)
{
    if (count <= PROSE_COVERAGE_LINES_MAX)
        return;
    slice more = phrase_number(&prose->phrase, count - PROSE_COVERAGE_LINES_MAX);
    invocation_everything(phrase_begin(&prose->phrase), prose->options);
    text_append(&prose->text, TEXT_REPORT_LIST_CUT, ARG(more), ARG(phrase_end(&prose->phrase)));
    layout_line(&prose->layout, buf_slice(&prose->text), PROSE_INDENT);
    buf_clear(&prose->text);
}

/* --- the table of logs, by host --- */

struct prose_table {
    size_t log, events; /* columns */
};

static slice prose_log(struct prose *prose, const struct triage_coverage *coverage)
{
    if (coverage->channel.len == 0)
        return text_get(TEXT_REPORT_NO_LOG);
    return prose_evidence(prose, coverage->channel);
}

static struct prose_table prose_table_fit(
    struct prose *prose, const struct triage_coverage *coverages, size_t count)
{
    struct prose_table table = {0};
    for (size_t i = 0; i < count; i++) {
        table.log = size_max(table.log, layout_width(prose_log(prose, &coverages[i])));
        table.events =
            size_max(table.events, phrase_number(&prose->phrase, coverages[i].events).len);
    }
    size_t others = PROSE_TABLE_INDENT + 2 * PROSE_TABLE_GAP + table.events + PROSE_SPAN_COLUMNS;
    size_t room = prose->layout.columns - size_min(others, prose->layout.columns);
    table.log = size_min(table.log, size_max(room, PROSE_LOG_MIN));
    return table;
}

/* A name too long for its column has a line of its own. */
static void prose_table_row(
    struct prose *prose, const struct prose_table *table, const struct triage_coverage *coverage)
{
    slice log = prose_log(prose, coverage);
    slice events = phrase_number(&prose->phrase, coverage->events);
    size_t columns = layout_width(log);
    words_span(phrase_begin(&prose->phrase), coverage->first_ns, coverage->last_ns);
    slice span = phrase_end(&prose->phrase);
    if (columns > table->log) {
        layout_wrap(&prose->layout, log, PROSE_TABLE_INDENT, PROSE_TABLE_INDENT + 2);
        columns = 0;
    } else {
        buf_append(&prose->text, log);
    }
    layout_spaces(&prose->text, table->log - columns + PROSE_TABLE_GAP);
    layout_spaces(&prose->text, table->events - size_min(events.len, table->events));
    buf_append(&prose->text, events);
    layout_spaces(&prose->text, PROSE_TABLE_GAP);
    buf_append(&prose->text, span);
    layout_line(&prose->layout, buf_slice(&prose->text), PROSE_TABLE_INDENT);
    buf_clear(&prose->text);
}

static void prose_table(struct prose *prose)
{
    size_t count;
    const struct triage_coverage *coverages = triage_coverages(prose->result, &count);
    prose_heading(prose, text_get(TEXT_REPORT_COVERAGE_HEAD));
    if (count == 0) {
        buf_append(&prose->text, text_get(TEXT_REPORT_COVERAGE_NONE));
        prose_end(prose, PROSE_INDENT, PROSE_INDENT);
        return;
    }
    size_t shown = size_min(count, PROSE_COVERAGE_LINES_MAX);
    struct prose_table table = prose_table_fit(prose, coverages, shown);
    for (size_t i = 0; i < shown; i++) {
        if (i == 0 || !slice_equal(coverages[i].host, coverages[i - 1].host)) {
            if (coverages[i].host.len > 0)
                layout_evidence(&prose->text, coverages[i].host);
            else
                buf_append(&prose->text, text_get(TEXT_REPORT_NO_HOST));
            prose_end(prose, PROSE_INDENT, PROSE_INDENT);
        }
        prose_table_row(prose, &table, &coverages[i]);
    }
    phrase_reset(&prose->phrase);
    prose_list_cut(prose, count);
}

/* --- lists of what is amiss --- */

static void prose_say_unread(struct prose *prose, const struct triage_source *source)
{
    layout_evidence(&prose->text, source->path);
    buf_append(&prose->text, S(": "));
    if (source->note.len > 0)
        layout_evidence(&prose->text, source->note);
    else if (slice_is_absent(source->format))
        buf_append(&prose->text, text_get(TEXT_REPORT_UNKNOWN_FORMAT));
    if (source->undecoded == 0)
        return;
    if (source->note.len > 0 || slice_is_absent(source->format))
        buf_append(&prose->text, S("; "));
    text_append(&prose->text, TEXT_REPORT_UNDECODED,
        ARG(phrase_number(&prose->phrase, source->undecoded)),
        ARG(phrase_number(&prose->phrase, source->records)));
}

static void prose_unread(struct prose *prose)
{
    size_t count, listed = 0;
    const struct triage_source *sources = triage_sources(prose->result, &count);
    for (size_t i = 0; i < count; i++) {
        if (!summary_is_unread(&sources[i]))
            continue;
        if (listed++ == 0)
            prose_heading(prose, text_get(TEXT_REPORT_UNREAD_HEAD));
        if (listed > PROSE_COVERAGE_LINES_MAX)
            continue;
        prose_say_unread(prose, &sources[i]);
        prose_end(prose, PROSE_INDENT, PROSE_INDENT + 2);
    }
    prose_list_cut(prose, listed);
}

static void prose_assumption(struct prose *prose, const struct summary_assumption *assumption)
{
    struct buf *names = phrase_begin(&prose->phrase);
    for (size_t i = 0; i < assumption->named; i++) {
        if (i > 0)
            buf_append(names, text_get(TEXT_REPORT_LIST_COMMA));
        layout_evidence(names, assumption->first[i]->path);
    }
    if (assumption->count > assumption->named) {
        buf_append(names, text_get(TEXT_REPORT_LIST_COMMA));
        text_append(names, TEXT_REPORT_MORE, ARG(assumption->count - assumption->named));
    }
    slice named = phrase_end(&prose->phrase);
    if (assumption->zone)
        text_append(&prose->text, TEXT_REPORT_ASSUMED_ZONE, ARG(named));
    else
        text_append(&prose->text, TEXT_REPORT_ASSUMED_YEAR, ARG(assumption->year), ARG(named));
    prose_end(prose, PROSE_INDENT, PROSE_INDENT + 2);
}

static void prose_assumptions(struct prose *prose)
{
    struct summary_assumption assumptions[SUMMARY_ASSUMPTIONS_MAX];
    size_t count = summary_assumptions(prose->result, assumptions);
    if (count > 0)
        prose_heading(prose, text_get(TEXT_REPORT_ASSUMED_HEAD));
    for (size_t i = 0; i < count; i++)
        prose_assumption(prose, &assumptions[i]);
}

static void prose_missing(struct prose *prose)
{
    size_t count;
    const struct triage_missing *missing = triage_missing_logs(prose->result, &count);
    if (count > 0)
        prose_heading(prose, text_get(TEXT_REPORT_MISSING_HEAD));
    for (size_t i = 0; i < count && i < PROSE_COVERAGE_LINES_MAX; i++) {
        layout_evidence(&prose->text, missing[i].host);
        buf_append(&prose->text, S(": "));
        layout_evidence(&prose->text, missing[i].channel);
        prose_end(prose, PROSE_INDENT, PROSE_INDENT + 2);
    }
    prose_list_cut(prose, count);
}

static void prose_refused(struct prose *prose)
{
    size_t count, listed = 0;
    const struct rule *rules = triage_rules(prose->result, &count);
    uint64_t refused = triage_counts(prose->result)->rules_refused;
    if (refused == 0)
        return;
    text_append(phrase_begin(&prose->phrase), TEXT_REPORT_REFUSED_HEAD, ARG(refused));
    prose_heading(prose, phrase_end(&prose->phrase));
    for (size_t i = 0; i < count; i++) {
        if (!rules[i].refused || listed++ >= PROSE_COVERAGE_LINES_MAX)
            continue;
        layout_evidence(&prose->text, rules[i].file);
        buf_append_byte(&prose->text, ':');
        buf_append_u64(&prose->text, rules[i].line);
        buf_append(&prose->text, S(": "));
        layout_evidence(&prose->text, rules[i].reason);
        prose_end(prose, PROSE_INDENT, PROSE_INDENT + 2);
    }
    prose_list_cut(prose, listed);
}

static void prose_limits(struct prose *prose)
{
    const struct triage_counts *counts = triage_counts(prose->result);
    const struct {
        uint64_t count;
        enum text text;
    } limits[] = {
        {counts->dropped_fields, TEXT_REPORT_LIMIT_FIELDS},
        {counts->limited_expressions, TEXT_REPORT_LIMIT_EXPRESSIONS},
        {counts->evicted_windows, TEXT_REPORT_LIMIT_WINDOWS},
        {counts->unlinked_entities, TEXT_REPORT_LIMIT_ENTITIES},
        {prose->digest->uncounted, TEXT_REPORT_SIGNS_UNCOUNTED},
    };
    bool begun = false;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (limits[i].count == 0)
            continue;
        if (!begun)
            prose_heading(prose, text_get(TEXT_REPORT_LIMITS_HEAD));
        begun = true;
        text_append(
            &prose->text, limits[i].text, ARG(phrase_number(&prose->phrase, limits[i].count)));
        prose_end(prose, PROSE_INDENT, PROSE_INDENT + 2);
    }
}

void prose_coverage_all(struct prose *prose)
{
    prose_table(prose);
    prose_missing(prose);
    prose_unread(prose);
    prose_assumptions(prose);
    prose_refused(prose);
    prose_limits(prose);
}
