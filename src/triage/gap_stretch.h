/* Stretches of a log without a hole: what a worker sends of it, and what the parent joins (gaps.h).
 *
 * A log is a channel of a host where events name their channel and carry record numbers (Windows);
 * else the files of a host whose last two names are the same but for what rotation adds: auth.log,
 * auth.log.1 and auth.log.2.gz, and those of a later collection. */
#ifndef TRIAGE_GAP_STRETCH_H
#define TRIAGE_GAP_STRETCH_H

#include "base/map.h"
#include "triage/gap_mark.h"
#include "triage/sign.h"

/* Shorter silences are none. */
#define GAP_STRETCH_STEP_NS (INT64_C(60) * CIVIL_NS_PER_S)
/* A clock that went back by more was set back; less is the order in which things are written. */
#define GAP_STRETCH_BACK_NS (INT64_C(5) * 60 * CIVIL_NS_PER_S)
/* And it stays so for as many records: logs that are written out of order come back at once. */
#define GAP_STRETCH_BACK_RECORDS 5U

enum gap_stretch_kind {
    GAP_STRETCH_HOST,    /* of time, of any log of the host */
    GAP_STRETCH_NUMBERS, /* of record numbers */
    GAP_STRETCH_TIMES,   /* of time */
    GAP_STRETCH_BACK, /* of a log without record numbers: the time of a later record is earlier */
    GAP_STRETCH_MARK, /* an event that speaks of the log */
    GAP_STRETCH_KIND_COUNT
};

/* In the order of their keys: by host; of each host its own first, then log by log; of each log by
 * kind, and by first number or time. */
struct gap_stretch {
    enum gap_stretch_kind kind;
    slice host;
    slice log; /* empty for GAP_STRETCH_HOST */
    int64_t first_ns, last_ns;
    uint64_t first_number, last_number; /* of the records with those times */
    uint64_t events;
    struct sign_place first, last; /* of those records */
    struct gap_mark mark;          /* GAP_STRETCH_MARK */
};

/* Logs followed in one object at the same time; when there are more, all are begun anew. */
#define GAP_STRETCH_LOGS_MAX 4096U

typedef void (*gap_stretch_send)(void *context, slice key, slice payload);

struct gap_stretch_log;

struct gap_stretch_counter {
    gap_stretch_send send;
    void *context;
    struct map names; /* host NUL log → index */
    struct gap_stretch_log *logs;
    size_t capacity;
    struct arena arena;
    struct buf key, payload;
};

void gap_stretch_counter_init(
    struct gap_stretch_counter *counter, gap_stretch_send send, void *context);
void gap_stretch_counter_free(struct gap_stretch_counter *counter);
/* `path` names the log where the event names no channel. Recovered records are left out. */
void gap_stretch_count(struct gap_stretch_counter *counter, struct event *event, slice host,
    slice path, const struct sign_place *place);
/* The object is at its end. */
void gap_stretch_flush(struct gap_stretch_counter *counter);

/* The last two names of a path, without what rotation adds: .1, .2.gz, -20261120. */
slice gap_stretch_log_name(slice path);

/* How long from one time to another, negative when it is before; as much as fits. */
int64_t gap_stretch_apart(int64_t from_ns, int64_t to_ns);

/* False when the bytes are none. Slices are into them. */
bool gap_stretch_read(slice key, slice payload, struct gap_stretch *stretch);

#endif
