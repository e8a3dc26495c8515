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

enum gap_mark_says {
#define SAYS(id, name) GAP_MARK_SAYS_##id,
#define WINDOWS(kind, provider, code, says)
#define AUDIT(kind, type, says)
#define PROGRAM(kind, program, words, says)
#include "triage/gap_marks.def"
#undef SAYS
#undef WINDOWS
#undef AUDIT
#undef PROGRAM
    GAP_MARK_SAYS_COUNT
};

struct gap_mark {
    enum gap_mark_kind kind;
    slice says; /* a name of the table; where it says of what, behind GAP_MARK_OF */
    slice user; /* who did it, as far as it says */
};

#define GAP_MARK_OF       ": "
#define GAP_MARK_TEXT_MAX 256U

/* False when it says nothing of the kind. Texts live as long as the event. */
bool gap_mark_from_event(struct event *event, struct gap_mark *mark);
/* Takes apart what a mark says: *of is what it is said of, or empty. False when the table does not
 * have it. */
bool gap_mark_take_apart(slice text, enum gap_mark_says *says, slice *of);

#endif
