/* See report.h. */
#include "report/report.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/embed.h"
#include "report/machine.h"
#include "report/page.h"
#include "report/prose.h"
#include "report/sheet.h"
#include "report/sink.h"
#include "wire/hash.h"

#define REPORT_RULES_VERSION_LEN 6 /* bytes */

bool report_format_parse(slice value, enum report_format *format)
{
    static const struct {
        slice name;
        enum report_format format;
    } formats[] = {
        {S_INIT("text"), REPORT_TEXT},
        {S_INIT("ndjson"), REPORT_NDJSON},
        {S_INIT("json"), REPORT_JSON},
        {S_INIT("csv"), REPORT_CSV},
        {S_INIT("html"), REPORT_HTML},
    };
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (slice_equal(value, formats[i].name)) {
            *format = formats[i].format;
            return true;
        }
    }
    return false;
}

slice report_rules_version(struct arena *arena)
{
    size_t count;
    const struct embed_file *files = embed_files(&count);
    struct hasher *hasher = hasher_new();
    for (size_t i = 0; i < count; i++) {
        slice path = slice_from_cstr(files[i].path);
        if (!slice_starts(path, S("rules/")))
            continue;
        /* A byte that is in no path and in no rule stands between them. */
        hasher_add(hasher, path);
        hasher_add(hasher, S("\0"));
        hasher_add(hasher, files[i].content);
        hasher_add(hasher, S("\0"));
    }
    hash_sha256 hash = hasher_finish(hasher);
    hasher_free(hasher);
    struct buf text;
    buf_init_fixed(
        &text, arena_bytes(arena, 2 * REPORT_RULES_VERSION_LEN), 2 * REPORT_RULES_VERSION_LEN);
    buf_append_hex(&text, slice_make(hash.bytes, REPORT_RULES_VERSION_LEN));
    return buf_slice(&text);
}

void report_options_terminal(struct report_options *options)
{
    uint64_t columns = 0;
    bool terminal = isatty(options->fd) == 1;
    slice no_colour = slice_from_cstr(getenv("NO_COLOR"));
    slice kind = slice_from_cstr(getenv("TERM"));
    struct winsize size;
    if (!slice_to_u64(slice_from_cstr(getenv("COLUMNS")), REPORT_COLUMNS_MAX * 100, &columns) &&
        terminal && ioctl(options->fd, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    options->columns = (unsigned)columns;
    options->colour =
        terminal && no_colour.len == 0 && kind.len > 0 && !slice_equal(kind, S("dumb"));
}

enum result report_write(enum report_format format, struct triage_result *result,
    const struct report_options *options, struct error *err)
{
    struct sink sink;
    struct error dropped;
    enum result status = RESULT_OK;
    sink_init(&sink, options->fd, options->name);
    switch (format) {
    case REPORT_TEXT:
        status = prose_write(&sink, result, options, err);
        break;
    case REPORT_NDJSON:
        status = machine_ndjson(&sink, result, err);
        break;
    case REPORT_JSON:
        status = machine_json(&sink, result, options, err);
        break;
    case REPORT_HTML:
        status = page_write(&sink, result, options, err);
        break;
    case REPORT_CSV:
        status = sheet_write(&sink, result, err);
        break;
    }
    /* The first error is told; what was made before it is written all the same. */
    enum result written = sink_finish(&sink, status == RESULT_OK ? err : &dropped);
    return status == RESULT_OK ? written : status;
}
