/* Which year a log without years is from. Never the file's modification time. */
#ifndef TRIAGE_YEARS_H
#define TRIAGE_YEARS_H

#include <stdint.h>

#include "base/civil.h"
#include "base/slice.h"

enum years_source {
    YEARS_FROM_NAME,       /* a date in the object's name, as log rotation gives */
    YEARS_FROM_NEIGHBOURS, /* the span of the dated evidence */
    YEARS_FROM_NOW,        /* nothing else: the latest year that is not in the future */
};

/* The year of the last stamp (its civil.year is ignored). `first_ns`..`last_ns` is the span of
 * dated evidence, CIVIL_TIME_NONE when there is none. */
int32_t years_infer(slice name, const struct civil *last, int64_t first_ns, int64_t last_ns,
    int64_t now_ns, enum years_source *source);

#endif
