/* See syslog.h. Nearly everything in a header is optional in practice, so it is read from the left,
 * each part being taken only when it looks like itself. What decides that a word is a host and not
 * a tag is what ends it: a tag ends with ':' or holds "[pid]". Rejected: one grammar per RFC with
 * the first that fits, since real lines are mixtures. */
#include "decode/syslog.h"

#include "base/base.h"
#include "decode/line.h"
#include "decode/line_form.h"
#include "decode/message.h"

/* A tag longer than this is no tag (RFC 3164 allows 32, programs do not care). */
#define SYSLOG_TAG_MAX  128
#define SYSLOG_HOST_MAX 255
/* Bytes that a second stamp takes at most. */
#define SYSLOG_SECOND_STAMP_MAX 48

static const slice syslog_facilities[24] = {S_INIT("kern"), S_INIT("user"), S_INIT("mail"),
    S_INIT("daemon"), S_INIT("auth"), S_INIT("syslog"), S_INIT("lpr"), S_INIT("news"),
    S_INIT("uucp"), S_INIT("cron"), S_INIT("authpriv"), S_INIT("ftp"), S_INIT("ntp"),
    S_INIT("security"), S_INIT("console"), S_INIT("solaris-cron"), S_INIT("local0"),
    S_INIT("local1"), S_INIT("local2"), S_INIT("local3"), S_INIT("local4"), S_INIT("local5"),
    S_INIT("local6"), S_INIT("local7")};
static const slice syslog_severities[8] = {S_INIT("emergency"), S_INIT("alert"), S_INIT("critical"),
    S_INIT("error"), S_INIT("warning"), S_INIT("notice"), S_INIT("informational"), S_INIT("debug")};

static slice syslog_skip_spaces(slice text)
{
    while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = slice_from(text, 1);
    return text;
}

static size_t syslog_word(slice text)
{
    size_t len = 0;
    while (len < text.len && text.at[len] != ' ' && text.at[len] != '\t')
        len++;
    return len;
}

/* --- RFC 5424, section 6 --- */

/* Cuts a header word off; "-" gives the absent slice. */
static bool syslog_take_word(slice *rest, slice *word)
{
    size_t len = syslog_word(*rest);
    if (len == 0)
        return false;
    *word = slice_first(*rest, len);
    if (slice_equal(*word, S("-")))
        *word = (slice){NULL, 0};
    *rest = slice_from(*rest, len);
    if (rest->len > 0)
        *rest = slice_from(*rest, 1);
    return true;
}

/* Length of the element "[id name="value" …]" at the front, 0 when it is malformed. Inside a value
 * '"', '\\' and ']' are escaped (6.3.3); an id holds neither '=' nor '"' (6.3.2): Check Point's
 * `[action:"Accept"; …]` is a message. */
static size_t syslog_element_len(slice text)
{
    bool quoted = false;
    if (text.len == 0 || text.at[0] != '[')
        return 0;
    for (size_t at = 1; at < text.len && text.at[at] != ' ' && text.at[at] != ']'; at++)
        if (text.at[at] == '=' || text.at[at] == '"')
            return 0;
    for (size_t at = 1; at < text.len; at++) {
        if (text.at[at] == '"')
            quoted = !quoted;
        else if (quoted && text.at[at] == '\\')
            at++;
        else if (!quoted && text.at[at] == ']')
            return at + 1;
    }
    return 0;
}

/* Length of all elements at the front. */
static size_t syslog_structured_len(slice text)
{
    size_t at = 0, len;
    while ((len = syslog_element_len(slice_from(text, at))) > 0)
        at += len;
    return at;
}

