/* Writing JSON: commas, escapes, numbers. */
#include "wire/json_writer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"
#include "base/civil.h"

static void expect(struct buf *out, const char *want)
{
    buf_append_byte(out, '\0');
    assert_string_equal(out->at, want);
    buf_free(out);
}

static void begin(struct json_writer *json, struct buf *out)
{
    buf_init(out, 4096);
    json_begin(json, out);
}

static void commas_and_nesting(void **state)
{
    struct json_writer json;
    struct buf out;
    (void)state;
    begin(&json, &out);
    json_object_begin(&json);
    json_key(&json, S("a"));
    json_array_begin(&json);
    json_u64(&json, UINT64_MAX);
    json_i64(&json, INT64_MIN);
    json_object_begin(&json);
    json_object_end(&json);
    json_array_end(&json);
    json_key(&json, S("b"));
    json_bool(&json, true);
    json_key(&json, S("c"));
    json_null(&json);
    json_key(&json, S("d"));
    json_raw(&json, S("1e3"));
    json_object_end(&json);
    expect(&out,
        "{\"a\":[18446744073709551615,-9223372036854775808,{}],\"b\":true,\"c\":null,\"d\":1e3}");
}

static void strings(void **state)
{
    struct json_writer json;
    struct buf out;
    (void)state;
    begin(&json, &out);
    json_array_begin(&json);
    json_string(&json, S("\"\\/\n\r\t\b\x7f"));
    json_string(&json, slice_make("\0", 1));
    json_string(&json, S("\xE5\x85\x86\xF0\x9F\x94\xA5"));
    json_string(&json, S("\xFF\xC0\x80z"));
    json_array_end(&json);
    expect(&out,
        "[\"\\\"\\\\/\\n\\r\\t\\u0008\\u007f\",\"\\u0000\",\"\xE5\x85\x86\xF0\x9F\x94\xA5\","
        "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"]");
}

static void numbers_and_times(void **state)
{
    struct json_writer json;
    struct buf out;
    (void)state;
    begin(&json, &out);
    json_array_begin(&json);
    json_fixed(&json, 0.975, 2);
    json_fixed(&json, -0.001, 2);
    json_fixed(&json, -12.5, 1);
    json_fixed(&json, 7, 0);
    json_fixed(&json, 1e300, 2);
    json_time(&json, INT64_C(1500000000123000000));
    json_time(&json, CIVIL_TIME_NONE);
    json_array_end(&json);
    expect(&out, "[0.98,0.00,-12.5,7,null,\"2017-07-14T02:40:00.123Z\",null]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_and_nesting),
        cmocka_unit_test(strings),
        cmocka_unit_test(numbers_and_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
