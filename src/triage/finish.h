/* The end of a run: years, correlations, and what was counted, moved into the result. */
#ifndef TRIAGE_FINISH_H
#define TRIAGE_FINISH_H

#include "triage/state.h"

/* Chooses the years of deferred objects and says so. */
void finish_years(struct state *state);
/* Correlates, groups, and fills the result. */
MUST_USE enum result finish_run(struct state *state, struct error *err);

#endif
