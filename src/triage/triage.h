/* triage: signs → incidents, and the run that leads there.
 *
 * Takes paths of evidence and compiled rules, gives a result (result.h): sources, signs in order of
 * time, incidents, coverage. Runs in the parent and the detect role: run.c is the parent: it finds
 * and opens files, hands them to sandboxed children (worker.c, the detect role), takes their signs
 * and matches, correlates, groups. What another view wants of every event goes through collect.c
 * (workers) and a sorter to the file of that view (logons.c, gaps.c, pivots.c, timeline.c). May
 * open: evidence read-only and unnamed temporary files (parent); nothing (children). */
#ifndef TRIAGE_TRIAGE_H
#define TRIAGE_TRIAGE_H

#include "triage/result.h"

#endif
