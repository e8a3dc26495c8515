/* See audit_record.h; the format is described in doc/formats/auditd.md. Values are decoded by the
 * names of their fields, since the format does not mark them: an unquoted value of a field that
 * user space can choose is hexadecimal. */
#include "decode/audit_record.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "wire/reader.h"
#include "wire/stamp.h"

/* Arguments of one EXECVE; further ones are in the fields but not in process.args. */
#define AUDIT_ARGUMENTS_MAX 1024
/* Parts of one long argument, as a1[0]=, a1[1]=. */
#define AUDIT_SYSCALLS_MAX    512
#define AUDIT_GROUP_SEPARATOR '\x1d' /* between a record and what auditd added */

static const struct {
    uint32_t arch; /* AUDIT_ARCH_* of linux/audit.h */
    uint32_t seccomp;
    slice name;
} audit_archs[] = {
    {0xc000003e, SCMP_ARCH_X86_64, S_INIT("x86_64")},
    {0x40000003, SCMP_ARCH_X86, S_INIT("i386")},
    {0xc00000b7, SCMP_ARCH_AARCH64, S_INIT("aarch64")},
    {0x40000028, SCMP_ARCH_ARM, S_INIT("arm")},
};
#define AUDIT_ARCHS (sizeof(audit_archs) / sizeof(audit_archs[0]))

struct audit_syscalls {
    struct arena arena;
    slice names[AUDIT_ARCHS][AUDIT_SYSCALLS_MAX]; /* absent: not looked up yet */
};

struct audit_syscalls *audit_syscalls_new(void)
{
    struct audit_syscalls *syscalls = calloc(1, sizeof(*syscalls));
    ASSERT(syscalls != NULL);
    return syscalls;
}

void audit_syscalls_free(struct audit_syscalls *syscalls)
{
    if (syscalls == NULL)
        return;
    arena_free(&syscalls->arena);
    free(syscalls);
}

/* Empty when it has no name. */
static slice audit_syscall_name(struct audit_syscalls *syscalls, size_t arch, uint64_t number)
{
    if (number >= AUDIT_SYSCALLS_MAX)
        return S("");
    slice *name = &syscalls->names[arch][number];
    if (slice_is_absent(*name)) {
        char *text = seccomp_syscall_resolve_num_arch(audit_archs[arch].seccomp, (int)number);
        *name = text == NULL ? S("") : arena_copy(&syscalls->arena, slice_from_cstr(text));
        free(text);
    }
    return *name;
}

/* --- header --- */

