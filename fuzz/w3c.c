/* W3C extended logs: the same events however the bytes come, and a header with a line behind any
 * damage is read. */
#include "fuzz.h"

#include "steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {0};
    struct steps whole;
    struct buf more;
    bool utf16 = size >= 2 && (data[0] == 0xFF || data[0] == 0xFE);
    steps_check(S("w3c"), &options, slice_make(data, size), &whole);
    buf_free(&whole.out);
    if (utf16)
        return 0;
    buf_init(&more, STEPS_TRANSCRIPT_MAX);
    buf_append(&more, slice_make(data, size));
    buf_append(&more, S("\n#Fields: a b\n4711 2\n"));
    steps_check(S("w3c"), &options, buf_slice(&more), &whole);
    ASSERT(slice_contains(buf_slice(&whole.out), S("a=4711")));
    buf_free(&whole.out);
    buf_free(&more);
    return 0;
}
