/* See page_writer.h. */
#include "report/page_writer.h"

#include "report/words.h"

/* The front of the text, at most `most` bytes, without half a character at its end. */
static slice page_front(slice text, size_t most)
{
    if (text.len <= most)
        return text;
    size_t len = most;
    while (len > 0 && most - len < 4 && ((unsigned char)text.at[len] & 0xC0) == 0x80)
        len--;
    return slice_first(text, len);
}

void page_evidence(struct page *page, slice evidence, size_t most)
{
    slice front = page_front(evidence, most);
    html_text(&page->html, front);
    if (front.len < evidence.len)
        html_text(&page->html, S("\xe2\x80\xa6"));
}

void page_evidence_in(struct page *page, const char *tag, const char *class, slice evidence)
{
    html_open_class(&page->html, tag, class);
    page_evidence(page, evidence, PAGE_EVIDENCE_MAX);
    html_close(&page->html, tag);
}

void page_entity(struct page *page, slice name)
{
    html_open_class(&page->html, "span", "value");
    page_evidence(page, name, PAGE_ENTITY_MAX);
    html_close(&page->html, "span");
}

void page_level(struct page *page, enum rule_level level)
{
    static const char *const classes[] = {
        [RULE_INFORMATIONAL] = "level informational",
        [RULE_LOW] = "level low",
        [RULE_MEDIUM] = "level medium",
        [RULE_HIGH] = "level high",
        [RULE_CRITICAL] = "level critical",
    };
    html_element(&page->html, "span", classes[level], words_level(level));
}

void page_command(struct page *page, slice command)
{
    html_open_class(&page->html, "p", "command");
    html_element(&page->html, "code", NULL, command);
    html_close(&page->html, "p");
}

void page_paragraph(struct page *page, const char *class, slice text)
{
    html_element(&page->html, "p", class, text);
}

void page_section(struct page *page, const char *id, slice heading)
{
    html_open(&page->html, "section");
    html_attribute(&page->html, "id", slice_from_cstr(id));
    html_element(&page->html, "h2", NULL, heading);
}

void page_fact(struct page *page, slice name)
{
    html_open(&page->html, "div");
    html_element(&page->html, "dt", NULL, name);
    html_open(&page->html, "dd");
}

void page_fact_end(struct page *page)
{
    html_close(&page->html, "dd");
    html_close(&page->html, "div");
}

void page_fact_text(struct page *page, slice name, slice text)
{
    page_fact(page, name);
    html_text(&page->html, text);
    page_fact_end(page);
}

static const char *page_column_class(const struct page_column *column)
{
    switch (column->kind) {
    case PAGE_COLUMN_NUMBER:
        return "number";
    case PAGE_COLUMN_TIME:
        return "time";
    case PAGE_COLUMN_TEXT:
        break;
    }
    return NULL;
}

void page_table(struct page *page, slice label, const struct page_column *columns, size_t count)
{
    html_open(&page->html, "table");
    html_attribute(&page->html, "aria-label", label);
    html_open(&page->html, "thead");
    html_open(&page->html, "tr");
    for (size_t i = 0; i < count; i++) {
        html_open_class(&page->html, "th", page_column_class(&columns[i]));
        html_attribute(&page->html, "scope", S("col"));
        html_text(&page->html, text_get(columns[i].name));
        html_close(&page->html, "th");
    }
    html_close(&page->html, "tr");
    html_close(&page->html, "thead");
}

void page_table_end(struct page *page)
{
    html_close(&page->html, "table");
    phrase_reset(&page->phrase);
}

void page_cell(struct page *page, const struct page_column *column)
{
    html_open_class(&page->html, "td", page_column_class(column));
    html_attribute(&page->html, "data-label", text_get(column->name));
}

void page_cell_text(struct page *page, const struct page_column *column, slice text)
{
    page_cell(page, column);
    html_text(&page->html, text);
    html_close(&page->html, "td");
}

void page_cell_evidence(struct page *page, const struct page_column *column, slice evidence)
{
    page_cell(page, column);
    page_evidence(page, evidence, PAGE_EVIDENCE_MAX);
    html_close(&page->html, "td");
}

void page_cell_number(struct page *page, const struct page_column *column, uint64_t number)
{
    page_cell_text(page, column, phrase_number(&page->phrase, number));
}

slice page_record(struct page *page, const struct triage_record *record)
{
    struct buf *word = phrase_begin(&page->phrase);
    slice path = page_front(record->path, PAGE_EVIDENCE_MAX);
    buf_append(word, path);
    if (path.len < record->path.len)
        buf_append(word, S("\xe2\x80\xa6"));
    buf_append_byte(word, ':');
    buf_append_u64(word, record->number);
    return phrase_end(&page->phrase);
}
