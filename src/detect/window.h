/* The window of one correlation and one group: the matches of the last timespan, and what they add
 * up to. */
#ifndef DETECT_WINDOW_H
#define DETECT_WINDOW_H

#include "detect/distinct.h"
#include "detect/exact_sum.h"
#include "detect/program.h"
#include "detect/ranks.h"
#include "detect/temporal.h"

/* The firing that is going on. */
struct window_firing {
    bool going;
    int64_t time_ns, first_ns, last_ns;
    uint64_t count;
    struct match_record **records;
    size_t record_count;
};

/* What a window keeps up to date, and so what it is asked. */
enum window_measure {
    WINDOW_COUNT,
    WINDOW_DISTINCT,
    WINDOW_SUM,
    WINDOW_RANK,
    WINDOW_SHARE,
    WINDOW_STEPS,
};

struct window {
    struct window *newer, *older; /* of the same correlation, by last match */
    const struct program_correlation *correlation;
    slice key; /* the group's values, each as writer_slice */
    int64_t last_ns;
    enum window_measure measure;
    struct match_queue matches; /* but WINDOW_DISTINCT and WINDOW_STEPS keep their own */
    union {
        struct distinct distinct;  /* WINDOW_DISTINCT */
        struct exact_sum *sum;     /* WINDOW_SUM */
        struct ranks ranks;        /* WINDOW_RANK */
        struct value_index shares; /* WINDOW_SHARE: how often each value is there */
        struct temporal temporal;  /* WINDOW_STEPS */
    };
    uint64_t dropped; /* matches dropped over a limit that were still asked for */
    struct window_firing firing;
};

/* Never NULL. The key is copied. */
struct window *window_new(const struct program_correlation *correlation, slice key);
/* Gives back its records. */
void window_free(struct window *window);

/* Drops what is older than the timespan before `now_ns` (what is exactly as old stays), then adds
 * the match, whose time that is; holds its record. Times never go back. */
void window_add(struct window *window, const struct match_entry *entry);
/* Whether the correlation's condition holds for what is in the window. */
bool window_holds(const struct window *window);
/* Bytes that the window takes, without records. */
size_t window_memory(const struct window *window);

/* Begins or extends the firing with the newest match, which is of this record. */
void window_fire(struct window *window, struct match_record *newest);
/* Forgets the firing. */
void window_fire_end(struct window *window);

#endif
