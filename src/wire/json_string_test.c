/* Escapes at every place of strings of every length, with and without memory behind them: blocks
 * and words give the same as a plain walk. */
#include "wire/json_string.h"

#include <string.h>

#include "base/base.h"
#include "base/test.h"

#define LENGTH_MAX ((size_t)150)
#define BEHIND     ((size_t)200)

static struct arena arena;

/* Unescapes a copy that has `behind` readable bytes after it. */
static slice unescape(slice quoted, size_t behind)
{
    static char memory[LENGTH_MAX + BEHIND];
    memset(memory, '\\', sizeof(memory));
    memcpy(memory, quoted.at, quoted.len);
    return json_string_unescape(
        &arena, slice_make(memory, quoted.len), memory + quoted.len + behind);
}

static void expect(slice quoted, slice text)
{
    assert_slice(unescape(quoted, 0), text);
    assert_slice(unescape(quoted, BEHIND), text);
    arena_reset(&arena);
}

static void one_escape(void **state)
{
    static const struct {
        slice escape;
        slice text;
    } rows[] = {
        {S_INIT("\\n"), S_INIT("\n")},
        {S_INIT("\\\\"), S_INIT("\\")},
        {S_INIT("\\\\\\\\n"), S_INIT("\\\\n")},
        {S_INIT("\\r\\n\\t\\t"), S_INIT("\r\n\t\t")},
        {S_INIT("\\u5146"), S_INIT("\xE5\x85\x86")},
        {S_INIT("\\uD83D\\uDD25\\\""), S_INIT("\xF0\x9F\x94\xA5\"")},
        {S_INIT("\\x41"), S_INIT("A")},
        {S_INIT("\\q"), S_INIT("\\q")},
        {S_INIT("\\"), S_INIT("\\")},
    };
    (void)state;
    for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
        for (size_t len = rows[row].escape.len; len <= LENGTH_MAX; len++)
            for (size_t at = 0; at <= len - rows[row].escape.len; at++) {
                char quoted[LENGTH_MAX], text[LENGTH_MAX];
                slice escape = rows[row].escape, meant = rows[row].text;

                memset(quoted, '-', len);
                memset(text, '-', len);
                memcpy(quoted + at, escape.at, escape.len);
                memcpy(text + at, meant.at, meant.len);
                expect(slice_make(quoted, len), slice_make(text, len - escape.len + meant.len));
            }
}

/* Backslashes and letters in many orders. */
static void dense(void **state)
{
    (void)state;
    for (size_t len = 0; len <= LENGTH_MAX; len++) {
        char quoted[LENGTH_MAX], text[LENGTH_MAX];
        size_t out = 0;
        for (size_t i = 0; i < len; i++)
            quoted[i] = (i * i + i / 7 + len) % 3 == 0 ? '\\' : 'n';
        for (size_t i = 0; i < len; i++) {
            bool escape = quoted[i] == '\\' && i + 1 < len;
            text[out++] = !escape ? quoted[i] : quoted[i + 1] == 'n' ? '\n' : '\\';
            i += escape;
        }
        expect(slice_make(quoted, len), slice_make(text, out));
    }
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_escape),
        cmocka_unit_test(dense),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
