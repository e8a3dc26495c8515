/* Pivots: what signs name, as values to look for elsewhere; each once, with how strong, how often
 * and in which incidents. In bounded memory: through the view's two sorters. */
#ifndef TRIAGE_PIVOTS_H
#define TRIAGE_PIVOTS_H

#include "base/sorter.h"
#include "triage/result.h"

/* The types of entities, and command lines, in the order of the view. */
enum pivots_type {
    PIVOTS_HOST,
    PIVOTS_USER,
    PIVOTS_IP,
    PIVOTS_DOMAIN,
    PIVOTS_URL,
    PIVOTS_HASH,
    PIVOTS_PROCESS,
    PIVOTS_COMMAND,
    PIVOTS_FILE,
    PIVOTS_EMAIL,
    PIVOTS_TYPE_COUNT
};

/* Incidents listed of one value. */
#define PIVOTS_INCIDENTS_MAX 32U

struct pivots_row {
    enum pivots_type type;
    slice value;
    enum rule_level level; /* the strongest of its signs */
    slice rule;            /* title of the first rule of that level */
    uint64_t rules;        /* different ones */
    uint64_t signs;
    int64_t first_ns, last_ns;                /* CIVIL_TIME_NONE: no sign has a time */
    uint32_t incidents[PIVOTS_INCIDENTS_MAX]; /* indexes into triage_incidents, ascending */
    size_t incident_count;
    bool more_incidents;
};

/* Takes the values out of all signs (the incidents must be known) and puts them, ranked, into
 * `ranked`: by type, then level, rules, signs, time. `spread` is used on the way. */
MUST_USE enum result pivots_rank(
    struct triage_result *result, struct sorter *spread, struct sorter *ranked, struct error *err);
/* Rows in their order; texts live until the next call. RESULT_END after the last. */
MUST_USE enum result pivots_next(
    struct sorter_reader *ranked, struct pivots_row *row, struct error *err);

#endif
