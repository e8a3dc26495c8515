/* A table's rows in each format: nothing of a cell's text gets out of its cell. */
#include "base/test.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/civil.h"
#include "report/table.h"

static const struct table_column columns[] = {{S_INIT("name"), TABLE_TEXT},
    {S_INIT("count"), TABLE_NUMBER}, {S_INIT("first"), TABLE_TIME}, {S_INIT("assumed"), TABLE_FLAG},
    {S_INIT("hosts"), TABLE_LIST}};
static const struct table_heading headings[] = {{TEXT_REPORT_COLUMN_HOST, false, 4},
    {TEXT_REPORT_COLUMN_EVENTS, true, 6}, {TEXT_REPORT_COLUMN_LOG, false, 4}};
static const struct table_shape shape = {S_INIT("things"), S_INIT("thing"), columns,
    sizeof(columns) / sizeof(columns[0]), headings, sizeof(headings) / sizeof(headings[0])};

static slice written(struct arena *arena, int fd)
{
    char bytes[4096];
    ssize_t got = pread(fd, bytes, sizeof(bytes), 0);
    assert_true(got >= 0);
    close(fd);
    return arena_copy(arena, slice_make(bytes, (size_t)got));
}

static slice machine(struct arena *arena, enum report_format format)
{
    static const slice hosts[] = {S_INIT("a"), S_INIT("b")};
    const struct table_cell rows[2][5] = {
        {{.text = S("=cmd|' /C calc'!A0")}, {.number = 3}, {.time_ns = 0}, {.flag = true},
            {.list = hosts, .list_count = 2}},
        {{.text = S("")}, {.absent = true}, {.time_ns = CIVIL_TIME_NONE}, {.flag = false},
            {.list_count = 0}},
    };
    struct sink sink;
    struct error err;
    struct report_options options = {
        .fd = memfd_create("table", MFD_CLOEXEC), .name = S("test"), .version = S("1")};
    sink_init(&sink, options.fd, options.name);
    struct table *table = table_new(&sink, format, &shape, &options);
    assert_false(table_is_for_people(table));
    assert_true(table_row(table, rows[0]));
    assert_true(table_row(table, rows[1]));
    table_end(table);
    assert_int_equal(sink_finish(&sink, &err), RESULT_OK);
    return written(arena, options.fd);
}

static void formats_for_programs(void **state)
{
    struct arena arena = {0};
    (void)state;
    assert_slice(machine(&arena, REPORT_CSV), S("name,count,first,assumed,hosts\r\n"
                                                "'=cmd|' /C calc'!A0,3,1970-01-01T00:00:00Z,true,"
                                                "a; b\r\n"
                                                ",,,false,\r\n"));
    assert_slice(machine(&arena, REPORT_NDJSON),
        S("{\"type\":\"thing\",\"name\":\"=cmd|' /C "
          "calc'!A0\",\"count\":3,\"first\":\"1970-01-01T00:"
          "00:00Z\",\"assumed\":true,\"hosts\":[\"a\",\"b\"]}\n"
          "{\"type\":\"thing\",\"name\":null,\"count\":null,\"first\":null,\"assumed\":false,"
          "\"hosts\":[]}\n"));
    assert_slice(machine(&arena, REPORT_JSON),
        S("{\"type\":\"things\",\"version\":\"1\",\n\"rows\":[\n"
          "{\"type\":\"thing\",\"name\":\"=cmd|' /C "
          "calc'!A0\",\"count\":3,\"first\":\"1970-01-01T00:"
          "00:00Z\",\"assumed\":true,\"hosts\":[\"a\",\"b\"]},\n"
          "{\"type\":\"thing\",\"name\":null,\"count\":null,\"first\":null,\"assumed\":false,"
          "\"hosts\":[]}]}\n"));
    arena_free(&arena);
}

static slice people(struct arena *arena, unsigned width, bool colour)
{
    static const slice rows[2][3] = {
        {S_INIT("web01"), S_INIT("7"), S_INIT("a log with a long name")},
        {S_INIT("a-host-with-a-name"), S_INIT("12,345"), S_INIT("b")},
    };
    struct sink sink;
    struct error err;
    struct report_options options = {.fd = memfd_create("table", MFD_CLOEXEC),
        .name = S("test"),
        .columns = width,
        .colour = colour};
    sink_init(&sink, options.fd, options.name);
    struct table *table = table_new(&sink, REPORT_TEXT, &shape, &options);
    assert_true(table_is_for_people(table));
    table_section(table, S("First"));
    table_words(table, rows[0], S(LAYOUT_HIGH));
    table_words(table, rows[1], S(""));
    table_remark(table, S("and 3 more"));
    table_after(table, S("The end."));
    table_before(table, S("Two things."));
    table_end(table);
    assert_int_equal(sink_finish(&sink, &err), RESULT_OK);
    return written(arena, options.fd);
}

static void columns_for_people(void **state)
{
    struct arena arena = {0};
    (void)state;
    text_lang_set(TEXT_LANG_EN);
    assert_slice(
        people(&arena, 80, false), S("Two things.\n"
                                     "\n"
                                     "  host                events  log\n"
                                     "\n"
                                     "First\n"
                                     "  web01                    7  a log with a long name\n"
                                     "  a-host-with-a-name  12,345  b\n"
                                     "  and 3 more\n"
                                     "\n"
                                     "The end.\n"));
    /* What does not fit goes on below, in its column; words stay in one piece where they can. */
    assert_slice(people(&arena, 40, false), S("Two things.\n"
                                              "\n"
                                              "  host                events  log\n"
                                              "\n"
                                              "First\n"
                                              "  web01                    7  a log with\n"
                                              "                              a long\n"
                                              "                              name\n"
                                              "  a-host-with-a-name  12,345  b\n"
                                              "  and 3 more\n"
                                              "\n"
                                              "The end.\n"));
    assert_true(slice_contains(people(&arena, 80, true), S("  \x1b[31mweb01")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_for_programs), cmocka_unit_test(columns_for_people)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
