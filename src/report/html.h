/* Writing HTML: the only way to a tag. Elements are opened and closed by name and must nest; text
 * and attribute values are escaped; nothing can be written unescaped. What would let a page act or
 * fetch is refused as a programmer's error: scripts, event attributes, links that leave the page.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/base.h"
#include "report/sink.h"

#define HTML_DEPTH_MAX 32
/* Bytes of one text that a page shows; the rest is cut, with an ellipsis. */
#define HTML_TEXT_MAX ((size_t)64 << 10)

struct html {
    struct sink *sink;
    const char *open[HTML_DEPTH_MAX]; /* names of the open elements; literals */
    size_t depth;
    bool in_tag; /* attributes may follow */
};

/* The document up to its open body: character set, a content security policy that allows nothing
 * but the styles inside, the title, the style sheet (ours: not escaped). */
void html_begin(struct html *html, struct sink *sink, slice lang, slice title, slice style);
/* Closes body and document; nothing else may be open. */
void html_end(struct html *html);

/* `tag` is a literal that outlives the element. */
void html_open(struct html *html, const char *tag);
void html_close(struct html *html, const char *tag);
/* An element without content, such as br. */
void html_void(struct html *html, const char *tag);
/* Right after html_open, before any content. Of `href` only "#…" is taken. */
void html_attribute(struct html *html, const char *name, slice value);
void html_attribute_number(struct html *html, const char *name, int64_t value);
/* Escaped; malformed bytes become U+FFFD. */
void html_text(struct html *html, slice text);
/* An element with one text; `class` may be NULL. */
void html_element(struct html *html, const char *tag, const char *class, slice text);
/* The element's first two steps: opens it with a class. */
void html_open_class(struct html *html, const char *tag, const char *class);

#endif
