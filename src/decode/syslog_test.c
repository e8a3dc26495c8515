/* Headers of syslog lines, each part present and missing, and the events made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "decode/syslog.h"

struct header_case {
    const char *line;
    const char *host, *program, *pid, *message;
    bool stamp;
};

static const struct header_case header_cases[] = {
    {"<34>Oct 11 22:14:15 mymachine su: 'su root' failed", "mymachine", "su", NULL,
        "'su root' failed", true},
    {"Nov  2 03:12:44 web1 sshd[812]: Accepted", "web1", "sshd", "812", "Accepted", true},
    {"Nov  2 03:12:44 web1 sshd(pam_unix)[812]: Accepted", "web1", "sshd", "812", "Accepted", true},
    {"Nov  2 03:12:44 sshd[812]: no host", NULL, "sshd", "812", "no host", true},
    {"Nov  2 03:12:44  sshd[812]: two spaces", NULL, "sshd", "812", "two spaces", true},
    {"Nov  2 03:12:44 web1 no tag here", "web1", NULL, NULL, "no tag here", true},
    {"Nov  2 03:12:44 web1 last message repeated 3 times", "web1", NULL, NULL,
        "last message repeated 3 times", true},
    {"Nov  2 03:12:44 last message repeated 3 times", NULL, NULL, NULL,
        "last message repeated 3 times", true},
    {"Nov  2 03:12:44 10.1.2.3:514 kernel: x", "10.1.2.3", "kernel", NULL, "x", true},
    {"Nov  2 03:12:44 10.1.2.3: y z", "10.1.2.3", NULL, NULL, "y z", true},
    {"Nov  2 03:12:44 h daemon.err prog[3]: x", "h", "prog", "3", "x", true},
    {"Nov  2 03:12:44 h (sd-pam)[3]: x", "h", "sd-pam", "3", "x", true},
    {"Nov  2 03:12:44 h (sd pam)[3]: x", "h", NULL, NULL, "(sd pam)[3]: x", true},
    {"Nov  2 03:12:44 h user.name prog[3]: x", "h", NULL, NULL, "user.name prog[3]: x", true},
    {"Nov  2 03:12:44 fe80::1 cron[1]: x", "fe80::1", "cron", "1", "x", true},
    {"Nov  2 03:12:44 h /usr/sbin/cron[77]: (root) CMD (x)", "h", "cron", "77", "(root) CMD (x)",
        true},
    {"Nov  2 03:12:44 h postfix/smtpd[9]: connect", "h", "postfix/smtpd", "9", "connect", true},
    {"Nov  2 03:12:44 h prog[5] no colon", "h", "prog", "5", "no colon", true},
    {"Nov  2 03:12:44 JST h prog: zone", "h", "prog", NULL, "zone", true},
    {"Nov  2 2026 03:12:44.123 h prog: year", "h", "prog", NULL, "year", true},
    {"2026-11-20T03:12:44.123456+09:00 h prog[3]: iso", "h", "prog", "3", "iso", true},
    {"<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 42 ID47 [ex@32473 iut=\"3\" "
     "a=\"x\\]\\\"y\"][b@1] \xef\xbb\xbfhi",
        "mymachine.example.com", "evntslog", "42", "hi", true},
    {"<34>1 - - - - - -", NULL, NULL, NULL, "", false},
    {"<34>1 2003-10-11T22:14:15Z h p - - - msg", "h", "p", NULL, "msg", true},
    {"<189>123: *Nov 20 03:12:44.123: %SYS-5-CONFIG_I: Configured", NULL, NULL, NULL,
        "%SYS-5-CONFIG_I: Configured", true},
    {"<189>Nov 20 03:12:44 rtr 77: Nov 20 2026 03:12:43 UTC: %SYS-5-CONFIG_I: x", "rtr", NULL, NULL,
        "%SYS-5-CONFIG_I: x", true},
    {"<190>2361044: sw01: Nov 20 2026 03:12:44.398 UTC: %SYS-5-CONFIG_I: x", "sw01", NULL, NULL,
        "%SYS-5-CONFIG_I: x", true},
    {"<166>7432: ASR920: 007438: 2y10w: %SYS-6-LOGOUT: x", "ASR920", NULL, NULL, "%SYS-6-LOGOUT: x",
        false},
    {"<189>: Nov 20 2026 03:12:44: %SYS-5-CONFIG_I: x", NULL, NULL, NULL, "%SYS-5-CONFIG_I: x",
        true},
    {"<166>Nov 20 2026 03:12:44 asa1 : %ASA-6-302013: Built", "asa1", NULL, NULL,
        "%ASA-6-302013: Built", true},
    {"2026-11-20T03:12:44.667Z: Failed Login: x=y", NULL, NULL, NULL, "Failed Login: x=y", true},
    {"Nov 20 03:12:44 1234.example.com prog[3]: x", "1234.example.com", "prog", "3", "x", true},
    {"<13>prog: no stamp", NULL, "prog", NULL, "no stamp", false},
    {"no header at all: none", NULL, NULL, NULL, "no header at all: none", false},
    {"Nov  2 03:12:44", NULL, NULL, NULL, "", true},
    {"<13>", NULL, NULL, NULL, "", false},
    {"<189>date=2026-11-20 time=03:12:44 x=y", NULL, NULL, NULL,
        "date=2026-11-20 time=03:12:44 x=y", false},
};

static void assert_text(const char *line, slice got, const char *want)
{
    slice wanted = slice_from_cstr(want);
    if (slice_is_absent(got) != slice_is_absent(wanted) || !slice_equal(got, wanted))
        fail_msg("%s: got \"%.*s\", want \"%s\"", line, (int)got.len, got.at == NULL ? "" : got.at,
            want == NULL ? "(none)" : want);
}

static void reads_every_part_of_a_header(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(header_cases) / sizeof(header_cases[0]); i++) {
        const struct header_case *want = &header_cases[i];
        struct syslog_header header;
        syslog_parse(slice_from_cstr(want->line), &header);
        assert_text(want->line, header.host, want->host);
        assert_text(want->line, header.program, want->program);
        assert_text(want->line, header.pid, want->pid);
        assert_true(slice_equal(header.message, slice_from_cstr(want->message)));
        assert_int_equal(header.has_stamp, want->stamp);
    }
}

static void reads_a_priority_in_words(void **state)
{
    (void)state;
    struct syslog_header header;
    syslog_parse(S("Nov  2 03:12:44 h authpriv.info prog[3]: x"), &header);
    assert_true(header.has_priority);
    assert_int_equal(header.priority, 86);
    syslog_parse(S("Nov  2 03:12:44 h authpriv.in prog[3]: x"), &header);
    assert_false(header.has_priority);
}

/* --- events --- */