static bool syslog_parse_5424(slice text, struct syslog_header *header)
{
    struct syslog_header made = *header;
    slice rest, word;
    if (!syslog_take_word(&text, &made.version) || !slice_equal(made.version, S("1")))
        return false;
    rest = text;
    if (!syslog_take_word(&rest, &word))
        return false;
    if (!slice_is_absent(word)) {
        if (!stamp_iso(text, &made.stamp))
            return false;
        made.has_stamp = true;
        rest = syslog_skip_spaces(slice_from(text, made.stamp.len));
    }
    if (!syslog_take_word(&rest, &made.host) || !syslog_take_word(&rest, &made.program) ||
        !syslog_take_word(&rest, &made.pid) || !syslog_take_word(&rest, &made.message_id))
        return false;
    size_t structured = syslog_structured_len(rest);
    made.structured_data = slice_first(rest, structured);
    if (structured == 0 && slice_starts(rest, S("-")))
        structured = 1;
    made.message = syslog_skip_spaces(slice_from(rest, structured));
    if (slice_starts(made.message, S("\xef\xbb\xbf")))
        made.message = slice_from(made.message, 3);
    *header = made;
    return true;
}

/* --- RFC 3164 and its relatives --- */

#define SYSLOG_IN_HOST 1U
#define SYSLOG_IN_TAG  2U
#define SYSLOG_IN_BOTH (SYSLOG_IN_HOST | SYSLOG_IN_TAG)

/* Of which names a byte may be part. */
static const unsigned char syslog_bytes[256] = {['0' ... '9'] = SYSLOG_IN_BOTH,
    ['A' ... 'Z'] = SYSLOG_IN_BOTH,
    ['a' ... 'z'] = SYSLOG_IN_BOTH,
    ['.'] = SYSLOG_IN_BOTH,
    ['-'] = SYSLOG_IN_BOTH,
    ['_'] = SYSLOG_IN_BOTH,
    ['/'] = SYSLOG_IN_BOTH,
    ['@'] = SYSLOG_IN_BOTH,
    [':'] = SYSLOG_IN_HOST,
    ['%'] = SYSLOG_IN_HOST,
    ['+'] = SYSLOG_IN_TAG,
    ['~'] = SYSLOG_IN_TAG,
    ['$'] = SYSLOG_IN_TAG,
    ['\\'] = SYSLOG_IN_TAG,
    [0x80 ... 0xff] = SYSLOG_IN_TAG};

static bool syslog_is_host(slice word)
{
    static const slice levels[] = {S_INIT("trace"), S_INIT("debug"), S_INIT("info"),
        S_INIT("notice"), S_INIT("warn"), S_INIT("warning"), S_INIT("error"), S_INIT("err"),
        S_INIT("crit"), S_INIT("critical"), S_INIT("fatal"), S_INIT("severe")};
    if (word.len == 0 || word.len > SYSLOG_HOST_MAX ||
        !(byte_is_alnum(word.at[0]) || word.at[0] == '_' || word.at[0] == ':'))
        return false;
    for (size_t i = 0; i < word.len; i++)
        if ((syslog_bytes[(unsigned char)word.at[i]] & SYSLOG_IN_HOST) == 0)
            return false;
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (word.len == levels[i].len && slice_equal_nocase(word, levels[i]))
            return false;
    return true;
}

/* The program's own name out of "/usr/sbin/cron". A slash inside ("postfix/smtpd") stays. */
static slice syslog_program_name(slice tag)
{
    size_t slash = slice_find_last_byte(tag, '/');
    if (slice_starts(tag, S("/")) && slash + 1 < tag.len)
        return slice_from(tag, slash + 1);
    return tag;
}

/* "[123]" after a program's name; gives what it takes. */
static size_t syslog_pid_len(slice text, slice *pid)
{
    size_t end = slice_find_byte(slice_first(text, SYSLOG_TAG_MAX), ']');
    if (text.len == 0 || text.at[0] != '[' || end >= text.len || end >= SYSLOG_TAG_MAX)
        return 0;
    for (size_t i = 1; i < end; i++)
        if (byte_is_space(text.at[i]))
            return 0;
    *pid = slice_sub(text, 1, end - 1);
    return end + 1;
}

