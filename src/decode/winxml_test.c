/* Windows events in XML: names of fields, damage, framing. */
#include "decode/winxml.h"

#include "decode/decode_test.h"

#define NS "http://schemas.microsoft.com/win/2004/08/events/event"

static void all_parts(void **state)
{
    (void)state;
    decode_test_expect("winxml", NULL,
        S("<Event xmlns='" NS "'><System><Provider Name='P' Guid='{g}'/>"
          "<EventID Qualifiers='0'>4688</EventID><Version>2</Version><TimeCreated "
          "SystemTime='2026-11-20T03:12:44.1234567Z'/><EventRecordID>77</"
          "EventRecordID><Correlation/>"
          "<Execution ProcessID='4' ThreadID='8'/><Channel>Security</Channel>"
          "<Computer>ws.example</Computer><Security UserID='S-1-5-18'/></System>"
          "<EventData><Data Name='A'>x &amp; &lt;y&gt; &#x5146;&#33;&unknown;</Data>"
          "<Data Name='B'/><Data>one</Data><Data>two</Data><Binary>00</Binary></EventData>"
          "<RenderingInfo "
          "Culture='en'><Message>said</Message><Level>Information</Level></RenderingInfo>"
          "</Event>"),
        "77@0 2026-11-20T03:12:44.123456700Z "
        "{\"winlog.channel\":\"Security\",\"event.module\":\"windows\",\"Provider_Name\":\"P\","
        "\"Provider_Guid\":\"{g}\",\"EventID_Qualifiers\":0,\"EventID\":4688,\"Version\":2,"
        "\"TimeCreated\":\"2026-11-20T03:12:44.1234567Z\",\"EventRecordID\":77,"
        "\"Execution_ProcessID\":4,\"Execution_ThreadID\":8,\"Channel\":\"Security\","
        "\"Computer\":\"ws.example\",\"UserID\":\"S-1-5-18\","
        "\"A\":\"x & <y> \xE5\x85\x86!&unknown;\",\"B\":\"\",\"Data\":[\"one\",\"two\"],"
        "\"Binary\":\"00\",\"Message\":\"said\",\"RenderingInfo_Level\":\"Information\"}\n");
}

static void user_data(void **state)
{
    (void)state;
    decode_test_expect("winxml", "SubjectUserName,P,P_k,Deep",
        S("<Event><System><EventRecordID>1</EventRecordID></System>\n<UserData>\n <x:Cleared "
          "xmlns:x='http://x'>\n  <SubjectUserName>u</SubjectUserName>\n  <P "
          "k=\"v\">p<![CDATA[<&>]]></P>"
          "<!-- no --><a><Deep>d</Deep></a></x:Cleared></UserData></Event>"),
        "1@0 SubjectUserName=u P=p<&> P_k=v Deep=d\n");
}

static void framing(void **state)
{
    (void)state;
    decode_test_expect("winxml", "D",
        S("\xEF\xBB\xBF<?xml version='1.0' "
          "encoding='utf-8'?>\n<Events>\n<Event><System/><EventData><Data "
          "Name='D'>1</Data></EventData></Event>\r\n<Event><EventData><Data "
          "Name='D'>2</Data></EventData>"
          "</Event></Events>"),
        "1@51 D=1\n2@123 D=2\n");
}

static void damage(void **state)
{
    (void)state;
    /* cut inside: the event after it is not lost */
    decode_test_expect("winxml", "D",
        S("<Event><System/><EventData><Data Name='D'>1</Da<Event xmlns='" NS "'><EventData><Data "
          "Name='D'>2</Data></EventData></Event><Event><System/><Data <Event><System/><EventData>"
          "<Data Name='D'>3</Data></EventData></Event><Event><System>"),
        "1@0 !2\n2@47 D=2\n3@170 !2\n4@192 D=3\n5@262 !2\n");
    decode_test_expect("winxml", "D",
        S("<Event><!DOCTYPE x></Event><Event a=b></Event><Event></x></Event><Event>]]></y>"),
        "1@0 !2\n2@27 !2\n3@46 !2\n4@65 !2\n");
}

static void limits(void **state)
{
    struct buf text;
    struct decode_test test = {.only = "D"};
    (void)state;
    buf_init(&text, 4 * WINXML_EVENT_MAX);
    buf_append(&text, S("<Event>"));
    for (size_t i = 0; i < 2 * WINXML_DEPTH_MAX; i++)
        buf_append(&text, S("<a>"));
    for (size_t i = 0; i < 2 * WINXML_DEPTH_MAX; i++)
        buf_append(&text, S("</a>"));
    buf_append(&text, S("</Event><Event><Data>"));
    for (size_t i = 0; i < WINXML_EVENT_MAX / 9; i++)
        buf_append(&text, S("x<!----> "));
    buf_append(
        &text, S("</Data></Event><Event><EventData><Data Name='D'>1</Data></EventData></Event>"));
    for (size_t i = 0; i < WINXML_EVENT_MAX / 8; i++)
        buf_append(&text, S("<Event >"));
    decode_test_run(&test, "winxml", buf_slice(&text));
    assert_int_equal(test.events, 1);
    buf_free(&test.out);
    buf_free(&text);
}

static void recognised(void **state)
{
    (void)state;
    assert_true(winxml_is_event(S(" <Event><System>")));
    assert_true(winxml_is_event(S("<EventData><Data>x</Data></EventData>")));
    assert_false(winxml_is_event(S("<EventLog>")));
    assert_false(winxml_is_event(S("<Event")));
    assert_int_not_equal(winxml_sniff(S("<Event xmlns='x'><System><Provider"), false), 0);
    assert_int_equal(winxml_sniff(S("<html><System><Event>"), false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_parts),
        cmocka_unit_test(user_data),
        cmocka_unit_test(framing),
        cmocka_unit_test(damage),
        cmocka_unit_test(limits),
        cmocka_unit_test(recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
