/* The dialects of JSON records: names, datasets, times. */
#include "decode/json_event.h"

#include "decode/decode_test.h"

static void expect(const char *only, const char *text, const char *want)
{
    decode_test_expect("json", only, slice_from_cstr(text), want);
}

static void winlogbeat(void **state)
{
    const char *only =
        "event.module,Channel,EventID,Provider_Name,Computer,EventRecordID,TargetUserName,"
        "Param1,host.name,Message";
    (void)state;
    expect(only,
        "{\"@timestamp\":\"2026-11-20T03:12:44.123Z\",\"message\":\"An "
        "account\",\"host\":{\"name\":\"ws\"},"
        "\"winlog\":{\"channel\":\"Security\",\"event_id\":4624,\"provider_name\":\"P\",\"record_"
        "id\":9,"
        "\"computer_name\":\"ws.example\",\"event_data\":{\"TargetUserName\":\"u\"},"
        "\"user_data\":{\"Param1\":\"p\"}}}",
        "1@0 2026-11-20T03:12:44.123Z event.module=windows Channel=Security EventID=4624 "
        "Provider_Name=P "
        "Computer=ws.example EventRecordID=9 TargetUserName=u Param1=p host.name=ws Message=An "
        "account\n");
    expect(only,
        "{\"@timestamp\":\"2026-11-20T03:12:44Z\",\"log_name\":\"System\",\"source_name\":\"S\","
        "\"event_id\":7045,\"computer_name\":\"c\",\"record_number\":\"3\","
        "\"event_data\":{\"param1\":\"x\",\"TargetUserName\":\"u\"},\"message\":\"m\"}",
        "1@0 2026-11-20T03:12:44Z event.module=windows Channel=System EventID=7045 Provider_Name=S "
        "Computer=c EventRecordID=3 TargetUserName=u Message=m\n");
}

static void flat_windows(void **state)
{
    const char *only = "Channel,EventID,Provider_Name,Computer,EventRecordID,Image,SourceName,D";
    (void)state;
    expect(only,
        "{\"EventID\":1,\"Channel\":\"C\",\"SourceName\":\"S\",\"Hostname\":\"h\",\"RecordNumber\":"
        "5,"
        "\"Image\":\"i.exe\",\"UtcTime\":\"2026-11-20 "
        "03:12:44.500\",\"@timestamp\":\"2026-11-20T05:00:00Z\"}",
        "1@0 2026-11-20T03:12:44.500Z Channel=C EventID=1 Provider_Name=S Computer=h "
        "EventRecordID=5 "
        "Image=i.exe SourceName=S\n");
    /* Get-WinEvent | ConvertTo-Json */
    expect(only,
        "{\"Id\":4625,\"LogName\":\"Security\",\"ProviderName\":\"P\",\"MachineName\":\"m\","
        "\"RecordId\":8,"
        "\"TimeCreated\":\"\\/Date(1500000000123)\\/\"}",
        "1@0 2017-07-14T02:40:00.123Z Channel=Security EventID=4625 Provider_Name=P Computer=m "
        "EventRecordID=8\n");
    /* XML inside */
    expect(only,
        "{\"TimeGenerated\":\"2026-11-20T03:12:44Z\",\"EventLog\":\"System\",\"EventID\":7,"
        "\"Source\":\"S\","
        "\"EventData\":\"<DataItem><EventData><Data "
        "Name=\\\"D\\\">d</Data></EventData></DataItem>\"}",
        "1@0 2026-11-20T03:12:44Z Channel=System EventID=7 Provider_Name=S D=d\n");
}

