/* The signs of an incident with their records, as a table of the page. */
#ifndef REPORT_PAGE_SIGN_H
#define REPORT_PAGE_SIGN_H

#include "report/page_writer.h"

/* Signs of each incident, and bytes of each record. */
#define PAGE_SIGNS_MAX 40
#define PAGE_RAW_MAX   TRIAGE_RAW_MAX

void page_sign_table(
    struct page *page, const struct triage_incident *incident, const struct digest_incident *kept);

#endif
