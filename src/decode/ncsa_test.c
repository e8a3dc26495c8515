/* Lines of access logs: every part present, missing and malformed. */
#include "base/test.h"

#include "base/base.h"
#include "decode/ncsa.h"

static struct ncsa_line parsed(const char *text)
{
    struct ncsa_line line;
    if (!ncsa_parse(slice_from_cstr(text), &line))
        fail_msg("not parsed: %s", text);
    return line;
}

static void reads_the_combined_form(void **state)
{
    (void)state;
    struct ncsa_line line =
        parsed("10.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a.gif?x=1 HTTP/1.0\" 200 2326 "
               "\"http://e.example/\" \"Mozilla/4.08 [en] (Win98; I ;Nav)\"");
    assert_slice(line.client, S("10.0.0.1"));
    assert_slice(line.user, S("frank"));
    assert_slice(line.method, S("GET"));
    assert_slice(line.target, S("/a.gif?x=1"));
    assert_slice(line.version, S("1.0"));
    assert_slice(line.status, S("200"));
    assert_slice(line.bytes, S("2326"));
    assert_slice(line.referrer, S("http://e.example/"));
    assert_slice(line.user_agent, S("Mozilla/4.08 [en] (Win98; I ;Nav)"));
    assert_slice(line.rest, S(""));
    assert_int_equal(line.stamp.civil.offset_s, -25200);
}

static void reads_what_may_be_before(void **state)
{
    (void)state;
    const char *tail = "[10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1";
    static const struct {
        const char *prefix, *host, *client, *user;
    } cases[] = {
        {"::1 - -", NULL, "::1", NULL},
        {"h.example - John Q. Public", NULL, "h.example", "John Q. Public"},
        {"www.example:443 10.0.0.1 - -", "www.example:443", "10.0.0.1", NULL},
        {"www.example 10.0.0.1 - bob", "www.example", "10.0.0.1", "bob"},
        {"10.0.0.1, 10.0.0.2 - -", NULL, "10.0.0.1", NULL},
        {"10.0.0.1 ident -", NULL, "10.0.0.1", NULL},
        {"10.0.0.1 - a [x]", NULL, "10.0.0.1", "a [x]"},
        {"10.0.0.1", NULL, "10.0.0.1", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[256];
        struct buf out;
        buf_init_fixed(&out, text, sizeof(text) - 1);
        buf_append_cstr(&out, cases[i].prefix);
        buf_append_byte(&out, ' ');
        buf_append_cstr(&out, tail);
        text[out.len] = '\0';
        struct ncsa_line line = parsed(text);
        assert_slice(line.virtual_host, slice_from_cstr(cases[i].host));
        assert_slice(line.client, slice_from_cstr(cases[i].client));
        assert_slice(line.user, slice_from_cstr(cases[i].user));
        assert_slice(line.status, S("200"));
    }
}

static void finds_the_stamp_that_the_server_wrote(void **state)
{
    (void)state;
    struct ncsa_line line =
        parsed("10.0.0.1 - x [01/Jan/2000:00:00:00 +0000] \\x22GET / HTTP/1.1\\x22 "
               "200 5 [10/Oct/2000:13:55:36 +0000] \"GET /b HTTP/1.1\" 401 7");
    assert_slice(line.target, S("/b"));
    assert_slice(line.status, S("401"));
    assert_slice(line.user, S("x [01/Jan/2000:00:00:00 +0000] \\x22GET / HTTP/1.1\\x22 200 5"));
    line = parsed("10.0.0.1 - - - [31/Jan/2015:14:29:44 ] h.example \"GET / HTTP/1.1\" 200 814");
    assert_slice(line.virtual_host, S("h.example"));
    assert_slice(line.status, S("200"));
}

static void reads_odd_requests(void **state)
{
    (void)state;
    static const struct {
        const char *request, *method, *target, *version;
    } cases[] = {
        {"GET /a b c HTTP/1.1", "GET", "/a b c", "1.1"},
        {"GET /", "GET", "/", NULL},
        {"GET /a\\\"b HTTP/1.1", "GET", "/a\\\"b", "1.1"},
        {"GET /a\" b\" HTTP/1.1", "GET", "/a\" b\"", "1.1"},
        {"-", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
        {"\\x16\\x03\\x01 \\x00", NULL, NULL, NULL},
        {"t3 12.1.2\\n", NULL, NULL, NULL},
        {"PRI * HTTP/2.0", "PRI", "*", "2.0"},
        {"CONNECT h.example:443 HTTP/1.1", "CONNECT", "h.example:443", "1.1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[256];
        struct buf out;
        buf_init_fixed(&out, text, sizeof(text) - 1);
        buf_append_cstr(&out, "10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] \"");
        buf_append_cstr(&out, cases[i].request);
        buf_append_cstr(&out, "\" 400 - \"-\" \"-\" \"1.2.3.4, 5.6.7.8\" 0.004");
        text[out.len] = '\0';
        struct ncsa_line line = parsed(text);
        assert_slice(line.method, slice_from_cstr(cases[i].method));
        assert_slice(line.target, slice_from_cstr(cases[i].target));
        assert_slice(line.version, slice_from_cstr(cases[i].version));
        assert_slice(line.status, S("400"));
        assert_true(slice_is_absent(line.bytes));
        assert_true(slice_is_absent(line.referrer));
        assert_slice(line.rest, S(" \"1.2.3.4, 5.6.7.8\" 0.004"));
    }
}

static void refuses_other_lines(void **state)
{
    (void)state;
    static const char *texts[] = {"", "[", "[10/Oct/2000:13:55:36 +0000]",
        "10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] GET", "10.0.0.1 - - [10/Oct/2000:13:55:36 +0000",
        "[10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1"};
    struct ncsa_line line;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(ncsa_parse(slice_from_cstr(texts[i]), &line));
}

static void makes_fields(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct event event;
    struct ncsa_line line = parsed(
        "w.example:80 10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] \"GET /\\x22a\\\"\\\\ HTTP/1.1\" "
        "200 5 \"-\" \"a\\tb\" \"1.2.3.4, 5.6.7.8\" 0.004 x=y");
    event_reset(&event, &arena);
    ncsa_add(&event, &line, (slice){NULL, 0});
    assert_slice(event_value(&event, S("event.dataset")), S("apache.access"));
    assert_slice(event_value(&event, S("url.original")), S("/\"a\"\\"));
    assert_slice(event_value(&event, S("url.domain")), S("w.example"));
    assert_slice(event_value(&event, S("destination.port")), S("80"));
    assert_slice(event_value(&event, S("user_agent.original")), S("a\tb"));
    assert_slice(event_value(&event, S("network.forwarded_ip")), S("1.2.3.4"));
    assert_null(event_find(&event, S("http.request.referrer")));
    assert_null(event_find(&event, S("user.name")));
    arena_free(&arena);
}

static void is_recognised(void **state)
{
    (void)state;
    const struct decode_options options = {0};
    slice text = S("junk\n10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1\n");
    assert_slice(decode_recognise(text, true, &options)->name, S("ncsa"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_combined_form),
        cmocka_unit_test(reads_what_may_be_before),
        cmocka_unit_test(finds_the_stamp_that_the_server_wrote),
        cmocka_unit_test(reads_odd_requests),
        cmocka_unit_test(refuses_other_lines),
        cmocka_unit_test(makes_fields),
        cmocka_unit_test(is_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
