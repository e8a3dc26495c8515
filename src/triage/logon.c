/* See logon.h. One attempt should be one log-on: where a program and the libraries below it all
 * report, the program's own event is taken and the others are left out. */
#include "triage/logon.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/base.h"
#include "base/utf8.h"
#include "event/entity.h"

static const struct {
    slice name;
    int type;
} logon_methods[] = {
#define METHOD(id, name, type) [LOGON_##id] = {S_INIT(name), type},
#include "triage/logon_methods.def"
#undef METHOD
};

static const slice logon_reasons[] = {
#define REASON(id, name) [LOGON_REASON_##id] = S_INIT(name),
#define STATUS(id, status)
#define KERBEROS(id, code)
#define WORDS(id, words)
#include "triage/logon_reasons.def"
#undef REASON
#undef STATUS
#undef KERBEROS
#undef WORDS
};

slice logon_method_name(enum logon_method method)
{
    ASSERT(method < LOGON_METHOD_COUNT);
    return logon_methods[method].name;
}

int logon_method_type(enum logon_method method)
{
    ASSERT(method < LOGON_METHOD_COUNT);
    return logon_methods[method].type;
}

enum logon_reason logon_reason_named(slice name)
{
    for (size_t i = 1; i < LOGON_REASON_COUNT; i++)
        if (slice_equal(logon_reasons[i], name))
            return (enum logon_reason)i;
    return LOGON_REASON_NONE;
}

/* --- fields --- */

static bool logon_has(const struct event *event, slice name, slice value)
{
    for (size_t i = 0; i < event->count; i++)
        if (slice_equal(event->fields[i].name, name) && slice_equal(event->fields[i].value, value))
            return true;
    return false;
}

static bool logon_is_one_of(slice value, const slice *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_nocase(value, names[i]))
            return true;
    return false;
}

#define LOGON_IS_ONE_OF(value, names)                                                              \
    logon_is_one_of(value, names, sizeof(names) / sizeof((names)[0]))

/* Lower case and cut; empty for "-". */
static slice logon_plain(struct event *event, slice text)
{
    text = slice_first(slice_trim(text), LOGON_TEXT_MAX);
    if (slice_equal(text, S("-")))
        return S("");
    return utf8_lower_copy(event->arena, utf8_valid_copy(event->arena, text));
}

static slice logon_account(struct event *event, slice name, slice domain)
{
    slice normal = entity_normal_user(event->arena, name, domain);
    return normal.len > 0 ? slice_first(normal, LOGON_TEXT_MAX) : logon_plain(event, name);
}

static uint64_t logon_number(const struct event *event, slice name)
{
    slice text = event_value(event, name);
    uint64_t number;
    if (slice_to_u64(text, UINT64_MAX, &number))
        return number;
    return slice_starts_nocase(text, S("0x")) && slice_to_hex_u64(text, &number) ? number : 0;
}

/* --- reasons --- */

static slice logon_reason_of_status(uint64_t status)
{
    static const struct {
        enum logon_reason reason;
        uint64_t status;
    } known[] = {
#define REASON(id, name)
#define STATUS(id, status) {LOGON_REASON_##id, status},
#define KERBEROS(id, code)
#define WORDS(id, words)
#include "triage/logon_reasons.def"
#undef REASON
#undef STATUS
#undef KERBEROS
#undef WORDS
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i].status == status)
            return logon_reasons[known[i].reason];
    return S("");
}

static slice logon_reason_of_kerberos(uint64_t code)
{
    static const struct {
        enum logon_reason reason;
        uint64_t code;
    } known[] = {
#define REASON(id, name)
#define STATUS(id, status)
#define KERBEROS(id, code) {LOGON_REASON_##id, code},
#define WORDS(id, words)
#include "triage/logon_reasons.def"
#undef REASON
#undef STATUS
#undef KERBEROS
#undef WORDS
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i].code == code)
            return logon_reasons[known[i].reason];
    return S("");
}

