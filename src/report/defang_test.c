/* Nothing that could be followed is left whole. */
#include "base/test.h"

#include "report/defang.h"

static void check(enum entity_type type, slice value, slice want)
{
    struct buf out;
    buf_init(&out, 256);
    defang_append(&out, type, value);
    assert_slice(buf_slice(&out), want);
    buf_free(&out);
}

static void defangs(void **state)
{
    (void)state;
    check(ENTITY_IP, S("203.0.113.7"), S("203[.]0[.]113[.]7"));
    check(ENTITY_IP, S("2001:db8::7"), S("2001[:]db8[:][:]7"));
    check(ENTITY_DOMAIN, S("evil.example"), S("evil[.]example"));
    check(ENTITY_EMAIL, S("a.b@evil.example"), S("a.b[@]evil[.]example"));
    check(ENTITY_EMAIL, S("evil.example"), S("evil[.]example"));
    check(
        ENTITY_URL, S("https://evil.example/a.php?b=c.d"), S("hxxps://evil[.]example/a.php?b=c.d"));
    check(ENTITY_URL, S("HTTP://evil.example"), S("hxxp://evil[.]example"));
    check(ENTITY_URL, S("ftp://evil.example/"), S("ftp[:]//evil[.]example/"));
    check(ENTITY_URL, S("/cgi-bin/a.cgi"), S("/cgi-bin/a.cgi"));
    check(ENTITY_URL, S("://"), S("[:]//"));
    check(ENTITY_URL, S(""), S(""));
    check(ENTITY_HOST, S("web-01.example"), S("web-01.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
