/* What events of many products say of a log-on. */
#include "triage/logon.h"

#include "base/base.h"
#include "base/test.h"

struct said {
    const char *fields; /* "name=value|…" */
    const char *log;
    const char *want; /* "account>as@host<address/from>target method package outcome reason", or
                         NULL for none */
};

static void fill(struct event *event, slice fields)
{
    slice field, name, value;
    while (slice_next(&fields, '|', &field)) {
        (void)slice_cut(field, '=', &name, &value);
        /* Windows' own names have no dot. */
        if (slice_find_byte(name, '.') == name.len)
            event_add_string(event, name, value);
        else
            event_add_ecs(event, name, value, EVENT_STRING);
    }
}

static void tell(struct buf *out, const struct logon *logon)
{
    const struct {
        slice before, text;
    } parts[] = {{S_INIT(""), logon->account}, {S_INIT(">"), logon->as}, {S_INIT("@"), logon->host},
        {S_INIT(" <"), logon->address}, {S_INIT("/"), logon->from}, {S_INIT("> "), logon->target},
        {S_INIT(" "), logon_method_name(logon->method)}, {S_INIT(" "), logon->package},
        {S_INIT(" "), logon->failure ? S("failure") : S("success")}, {S_INIT(" "), logon->reason}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        buf_append(out, parts[i].before);
        buf_append(out, parts[i].text);
    }
}

static void check(const struct said *said)
{
    struct arena arena = {0};
    struct event event = {0};
    struct logon logon;
    struct buf got;
    event_reset(&event, &arena);
    fill(&event, slice_from_cstr(said->fields));
    bool found = logon_from_event(&event, S("h"), slice_from_cstr(said->log), &logon);
    assert_int_equal(found, said->want != NULL);
    if (found) {
        buf_init(&got, 4096);
        tell(&got, &logon);
        assert_slice(buf_slice(&got), slice_from_cstr(said->want));
        buf_free(&got);
    }
    arena_free(&arena);
}

#define CHECK_ALL(said)                                                                            \
    for (size_t i = 0; i < sizeof(said) / sizeof((said)[0]); i++)                                  \
    check(&(said)[i])

static void windows(void **state)
{
    static const struct said said[] = {
        {"Channel=Security|event.code=4624|event.category=authentication|event.outcome=success|"
         "user.name=Bob|user.domain=CORP.EXAMPLE|source.ip=::ffff:10.0.0.5|source.domain=WS1|"
         "LogonType=3|AuthenticationPackageName=NTLM|LmPackageName=NTLM V1",
            "Security", "bob@corp>@h <10.0.0.5/ws1>  network ntlm v1 success "},
        {"Channel=Security|event.code=4624|event.outcome=success|user.name=ANONYMOUS LOGON|"
         "user.domain=NT AUTHORITY|LogonType=3",
            "Security", "anonymous logon>@h </>  network  success "},
        {"Channel=Security|event.code=4625|event.outcome=failure|user.name=bob|source.ip=10.0.0.5|"
         "LogonType=10|Status=0xc000006d|SubStatus=0xc0000064",
            "Security", "bob>@h <10.0.0.5/>  remote-interactive  failure no-such-user"},
        {"Channel=Security|event.code=4625|event.outcome=failure|user.name=bob|LogonType=77|"
         "Status=0xc0000234|SubStatus=0x0",
            "Security", "bob>@h </>  other  failure locked-out"},
        {"Channel=Security|event.code=4648|event.outcome=success|user.name=bob|"
         "user.effective.name=Administrator|user.effective.domain=CORP|destination.domain=SRV1",
            "Security", "bob>administrator@corp@h </> srv1 explicit-credentials  success "},
        {"Channel=Security|event.code=4672|user.name=bob", "Security",
            "bob>@h </>  special-privileges  success "},
        {"Channel=Security|event.code=4768|user.name=bob|Status=0x6|source.ip=10.0.0.5", "Security",
            "bob>@h <10.0.0.5/>  kerberos-ticket  failure no-such-user"},
        {"Channel=Security|event.code=4769|user.name=bob|Status=0x0|service.name=SQL$|"
         "TicketEncryptionType=0x17",
            "Security", "bob>@h </> sql$ kerberos-service-ticket rc4 success "},
        {"Channel=Security|event.code=4771|event.outcome=failure|user.name=bob|Status=0x18",
            "Security", "bob>@h </>  kerberos-ticket  failure wrong-password"},
        {"Channel=Security|event.code=4776|user.name=bob|source.domain=\\\\WS1|Status=0xc000006a",
            "Security", "bob>@h </ws1>  credential-validation ntlm failure wrong-password"},
        {"Channel=Security|event.code=4634|event.category=authentication|event.type=end|"
         "event.outcome=success",
            "Security", NULL},
        {"Channel=security|event.code=4624|event.outcome=success|user.name=bob|LogonType=7",
            "security", "bob>@h </>  unlock  success "},
        {"Channel=OpenSSH/Operational|event.code=4|event.category=authentication|"
         "event.action=ssh_login|event.outcome=failure|sshd.method=password|user.name=bob|"
         "source.ip=10.0.0.5",
            "OpenSSH/Operational", "bob>@h <10.0.0.5/>  ssh password failure "},
        {"Channel=Security|event.code=4688|user.name=bob", "Security", NULL},
        {"Channel=Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational|"
         "event.code=1149|event.category=authentication|user.name=bob|source.ip=10.0.0.5",
            "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
            "bob>@h <10.0.0.5/>  rdp  success "},
    };
    (void)state;
    CHECK_ALL(said);
}

