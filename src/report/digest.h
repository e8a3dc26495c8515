/* What one pass over the signs leaves for a report: of each incident the signs worth showing, and
 * of all signs outside incidents a sum by rule. Memory is bounded by the limits given, however many
 * signs there are. */
#ifndef REPORT_DIGEST_H
#define REPORT_DIGEST_H

#include "base/base.h"
#include "triage/result.h"

/* Rules (or other products' signatures) that are told apart; signs of further ones are only
 * counted. */
#define DIGEST_RULES_MAX 10000
/* Hosts named of one rule. */
#define DIGEST_HOSTS_MAX 3

struct digest_limits {
    size_t incidents; /* of the first so many, signs are kept */
    size_t signs;     /* at most so many of each: the strongest, */
    bool every_rule;  /* and all, or where that is too many the first of every further rule */
    size_t raw_max;   /* bytes of each record */
};

#define DIGEST_NO_RANK SIZE_MAX

struct digest_sign {
    struct triage_sign sign;
    size_t rank; /* among the incident's strongest, or DIGEST_NO_RANK */
};

struct digest_incident {
    struct digest_sign *signs; /* in order of time */
    size_t count;
    size_t capacity;
    size_t other_count; /* of them not among the strongest */
    bool whole;         /* all of its signs are kept */
};

/* The signs of one rule that are in no incident. */
struct digest_rule {
    const struct rule *rule; /* NULL for another product's alert */
    slice id;
    slice title;
    enum rule_level level;
    enum rule_kind kind;
    uint64_t count;
    int64_t first_ns, last_ns;
    slice hosts[DIGEST_HOSTS_MAX];
    size_t host_count;
    bool more_hosts;
    uuid sign;                   /* the first of them, */
    struct triage_record record; /* and its first record; path empty when it has none */
};

struct digest {
    struct arena arena;
    struct digest_incident *incidents; /* as many as digest_limits.incidents, or all */
    size_t incident_count;
    struct digest_rule *precursors; /* strongest first: level, then how many */
    size_t precursor_count;
    struct digest_rule *others;
    size_t other_count;
    uint64_t precursor_signs, other_signs; /* all of them */
    uint64_t uncounted;                    /* of them under no rule: DIGEST_RULES_MAX */
};

/* Reads the signs once. On RESULT_OK the caller calls digest_free. */
MUST_USE enum result digest_make(struct digest *digest, struct triage_result *result,
    const struct digest_limits *limits, struct error *err);
void digest_free(struct digest *digest);

/* The first entity of that type, or the absent slice. */
slice digest_entity(const struct entity *entities, size_t count, enum entity_type type);

#endif
