/* See page_evidence.h. */
#include "report/page_evidence.h"

#include "base/civil.h"
#include "report/axis.h"
#include "report/summary.h"
#include "report/words.h"

/* The small picture of a log's span within the whole period. */
#define PAGE_SPAN_WIDTH  120
#define PAGE_SPAN_HEIGHT 10

static void page_cut(struct page *page, enum text text, size_t count, size_t most)
{
    if (count <= most)
        return;
    slice more = phrase_number(&page->phrase, count - most);
    text_append(phrase_begin(&page->phrase), text, ARG(more));
    page_paragraph(page, "note", phrase_end(&page->phrase));
}

/* --- coverage --- */

static const struct page_column page_coverage_columns[] = {
    {TEXT_PAGE_COLUMN_HOST, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_LOG, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_EVENTS, PAGE_COLUMN_NUMBER},
    {TEXT_PAGE_COLUMN_WHEN, PAGE_COLUMN_TIME},
    {TEXT_PAGE_COLUMN_SPAN, PAGE_COLUMN_TEXT},
};

static void page_span_box(struct page *page, const char *class, int64_t x, int64_t width)
{
    html_open_class(&page->html, "rect", class);
    html_attribute_number(&page->html, "x", x);
    html_attribute_number(&page->html, "y", 2);
    html_attribute_number(&page->html, "width", width < 1 ? 1 : width);
    html_attribute_number(&page->html, "height", PAGE_SPAN_HEIGHT - 4);
    html_close(&page->html, "rect");
}

static void page_span(struct page *page, const struct triage_coverage *coverage)
{
    const struct triage_counts *counts = triage_counts(page->result);
    page_cell(page, &page_coverage_columns[4]);
    if (coverage->first_ns != CIVIL_TIME_NONE && counts->first_ns < counts->last_ns) {
        struct axis axis = {.first_ns = counts->first_ns, .last_ns = counts->last_ns};
        int64_t x = axis_at(&axis, coverage->first_ns, PAGE_SPAN_WIDTH);
        int64_t end = axis_at(&axis, coverage->last_ns, PAGE_SPAN_WIDTH);
        x = x == PAGE_SPAN_WIDTH ? PAGE_SPAN_WIDTH - 1 : x;
        html_open_class(&page->html, "svg", "reach");
        html_attribute(&page->html, "viewBox", S("0 0 120 10"));
        html_attribute(&page->html, "aria-hidden", S("true"));
        page_span_box(page, "whole", 0, PAGE_SPAN_WIDTH);
        page_span_box(page, "part", x, end - x);
        html_close(&page->html, "svg");
    }
    html_close(&page->html, "td");
}

static void page_coverage_row(struct page *page, const struct triage_coverage *coverage)
{
    slice host = coverage->host.len > 0 ? coverage->host : text_get(TEXT_REPORT_NO_HOST);
    html_open(&page->html, "tr");
    page_cell_evidence(page, &page_coverage_columns[0], host);
    page_cell_evidence(page, &page_coverage_columns[1],
        coverage->channel.len > 0 ? coverage->channel : text_get(TEXT_REPORT_NO_LOG));
    page_cell_number(page, &page_coverage_columns[2], coverage->events);
    words_span(phrase_begin(&page->phrase), coverage->first_ns, coverage->last_ns);
    page_cell_text(page, &page_coverage_columns[3], phrase_end(&page->phrase));
    page_span(page, coverage);
    html_close(&page->html, "tr");
    phrase_reset(&page->phrase);
}

static void page_coverage(struct page *page)
{
    size_t count;
    const struct triage_coverage *coverages = triage_coverages(page->result, &count);
    page_section(page, "coverage", text_get(TEXT_PAGE_COVERAGE));
    if (count == 0) {
        page_paragraph(page, NULL, text_get(TEXT_REPORT_COVERAGE_NONE));
        html_close(&page->html, "section");
        return;
    }
    page_paragraph(page, NULL, text_get(TEXT_PAGE_COVERAGE_IS));
    page_table(page, text_get(TEXT_PAGE_COVERAGE), page_coverage_columns,
        sizeof(page_coverage_columns) / sizeof(page_coverage_columns[0]));
    html_open(&page->html, "tbody");
    for (size_t i = 0; i < count && i < PAGE_ROWS_MAX; i++)
        page_coverage_row(page, &coverages[i]);
    html_close(&page->html, "tbody");
    page_table_end(page);
    page_cut(page, TEXT_PAGE_COVERAGE_CUT, count, PAGE_ROWS_MAX);
    html_close(&page->html, "section");
}