static slice audit_type_name(uint64_t number)
{
    switch (number) {
#define AUDIT_TYPE(value, name)                                                                    \
    case value:                                                                                    \
        return S(#name);
#include "decode/audit_types.def"
#undef AUDIT_TYPE
    default:
        return (slice){NULL, 0};
    }
}

/* "SYSCALL", "1300", "UNKNOWN[1334]". */
static slice audit_type(slice word)
{
    uint64_t number;
    slice digits = word;
    if (slice_starts(word, S("UNKNOWN[")) && slice_ends(word, S("]")))
        digits = slice_sub(word, 8, word.len - 9);
    if (!slice_to_u64(digits, UINT16_MAX, &number))
        return word;
    slice name = audit_type_name(number);
    return slice_is_absent(name) ? word : name;
}

/* "seconds.ms:serial" */
static bool audit_stamp(slice text, struct audit_record *record)
{
    slice seconds, serial;
    return slice_cut(text, ':', &seconds, &serial) && stamp_unix(seconds, &record->time_ns) &&
           slice_to_u64(serial, UINT64_MAX, &record->serial);
}

static bool audit_cut_word(slice *rest, slice prefix, slice *word)
{
    slice tail;
    if (!slice_starts(*rest, prefix))
        return false;
    slice_cut(slice_from(*rest, prefix.len), ' ', word, &tail);
    *rest = tail;
    return true;
}

bool audit_record_parse(slice line, struct audit_record *record)
{
    struct audit_record made = {.time_ns = CIVIL_TIME_NONE};
    slice rest = line, word;
    if (slice_starts(rest, S("audit: ")))
        rest = slice_from(rest, 7);
    (void)audit_cut_word(&rest, S("node="), &made.node);
    if (!audit_cut_word(&rest, S("type="), &word) || word.len == 0)
        return false;
    made.type = audit_type(word);
    if (slice_starts(rest, S("msg=")))
        rest = slice_from(rest, 4);
    if (!slice_starts(rest, S("audit(")))
        return false;
    rest = slice_from(rest, 6);
    size_t close = slice_find_byte(rest, ')');
    if (!audit_stamp(slice_first(rest, close), &made))
        return false;
    rest = slice_from(rest, close + 1);
    if (slice_starts(rest, S(":")))
        rest = slice_from(rest, 1);
    slice_cut(rest, AUDIT_GROUP_SEPARATOR, &made.fields, &made.enriched);
    *record = made;
    return true;
}

bool audit_record_parse_bare(slice program, slice text, struct audit_record *record)
{
    slice word, rest;
    if (!slice_equal(program, S("audit")) || !slice_cut(text, ' ', &word, &rest))
        return false;
    if (slice_starts(word, S("<audit-")) && slice_ends(word, S(">")))
        word = slice_sub(word, 7, word.len - 8);
    slice name = audit_type(word);
    for (size_t i = 0; i < name.len; i++)
        if (!(name.at[i] >= 'A' && name.at[i] <= 'Z') && name.at[i] != '_' &&
            !byte_is_digit(name.at[i]))
            return false;
    struct audit_record made = {.time_ns = CIVIL_TIME_NONE, .type = name};
    slice_cut(rest, AUDIT_GROUP_SEPARATOR, &made.fields, &made.enriched);
    *record = made;
    return name.len > 0 && slice_find_byte(made.fields, '=') < made.fields.len;
}

bool audit_record_is_single(slice type)
{
    static const slice prefixes[] = {S_INIT("USER"), S_INIT("CRED_"), S_INIT("DAEMON_"),
        S_INIT("SERVICE_"), S_INIT("SYSTEM_"), S_INIT("ADD_"), S_INIT("DEL_"), S_INIT("GRP_"),
        S_INIT("ACCT_"), S_INIT("CHGRP_"), S_INIT("CHUSER_"), S_INIT("ROLE_"), S_INIT("VIRT_"),
        S_INIT("CRYPTO_"), S_INIT("ANOM_LOGIN"), S_INIT("RESP_"), S_INIT("SOFTWARE_"),
        S_INIT("LABEL_"), S_INIT("DEV_"), S_INIT("TRUSTED_"), S_INIT("USYS_"), S_INIT("TEST")};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (slice_starts(type, prefixes[i]))
            return true;
    return false;
}

/* --- fields --- */

struct audit_field {
    slice key;
    slice value; /* without quotes */
    char quote;  /* '"', '\'' or 0 */
};

/* Cuts the next key=value off; words that are none are skipped. A single quote holds the message of
 * a program, which may itself hold both quotes: it ends with the last one of the record. */
static bool audit_next(slice *rest, struct audit_field *field)
{
    while (rest->len > 0) {
        slice text = *rest;
        size_t equals = 0;
        while (equals < text.len && text.at[equals] != '=' && text.at[equals] != ' ')
            equals++;
        if (equals == 0 || equals == text.len || text.at[equals] == ' ') {
            *rest = slice_from(text, equals + slice_find_byte(slice_from(text, equals), ' ') + 1);
            continue;
        }
        field->key = slice_first(text, equals);
        slice value = slice_from(text, equals + 1);
        field->quote =
            value.len > 0 && (value.at[0] == '"' || value.at[0] == '\'') ? value.at[0] : 0;
        if (field->quote == 0) {
            slice_cut(value, ' ', &field->value, rest);
            return true;
        }
        value = slice_from(value, 1);
        size_t end =
            field->quote == '"' ? slice_find_byte(value, '"') : slice_find_last_byte(value, '\'');
        field->value = slice_first(value, end);
        *rest = slice_from(value, end + 1);
        return true;
    }
    return false;
}

/* Fields whose unquoted value is hexadecimal: what auparse calls escaped. */
static bool audit_is_encoded_key(slice key, bool execve)
{
    if (execve && key.len > 1 && key.at[0] == 'a' && byte_is_digit(key.at[1]))
        return !slice_ends(key, S("_len"));
    switch (key.len) { /* most fields of a record are none of these */
    case 2:
        return slice_equal(key, S("sw")) || slice_equal(key, S("vm"));
    case 3:
        return slice_equal(key, S("cmd")) || slice_equal(key, S("cwd")) ||
               slice_equal(key, S("dir")) || slice_equal(key, S("exe")) ||
               slice_equal(key, S("grp")) || slice_equal(key, S("key"));
    case 4:
        return slice_equal(key, S("acct")) || slice_equal(key, S("comm")) ||
               slice_equal(key, S("data")) || slice_equal(key, S("file")) ||
               slice_equal(key, S("name")) || slice_equal(key, S("path"));
    case 5:
        return slice_equal(key, S("ocomm")) || slice_equal(key, S("watch"));
    case 6:
        return slice_equal(key, S("cgroup")) || slice_equal(key, S("device")) ||
               slice_equal(key, S("target"));
    default:
        return slice_equal(key, S("profile")) || slice_equal(key, S("root_dir")) ||
               slice_equal(key, S("new_group")) || slice_equal(key, S("proctitle"));
    }
}

static bool audit_is_hex(slice text)
{
    if (text.len == 0 || text.len % 2 != 0)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (byte_hex_value(text.at[i]) < 0 || (text.at[i] >= 'a' && text.at[i] <= 'f'))
            return false;
    return true;
}

static slice audit_from_hex(struct arena *arena, slice text)
{
    char *out = arena_bytes(arena, text.len / 2);
    for (size_t i = 0; i + 1 < text.len; i += 2)
        out[i / 2] = (char)(byte_hex_value(text.at[i]) * 16 + byte_hex_value(text.at[i + 1]));
    return slice_make(out, text.len / 2);
}

/* NUL between the words of a command line become spaces. */
static slice audit_spaced(struct arena *arena, slice text)
{
    while (text.len > 0 && text.at[text.len - 1] == '\0')
        text.len--;
    if (slice_find_byte(text, '\0') == text.len)
        return text;
    char *out = arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.at[i] == '\0' ? ' ' : text.at[i];
    return slice_make(out, text.len);
}

static bool audit_stands_for_nothing(const struct audit_field *field)
{
    return field->value.len == 0 ||
           (field->quote == 0 &&
               (slice_equal(field->value, S("?")) || slice_equal(field->value, S("{")) ||
                   slice_equal(field->value, S("(null)"))));
}

static void audit_add(struct event *event, slice key, slice value, char quote)
{
    uint64_t number;
    bool plain = quote == 0 && value.len > 0 && byte_is_digit(value.at[0]) &&
                 slice_to_u64(value, UINT64_MAX, &number);
    event_add(event, key, value, plain ? EVENT_NUMBER : EVENT_STRING);
}

/* Several keys of a rule come as one value, parted by a byte 1. */
static void audit_add_keys(struct event *event, slice value)
{
    slice key;
    while (slice_next(&value, '\x01', &key))
        if (key.len > 0)
            event_add_string(event, S("key"), key);
}

/* Where a program's socket address points to: the fields as auditd's own interpretation names them.
 * struct sockaddr as the kernel of a little-endian machine has it. */
static void audit_add_address(struct event *event, slice hex)
{
    enum { FAMILY_UNIX = 1, FAMILY_INET = 2, FAMILY_INET6 = 10, TEXT_MAX = 48 };
    struct reader reader = reader_over(audit_from_hex(event->arena, hex));
    struct buf out;
    uint16_t family = reader_u16(&reader);
    if (family == FAMILY_UNIX) {
        slice path = reader_bytes(&reader, reader_left(&reader));
        if (path.len > 0 && path.at[0] == '\0') /* the abstract name space */
            path = slice_from(path, 1);
        event_add_string(event, S("saddr_fam"), S("local"));
        event_add_string(event, S("path"), slice_first(path, slice_find_byte(path, '\0')));
        return;
    }
    if (family != FAMILY_INET && family != FAMILY_INET6)
        return;
    uint16_t port = reader_be16(&reader);
    buf_init_fixed(&out, arena_bytes(event->arena, TEXT_MAX), TEXT_MAX);
    if (family == FAMILY_INET6)
        reader_skip(&reader, 4); /* flow information */
    for (int i = 0; i < (family == FAMILY_INET ? 4 : 8); i++) {
        if (i > 0)
            buf_append_byte(&out, family == FAMILY_INET ? '.' : ':');
        if (family == FAMILY_INET)
            buf_append_u64(&out, reader_u8(&reader));
        else
            buf_append_hex_u64(&out, reader_be16(&reader));
    }
    if (reader.failed)
        return;
    event_add_string(event, S("saddr_fam"), family == FAMILY_INET ? S("inet") : S("inet6"));
    event_add_string(event, S("laddr"), buf_slice(&out));
    event_add_u64(event, S("lport"), port);
}

/* What names are looked up by. */
struct audit_numbers {
    bool has_arch, has_syscall;
    uint64_t arch, syscall;
};

/* Reads key=value …; `numbers` is NULL for the message of a program inside msg='…' and for what
 * auditd added. */
static void audit_add_fields(struct event *event, slice fields, const struct audit_record *record,
    struct audit_numbers *numbers)
{
    bool execve = slice_equal(record->type, S("EXECVE"));
    struct audit_field field;
    while (audit_next(&fields, &field)) {
        if (field.quote == '\'' && slice_equal(field.key, S("msg")) && numbers != NULL) {
            audit_add_fields(event, field.value, record, NULL);
            continue;
        }
        if (numbers != NULL && slice_equal(field.key, S("arch")))
            numbers->has_arch = slice_to_hex_u64(field.value, &numbers->arch);
        else if (numbers != NULL && slice_equal(field.key, S("syscall")))
            numbers->has_syscall = slice_to_u64(field.value, UINT16_MAX, &numbers->syscall);
        if (audit_stands_for_nothing(&field))
            continue;
        slice value = field.value;
        bool encoded = field.quote == 0 && value.len % 2 == 0 &&
                       audit_is_encoded_key(field.key, execve) && audit_is_hex(value);
        if (encoded)
            value = audit_from_hex(event->arena, value);
        if (slice_equal(field.key, S("proctitle")))
            value = audit_spaced(event->arena, value);
        if (slice_equal(field.key, S("key")))
            audit_add_keys(event, value);
        else
            audit_add(event, field.key, value, encoded ? '"' : field.quote);
        if (slice_equal(field.key, S("saddr")) && audit_is_hex(value) &&
            slice_find(record->enriched, S("SADDR=")) == record->enriched.len)
            audit_add_address(event, value);
    }
}

/* Names that auditd adds when it is told to: looked up here for those that it was not. */
static void audit_add_names(
    struct event *event, const struct audit_numbers *numbers, struct audit_syscalls *syscalls)
{
    for (size_t i = 0; i < AUDIT_ARCHS && numbers->has_arch; i++) {
        if (audit_archs[i].arch != numbers->arch)
            continue;
        event_add_string(event, S("ARCH"), audit_archs[i].name);
        slice name =
            numbers->has_syscall ? audit_syscall_name(syscalls, i, numbers->syscall) : S("");
        if (name.len > 0)
            event_add_string(event, S("SYSCALL"), name);
    }
}

static bool audit_is_argument(slice key)
{
    return key.len > 1 && key.at[0] == 'a' && byte_is_digit(key.at[1]) &&
           !slice_ends(key, S("_len"));
}

/* The arguments of EXECVE, from the fields that begin at `first`: a0=, a1=, or a1[0]=, a1[1]= for a
 * long one. */
static void audit_add_arguments(struct event *event, size_t first)
{
    size_t last = event->count, count = 0, len = 0;
    slice argument = S("");
    struct buf line;
    for (size_t i = first; i < last; i++)
        len += event->fields[i].value.len + 1;
    buf_init_fixed(&line, arena_bytes(event->arena, len), len);
    for (size_t i = first; i < last && count < AUDIT_ARGUMENTS_MAX; i++) {
        slice key = event->fields[i].name;
        slice value = event->fields[i].value;
        if (!audit_is_argument(key))
            continue;
        slice base = slice_first(key, slice_find_byte(key, '['));
        bool goes_on = base.len < key.len && slice_equal(base, argument);
        argument = base;
        if (!goes_on && count++ > 0)
            buf_append_byte(&line, ' ');
        buf_append(&line, value);
        event_add_ecs(event, S("process.args"), value, EVENT_STRING);
    }
    event_add_ecs(event, S("process.command_line"), buf_slice(&line), EVENT_STRING);
}

/* The value of a field that was added from `first` on; absent where there is none. */
static slice audit_value(const struct event *event, size_t first, slice name)
{
    for (size_t i = first; i < event->count; i++)
        if (slice_equal(event->fields[i].name, name))
            return event->fields[i].value;
    return (slice){NULL, 0};
}

/* A path by what it is to the call, since that is lost where records are joined: its parents, what
 * it makes and takes away, what it is about, and what a program is loaded with. */
static void audit_add_path(struct event *event, size_t first)
{
    slice name = audit_value(event, first, S("name"));
    slice kind = audit_value(event, first, S("nametype"));
    slice item = audit_value(event, first, S("item"));
    if (name.len == 0 || slice_equal(kind, S("PARENT")))
        return;
    if (slice_equal(kind, S("CREATE")))
        event_add_string(event, S("auditd.path.create"), name);
    else if (slice_equal(kind, S("DELETE")))
        event_add_string(event, S("auditd.path.delete"), name);
    else if (item.len == 0 || slice_equal(item, S("0")))
        event_add_string(event, S("auditd.path.normal"), name);
    else
        event_add_string(event, S("auditd.path.with"), name);
}

void audit_record_add(
    struct event *event, const struct audit_record *record, struct audit_syscalls *syscalls)
{
    size_t first = event->count;
    struct audit_numbers numbers = {.has_arch = false};
    event_add_string(event, S("type"), record->type);
    audit_add_fields(event, record->fields, record, &numbers);
    audit_add_fields(event, record->enriched, record, NULL);
    /* What parts the added names gets lost when a log is copied as text. */
    bool named =
        record->enriched.len > 0 || slice_find(record->fields, S("ARCH=")) < record->fields.len;
    if (!named && syscalls != NULL)
        audit_add_names(event, &numbers, syscalls);
    if (slice_equal(record->type, S("EXECVE")))
        audit_add_arguments(event, first);
    if (slice_equal(record->type, S("PATH")))
        audit_add_path(event, first);
}
