/* See page_sign.h. A sign is a body of the table with two rows: what it says, and its record folded
 * away beneath. */
#include "report/page_sign.h"

#include "base/civil.h"
#include "report/defang.h"
#include "report/invocation.h"
#include "report/words.h"

/* Of a sign's details. */
#define PAGE_FIELDS_MAX      40
#define PAGE_FIELD_VALUE_MAX ((size_t)2000)
#define PAGE_RECORDS_MAX     16

static const struct page_column page_sign_columns[] = {
    {TEXT_PAGE_COLUMN_TIME, PAGE_COLUMN_TIME},
    {TEXT_PAGE_COLUMN_LEVEL, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_WHAT, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_HOST, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_RANK, PAGE_COLUMN_NUMBER},
};

#define PAGE_SIGN_COLUMNS (sizeof(page_sign_columns) / sizeof(page_sign_columns[0]))

static void page_sign_note(struct page *page, slice note)
{
    html_text(&page->html, S(" "));
    html_element(&page->html, "span", "note", note);
}

static void page_sign_notes(struct page *page, const struct triage_sign *sign)
{
    if (sign->kind == RULE_PRECURSOR)
        page_sign_note(page, text_get(TEXT_PAGE_SIGN_PRECURSOR));
    if (sign->count > 1)
        page_sign_note(
            page, phrase_records(&page->phrase, sign->count, sign->time_ns, sign->last_ns));
    if (sign->recovered)
        page_sign_note(page, text_get(TEXT_PAGE_SIGN_RECOVERED));
    if (sign->time_assumed)
        page_sign_note(page, text_get(TEXT_PAGE_SIGN_TIME_ASSUMED));
}

static void page_sign_row(struct page *page, const struct digest_sign *kept)
{
    const struct triage_sign *sign = &kept->sign;
    slice host = digest_entity(sign->entities, sign->entity_count, ENTITY_HOST);
    html_open(&page->html, "tr");
    page_cell_text(page, &page_sign_columns[0], phrase_time(&page->phrase, sign->time_ns));
    page_cell(page, &page_sign_columns[1]);
    page_level(page, sign->level);
    html_close(&page->html, "td");
    page_cell(page, &page_sign_columns[2]);
    page_evidence(page, words_title(sign->rule, sign->title), PAGE_EVIDENCE_MAX);
    page_sign_notes(page, sign);
    html_close(&page->html, "td");
    page_cell_evidence(page, &page_sign_columns[3], host);
    if (kept->rank == DIGEST_NO_RANK)
        page_cell_text(page, &page_sign_columns[4], S(""));
    else
        page_cell_number(page, &page_sign_columns[4], kept->rank + 1);
    html_close(&page->html, "tr");
}

static void page_sign_entities(struct page *page, const struct triage_sign *sign)
{
    if (sign->entity_count == 0)
        return;
    page_fact(page, text_get(TEXT_PAGE_SIGN_NAMES));
    html_open_class(&page->html, "ul", "fields");
    for (size_t i = 0; i < sign->entity_count; i++) {
        enum entity_type type = sign->entities[i].type;
        html_open(&page->html, "li");
        html_element(&page->html, "span", "name", words_entity_type(type));
        html_text(&page->html, S(" "));
        defang_append(phrase_begin(&page->phrase), type, sign->entities[i].value);
        page_entity(page, phrase_end(&page->phrase));
        html_close(&page->html, "li");
    }
    html_close(&page->html, "ul");
    page_fact_end(page);
}

static void page_sign_records(struct page *page, const struct triage_sign *sign)
{
    if (sign->record_count < 2)
        return;
    page_fact(page, text_get(TEXT_PAGE_SIGN_RECORDS));
    for (size_t i = 0; i < sign->record_count && i < PAGE_RECORDS_MAX; i++) {
        if (i > 0)
            html_text(&page->html, text_get(TEXT_REPORT_LIST_COMMA));
        html_element(&page->html, "span", "value", page_record(page, &sign->records[i]));
    }
    if (sign->count > PAGE_RECORDS_MAX) {
        slice more = phrase_number(&page->phrase, sign->count - PAGE_RECORDS_MAX);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_LIST_CUT, ARG(more));
        html_text(&page->html, S(" "));
        html_text(&page->html, phrase_end(&page->phrase));
    }
    page_fact_end(page);
}

