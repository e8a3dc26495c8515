/* The log-ons of a run, counted: one row for each (account, host, source, method, outcome), in the
 * order in which a handler should look at them. Workers count, the parent joins and ranks, both in
 * bounded memory (base/sorter.h): nothing is left out, however many there are. */
#ifndef TRIAGE_LOGONS_H
#define TRIAGE_LOGONS_H

#include "base/map.h"
#include "base/sorter.h"
#include "triage/logon.h"
#include "triage/sign.h"

/* Why a handler should look: the first that is true of a row. Rows come in this order. */
enum logons_attention {
    LOGONS_GUESSED,    /* it first worked after failures of the same source: LOGONS_GUESSES */
    LOGONS_OUTSIDE,    /* it worked from an address of the Internet */
    LOGONS_EXPLICIT,   /* with another's credentials, or with a password in clear text */
    LOGONS_MANY,       /* it failed, and its source failed LOGONS_MANY_FAILURES times */
    LOGONS_REMOTE,     /* it worked, over the network */
    LOGONS_FAILED,     /* it failed */
    LOGONS_PRIVILEGED, /* somebody got more rights: su, sudo, special privileges */
    LOGONS_LOCAL,      /* it worked, at the system itself */
    LOGONS_ROUTINE,    /* machines, services and tickets */
    LOGONS_ATTENTION_COUNT
};

#define LOGONS_GUESSES       5U
#define LOGONS_MANY_FAILURES 10U

struct logons_row {
    struct logon logon;
    uint64_t count;
    int64_t first_ns, last_ns; /* CIVIL_TIME_NONE: none has a time */
    struct sign_place place;   /* of the first record */
    /* Once ranked. */
    enum logons_attention attention;
    uint64_t source_failures; /* of the same source, on all hosts; without a source: of the same
                                 account on this host */
};

/* --- worker --- */

/* Rows counted at the same time; when there are more they are sent and begun anew. */
#define LOGONS_COUNTED_MAX ((size_t)1 << 14)

/* Sends one row; the key is unique to it. */
typedef void (*logons_send)(void *context, slice key, slice payload);

struct logons_counter {
    logons_send send;
    void *context;
    struct map rows; /* a row's key without its place → index */
    struct logons_row *items;
    struct arena arena;
    size_t capacity;
    struct buf key;
    struct buf payload;
};

void logons_counter_init(struct logons_counter *counter, logons_send send, void *context);
void logons_counter_free(struct logons_counter *counter);
void logons_count(struct logons_counter *counter, const struct logon *logon, int64_t time_ns,
    const struct sign_place *place);
/* Sends what was counted and forgets it. */
void logons_flush(struct logons_counter *counter);

/* --- parent --- */

/* Whether a worker's row is one. */
bool logons_check(slice key, slice payload);
/* Joins the rows of `counted` and puts them, ranked, into `ranked`. */
MUST_USE enum result logons_rank(struct sorter *counted, struct sorter *ranked, struct error *err);

/* Rows in their order; texts live until the next call. RESULT_END after the last. */
MUST_USE enum result logons_next(
    struct sorter_reader *ranked, struct logons_row *row, struct error *err);

#endif
