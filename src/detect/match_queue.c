/* See match_queue.h. An array that slides: what the front gave up is taken back when the end is
 * reached and half is free. Rejected: a ring, which saves those moves and costs every reader a
 * wrap. */
#include "detect/match_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/checked.h"

#define MATCH_QUEUE_FIRST_CAPACITY ((size_t)4)

void match_queue_free(struct match_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        match_record_release(match_queue_at(queue, i)->record);
    free(queue->entries);
    *queue = (struct match_queue){0};
}

void match_queue_push(struct match_queue *queue, const struct match_entry *entry)
{
    if (queue->first + queue->count == queue->capacity && queue->first > queue->count) {
        memcpy(
            queue->entries, &queue->entries[queue->first], queue->count * sizeof(*queue->entries));
        queue->first = 0;
    } else if (queue->first + queue->count == queue->capacity) {
        size_t capacity = size_max(MATCH_QUEUE_FIRST_CAPACITY, queue->capacity * 2);
        struct match_entry *grown = realloc(queue->entries, capacity * sizeof(*grown));
        ASSERT(grown != NULL);
        queue->entries = grown;
        queue->capacity = capacity;
    }
    queue->entries[queue->first + queue->count++] = *entry;
    (void)match_record_hold(entry->record);
}

void match_queue_remove(struct match_queue *queue, size_t index)
{
    ASSERT(index < queue->count);
    struct match_entry *front = &queue->entries[queue->first];
    struct match_entry *removed = front + index;
    size_t behind = queue->count - index - 1;
    match_record_release(removed->record);
    queue->count--;
    if (index <= behind) {
        memmove(front + 1, front, index * sizeof(*front));
        queue->first++;
    } else {
        memmove(removed, removed + 1, behind * sizeof(*front));
    }
}

size_t match_queue_memory(const struct match_queue *queue)
{
    return queue->capacity * sizeof(*queue->entries);
}
