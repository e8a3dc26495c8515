/* What is escaped cannot leave its place. Terminal: no control, no malformed byte, nothing that
 * moves text, and the bytes can be had back. HTML: no markup, and entities that give the text back.
 * CSV: one field, that gives the text back, and is no formula. */
#include "base/escape.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/utf8.h"
#include "fuzz.h"

static bool is_bidi_control(uint32_t character)
{
    return character == 0x061C || character == 0x200E || character == 0x200F ||
           (character >= 0x202A && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069);
}

static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

/* Valid UTF-8 without controls (but `allowed` ones) and without what moves text or breaks lines. */
static void check_harmless(slice escaped, slice allowed)
{
    while (escaped.len > 0) {
        uint32_t character;
        size_t len = utf8_decode(escaped, &character);
        ASSERT(len > 1 || (unsigned char)escaped.at[0] < 0x80);
        ASSERT(!is_control(character) || slice_contains(allowed, slice_first(escaped, 1)));
        ASSERT(!is_bidi_control(character) && character != 0x2028 && character != 0x2029);
        escaped = slice_from(escaped, len);
    }
}

/* Takes one escape of escape_terminal off *rest and appends what it stands for. */
static void unescape(struct buf *out, slice *rest)
{
    slice code, tail;
    uint64_t value;
    ASSERT(rest->len >= 2);
    char kind = rest->at[1];
    if (kind == 'x') {
        ASSERT(rest->len >= 4 && slice_to_hex_u64(slice_sub(*rest, 2, 2), &value));
        buf_append_byte(out, (char)value);
        *rest = slice_from(*rest, 4);
    } else if (kind == 'u') {
        ASSERT(slice_starts(*rest, S("\\u{")) && slice_cut(*rest, '}', &code, &tail));
        ASSERT(slice_to_hex_u64(slice_from(code, 3), &value));
        utf8_append(out, (uint32_t)value);
        *rest = tail;
    } else {
        ASSERT(kind == 'n' || kind == 't' || kind == 'r' || kind == '\\');
        buf_append_byte(out, kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == 'r' ? '\r' : '\\');
        *rest = slice_from(*rest, 2);
    }
}

static void check_terminal(slice text, struct buf *out, struct buf *back)
{
    escape_terminal(out, text);
    check_harmless(buf_slice(out), S(""));
    for (slice rest = buf_slice(out); rest.len > 0;) {
        if (rest.at[0] == '\\') {
            unescape(back, &rest);
            continue;
        }
        buf_append_byte(back, rest.at[0]);
        rest = slice_from(rest, 1);
    }
    ASSERT(slice_equal(buf_slice(back), text));
}

static void check_html(slice text, struct buf *out, struct buf *back)
{
    static const slice entities[] = {
        S_INIT("&amp;"), S_INIT("&lt;"), S_INIT("&gt;"), S_INIT("&quot;"), S_INIT("&#39;")};
    static const char characters[] = "&<>\"'";
    bool plain = true; /* nothing of the text was replaced */
    escape_html(out, text);
    check_harmless(buf_slice(out), S("\n\t"));
    for (slice rest = buf_slice(out); rest.len > 0;) {
        size_t entity = 0;
        while (entity < 5 && !slice_starts(rest, entities[entity]))
            entity++;
        ASSERT(entity < 5 || memchr(characters, rest.at[0], 5) == NULL);
        buf_append_byte(back, entity < 5 ? characters[entity] : rest.at[0]);
        plain = plain && !slice_starts(rest, S("\xEF\xBF\xBD")) && !slice_starts(rest, S("\\u{"));
        rest = slice_from(rest, entity < 5 ? entities[entity].len : 1);
    }
    ASSERT(!plain || slice_equal(buf_slice(back), text));
}

/* The field as a reader of RFC 4180 sees it. */
static void csv_field(slice field, struct buf *back)
{
    if (!slice_starts(field, S("\""))) {
        for (size_t i = 0; i < field.len; i++)
            ASSERT(memchr("\",\r\n", field.at[i], 4) == NULL);
        buf_append(back, field);
        return;
    }
    ASSERT(field.len >= 2 && field.at[field.len - 1] == '"');
    field = slice_sub(field, 1, field.len - 2);
    while (field.len > 0) {
        ASSERT(field.at[0] != '"' || slice_starts(field, S("\"\"")));
        buf_append_byte(back, field.at[0]);
        field = slice_from(field, field.at[0] == '"' ? 2 : 1);
    }
}

static void check_csv(slice text, struct buf *out, struct buf *back)
{
    double number;
    escape_csv(out, text);
    csv_field(buf_slice(out), back);
    slice field = buf_slice(back);
    if (field.len > 0 && memchr("=+-@\t\r\n", field.at[0], 7) != NULL)
        ASSERT(slice_to_double(field, &number));
    if (!slice_equal(field, text)) {
        ASSERT(slice_starts(field, S("'")) && slice_equal(slice_from(field, 1), text));
        ASSERT(memchr("=+-@\t\r\n\xEF", text.at[0], 8) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const checks[])(slice text, struct buf * out, struct buf * back) = {
        check_terminal, check_html, check_csv};
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        struct buf out, back;
        buf_init(&out, size * 12 + 16); /* the longest: a character of 4 bytes as \u{e0041} */
        buf_init(&back, size * 12 + 16);
        checks[i](slice_make(data, size), &out, &back);
        ASSERT(!out.overflow && !back.overflow);
        buf_free(&out);
        buf_free(&back);
    }
    return 0;
}