static void page_missing(struct page *page)
{
    static const struct page_column columns[] = {
        {TEXT_PAGE_COLUMN_HOST, PAGE_COLUMN_TEXT}, {TEXT_PAGE_COLUMN_LOG, PAGE_COLUMN_TEXT}};
    size_t count;
    const struct triage_missing *missing = triage_missing_logs(page->result, &count);
    if (count == 0)
        return;
    page_section(page, "missing", text_get(TEXT_PAGE_MISSING));
    page_paragraph(page, NULL, text_get(TEXT_PAGE_MISSING_IS));
    page_table(page, text_get(TEXT_PAGE_MISSING), columns, 2);
    html_open(&page->html, "tbody");
    for (size_t i = 0; i < count && i < PAGE_ROWS_MAX; i++) {
        html_open(&page->html, "tr");
        page_cell_evidence(page, &columns[0], missing[i].host);
        page_cell_evidence(page, &columns[1], missing[i].channel);
        html_close(&page->html, "tr");
    }
    html_close(&page->html, "tbody");
    page_table_end(page);
    page_cut(page, TEXT_PAGE_LIST_CUT, count, PAGE_ROWS_MAX);
    html_close(&page->html, "section");
}

/* --- what could not be read --- */

static slice page_unread_reason(struct page *page, const struct triage_source *source)
{
    struct buf why;
    buf_init(&why, PHRASE_MAX);
    buf_append(&why, source->note);
    if (source->note.len == 0 && slice_is_absent(source->format))
        buf_append(&why, text_get(TEXT_REPORT_UNKNOWN_FORMAT));
    if (source->undecoded > 0) {
        slice undecoded = phrase_number(&page->phrase, source->undecoded);
        slice records = phrase_number(&page->phrase, source->records);
        if (why.len > 0)
            buf_append(&why, S("; "));
        text_append(&why, TEXT_REPORT_UNDECODED, ARG(undecoded), ARG(records));
    }
    buf_append(phrase_begin(&page->phrase), buf_slice(&why));
    buf_free(&why);
    return phrase_end(&page->phrase);
}

static void page_unread(struct page *page)
{
    static const struct page_column columns[] = {
        {TEXT_PAGE_COLUMN_PATH, PAGE_COLUMN_TEXT}, {TEXT_PAGE_COLUMN_REASON, PAGE_COLUMN_TEXT}};
    size_t count, listed = 0;
    const struct triage_source *sources = triage_sources(page->result, &count);
    for (size_t i = 0; i < count; i++) {
        if (!summary_is_unread(&sources[i]) || listed++ >= PAGE_ROWS_MAX)
            continue;
        if (listed == 1) {
            page_section(page, "unread", text_get(TEXT_PAGE_UNREAD));
            page_table(page, text_get(TEXT_PAGE_UNREAD), columns, 2);
            html_open(&page->html, "tbody");
        }
        html_open(&page->html, "tr");
        page_cell_evidence(page, &columns[0], sources[i].path);
        page_cell_evidence(page, &columns[1], page_unread_reason(page, &sources[i]));
        html_close(&page->html, "tr");
        phrase_reset(&page->phrase);
    }
    if (listed == 0)
        return;
    html_close(&page->html, "tbody");
    page_table_end(page);
    page_cut(page, TEXT_PAGE_LIST_CUT, listed, PAGE_ROWS_MAX);
    html_close(&page->html, "section");
}

/* --- manifest --- */

static const struct page_column page_manifest_columns[] = {
    {TEXT_PAGE_COLUMN_PATH, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_FORMAT, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_SIZE, PAGE_COLUMN_NUMBER},
    {TEXT_PAGE_COLUMN_RECORDS, PAGE_COLUMN_NUMBER},
    {TEXT_PAGE_COLUMN_UNDECODED, PAGE_COLUMN_NUMBER},
    {TEXT_PAGE_COLUMN_SHA256, PAGE_COLUMN_TEXT},
};

static bool page_has_hash(const hash_sha256 *hash)
{
    for (size_t i = 0; i < sizeof(hash->bytes); i++)
        if (hash->bytes[i] != 0)
            return true;
    return false;
}

static void page_manifest_row(struct page *page, const struct triage_source *source)
{
    html_open(&page->html, "tr");
    page_cell(page, &page_manifest_columns[0]);
    page_evidence_in(page, "span", "value", source->path);
    html_close(&page->html, "td");
    page_cell_text(page, &page_manifest_columns[1],
        slice_is_absent(source->format) ? S("\xe2\x80\x93") : source->format);
    page_cell_number(page, &page_manifest_columns[2], source->size);
    page_cell_number(page, &page_manifest_columns[3], source->records);
    page_cell_number(page, &page_manifest_columns[4], source->undecoded);
    page_cell(page, &page_manifest_columns[5]);
    if (page_has_hash(&source->sha256)) {
        buf_append_hex(phrase_begin(&page->phrase),
            slice_make(source->sha256.bytes, sizeof(source->sha256.bytes)));
        html_element(&page->html, "code", "hash", phrase_end(&page->phrase));
    } else {
        html_text(&page->html, text_get(TEXT_PAGE_NOT_HASHED));
    }
    html_close(&page->html, "td");
    html_close(&page->html, "tr");
    phrase_reset(&page->phrase);
}

