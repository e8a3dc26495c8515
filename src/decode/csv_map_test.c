/* Mappings: what they say comes out, and mistakes are refused with their place. */
#include "decode/csv_map.h"

#include <string.h>

#include "decode/decode_test.h"

static void expect(
    const char *yaml, const char *format, const char *only, const char *text, const char *want)
{
    struct decode_test test = {.only = only};
    struct csv_map *map;
    struct error err;
    enum result result = csv_map_new(S("dir/my map.yaml"), slice_from_cstr(yaml), &map, &err);
    if (result != RESULT_OK)
        print_message("%.*s\n", (int)err.message_len, err.message);
    assert_int_equal(result, RESULT_OK);
    test.options.map = map;
    decode_test_run(&test, format, slice_from_cstr(text));
    buf_append_byte(&test.out, '\0');
    assert_string_equal(test.out.at, want);
    buf_free(&test.out);
    csv_map_free(map);
}

static void columns(void **state)
{
    (void)state;
    expect("time: {field: when, format: unix}\n"
           "fields: {addr: source.ip, box: host.name, what: rule.name, n: 'x.count:int'}\n"
           "constants: {event.kind: alert}\ndataset: my.alerts\n",
        "csv", "event.kind,event.dataset,source.ip,host.name,rule.name,x.count,hikeshi.map,addr",
        "when,addr,box,what,n\n1500000000.25,192.0.2.7,h,Scan,0x10\n1,-,h,Scan,ten\n",
        "1@21 2017-07-14T02:40:00.250Z event.kind=alert event.dataset=my.alerts "
        "source.ip=192.0.2.7 "
        "host.name=h rule.name=Scan x.count=16 hikeshi.map=my_map.yaml addr=192.0.2.7\n"
        "2@57 1970-01-01T00:00:01Z event.kind=alert event.dataset=my.alerts host.name=h "
        "rule.name=Scan hikeshi.map=my_map.yaml addr=-\n");
}

static void signs(void **state)
{
    const char *only = "event.kind,rule.name,rule.id,hikeshi.level,hikeshi.kind";
    (void)state;
    expect("sign: {title: t, id: i, level: l, kind: precursor}\n", "csv", only,
        "t,i,l\nScan,7,Warning\nScan,7,5\n",
        "1@6 event.kind=alert rule.name=Scan rule.id=7 hikeshi.level=medium "
        "hikeshi.kind=precursor\n"
        "2@21 event.kind=alert rule.name=Scan rule.id=7 hikeshi.level=medium "
        "hikeshi.kind=precursor\n");
    expect("sign: {title: t, level: {field: l, table: {1: low, '9*': critical}, else: high}}\n",
        "csv", only, "t,l\na,1\nb,95\nc,x\n",
        "1@4 event.kind=alert rule.name=a hikeshi.level=low\n"
        "2@8 event.kind=alert rule.name=b hikeshi.level=critical\n"
        "3@13 event.kind=alert rule.name=c hikeshi.level=high\n");
    expect("sign: {title: t, level: critical}\n", "csv", only, "t,l\na,1\n",
        "1@4 event.kind=alert rule.name=a hikeshi.level=critical\n");
}

static void layout(void **state)
{
    (void)state;
    expect("separator: '!'\nheader: [a, b]\n", "csv", "a,b", "1!2\n3!\"4!\"\n",
        "1@0 a=1 b=2\n2@4 a=3 b=4!\n");
    expect("separator: tab\n", "csv", "a,b", "a\tb\n1\t2,3\n", "1@4 a=1 b=2,3\n");
    /* a mapping for another format does not count */
    expect("format: json\nfields: {a: x.y}\n", "csv", "x.y,a", "a,b\n1,2\n", "1@4 a=1\n");
}

static void times(void **state)
{
    (void)state;
    expect("time: {field: t, format: '%d/%m/%Y %H:%M', zone: '+09:00'}\n", "csv", "",
        "t,x\n20/11/2026 12:12,1\n", "1@4 2026-11-20T03:12:00Z\n");
    expect(
        "time: [d, t]\n", "csv", "", "d,t\n2026-11-20,03:12:44\n", "1@4 2026-11-20T03:12:44Z?\n");
    expect("time: {field: t, format: unix_ms}\n", "csv", "", "t,x\n1500000000123,1\n",
        "1@4 2017-07-14T02:40:00.123Z\n");
    expect("time: {field: t, format: ncsa}\n", "csv", "",
        "t,x\n20/Nov/2026:03:12:44 +0000,1\n2026-11-20,1\n", "1@4 2026-11-20T03:12:44Z\n2@33\n");
    /* before what the names of the columns say */
    expect(
        "time: b\n", "csv", "", "time,b\n1,2026-11-20T03:12:44Z\n", "1@7 2026-11-20T03:12:44Z\n");
}

static void json(void **state)
{
    (void)state;
    expect("time: at.t\nfields: {who.ip: source.address, n: {to: event.outcome, table: {0: "
           "success}, else: failure}}\n",
        "json", "source.ip,event.outcome",
        "{\"at\":{\"t\":1500000000},\"who\":{\"ip\":\"192.0.2.7\"},\"n\":0}\n{\"n\":3}\n",
        "1@0 2017-07-14T02:40:00Z source.ip=192.0.2.7 event.outcome=success\n2@55 "
        "event.outcome=failure\n");
}

static void conditions(void **state)
{
    (void)state;
    expect("map:\n- when: {kind: login}\n  set: {event.category: authentication}\n- fields: {u: "
           "'user:account'}\n",
        "csv", "event.category,user.name,user.domain", "kind,u\nlogin,D\\a\nother,b\n",
        "1@7 event.category=authentication user.name=a user.domain=D\n2@17 user.name=b\n");
}

static void refuse(const char *yaml, const char *place)
{
    struct csv_map *map = NULL;
    struct error err;
    assert_int_equal(csv_map_new(S("m.yaml"), slice_from_cstr(yaml), &map, &err), RESULT_USAGE);
    assert_null(map);
    if (!slice_contains(error_message(&err), slice_from_cstr(place)))
        print_message("%.*s\n", (int)err.message_len, err.message);
    assert_true(slice_contains(error_message(&err), slice_from_cstr(place)));
}

static void mistakes(void **state)
{
    (void)state;
    refuse("", "m.yaml");
    refuse("[", "m.yaml");
    refuse("- a", "line 1, column 1");
    refuse("fieldz: {}", "line 1, column 1");
    refuse("format: xml", "line 1, column 9");
    refuse("separator: ab", "line 1, column 12");
    refuse("header: []", "line 1, column 9");
    refuse("time: {format: unix}", "line 1");
    refuse("time: {field: a, format: foo}", "line 1, column 26");
    refuse("time: {field: a, format: '%q'}", "line 1, column 26");
    refuse("time: {field: a, zone: Mars}", "line 1, column 24");
    refuse("time: [a, b, c]", "line 1");
    refuse("fields: {a: 'b c'}", "line 1, column 14");
    refuse("fields: {a: 'b:nosuch'}", "line 1");
    refuse("fields: [a]", "line 1");
    refuse("constants: [a]", "line 1");
    refuse("sign: {level: low}", "line 1");
    refuse("sign: {title: a, level: {field: b, table: {1: severe}}}", "line 1, column 47");
    refuse("sign: {title: a, kind: x}", "line 1, column 24");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns),
        cmocka_unit_test(signs),
        cmocka_unit_test(layout),
        cmocka_unit_test(times),
        cmocka_unit_test(json),
        cmocka_unit_test(conditions),
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