/* An IPv4 address with a colon after it is a host. */
static bool syslog_is_address(slice word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!byte_is_digit(word.at[i]) && word.at[i] != '.')
            return false;
    return slice_find_byte(word, '.') < word.len;
}

/* "(sd-pam)[123]:", as systemd and Squid call processes that are not yet, or only helpers of, the
 * program. */
static bool syslog_take_bracketed_tag(slice *rest, struct syslog_header *header)
{
    slice inside, after;
    slice pid = {NULL, 0};
    if (!slice_starts(*rest, S("(")) || !slice_cut(slice_from(*rest, 1), ')', &inside, &after) ||
        inside.len == 0 || syslog_word(inside) < inside.len)
        return false;
    size_t bracket = syslog_pid_len(after, &pid);
    after = slice_from(after, bracket);
    if (bracket == 0 || !slice_starts(after, S(":")))
        return false;
    header->program = inside;
    header->pid = pid;
    *rest = syslog_skip_spaces(slice_from(after, 1));
    return true;
}

/* "prog:", "prog[pid]:", "prog(module)[pid]:", "prog[pid]". Gives false when the text begins with
 * no tag. */
static bool syslog_take_tag(slice *rest, struct syslog_header *header)
{
    slice text = *rest;
    slice pid = {NULL, 0};
    size_t len = 0;
    while (len < text.len && len < SYSLOG_TAG_MAX &&
           (syslog_bytes[(unsigned char)text.at[len]] & SYSLOG_IN_TAG) != 0)
        len++;
    if (len == 0)
        return syslog_take_bracketed_tag(rest, header);
    size_t at = len;
    if (at < text.len && text.at[at] == '(') {
        size_t close = slice_find_byte(slice_sub(text, at, SYSLOG_TAG_MAX), ')');
        if (at + close >= text.len || close >= SYSLOG_TAG_MAX)
            return false;
        at += close + 1;
    }
    size_t bracket = syslog_pid_len(slice_from(text, at), &pid);
    at += bracket;
    bool colon = at < text.len && text.at[at] == ':';
    bool ends = at == text.len || text.at[at] == ' ' || colon;
    /* "10:20:30" and "word:word" are no tags: the colon ends the word. */
    if (colon && at + 1 < text.len && !byte_is_space(text.at[at + 1]) && bracket == 0)
        return false;
    if (!ends || (!colon && bracket == 0) || syslog_is_address(slice_first(text, len)))
        return false;
    header->program = syslog_program_name(slice_first(text, len));
    header->pid = pid;
    *rest = syslog_skip_spaces(slice_from(text, at + colon));
    return true;
}

/* The host: a word that is no tag, and has something after it. A port is cut off. */
static bool syslog_take_host(slice *rest, struct syslog_header *header)
{
    struct syslog_header probe = {0};
    slice text = *rest;
    slice copy = text;
    size_t len = syslog_word(text);
    slice word = slice_first(text, len);
    uint64_t port;
    if (syslog_take_tag(&copy, &probe))
        return false;
    /* Some relays put a colon after the host. */
    bool colon = slice_ends(word, S(":")) && !slice_ends(word, S("::"));
    word = slice_first(word, word.len - colon);
    if (!syslog_is_host(word) || slice_equal(word, S("last")) || len == text.len)
        return false;
    size_t last = slice_find_last_byte(word, ':');
    if (last < word.len && last == slice_find_byte(word, ':') &&
        slice_to_u64(slice_from(word, last + 1), UINT16_MAX, &port))
        word = slice_first(word, last);
    header->host = word;
    *rest = syslog_skip_spaces(slice_from(text, len));
    return true;
}

