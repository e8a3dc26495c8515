/* See reorder.h. A heap by time. The clock is that of the matches themselves: a match whose time
 * lies far ahead makes those after it late, so whoever feeds times of evidence that comes from
 * outside bounds them by when it was received. Rejected: lists by second, which are faster and
 * whose number an attacker chooses. */
#include "detect/reorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "detect/limits.h"

#define REORDER_FIRST_CAPACITY ((size_t)64)

struct reorder_item {
    int64_t time_ns;
    uint64_t number; /* in the order they came */
    uint32_t rule;
    uint32_t record_len, payload_len;
    char bytes[]; /* the record, then the payload */
};

struct reorder {
    int64_t lateness_ns;
    struct reorder_item **items; /* a heap, the earliest first */
    size_t count, capacity;
    size_t bytes;
    uint64_t added;
    bool started; /* a match came; newest_ns says */
    int64_t newest_ns;
    bool gave; /* a match was given out; given_ns says */
    int64_t given_ns;
    bool ended;
    struct reorder_item *given; /* the last one */
    uint64_t late, hurried;
};

static slice reorder_record(const struct reorder_item *item)
{
    return slice_make(item->bytes, item->record_len);
}

static size_t reorder_size(const struct reorder_item *item)
{
    return sizeof(*item) + sizeof(struct reorder_item *) + item->record_len + item->payload_len;
}

static bool reorder_before(const struct reorder_item *a, const struct reorder_item *b)
{
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns;
    int order = slice_compare(reorder_record(a), reorder_record(b));
    return order != 0 ? order < 0 : a->number < b->number;
}

struct reorder *reorder_new(int64_t lateness_ns)
{
    struct reorder *reorder = calloc(1, sizeof(*reorder));
    ASSERT(reorder != NULL && lateness_ns >= 0);
    reorder->lateness_ns = lateness_ns;
    return reorder;
}

void reorder_free(struct reorder *reorder)
{
    if (reorder == NULL)
        return;
    for (size_t i = 0; i < reorder->count; i++)
        free(reorder->items[i]);
    free(reorder->items);
    free(reorder->given);
    free(reorder);
}

static void reorder_push(struct reorder *reorder, struct reorder_item *item)
{
    if (reorder->count == reorder->capacity) {
        size_t capacity = size_max(REORDER_FIRST_CAPACITY, reorder->capacity * 2);
        struct reorder_item **grown =
            realloc(reorder->items, capacity * sizeof(struct reorder_item *));
        ASSERT(grown != NULL);
        reorder->items = grown;
        reorder->capacity = capacity;
    }
    size_t hole = reorder->count++;
    while (hole > 0 && reorder_before(item, reorder->items[(hole - 1) / 2])) {
        reorder->items[hole] = reorder->items[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    reorder->items[hole] = item;
    reorder->bytes += reorder_size(item);
}

static struct reorder_item *reorder_pop(struct reorder *reorder)
{
    struct reorder_item *first = reorder->items[0];
    struct reorder_item *last = reorder->items[--reorder->count];
    size_t hole = 0;
    for (;;) {
        size_t child = hole * 2 + 1;
        if (child + 1 < reorder->count &&
            reorder_before(reorder->items[child + 1], reorder->items[child]))
            child++;
        if (child >= reorder->count || !reorder_before(reorder->items[child], last))
            break;
        reorder->items[hole] = reorder->items[child];
        hole = child;
    }
    reorder->items[hole] = last;
    reorder->bytes -= reorder_size(first);
    return first;
}

bool reorder_add(struct reorder *reorder, const struct reorder_match *match)
{
    size_t len;
    ASSERT(!reorder->ended);
    ASSERT(match->record.len <= UINT32_MAX && match->payload.len <= UINT32_MAX);
    if (reorder->gave && match->time_ns < reorder->given_ns) {
        reorder->late++;
        return false;
    }
    len = match->record.len + match->payload.len;
    struct reorder_item *item = malloc(sizeof(*item) + len);
    ASSERT(item != NULL);
    *item = (struct reorder_item){.time_ns = match->time_ns,
        .number = reorder->added++,
        .rule = match->rule,
        .record_len = (uint32_t)match->record.len,
        .payload_len = (uint32_t)match->payload.len};
    if (match->record.len > 0)
        memcpy(item->bytes, match->record.at, match->record.len);
    if (match->payload.len > 0)
        memcpy(item->bytes + match->record.len, match->payload.at, match->payload.len);
    if (!reorder->started || match->time_ns > reorder->newest_ns)
        reorder->newest_ns = match->time_ns;
    reorder->started = true;
    reorder_push(reorder, item);
    return true;
}

bool reorder_next(struct reorder *reorder, struct reorder_match *match)
{
    int64_t due_ns;
    if (reorder->count == 0)
        return false;
    bool due = reorder->ended ||
               (checked_add_i64(reorder->items[0]->time_ns, reorder->lateness_ns, &due_ns) &&
                   due_ns < reorder->newest_ns);
    bool full =
        reorder->count > CORRELATION_WAITING_MAX || reorder->bytes > CORRELATION_WAITING_BYTES;
    if (!due && !full)
        return false;
    reorder->hurried += !due;
    free(reorder->given);
    struct reorder_item *item = reorder_pop(reorder);
    reorder->given = item;
    reorder->gave = true;
    reorder->given_ns = item->time_ns;
    *match = (struct reorder_match){.time_ns = item->time_ns,
        .rule = item->rule,
        .record = reorder_record(item),
        .payload = slice_make(item->bytes + item->record_len, item->payload_len)};
    return true;
}

void reorder_end(struct reorder *reorder)
{
    reorder->ended = true;
}

uint64_t reorder_late(const struct reorder *reorder)
{
    return reorder->late;
}

uint64_t reorder_hurried(const struct reorder *reorder)
{
    return reorder->hurried;
}
