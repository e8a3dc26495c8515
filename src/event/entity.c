/* See entity.h. The ECS fields that hold entities are one table; each row says how its value is
 * normalised. */
#include "event/entity.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/base.h"
#include "base/utf8.h"

static const slice entity_names[ENTITY_COUNT] = {
#define ENTITY(id, name) [ENTITY_##id] = S_INIT(name),
#include "event/entities.def"
#undef ENTITY
};

slice entity_type_name(enum entity_type type)
{
    ASSERT(type < ENTITY_COUNT);
    return entity_names[type];
}

static void entity_add(struct entity_list *list, enum entity_type type, slice value)
{
    if (value.len == 0 || list->count == ENTITY_MAX)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].type == type && slice_equal(list->items[i].value, value))
            return;
    list->items[list->count++] = (struct entity){.type = type, .value = value};
}

/* --- addresses --- */

/* Inside: parses into 16 bytes, IPv4 as IPv4-mapped. */
static bool entity_parse_ip(slice text, struct in6_addr *address)
{
    char copy[INET6_ADDRSTRLEN + 1];
    struct in_addr four;
    slice zone;
    text = slice_trim(text);
    if (text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
        text = slice_sub(text, 1, text.len - 2);
    (void)slice_cut(text, '%', &text, &zone);
    /* What comes after a NUL would not be seen. */
    if (text.len == 0 || text.len >= sizeof(copy) || slice_find_byte(text, '\0') < text.len)
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, &four) == 1) {
        *address = (struct in6_addr){.s6_addr = {[10] = 0xFF, [11] = 0xFF}};
        memcpy(address->s6_addr + 12, &four, sizeof(four));
        return true;
    }
    return inet_pton(AF_INET6, copy, address) == 1;
}

static slice entity_ip_text(struct arena *arena, const struct in6_addr *address)
{
    char text[INET6_ADDRSTRLEN];
    const char *made = IN6_IS_ADDR_V4MAPPED(address)
                           ? inet_ntop(AF_INET, address->s6_addr + 12, text, sizeof(text))
                           : inet_ntop(AF_INET6, address->s6_addr, text, sizeof(text));
    ASSERT(made != NULL);
    return arena_copy(arena, slice_from_cstr(text));
}

slice entity_normal_ip(struct arena *arena, slice text)
{
    struct in6_addr address;
    if (!entity_parse_ip(text, &address))
        return (slice){NULL, 0};
    return entity_ip_text(arena, &address);
}

/* Addresses that name no particular system. */
static bool entity_ip_is_nobody(const struct in6_addr *address)
{
    if (IN6_IS_ADDR_V4MAPPED(address)) {
        const unsigned char *four = address->s6_addr + 12;
        return four[0] == 0 || four[0] == 127 || four[0] >= 224 ||
               (four[0] == 169 && four[1] == 254);
    }
    return IN6_IS_ADDR_UNSPECIFIED(address) || IN6_IS_ADDR_LOOPBACK(address) ||
           IN6_IS_ADDR_LINKLOCAL(address) || IN6_IS_ADDR_MULTICAST(address);
}

static void entity_add_ip(struct event *event, struct entity_list *list, slice value)
{
    struct in6_addr address;
    if (entity_parse_ip(value, &address) && !entity_ip_is_nobody(&address))
        entity_add(list, ENTITY_IP, entity_ip_text(event->arena, &address));
}

/* --- hosts and users --- */

/* Valid UTF-8, lower case, of a sane length, without white space around. */
static slice entity_plain(struct arena *arena, slice text)
{
    text = slice_first(slice_trim(text), ENTITY_TEXT_MAX);
    return utf8_lower_copy(arena, utf8_valid_copy(arena, text));
}

slice entity_normal_host(struct arena *arena, slice text)
{
    struct in6_addr address;
    slice domain;
    text = slice_trim(text);
    while (slice_starts(text, S("\\")))
        text = slice_from(text, 1);
    if (entity_parse_ip(text, &address))
        return entity_ip_is_nobody(&address) ? (slice){NULL, 0} : entity_ip_text(arena, &address);
    text = entity_plain(arena, text);
    (void)slice_cut(text, '.', &text, &domain);
    if (text.len == 0 || slice_equal(text, S("localhost")) || slice_equal(text, S("-")))
        return (slice){NULL, 0};
    return text;
}

static slice entity_normal_domain(struct arena *arena, slice text)
{
    text = entity_plain(arena, text);
    while (slice_ends(text, S(".")))
        text.len--;
    return text;
}

struct entity_account {
    slice name;
    slice domain; /* short form; empty: none */
};

/* An account from DOMAIN\name, name@domain or DOMAIN\name@domain; what the name says about the
 * domain goes before what stands beside it. */
