/* W3C extended logs: columns that change, names for rules, products, damage. */
#include "decode/w3c.h"

#include "decode/decode_test.h"

#define IIS                                                                                        \
    "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"                 \
    "#Date: 2026-11-20 03:00:00\r\n"

static void iis(void **state)
{
    (void)state;
    decode_test_expect("w3c", NULL,
        S(IIS
            "#Fields: date time cs-method cs-uri-stem cs-uri-query cs-username c-ip cs(User-Agent) "
            "cs(Referer) sc-status\r\n"
            "2026-11-20 03:12:44 GET /a+b/c.aspx x=1+or+1 - 192.0.2.7 Mozilla/5.0+(X) - 200\r\n"),
        "5@209 2026-11-20T03:12:44Z {\"event.module\":\"iis\",\"event.dataset\":\"iis.access\","
        "\"date\":\"2026-11-20\",\"time\":\"03:12:44\",\"cs-method\":\"GET\","
        "\"cs-uri-stem\":\"/a+b/c.aspx\",\"cs-uri-query\":\"x=1 or 1\",\"c-uri-query\":\"x=1 or "
        "1\","
        "\"c-ip\":\"192.0.2.7\",\"cs(User-Agent)\":\"Mozilla/5.0 (X)\","
        "\"cs-user-agent\":\"Mozilla/5.0 (X)\",\"c-useragent\":\"Mozilla/5.0 "
        "(X)\",\"sc-status\":200,"
        "\"c-uri-extension\":\"aspx\",\"c-uri\":\"/a+b/c.aspx?x=1 or 1\"}\n");
}

static void columns_change(void **state)
{
    (void)state;
    decode_test_expect("w3c", "c-ip,cs-method",
        S(IIS "#Fields: time c-ip\n03:12:44 192.0.2.7\n#Date: 2026-11-21 00:00:00\n"
              "#Fields: c-ip time cs-method\n192.0.2.8 01:00:00 HEAD\n"),
        "5@119 2026-11-20T03:12:44Z c-ip=192.0.2.7\n"
        "8@194 2026-11-21T01:00:00Z c-ip=192.0.2.8 cs-method=HEAD\n");
}

static void other_products(void **state)
{
    (void)state;
    decode_test_expect("w3c", "event.dataset,action,src-ip",
        S("#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n"
          "#Fields: date time action src-ip\n\n2026-11-20 03:12:44 DROP 192.0.2.7\n"),
        "6@106 2026-11-20T03:12:44Z? event.dataset=windows.firewall action=DROP "
        "src-ip=192.0.2.7\n");
    decode_test_expect("w3c", "event.dataset,message-subject,recipients",
        S("#Software: Microsoft Exchange Server\n#Log-type: Message Tracking Log\n"
          "#Fields: date-time,message-subject,recipients\n"
          "2026-11-20T03:12:44.123Z,\"a, \"\"b\"\"\",x@example\n"),
        "4@115 2026-11-20T03:12:44.123Z event.dataset=exchange.messagetracking "
        "message-subject=a, \"b\" recipients=x@example\n");
    decode_test_expect("w3c", "event.dataset,c-useragent",
        S("#Version: 1.0\n#Fields:\tdate\ttime\tx-edge-location\tcs(User-Agent)\n"
          "2026-11-20\t03:12:44\tNRT1\tMozilla/5.0%20(X)\n"),
        "3@64 2026-11-20T03:12:44Z event.dataset=aws.cloudfront c-useragent=Mozilla/5.0 (X)\n");
    decode_test_expect("w3c", "event.dataset,cs(User-Agent),s-action",
        S("#Software: SGOS 6.7\n#Fields: date time s-action cs(User-Agent)\n"
          "2026-11-20 03:12:44 TCP_HIT \"Mozilla 5 \"\"x\"\"\"\n"),
        "3@63 2026-11-20T03:12:44Z event.dataset=proxy.access cs(User-Agent)=Mozilla 5 \"x\" "
        "s-action=TCP_HIT\n");
}

static void damage(void **state)
{
    (void)state;
    decode_test_expect("w3c", "a,b,message",
        S("x y\n#Fields: a b\n1 2\n1\n1 2 3\n\n#Fields:\n1 2\n#Fields: b a\n1 2"),
        "1@0 !2\n1@0 message=x y\n3@17 a=1 b=2\n4@21 !2\n4@21 message=1\n5@23 !2\n"
        "5@23 message=1 2 3\n7@30 !2\n8@39 !2\n8@39 message=1 2\n10@56 a=2 b=1\n");
}

static void recognised(void **state)
{
    (void)state;
    assert_int_equal(w3c_sniff(S("#Version: 1.0\n#Fields: a b\n"), false), 95);
    assert_int_equal(w3c_sniff(S("1 2\n#Fields: a b\n"), false), 60);
    assert_int_equal(w3c_sniff(S("#Fields: a b"), false), 0);
    assert_int_equal(w3c_sniff(S("#fields\ta\tb\n"), true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iis),
        cmocka_unit_test(columns_change),
        cmocka_unit_test(other_products),
        cmocka_unit_test(damage),
        cmocka_unit_test(recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
