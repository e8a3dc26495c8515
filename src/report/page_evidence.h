/* The part of the page that an examiner asks for: what the evidence covers and what it does not,
 * the manifest, assumptions, refused rules, limits. */
#ifndef REPORT_PAGE_EVIDENCE_H
#define REPORT_PAGE_EVIDENCE_H

#include "report/page_writer.h"

/* Rows of its tables, and of the manifest. */
#define PAGE_ROWS_MAX     400
#define PAGE_MANIFEST_MAX 5000

void page_evidence_all(struct page *page);

#endif
