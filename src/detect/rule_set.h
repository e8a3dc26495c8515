/* All rules of a run, loaded and refused. */
#ifndef DETECT_RULE_SET_H
#define DETECT_RULE_SET_H

#include "base/region.h"
#include "base/result.h"
#include "detect/rule.h"

struct rule_set;

/* In a region, to be kept with its compiled rules, or anywhere (NULL). */
struct rule_set *rule_set_new(struct region *region);
/* NULL is fine. */
void rule_set_free(struct rule_set *set);
/* Adds all documents of one file. What cannot be loaded becomes a refused rule with file, line and
 * reason: a document, or from a mistake in the YAML on the rest of the file. */
void rule_set_add(struct rule_set *set, slice path, slice yaml, bool shipped);
/* Values for the `expand` modifier: YAML, `name: [values]`. */
MUST_USE enum result rule_set_placeholders(
    struct rule_set *set, slice path, slice yaml, struct error *err);
/* The log-source mapping (rules/logsources.yml; doc/sigma.md). Without it every rule applies to
 * every event. Where the mapping marks places as `wider`, rules look there only when asked to. */
MUST_USE enum result rule_set_log_sources(
    struct rule_set *set, slice path, slice yaml, struct error *err);
void rule_set_wider(struct rule_set *set, bool wider);
/* All rules, loaded and refused, in the order they were added; valid after detect_compile. */
const struct rule *rule_set_rules(const struct rule_set *set, size_t *count);

/* For compiling: puts the file's name in front of a message, and marks a rule as refused. */
MUST_USE enum result rule_set_error_in(slice path, const struct error *why, struct error *err);
void rule_set_refuse(struct rule_set *set, size_t index, const struct error *why);

#endif
