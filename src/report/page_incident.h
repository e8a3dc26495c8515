/* The part of the page about incidents, and about signs in none. */
#ifndef REPORT_PAGE_INCIDENT_H
#define REPORT_PAGE_INCIDENT_H

#include "report/page_writer.h"

/* Incidents told in full; further ones are rows of the table, */
#define PAGE_INCIDENTS_FULL 30
/* up to so many in all. */
#define PAGE_INCIDENTS_MAX 500

/* The table of incidents, then each in full. */
void page_incident_all(struct page *page);
/* Signs in no incident, summed by rule: precursors, then the others. */
void page_incident_none(struct page *page);

#endif