static void page_manifest(struct page *page)
{
    size_t count;
    const struct triage_source *sources = triage_sources(page->result, &count);
    page_section(page, "manifest", text_get(TEXT_PAGE_MANIFEST));
    page_paragraph(page, NULL, text_get(TEXT_PAGE_MANIFEST_IS));
    page_table(page, text_get(TEXT_PAGE_MANIFEST), page_manifest_columns,
        sizeof(page_manifest_columns) / sizeof(page_manifest_columns[0]));
    html_open(&page->html, "tbody");
    for (size_t i = 0; i < count && i < PAGE_MANIFEST_MAX; i++)
        page_manifest_row(page, &sources[i]);
    html_close(&page->html, "tbody");
    page_table_end(page);
    page_cut(page, TEXT_PAGE_LIST_CUT, count, PAGE_MANIFEST_MAX);
    html_close(&page->html, "section");
}

/* --- assumptions, refused rules, limits --- */

static void page_assumption(struct page *page, const struct summary_assumption *assumption)
{
    struct buf *names = phrase_begin(&page->phrase);
    for (size_t i = 0; i < assumption->named; i++) {
        if (i > 0)
            buf_append(names, text_get(TEXT_REPORT_LIST_COMMA));
        buf_append(names, slice_first(assumption->first[i]->path, PAGE_EVIDENCE_MAX));
    }
    if (assumption->count > assumption->named) {
        buf_append(names, text_get(TEXT_REPORT_LIST_COMMA));
        text_append(names, TEXT_REPORT_MORE, ARG(assumption->count - assumption->named));
    }
    slice named = phrase_end(&page->phrase);
    struct buf *text = phrase_begin(&page->phrase);
    if (assumption->zone)
        text_append(text, TEXT_REPORT_ASSUMED_ZONE, ARG(named));
    else
        text_append(text, TEXT_REPORT_ASSUMED_YEAR, ARG(assumption->year), ARG(named));
    html_element(&page->html, "li", NULL, phrase_end(&page->phrase));
    phrase_reset(&page->phrase);
}

static void page_assumptions(struct page *page)
{
    struct summary_assumption assumptions[SUMMARY_ASSUMPTIONS_MAX];
    size_t count = summary_assumptions(page->result, assumptions);
    if (count == 0)
        return;
    page_section(page, "assumptions", text_get(TEXT_PAGE_ASSUMPTIONS));
    html_open_class(&page->html, "ul", "plain");
    for (size_t i = 0; i < count; i++)
        page_assumption(page, &assumptions[i]);
    html_close(&page->html, "ul");
    html_close(&page->html, "section");
}

static void page_refused(struct page *page)
{
    static const struct page_column columns[] = {
        {TEXT_PAGE_COLUMN_PATH, PAGE_COLUMN_TEXT}, {TEXT_PAGE_COLUMN_REASON, PAGE_COLUMN_TEXT}};
    size_t count, listed = 0;
    const struct rule *rules = triage_rules(page->result, &count);
    if (triage_counts(page->result)->rules_refused == 0)
        return;
    page_section(page, "refused", text_get(TEXT_PAGE_REFUSED));
    page_table(page, text_get(TEXT_PAGE_REFUSED), columns, 2);
    html_open(&page->html, "tbody");
    for (size_t i = 0; i < count; i++) {
        if (!rules[i].refused || listed++ >= PAGE_ROWS_MAX)
            continue;
        struct triage_record place = {.path = rules[i].file, .number = rules[i].line};
        html_open(&page->html, "tr");
        page_cell(page, &columns[0]);
        html_element(&page->html, "span", "value", page_record(page, &place));
        html_close(&page->html, "td");
        page_cell_evidence(page, &columns[1], rules[i].reason);
        html_close(&page->html, "tr");
        phrase_reset(&page->phrase);
    }
    html_close(&page->html, "tbody");
    page_table_end(page);
    page_cut(page, TEXT_PAGE_LIST_CUT, listed, PAGE_ROWS_MAX);
    html_close(&page->html, "section");
}

static void page_limits(struct page *page)
{
    const struct triage_counts *counts = triage_counts(page->result);
    const struct {
        uint64_t count;
        enum text text;
    } limits[] = {
        {counts->dropped_fields, TEXT_REPORT_LIMIT_FIELDS},
        {counts->limited_expressions, TEXT_REPORT_LIMIT_EXPRESSIONS},
        {counts->evicted_windows, TEXT_REPORT_LIMIT_WINDOWS},
        {counts->unlinked_entities, TEXT_REPORT_LIMIT_ENTITIES},
        {page->digest->uncounted, TEXT_REPORT_SIGNS_UNCOUNTED},
    };
    bool begun = false;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (limits[i].count == 0)
            continue;
        if (!begun) {
            page_section(page, "limits", text_get(TEXT_PAGE_LIMITS));
            html_open_class(&page->html, "ul", "plain");
        }
        begun = true;
        slice number = phrase_number(&page->phrase, limits[i].count);
        text_append(phrase_begin(&page->phrase), limits[i].text, ARG(number));
        html_element(&page->html, "li", NULL, phrase_end(&page->phrase));
    }
    if (begun) {
        html_close(&page->html, "ul");
        html_close(&page->html, "section");
    }
}

void page_evidence_all(struct page *page)
{
    page_coverage(page);
    page_missing(page);
    page_unread(page);
    page_manifest(page);
    page_assumptions(page);
    page_refused(page);
    page_limits(page);
}
