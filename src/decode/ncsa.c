/* See ncsa.h. The stamp in brackets is what such a line cannot lack, so it is found first; what is
 * before it (where names hold spaces) and after it (where requests hold quotes) is read from there.
 */
#include "decode/ncsa.h"

#include "base/base.h"
#include "decode/line.h"
#include "decode/message.h"
#include "decode/pairs.h"
#include "decode/product_type.h"

/* Bytes before the stamp. */
#define NCSA_PREFIX_MAX 1024
#define NCSA_WORDS_MAX  32
/* Longest method (WebDAV's BASELINE-CONTROL and VERSION-CONTROL are the longest registered). */
#define NCSA_METHOD_MAX 20

static slice ncsa_present(slice word)
{
    return slice_equal(word, S("-")) ? (slice){NULL, 0} : word;
}

/* What follows the stamp up to the request's opening quote: "] " and, with some, the virtual host.
 */
static bool ncsa_take_quote(slice *rest, slice *virtual_host)
{
    slice text = *rest;
    if (slice_starts(text, S(" ")))
        text = slice_from(text, 1);
    if (!slice_starts(text, S("] ")))
        return false;
    text = slice_from(text, 2);
    if (!slice_starts(text, S("\""))) {
        slice host, after;
        if (!slice_cut(text, ' ', &host, &after) || !slice_starts(after, S("\"")) ||
            product_type_extent(PRODUCT_TYPE_HOST, host) != host.len)
            return false;
        *virtual_host = host;
        text = after;
    }
    *rest = slice_from(text, 1);
    return true;
}

/* Finds "[20/Nov/2026:03:12:44 +0000] \"" and gives where it begins and what follows it. A stamp in
 * a user's name has no quote behind it: servers escape those. */
static bool ncsa_find_stamp(slice text, size_t *start, struct ncsa_line *line, slice *rest)
{
    size_t at = 0;
    while (at < text.len && at < NCSA_PREFIX_MAX) {
        at += slice_find_byte(slice_from(text, at), '[');
        slice inside = slice_from(text, at + 1);
        if (at < text.len && stamp_ncsa(inside, &line->stamp)) {
            slice after = slice_from(inside, line->stamp.len);
            if (ncsa_take_quote(&after, &line->virtual_host)) {
                *start = at;
                *rest = after;
                return true;
            }
        }
        at++;
    }
    return false;
}

/* What is before the stamp: [virtual-host] client[, client …] ident user. The user may hold spaces.
 */
static bool ncsa_parse_prefix(slice prefix, struct ncsa_line *line)
{
    slice words[NCSA_WORDS_MAX];
    slice rest = slice_trim(prefix), word;
    size_t count = 0, at = 0;
    while (count < NCSA_WORDS_MAX && slice_next(&rest, ' ', &word))
        words[count++] = word;
    if (count == 0 || words[0].len == 0)
        return false;
    if (count >= 4 && !slice_equal(words[1], S("-")) && slice_equal(words[2], S("-")) &&
        !slice_ends(words[0], S(",")))
        line->virtual_host = words[at++];
    line->client = words[at];
    if (slice_ends(line->client, S(",")))
        line->client.len--;
    while (at + 1 < count && slice_ends(words[at], S(",")))
        at++;
    /* The identity (RFC 1413), which nobody gives, and the user. */
    if (at + 2 < count) {
        const char *begin = words[at + 2].at;
        slice last = words[count - 1];
        line->user = ncsa_present(slice_make(begin, (size_t)(last.at + last.len - begin)));
    }
    return true;
}

/* " 200 " or " - " at the front. */
static bool ncsa_is_status(slice text)
{
    slice word, rest;
    if (!slice_starts(text, S(" ")))
        return false;
    slice_cut(slice_from(text, 1), ' ', &word, &rest);
    return slice_equal(word, S("-")) || (word.len == 3 && byte_is_digit(word.at[0]) &&
                                            byte_is_digit(word.at[1]) && byte_is_digit(word.at[2]));
}

/* Index of the quote that closes the text, which begins after the opening one, or text.len. */
static size_t ncsa_quote_end(slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '"')
            return i;
    }
    return text.len;
}

/* The request ends with the quote that a status follows: servers differ in how they write quotes
 * inside it. */
static size_t ncsa_request_end(slice text)
{
    size_t end = ncsa_quote_end(text);
    if (end < text.len && ncsa_is_status(slice_from(text, end + 1)))
        return end;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '"' && ncsa_is_status(slice_from(text, i + 1)))
            return i;
    return end;
}

