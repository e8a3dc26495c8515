/* What a triage run found: sources, signs in order of time, incidents, coverage, counts. Reports
 * read only this.
 *
 * Signs may be many and live in a temporary file: they are read in order, as often as needed.
 * Everything handed out lives as long as the result, but a sign only until the next call of
 * triage_signs_next. */
#ifndef TRIAGE_RESULT_H
#define TRIAGE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "detect/detect.h"
#include "event/entity.h"
#include "triage/activity.h"
#include "wire/hash.h"

/* One evidence object: a file, or a member of an archive. */
struct triage_source {
    slice path;         /* as given or found; members as outer.zip!inner/log.gz */
    slice file;         /* the path of the evidence file on disk (the part before the first '!') */
    hash_sha256 sha256; /* of that file on disk; all zero when it could not be read to its end */
    uint64_t size;      /* of that file on disk, bytes */
    slice format;       /* a name of decode_formats; absent when nothing recognised it */
    uint64_t records;
    uint64_t events;
    uint64_t undecoded;
    int64_t first_ns, last_ns; /* of its events, CIVIL_TIME_NONE when there are none */
    unsigned time_assumed;     /* EVENT_TIME_ASSUMED_… of its events, together */
    int32_t year;              /* the year assumed for its first record, when one was */
    slice note_en;             /* why it was not or not wholly read; absent when all is well */
    slice note;                /* the same in the user's language */
};

/* What was decoded of one log of one host. */
struct triage_coverage {
    slice host;    /* normalised; may be empty */
    slice channel; /* Windows channel or event.dataset */
    uint64_t events;
    int64_t first_ns, last_ns;
};

/* A log that hosts of this kind usually have and that is not in the evidence. */
struct triage_missing {
    slice host;
    slice channel;
};

struct triage_record {
    slice path;
    uint64_t number;
};

struct triage_field {
    slice name;
    slice value;
};

#define TRIAGE_NO_INCIDENT UINT32_MAX

enum triage_sign_source { TRIAGE_FROM_SIGMA, TRIAGE_FROM_CORRELATION, TRIAGE_FROM_ALERT };

struct triage_sign {
    uuid id;
    enum triage_sign_source source;
    const struct rule *rule; /* NULL for another product's alert */
    slice rule_id;           /* for alerts: the product's id of the signature, else its name */
    slice title;             /* the rule's, or the alert's name (text from evidence) */
    enum rule_kind kind;
    enum rule_level level;
    enum rule_vector vector;
    int64_t time_ns;   /* CIVIL_TIME_NONE when its record has no time */
    int64_t last_ns;   /* correlations: last contributing record; else time_ns */
    uint64_t count;    /* correlations: contributing records; else 1 */
    uint32_t incident; /* index into triage_incidents, or TRIAGE_NO_INCIDENT */
    bool time_assumed;
    bool recovered;
    const struct triage_record *records;
    size_t record_count;
    const struct entity *entities;
    size_t entity_count;
    const struct triage_field
        *fields; /* the fields that the rule looked at; group values of a correlation */
    size_t field_count;
    slice raw; /* the record as text, or its fields as one JSON object; cut at TRIAGE_RAW_MAX */
    /* Of runs whose view shows them (view.h); empty for correlations. */
    slice source_address;
    slice command_line;
    slice explained; /* explained.h */
};

#define TRIAGE_RAW_MAX ((size_t)8 << 10)

/* One line of an incident's reasons: a rule on a host. */
struct triage_why {
    slice title; /* rule or alert */
    const struct rule *rule;
    slice host; /* may be empty */
    uint64_t count;
    enum rule_level level;
    double weight; /* points that it gave */
};

struct triage_incident {
    uuid id;
    int64_t raised_ns;
    int64_t first_ns, last_ns;
    slice title; /* in the user's language: leading sign, hosts */
    slice title_en;
    enum rule_level priority;
    double points; /* what the reasons add up to */
    const enum rule_vector *vectors;
    size_t vector_count;
    const slice *attack; /* tactics and techniques, sorted */
    size_t attack_count;
    const struct entity *entities; /* by type, then how many signs name them */
    size_t entity_count;
    const uint64_t *entity_signs;
    const struct triage_why *why; /* strongest first */
    size_t why_count;
    const uuid
        *strongest; /* ids of the strongest signs, strongest first: at most TRIAGE_STRONGEST_MAX */
    size_t strongest_count;
    uint64_t sign_count;
};
#define TRIAGE_STRONGEST_MAX 12

struct triage_counts {
    uint64_t sources, bytes, records, events, undecoded;
    uint64_t rules_loaded, rules_refused;
    uint64_t signs, incidents;
    uint64_t precursors;          /* of the signs */
    uint64_t dropped_fields;      /* over EVENT_FIELDS_MAX in one event */
    uint64_t limited_expressions; /* given up on a value at a limit, so that they did not match */
    uint64_t evicted_windows;     /* correlations */
    uint64_t unlinked_entities;   /* entities past the limit, not used for grouping */
    int64_t first_ns, last_ns;
    bool interrupted; /* Ctrl-C: this is what was found so far */
};

struct triage_result;

void triage_result_free(struct triage_result *result);
const struct triage_source *triage_sources(const struct triage_result *result, size_t *count);
/* The object of that number in the file of that number (struct sign_place), or NULL. */
const struct triage_source *triage_source_at(
    const struct triage_result *result, uint32_t file, uint32_t object);
/* Strongest first: priority, then points, then time. */
const struct triage_incident *triage_incidents(const struct triage_result *result, size_t *count);
/* Sorted by host, then channel. */
const struct triage_coverage *triage_coverages(const struct triage_result *result, size_t *count);
const struct triage_missing *triage_missing_logs(const struct triage_result *result, size_t *count);
const struct triage_counts *triage_counts(const struct triage_result *result);
/* When the events happened; empty when none has a time. Never NULL. */
const struct activity *triage_activity(const struct triage_result *result);
const struct rule *triage_rules(const struct triage_result *result, size_t *count);

struct sorter;
/* Rows of the run's view, in its order, for the view's own reader (logons_next, …); NULL for a view
 * without rows of its own. */
struct sorter *triage_rows(const struct triage_result *result);

struct triage_signs;
/* Signs in order of time, path, record; signs under --min-level are left out. */
MUST_USE enum result triage_signs_open(
    struct triage_result *result, struct triage_signs **signs, struct error *err);
/* RESULT_END after the last. */
MUST_USE enum result triage_signs_next(
    struct triage_signs *signs, struct triage_sign *sign, struct error *err);
void triage_signs_free(struct triage_signs *signs);

#endif
