/* detect: rules over events.
 *
 * Takes Sigma rules (2.1), gives matches, and from matches in the order of time correlation
 * firings. Loading and compiling run in the parent before evidence is opened; matching runs in the
 * detect role; correlating in the parent (triage) or the correlator (station). May open: nothing
 * (rule files are read by the caller).
 *
 * Kept apart, so that each can be replaced: load (sigma_load.c) → compile
 * (detect_compile.c) → match (detect_match.c) → correlate (correlator.c). */
#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include "detect/correlator.h"
#include "detect/detect_compile.h"
#include "detect/detect_explain.h"
#include "detect/detect_match.h"
#include "detect/limits.h"
#include "detect/rule.h"
#include "detect/rule_set.h"

#endif
