/* Next steps for an incident, by attack vector and stage, in the terms of NIST SP 800-61r2
 * (3.3, 3.4): advice in general, never a finding about this evidence. */
#ifndef REPORT_STEPS_H
#define REPORT_STEPS_H

#include "base/base.h"
#include "triage/result.h"

enum steps_kind { STEPS_CONTAIN, STEPS_PRESERVE, STEPS_ANALYSE, STEPS_NOTIFY, STEPS_KINDS };

/* What such steps are called. */
slice steps_kind_name(enum steps_kind kind);
/* The next step of that kind for the incident. *position: 0 at first, kept between calls. False
 * after the last. */
bool steps_next(
    const struct triage_incident *incident, enum steps_kind kind, size_t *position, slice *step);

#endif