/* "585917: ", which Cisco counts its messages by. */
static bool syslog_take_sequence(slice *rest, struct syslog_header *header)
{
    slice after = line_sequence(*rest);
    if (after.at == rest->at)
        return false;
    header->sequence = slice_first(*rest, slice_find_byte(*rest, ':'));
    *rest = after;
    return true;
}

/* The host's address between its name and the tag. */
static void syslog_take_address(slice *rest, struct syslog_header *header)
{
    struct syslog_header probe = {0};
    size_t len = syslog_word(*rest);
    slice word = slice_first(*rest, len);
    slice after = syslog_skip_spaces(slice_from(*rest, len));
    slice copy = after;
    if (!syslog_is_address(word) || !syslog_take_tag(&copy, &probe))
        return;
    header->address = word;
    *rest = after;
}

/* "daemon.err" between the host and the tag, as BusyBox's syslogd writes the priority into files.
 */
static void syslog_take_level(slice *rest, struct syslog_header *header)
{
    enum { SHORTEST = 3 };
    const size_t priorities = 8 * sizeof(syslog_facilities) / sizeof(syslog_facilities[0]);
    slice facility, severity;
    size_t len = syslog_word(*rest);
    if (!slice_cut(slice_first(*rest, len), '.', &facility, &severity) || severity.len < SHORTEST)
        return;
    for (uint64_t priority = 0; priority < priorities; priority++)
        if (slice_equal(facility, syslog_facilities[priority / 8]) &&
            slice_starts(syslog_severities[priority % 8], severity)) {
            header->priority = priority;
            header->has_priority = true;
            *rest = syslog_skip_spaces(slice_from(*rest, len));
            return;
        }
}

static void syslog_take_stamp(slice *rest, struct syslog_header *header)
{
    slice text = line_sequence(*rest);
    slice after;
    struct stamp stamp;
    if (!line_stamp(text, &stamp, &after))
        return;
    (void)syslog_take_sequence(rest, header);
    header->stamp = stamp;
    header->has_stamp = true;
    *rest = after;
}

/* "2026-11-20T03:12:44.123Z: text": a program's own log. Cisco's has a '%' there. */
static bool syslog_is_own_log(slice text, const struct syslog_header *header)
{
    return header->has_stamp && !header->has_priority && byte_is_digit(text.at[0]) &&
           slice_starts(slice_from(text, header->stamp.len), S(": "));
}

/* Cisco with `logging origin-id`: "N: HOST: [N: ]STAMP: %FACILITY-", or ": STAMP: %FACILITY-" with
 * neither. */
static void syslog_take_origin(slice *rest, struct syslog_header *header)
{
    slice text = *rest;
    if (slice_starts(text, S(": "))) {
        text = slice_from(text, 2);
    } else {
        struct syslog_header made = *header;
        slice host;
        if (!syslog_take_sequence(&text, &made) || !slice_cut(text, ':', &host, &text) ||
            !slice_starts(text, S(" ")) || !syslog_is_host(host) ||
            slice_find_byte(slice_first(text, SYSLOG_SECOND_STAMP_MAX), '%') >= text.len)
            return;
        made.host = host;
        text = syslog_skip_spaces(text);
        (void)syslog_take_sequence(&text, &made);
        *header = made;
    }
    *rest = text;
    syslog_take_stamp(rest, header);
    /* `service timestamps log uptime`: "2y10w: %…". */
    size_t word = syslog_word(*rest);
    if (!header->has_stamp && word > 0 && slice_starts(slice_from(*rest, word - 1), S(": %")))
        *rest = slice_from(*rest, word + 1);
}

