/* Entities: what each kind of field becomes, whoever wrote it. */
#include "event/entity.h"

#include <string.h>

#include "base/base.h"
#include "base/test.h"
#include "base/utf8.h"

static struct arena arena;
static struct event event;
static struct entity_list list;

static int begin(void **state)
{
    (void)state;
    arena_reset(&arena);
    event_reset(&event, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Extracts, and compares with "type=value type=value". */
static void expect(slice expected)
{
    char memory[8192];
    struct buf out;
    entity_extract(&event, &list);
    buf_init_fixed(&out, memory, sizeof(memory));
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0)
            buf_append_byte(&out, ' ');
        buf_append(&out, entity_type_name(list.items[i].type));
        buf_append_byte(&out, '=');
        buf_append(&out, list.items[i].value);
        assert_true(utf8_is_valid(list.items[i].value));
    }
    assert_slice(buf_slice(&out), expected);
}

static void add(slice name, slice value)
{
    event_add_ecs(&event, name, value, EVENT_STRING);
}

struct row {
    slice text;
    slice normal; /* absent: none */
};

#define NONE                                                                                       \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

static void check_row(slice actual, const struct row *row)
{
    if (slice_is_absent(row->normal) != slice_is_absent(actual))
        test_show("of:       ", row->text);
    assert_slice(actual, row->normal);
    assert_int_equal(slice_is_absent(actual), slice_is_absent(row->normal));
}

