/* The table is sorted, says what each field holds, and finds what it has. */
#include "base/test.h"

#include "event/field.h"

static void finds_every_field(void **state)
{
    (void)state;
    size_t count;
    const struct field *fields = field_table(&count);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(field_find(fields[i].name), &fields[i]);
        assert_true(fields[i].holds.len > 0);
        if (i > 0)
            assert_true(slice_compare(fields[i - 1].name, fields[i].name) < 0);
    }
}

static void finds_nothing_else(void **state)
{
    (void)state;
    assert_null(field_find(S("")));
    assert_null(field_find(S("source")));
    assert_null(field_find(S("source.ip.x")));
    assert_null(field_find(S("zzz")));
    assert_int_equal(field_find(S("source.ip"))->type, FIELD_IP);
    assert_int_equal(field_find(S("process.pid"))->type, FIELD_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_field),
        cmocka_unit_test(finds_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
