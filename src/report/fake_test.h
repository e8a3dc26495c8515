/* Results of runs that never were, for the tests of reports: they implement triage/result.h from
 * data made here. */
#ifndef REPORT_FAKE_TEST_H
#define REPORT_FAKE_TEST_H

#include "triage/result.h"

/* "rich"     three incidents, precursors, gaps, assumptions: what a real run looks like
 * "hostile"  the same with every text from evidence replaced by an attack on whoever shows it
 * "quiet"    no incident
 * "nothing"  not even an event
 * "many"     more of everything than a report shows */
struct triage_result *fake_result(const char *name);

#endif
