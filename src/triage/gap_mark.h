/* What an event says of the log that it is in, or of logging on its host: cleared, stopped,
 * changed, lost. */
#ifndef TRIAGE_GAP_MARK_H
#define TRIAGE_GAP_MARK_H

#include "event/event.h"

enum gap_mark_kind {
    GAP_MARK_CLEARED,
    GAP_MARK_AUDIT_OFF,
    GAP_MARK_AUDIT_CHANGED,
    GAP_MARK_LOST,
    GAP_MARK_CLOCK_CHANGED,
    GAP_MARK_STOPPED,
    GAP_MARK_STARTED,
    GAP_MARK_COUNT
};

struct gap_mark {
    enum gap_mark_kind kind;
    slice says; /* in English, and what of */
    slice user; /* who did it, as far as it says */
};

#define GAP_MARK_TEXT_MAX 256U

/* False when it says nothing of the kind. Texts live as long as the event. */
bool gap_mark_from_event(struct event *event, struct gap_mark *mark);

#endif