static struct entity_account entity_account_from(struct arena *arena, slice name, slice domain)
{
    struct in6_addr address;
    slice head, tail;
    name = entity_plain(arena, name);
    domain = entity_plain(arena, domain);
    if (slice_cut(name, '\\', &head, &tail)) {
        domain = head;
        name = tail;
        while (slice_starts(name, S("\\"))) /* escaped once too often */
            name = slice_from(name, 1);
    }
    if (slice_cut(name, '@', &head, &tail) && head.len > 0 && tail.len > 0) {
        domain = tail;
        name = head;
    }
    if (!entity_parse_ip(domain, &address))
        (void)slice_cut(domain, '.', &domain, &tail);
    if (slice_equal(domain, S("-")) || slice_equal(domain, S("nt authority")))
        domain = S("");
    return (struct entity_account){name, domain};
}

static bool entity_is_machine(slice name)
{
    return slice_ends(name, S("$"));
}

/* "dwm-1", "umfd-0": a session's window manager and its font driver. */
static bool entity_is_session_user(slice name)
{
    slice kind, number;
    uint64_t session;
    return slice_cut(name, '-', &kind, &number) && slice_to_u64(number, UINT64_MAX, &session) &&
           (slice_equal(kind, S("dwm")) || slice_equal(kind, S("umfd")));
}

static bool entity_is_builtin_user(slice name)
{
    static const slice builtin[] = {S_INIT("system"), S_INIT("local system"), S_INIT("localsystem"),
        S_INIT("local service"), S_INIT("localservice"), S_INIT("network service"),
        S_INIT("networkservice"), S_INIT("anonymous logon"), S_INIT("-"), S_INIT("n/a"),
        S_INIT("unknown"), S_INIT("(unknown)"), S_INIT("unset")};
    for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++)
        if (slice_equal(name, builtin[i]))
            return true;
    return entity_is_session_user(name);
}

slice entity_normal_user(struct arena *arena, slice name, slice domain)
{
    struct entity_account account = entity_account_from(arena, name, domain);
    if (account.name.len == 0 || entity_is_machine(account.name) ||
        entity_is_builtin_user(account.name))
        return (slice){NULL, 0};
    if (account.domain.len == 0)
        return account.name;
    struct buf joined;
    size_t len = account.name.len + 1 + account.domain.len;
    buf_init_fixed(&joined, arena_bytes(arena, len), len);
    buf_append(&joined, account.name);
    buf_append_byte(&joined, '@');
    buf_append(&joined, account.domain);
    return buf_slice(&joined);
}

static void entity_add_user(struct event *event, struct entity_list *list, slice name, slice domain)
{
    struct entity_account account = entity_account_from(event->arena, name, domain);
    if (entity_is_machine(account.name))
        entity_add(list, ENTITY_HOST,
            entity_normal_host(event->arena, slice_first(account.name, account.name.len - 1)));
    else
        entity_add(list, ENTITY_USER, entity_normal_user(event->arena, name, domain));
}

/* --- the table of fields --- */

enum entity_rule {
    ENTITY_AS_HOST,
    ENTITY_AS_USER,
    ENTITY_AS_IP,
    ENTITY_AS_IP_OR_DOMAIN,
    ENTITY_AS_DOMAIN,
    ENTITY_AS_LOWER,
    ENTITY_AS_URL,
    ENTITY_AS_PATH,
    ENTITY_AS_PROCESS,
};

struct entity_source {
    slice field;
    enum entity_type type;
    enum entity_rule rule;
    slice domain_field; /* for users */
};