static void syslog_parse_3164(slice text, struct syslog_header *header)
{
    slice rest = text;
    syslog_take_stamp(&rest, header);
    if (!header->has_stamp && header->has_priority)
        syslog_take_origin(&rest, header);
    if (syslog_is_own_log(text, header)) {
        header->message = rest;
        return;
    }
    bool host = header->has_stamp && syslog_take_host(&rest, header);
    if (host) {
        syslog_take_address(&rest, header);
        if (!header->has_priority)
            syslog_take_level(&rest, header);
    }
    /* Cisco's own stamp stands between the relay's and "%FACILITY-". */
    slice before = slice_first(rest, SYSLOG_SECOND_STAMP_MAX);
    if (host && slice_find_byte(before, '%') < before.len)
        syslog_take_stamp(&rest, header);
    rest = syslog_skip_spaces(rest);
    if (slice_starts(rest, S(": %")))
        rest = slice_from(rest, 2);
    if (header->has_stamp || header->has_priority)
        (void)syslog_take_tag(&rest, header);
    header->message = rest;
}

void syslog_parse(slice line, struct syslog_header *header)
{
    *header = (struct syslog_header){0};
    slice text = line_priority(line, &header->priority);
    header->has_priority = text.at != line.at;
    if (!syslog_parse_5424(text, header))
        syslog_parse_3164(text, header);
}

/* --- recognition --- */

/* More than a word: no word of a sentence has a digit, a dot or a dash inside. */
static bool syslog_looks_like_host(slice host)
{
    for (size_t i = 0; i < host.len; i++)
        if (byte_is_digit(host.at[i]) || host.at[i] == '.' || host.at[i] == '-')
            return byte_is_alnum(host.at[0]);
    return false;
}

/* A stamp alone is not enough: other logs begin with one. */
static bool syslog_fits(slice line)
{
    struct syslog_header header;
    syslog_parse(line, &header);
    if (!slice_is_absent(header.version) && header.has_stamp)
        return true;
    /* RFC 3164, 4.3.3: a priority alone makes a message. */
    if (!header.has_stamp)
        return header.has_priority && header.message.len > 0;
    if (header.has_priority)
        return true;
    /* Programs' own logs begin with a date and a time apart, and a level; rsyslog's with one word
     * and a zone. */
    slice stamp = slice_first(line, header.stamp.len);
    bool iso = byte_is_digit(line.at[0]);
    bool named = !slice_is_absent(header.host) && !slice_is_absent(header.pid);
    if (iso && (slice_find_byte(stamp, ' ') < stamp.len || (header.stamp.missing != 0 && !named)))
        return false;
    if (line.at[0] == '[' || line_form_mark(line) > 0)
        return false;
    /* ulogd and many devices write no tag; then the host must look like one, and a stamp with a
     * year must be as relays write it, with a zone in digits: seconds since 1970 begin the lines of
     * proxies. */
    bool month = (header.stamp.missing & STAMP_NO_YEAR) != 0;
    bool zone = slice_find_byte(stamp, 'T') < stamp.len && byte_is_digit(stamp.at[stamp.len - 1]);
    bool relay = month || (iso && zone);
    return !slice_is_absent(header.program) || (relay && syslog_looks_like_host(header.host));
}

unsigned syslog_sniff(slice head, bool whole)
{
    return line_share(head, whole, syslog_fits);
}

/* --- fields --- */

static void syslog_add_number(struct event *event, slice name, uint64_t value)
{
    event_add_u64(event, name, value);
    event->fields[event->count - 1].ecs = true;
}

static void syslog_add_priority(struct event *event, uint64_t priority)
{
    uint64_t facility = priority / 8;
    uint64_t severity = priority % 8;
    syslog_add_number(event, S("log.syslog.priority"), priority);
    syslog_add_number(event, S("log.syslog.facility.code"), facility);
    event_add_ecs(event, S("log.syslog.facility.name"), syslog_facilities[facility], EVENT_STRING);
    syslog_add_number(event, S("log.syslog.severity.code"), severity);
    event_add_ecs(event, S("log.syslog.severity.name"), syslog_severities[severity], EVENT_STRING);
}

