/* Headers and pairs of CEF and LEEF, with their escapes. */
#include "base/test.h"

#include "base/base.h"
#include "decode/cef.h"

struct fixture {
    struct arena arena;
    struct event event;
    bool added;
};

static struct fixture added(slice text)
{
    struct fixture fixture = {0};
    event_reset(&fixture.event, &fixture.arena);
    fixture.added = cef_add(&fixture.event, text);
    return fixture;
}

static void reads_cef(void **state)
{
    (void)state;
    struct fixture fixture = added(
        S("CEF:0|Sec\\|urity|threat manager|1.0|100|worm stopped|10|src=10.0.0.1 msg=a b\\=c d=e "
          "\\\\ f cs1Label=x y cs1= spt=1232"));
    assert_true(fixture.added);
    assert_slice(event_value(&fixture.event, S("cef.vendor")), S("Sec|urity"));
    assert_slice(event_value(&fixture.event, S("cef.severity")), S("10"));
    assert_slice(event_value(&fixture.event, S("cef.ext.src")), S("10.0.0.1"));
    assert_slice(event_value(&fixture.event, S("cef.ext.msg")), S("a b=c"));
    assert_slice(event_value(&fixture.event, S("cef.ext.d")), S("e \\ f"));
    assert_slice(event_value(&fixture.event, S("cef.ext.cs1Label")), S("x y"));
    assert_slice(event_value(&fixture.event, S("cef.ext.cs1")), S(""));
    assert_slice(event_value(&fixture.event, S("cef.ext.spt")), S("1232"));
    arena_free(&fixture.arena);
}

static void reads_leef(void **state)
{
    (void)state;
    struct fixture one = added(S("LEEF:1.0|Lancope|StealthWatch|1.0|41|src=10.0.0.1\tmsg=a b=c\t"));
    assert_true(one.added);
    assert_slice(event_value(&one.event, S("leef.id")), S("41"));
    assert_slice(event_value(&one.event, S("leef.ext.msg")), S("a b=c"));
    arena_free(&one.arena);
    struct fixture two = added(S("LEEF:2.0|V|P|1|id|^|a=1^b=2"));
    assert_slice(event_value(&two.event, S("leef.ext.b")), S("2"));
    arena_free(&two.arena);
    struct fixture three = added(S("LEEF:2.0|V|P|1|id|x7C|a=1|b=2"));
    assert_slice(event_value(&three.event, S("leef.ext.b")), S("2"));
    arena_free(&three.arena);
}

static void refuses_what_is_neither(void **state)
{
    (void)state;
    static const char *texts[] = {
        "", "CEF:", "CEF:0|a|b|c|d|e", "CEF:0|a\\|b|c|d|e|f|g", "LEEF:1.0|a", "cef:0|a|b|c|d|e|f|"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fixture fixture = added(slice_from_cstr(texts[i]));
        assert_false(fixture.added);
        assert_int_equal(fixture.event.count, 0);
        arena_free(&fixture.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_cef),
        cmocka_unit_test(reads_leef),
        cmocka_unit_test(refuses_what_is_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
