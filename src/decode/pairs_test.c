/* key=value pairs among other words, with every kind of end. */
#include "base/test.h"

#include "base/base.h"
#include "decode/pairs.h"

static void assert_pairs(slice text, const char *want)
{
    char memory[256];
    struct buf out;
    struct pair pair;
    buf_init_fixed(&out, memory, sizeof(memory));
    while (pairs_next(&text, &pair)) {
        buf_append(&out, pair.key);
        buf_append_byte(&out, pair.quoted ? '~' : '=');
        buf_append(&out, pair.value);
        buf_append_byte(&out, '|');
    }
    assert_slice(buf_slice(&out), slice_from_cstr(want));
}

static void cuts_pairs(void **state)
{
    (void)state;
    assert_pairs(S(""), "");
    assert_pairs(S("no pairs = here"), "");
    assert_pairs(S("a=1 b=2"), "a=1|b=2|");
    assert_pairs(S("a=1,b=2; c=3,"), "a=1|b=2|c=3|");
    assert_pairs(S("a=x,y b=z"), "a=x,y|b=z|");
    assert_pairs(S("a= b=2"), "a=|b=2|");
    assert_pairs(S("x DF a=1 (b=2) c.d-e_f=3"), "a=1|c.d-e_f=3|");
    assert_pairs(S("a=\"x y\" b='z' c=\"open"), "a~x y|b~z|c=open|");
    assert_pairs(S("a=\"x\\\"y\" b=2"), "a~x\\\"y|b=2|");
    assert_pairs(S("rip=::1, TLS, session=<a=b>"), "rip=::1|session=<a=b>|");
}

static void assert_pairs_between(slice text, slice assign, slice between, const char *want)
{
    char memory[256];
    struct buf out;
    struct pair pair;
    buf_init_fixed(&out, memory, sizeof(memory));
    while (pairs_next_between(&text, assign, between, &pair)) {
        buf_append(&out, pair.key);
        buf_append_byte(&out, pair.quoted ? '~' : '=');
        buf_append(&out, pair.value);
        buf_append_byte(&out, '|');
    }
    assert_slice(buf_slice(&out), slice_from_cstr(want));
}

static void cuts_pairs_of_other_signs(void **state)
{
    (void)state;
    assert_pairs_between(S(""), S(":"), S(";"), "");
    assert_pairs_between(S("no pair"), S(":"), S(";"), "");
    assert_pairs_between(S("a:\"x; y\"; b: c d ;e:;:f; g"), S(":"), S(";"), "a~x; y|b=c d|e=|");
    assert_pairs_between(
        S("Host Name: a,said so,Time: 1:2"), S(":"), S(","), "Host Name=a|Time=1:2|");
    assert_pairs_between(S("a=>1 || b=>\"2\" || c=>\"3"), S("=>"), S("||"), "a=1|b~2|c=3|");
    assert_pairs_between(S("a:\"x\" y; b:z"), S(":"), S(";"), "a=\"x\" y|b=z|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_pairs),
        cmocka_unit_test(cuts_pairs_of_other_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
