/* What a run has found so far: the inside of struct triage_result. Written by run.c, correlating.c
 * and group.c, read by result.c. */
#ifndef TRIAGE_FOUND_H
#define TRIAGE_FOUND_H

#include "base/map.h"
#include "base/sorter.h"
#include "triage/activity.h"
#include "triage/result.h"
#include "triage/sign.h"

/* One evidence file on disk, and where its objects begin in `sources` (its object n is
 * sources[first + n]). */
struct found_file {
    slice path;
    uint64_t size;
    hash_sha256 sha256;
    bool hashed;
    size_t first;
    size_t count;
};

struct triage_result {
    struct arena arena; /* everything that lives as long as the result */
    const struct rule *rules;
    size_t rule_count;
    struct found_file *files;
    size_t file_count;
    struct triage_source *sources;
    size_t source_count;
    struct sorter *signs;
    struct sorter *rows;     /* of the view, in its order; NULL without a view */
    uint32_t *sign_incident; /* by the sign's position in `signs`; TRIAGE_NO_INCIDENT */
    size_t sign_count;
    struct triage_incident *incidents;
    size_t incident_count;
    struct triage_coverage *coverage;
    size_t coverage_count;
    struct triage_missing *missing;
    size_t missing_count;
    struct triage_counts counts;
    struct activity activity;
};

/* The source at a place, or NULL when there is none. */
const struct triage_source *found_source(
    const struct triage_result *result, const struct sign_place *place);
/* The sign's id: UUIDv8 of rule, record, index; for correlations of rule, group, first record. */
uuid found_sign_id(
    const struct triage_result *result, const struct sign_key *key, const struct sign_body *body);
/* The sign's title in the user's language, or in English. */
slice found_title(
    const struct triage_result *result, uint32_t rule, const struct sign_body *body, bool english);

#endif
