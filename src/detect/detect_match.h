/* Which rules an event matches. */
#ifndef DETECT_DETECT_MATCH_H
#define DETECT_DETECT_MATCH_H

#include "base/buf.h"
#include "detect/detect_compile.h"
#include "event/event.h"

/* Working memory of one matching process. */
struct detect_matcher;
struct detect_matcher *detect_matcher_new(const struct detect_program *program);
void detect_matcher_free(struct detect_matcher *matcher);
/* Indexes (into rule_set_rules) of the plain rules that the event matches, ascending; valid until
 * the next call. Filters are applied. */
const uint32_t *detect_match(struct detect_matcher *matcher, struct event *event, size_t *count);
/* The same by asking every rule, whatever clues there are: what tests compare with. With
 * `ignore_log_source` rules match events from anywhere (rules test). */
const uint32_t *detect_match_one_by_one(
    struct detect_matcher *matcher, struct event *event, bool ignore_log_source, size_t *count);
/* What a rule cost. */
struct detect_cost {
    uint64_t asked, matched; /* times */
    uint64_t time_ns;
};
/* From now on what each rule costs is counted (which takes time itself). The array has a cost for
 * each rule and lives as long as the matcher; whoever reads it may set it to zero. */
struct detect_cost *detect_matcher_profile(struct detect_matcher *matcher);

/* Regular expressions that were given up at RULE_REGEX_MATCH_LIMIT, and so did not match. */
uint64_t detect_matcher_limited(const struct detect_matcher *matcher);
/* The field of the event that the rule sees under one of its names (rule.fields): spaces in names
 * are ignored, and its log source may say that another one stands for it. NULL when absent. */
const struct event_field *detect_field(
    const struct detect_program *program, uint32_t rule, const struct event *event, slice name);

/* True when matches of this rule must be fed to the correlator. */
bool detect_feeds_correlation(const struct detect_program *program, uint32_t rule);
/* Serialises what correlations need of the event for this rule (group-by and value fields, aliases
 * applied): the payload of a match. */
void detect_correlation_payload(const struct detect_program *program, uint32_t rule,
    const struct event *event, struct buf *payload);

#endif
