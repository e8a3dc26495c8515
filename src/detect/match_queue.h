/* Matches in the order of time, the oldest first. */
#ifndef DETECT_MATCH_QUEUE_H
#define DETECT_MATCH_QUEUE_H

#include "detect/match_record.h"

struct match_entry {
    int64_t time_ns;
    struct match_record *record;
    union {
        double number;      /* value_sum and its kin */
        uint64_t hash;      /* value_count and shares: of the value */
        uint32_t reference; /* temporal: which of the correlation's rules */
    };
};

/* A zeroed one is empty. */
struct match_queue {
    struct match_entry *entries; /* from `first` on */
    size_t first, count, capacity;
};

/* Gives back the records. */
void match_queue_free(struct match_queue *queue);
/* Holds the record. */
void match_queue_push(struct match_queue *queue, const struct match_entry *entry);
/* Takes the entry out and gives its record back: 0 is the oldest. */
void match_queue_remove(struct match_queue *queue, size_t index);
/* Bytes held, without records. */
size_t match_queue_memory(const struct match_queue *queue);

static inline const struct match_entry *match_queue_at(
    const struct match_queue *queue, size_t index)
{
    return &queue->entries[queue->first + index];
}

#endif
