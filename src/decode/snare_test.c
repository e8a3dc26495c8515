/* Rows of an agent, and the data that their messages tell. */
#include "base/test.h"

#include "base/base.h"
#include "decode/snare.h"

static void expect(struct event *event, const char *name, const char *want)
{
    slice value = event_value(event, slice_from_cstr(name));
    slice wanted = slice_from_cstr(want);
    if (!slice_equal(value, wanted))
        fail_msg("%s is \"%.*s\"", name, (int)value.len, value.at);
}

static void reads_a_log_on(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct event event = {0};
    event_reset(&event, &arena);
    assert_true(snare_add(&event,
        S("MSWinEventLog\t1\tSecurity\t77\tFri Nov 20 03:12:44 2026\t4625\t"
          "Microsoft-Windows-Security-Auditing\tCORP\\ws7$\tN/A\tFailure Audit\tws7.corp.example\t"
          "Logon\t\tAn account failed to log on.    Subject:   Security ID:  S-1-5-18   "
          "Account Name:  WS7$   Account Domain:  CORP   Logon ID:  0x3e7    Logon Type:   3    "
          "Account For Which Logon Failed:   Security ID:  S-1-0-0   Account Name:  "
          "x    Source Network Address: 1.1.1.1   Account Domain:  CORP    Failure Information:   "
          "Failure Reason:  Unknown user name or bad password.   Status:   0xc000006d    "
          "Network Information:   Workstation Name: EVIL   Source Network Address: 192.0.2.7   "
          "Source Port:  4711\t12")));
    expect(&event, "Channel", "Security");
    expect(&event, "EventID", "4625");
    expect(&event, "Provider_Name", "Microsoft-Windows-Security-Auditing");
    expect(&event, "Computer", "ws7.corp.example");
    expect(&event, "Keywords", "Audit Failure");
    expect(&event, "Task", "Logon");
    expect(&event, "SubjectUserName", "WS7$");
    expect(&event, "TargetUserName", "x");
    expect(&event, "TargetDomainName", "CORP");
    expect(&event, "LogonType", "3");
    expect(&event, "Status", "0xc000006d");
    expect(&event, "WorkstationName", "EVIL");
    expect(&event, "IpAddress", "192.0.2.7");
    expect(&event, "IpPort", "4711");
    arena_free(&arena);
}

static void reads_names_of_other_providers(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct event event = {0};
    event_reset(&event, &arena);
    assert_true(snare_add(&event,
        S("host1 MSWinEventLog\t1\tMicrosoft-Windows-Sysmon/Operational\t7\tFri Nov 20 03:12:44 "
          "2026\t1\tMicrosoft-Windows-Sysmon\tSYSTEM\tUser\tInformation\thost1\tProcess Create\t\t"
          "Process Create:  UtcTime: 2026-11-20 03:12:44.123  ProcessId: 77  Image: "
          "C:\\a b\\c.exe  CommandLine: c.exe -x")));
    expect(&event, "Image", "C:\\a b\\c.exe");
    expect(&event, "CommandLine", "c.exe -x");
    expect(&event, "UtcTime", "2026-11-20 03:12:44.123");
    expect(&event, "Level", "Information");
    arena_free(&arena);
}

static void others_are_not(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct event event = {0};
    event_reset(&event, &arena);
    assert_false(snare_add(&event, S("")));
    assert_false(snare_add(&event, S("MSWinEventLog")));
    assert_false(snare_add(&event, S("MSWinEventLog\t1\tSecurity\t7")));
    assert_false(snare_add(&event, S("about MSWinEventLog and others")));
    assert_int_equal(event.count, 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_log_on),
        cmocka_unit_test(reads_names_of_other_providers),
        cmocka_unit_test(others_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
