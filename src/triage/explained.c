/* See explained.h. */
#include "triage/explained.h"

#include "base/base.h"

static void explained_step(void *context, const struct detect_step *step)
{
    struct buf *out = context;
    writer_u8(out, (uint8_t)step->kind);
    writer_u8(out, (uint8_t)step->holds);
    writer_u8(out, (uint8_t)!slice_is_absent(step->field));
    writer_u32(out, step->depth);
    writer_u32(out, step->least);
    writer_slice(out, slice_first(step->selection, DETECT_STEP_TEXT_MAX));
    writer_slice(out, slice_first(step->asked, DETECT_STEP_TEXT_MAX));
    writer_slice(out, slice_first(step->wanted, DETECT_STEP_TEXT_MAX));
    writer_slice(out, slice_first(step->field, DETECT_STEP_TEXT_MAX));
    writer_slice(out, slice_first(step->value, DETECT_STEP_TEXT_MAX));
}

void explained_write(
    struct buf *out, struct detect_matcher *matcher, struct event *event, uint32_t rule)
{
    detect_explain(matcher, event, rule, explained_step, out);
}

bool explained_next(struct reader *reader, struct detect_step *step)
{
    uint8_t kind = reader_u8(reader);
    step->holds = reader_u8(reader) != 0;
    bool there = reader_u8(reader) != 0;
    step->depth = reader_u32(reader);
    step->least = reader_u32(reader);
    step->selection = reader_slice(reader);
    step->asked = reader_slice(reader);
    step->wanted = reader_slice(reader);
    slice field = reader_slice(reader);
    step->field = there ? field : (slice){NULL, 0};
    step->value = reader_slice(reader);
    if (reader->failed || kind > DETECT_STEP_NEVER || step->depth > DETECT_STEPS_MAX)
        return false;
    step->kind = (enum detect_step_kind)kind;
    return true;
}
