/* Access logs: the same events however the bytes come, and a line behind any others is read. */
#include "fuzz.h"

#include "steps.h"

#define LINE "\n10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] \"GET /fuzzed HTTP/1.1\" 200 1\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {0};
    struct steps whole;
    struct buf more;
    buf_init(&more, STEPS_TRANSCRIPT_MAX);
    buf_append(&more, slice_make(data, size));
    buf_append(&more, S(LINE));
    steps_check(S("ncsa"), &options, buf_slice(&more), &whole);
    ASSERT(slice_contains(buf_slice(&whole.out), S("url.original=/fuzzed")));
    buf_free(&whole.out);
    buf_free(&more);
    return 0;
}
