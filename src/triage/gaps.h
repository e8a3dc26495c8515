/* What is missing of the logs: holes in record numbers and in time, clocks that went back, logs
 * that were cleared, stopped or changed, and logs that begin late or end early while their host
 * goes on.
 *
 * Workers send stretches without a hole (gap_stretch.h); the parent joins those of all files of a
 * log, whatever their order, in bounded memory (base/sorter.h). */
#ifndef TRIAGE_GAPS_H
#define TRIAGE_GAPS_H

#include "base/sorter.h"
#include "triage/sign.h"

/* A silence is long when it is longer than this, and than GAPS_FACTOR times the log's usual one:
 * the length in whose shadow half of the log's time lies, the silence itself not counted. */
#define GAPS_LONG_NS (INT64_C(5) * 60 * 1000000000)
#define GAPS_FACTOR  4
/* A log of fewer events has no usual silence. */
#define GAPS_EVENTS_MIN 20U
/* Silences of one log that are judged, and stretches of a host that are told apart; of more the
 * first, and the others are counted: GAPS_NOT_JUDGED. */
#define GAPS_SILENCES_MAX ((size_t)1 << 16)

/* What was found, in the order in which a handler should look at it. */
enum gaps_kind {
    GAPS_CLEARED,
    GAPS_AUDIT_OFF,
    GAPS_NUMBERS_RESTARTED, /* the same numbers again, later */
    GAPS_ENDS_EARLY,        /* its host goes on for longer than a long silence */
    GAPS_SILENT,            /* a long silence, in which other logs of the host go on */
    GAPS_RECORDS_MISSING,   /* a hole in the record numbers */
    GAPS_AUDIT_CHANGED,
    GAPS_CLOCK_BACK, /* a later record has an earlier time */
    GAPS_CLOCK_CHANGED,
    GAPS_LOST,
    GAPS_BEGINS_LATE,
    GAPS_STOPPED,
    GAPS_STARTED,
    GAPS_HOST_SILENT, /* a long silence of all logs of the host; of a log that names no host */
    GAPS_NOT_JUDGED,
    GAPS_KIND_COUNT
};

struct gaps_row {
    enum gaps_kind kind;
    slice host;
    slice log;              /* empty: all logs of the host */
    int64_t from_ns, to_ns; /* the last event before it and the first after it; of an event: both */
    uint64_t missing;       /* records, where they have numbers; GAPS_NOT_JUDGED: silences */
    uint64_t from_number, to_number; /* of those two records; 0: none */
    slice says;                      /* of an event */
    slice user;
    struct sign_place place; /* of the record after it, of the last one where none is after */
};

/* Finds what is missing in the stretches and puts it, ranked, into `ranked`. */
MUST_USE enum result gaps_rank(struct sorter *stretches, struct sorter *ranked, struct error *err);
/* Rows in their order; texts live until the next call. RESULT_END after the last. */
MUST_USE enum result gaps_next(
    struct sorter_reader *ranked, struct gaps_row *row, struct error *err);

#endif
