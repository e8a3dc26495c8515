/* audit.log: the same events however the bytes come, and a record behind any others is read. */
#include "fuzz.h"

#include "steps.h"

#define LINE "\ntype=USER_LOGIN msg=audit(1700000000.000:4711): msg='acct=\"fuzzed\" res=failed'\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct decode_options options = {0};
    struct steps whole;
    struct buf more;
    buf_init(&more, STEPS_TRANSCRIPT_MAX);
    buf_append(&more, slice_make(data, size));
    buf_append(&more, S(LINE));
    steps_check(S("auditd"), &options, buf_slice(&more), &whole);
    ASSERT(slice_contains(buf_slice(&whole.out), S("acct=fuzzed")));
    buf_free(&whole.out);
    buf_free(&more);
    return 0;
}
