/* Lines of syslog and of plain text: the same events however the bytes come, and a line behind any
 * others is read. */
#include "fuzz.h"

#include "steps.h"

#define LINE "\nNov 20 03:12:44 h sshd[4711]: fuzzed\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {.year = 2026};
    struct steps whole;
    struct buf more;
    steps_check(S("text"), &options, slice_make(data, size), &whole);
    buf_free(&whole.out);
    buf_init(&more, STEPS_TRANSCRIPT_MAX);
    buf_append(&more, slice_make(data, size));
    buf_append(&more, S(LINE));
    steps_check(S("syslog"), &options, buf_slice(&more), &whole);
    ASSERT(slice_contains(buf_slice(&whole.out), S("*0process.name=sshd*1process.pid=4711")));
    buf_free(&whole.out);
    buf_free(&more);
    return 0;
}
