/* Values: each type, each length it may have, and what does not fit. */
#include "decode/evtx_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base.h"

static struct arena arena;

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void expect_kind(uint8_t type, slice bytes, const char *want, enum event_type want_kind)
{
    enum event_type kind;
    slice text = evtx_value_text(&arena, (struct evtx_value){.type = type, .bytes = bytes}, &kind);
    assert_int_equal(text.len, slice_from_cstr(want).len);
    assert_memory_equal(text.at, want, text.len);
    assert_int_equal(kind, want_kind);
}

static void expect(uint8_t type, slice bytes, const char *want)
{
    expect_kind(type, bytes, want, EVENT_STRING);
}

static void strings(void **state)
{
    (void)state;
    expect(EVTX_STRING, S("a\0b\0"), "ab");
    expect(EVTX_STRING, S("a\0b\0\0\0\0\0"), "ab");
    expect(
        EVTX_STRING, S("\xe9\0\xac\x20\x3d\xd8\x00\xde"), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    expect(EVTX_STRING, S("\x00\xd8z\0"), "\xef\xbf\xbdz");
    expect(EVTX_STRING, S("1\0002\0003\0004\0005\0006\0007\0008\0009\0"), "123456789");
    expect(EVTX_STRING, S(""), "");
    expect(EVTX_ANSI, S("plain\0"), "plain");
    expect(EVTX_ANSI, S("caf\xe9 \x80"), "caf\xc3\xa9 \xe2\x82\xac");
    expect(EVTX_ANSI, S("caf\xc3\xa9"), "caf\xc3\xa9");
}

static void numbers(void **state)
{
    (void)state;
    expect_kind(EVTX_INT8, S("\xff"), "-1", EVENT_NUMBER);
    expect_kind(EVTX_UINT8, S("\xff"), "255", EVENT_NUMBER);
    expect_kind(EVTX_INT16, S("\x00\x80"), "-32768", EVENT_NUMBER);
    expect_kind(EVTX_UINT16, S("\x00\x80"), "32768", EVENT_NUMBER);
    expect_kind(EVTX_INT32, S("\xfe\xff\xff\xff"), "-2", EVENT_NUMBER);
    expect_kind(EVTX_UINT32, S("\xfe\xff\xff\xff"), "4294967294", EVENT_NUMBER);
    expect_kind(EVTX_INT64, S("\0\0\0\0\0\0\0\x80"), "-9223372036854775808", EVENT_NUMBER);
    expect_kind(
        EVTX_UINT64, S("\xff\xff\xff\xff\xff\xff\xff\xff"), "18446744073709551615", EVENT_NUMBER);
    expect_kind(EVTX_UINT32, S("\x05\0"), "5", EVENT_NUMBER); /* shorter than its type says */
    expect(EVTX_UINT32, S("\x05\0\1"), "050001");
    expect_kind(EVTX_REAL32, S("\0\0\xc0\x3f"), "1.5", EVENT_NUMBER);
    expect_kind(EVTX_REAL32, S("\xcd\xcc\xcc\x3d"), "0.1", EVENT_NUMBER);
    expect_kind(EVTX_REAL64, S("\x9a\x99\x99\x99\x99\x99\xb9\x3f"), "0.1", EVENT_NUMBER);
    expect_kind(
        EVTX_REAL64, S("\x55\x55\x55\x55\x55\x55\xd5\x3f"), "0.33333333333333331", EVENT_NUMBER);
    expect(EVTX_REAL64, S("\0\0"), "0000");
    expect_kind(EVTX_BOOL, S("\1\0\0\0"), "true", EVENT_BOOL);
    expect_kind(EVTX_BOOL, S("\0\0\0\0"), "false", EVENT_BOOL);
    expect_kind(EVTX_BOOL, S("\1"), "true", EVENT_BOOL);
    expect(EVTX_HEX32, S("\xe7\3\0\0"), "0x3e7");
    expect(EVTX_HEX64, S("\0\0\0\0\0\0\x20\x80"), "0x8020000000000000");
    expect(EVTX_HEX64, S("\0\0\0\0\0\0\0\0"), "0x0");
    expect(EVTX_SIZE, S("\x10\0\0\0"), "0x10");
    expect(EVTX_SIZE, S("\x10\0\0\0\1\0\0\0"), "0x100000010");
}

static void other_types(void **state)
{
    (void)state;
    expect(EVTX_GUID, S("\x25\x96\x84\x54\x78\x54\x94\x49\xa5\xba\x3e\x3b\x03\x28\xc3\x0d"),
        "{54849625-5478-4994-a5ba-3e3b0328c30d}");
    expect(EVTX_GUID, S("\x25\x96"), "2596");
    expect(EVTX_SID, S("\1\1\0\0\0\0\0\5\x12\0\0\0"), "S-1-5-18");
    expect(EVTX_SID, S("\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0"), "S-1-5-32-544");
    expect(EVTX_SID, S("\1\0\1\0\0\0\0\0"), "S-1-1099511627776");
    expect(EVTX_SID, S("\1\2\0\0\0\0\0\5\x20\0\0\0"), "010200000000000520000000");
    expect(EVTX_BINARY, S("\xde\xad\0\1"), "DEAD0001");
    expect(EVTX_NULL, S(""), "");
    expect(0x7e, S("\x01"), "01");
}

static void times(void **state)
{
    int64_t time_ns = 77;
    (void)state;
    expect(EVTX_FILETIME, S("\x80\x16\xd7\xd5\xde\xb1\x9d\x01"), "1970-01-01T00:00:01Z");
    expect(EVTX_FILETIME, S("\0\0\0\0\0\0\0\0"), "1601-01-01T00:00:00Z");
    expect(EVTX_FILETIME, S("\x01\0\0\0\0\0\0\0"), "1601-01-01T00:00:00.000000100Z");
    expect(EVTX_FILETIME, S("\xff\x3f\xc0\xd1\x5e\x5a\xc8\x24"), "9999-12-31T23:59:59.999999900Z");
    expect(EVTX_FILETIME, S("\xff\xff\xff\xff\xff\xff\xff\x7f"), "9223372036854775807");
    expect(EVTX_SYSTEMTIME, S("\xe4\x07\x08\0\x02\0\x12\0\x0d\0\x2d\0\x39\0\xe0\1"),
        "2020-08-18T13:45:57.480Z");
    expect(
        EVTX_SYSTEMTIME, S("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "00000000000000000000000000000000");
    struct evtx_value value = {
        .type = EVTX_FILETIME, .bytes = S("\x80\x16\xd7\xd5\xde\xb1\x9d\x01")};
    assert_true(evtx_value_time(&arena, value, &time_ns));
    assert_int_equal(time_ns, 1000000000);
    value = (struct evtx_value){.type = EVTX_FILETIME, .bytes = S("\0\0\0\0\0\0\0\0")};
    assert_false(evtx_value_time(&arena, value, &time_ns));
    value = (struct evtx_value){.type = EVTX_STRING,
        .bytes = S("1\0009\0007\0000\0-\0000\0001\0-\0000\0001\0T\0000\0000\0:\0000\0000\0:"
                   "\0000\0002\0Z\0")};
    assert_true(evtx_value_time(&arena, value, &time_ns));
    assert_int_equal(time_ns, 2000000000);
    value = (struct evtx_value){.type = EVTX_UINT64, .bytes = S("\0\0\0\0\0\0\0\0")};
    assert_false(evtx_value_time(&arena, value, &time_ns));
    assert_int_equal(time_ns, 2000000000);
}

/* The items of an array, joined with '|'. */
static void expect_items(uint8_t type, slice bytes, const char *want)
{
    struct buf out;
    slice item;
    buf_init(&out, 1024);
    for (bool first = true; evtx_value_next(type, &bytes, &item); first = false) {
        enum event_type kind;
        if (!first)
            buf_append_byte(&out, '|');
        buf_append(
            &out, evtx_value_text(&arena, (struct evtx_value){.type = type, .bytes = item}, &kind));
    }
    assert_int_equal(out.len, slice_from_cstr(want).len);
    assert_memory_equal(buf_slice(&out).at, want, out.len);
    buf_free(&out);
}

static void arrays(void **state)
{
    (void)state;
    expect_items(EVTX_STRING, S("a\0\0\0b\0c\0\0\0"), "a|bc");
    expect_items(EVTX_STRING, S("a\0\0\0\0\0c\0"), "a||c");
    expect_items(EVTX_STRING, S("\0\0"), "");
    expect_items(EVTX_ANSI, S("one\0two\0"), "one|two");
    expect_items(EVTX_UINT16, S("\1\0\2\0"), "1|2");
    expect_items(EVTX_UINT32, S("\1\0\0\0\2\0\0"), "1|020000");
    expect_items(EVTX_HEX64, S("\1\0\0\0\0\0\0\0\xff\0\0\0\0\0\0\0"), "0x1|0xff");
    expect_items(
        EVTX_SID, S("\1\1\0\0\0\0\0\5\x12\0\0\0\1\1\0\0\0\0\0\5\x13\0\0\0"), "S-1-5-18|S-1-5-19");
    expect_items(EVTX_BOOL, S("\1\0\0\0\0\0\0\0"), "true|false");
    expect_items(EVTX_BINARY, S("\1\2\3"), "010203");
    expect_items(EVTX_UINT8, S(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings),
        cmocka_unit_test(numbers),
        cmocka_unit_test(other_types),
        cmocka_unit_test(times),
        cmocka_unit_test(arrays),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
