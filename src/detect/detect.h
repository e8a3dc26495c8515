/* detect: rules over events.
 *
 * Takes Sigma rules (2.1), gives matches, and from matches in the order of time correlation
 * firings. Loading and compiling run in the parent before evidence is opened; matching runs in the
 * detect role; correlating in the parent (triage) or the correlator (station). May open: nothing
 * (rule files are read by the caller).
 *
 * Kept apart, so that each can be replaced: load (sigma_load.c) → compile (detect_compile.c) →
 * match (detect_match.c) → correlate (correlate.c). */
#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "detect/limits.h"
#include "event/event.h"

enum rule_level { RULE_INFORMATIONAL, RULE_LOW, RULE_MEDIUM, RULE_HIGH, RULE_CRITICAL };
enum rule_kind { RULE_INDICATOR, RULE_PRECURSOR };
/* SP 800-61r2, 3.2.1; RULE_VECTOR_UNKNOWN until something says. */
enum rule_vector {
    RULE_VECTOR_UNKNOWN,
    RULE_VECTOR_MEDIA,
    RULE_VECTOR_ATTRITION,
    RULE_VECTOR_WEB,
    RULE_VECTOR_EMAIL,
    RULE_VECTOR_IMPERSONATION,
    RULE_VECTOR_IMPROPER_USAGE,
    RULE_VECTOR_LOSS,
    RULE_VECTOR_OTHER,
};

/* What is known of a rule, loaded or refused. All slices live as long as the set. */
struct rule {
    slice id; /* UUID text; where the rule has none, derived from its file and title */
    slice title;
    slice title_ja; /* of the project's own rules (key hikeshi.title_ja); absent elsewhere */
    slice name;     /* for correlations; may be absent */
    slice description;
    slice file;
    uint32_t line; /* 1-based line where the document begins */
    bool shipped;  /* one of the project's own */
    bool refused;
    slice reason; /* why it was refused: line, column and words, in the user's language */
    slice reason_english;
    bool correlation;
    bool filter;
    bool generate; /* it gives signs itself (a rule only used by a correlation does not, unless
                      generate: true) */
    enum rule_level level;
    enum rule_kind kind;
    enum rule_vector vector;
    slice product, category, service; /* logsource; absent where not given */
    slice *attack; /* "T1059.001", "TA0001"; upper case, from tags attack.*, tactic names turned to
                      their ids */
    size_t attack_count;
    slice *references, *false_positives; /* texts for reports */
    size_t reference_count, false_positive_count;
    slice *fields; /* names of the event fields that the rule looks at */
    size_t field_count;
};

/* As in rules and output: "high", "precursor", "web"; the vector not known is the empty slice. */
slice rule_level_name(enum rule_level level);
bool rule_level_parse(slice name, enum rule_level *level);
slice rule_kind_name(enum rule_kind kind);
bool rule_kind_parse(slice name, enum rule_kind *kind);
slice rule_vector_name(enum rule_vector vector);
bool rule_vector_parse(slice name, enum rule_vector *vector);

struct rule_set;

struct rule_set *rule_set_new(void);
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

/* A compiled set: immutable, shared between processes by fork, regular expressions already machine
 * code. Refers to `set`, which must outlive it and not be added to. Rules that cannot be compiled
 * become refused, with the reason. */
struct detect_program;
/* Never NULL. */
struct detect_program *detect_compile(struct rule_set *set);
/* NULL is fine. */
void detect_program_free(struct detect_program *program);

/* Working memory of one matching process. */
struct detect_matcher;
struct detect_matcher *detect_matcher_new(const struct detect_program *program);
void detect_matcher_free(struct detect_matcher *matcher);
/* Indexes (into rule_set_rules) of the plain rules that the event matches, ascending; valid until
 * the next call. Filters are applied. `ignore_log_source` evaluates every rule (rules test). */
const uint32_t *detect_match(
    struct detect_matcher *matcher, struct event *event, bool ignore_log_source, size_t *count);
/* Regular expressions that were given up at RULE_REGEX_MATCH_LIMIT, and so did not match. */
uint64_t detect_matcher_limited(const struct detect_matcher *matcher);
/* The field of the event that the rule sees under one of its names (rule.fields): spaces in names
 * are ignored, and its log source may say that another one stands for it. NULL when absent. */
const struct event_field *detect_field(
    const struct detect_program *program, uint32_t rule, const struct event *event, slice name);

/* --- correlation --- */

/* True when matches of this rule must be fed to the correlator. */
bool detect_feeds_correlation(const struct detect_program *program, uint32_t rule);
/* Serialises what correlations need of the event for this rule (group-by and value fields, aliases
 * applied): the payload of a match. */
void detect_correlation_payload(const struct detect_program *program, uint32_t rule,
    const struct event *event, struct buf *payload);

struct correlator;

struct correlation_firing {
    uint32_t rule;
    int64_t time_ns;  /* when the condition first became true */
    int64_t first_ns; /* first and last contributing match */
    int64_t last_ns;
    uint64_t count;              /* contributing matches while it stayed true */
    const slice *names, *values; /* the group-by fields and their values */
    size_t group_count;
    const slice *records; /* record keys as fed, the first contributing one first; at most
                             CORRELATION_RECORDS_MAX */
    size_t record_count;
};

typedef enum result (*correlation_emit)(
    void *context, const struct correlation_firing *firing, struct error *err);

struct correlator *correlator_new(
    const struct detect_program *program, correlation_emit emit, void *context);
void correlator_free(struct correlator *correlator);
/* One match, in ascending order of time. `record` identifies the record (opaque bytes). */
MUST_USE enum result correlator_feed(struct correlator *correlator, uint32_t rule, int64_t time_ns,
    slice record, slice payload, struct error *err);
/* Ends all windows. A firing is emitted when its condition stops being true, or here. */
MUST_USE enum result correlator_finish(struct correlator *correlator, struct error *err);
/* Windows that were dropped because the memory limit was reached. */
uint64_t correlator_evicted(const struct correlator *correlator);

#endif
