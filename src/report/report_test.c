/* Every format of every fake result, in both languages, compared with the files in golden/. With
 * HIKESHI_GOLDEN=write the files are written: read the difference before committing it. With three
 * arguments (result, format, language) one report goes to standard output, to be looked at. */
#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "report/fake_test.h"
#include "report/report.h"

#define GOLDEN     "src/report/golden/"
#define GOLDEN_MAX ((size_t)16 << 20)

static struct report_options options_for(int fd)
{
    static const slice paths[] = {S_INIT("evidence"), S_INIT("it's here/\x1b[31m")};
    static const slice arguments[] = {
        S_INIT("hikeshi"), S_INIT("triage"), S_INIT("evidence"), S_INIT("it's here/\x1b[31m")};
    struct civil civil = {.year = 2026, .month = 11, .day = 24, .hour = 9, .minute = 30};
    struct report_options options = {
        .fd = fd,
        .name = S("test"),
        .paths = paths,
        .path_count = 2,
        .arguments = arguments,
        .argument_count = 4,
        .version = S("0.1.0"),
        .rules_version = S("5a7e9c01"),
    };
    assert_true(civil_to_ns(&civil, &options.now_ns));
    return options;
}

static void read_all(int fd, struct buf *into)
{
    ssize_t got;
    do {
        char *room = buf_reserve(into, 65536);
        assert_non_null(room);
        got = read(fd, room, 65536);
        assert_true(got >= 0);
        buf_commit(into, (size_t)got);
    } while (got > 0);
}

static void make(struct buf *out, const char *name, enum report_format format, enum text_lang lang)
{
    struct error err;
    int fd = memfd_create("report", MFD_CLOEXEC);
    assert_true(fd >= 0);
    text_lang_set(lang);
    struct triage_result *result = fake_result(name);
    struct report_options options = options_for(fd);
    assert_int_equal(report_write(format, result, &options, &err), RESULT_OK);
    triage_result_free(result);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    buf_init(out, GOLDEN_MAX);
    read_all(fd, out);
    close(fd);
}

static void write_golden(const char *path, slice bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.len), bytes.len);
    close(fd);
}

/* Says where two texts part, since a whole report is no message. */
static void same_bytes(const char *path, slice got, slice want)
{
    size_t at = 0, line = 1;
    while (at < got.len && at < want.len && got.at[at] == want.at[at])
        line += got.at[at++] == '\n' ? 1 : 0;
    if (at < got.len || at < want.len)
        fail_msg("%s: line %zu differs: got \"%.60s\"", path, line,
            at < got.len ? got.at + at : "(the end)");
}

static void compare(const char *path, slice got)
{
    struct buf want;
    const char *mode = getenv("HIKESHI_GOLDEN");
    if (mode != NULL && slice_equal(slice_from_cstr(mode), S("write")))
        write_golden(path, got);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail_msg("%s: no such golden file", path);
    buf_init(&want, GOLDEN_MAX);
    read_all(fd, &want);
    close(fd);
    same_bytes(path, got, buf_slice(&want));
    buf_free(&want);
}

static void check_golden(
    const char *path, const char *name, enum report_format format, enum text_lang lang)
{
    struct buf out, again;
    make(&out, name, format, lang);
    make(&again, name, format, lang);
    same_bytes("the second run", buf_slice(&again), buf_slice(&out));
    compare(path, buf_slice(&out));
    buf_free(&out);
    buf_free(&again);
}

static void text_is_golden(void **state)
{
    (void)state;
    check_golden(GOLDEN "rich.en.txt", "rich", REPORT_TEXT, TEXT_LANG_EN);
    check_golden(GOLDEN "rich.ja.txt", "rich", REPORT_TEXT, TEXT_LANG_JA);
    check_golden(GOLDEN "hostile.en.txt", "hostile", REPORT_TEXT, TEXT_LANG_EN);
    check_golden(GOLDEN "quiet.en.txt", "quiet", REPORT_TEXT, TEXT_LANG_EN);
    check_golden(GOLDEN "quiet.ja.txt", "quiet", REPORT_TEXT, TEXT_LANG_JA);
    check_golden(GOLDEN "nothing.en.txt", "nothing", REPORT_TEXT, TEXT_LANG_EN);
    check_golden(GOLDEN "many.en.txt", "many", REPORT_TEXT, TEXT_LANG_EN);
}

