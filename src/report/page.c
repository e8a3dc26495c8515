/* See page.h. The order is that of its readers: what happened, when, each incident with what was
 * seen and what to do; then what an examiner asks: coverage, gaps, the manifest, assumptions.
 * Rejected: sorting and filtering by script, since a page that acts is none to hand on as a record.
 */
#include "report/page.h"

#include "base/civil.h"
#include "base/embed.h"
#include "report/digest.h"
#include "report/invocation.h"
#include "report/page_evidence.h"
#include "report/page_incident.h"
#include "report/page_sign.h"
#include "report/page_writer.h"
#include "report/summary.h"
#include "report/words.h"

#define PAGE_STYLE S("src/report/assets/page.css")

static void page_summary(struct page *page)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(page->result, &count);
    struct buf text;
    buf_init(&text, PHRASE_MAX);
    summary_found(&text, &page->phrase, page->result,
        count > 0 ? slice_first(incidents[0].title, PAGE_EVIDENCE_MAX) : S(""));
    page_paragraph(page, "found", buf_slice(&text));
    if (triage_counts(page->result)->interrupted) {
        html_open_class(&page->html, "p", "warning");
        html_element(&page->html, "strong", NULL, text_get(TEXT_PAGE_INTERRUPTED_HEAD));
        html_text(&page->html, S(" "));
        html_text(&page->html, text_get(TEXT_REPORT_INTERRUPTED));
        html_close(&page->html, "p");
    }
    buf_clear(&text);
    summary_looked_at(&text, &page->phrase, page->result);
    page_paragraph(page, NULL, buf_slice(&text));
    buf_free(&text);
}

static void page_fact_evidence(struct page *page)
{
    const struct triage_counts *counts = triage_counts(page->result);
    slice sources =
        phrase_count(&page->phrase, TEXT_REPORT_SOURCE, TEXT_REPORT_SOURCES, counts->sources);
    slice bytes = phrase_bytes(&page->phrase, counts->bytes);
    slice records =
        phrase_count(&page->phrase, TEXT_REPORT_RECORD, TEXT_REPORT_RECORDS, counts->records);
    text_append(
        phrase_begin(&page->phrase), TEXT_PAGE_EVIDENCE_IS, ARG(sources), ARG(bytes), ARG(records));
    page_fact_text(page, text_get(TEXT_PAGE_EVIDENCE), phrase_end(&page->phrase));
}

static void page_fact_rules(struct page *page)
{
    const struct triage_counts *counts = triage_counts(page->result);
    slice loaded = phrase_number(&page->phrase, counts->rules_loaded);
    slice refused = phrase_number(&page->phrase, counts->rules_refused);
    struct buf *text = phrase_begin(&page->phrase);
    text_append(text, TEXT_PAGE_RULES_ARE, ARG(loaded), ARG(refused));
    if (page->options->rules_version.len > 0)
        text_append(text, TEXT_PAGE_RULES_SHIPPED, ARG(page->options->rules_version));
    page_fact_text(page, text_get(TEXT_PAGE_RULES), phrase_end(&page->phrase));
}

static void page_facts(struct page *page)
{
    const struct report_options *options = page->options;
    const struct triage_counts *counts = triage_counts(page->result);
    html_open_class(&page->html, "dl", "facts");
    if (options->now_ns != CIVIL_TIME_NONE) {
        slice now = phrase_time(&page->phrase, options->now_ns);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_UTC, ARG(now));
        page_fact_text(page, text_get(TEXT_PAGE_MADE), phrase_end(&page->phrase));
    }
    if (counts->first_ns != CIVIL_TIME_NONE) {
        slice period = phrase_period(&page->phrase, counts->first_ns, counts->last_ns);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_UTC, ARG(period));
        page_fact_text(page, text_get(TEXT_PAGE_PERIOD), phrase_end(&page->phrase));
    }
    page_fact_evidence(page);
    struct buf *program = phrase_begin(&page->phrase);
    buf_append(program, S("hikeshi "));
    buf_append(program, options->version);
    page_fact_text(page, text_get(TEXT_PAGE_PROGRAM), phrase_end(&page->phrase));
    page_fact_rules(page);
    if (options->argument_count > 0) {
        invocation_given(phrase_begin(&page->phrase), options);
        slice command = phrase_end(&page->phrase);
        page_fact(page, text_get(TEXT_PAGE_COMMAND));
        html_element(&page->html, "code", NULL, command);
        page_fact_end(page);
    }
    html_close(&page->html, "dl");
}

static void page_head(struct page *page)
{
    html_open(&page->html, "header");
    html_element(&page->html, "h1", NULL, text_get(TEXT_PAGE_TITLE));
    page_summary(page);
    page_facts(page);
    html_close(&page->html, "header");
    phrase_reset(&page->phrase);
}

static void page_timeline(struct page *page)
{
    if (!pictures_has_overview(page->pictures))
        return;
    page_section(page, "timeline", text_get(TEXT_PAGE_TIMELINE));
    pictures_write_overview(page->pictures, &page->html, &page->phrase);
    html_close(&page->html, "section");
}

static void page_footer(struct page *page)
{
    text_append(phrase_begin(&page->phrase), TEXT_PAGE_FOOTER, ARG(page->options->version));
    slice text = phrase_end(&page->phrase);
    html_open(&page->html, "footer");
    page_paragraph(page, NULL, text);
    html_close(&page->html, "footer");
}

/* The title as it stands in a window's frame: when there are several reports open, their evidence
 * tells them apart. */
static slice page_window_title(struct page *page)
{
    struct buf *title = phrase_begin(&page->phrase);
    buf_append(title, text_get(TEXT_PAGE_TITLE));
    if (page->options->path_count > 0) {
        buf_append(title, S(": "));
        invocation_word(title, page->options->paths[0]);
    }
    return phrase_end(&page->phrase);
}

static void page_body(struct page *page, struct sink *sink)
{
    const struct embed_file *style = embed_find(PAGE_STYLE);
    ASSERT(style != NULL);
    slice lang = text_lang() == TEXT_LANG_JA ? S("ja") : S("en");
    html_begin(&page->html, sink, lang, page_window_title(page), style->content);
    html_open(&page->html, "main");
    page_head(page);
    page_timeline(page);
    page_incident_all(page);
    page_incident_none(page);
    page_evidence_all(page);
    page_footer(page);
    html_close(&page->html, "main");
    html_end(&page->html);
}

enum result page_write(struct sink *sink, struct triage_result *result,
    const struct report_options *options, struct error *err)
{
    static const struct digest_limits limits = {.incidents = PAGE_INCIDENTS_FULL,
        .signs = PAGE_SIGNS_MAX,
        .every_rule = true,
        .raw_max = PAGE_RAW_MAX};
    struct digest digest;
    struct pictures *pictures = NULL;
    enum result status = digest_make(&digest, result, &limits, err);
    if (status != RESULT_OK)
        return status;
    status = pictures_make(result, PAGE_INCIDENTS_FULL, &pictures, err);
    if (status == RESULT_OK) {
        struct page page = {
            .result = result, .options = options, .digest = &digest, .pictures = pictures};
        phrase_init(&page.phrase);
        page_body(&page, sink);
        phrase_free(&page.phrase);
    }
    pictures_free(pictures);
    digest_free(&digest);
    return status;
}
