/* The table is sorted, every file is found by its path, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embed.h"

static void finds_every_file(void **state)
{
    (void)state;
    size_t count = 0;
    const struct embed_file *files = embed_files(&count);
    for (size_t i = 0; i < count; i++) {
        slice path = slice_from_cstr(files[i].path);
        assert_ptr_equal(embed_find(path), &files[i]);
        assert_int_equal(files[i].content.at[files[i].content.len], '\0');
        if (i > 0)
            assert_true(slice_compare(slice_from_cstr(files[i - 1].path), path) < 0);
    }
}

static void finds_nothing_else(void **state)
{
    (void)state;
    assert_null(embed_find(S("")));
    assert_null(embed_find(S("rules")));
    assert_null(embed_find(S("rules/\xff")));
    assert_null(embed_find(S("~")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_file),
        cmocka_unit_test(finds_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