static void machine_output_is_golden_in_both_languages(void **state)
{
    (void)state;
    check_golden(GOLDEN "rich.ndjson", "rich", REPORT_NDJSON, TEXT_LANG_EN);
    check_golden(GOLDEN "rich.ndjson", "rich", REPORT_NDJSON, TEXT_LANG_JA);
    check_golden(GOLDEN "hostile.ndjson", "hostile", REPORT_NDJSON, TEXT_LANG_JA);
    check_golden(GOLDEN "nothing.ndjson", "nothing", REPORT_NDJSON, TEXT_LANG_EN);
    check_golden(GOLDEN "rich.json", "rich", REPORT_JSON, TEXT_LANG_EN);
    check_golden(GOLDEN "rich.json", "rich", REPORT_JSON, TEXT_LANG_JA);
    check_golden(GOLDEN "rich.csv", "rich", REPORT_CSV, TEXT_LANG_EN);
    check_golden(GOLDEN "rich.csv", "rich", REPORT_CSV, TEXT_LANG_JA);
    check_golden(GOLDEN "hostile.csv", "hostile", REPORT_CSV, TEXT_LANG_EN);
    check_golden(GOLDEN "hostile.json", "hostile", REPORT_JSON, TEXT_LANG_EN);
}

static void pages_are_golden(void **state)
{
    (void)state;
    check_golden(GOLDEN "rich.en.html", "rich", REPORT_HTML, TEXT_LANG_EN);
    check_golden(GOLDEN "rich.ja.html", "rich", REPORT_HTML, TEXT_LANG_JA);
    check_golden(GOLDEN "hostile.ja.html", "hostile", REPORT_HTML, TEXT_LANG_JA);
    check_golden(GOLDEN "quiet.en.html", "quiet", REPORT_HTML, TEXT_LANG_EN);
    check_golden(GOLDEN "nothing.en.html", "nothing", REPORT_HTML, TEXT_LANG_EN);
}

/* Text for people holds no control but the line end, and no malformed byte, whatever the evidence
 * says. */
static void text_cannot_drive_a_terminal(void **state)
{
    (void)state;
    struct buf out, escaped;
    make(&out, "hostile", REPORT_TEXT, TEXT_LANG_JA);
    buf_init(&escaped, GOLDEN_MAX);
    for (slice rest = buf_slice(&out), line; slice_next(&rest, '\n', &line);) {
        assert_true(utf8_is_valid(line));
        for (size_t i = 0; i < line.len; i++)
            assert_true((unsigned char)line.at[i] >= ' ' && line.at[i] != '\x7f');
    }
    assert_false(slice_contains(buf_slice(&out), S("\xe2\x80\xae")));
    assert_false(slice_contains(buf_slice(&out), S("\xc2\x9b")));
    buf_free(&out);
    buf_free(&escaped);
}

/* A reader that goes away ends the report without an error; a full disk is one. */
static void broken_pipes_are_quiet_and_full_disks_are_not(void **state)
{
    (void)state;
    int ends[2];
    struct error err;
    signal(SIGPIPE, SIG_IGN);
    text_lang_set(TEXT_LANG_EN);
    struct triage_result *result = fake_result("many");
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    struct report_options options = options_for(ends[1]);
    assert_int_equal(report_write(REPORT_NDJSON, result, &options, &err), RESULT_OK);
    close(ends[1]);
    options.fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(options.fd >= 0);
    assert_int_equal(report_write(REPORT_JSON, result, &options, &err), RESULT_SYSTEM);
    assert_true(slice_starts(error_message(&err), S("test: the report cannot be written: ")));
    close(options.fd);
    triage_result_free(result);
}

static int show(char **argv)
{
    enum report_format format;
    enum text_lang lang;
    struct error err;
    if (!report_format_parse(slice_from_cstr(argv[2]), &format) ||
        !text_lang_parse(slice_from_cstr(argv[3]), &lang))
        return 2;
    text_lang_set(lang);
    struct triage_result *result = fake_result(argv[1]);
    struct report_options options = options_for(STDOUT_FILENO);
    report_options_terminal(&options);
    enum result status = report_write(format, result, &options, &err);
    triage_result_free(result);
    return status == RESULT_OK ? 0 : 3;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_golden),
        cmocka_unit_test(machine_output_is_golden_in_both_languages),
        cmocka_unit_test(pages_are_golden),
        cmocka_unit_test(text_cannot_drive_a_terminal),
        cmocka_unit_test(broken_pipes_are_quiet_and_full_disks_are_not),
    };
    return argc == 4 ? show(argv) : cmocka_run_group_tests(tests, NULL, NULL);
}
