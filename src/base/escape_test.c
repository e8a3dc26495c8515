/* Escaping: tables of what each place makes of hostile text. That nothing at all gets through is
 * the property of fuzz/escape.c. */
#include "base/escape.h"

#include "base/test.h"

struct row {
    slice text;
    slice escaped;
};

static void check_rows(
    void (*escape)(struct buf *out, slice text), const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char memory[256];
        struct buf out;
        buf_init_fixed(&out, memory, sizeof(memory));
        escape(&out, rows[i].text);
        assert_slice(buf_slice(&out), rows[i].escaped);
    }
}

static void tames_the_terminal(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{NULL, 0}, S_INIT("")},
        {S_INIT("plain \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x98\x80"),
            S_INIT("plain \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x98\x80")},
        {S_INIT("a\nb\tc\rd\\e"), S_INIT("a\\nb\\tc\\rd\\\\e")},
        {S_INIT("\x1B]0;title\x07\x1B[2J"), S_INIT("\\x1b]0;title\\x07\\x1b[2J")},
        {S_INIT("\0\x7F"), S_INIT("\\x00\\x7f")},
        /* C1: CSI as a character, as a bare byte, and NEL */
        {S_INIT("\xC2\x9B"
                "31m\x9B"
                "31m\xC2\x85"),
            S_INIT("\\xc2\\x9b31m\\x9b31m\\xc2\\x85")},
        {S_INIT("\xE2\x82"), S_INIT("\\xe2\\x82")},
        /* U+FFFD that was there before stays */
        {S_INIT("\xEF\xBF\xBD"), S_INIT("\xEF\xBF\xBD")},
        {S_INIT("exe\xE2\x80\xAEgpj"), S_INIT("exe\\u{202e}gpj")},
        {S_INIT("\xE2\x81\xA6\xE2\x81\xA9\xD8\x9C\xE2\x80\xA8\xEF\xBB\xBF\xE2\x80\x8B"),
            S_INIT("\\u{2066}\\u{2069}\\u{61c}\\u{2028}\\u{feff}\\u{200b}")},
        {S_INIT("\xF3\xA0\x81\x81"), S_INIT("\\u{e0041}")},
    };
    check_rows(escape_terminal, rows, sizeof(rows) / sizeof(rows[0]));
}

static void tames_the_page(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{NULL, 0}, S_INIT("")},
        {S_INIT("<script>alert('x')</script>"),
            S_INIT("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")},
        {S_INIT("\" onload=\"&amp;"), S_INIT("&quot; onload=&quot;&amp;amp;")},
        {S_INIT("a\n\tb\r\0\x1B\xFF"),
            S_INIT("a\n\tb\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
        {S_INIT("\xC2\x80\xC0\xBC"), S_INIT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
        {S_INIT("exe\xE2\x80\xAEgpj"), S_INIT("exe\\u{202e}gpj")},
        {S_INIT("\xE6\xBC\xA2"), S_INIT("\xE6\xBC\xA2")},
    };
    check_rows(escape_html, rows, sizeof(rows) / sizeof(rows[0]));
}

static void tames_the_spreadsheet(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{NULL, 0}, S_INIT("")},
        {S_INIT("plain text"), S_INIT("plain text")},
        {S_INIT("a,b"), S_INIT("\"a,b\"")},
        {S_INIT("say \"hi\""), S_INIT("\"say \"\"hi\"\"\"")},
        {S_INIT("\""), S_INIT("\"\"\"\"")},
        {S_INIT("a\r\nb"), S_INIT("\"a\r\nb\"")},
        {S_INIT("=1+1"), S_INIT("'=1+1")},
        {S_INIT("=HYPERLINK(\"http://x\",\"y\")"),
            S_INIT("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")},
        {S_INIT("+cmd|' /C calc'!A0"), S_INIT("'+cmd|' /C calc'!A0")},
        {S_INIT("@SUM(1)"), S_INIT("'@SUM(1)")},
        {S_INIT("\t=1"), S_INIT("'\t=1")},
        {S_INIT("\r=1"), S_INIT("\"'\r=1\"")},
        {S_INIT("\n=1"), S_INIT("\"'\n=1\"")},
        {S_INIT("-"), S_INIT("'-")},
        {S_INIT("--1"), S_INIT("'--1")},
        {S_INIT("-1+cmd"), S_INIT("'-1+cmd")},
        /* numbers are none */
        {S_INIT("-1"), S_INIT("-1")},
        {S_INIT("+1.5e3"), S_INIT("+1.5e3")},
        {S_INIT("42"), S_INIT("42")},
        {S_INIT("a=1"), S_INIT("a=1")},
        /* full-width = + - @ count as well where a spreadsheet speaks Japanese */
        {S_INIT("\xEF\xBC\x9D"
                "1"),
            S_INIT("'\xEF\xBC\x9D"
                   "1")},
        {S_INIT("\xEF\xBC\x8B"), S_INIT("'\xEF\xBC\x8B")},
        {S_INIT("\xEF\xBC\x8D"), S_INIT("'\xEF\xBC\x8D")},
        {S_INIT("\xEF\xBC\xA0"), S_INIT("'\xEF\xBC\xA0")},
        {S_INIT("\xEF\xBC\xA1"), S_INIT("\xEF\xBC\xA1")},
        {S_INIT("\xEF\xBC"), S_INIT("\xEF\xBC")},
    };
    check_rows(escape_csv, rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tames_the_terminal),
        cmocka_unit_test(tames_the_page),
        cmocka_unit_test(tames_the_spreadsheet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