struct sink {
    struct arena arena;
    struct event event;
    size_t events;
    slice name; /* field to collect */
    char values[512];
    struct buf out;
    int64_t time_ns;
    unsigned assumed;
};

static enum result sink_event(void *context, struct event *event)
{
    struct sink *sink = context;
    sink->events++;
    sink->time_ns = event->time_ns;
    sink->assumed = event->time_assumed;
    buf_append(&sink->out, event_value(event, sink->name));
    buf_append_byte(&sink->out, '|');
    return RESULT_OK;
}

static void decode_text(struct sink *sink, slice text, slice name, struct decode_options options)
{
    struct decode_job job = {.options = &options,
        .arena = &sink->arena,
        .event = &sink->event,
        .context = sink,
        .on_event = sink_event};
    struct error err;
    struct stream *stream = stream_from_memory(text);
    sink->name = name;
    buf_init_fixed(&sink->out, sink->values, sizeof(sink->values));
    assert_int_equal(syslog_decode(&job, stream, &err), RESULT_OK);
    stream_free(stream);
    arena_free(&sink->arena);
}

static void assert_field(slice text, slice name, const char *want)
{
    struct sink sink = {0};
    decode_text(&sink, text, name, (struct decode_options){.year = 2026});
    if (!slice_equal(buf_slice(&sink.out), slice_from_cstr(want)))
        fail_msg("got %.*s", (int)sink.out.len, sink.out.at);
}

static void makes_fields(void **state)
{
    (void)state;
    slice structured = S("<165>1 2003-10-11T22:14:15.003Z h p 42 ID47 [ex@32473 iut=\"3\" "
                         "a=\"x\\]\\\"y\"][b@1 c=\"\"] hi");
    assert_field(structured, S("log.syslog.structured_data.ex.iut"), "3|");
    assert_field(structured, S("log.syslog.structured_data.ex.a"), "x]\"y|");
    assert_field(structured, S("log.syslog.msgid"), "ID47|");
    assert_field(structured, S("log.syslog.facility.name"), "local4|");
    assert_field(structured, S("log.syslog.severity.code"), "5|");
    assert_field(structured, S("process.pid"), "42|");
    assert_field(S("<134>1 2003-10-11T22:14:15Z h p 42 - [a:\"b\"; c:\"d\"]"), S("message"),
        "[a:\"b\"; c:\"d\"]|");
    assert_field(
        S("<189>7432: r1: 007438: Nov  2 03:12:44: %S-5-X: y"), S("event.sequence"), "7438|");
    assert_field(S("<13>Nov  2 03:12:44 h k: [  12.5] a\n\nb\r\n"), S("message"), "a|b|");
    assert_field(S("Nov  2 03:12:44 h p: one#012two#011#0123 #999 #"), S("message"),
        "one\ntwo\t\n3 #999 #|");
    assert_field(S("Nov  2 03:12:44 h p[1]: message repeated 2 times: [ Failed x]"), S("message"),
        "Failed x|");
    assert_field(S("Nov  2 03:12:44 h p[1]: message repeated 2 times: [ Failed x]"),
        S("syslog.repeated"), "2|");
    assert_field(S("Nov  2 03:12:44 h p[1]: {\"a\":{\"b\":\"c\"}}"), S("a.b"), "c|");
    assert_field(S("Nov  2 03:12:44 h p[1]: @cee: {\"a\":1}"), S("a"), "1|");
    assert_field(S("Nov  2 03:12:44 h 10.0.0.1 p[7]: m"), S("host.ip"), "10.0.0.1|");
    assert_field(S("Nov  2 03:12:44 h 10.0.0.1 p[7]: m"), S("process.pid"), "7|");
    assert_field(S("Nov  2 03:12:44 h 10.0.0.1 is up"), S("message"), "10.0.0.1 is up|");
    assert_field(S("Nov  2 03:12:44 h p[1]: {\"message\":\"m\",\"a\":1}"), S("message"), "m|");
    assert_field(
        S("Nov  2 03:12:44 h CEF:0|V|P|1|7|n|3|src=10.0.0.1"), S("cef.ext.src"), "10.0.0.1|");
    assert_field(
        S("Nov  2 03:12:44 h audit[9]: USER_AUTH pid=9 res=success"), S("type"), "USER_AUTH|");
    assert_field(S("Nov  2 03:12:44 h nginx: 10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "
                   "\"GET / HTTP/1.1\" 200 1"),
        S("event.dataset"), "nginx.access|");
    assert_field(S("Nov  2 03:12:44 h last message repeated 7 times"), S("syslog.repeated"), "7|");
}