static void page_sign_fields(struct page *page, const struct triage_sign *sign)
{
    if (sign->field_count == 0)
        return;
    page_fact(page, text_get(TEXT_PAGE_SIGN_FIELDS));
    html_open_class(&page->html, "ul", "fields");
    for (size_t i = 0; i < sign->field_count && i < PAGE_FIELDS_MAX; i++) {
        html_open(&page->html, "li");
        page_evidence_in(page, "span", "name", sign->fields[i].name);
        html_text(&page->html, S(" = "));
        html_open_class(&page->html, "span", "value");
        page_evidence(page, sign->fields[i].value, PAGE_FIELD_VALUE_MAX);
        html_close(&page->html, "span");
        html_close(&page->html, "li");
    }
    html_close(&page->html, "ul");
    page_fact_end(page);
}

static void page_sign_raw(struct page *page, const struct triage_sign *sign)
{
    if (sign->raw.len == 0)
        return;
    page_fact(page, text_get(TEXT_PAGE_SIGN_RAW));
    html_open_class(&page->html, "pre", "raw");
    page_evidence(page, sign->raw, PAGE_RAW_MAX);
    html_close(&page->html, "pre");
    if (sign->raw.len >= PAGE_RAW_MAX) {
        slice most = phrase_number(&page->phrase, PAGE_RAW_MAX);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_SIGN_RAW_CUT, ARG(most));
        page_paragraph(page, NULL, phrase_end(&page->phrase));
        invocation_explain(phrase_begin(&page->phrase), page->options, sign->id);
        page_command(page, phrase_end(&page->phrase));
    }
    page_fact_end(page);
}

static void page_sign_ids(struct page *page, const struct triage_sign *sign)
{
    uuid_append(phrase_begin(&page->phrase), sign->id);
    slice id = phrase_end(&page->phrase);
    page_fact(page, text_get(TEXT_PAGE_SIGN_IDS));
    html_open_class(&page->html, "ul", "fields");
    html_open(&page->html, "li");
    html_element(&page->html, "span", "name", text_get(TEXT_PAGE_SIGN_ID));
    html_text(&page->html, S(" "));
    html_element(&page->html, "span", "value", id);
    html_close(&page->html, "li");
    html_open(&page->html, "li");
    html_element(&page->html, "span", "name", text_get(TEXT_PAGE_RULE_ID));
    html_text(&page->html, S(" "));
    page_entity(page, sign->rule_id);
    html_close(&page->html, "li");
    html_close(&page->html, "ul");
    page_fact_end(page);
}

static void page_sign_details(struct page *page, const struct triage_sign *sign)
{
    slice summary = sign->record_count > 0 ? page_record(page, &sign->records[0])
                                           : text_get(TEXT_PAGE_SIGN_RAW);
    html_open_class(&page->html, "tr", "more");
    html_open(&page->html, "td");
    html_attribute_number(&page->html, "colspan", (int64_t)PAGE_SIGN_COLUMNS);
    html_open(&page->html, "details");
    html_element(&page->html, "summary", "value", summary);
    html_open_class(&page->html, "dl", "facts");
    page_sign_raw(page, sign);
    page_sign_fields(page, sign);
    page_sign_entities(page, sign);
    page_sign_records(page, sign);
    page_sign_ids(page, sign);
    html_close(&page->html, "dl");
    html_close(&page->html, "details");
    html_close(&page->html, "td");
    html_close(&page->html, "tr");
}

/* What is shown, and where the rest is. */
static void page_sign_intro(
    struct page *page, const struct triage_incident *incident, const struct digest_incident *kept)
{
    slice all =
        phrase_count(&page->phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, incident->sign_count);
    if (incident->sign_count == 1)
        return;
    if (kept->count >= incident->sign_count) {
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_SIGNS_ALL, ARG(all));
        page_paragraph(page, NULL, phrase_end(&page->phrase));
        return;
    }
    slice count = phrase_number(&page->phrase, kept->count);
    text_append(phrase_begin(&page->phrase), TEXT_PAGE_SIGNS_CUT, ARG(count), ARG(all));
    page_paragraph(page, NULL, phrase_end(&page->phrase));
    invocation_explain(phrase_begin(&page->phrase), page->options, incident->id);
    page_command(page, phrase_end(&page->phrase));
}

void page_sign_table(
    struct page *page, const struct triage_incident *incident, const struct digest_incident *kept)
{
    slice heading = text_get(TEXT_PAGE_SIGNS);
    html_element(&page->html, "h4", NULL, heading);
    page_sign_intro(page, incident, kept);
    page_table(page, heading, page_sign_columns, PAGE_SIGN_COLUMNS);
    for (size_t i = 0; i < kept->count; i++) {
        html_open(&page->html, "tbody");
        page_sign_row(page, &kept->signs[i]);
        page_sign_details(page, &kept->signs[i].sign);
        html_close(&page->html, "tbody");
        phrase_reset(&page->phrase);
    }
    page_table_end(page);
}
