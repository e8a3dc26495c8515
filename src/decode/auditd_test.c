/* Records of the audit system: their headers, their encoded values, and how they are joined. */
#include "base/test.h"

#include "decode/audit_record.h"
#include "decode/auditd.h"
#include "decode/decode_test.h"

static void joins_the_records_of_an_event(void **state)
{
    (void)state;
    slice log =
        S("type=SYSCALL msg=audit(1700000000.123:7): arch=c000003e syscall=59 success=yes exit=0 "
          "a0=55 ppid=1 pid=2 auid=1000 uid=0 comm=\"nc\" exe=\"/usr/bin/nc\" key=\"net\"\n"
          "type=SYSCALL msg=audit(1700000000.124:8): arch=c00000b7 syscall=221 success=no pid=3\n"
          "type=EXECVE msg=audit(1700000000.123:7): argc=3 a0=\"nc\" a1=\"-l\" a2=612062\n"
          "type=PATH msg=audit(1700000000.123:7): item=0 name=\"/usr/bin/nc\" nametype=NORMAL\n"
          "type=PATH msg=audit(1700000000.123:7): item=1 name=2F746D702F610A62 nametype=CREATE\n"
          "type=PROCTITLE msg=audit(1700000000.123:7): proctitle=6E63002D6C\n"
          "type=PROCTITLE msg=audit(1700000000.124:8): proctitle=\"bash\"\n");
    decode_test_expect("auditd",
        "type,SYSCALL,a0,a2,name,auditd.path.normal,auditd.path.create,proctitle,process.args,key",
        log,
        "1@0 2023-11-14T22:13:20.123Z type=SYSCALL|EXECVE|PATH|PATH|PROCTITLE SYSCALL=execve "
        "a0=55|nc a2=a b name=/usr/bin/nc|/tmp/a\nb auditd.path.normal=/usr/bin/nc "
        "auditd.path.create=/tmp/a\nb proctitle=nc -l process.args=nc|-l|a b "
        "key=net\n"
        "2@159 2023-11-14T22:13:20.124Z type=SYSCALL|PROCTITLE SYSCALL=execve proctitle=bash\n");
}

static void gives_programs_records_at_once(void **state)
{
    (void)state;
    slice log =
        S("node=web1 type=USER_LOGIN msg=audit(1700000000.000:9): pid=5 uid=0 auid=4294967295 "
          "msg='op=login acct=\"it''s\" exe=\"/usr/sbin/sshd\" hostname=? addr=10.0.0.5 "
          "terminal=ssh res=failed'\x1d"
          "UID=\"root\" AUID=\"unset\"\n"
          "----\ntime->Fri Nov 20 03:12:44 2026\nnot a record\n"
          "type=USER_CMD msg=audit(1700000001.000:10): pid=5 msg='cwd=\"/\" cmd=6C73202D6C "
          "terminal=pts/0 res=success'");
    decode_test_expect("auditd", "host.name,type,acct,addr,hostname,res,UID,cmd,message", log,
        "1@0 2023-11-14T22:13:20Z host.name=web1 type=USER_LOGIN acct=it''s addr=10.0.0.5 "
        "res=failed UID=root\n"
        "4@241 message=not a record\n"
        "5@254 2023-11-14T22:13:21Z type=USER_CMD res=success cmd=ls -l\n");
}

/* Where byte 29 was lost that parts what auditd adds, the name is not added once more. */
static void keeps_names_that_are_there(void **state)
{
    (void)state;
    slice log = S("type=SYSCALL msg=audit(1700000000.0:1): arch=c000003e syscall=59 pid=1 "
                  "key=\"x\"ARCH=x86_64 SYSCALL=execve AUID=\"bob\"\n");
    decode_test_expect("auditd", "SYSCALL,ARCH,AUID", log,
        "1@0 2023-11-14T22:13:20Z SYSCALL=execve ARCH=x86_64 AUID=bob\n");
}

static void lets_go_of_events_without_an_end(void **state)
{
    (void)state;
    slice log = S("type=SYSCALL msg=audit(1700000000.0:1): pid=1\n"
                  "type=CWD msg=audit(1700000000.0:1): cwd=\"/\"\n"
                  "type=SYSCALL msg=audit(1700000003.0:2): pid=2\n"
                  "type=EOE msg=audit(1700000003.0:2): \n"
                  "type=CWD msg=audit(1700000000.0:1): cwd=\"/late\"\n");
    decode_test_expect("auditd", "type,pid,cwd", log,
        "1@0 2023-11-14T22:13:20Z type=SYSCALL|CWD pid=1 cwd=/\n"
        "3@90 2023-11-14T22:13:23Z type=SYSCALL pid=2\n"
        "5@173 2023-11-14T22:13:20Z type=CWD cwd=/late\n");
}

