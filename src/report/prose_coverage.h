/* The part of the text about what the evidence holds, and what it does not. */
#ifndef REPORT_PROSE_COVERAGE_H
#define REPORT_PROSE_COVERAGE_H

#include "report/prose_writer.h"

/* Lines of each of its lists. */
#define PROSE_COVERAGE_LINES_MAX 40

void prose_coverage_all(struct prose *prose);

#endif
