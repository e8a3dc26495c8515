/* A capture gives the same events and the same reports whether it comes at once or byte by byte. */
#include "fuzz.h"

#include "base/base.h"
#include "decode/capture.h"
#include "steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {0};
    struct steps whole;
    steps_check(S("pcap"), &options, slice_make(data, size), &whole);
    buf_free(&whole.out);
    return 0;
}
