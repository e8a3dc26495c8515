/* See html.h. Rejected: templates with holes, where one hole without its escape is an injection. */
#include "report/html.h"

#include "base/escape.h"

#define HTML_ELLIPSIS "\xe2\x80\xa6" /* … */
#define HTML_POLICY   "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

static bool html_is_name(slice name)
{
    bool named = name.len > 0 && byte_is_alpha(name.at[0]);
    for (size_t i = 0; i < name.len; i++)
        named = named && (byte_is_alnum(name.at[i]) || name.at[i] == '-');
    return named;
}

static void html_finish_tag(struct html *html)
{
    if (html->in_tag)
        buf_append_byte(&html->sink->buf, '>');
    html->in_tag = false;
}

void html_open(struct html *html, const char *tag)
{
    slice name = slice_from_cstr(tag);
    ASSERT(
        html_is_name(name) && !slice_equal(name, S("script")) && !slice_equal(name, S("iframe")));
    ASSERT(html->depth < HTML_DEPTH_MAX);
    html_finish_tag(html);
    html->open[html->depth++] = tag;
    buf_append_byte(&html->sink->buf, '<');
    buf_append(&html->sink->buf, name);
    html->in_tag = true;
}

void html_close(struct html *html, const char *tag)
{
    slice name = slice_from_cstr(tag);
    ASSERT(html->depth > 0 && slice_equal(slice_from_cstr(html->open[html->depth - 1]), name));
    html_finish_tag(html);
    html->depth--;
    buf_append(&html->sink->buf, S("</"));
    buf_append(&html->sink->buf, name);
    buf_append(&html->sink->buf, S(">"));
    (void)sink_settle(html->sink);
}

void html_void(struct html *html, const char *tag)
{
    html_open(html, tag);
    html->depth--;
}

void html_attribute(struct html *html, const char *name, slice value)
{
    slice given = slice_from_cstr(name);
    ASSERT(html->in_tag && html_is_name(given));
    ASSERT(!slice_starts(given, S("on")) && !slice_equal(given, S("src")));
    ASSERT(!slice_equal(given, S("href")) || slice_starts(value, S("#")));
    buf_append_byte(&html->sink->buf, ' ');
    buf_append(&html->sink->buf, given);
    buf_append(&html->sink->buf, S("=\""));
    escape_html(&html->sink->buf, slice_first(value, HTML_TEXT_MAX));
    buf_append_byte(&html->sink->buf, '"');
}

void html_attribute_number(struct html *html, const char *name, int64_t value)
{
    char digits[24];
    struct buf number;
    buf_init_fixed(&number, digits, sizeof(digits));
    buf_append_i64(&number, value);
    html_attribute(html, name, buf_slice(&number));
}

void html_text(struct html *html, slice text)
{
    html_finish_tag(html);
    escape_html(&html->sink->buf, slice_first(text, HTML_TEXT_MAX));
    if (text.len > HTML_TEXT_MAX)
        buf_append(&html->sink->buf, S(HTML_ELLIPSIS));
}

void html_open_class(struct html *html, const char *tag, const char *class)
{
    html_open(html, tag);
    if (class != NULL)
        html_attribute(html, "class", slice_from_cstr(class));
}

void html_element(struct html *html, const char *tag, const char *class, slice text)
{
    html_open_class(html, tag, class);
    html_text(html, text);
    html_close(html, tag);
}

static void html_meta(struct html *html, const char *kind, slice kind_value, slice content)
{
    html_void(html, "meta");
    html_attribute(html, kind, kind_value);
    html_attribute(html, "content", content);
}

/* A style sheet ends where its element does; ours never holds what ends it. */
static void html_style(struct html *html, slice style)
{
    ASSERT(!slice_contains(style, S("<")));
    html_open(html, "style");
    html_finish_tag(html);
    buf_append_byte(&html->sink->buf, '\n');
    buf_append(&html->sink->buf, style);
    html_close(html, "style");
}

void html_begin(struct html *html, struct sink *sink, slice lang, slice title, slice style)
{
    *html = (struct html){.sink = sink};
    buf_append(&sink->buf, S("<!DOCTYPE html>\n"));
    html_open(html, "html");
    html_attribute(html, "lang", lang);
    html_open(html, "head");
    html_void(html, "meta");
    html_attribute(html, "charset", S("utf-8"));
    html_meta(html, "http-equiv", S("Content-Security-Policy"), S(HTML_POLICY));
    html_meta(html, "name", S("viewport"), S("width=device-width, initial-scale=1"));
    html_meta(html, "name", S("referrer"), S("no-referrer"));
    html_meta(html, "name", S("color-scheme"), S("light dark"));
    html_element(html, "title", NULL, title);
    html_style(html, style);
    html_close(html, "head");
    html_open(html, "body");
}

void html_end(struct html *html)
{
    html_close(html, "body");
    html_close(html, "html");
    ASSERT(html->depth == 0);
    buf_append_byte(&html->sink->buf, '\n');
}