static void normalises_addresses(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {S_INIT("192.0.2.1"), S_INIT("192.0.2.1")},
        {S_INIT(" 192.0.2.1\n"), S_INIT("192.0.2.1")},
        {S_INIT("::ffff:192.0.2.1"), S_INIT("192.0.2.1")},
        {S_INIT("::FFFF:C000:0201"), S_INIT("192.0.2.1")},
        {S_INIT("[::ffff:192.0.2.1]"), S_INIT("192.0.2.1")},
        {S_INIT("2001:DB8:0:0:0:0:0:1"), S_INIT("2001:db8::1")},
        {S_INIT("[2001:db8::1]"), S_INIT("2001:db8::1")},
        {S_INIT("fe80::1%eth0"), S_INIT("fe80::1")},
        {S_INIT("2001:0db8:0000:0000:0000:ff00:0042:8329"), S_INIT("2001:db8::ff00:42:8329")},
        {S_INIT("::"), S_INIT("::")},
        {S_INIT("127.0.0.1"), S_INIT("127.0.0.1")},
        {S_INIT(""), NONE},
        {NONE, NONE},
        {S_INIT("-"), NONE},
        {S_INIT("[]"), NONE},
        {S_INIT("%eth0"), NONE},
        {S_INIT("192.0.2"), NONE},
        {S_INIT("192.0.2.256"), NONE},
        {S_INIT("192.0.2.01"), NONE},
        {S_INIT("192.0.2.1:80"), NONE},
        {S_INIT("192.0.2.1/24"), NONE},
        {S_INIT("192.0.2.1\0.evil"), NONE},
        {S_INIT("::1\0"), NONE},
        {S_INIT("2001:db8::1::2"), NONE},
        {S_INIT("1:2:3:4:5:6:7:8:9"), NONE},
        {S_INIT("0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"), NONE},
        {S_INIT("host.example"), NONE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_row(entity_normal_ip(&arena, rows[i].text), &rows[i]);
}

static void normalises_hosts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {S_INIT("WS-042"), S_INIT("ws-042")},
        {S_INIT("ws-042.Corp.Example."), S_INIT("ws-042")},
        {S_INIT("ws-042."), S_INIT("ws-042")},
        {S_INIT("\\\\WS-042"), S_INIT("ws-042")},
        {S_INIT("  WS-042\t"), S_INIT("ws-042")},
        {S_INIT("10.1.2.3"), S_INIT("10.1.2.3")},
        {S_INIT("\\\\10.1.2.3"), S_INIT("10.1.2.3")},
        {S_INIT("::ffff:10.1.2.3"), S_INIT("10.1.2.3")},
        {S_INIT("B\xC3\x9CRO-1"), S_INIT("b\xC3\xBCro-1")},
        {S_INIT("PC\xFF"), S_INIT("pc\xEF\xBF\xBD")},
        {S_INIT("localhost"), NONE},
        {S_INIT("LOCALHOST.localdomain"), NONE},
        {S_INIT("127.0.0.1"), NONE},
        {S_INIT("::1"), NONE},
        {S_INIT("-"), NONE},
        {S_INIT("."), NONE},
        {S_INIT(".example"), NONE},
        {S_INIT("\\\\"), NONE},
        {S_INIT(""), NONE},
        {NONE, NONE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_row(entity_normal_host(&arena, rows[i].text), &rows[i]);
}

static void normalises_users(void **state)
{
    (void)state;
    static const struct {
        struct row row;
        slice domain;
    } rows[] = {
        {{S_INIT("Alice"), S_INIT("alice")}, NONE},
        {{S_INIT("Alice"), S_INIT("alice@corp")}, S_INIT("CORP")},
        {{S_INIT("Alice"), S_INIT("alice@corp")}, S_INIT("corp.example.com")},
        {{S_INIT("CORP\\Alice"), S_INIT("alice@corp")}, NONE},
        {{S_INIT("CORP\\Alice"), S_INIT("alice@corp")}, S_INIT("OTHER")},
        {{S_INIT("CORP\\\\Alice"), S_INIT("alice@corp")}, NONE},
        {{S_INIT("alice@corp.example.com"), S_INIT("alice@corp")}, NONE},
        {{S_INIT("AzureAD\\alice@contoso.com"), S_INIT("alice@contoso")}, NONE},
        {{S_INIT(".\\alice"), S_INIT("alice")}, NONE},
        {{S_INIT("alice"), S_INIT("alice")}, S_INIT("-")},
        {{S_INIT("alice"), S_INIT("alice")}, S_INIT(" . ")},
        {{S_INIT("root@192.0.2.1"), S_INIT("root@192.0.2.1")}, NONE},
        {{S_INIT("root"), S_INIT("root")}, NONE},
        {{S_INIT("@alice"), S_INIT("@alice")}, NONE},
        {{S_INIT("alice@"), S_INIT("alice@")}, NONE},
        {{S_INIT("\xC3\x84NNE"), S_INIT("\xC3\xA4nne")}, NONE},
        {{S_INIT("IIS APPPOOL\\Shop"), S_INIT("shop@iis apppool")}, NONE},
        {{S_INIT("dwm-x"), S_INIT("dwm-x")}, NONE},
        {{S_INIT("systems"), S_INIT("systems")}, NONE},
        /* built in */
        {{S_INIT("SYSTEM"), NONE}, S_INIT("NT AUTHORITY")},
        {{S_INIT("NT AUTHORITY\\SYSTEM"), NONE}, NONE},
        {{S_INIT("NT-AUTORIT\xC3\x84T\\SYSTEM"), NONE}, NONE},
        {{S_INIT("LOCAL SERVICE"), NONE}, S_INIT("NT AUTHORITY")},
        {{S_INIT("NT AUTHORITY\\NetworkService"), NONE}, NONE},
        {{S_INIT("LocalSystem"), NONE}, NONE},
        {{S_INIT("ANONYMOUS LOGON"), NONE}, S_INIT("NT AUTHORITY")},
        {{S_INIT("DWM-1"), NONE}, S_INIT("Window Manager")},
        {{S_INIT("DWM-12"), NONE}, NONE},
        {{S_INIT("UMFD-0"), NONE}, NONE},
        {{S_INIT("Font Driver Host\\UMFD-0"), NONE}, NONE},
        {{S_INIT("WS-042$"), NONE}, S_INIT("CORP")},
        {{S_INIT("-"), NONE}, NONE},
        {{S_INIT("(unknown)"), NONE}, NONE},
        {{S_INIT("CORP\\"), NONE}, NONE},
        {{S_INIT(" "), NONE}, S_INIT("CORP")},
        {{NONE, NONE}, NONE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_row(entity_normal_user(&arena, rows[i].row.text, rows[i].domain), &rows[i].row);
}

static void takes_machine_accounts_as_hosts(void **state)
{
    (void)state;
    static const slice names[] = {S_INIT("WS-042$"), S_INIT("CORP\\WS-042$"),
        S_INIT("ws-042$@corp.example.com"), S_INIT(" WS-042$ ")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)begin(NULL);
        add(S("user.name"), names[i]);
        add(S("user.domain"), S("CORP"));
        expect(S("host=ws-042"));
    }
    (void)begin(NULL);
    add(S("user.name"), S("$"));
    expect(S(""));
}

static void takes_the_domain_of_the_account(void **state)
{
    (void)state;
    add(S("user.name"), S("alice"));
    add(S("user.target.name"), S("bob"));
    add(S("user.target.domain"), S("CORP"));
    /* What the product calls so is no ECS field, and a field without a name is nobody's domain. */
    event_add_string(&event, S("user.domain"), S("OWN"));
    event_add_string(&event, S(""), S("EVIL"));
    add(S("user.changes.name"), S("carol"));
    event_add_string(&event, S("user.effective.name"), S("dave"));
    expect(S("user=alice user=bob@corp user=carol"));
}

static void leaves_out_addresses_of_nobody(void **state)
{
    (void)state;
    static const slice nobody[] = {S_INIT("0.0.0.0"), S_INIT("127.0.0.1"), S_INIT("127.9.9.9"),
        S_INIT("169.254.1.1"), S_INIT("224.0.0.251"), S_INIT("255.255.255.255"), S_INIT("::"),
        S_INIT("::1"), S_INIT("fe80::1"), S_INIT("ff02::fb"), S_INIT("::ffff:127.0.0.1"),
        S_INIT("not an address")};
    for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
        add(S("source.ip"), nobody[i]);
    add(S("source.ip"), S("::ffff:203.0.113.9"));
    add(S("destination.ip"), S("2001:DB8::9"));
    add(S("client.ip"), S("203.0.113.9"));
    expect(S("ip=203.0.113.9 ip=2001:db8::9"));
}

static void tells_addresses_from_domains(void **state)
{
    (void)state;
    add(S("source.address"), S("203.0.113.9"));
    add(S("destination.address"), S("Mail.Example.COM."));
    add(S("url.domain"), S("[2001:db8::1]"));
    add(S("dns.question.name"), S("WWW.Example.com."));
    add(S("source.domain"), S("."));
    expect(S("ip=203.0.113.9 domain=mail.example.com domain=www.example.com ip=2001:db8::1"));
}

static void folds_case_where_it_says_nothing(void **state)
{
    (void)state;
    add(S("file.hash.sha256"), S("ABCDEF"));
    add(S("process.executable"), S("C:\\Windows\\System32\\CMD.exe"));
    add(S("process.parent.executable"), S("/usr/bin/Python3"));
    add(S("url.full"), S("https://Example.com/Path?Q=1"));
    add(S("email.from.address"), S("Alice@Example.COM"));
    expect(S("url=https://Example.com/Path?Q=1 hash=abcdef "
             "process=c:\\windows\\system32\\cmd.exe process=/usr/bin/Python3 "
             "email=alice@example.com"));
}

static void knows_windows_paths(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {S_INIT("C:\\Temp\\A.TXT"), S_INIT("file=c:\\temp\\a.txt")},
        {S_INIT("c:/Temp/A.TXT"), S_INIT("file=c:/temp/a.txt")},
        {S_INIT("\\\\Server\\Share\\A"), S_INIT("file=\\\\server\\share\\a")},
        {S_INIT("\\Device\\HarddiskVolume1\\A"), S_INIT("file=\\device\\harddiskvolume1\\a")},
        {S_INIT("%TEMP%\\A"), S_INIT("file=%temp%\\a")},
        {S_INIT("/tmp/A"), S_INIT("file=/tmp/A")},
        {S_INIT("/tmp/A\\B"), S_INIT("file=/tmp/A\\B")},
        {S_INIT("README"), S_INIT("file=README")},
        {S_INIT("1:A"), S_INIT("file=1:A")},
        {S_INIT("/tmp/\xFF"), S_INIT("file=/tmp/\xEF\xBF\xBD")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void)begin(NULL);
        add(S("file.path"), rows[i].text);
        expect(rows[i].normal);
    }
}

static void takes_each_once_in_a_fixed_order(void **state)
{
    (void)state;
    add(S("source.ip"), S("192.0.2.1"));
    add(S("user.name"), S("bob"));
    add(S("user.name"), S("BOB"));
    add(S("host.hostname"), S("WS"));
    add(S("host.name"), S("ws.example"));
    add(S("user.name"), S("alice"));
    event_add_string(&event, S("host.name"), S("native"));
    expect(S("host=ws user=bob user=alice ip=192.0.2.1"));
}

static void keeps_to_the_limits(void **state)
{
    (void)state;
    static char name[5000];
    memset(name, 'N', sizeof(name));
    add(S("host.name"), slice_make(name, sizeof(name)));
    for (size_t i = 0; i < ENTITY_MAX * 2; i++)
        add(S("file.path"), slice_make(name, i + 1));
    entity_extract(&event, &list);
    assert_int_equal(list.count, ENTITY_MAX);
    assert_int_equal(list.items[0].value.len, ENTITY_TEXT_MAX);
    assert_int_equal(list.items[ENTITY_MAX - 1].value.len, ENTITY_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(normalises_addresses, begin),
        cmocka_unit_test_setup(normalises_hosts, begin),
        cmocka_unit_test_setup(normalises_users, begin),
        cmocka_unit_test_setup(takes_machine_accounts_as_hosts, begin),
        cmocka_unit_test_setup(takes_the_domain_of_the_account, begin),
        cmocka_unit_test_setup(leaves_out_addresses_of_nobody, begin),
        cmocka_unit_test_setup(tells_addresses_from_domains, begin),
        cmocka_unit_test_setup(folds_case_where_it_says_nothing, begin),
        cmocka_unit_test_setup(knows_windows_paths, begin),
        cmocka_unit_test_setup(takes_each_once_in_a_fixed_order, begin),
        cmocka_unit_test_setup(keeps_to_the_limits, begin),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