/* More events at once than are held, each with two records: none is lost. */
static void bounds_what_it_holds(void **state)
{
    (void)state;
    struct decode_test test = {.only = "type"};
    struct buf log;
    buf_init(&log, (size_t)1 << 20);
    for (int part = 0; part < 2; part++) {
        for (unsigned i = 0; i < 2 * AUDITD_PENDING_MAX; i++) {
            buf_append_cstr(&log, part == 0 ? "type=SYSCALL" : "type=CWD");
            buf_append_cstr(&log, " msg=audit(1700000000.000:");
            buf_append_u64(&log, i);
            buf_append_cstr(&log, "): a=1\n");
        }
    }
    decode_test_run(&test, "auditd", buf_slice(&log));
    assert_true(test.events >= 2 * AUDITD_PENDING_MAX);
    assert_true(test.events <= 4 * AUDITD_PENDING_MAX);
    buf_free(&test.out);
    buf_free(&log);
}

static void decodes_addresses(void **state)
{
    (void)state;
    decode_test_expect("auditd", "saddr_fam,laddr,lport,path",
        S("type=SOCKADDR msg=audit(1700000000.0:1): saddr=020000350A0000010000000000000000\n"
          "type=SOCKADDR msg=audit(1700000000.0:2): "
          "saddr=0A0001BB0000000020010DB800000000000000000000000100000000\n"
          "type=SOCKADDR msg=audit(1700000000.0:3): saddr=01002F72756E2F7800\n"
          "type=SOCKADDR msg=audit(1700000000.0:4): saddr=0200\n"
          "type=SOCKADDR msg=audit(1700000000.0:5): saddr=0200AA\x1dSADDR={ saddr_fam=inet "
          "laddr=1.2.3.4 lport=5 }\n"),
        "1@0 2023-11-14T22:13:20Z saddr_fam=inet laddr=10.0.0.1 lport=53\n"
        "2@80 2023-11-14T22:13:20Z saddr_fam=inet6 laddr=2001:db8:0:0:0:0:0:1 lport=443\n"
        "3@184 2023-11-14T22:13:20Z saddr_fam=local path=/run/x\n"
        "4@250 2023-11-14T22:13:20Z\n"
        "5@302 2023-11-14T22:13:20Z saddr_fam=inet laddr=1.2.3.4 lport=5\n");
}

static void reads_headers_of_other_ways(void **state)
{
    (void)state;
    struct audit_record record;
    assert_true(audit_record_parse(
        S("audit: type=1400 audit(1700000000.5:45): apparmor=\"DENIED\""), &record));
    assert_slice(record.type, S("AVC"));
    assert_int_equal(record.serial, 45);
    assert_true(
        audit_record_parse(S("type=UNKNOWN[1334] msg=audit(1700000000.5:4): a=b"), &record));
    assert_slice(record.type, S("BPF"));
    assert_true(audit_record_parse_bare(S("audit"), S("USER_AUTH pid=1 uid=0"), &record));
    assert_slice(record.type, S("USER_AUTH"));
    assert_true(audit_record_parse_bare(S("audit"), S("<audit-1106> pid=1 uid=0"), &record));
    assert_slice(record.type, S("USER_END"));
    assert_false(audit_record_parse_bare(S("kernel"), S("USER_AUTH pid=1"), &record));
    assert_false(audit_record_parse_bare(S("audit"), S("backlog limit=1"), &record));
    static const char *none[] = {"", "type=", "type=A", "type=A msg=audit(1",
        "type=A msg=audit():", "type=A msg=audit(1700000000.0:x): b=c",
        "node=n msg=audit(1700000000.0:1): b=c"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(audit_record_parse(slice_from_cstr(none[i]), &record));
}

static void joins_the_parts_of_long_arguments(void **state)
{
    (void)state;
    decode_test_expect("auditd", "process.command_line",
        S("type=EXECVE msg=audit(1700000000.0:1): argc=2 a0=\"sh\" a1_len=4 a1[0]=6162 "
          "a1[1]=6364 a2=\"x\"\n"),
        "1@0 2023-11-14T22:13:20Z process.command_line=sh abcd x\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_the_records_of_an_event),
        cmocka_unit_test(gives_programs_records_at_once),
        cmocka_unit_test(keeps_names_that_are_there),
        cmocka_unit_test(lets_go_of_events_without_an_end),
        cmocka_unit_test(bounds_what_it_holds),
        cmocka_unit_test(decodes_addresses),
        cmocka_unit_test(reads_headers_of_other_ways),
        cmocka_unit_test(joins_the_parts_of_long_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