static void follows_years(void **state)
{
    (void)state;
    struct sink sink = {0};
    slice text = S("Dec 31 23:59:59 h p: a\nJan  1 00:00:00 h p: b\n");
    decode_text(&sink, text, S("message"), (struct decode_options){.year = 2025});
    assert_int_equal(sink.time_ns, INT64_C(1767225600) * CIVIL_NS_PER_S);
    assert_int_equal(sink.assumed, EVENT_TIME_ASSUMED_YEAR | EVENT_TIME_ASSUMED_ZONE);
    decode_text(&sink, text, S("message"),
        (struct decode_options){
            .year = 2026, .year_fixed = true, .zone_offset_s = 3600, .zone_given = true});
    assert_int_equal(sink.time_ns, INT64_C(1767222000) * CIVIL_NS_PER_S);
    assert_int_equal(sink.assumed, 0);
    decode_text(&sink, text, S("message"), (struct decode_options){0});
    assert_int_equal(sink.time_ns, CIVIL_TIME_NONE);
}

static const char *recognised(const char *text)
{
    const struct decode_format *format =
        decode_recognise(slice_from_cstr(text), true, &(struct decode_options){0});
    return format == NULL ? "none" : format->name.at;
}

static void is_recognised_among_others(void **state)
{
    (void)state;
    assert_string_equal(recognised("Nov  2 03:12:44 h p[1]: x\n"), "syslog");
    assert_string_equal(recognised("garbage\nNov  2 03:12:44 h p[1]: x\n more\n"), "syslog");
    assert_string_equal(recognised("2026-11-20T03:12:44.1+09:00 h p[1]: x\n"), "syslog");
    assert_string_equal(recognised("<34>1 2003-10-11T22:14:15Z h p - - - m\n"), "syslog");
    assert_string_equal(recognised("Nov 24 06:04:25 fw-1 input drop:  IN=eth0 OUT= x\n"), "syslog");
    assert_string_equal(
        recognised("2026-11-20T03:12:44.123456+09:00 fw-1 date=2026-11-20 x=y\n"), "syslog");
    assert_string_equal(recognised("2026-11-20T03:12:44.123+09:00 Starting it\n"), "text");
    assert_string_equal(recognised("2026-11-20T03:12:44.123Z fw-1 date=2026-11-20\n"), "text");
    assert_string_equal(recognised("Nov 24 06:04:25 Starting it\n"), "text");
    assert_string_equal(
        recognised("Tue Nov 24 06:04:25 2026 1 10.0.0.1 5 /x b _ i r u ftp\n"), "text");
    assert_string_equal(recognised("2026-11-20 03:12:44,123 main: x\n"), "text");
    assert_string_equal(recognised("2026-11-20T03:12:44Z INFO main: x\n"), "text");
    assert_string_equal(recognised("2026/11/20 03:12:44 [error] 7#7: *1 x\n"), "text");
    assert_string_equal(recognised("[Fri Nov 20 03:12:44 2026] [core:error] [pid 1] x\n"), "text");
    assert_string_equal(recognised("\x7f\x01\x02\x03"), "none");
    assert_string_equal(recognised(""), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_part_of_a_header),
        cmocka_unit_test(reads_a_priority_in_words),
        cmocka_unit_test(makes_fields),
        cmocka_unit_test(follows_years),
        cmocka_unit_test(is_recognised_among_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
