/* Framing and dialects of JSON: the same events however the bytes come, and a whole record on a
 * line of its own behind any damage is found. */
#include "fuzz.h"

#include "steps.h"

/* Closes nothing that an object, a list or a string could wait for. */
#define RECORD "\n{\"EventID\":4711,\"Channel\":\"C\"}\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {0};
    struct steps whole;
    struct buf more;
    steps_check(S("json"), &options, slice_make(data, size), &whole);
    buf_free(&whole.out);
    /* Twice: the first may be taken for the value of a member that was cut off after its colon. */
    buf_init(&more, STEPS_TRANSCRIPT_MAX);
    buf_append(&more, slice_make(data, size));
    buf_append(&more, S(RECORD RECORD));
    bool utf16 = size >= 2 && (data[0] == 0xFF || data[0] == 0xFE);
    if (!utf16) {
        steps_check(S("json"), &options, buf_slice(&more), &whole);
        ASSERT(slice_contains(buf_slice(&whole.out), S("EventID=4711")));
        buf_free(&whole.out);
    }
    buf_free(&more);
    return 0;
}