/* METHOD target HTTP/version; the target may hold spaces. */
static void ncsa_parse_request(struct ncsa_line *line)
{
    slice method, target;
    if (!slice_cut(line->request, ' ', &method, &target) || method.len > NCSA_METHOD_MAX ||
        method.len == 0)
        return;
    for (size_t i = 0; i < method.len; i++)
        if (!byte_is_alpha(method.at[i]) && method.at[i] != '-' && method.at[i] != '_')
            return;
    size_t space = slice_find_last_byte(target, ' ');
    slice version = slice_from(target, space + 1);
    if (space < target.len && slice_starts(version, S("HTTP/"))) {
        line->version = slice_from(version, 5);
        target = slice_first(target, space);
    } else if (slice_find_byte(target, '\\') < target.len && !slice_starts(target, S("/"))) {
        return; /* not HTTP at all */
    }
    line->method = method;
    line->target = target;
}

/* Cuts a word, or a quoted text without its quotes, off *rest. */
static bool ncsa_next(slice *rest, slice *word, bool *quoted)
{
    slice text = *rest;
    while (text.len > 0 && text.at[0] == ' ')
        text = slice_from(text, 1);
    if (text.len == 0)
        return false;
    *quoted = text.at[0] == '"';
    if (*quoted) {
        text = slice_from(text, 1);
        size_t end = ncsa_quote_end(text);
        *word = slice_first(text, end);
        *rest = slice_from(text, end + 1);
        return true;
    }
    size_t end = slice_find_byte(text, ' ');
    *word = slice_first(text, end);
    *rest = slice_from(text, end);
    return true;
}

static void ncsa_parse_tail(slice rest, struct ncsa_line *line)
{
    bool quoted;
    slice word, after = rest;
    if (ncsa_next(&rest, &word, &quoted))
        line->status = ncsa_present(word);
    if (ncsa_next(&rest, &word, &quoted))
        line->bytes = ncsa_present(word);
    after = rest;
    if (ncsa_next(&rest, &word, &quoted) && quoted) {
        line->referrer = ncsa_present(word);
        after = rest;
        if (ncsa_next(&rest, &word, &quoted) && quoted) {
            line->user_agent = ncsa_present(word);
            after = rest;
        }
    }
    line->rest = after;
}

bool ncsa_parse(slice text, struct ncsa_line *line)
{
    struct ncsa_line made = {0};
    size_t start;
    slice rest;
    if (!ncsa_find_stamp(text, &start, &made, &rest) ||
        !ncsa_parse_prefix(slice_first(text, start), &made))
        return false;
    size_t end = ncsa_request_end(rest);
    made.request = ncsa_present(slice_first(rest, end));
    ncsa_parse_request(&made);
    ncsa_parse_tail(slice_from(rest, end + 1), &made);
    *line = made;
    return true;
}

static bool ncsa_fits(slice line)
{
    struct ncsa_line parsed;
    return ncsa_parse(line, &parsed) && line.at[0] != '<';
}

unsigned ncsa_sniff(slice head, bool whole)
{
    return line_share(head, whole, ncsa_fits);
}

/* --- fields --- */

/* One character of the escapes that servers write: \xHH, \", \\, \n, \t, \r, \b, \v. Gives what it
 * takes, 0 for none. */
static size_t ncsa_escape(slice text, char *out)
{
    static const char letters[] = "ntrbv\"\\";
    static const char bytes[] = "\n\t\r\b\v\"\\";
    if (text.len < 2 || text.at[0] != '\\')
        return 0;
    if (text.at[1] == 'x' && text.len >= 4 && byte_hex_value(text.at[2]) >= 0 &&
        byte_hex_value(text.at[3]) >= 0) {
        *out = (char)(byte_hex_value(text.at[2]) * 16 + byte_hex_value(text.at[3]));
        return 4;
    }
    size_t which = slice_find_byte(slice_make(letters, sizeof(letters) - 1), text.at[1]);
    if (which == sizeof(letters) - 1)
        return 0;
    *out = bytes[which];
    return 2;
}

static slice ncsa_unescaped(struct arena *arena, slice text)
{
    if (slice_find_byte(text, '\\') == text.len)
        return text;
    char *out = arena_bytes(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len;) {
        size_t taken = ncsa_escape(slice_from(text, i), &out[len]);
        if (taken == 0)
            out[len] = text.at[i];
        i += taken == 0 ? 1 : taken;
        len++;
    }
    arena_shrink(arena, out, len);
    return slice_make(out, len);
}

