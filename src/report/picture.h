/* Timelines as SVG inside the page: one of all signs, one of each incident told in full. A lane for
 * each host, time from left to right, a mark where signs are, whose shape says how strong the
 * strongest of them is: it is readable in grey and without colours. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include "report/html.h"
#include "report/phrase.h"
#include "triage/result.h"

struct pictures;

/* Reads the signs once and counts them into places, for all and for the first `incidents`. */
MUST_USE enum result pictures_make(
    struct triage_result *result, size_t incidents, struct pictures **pictures, struct error *err);
/* NULL is fine. */
void pictures_free(struct pictures *pictures);

/* Whether there is anything with a time to draw. */
bool pictures_has_overview(const struct pictures *pictures);
/* All signs, the events behind them and the spans of the incidents. */
void pictures_write_overview(
    const struct pictures *pictures, struct html *html, struct phrase *phrase);
/* Of the incident of that index. Nothing when none of its signs has a time. */
void pictures_write_incident(
    const struct pictures *pictures, size_t incident, struct html *html, struct phrase *phrase);
/* The shapes and what they stand for. */
void pictures_write_legend(struct html *html);

#endif
