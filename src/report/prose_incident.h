/* The part of the text about incidents, and about signs in none. */
#ifndef REPORT_PROSE_INCIDENT_H
#define REPORT_PROSE_INCIDENT_H

#include "report/prose_writer.h"

/* Incidents told in full; further ones take a line each, */
#define PROSE_INCIDENTS_FULL 20
/* up to so many in all. */
#define PROSE_INCIDENTS_MAX 200
/* Of each incident in full. */
#define PROSE_SIGNS_MAX 5

void prose_incident_all(struct prose *prose);
/* Signs in no incident, summed by rule: precursors, then the others. */
void prose_incident_none(struct prose *prose);

#endif
