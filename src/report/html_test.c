/* What the writer writes is well formed and inert; what would not be is refused. */
#include "base/test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report/html.h"

static void writes_elements(void **state)
{
    (void)state;
    struct sink sink;
    sink_init(&sink, -1, S("nowhere"));
    struct html html = {.sink = &sink};
    html_open_class(&html, "p", "a\"b");
    html_text(&html, S("1 < 2 & \"3\""));
    html_void(&html, "br");
    html_element(&html, "b", NULL, S("\xff\x1b"));
    html_open(&html, "svg");
    html_attribute_number(&html, "x", -7);
    html_close(&html, "svg");
    html_open(&html, "a");
    html_attribute(&html, "href", S("#\"><script>"));
    html_close(&html, "a");
    html_close(&html, "p");
    assert_slice(buf_slice(&sink.buf),
        S("<p class=\"a&quot;b\">1 &lt; 2 &amp; &quot;3&quot;<br><b>\xef\xbf\xbd\xef\xbf\xbd</b>"
          "<svg x=\"-7\"></svg><a href=\"#&quot;&gt;&lt;script&gt;\"></a></p>"));
    buf_free(&sink.buf);
}

static void script(struct html *html)
{
    html_open(html, "script");
}

static void odd_name(struct html *html)
{
    html_open(html, "p onclick");
}

static void handler(struct html *html)
{
    html_open(html, "p");
    html_attribute(html, "onclick", S("x"));
}

static void image(struct html *html)
{
    html_open(html, "img");
    html_attribute(html, "src", S("x"));
}

static void link_out(struct html *html)
{
    html_open(html, "a");
    html_attribute(html, "href", S("javascript:alert(1)"));
}

static void late_attribute(struct html *html)
{
    html_open(html, "p");
    html_text(html, S("x"));
    html_attribute(html, "class", S("x"));
}

static void crossed(struct html *html)
{
    html_open(html, "p");
    html_open(html, "b");
    html_close(html, "p");
}

/* In a child, since a programmer's error ends the process. */
static void check_refused(void (*mistake)(struct html *))
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct sink sink;
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(nowhere, STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL);
        sink_init(&sink, -1, S("nowhere"));
        struct html html = {.sink = &sink};
        mistake(&html);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void refuses_what_acts_or_does_not_nest(void **state)
{
    (void)state;
    check_refused(script);
    check_refused(odd_name);
    check_refused(handler);
    check_refused(image);
    check_refused(link_out);
    check_refused(late_attribute);
    check_refused(crossed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_elements),
        cmocka_unit_test(refuses_what_acts_or_does_not_nest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
