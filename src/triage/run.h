/* One triage run over files. */
#ifndef TRIAGE_RUN_H
#define TRIAGE_RUN_H

#include <signal.h>

#include "decode/decode.h"
#include "detect/detect.h"
#include "triage/result.h"
#include "triage/view.h"

struct assets;

/* --source NAME=GLOB: objects whose path fits the pattern are of that format (a name of
 * decode_formats), or their events of that data set (nginx.access, …). */
struct triage_override {
    slice name;
    const char *glob;
};

struct triage_progress {
    uint64_t bytes, bytes_total; /* of the evidence files; total is 0 while unknown */
    uint64_t records;
    uint64_t signs;
    int64_t elapsed_ns;
};

/* Everything a run needs; read by the parent and, through fork, by its workers. */
struct triage_options {
    const char *const *paths;
    size_t path_count;
    const struct rule_set *rules;
    const struct detect_program *program;
    struct decode_options decode; /* products, --map, --timezone, --recover; year from --year */
    const struct assets *assets;  /* may be NULL */
    const struct triage_override *overrides;
    size_t override_count;
    slice product; /* a definition of decode.products: all events are its; empty: by `match` */
    const char *const *passphrases;
    size_t passphrase_count;
    enum rule_level min_level;
    enum triage_view view; /* what is collected besides signs */
    /* TRIAGE_VIEW_EXPLAIN: with `explain_record` a row for each event of a record of that number
     * tells why this rule matches it, or does not; without, each sign of a rule tells why. */
    bool explain_record;
    uint64_t explain_number;
    uint32_t explain_rule;
    int64_t since_ns,
        until_ns; /* CIVIL_TIME_NONE: open; events without a time are always looked at */
    const char *temporary_directory;
    unsigned jobs; /* workers: 1.. */
    int64_t now_ns;
    /* A line for stderr: something was refused, undecodable or left out. */
    void (*problem)(void *context, const struct error *why);
    /* Now and then, while evidence is read; may be NULL. */
    void (*progress)(void *context, const struct triage_progress *progress);
    void *context;
    const volatile sig_atomic_t *stop; /* set by a signal handler: finish with what there is */
};

#define TRIAGE_JOBS_MAX 64U

/* Runs to the end or until *stop. *problems tells whether anything was refused, undecodable or
 * altered. */
MUST_USE enum result triage_run(
    const struct triage_options *options, struct triage_result **result, struct error *err);

#endif
