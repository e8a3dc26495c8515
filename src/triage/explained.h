/* Explanations (detect/detect_explain.h) as bytes, from a worker to whoever shows them. */
#ifndef TRIAGE_EXPLAINED_H
#define TRIAGE_EXPLAINED_H

#include "base/buf.h"
#include "detect/detect.h"
#include "wire/reader.h"

/* Appends the explanation of why the rule matches the event, or does not. */
void explained_write(
    struct buf *out, struct detect_matcher *matcher, struct event *event, uint32_t rule);
/* The next step; false at the end, or when the bytes are none. */
bool explained_next(struct reader *reader, struct detect_step *step);

#endif