static void others(void **state)
{
    static const struct said said[] = {
        {"event.category=authentication|event.outcome=success|process.name=sshd|user.name=bob|"
         "source.ip=10.0.0.5|source.address=10.0.0.5|sshd.method=publickey",
            "system.auth", "bob>@h <10.0.0.5/>  ssh publickey success "},
        {"event.category=authentication|event.outcome=failure|process.name=sshd|user.name=bob|"
         "source.address=gate.example|source.domain=gate.example|event.reason=Invalid User",
            "system.auth", "bob>@h </gate.example>  ssh  failure no-such-user"},
        /* The same again from the libraries beneath, and at the end of the connection. */
        {"event.category=authentication|event.outcome=failure|process.name=sshd|pam.service=sshd|"
         "user.name=bob",
            "system.auth", NULL},
        {"event.category=authentication|event.outcome=failure|process.name=sshd|"
         "event.action=ssh_too_many_failures",
            "system.auth", NULL},
        {"event.category=authentication|process.name=sshd|event.action=ssh_login_continues|"
         "user.name=bob",
            "system.auth", NULL},
        {"event.category=authentication|event.outcome=success|process.name=su|user.name=bob|"
         "user.effective.name=root",
            "system.auth", "bob>root@h </>  su  success "},
        {"event.category=process|event.type=start|event.outcome=success|event.action=sudo|"
         "process.name=sudo|user.name=bob|user.effective.name=root",
            "system.auth", "bob>root@h </>  sudo  success "},
        {"event.category=session|event.action=session_opened|event.outcome=success|"
         "pam.service=gdm-password|user.name=root|user.effective.name=bob",
            "system.auth", "bob>@h </>  console  success "},
        {"event.category=session|event.action=session_opened|event.outcome=success|"
         "pam.service=cron|user.effective.name=root",
            "system.auth", NULL},
        {"event.category=authentication|event.outcome=failure|network.protocol=imap|"
         "process.name=dovecot|user.name=bob@example.com|dovecot.method=PLAIN|source.ip=10.0.0.5",
            "dovecot.log", "bob@example>@h <10.0.0.5/>  imap plain failure "},
        {"event.category=database|event.category=authentication|event.outcome=failure|"
         "user.name=root|event.module=mysql",
            "mysql.error", "root>@h </>  database  failure "},
        {"event.category=web|event.category=authentication|event.outcome=failure|user.name=bob",
            "apache.error", "bob>@h </>  web  failure "},
        {"event.category=authentication|event.outcome=success|cloud.provider=aws|user.name=bob",
            "aws.cloudtrail", "bob>@h </>  cloud  success "},
        {"event.category=authentication|event.module=auditd|event.action=logged-in|"
         "event.outcome=failure|process.executable=/usr/sbin/sshd|user.name=bob|source.ip=10.0.0.5",
            "auditd.log", "bob>@h <10.0.0.5/>  ssh  failure "},
        {"event.category=authentication|event.module=auditd|event.action=authenticated|"
         "event.outcome=failure|process.executable=/usr/sbin/sshd|user.name=bob",
            "auditd.log", NULL},
        {"event.category=authentication|event.module=auditd|event.action=authenticated|"
         "event.outcome=success|process.executable=/usr/bin/su|user.name=root|user.audit.name=bob",
            "auditd.log", "bob>root@h </>  su  success "},
        {"event.category=network|event.outcome=success|user.name=bob", "x", NULL},
        {"event.category=authentication|user.name=bob", "x", NULL},
    };
    (void)state;
    CHECK_ALL(said);
}

