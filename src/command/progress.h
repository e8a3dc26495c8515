/* The progress bar on a terminal: records, MB/s, time left. */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include "triage/run.h"

struct progress {
    bool shown;    /* a line stands on the terminal */
    bool terminal; /* standard error is one */
};

void progress_begin(struct progress *progress);
void progress_show(struct progress *progress, const struct triage_progress *now);
/* Takes the line away, before anything else is written. */
void progress_clear(struct progress *progress);

#endif
