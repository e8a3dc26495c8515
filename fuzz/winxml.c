/* Windows events in XML: the same events however the bytes come, and a whole event behind any
 * damage is found. */
#include "fuzz.h"

#include "steps.h"

#define EVENT                                                                                      \
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"                \
    "<EventID>4711</EventID></System></Event>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {0};
    struct steps whole;
    struct buf more;
    steps_check(S("winxml"), &options, slice_make(data, size), &whole);
    buf_free(&whole.out);
    /* Twice: a comment, an instruction or CDATA that was cut off may hide the first. */
    buf_init(&more, STEPS_TRANSCRIPT_MAX);
    buf_append(&more, slice_make(data, size));
    buf_append(&more, S(EVENT EVENT));
    bool utf16 = size >= 2 && (data[0] == 0xFF || data[0] == 0xFE);
    if (!utf16) {
        steps_check(S("winxml"), &options, buf_slice(&more), &whole);
        ASSERT(slice_contains(buf_slice(&whole.out), S("EventID=4711")));
        buf_free(&whole.out);
    }
    buf_free(&more);
    return 0;
}