static const struct entity_source entity_sources[] = {
    {S_INIT("host.name"), ENTITY_HOST, ENTITY_AS_HOST, S_INIT("")},
    {S_INIT("host.hostname"), ENTITY_HOST, ENTITY_AS_HOST, S_INIT("")},
    {S_INIT("user.name"), ENTITY_USER, ENTITY_AS_USER, S_INIT("user.domain")},
    {S_INIT("user.target.name"), ENTITY_USER, ENTITY_AS_USER, S_INIT("user.target.domain")},
    {S_INIT("user.effective.name"), ENTITY_USER, ENTITY_AS_USER, S_INIT("user.effective.domain")},
    {S_INIT("user.changes.name"), ENTITY_USER, ENTITY_AS_USER, S_INIT("")},
    {S_INIT("source.user.name"), ENTITY_USER, ENTITY_AS_USER, S_INIT("source.user.domain")},
    {S_INIT("destination.user.name"), ENTITY_USER, ENTITY_AS_USER, S_INIT("")},
    {S_INIT("source.ip"), ENTITY_IP, ENTITY_AS_IP, S_INIT("")},
    {S_INIT("source.address"), ENTITY_IP, ENTITY_AS_IP_OR_DOMAIN, S_INIT("")},
    {S_INIT("source.nat.ip"), ENTITY_IP, ENTITY_AS_IP, S_INIT("")},
    {S_INIT("client.ip"), ENTITY_IP, ENTITY_AS_IP, S_INIT("")},
    {S_INIT("server.ip"), ENTITY_IP, ENTITY_AS_IP, S_INIT("")},
    {S_INIT("destination.ip"), ENTITY_IP, ENTITY_AS_IP, S_INIT("")},
    {S_INIT("destination.address"), ENTITY_IP, ENTITY_AS_IP_OR_DOMAIN, S_INIT("")},
    {S_INIT("host.ip"), ENTITY_IP, ENTITY_AS_IP, S_INIT("")},
    {S_INIT("source.domain"), ENTITY_DOMAIN, ENTITY_AS_DOMAIN, S_INIT("")},
    {S_INIT("destination.domain"), ENTITY_DOMAIN, ENTITY_AS_DOMAIN, S_INIT("")},
    {S_INIT("dns.question.name"), ENTITY_DOMAIN, ENTITY_AS_DOMAIN, S_INIT("")},
    {S_INIT("tls.client.server_name"), ENTITY_DOMAIN, ENTITY_AS_DOMAIN, S_INIT("")},
    {S_INIT("url.domain"), ENTITY_DOMAIN, ENTITY_AS_IP_OR_DOMAIN, S_INIT("")},
    {S_INIT("url.full"), ENTITY_URL, ENTITY_AS_URL, S_INIT("")},
    {S_INIT("url.original"), ENTITY_URL, ENTITY_AS_URL, S_INIT("")},
    {S_INIT("file.hash.sha256"), ENTITY_HASH, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("file.hash.sha1"), ENTITY_HASH, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("file.hash.md5"), ENTITY_HASH, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("process.hash.sha256"), ENTITY_HASH, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("process.hash.sha1"), ENTITY_HASH, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("process.hash.md5"), ENTITY_HASH, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("process.executable"), ENTITY_PROCESS, ENTITY_AS_PROCESS, S_INIT("")},
    {S_INIT("process.parent.executable"), ENTITY_PROCESS, ENTITY_AS_PROCESS, S_INIT("")},
    {S_INIT("file.path"), ENTITY_FILE, ENTITY_AS_PATH, S_INIT("")},
    {S_INIT("email.from.address"), ENTITY_EMAIL, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("email.to.address"), ENTITY_EMAIL, ENTITY_AS_LOWER, S_INIT("")},
    {S_INIT("email.sender.address"), ENTITY_EMAIL, ENTITY_AS_LOWER, S_INIT("")},
};

/* A backslash after a slash is a letter of a POSIX name. */
static bool entity_is_windows_path(slice path)
{
    if (slice_starts(path, S("/")))
        return false;
    return slice_contains(path, S("\\")) ||
           (path.len > 1 && byte_is_alpha(path.at[0]) && path.at[1] == ':');
}

static slice entity_normal_path(struct arena *arena, slice path)
{
    path = utf8_valid_copy(arena, slice_first(slice_trim(path), ENTITY_TEXT_MAX));
    return entity_is_windows_path(path) ? utf8_lower_copy(arena, path) : path;
}

static slice entity_ecs_value(const struct event *event, slice name)
{
    for (size_t i = 0; i < event->count; i++)
        if (event->fields[i].ecs && slice_equal(event->fields[i].name, name))
            return event->fields[i].value;
    return (slice){NULL, 0};
}

static void entity_take(
    struct event *event, struct entity_list *list, const struct entity_source *source, slice value)
{
    struct arena *arena = event->arena;
    struct in6_addr address;
    switch (source->rule) {
    case ENTITY_AS_HOST:
        entity_add(list, ENTITY_HOST, entity_normal_host(arena, value));
        break;
    case ENTITY_AS_USER:
        entity_add_user(event, list, value, entity_ecs_value(event, source->domain_field));
        break;
    case ENTITY_AS_IP:
        entity_add_ip(event, list, value);
        break;
    case ENTITY_AS_IP_OR_DOMAIN:
        if (entity_parse_ip(value, &address))
            entity_add_ip(event, list, value);
        else
            entity_add(list, ENTITY_DOMAIN, entity_normal_domain(arena, value));
        break;
    case ENTITY_AS_DOMAIN:
        entity_add(list, ENTITY_DOMAIN, entity_normal_domain(arena, value));
        break;
    case ENTITY_AS_LOWER:
        entity_add(list, source->type, entity_plain(arena, value));
        break;
    case ENTITY_AS_URL:
        value = utf8_valid_copy(arena, slice_first(slice_trim(value), ENTITY_TEXT_MAX));
        entity_add(list, ENTITY_URL, value);
        break;
    case ENTITY_AS_PATH:
    case ENTITY_AS_PROCESS:
        entity_add(list, source->type, entity_normal_path(arena, value));
        break;
    }
}

void entity_extract(struct event *event, struct entity_list *list)
{
    list->count = 0;
    for (size_t i = 0; i < sizeof(entity_sources) / sizeof(entity_sources[0]); i++) {
        const struct entity_source *source = &entity_sources[i];
        for (size_t at = 0; at < event->count; at++) {
            const struct event_field *field = &event->fields[at];
            if (field->ecs && slice_equal(field->name, source->field))
                entity_take(event, list, source, field->value);
        }
    }
}