static void addresses(void **state)
{
    (void)state;
    assert_true(logon_address_is_outside(S("203.0.113.7")));
    assert_true(logon_address_is_outside(S("2001:db8::1")));
    assert_true(logon_address_is_outside(S("172.32.0.1")));
    assert_true(logon_address_is_outside(S("100.128.0.1")));
    assert_false(logon_address_is_outside(S("172.31.255.255")));
    assert_false(logon_address_is_outside(S("10.1.2.3")));
    assert_false(logon_address_is_outside(S("192.168.0.1")));
    assert_false(logon_address_is_outside(S("100.64.0.1")));
    assert_false(logon_address_is_outside(S("127.0.0.1")));
    assert_false(logon_address_is_outside(S("::1")));
    assert_false(logon_address_is_outside(S("fe80::1")));
    assert_false(logon_address_is_outside(S("fd00::1")));
    assert_false(logon_address_is_outside(S("")));
    assert_false(logon_address_is_outside(S("nowhere")));
    assert_true(logon_account_is_routine(S("ws1$")));
    assert_true(logon_account_is_routine(S("ws1$@corp")));
    assert_true(logon_account_is_routine(S("dwm-1")));
    assert_false(logon_account_is_routine(S("anonymous logon")));
    assert_false(logon_account_is_routine(S("bob@corp")));
}

static void travels(void **state)
{
    const struct logon logon = {.account = S("bob"),
        .as = S("root"),
        .host = S("h"),
        .address = S("10.0.0.5"),
        .from = S("ws1"),
        .target = S("t"),
        .log = S("l"),
        .package = S("p"),
        .reason = S("r"),
        .method = LOGON_SUDO,
        .failure = true};
    struct logon got;
    struct buf bytes, first, second;
    (void)state;
    buf_init(&bytes, 4096);
    buf_init(&first, 4096);
    buf_init(&second, 4096);
    logon_write(&bytes, &logon);
    for (size_t len = 0; len < bytes.len; len++) {
        struct reader cut = reader_over(slice_first(buf_slice(&bytes), len));
        assert_false(logon_read(&cut, &got));
    }
    struct reader reader = reader_over(buf_slice(&bytes));
    assert_true(logon_read(&reader, &got));
    assert_int_equal(reader_left(&reader), 0);
    tell(&first, &logon);
    tell(&second, &got);
    assert_slice(buf_slice(&first), buf_slice(&second));
    buf_free(&bytes);
    buf_free(&first);
    buf_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(windows), cmocka_unit_test(others),
        cmocka_unit_test(addresses), cmocka_unit_test(travels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