static void flat_windows_times(void **state)
{
    (void)state;
    /* the event's own time with a zone, before the forwarder's */
    expect("",
        "{\"EventID\":1,\"Channel\":\"C\",\"@timestamp\":\"2026-11-20T05:00:00Z\","
        "\"TimeCreated\":\"2026-11-20T03:12:44+01:00\",\"EventTime\":\"2026-11-20 01:00:00\"}",
        "1@0 2026-11-20T02:12:44Z\n");
    /* local time, its zone told by the two times of arrival */
    expect("",
        "{\"EventID\":1,\"Channel\":\"C\",\"EventTime\":\"2026-11-20 08:12:40\","
        "\"EventReceivedTime\":\"2026-11-20 "
        "08:12:44\",\"@timestamp\":\"2026-11-20T02:42:45.010Z\"}",
        "1@0 2026-11-20T02:42:40Z\n");
    expect("",
        "{\"EventID\":1,\"Channel\":\"C\",\"EventTime\":\"2026-11-19 22:12:40\","
        "\"EventReceivedTime\":\"2026-11-19 "
        "22:12:44\",\"@timestamp\":\"2026-11-20T02:12:43.900Z\"}",
        "1@0 2026-11-20T02:12:40Z\n");
    /* arrivals that do not fit each other tell nothing */
    expect("",
        "{\"EventID\":1,\"Channel\":\"C\",\"EventTime\":\"2026-11-20 08:12:40\","
        "\"EventReceivedTime\":\"2026-11-20 08:12:44\",\"@timestamp\":\"2026-11-20T02:50:00Z\"}",
        "1@0 2026-11-20T02:50:00Z\n");
    expect("", "{\"EventID\":1,\"Channel\":\"C\",\"TimeCreated\":\"2026-11-20 08:12:40.5\"}",
        "1@0 2026-11-20T08:12:40.500Z?\n");
}

static void nested_windows(void **state)
{
    const char *only =
        "Channel,EventID,EventID_Qualifiers,Provider_Name,Execution_ProcessID,UserID,A,B,Data,"
        "Name,SubjectUserName";
    (void)state;
    /* evtx_dump */
    expect(only,
        "{\"Event\":{\"#attributes\":{\"xmlns\":\"x\"},\"System\":{\"Provider\":{\"#attributes\":{"
        "\"Name\":\"P\"}},\"EventID\":{\"#attributes\":{\"Qualifiers\":16384},\"#text\":7036},"
        "\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2026-11-20T03:12:44.1Z\"}},"
        "\"Execution\":{\"#attributes\":{\"ProcessID\":4}},\"Channel\":\"System\","
        "\"Security\":{\"#attributes\":{\"UserID\":\"S-1\"}}},\"EventData\":{\"A\":\"a\",\"B\":"
        "null,"
        "\"Data\":{\"#text\":[\"x\",\"y\"]}}}}",
        "1@0 2026-11-20T03:12:44.100Z Channel=System EventID=7036 EventID_Qualifiers=16384 "
        "Provider_Name=P Execution_ProcessID=4 UserID=S-1 A=a B= Data=x|y\n");
    expect(only,
        "{\"Event\":{\"System\":{\"Provider_attributes\":{\"Name\":\"P\"},\"EventID\":1102,"
        "\"TimeCreated_attributes\":{\"SystemTime\":\"2026-11-20T03:12:44Z\"},\"Channel\":"
        "\"Security\"},"
        "\"UserData\":{\"LogFileCleared\":{\"#attributes\":{\"xmlns\":\"x\"},\"SubjectUserName\":"
        "\"u\"}}}}",
        "1@0 2026-11-20T03:12:44Z Channel=Security EventID=1102 Provider_Name=P "
        "SubjectUserName=u\n");
    /* xmltodict */
    expect(only,
        "{\"Event\":{\"@xmlns\":\"x\",\"System\":{\"Provider\":{\"@Name\":\"P\"},\"EventID\":\"4\","
        "\"TimeCreated\":{\"@SystemTime\":\"2026-11-20 "
        "03:12:44.1\"},\"Channel\":\"C\"},\"EventData\":{"
        "\"Data\":[{\"@Name\":\"A\",\"#text\":\"a\"},{\"@Name\":\"Name\"},{\"@Name\":\"B\",\"#"
        "text\":\"b\"}]}}}",
        "1@0 2026-11-20T03:12:44.100Z Channel=C EventID=4 Provider_Name=P A=a B=b Name=\n");
}

