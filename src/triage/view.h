/* Which view of a run is wanted besides its signs: each needs something else of every event. */
#ifndef TRIAGE_VIEW_H
#define TRIAGE_VIEW_H

enum triage_view {
    TRIAGE_VIEW_NONE,
    TRIAGE_VIEW_LOGONS,   /* who logged on where: logons.h; no signs */
    TRIAGE_VIEW_GAPS,     /* what is missing of the logs: gaps.h; no signs */
    TRIAGE_VIEW_PIVOTS,   /* what signs name: pivots.h */
    TRIAGE_VIEW_TIMELINE, /* signs in order of time */
    TRIAGE_VIEW_EVENTS,   /* and every event as a row: timeline.h */
    TRIAGE_VIEW_DECODED,  /* every event whole: decoded.h; no signs */
    TRIAGE_VIEW_COSTS,    /* what rules cost: costs.h */
    TRIAGE_VIEW_EXPLAIN,  /* why rules match: explained.h */
};

#endif
