/* Where each type of capture ends, and what value it gives. */
#include "base/test.h"

#include "base/base.h"
#include "decode/product_type.h"

static void assert_extent(const char *type_name, const char *text, size_t want)
{
    enum product_type type;
    assert_true(product_type_named(slice_from_cstr(type_name), &type));
    size_t got = product_type_extent(type, slice_from_cstr(text));
    if (got != want)
        fail_msg("%s of \"%s\": %zu, not %zu", type_name, text, got, want);
}

static void finds_where_text_ends(void **state)
{
    (void)state;
    static const struct {
        const char *type, *text;
        size_t want;
    } cases[] = {
        {"ip", "10.0.0.1 x", 8},
        {"ip", "10.0.0.1:22", 8},
        {"ip", "10.0.0.256", 0},
        {"ip", "10.0.0", 0},
        {"ip", "10.0.0.1.2", 0},
        {"ip", "::", 2},
        {"ip", "::1]", 3},
        {"ip", "2001:db8::7 port", 11},
        {"ip", "1:2:3:4:5:6:7:8", 15},
        {"ip", "1:2:3:4:5:6:7", 0},
        {"ip", "fe80::1%eth0:", 12},
        {"ip", "::ffff:10.0.0.1", 15},
        {"ip", "12:34:56", 0},
        {"ip", "abcde::", 0},
        {"mac", "00:00:5e:00:53:23:00", 17},
        {"mac", "00-00-5e-00-53-23", 17},
        {"mac", "00:00-5e:00:53:23", 0},
        {"mac", "00:00:5e", 0},
        {"mac", "0000.5e00.5323", 14},
        {"mac", "0000.5e00.532", 0},
        {"mac", "00005E005323,", 12},
        {"mac", "00005E0053231", 0},
        {"mac", "00005E00532:", 0},
        {"elapsed", "0:02:01 x", 7},
        {"elapsed", "2:01.5", 6},
        {"elapsed", "1d2h3 x", 4},
        {"elapsed", "12:", 0},
        {"elapsed", "12", 0},
        {"seconds", "1.5s", 3},
        {"digit", "123", 1},
        {"digit", "x1", 0},
        {"port", "65535", 5},
        {"port", "65536", 0},
        {"int", "-12x", 3},
        {"int", "x", 0},
        {"number", "1.5.6", 3},
        {"number", "3.", 1},
        {"hex", "0xfFg", 4},
        {"hex", "zz", 0},
        {"guid", "{c689ddd3-4fcd-5f52-2d00-000000000b00}", 38},
        {"guid", "c689ddd3-4fcd-5f52-2d00-000000000b00", 36},
        {"guid", "{c689ddd3-4fcd-5f52-2d00-000000000b00", 0},
        {"quoted", "\"a\\\"b\" c", 6},
        {"quoted", "'it'", 4},
        {"quoted", "\"open", 0},
        {"time", "2026-11-20T03:12:44Z x", 20},
        {"time", "noon", 0},
        {"host", "a-b.example:22 x", 14},
        {"word", "ab cd", 2},
        {"text", "ab cd", 5},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_extent(cases[i].type, cases[i].text, cases[i].want);
    enum product_type type;
    assert_false(product_type_named(S("wrod"), &type));
}

static void gives_values(void **state)
{
    (void)state;
    static const struct {
        const char *type, *text, *want; /* NULL: not of the type */
    } cases[] = {
        {"ip", "fe80::1%eth0", "fe80::1"},
        {"ip", "::ffff:10.0.0.1", "10.0.0.1"},
        {"ip", "-", NULL},
        {"mac", "00:00:5e:00:53:2a", "00-00-5E-00-53-2A"},
        {"int", "0x1a4", "420"},
        {"int", "-7", "-7"},
        {"int", "7x", NULL},
        {"guid", "{c689ddd3-4fcd-5f52-2d00-000000000b00}", "c689ddd3-4fcd-5f52-2d00-000000000b00"},
        {"quoted", "\"a\\\"b\"", "a\"b"},
        {"lower", "TCP", "tcp"},
        {"upper", "get", "GET"},
        {"mac", "0000.5e00.5323", "00-00-5E-00-53-23"},
        {"mac", "00005e005323", "00-00-5E-00-53-23"},
        {"seconds", "1.25", "1250000000"},
        {"seconds", "-1", NULL},
        {"seconds", "9223372036854775807", NULL},
        {"milliseconds", "3", "3000000"},
        {"microseconds", "7.0015", "7001"},
        {"elapsed", "0:02:01", "121000000000"},
        {"elapsed", "1:00:00:01.5", "86401500000000"},
        {"elapsed", "1w1d1h1m1s", "694861000000000"},
        {"elapsed", "x", NULL},
        {"time", "2026-11-20T03:12:44+09:00", "2026-11-19T18:12:44Z"},
        {"time", "1292652621986", "2010-12-18T06:10:21.986Z"},
        {"time", "2026/11/20 03:12:44", "2026-11-20T03:12:44"},
        {"time", "Nov 20 03:12:44", "Nov 20 03:12:44"},
        {"host", "gate.example", "gate.example"},
        {"host", ".example", NULL},
        {"path", "C:\\a b", "C:\\a b"},
        {"path", "a/b", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena arena = {0};
        enum product_type type;
        enum event_type field_type;
        slice value;
        assert_true(product_type_named(slice_from_cstr(cases[i].type), &type));
        bool converted =
            product_type_convert(type, slice_from_cstr(cases[i].text), &arena, &value, &field_type);
        assert_int_equal(converted, cases[i].want != NULL);
        if (converted)
            assert_slice(value, slice_from_cstr(cases[i].want));
        arena_free(&arena);
    }
}

static void assert_parts(enum product_type type, slice text, const char *want)
{
    char memory[128];
    struct arena arena = {0};
    struct buf out;
    struct product_part part;
    buf_init_fixed(&out, memory, sizeof(memory));
    while (product_type_next_part(type, &arena, &text, &part)) {
        buf_append(&out, part.name);
        buf_append_byte(&out, '=');
        buf_append(&out, part.value);
        buf_append_byte(&out, '|');
    }
    assert_slice(buf_slice(&out), slice_from_cstr(want));
    arena_free(&arena);
}

static void makes_several_fields(void **state)
{
    (void)state;
    assert_parts(PRODUCT_TYPE_ACCOUNT, S("CORP\\bob"), "domain=CORP|name=bob|");
    assert_parts(PRODUCT_TYPE_ACCOUNT, S("bob@corp.example"), "domain=corp.example|name=bob|");
    assert_parts(PRODUCT_TYPE_ACCOUNT, S("bob"), "name=bob|");
    assert_parts(PRODUCT_TYPE_ACCOUNT, S(""), "");
    assert_parts(PRODUCT_TYPE_HASHES, S("MD5=AA,x,SHA256=Bb,IMPHASH=zz"), "md5=aa|sha256=bb|");
    assert_parts(PRODUCT_TYPE_HASHES, S("D41D8CD98F00B204E9800998ECF8427E"),
        "md5=d41d8cd98f00b204e9800998ecf8427e|");
    assert_parts(PRODUCT_TYPE_HASHES, S("D41D8CD98F00B204E9800998ECF8427,da"), "");
    assert_parts(PRODUCT_TYPE_KV, S("a=\"x\\\"y\" b=2"), "a=x\"y|b=2|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_where_text_ends),
        cmocka_unit_test(gives_values),
        cmocka_unit_test(makes_several_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
