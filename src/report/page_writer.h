/* What the parts of the page share: tables that become cards on a phone, badges of levels, evidence
 * cut to what fits, commands. */
#ifndef REPORT_PAGE_WRITER_H
#define REPORT_PAGE_WRITER_H

#include "report/digest.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/picture.h"
#include "report/report.h"

/* Bytes of a name or title from evidence; records have digest_limits.raw_max. */
#define PAGE_EVIDENCE_MAX ((size_t)600)
/* Of a name in a list of such. */
#define PAGE_ENTITY_MAX ((size_t)200)

struct page {
    struct html html;
    struct phrase phrase;
    struct triage_result *result;
    const struct report_options *options;
    const struct digest *digest;
    const struct pictures *pictures;
};

/* Text from evidence or rules, cut at `most` bytes between characters, with an ellipsis. */
void page_evidence(struct page *page, slice evidence, size_t most);
/* The same in an element; `class` may be NULL. */
void page_evidence_in(struct page *page, const char *tag, const char *class, slice evidence);
/* A name among others of its kind. */
void page_entity(struct page *page, slice name);
/* The level as a word with its look. */
void page_level(struct page *page, enum rule_level level);
/* A command, alone in a line. */
void page_command(struct page *page, slice command);
/* A paragraph of one text. */
void page_paragraph(struct page *page, const char *class, slice text);

/* <section id=…><h2>…</h2>; close with html_close(…, "section"). `id` is a literal. */
void page_section(struct page *page, const char *id, slice heading);

/* One fact of a list (dl.facts, opened by the caller): page_fact, its content, page_fact_end. */
void page_fact(struct page *page, slice name);
void page_fact_end(struct page *page);
void page_fact_text(struct page *page, slice name, slice text);

/* --- tables --- */

enum page_column_kind {
    PAGE_COLUMN_TEXT,
    PAGE_COLUMN_NUMBER, /* right-aligned */
    PAGE_COLUMN_TIME,   /* kept in one line where there is room */
};

struct page_column {
    enum text name;
    enum page_column_kind kind;
};

/* <table> with its head; `label` names it for who cannot see it. Close with page_table_end. */
void page_table(struct page *page, slice label, const struct page_column *columns, size_t count);
void page_table_end(struct page *page);
/* Opens a cell; on a phone the column's name stands before it. html_close(…, "td") after it. */
void page_cell(struct page *page, const struct page_column *column);
/* Whole cells. */
void page_cell_text(struct page *page, const struct page_column *column, slice text);
void page_cell_evidence(struct page *page, const struct page_column *column, slice evidence);
void page_cell_number(struct page *page, const struct page_column *column, uint64_t number);

/* path:number as words. */
slice page_record(struct page *page, const struct triage_record *record);

#endif