static void ncsa_add_text(struct event *event, slice name, slice text)
{
    event_add_ecs(event, name, ncsa_unescaped(event->arena, text), EVENT_STRING);
}

static void ncsa_add_number(struct event *event, slice name, slice text)
{
    uint64_t value;
    if (slice_to_u64(text, INT64_MAX, &value))
        event_add_ecs(event, name, text, EVENT_NUMBER);
}

static void ncsa_add_virtual_host(struct event *event, slice host)
{
    size_t colon = slice_find_last_byte(host, ':');
    uint64_t port;
    if (colon < host.len && slice_to_u64(slice_from(host, colon + 1), UINT16_MAX, &port)) {
        event_add_ecs(event, S("destination.port"), slice_from(host, colon + 1), EVENT_NUMBER);
        host = slice_first(host, colon);
    }
    event_add_ecs(event, S("destination.address"), host, EVENT_STRING);
    if (product_type_extent(PRODUCT_TYPE_IP, host) != host.len)
        event_add_ecs(event, S("url.domain"), host, EVENT_STRING);
}

/* The first address of a list "a, b, c": who a proxy says that it asked for. */
static bool ncsa_add_forwarded(struct event *event, slice list)
{
    slice first, rest;
    slice_cut(list, ',', &first, &rest);
    first = slice_trim(first);
    if (first.len == 0 || product_type_extent(PRODUCT_TYPE_IP, first) != first.len)
        return false;
    event_add_ecs(event, S("network.forwarded_ip"), first, EVENT_STRING);
    return true;
}

/* What administrators add behind the combined form: a quoted list of addresses,
 * X-Forwarded-For="…", the time taken. */
static void ncsa_add_rest(struct event *event, slice rest)
{
    slice word, key, value;
    bool quoted;
    double seconds;
    while (ncsa_next(&rest, &word, &quoted)) {
        if (quoted && ncsa_add_forwarded(event, word))
            return;
        if (!quoted && slice_cut(word, '=', &key, &value) &&
            slice_starts_nocase(key, S("X-Forwarded-For"))) {
            if (slice_starts(value, S("\"")) &&
                ncsa_add_forwarded(event,
                    slice_first(slice_from(value, 1), slice_find_byte(slice_from(value, 1), '"'))))
                return;
        }
        if (!quoted && slice_find_byte(word, '.') < word.len && slice_to_double(word, &seconds))
            event_add(event, S("web.request_time"), word, EVENT_NUMBER);
    }
}

void ncsa_add(struct event *event, const struct ncsa_line *line, slice server)
{
    slice dataset = S("web.access");
    if (slice_starts(server, S("nginx")))
        dataset = S("nginx.access");
    /* Only Apache's vhost_combined is the combined form with a host and a port before it. */
    else if (slice_starts(server, S("apache")) || slice_starts(server, S("httpd")) ||
             slice_find_byte(line->virtual_host, ':') < line->virtual_host.len)
        dataset = S("apache.access");
    event_add_ecs(event, S("event.dataset"), dataset, EVENT_STRING);
    event_add_ecs(event, S("source.address"), line->client, EVENT_STRING);
    ncsa_add_text(event, S("user.name"), line->user);
    ncsa_add_virtual_host(event, line->virtual_host);
    event_add_ecs(event, S("http.request.method"), line->method, EVENT_STRING);
    ncsa_add_text(event, S("url.original"), line->target);
    event_add_ecs(event, S("http.version"), line->version, EVENT_STRING);
    if (line->method.len == 0 && line->request.len > 0)
        event_add_string(event, S("web.request"), line->request);
    ncsa_add_number(event, S("http.response.status_code"), line->status);
    ncsa_add_number(event, S("http.response.body.bytes"), line->bytes);
    ncsa_add_text(event, S("http.request.referrer"), line->referrer);
    ncsa_add_text(event, S("user_agent.original"), line->user_agent);
    ncsa_add_rest(event, line->rest);
}

static void ncsa_decode_line(struct line_decoder *decoder, struct event *event, slice line)
{
    struct ncsa_line parsed;
    if (ncsa_parse(line, &parsed)) {
        line_set_time(event, &parsed.stamp, decoder->job->options, &decoder->years);
        ncsa_add(event, &parsed, (slice){NULL, 0});
        return;
    }
    line_note(decoder->job, event->record.number, event->record.offset, TEXT_DECODE_NCSA_LINE);
    message_add(decoder->json, event, line);
}

enum result ncsa_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    return line_decode(job, stream, ncsa_decode_line, err);
}
