/* Parts of names, and what has none. */
#include "base/test.h"

#include "base/base.h"
#include "decode/registered_domain.h"

static void expect(const char *name, const char *top, const char *registered, const char *subdomain)
{
    struct registered_domain parts;
    assert_true(registered_domain_find(slice_from_cstr(name), &parts));
    assert_slice(parts.top, slice_from_cstr(top));
    assert_slice(parts.registered, slice_from_cstr(registered));
    assert_slice(parts.subdomain, slice_from_cstr(subdomain));
}

static void names_have_parts(void **state)
{
    (void)state;
    expect("www.example.com", "com", "example.com", "www");
    expect("example.com.", "com", "example.com", "");
    expect("A.b.Example.co.UK", "co.UK", "Example.co.UK", "A.b");
    expect("_ldap._tcp.dc1.corp.test", "test", "corp.test", "_ldap._tcp.dc1");
    expect("7.example.jp", "jp", "example.jp", "7");
}

static void others_have_none(void **state)
{
    static const char *const names[] = {"", ".", "com", "co.uk", "localhost", "192.0.2.1",
        "2001:db8::1", "a..example.com", ".example.com", "two words.example.com",
        "b\xc3\xbc.example"};
    struct registered_domain parts;
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_false(registered_domain_find(slice_from_cstr(names[i]), &parts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_parts),
        cmocka_unit_test(others_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
