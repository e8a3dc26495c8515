/* The vectors of RFC 4648, section 10, and bytes that are no text. */
#include "base/test.h"

#include "base/base.h"
#include "wire/base64.h"

static void writes_the_vectors(void **state)
{
    static const struct {
        slice bytes, want;
    } cases[] = {{S_INIT(""), S_INIT("")}, {S_INIT("f"), S_INIT("Zg==")},
        {S_INIT("fo"), S_INIT("Zm8=")}, {S_INIT("foo"), S_INIT("Zm9v")},
        {S_INIT("foob"), S_INIT("Zm9vYg==")}, {S_INIT("fooba"), S_INIT("Zm9vYmE=")},
        {S_INIT("foobar"), S_INIT("Zm9vYmFy")}, {S_INIT("\0"), S_INIT("AA==")},
        {S_INIT("\xff\xfe\xfb"), S_INIT("//77")}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char memory[16];
        struct buf out;
        buf_init_fixed(&out, memory, sizeof(memory));
        base64_append(&out, cases[i].bytes);
        assert_slice(buf_slice(&out), cases[i].want);
        assert_int_equal(base64_len(cases[i].bytes.len), cases[i].want.len);
    }
}

static void writes_nothing_where_there_is_no_room(void **state)
{
    char memory[7];
    struct buf out;
    (void)state;
    buf_init_fixed(&out, memory, sizeof(memory));
    base64_append(&out, S("foob"));
    assert_true(out.overflow);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_vectors),
        cmocka_unit_test(writes_nothing_where_there_is_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