static void network(void **state)
{
    const char *only = "event.module,event.dataset,src_ip,id.orig_h";
    (void)state;
    expect(only,
        "{\"timestamp\":\"2026-11-20T12:12:44.123456+0900\",\"flow_id\":1,\"event_type\":\"dns\","
        "\"src_ip\":\"10.0.0.1\",\"dns\":{\"answers\":[{\"rrname\":\"x\"}]}}",
        "1@0 2026-11-20T03:12:44.123456Z event.module=suricata event.dataset=suricata.eve "
        "src_ip=10.0.0.1\n");
    expect(only,
        "{\"_path\":\"conn_long\",\"ts\":1500000000.25,\"uid\":\"C\",\"id.orig_h\":\"::1\"}",
        "1@0 2017-07-14T02:40:00.250Z event.module=zeek event.dataset=zeek.conn_long "
        "id.orig_h=::1\n");
    expect(only,
        "{\"ts\":\"2017-07-14T02:40:00Z\",\"uid\":\"C\",\"id\":{\"orig_h\":\"10.0.0.1\"},"
        "\"query\":\"x\",\"qtype_name\":\"A\",\"rejected\":false}",
        "1@0 2017-07-14T02:40:00Z event.module=zeek event.dataset=zeek.dns id.orig_h=10.0.0.1\n");
    expect(
        only, "{\"ts\":1500000000,\"level\":\"info\",\"msg\":\"x\"}", "1@0 2017-07-14T02:40:00Z\n");
}

static void journal(void **state)
{
    (void)state;
    expect("process.name,process.pid,host.name,message,_UID",
        "{\"__REALTIME_TIMESTAMP\":\"1500000000123456\",\"_PID\":\"7\",\"_HOSTNAME\":\"h\",\"_"
        "UID\":\"0\","
        "\"SYSLOG_IDENTIFIER\":\"/usr/sbin/sshd\",\"_COMM\":\"sshd\",\"MESSAGE\":\"Accepted\"}",
        "1@0 2017-07-14T02:40:00.123456Z process.name=sshd process.pid=7 host.name=h "
        "message=Accepted "
        "_UID=0\n");
    expect("process.name,message",
        "{\"__REALTIME_TIMESTAMP\":\"1500000000123456\",\"_COMM\":\"x\",\"MESSAGE\":[97,255,10],"
        "\"Z\":[1,2]}",
        "1@0 2017-07-14T02:40:00.123456Z process.name=x message=a\xFF\n");
}

static void cloud(void **state)
{
    (void)state;
    expect("event.dataset,eventName,requestParameters,requestParameters.a.b",
        "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-20T03:12:44Z\","
        "\"eventSource\":\"iam\",\"eventName\":\"CreateUser\",\"requestParameters\":{\"a\": "
        "{\"b\":1}}}]}",
        "1@12 2026-11-20T03:12:44Z event.dataset=aws.cloudtrail eventName=CreateUser "
        "requestParameters={\"a\": {\"b\":1}} requestParameters.a.b=1\n");
    expect("process.name,host.name,message,event.module,Image,EventID",
        "{\"TimeGenerated\":\"2026-11-20T03:12:45Z\",\"HostName\":\"h\",\"ProcessName\":\"sysmon\","
        "\"SyslogMessage\":\"<Event><System><Provider "
        "Name='Linux-Sysmon'/><EventID>1</EventID><TimeCreated "
        "SystemTime='2026-11-20T03:12:44.5Z'/></System><EventData><Data "
        "Name='Image'>/x</Data></EventData>"
        "</Event>\"}",
        "1@0 2026-11-20T03:12:44.500Z process.name=sysmon host.name=h "
        "message=<Event><System><Provider "
        "Name='Linux-Sysmon'/><EventID>1</EventID><TimeCreated "
        "SystemTime='2026-11-20T03:12:44.5Z'/>"
        "</System><EventData><Data Name='Image'>/x</Data></EventData></Event> "
        "event.module=sysmon_linux "
        "Image=/x EventID=1\n");
}