/* The value at the front, after its opening quote; gives what it takes with the closing one. */
static size_t syslog_value(struct arena *arena, slice text, slice *value)
{
    char *out = arena_bytes(arena, text.len);
    size_t len = 0, at = 0;
    for (; at < text.len && text.at[at] != '"'; at++) {
        if (text.at[at] == '\\' && at + 1 < text.len && byte_is_among(text.at[at + 1], S("\"\\]")))
            at++;
        out[len++] = text.at[at];
    }
    arena_shrink(arena, out, len);
    *value = slice_make(out, len);
    return size_min(at + 1, text.len);
}

/* An element: log.syslog.structured_data.ID.NAME. The enterprise number after '@' is left out of
 * the id: products append the number of the model to it (junos@2636.1.1.1.2.129), and definitions
 * and rules need one name. */
static void syslog_add_element(struct event *event, slice element)
{
    slice id, rest, name;
    slice_cut(element, ' ', &id, &rest);
    id = slice_first(id, slice_find_byte(id, '@'));
    while (slice_cut(syslog_skip_spaces(rest), '=', &name, &rest)) {
        enum { NAME_MAX_LEN = 256 };
        slice value;
        struct buf whole;
        if (rest.len == 0 || rest.at[0] != '"')
            return;
        rest = slice_from(rest, 1);
        rest = slice_from(rest, syslog_value(event->arena, rest, &value));
        buf_init_fixed(&whole, arena_bytes(event->arena, NAME_MAX_LEN), NAME_MAX_LEN);
        buf_append(&whole, S("log.syslog.structured_data."));
        buf_append(&whole, id);
        buf_append_byte(&whole, '.');
        buf_append(&whole, name);
        event_add_ecs(event, buf_slice(&whole), value, EVENT_STRING);
    }
}

static void syslog_add_structured(struct event *event, slice text)
{
    size_t len;
    for (; (len = syslog_element_len(text)) > 0; text = slice_from(text, len))
        syslog_add_element(event, slice_sub(text, 1, len - 2));
}

static void syslog_add(
    struct json_events *json, struct event *event, const struct syslog_header *header)
{
    uint64_t pid, sequence;
    event_add_ecs(event, S("host.name"), header->host, EVENT_STRING);
    if (slice_to_u64(header->sequence, INT64_MAX, &sequence))
        event_add_ecs(event, S("event.sequence"), arena_u64(event->arena, sequence), EVENT_NUMBER);
    event_add_ecs(event, S("host.ip"), header->address, EVENT_STRING);
    event_add_ecs(event, S("process.name"), header->program, EVENT_STRING);
    if (slice_to_u64(header->pid, UINT32_MAX, &pid))
        event_add_ecs(event, S("process.pid"), header->pid, EVENT_NUMBER);
    event_add_ecs(event, S("log.syslog.appname"), header->program, EVENT_STRING);
    event_add_ecs(event, S("log.syslog.version"), header->version, EVENT_STRING);
    event_add_ecs(event, S("log.syslog.msgid"), header->message_id, EVENT_STRING);
    if (header->has_priority)
        syslog_add_priority(event, header->priority);
    syslog_add_structured(event, header->structured_data);
    message_add(json, event, header->message);
}

static void syslog_decode_line(struct line_decoder *decoder, struct event *event, slice line)
{
    struct syslog_header header;
    syslog_parse(line, &header);
    if (header.has_stamp)
        line_set_time(event, &header.stamp, decoder->job->options, &decoder->years);
    syslog_add(decoder->json, event, &header);
}

bool syslog_add_line(struct line_decoder *decoder, struct event *event, slice line)
{
    struct syslog_header header;
    syslog_parse(line, &header);
    if (slice_is_absent(header.host) || slice_is_absent(header.program) || !syslog_fits(line))
        return false;
    line_set_time(event, &header.stamp, decoder->job->options, &decoder->years);
    syslog_add(decoder->json, event, &header);
    return true;
}

enum result syslog_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    return line_decode(job, stream, syslog_decode_line, err);
}
