/* CSV: records, recognition, damage, what columns are taken for. */
#include "decode/csv.h"

#include "decode/csv_record.h"
#include "decode/decode_test.h"

static struct csv_record record;

static void expect(const char *text, char separator, const char *want)
{
    struct arena arena = {0};
    struct buf out;
    csv_record_parse(&record, &arena, slice_from_cstr(text), separator, true);
    buf_init(&out, 4096);
    for (size_t i = 0; i < record.count; i++) {
        buf_append_byte(&out, '<');
        buf_append(&out, record.values[i]);
        buf_append_byte(&out, '>');
    }
    buf_append(&out, record.complete ? S("") : S("..."));
    buf_append_byte(&out, '\0');
    assert_string_equal(out.at, want);
    buf_free(&out);
    arena_free(&arena);
}

static void records(void **state)
{
    (void)state;
    expect("a,b,c\nd", ',', "<a><b><c>");
    assert_int_equal(record.taken, 6);
    expect("a,,\r\n", ',', "<a><><>");
    expect("", ',', "<>");
    expect("\"a,\"\"b\"\"\nc\",d\n", ',', "<a,\"b\"\nc><d>");
    assert_true(record.several_lines);
    expect("\"\",\"\"\"\"", ',', "<><\">");
    expect("a\"b\",c", ',', "<a\"b\"><c>");
    expect("\"a\"b,\"c\" ;d", ',', "<\"a\"b><\"c\" ;d>");
    expect("a, \"b,c\", \"d\"e, \"f", ',', "<a><b,c>< \"d\"e>< \"f>");
    expect("\"a", ',', "...");
    expect("x,\"a\"\"", ',', "<x>...");
    expect("a;b\tc", '\t', "<a;b><c>");
}

static void rows(void **state)
{
    (void)state;
    decode_test_expect("csv", NULL, S("\xEF\xBB\xBFid,text\r\n1,\"a\r\nb\"\r\n\r\n2,\r\n3,c"),
        "1@12 {\"id\":\"1\",\"text\":\"a\\r\\nb\"}\n2@24 {\"id\":\"2\"}\n3@28 "
        "{\"id\":\"3\",\"text\":\"c\"}\n");
    decode_test_expect(
        "csv", "a,b", S("sep=;\na;b\n1;2\na;b\n3;4\n"), "1@10 a=1 b=2\n2@18 a=3 b=4\n");
    decode_test_expect("csv", "a,b", S("#TYPE x\n\"a\"\t\"b\"\n1\t2\n"), "1@16 a=1 b=2\n");
    decode_test_expect("csv", "a,column_2", S("a,,c\n1,2,3\n"), "1@5 a=1 column_2=2\n");
    decode_test_expect("csv", "a", S("a,b\n"), "");
}

static void damage(void **state)
{
    struct decode_test test = {.only = "a"};
    (void)state;
    /* a quote that never closes costs its line */
    decode_test_expect(
        "csv", "a", S("a,b\n1,\"x\n2,y\n3,\"z\n4,\"u\"\n"), "1@4 !2\n2@9 a=2\n3@13 !2\n4@18 a=4\n");
    decode_test_run(&test, "csv", S("a,b\n1\n2,3,4\n5,6\n7\n"));
    assert_int_equal(test.events, 4);
    assert_int_equal(test.notes, 1);
    buf_free(&test.out);
}

static void times(void **state)
{
    (void)state;
    decode_test_expect("csv", "", S("time,x\n1500000000,1\n"), "1@7 2017-07-14T02:40:00Z\n");
    decode_test_expect(
        "csv", "", S("Date,Time,x\n2026-11-20,03:12:44,1\n"), "1@12 2026-11-20T03:12:44Z?\n");
    decode_test_expect(
        "csv", "", S("Timestamp (UTC),x\n2026-11-20 03:12:44,1\n"), "1@18 2026-11-20T03:12:44Z\n");
    decode_test_expect(
        "csv", "", S("Event Time;x\n2026-11-20T03:12:44+09:00;1\n"), "1@13 2026-11-19T18:12:44Z\n");
    decode_test_expect("csv", "", S("when,x\n2026-11-20T03:12:44Z,1\n"), "1@7\n");
}

/* VPC flow logs with a header: parted by spaces, as no other table is. */
static void spaces(void **state)
{
    slice flow = S("srcaddr dstaddr log-status\n10.0.0.1 10.0.0.2 OK\n");
    (void)state;
    assert_true(csv_sniff(flow, true) > 0);
    assert_int_equal(csv_sniff(S("one two three\nfour five six\n"), true), 0);
    decode_test_expect("csv", "srcaddr,log-status", flow, "1@27 srcaddr=10.0.0.1 log-status=OK\n");
}

static void meanings(void **state)
{
    const char *only =
        "event.kind,rule.name,hikeshi.level,source.ip,destination.ip,destination.port,host.name,"
        "user.name,message";
    (void)state;
    decode_test_expect("csv", only,
        S("time,name,ip,host,short\n1500000000,Scan,192.0.2.7,web-01,s\n"),
        "1@24 2017-07-14T02:40:00Z event.kind=alert rule.name=Scan source.ip=192.0.2.7 "
        "host.name=web-01\n");
    decode_test_expect("csv", only,
        S("Source IP,Dest. IP,Dst Port,Signature,Severity,User Name\n10.0.0.1,x,443,Sig,HIGH,u\n"),
        "1@57 event.kind=alert rule.name=Sig hikeshi.level=high source.ip=10.0.0.1 "
        "destination.port=443 user.name=u\n");
    /* a name beside nothing that it is about is no alert */
    decode_test_expect("csv", only, S("name,message\nx,y\n"), "1@13 message=y\n");
    /* a table of Windows events is one of Windows events */
    decode_test_expect("csv", "event.module,EventID,Channel,TargetUserName,event.kind",
        S("TimeCreated,EventId,Channel,Payload\n2026-11-20 "
          "03:12:44,4624,Security,\"{\"\"EventData\"\":{\"\"Data\"\":"
          "[{\"\"@Name\"\":\"\"TargetUserName\"\",\"\"#text\"\":\"\"u\"\"}]}}\"\n"),
        "1@36 2026-11-20T03:12:44Z? event.module=windows EventID=4624 Channel=Security "
        "TargetUserName=u\n");
}

static void recognised(void **state)
{
    (void)state;
    assert_int_equal(csv_sniff(S("a,b\n1,2\n3,4\n"), true), 75);
    assert_int_equal(csv_sniff(S("Date;\"Source IP\";x\n1;2;3\n"), false), 75);
    assert_int_equal(csv_sniff(S("a,b\n1,2,3\n"), true), 0);
    assert_int_equal(
        csv_sniff(S("Nov 20 03:12:44 h sshd[1]: a, b\nNov 20 03:12:45 h sshd[1]: c, d\n"), true),
        0);
    assert_int_equal(csv_sniff(S("Hello, world\n"), true), 0);
    assert_int_equal(csv_sniff(S("1,2\n3,4\n"), true), 0);
    assert_int_equal(csv_sniff(S("a,a\n3,4\n"), true), 0);
    assert_int_equal(csv_sniff(S("a,b,c\n"), true), 75);
    assert_int_equal(csv_sniff(S("a,b,c\n"), false), 0);
    assert_int_equal(csv_sniff(S(""), true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(rows),
        cmocka_unit_test(damage),
        cmocka_unit_test(times),
        cmocka_unit_test(spaces),
        cmocka_unit_test(meanings),
        cmocka_unit_test(recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
