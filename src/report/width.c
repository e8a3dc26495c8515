/* See width.h. The C library's table for C.UTF-8, whatever locale the user has: the output must not
 * depend on it. Characters of ambiguous width count as one. */
#include "report/width.h"

#include <locale.h>
#include <wchar.h>

#include "base/utf8.h"

unsigned width_of_character(uint32_t character)
{
    static locale_t locale;
    if (character < 0x300)
        return 1;
    if (locale == (locale_t)0)
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (locale == (locale_t)0)
        return 1;
    locale_t before = uselocale(locale);
    int columns = wcwidth((wchar_t)character);
    (void)uselocale(before);
    return columns < 0 ? 1 : (unsigned)columns;
}

size_t width_of(slice text)
{
    size_t columns = 0;
    while (text.len > 0) {
        uint32_t character;
        text = slice_from(text, utf8_decode(text, &character));
        columns += width_of_character(character);
    }
    return columns;
}

slice width_first(slice text, size_t columns)
{
    size_t len = 0;
    while (len < text.len) {
        uint32_t character;
        size_t bytes = utf8_decode(slice_from(text, len), &character);
        size_t wide = width_of_character(character);
        if (wide > columns)
            break;
        columns -= wide;
        len += bytes;
    }
    return slice_first(text, len);
}