static slice logon_reason_of_words(struct event *event, slice words)
{
    static const struct {
        enum logon_reason reason;
        slice words;
    } known[] = {
#define REASON(id, name)
#define STATUS(id, status)
#define KERBEROS(id, code)
#define WORDS(id, words) {LOGON_REASON_##id, S_INIT(words)},
#include "triage/logon_reasons.def"
#undef REASON
#undef STATUS
#undef KERBEROS
#undef WORDS
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (slice_equal_nocase(known[i].words, words))
            return logon_reasons[known[i].reason];
    return slice_first(utf8_valid_copy(event->arena, words), LOGON_TEXT_MAX);
}

/* SubStatus says more than Status, where it is not zero. */
static slice logon_windows_reason(const struct event *event, bool kerberos)
{
    uint64_t status = logon_number(event, S("Status"));
    uint64_t more = logon_number(event, S("SubStatus"));
    if (kerberos)
        return logon_reason_of_kerberos(status);
    slice reason = more != 0 ? logon_reason_of_status(more) : S("");
    return reason.len > 0 ? reason : logon_reason_of_status(status);
}

/* --- Windows --- */

static enum logon_method logon_windows_method(const struct event *event)
{
    slice text = event_value(event, S("LogonType"));
    uint64_t type;
    if (!slice_to_u64(text, UINT32_MAX, &type))
        return LOGON_OTHER;
    for (size_t i = 0; i < LOGON_METHOD_COUNT; i++)
        if (logon_methods[i].type >= 0 && (uint64_t)logon_methods[i].type == type)
            return (enum logon_method)i;
    return LOGON_OTHER;
}

/* NTLM's version matters: version 1 is broken. */
static slice logon_windows_package(struct event *event)
{
    slice package = logon_plain(event, event_value(event, S("AuthenticationPackageName")));
    slice version = logon_plain(event, event_value(event, S("LmPackageName")));
    if (version.len > 0 && !slice_equal(package, S("kerberos")))
        return version;
    return slice_starts(package, S("microsoft_authentication_package")) ? S("ntlm") : package;
}

/* What the ticket is encrypted with: RC4 is what Kerberoasting asks for ([MS-KILE] 3.1.5.2). */
static slice logon_ticket_package(const struct event *event)
{
    switch (logon_number(event, S("TicketEncryptionType"))) {
    case 0x1:
    case 0x3:
        return S("des");
    case 0x11:
        return S("aes128");
    case 0x12:
        return S("aes256");
    case 0x17:
    case 0x18:
        return S("rc4");
    default:
        return S("");
    }
}

static void logon_explicit(struct event *event, struct logon *logon)
{
    logon->method = LOGON_EXPLICIT_CREDENTIALS;
    logon->as = logon_account(event, event_value(event, S("user.effective.name")),
        event_value(event, S("user.effective.domain")));
    logon->target = logon_plain(event, event_value(event, S("destination.domain")));
}

static void logon_ticket(struct event *event, struct logon *logon, enum logon_method method)
{
    logon->method = method;
    logon->package = logon_ticket_package(event);
    logon->reason = logon_windows_reason(event, true);
    if (method == LOGON_KERBEROS_SERVICE_TICKET)
        logon->target = logon_plain(event, event_value(event, S("service.name")));
}

/* The log "Security". Log-offs, renewals and screen locks are no log-ons. */
static bool logon_security(struct event *event, struct logon *logon)
{
    switch (logon_number(event, S("event.code"))) {
    case 4624:
    case 4625:
        logon->method = logon_windows_method(event);
        logon->package = logon_windows_package(event);
        logon->reason = logon_windows_reason(event, false);
        return true;
    case 4648:
        logon_explicit(event, logon);
        return true;
    case 4672:
        logon->method = LOGON_SPECIAL_PRIVILEGES;
        return true;
    case 4768:
    case 4771:
        logon_ticket(event, logon, LOGON_KERBEROS_TICKET);
        return true;
    case 4769:
        logon_ticket(event, logon, LOGON_KERBEROS_SERVICE_TICKET);
        return true;
    case 4776:
        logon->method = LOGON_CREDENTIAL_VALIDATION;
        logon->package = S("ntlm");
        logon->reason = logon_windows_reason(event, false);
        return true;
    case 4778:
        logon->method = LOGON_SESSION_RECONNECT;
        return true;
    default:
        return false;
    }
}

/* --- Linux --- */

static slice logon_base_name(slice path)
{
    size_t slash = slice_find_last_byte(path, '/');
    return slash == path.len ? path : slice_from(path, slash + 1);
}

/* Programs that report log-ons themselves; what PAM says beneath them is the same again. */
static const slice logon_own_reports[] = {S_INIT("sshd"), S_INIT("su"), S_INIT("su-l"),
    S_INIT("sudo"), S_INIT("sudo-i"), S_INIT("sshd-session"), S_INIT("sshd-auth")};

/* Programs through which people sit down at a system; PAM alone tells of their successes. */
static const slice logon_consoles[] = {S_INIT("login"), S_INIT("gdm-password"),
    S_INIT("gdm-autologin"), S_INIT("gdm"), S_INIT("gdm3"), S_INIT("lightdm"), S_INIT("sddm"),
    S_INIT("xdm"), S_INIT("kdm"), S_INIT("lxdm"), S_INIT("systemd-user-login")};

static enum logon_method logon_program_method(slice program)
{
    static const struct {
        slice name;
        enum logon_method method;
    } programs[] = {
        {S_INIT("sshd"), LOGON_SSH},
        {S_INIT("sshd-session"), LOGON_SSH},
        {S_INIT("sshd-auth"), LOGON_SSH},
        {S_INIT("ssh"), LOGON_SSH},
        {S_INIT("dropbear"), LOGON_SSH},
        {S_INIT("su"), LOGON_SU},
        {S_INIT("su-l"), LOGON_SU},
        {S_INIT("sudo"), LOGON_SUDO},
        {S_INIT("sudo-i"), LOGON_SUDO},
        {S_INIT("vsftpd"), LOGON_FTP},
        {S_INIT("proftpd"), LOGON_FTP},
        {S_INIT("pure-ftpd"), LOGON_FTP},
        {S_INIT("ftp"), LOGON_FTP},
        {S_INIT("ftpd"), LOGON_FTP},
        {S_INIT("imap"), LOGON_IMAP},
        {S_INIT("imap-login"), LOGON_IMAP},
        {S_INIT("pop3"), LOGON_POP3},
        {S_INIT("pop3-login"), LOGON_POP3},
        {S_INIT("managesieve-login"), LOGON_SIEVE},
        {S_INIT("sieve"), LOGON_SIEVE},
        {S_INIT("submission-login"), LOGON_SMTP},
        {S_INIT("smtp"), LOGON_SMTP},
        {S_INIT("smtpd"), LOGON_SMTP},
        {S_INIT("dovecot"), LOGON_IMAP},
        {S_INIT("rdp"), LOGON_RDP},
        {S_INIT("xrdp-sesman"), LOGON_RDP},
        {S_INIT("smb"), LOGON_SMB},
        {S_INIT("smbd"), LOGON_SMB},
        {S_INIT("ldap"), LOGON_LDAP},
        {S_INIT("radius"), LOGON_RADIUS},
        {S_INIT("openvpn"), LOGON_VPN},
        {S_INIT("http"), LOGON_WEB},
        {S_INIT("https"), LOGON_WEB},
        {S_INIT("kerberos"), LOGON_KERBEROS_TICKET},
        {S_INIT("ntlm"), LOGON_CREDENTIAL_VALIDATION},
    };
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        if (slice_equal_nocase(programs[i].name, program))
            return programs[i].method;
    return LOGON_IS_ONE_OF(program, logon_consoles) ? LOGON_CONSOLE : LOGON_OTHER;
}

/* The first that tells: the protocol, the part of the program, the program, what kind of thing it
 * is. */
static enum logon_method logon_method_of(const struct event *event)
{
    static const slice names[] = {S_INIT("network.protocol"), S_INIT("dovecot.service"),
        S_INIT("pam.service"), S_INIT("process.name"), S_INIT("process.executable")};
    static const struct {
        slice category;
        enum logon_method method;
    } categories[] = {{S_INIT("database"), LOGON_DATABASE}, {S_INIT("email"), LOGON_SMTP},
        {S_INIT("web"), LOGON_WEB}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        enum logon_method method =
            logon_program_method(logon_base_name(event_value(event, names[i])));
        if (method != LOGON_OTHER)
            return method;
    }
    /* OpenSSH on Windows names no program. */
    if (slice_starts(event_value(event, S("event.action")), S("ssh_")))
        return LOGON_SSH;
    for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
        if (logon_has(event, S("event.category"), categories[i].category))
            return categories[i].method;
    if (event_value(event, S("cloud.provider")).len > 0)
        return LOGON_CLOUD;
    slice module = event_value(event, S("event.module"));
    static const slice webs[] = {S_INIT("nginx"), S_INIT("apache"), S_INIT("iis")};
    return LOGON_IS_ONE_OF(module, webs) ? LOGON_WEB : LOGON_OTHER;
}

static slice logon_package_of(struct event *event)
{
    static const slice names[] = {
        S_INIT("sshd.method"), S_INIT("dovecot.method"), S_INIT("postfix.sasl_method")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        slice value = event_value(event, names[i]);
        if (value.len > 0)
            return logon_plain(event, value);
    }
    return S("");
}

/* auditd reports each step of a log-on; USER_LOGIN is its outcome, and for su and sudo, which have
 * none, USER_AUTH is. */
static bool logon_audit(struct event *event, struct logon *logon)
{
    slice action = event_value(event, S("event.action"));
    bool switched = logon->method == LOGON_SU || logon->method == LOGON_SUDO;
    if (!slice_equal(action, S("logged-in")) &&
        !(switched && slice_equal(action, S("authenticated"))))
        return false;
    if (switched) {
        logon->as = logon->account;
        logon->account = logon_account(event, event_value(event, S("user.audit.name")), S(""));
    }
    return true;
}

/* A session that PAM opened for a console, which nothing else reports. */
static bool logon_console_session(struct event *event, struct logon *logon)
{
    slice service = event_value(event, S("pam.service"));
    if (!slice_equal(event_value(event, S("event.action")), S("session_opened")) ||
        !LOGON_IS_ONE_OF(service, logon_consoles))
        return false;
    logon->method = LOGON_CONSOLE;
    logon->account = logon_account(event, event_value(event, S("user.effective.name")), S(""));
    logon->as = S("");
    return true;
}

/* A command that sudo ran: what sudo says when it let somebody. */
static bool logon_sudo(const struct event *event)
{
    return slice_equal(event_value(event, S("event.action")), S("sudo")) &&
           logon_has(event, S("event.type"), S("start"));
}

/* By ECS alone: who reports it has said what it means. */
static bool logon_general(struct event *event, struct logon *logon)
{
    slice action = event_value(event, S("event.action"));
    slice service = event_value(event, S("pam.service"));
    logon->method = logon_method_of(event);
    logon->package = logon_package_of(event);
    slice as = logon_account(event, event_value(event, S("user.effective.name")), S(""));
    if (logon->method == LOGON_SU || logon->method == LOGON_SUDO)
        logon->as = as;
    logon->reason = logon_reason_of_words(event, event_value(event, S("event.reason")));
    if (logon_console_session(event, logon) || logon_sudo(event))
        return true;
    if (!logon_has(event, S("event.category"), S("authentication")) ||
        logon_has(event, S("event.type"), S("end")) || LOGON_IS_ONE_OF(service, logon_own_reports))
        return false;
    if (slice_equal(event_value(event, S("event.module")), S("auditd")))
        return logon_audit(event, logon);
    /* The end of a connection of which each failure was told. */
    return !slice_equal(action, S("ssh_too_many_failures"));
}

/* What is the same for all: who, where, from where. */
static void logon_fill(struct event *event, struct logon *logon)
{
    slice address = event_value(event, S("source.ip"));
    logon->account = logon_account(
        event, event_value(event, S("user.name")), event_value(event, S("user.domain")));
    if (address.len == 0)
        address = event_value(event, S("source.address"));
    logon->address = entity_normal_ip(event->arena, address);
    logon->from = logon_plain(event, event_value(event, S("source.domain")));
    if (logon->address.len == 0 && logon->from.len == 0)
        logon->from = logon_plain(event, event_value(event, S("source.address")));
    while (slice_starts(logon->from, S("\\")))
        logon->from = slice_from(logon->from, 1);
    if (slice_equal(logon->from, logon->address))
        logon->from = S("");
}

/* False when nothing says how it ended. */
static bool logon_outcome(const struct event *event, struct logon *logon)
{
    slice outcome = event_value(event, S("event.outcome"));
    if (slice_equal(outcome, S("failure")))
        logon->failure = true;
    else if (slice_equal(outcome, S("success")))
        logon->failure = false;
    else if (logon->method == LOGON_KERBEROS_TICKET ||
             logon->method == LOGON_KERBEROS_SERVICE_TICKET ||
             logon->method == LOGON_CREDENTIAL_VALIDATION)
        logon->failure = logon_number(event, S("Status")) != 0;
    else
        return logon->method == LOGON_SPECIAL_PRIVILEGES || logon->method == LOGON_RDP ||
               logon->method == LOGON_SESSION_RECONNECT;
    return true;
}

/* Sets what Windows' own logs alone tell; *told when it did. False when the event is no log-on. */
static bool logon_windows(struct event *event, struct logon *logon, bool *told)
{
    slice channel = event_value(event, S("Channel"));
    *told = true;
    if (slice_equal_nocase(channel, S("Security")))
        return logon_security(event, logon);
    if (slice_starts_nocase(channel, S("Microsoft-Windows-TerminalServices-"))) {
        /* 22 only says that 21 went on. */
        uint64_t code = logon_number(event, S("event.code"));
        logon->method = LOGON_RDP;
        return code == 21 || code == 25 || code == 1149;
    }
    *told = false;
    return true;
}

bool logon_from_event(struct event *event, slice host, slice log, struct logon *logon)
{
    bool told;
    *logon = (struct logon){
        .host = slice_first(host, LOGON_TEXT_MAX), .log = slice_first(log, LOGON_TEXT_MAX)};
    if (!logon_windows(event, logon, &told))
        return false;
    logon_fill(event, logon);
    if ((!told && !logon_general(event, logon)) || !logon_outcome(event, logon))
        return false;
    if (!logon->failure)
        logon->reason = S("");
    if (slice_equal(logon->as, logon->account))
        logon->as = S("");
    return true;
}

/* --- what it is --- */

bool logon_account_is_routine(slice account)
{
    static const slice names[] = {S_INIT("system"), S_INIT("local service"),
        S_INIT("network service"), S_INIT("localsystem"), S_INIT("")};
    slice name, domain;
    (void)slice_cut(account, '@', &name, &domain);
    return slice_ends(name, S("$")) || slice_starts(name, S("dwm-")) ||
           slice_starts(name, S("umfd-")) || LOGON_IS_ONE_OF(name, names);
}

/* The first `bits` of an address are those of the network. */
static bool logon_in_network(
    const unsigned char *address, const unsigned char *network, size_t bits)
{
    size_t whole = bits / 8;
    unsigned rest = (unsigned)(bits % 8);
    if (memcmp(address, network, whole) != 0)
        return false;
    return rest == 0 || (address[whole] >> (8 - rest)) == (network[whole] >> (8 - rest));
}

bool logon_address_is_outside(slice address)
{
    static const struct {
        unsigned char network[16];
        size_t bits;
    } inside[] = {
        /* IPv4 as IPv4-mapped IPv6 */
        {{[10] = 0xFF, 0xFF, 0}, 104},        /* RFC 1122: this network */
        {{[10] = 0xFF, 0xFF, 10}, 104},       /* RFC 1918 */
        {{[10] = 0xFF, 0xFF, 172, 16}, 108},  /* RFC 1918 */
        {{[10] = 0xFF, 0xFF, 192, 168}, 112}, /* RFC 1918 */
        {{[10] = 0xFF, 0xFF, 100, 64}, 106},  /* RFC 6598 */
        {{[10] = 0xFF, 0xFF, 127}, 104},      /* loopback */
        {{[10] = 0xFF, 0xFF, 169, 254}, 112}, /* link-local */
        {{[10] = 0xFF, 0xFF, 224}, 100},      /* multicast */
        {{[10] = 0xFF, 0xFF, 240}, 100},      /* reserved, broadcast */
        {{0}, 127},                           /* unspecified, loopback */
        {{0xFC}, 7},                          /* RFC 4193 */
        {{0xFE, 0x80}, 10},                   /* link-local */
        {{0xFF}, 8},                          /* multicast */
    };
    char text[INET6_ADDRSTRLEN + 1] = "";
    unsigned char bytes[16] = {[10] = 0xFF, 0xFF};
    if (address.len == 0 || address.len >= sizeof(text))
        return false;
    memcpy(text, address.at, address.len);
    if (inet_pton(AF_INET, text, bytes + 12) != 1 && inet_pton(AF_INET6, text, bytes) != 1)
        return false;
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
        if (logon_in_network(bytes, inside[i].network, inside[i].bits))
            return false;
    return true;
}

bool logon_is_remote(const struct logon *logon)
{
    slice name, domain;
    /* Its address may be that of the server. */
    if (logon->method == LOGON_EXPLICIT_CREDENTIALS)
        return false;
    if (logon->address.len > 0)
        return !slice_starts(logon->address, S("127.")) && !slice_equal(logon->address, S("::1"));
    (void)slice_cut(logon->from, '.', &name, &domain);
    return name.len > 0 && !slice_equal(name, logon->host) && !slice_equal(name, S("localhost"));
}

/* --- as it travels --- */

void logon_write(struct buf *out, const struct logon *logon)
{
    const slice texts[] = {
        logon->account, logon->as, logon->address, logon->from, logon->target, logon->log};
    writer_slice(out, logon->host);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        writer_slice(out, texts[i]);
    writer_u8(out, (uint8_t)logon->method);
    writer_u8(out, logon->failure ? 1 : 0);
    /* Sorts what says more before what says less: logons.c leaves out the latter. */
    writer_u8(out, logon->package.len == 0 ? 1 : 0);
    writer_slice(out, logon->package);
    writer_slice(out, logon->reason);
}

bool logon_read(struct reader *reader, struct logon *logon)
{
    struct logon made = {.host = reader_slice(reader)};
    slice *texts[] = {&made.account, &made.as, &made.address, &made.from, &made.target, &made.log};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = reader_slice(reader);
    uint8_t method = reader_u8(reader);
    uint8_t failure = reader_u8(reader);
    (void)reader_u8(reader);
    made.package = reader_slice(reader);
    made.reason = reader_slice(reader);
    if (reader->failed || method >= LOGON_METHOD_COUNT || failure > 1)
        return false;
    made.method = (enum logon_method)method;
    made.failure = failure == 1;
    *logon = made;
    return true;
}