static void containers(void **state)
{
    (void)state;
    expect("message,host.name,stream",
        "{\"log\":\"hello\\r\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-20T03:12:44."
        "123456789Z\"}\n"
        "{\"version\":\"1.1\",\"host\":\"h\",\"short_message\":\"s\",\"timestamp\":1500000000.5}",
        "1@0 2026-11-20T03:12:44.123456789Z message=hello stream=stderr\n"
        "2@78 2017-07-14T02:40:00.500Z message=s host.name=h\n");
    /* an event of Amazon EventBridge, and one that carries no record */
    expect("event.dataset,eventName,region,detail.state",
        "{\"detail-type\":\"AWS API Call via CloudTrail\",\"region\":\"r\",\"detail\":"
        "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-20T03:12:44Z\","
        "\"eventSource\":\"iam\",\"eventName\":\"CreateUser\"}}\n"
        "{\"detail-type\":\"EC2 Instance State-change Notification\",\"region\":\"r\","
        "\"detail\":{\"state\":\"running\"}}",
        "1@0 2026-11-20T03:12:44Z event.dataset=aws.cloudtrail eventName=CreateUser\n"
        "2@172 region=r detail.state=running\n");
    /* what a shipper read, as its message */
    expect("eventType,host.name",
        "{\"@timestamp\":\"2026-11-20T03:12:50Z\",\"host\":{\"name\":\"h\"},\"message\":"
        "\"{\\\"eventType\\\":\\\"a.b\\\",\\\"published\\\":\\\"2026-11-20T03:12:44Z\\\"}\"}\n"
        "{\"@timestamp\":\"2026-11-20T03:12:50Z\",\"message\":\"{\\\"eventType\\\":\\\"a.b\\\"}\"}",
        "1@0 2026-11-20T03:12:44Z eventType=a.b host.name=h\n2@133 2026-11-20T03:12:50Z "
        "eventType=a.b\n");
    /* what search engines export */
    expect("event.module,EventID,message,a",
        "{\"_index\":\"i\",\"_id\":\"1\",\"_source\":{\"EventID\":1,\"Channel\":\"C\"}}\n"
        "{\"preview\":false,\"result\":{\"_raw\":\"{\\\"a\\\":1,\\\"time\\\":1500000000}\"}}",
        "1@0 event.module=windows EventID=1\n2@63 2017-07-14T02:40:00Z a=1\n");
}

static void ecs_and_others(void **state)
{
    struct decode_test test = {.only = NULL};
    (void)state;
    decode_test_run(&test, "json",
        S("{\"@timestamp\":\"2026-11-20T03:12:44Z\",\"zz\":1,\"ecs\":{\"version\":\"8\"},"
          "\"source\":{\"ip\":\"10.0.0.1\"}}\n{\"zz\":1.5e3,\"source\":{\"ip\":\"10.0.0.1\"},\"t\":"
          "true}\n"));
    buf_append_byte(&test.out, '\0');
    assert_string_equal(test.out.at,
        "1@0 2026-11-20T03:12:44Z {\"@timestamp\":\"2026-11-20T03:12:44Z\",\"ecs.version\":\"8\","
        "\"source.ip\":\"10.0.0.1\",\"zz\":1}\n2@94 "
        "{\"zz\":1.5e3,\"source.ip\":\"10.0.0.1\",\"t\":true}\n");
    buf_free(&test.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(winlogbeat),
        cmocka_unit_test(flat_windows),
        cmocka_unit_test(flat_windows_times),
        cmocka_unit_test(nested_windows),
        cmocka_unit_test(network),
        cmocka_unit_test(journal),
        cmocka_unit_test(cloud),
        cmocka_unit_test(containers),
        cmocka_unit_test(ecs_and_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
