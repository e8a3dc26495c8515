/* The window of one correlation and one group: the matches of the last timespan, and what they add
 * up to. */
#ifndef DETECT_WINDOW_H
#define DETECT_WINDOW_H

#include "detect/program.h"

/* A record's key, shared by all entries that it stands in. */
struct window_record {
    size_t *total; /* bytes of all records */
    uint32_t references;
    uint32_t len;
    char bytes[];
};

struct window_entry {
    int64_t time_ns;
    uint32_t reference; /* which of the correlation's rules */
    uint64_t hash;      /* value_count: of the value */
    double number;      /* value_sum and its kin */
    struct window_record *record;
};

/* The firing that is going on. */
struct window_firing {
    bool going;
    int64_t time_ns, first_ns, last_ns;
    uint64_t count;
    struct window_record **records;
    size_t record_count;
};

struct window {
    struct window *newer, *older; /* of the same correlation, by last match */
    const struct program_correlation *correlation;
    slice key; /* the group's values, each as writer_slice */
    int64_t last_ns;
    struct window_entry *entries; /* in order of time */
    size_t first, count, capacity;
    double *sorted; /* median and percentile: the numbers in order */
    size_t sorted_capacity;
    double sum;
    uint64_t removed; /* numbers taken out of `sum` since it was made anew */
    uint64_t dropped; /* entries dropped over a limit since this was last asked */
    struct window_firing firing;
};

/* Never NULL. The key is copied. */
struct window *window_new(const struct program_correlation *correlation, slice key);
/* Gives back its records. */
void window_free(struct window *window);

/* The bytes are copied, and counted in *total as long as the record is there; one reference is held
 * by the caller. */
struct window_record *window_record_new(slice bytes, size_t *total);
void window_record_release(struct window_record *record);

/* Drops what is older than the timespan before `now_ns`; what is exactly as old stays. */
void window_expire(struct window *window, int64_t now_ns);
/* Adds a match; takes its own reference to the record. Times never go back. */
void window_add(struct window *window, const struct window_entry *entry);
/* Whether the correlation's condition holds for what is in the window. */
bool window_holds(const struct window *window);
/* Bytes that the window takes, without records. */
size_t window_memory(const struct window *window);

/* Begins or extends the firing with the newest match. */
void window_fire(struct window *window, int64_t now_ns);
/* Forgets the firing. */
void window_fire_end(struct window *window);

/* Whether a number satisfies all operators of the correlation. */
bool window_compare(const struct sigma_correlation *spec, double number);

#endif
