/* See costs.h. Rows are sorted by rule, so that adding up needs one row at a time. */
#include "triage/costs.h"

#include "base/base.h"
#include "wire/reader.h"

/* Rule, then what makes the row unique. */
static void costs_key(struct buf *key, uint32_t rule, const struct sign_place *place)
{
    buf_clear(key);
    writer_be32(key, rule);
    sign_place_key_write(key, place);
}

static void costs_write(struct buf *payload, const struct detect_cost *cost)
{
    buf_clear(payload);
    writer_u64(payload, cost->asked);
    writer_u64(payload, cost->matched);
    writer_u64(payload, cost->time_ns);
}

static bool costs_read(slice payload, struct detect_cost *cost)
{
    struct reader reader = reader_over(payload);
    cost->asked = reader_u64(&reader);
    cost->matched = reader_u64(&reader);
    cost->time_ns = reader_u64(&reader);
    return !reader.failed && reader_left(&reader) == 0;
}

void costs_flush(struct detect_cost *costs, size_t count, const struct sign_place *place,
    costs_send send, void *context)
{
    struct buf key, payload;
    buf_init(&key, SORTER_KEY_MAX);
    buf_init(&payload, SORTER_KEY_MAX);
    for (size_t i = 0; i < count; i++) {
        if (costs[i].asked == 0)
            continue;
        costs_key(&key, (uint32_t)i, place);
        costs_write(&payload, &costs[i]);
        send(context, buf_slice(&key), buf_slice(&payload));
        costs[i] = (struct detect_cost){0};
    }
    buf_free(&key);
    buf_free(&payload);
}

bool costs_check(slice key, slice payload)
{
    struct detect_cost cost;
    return key.len == 24 && costs_read(payload, &cost);
}

/* Ranked: the longest time has the smallest key. */
static enum result costs_put(
    struct sorter *ranked, const struct costs_row *row, struct buf *key, struct error *err)
{
    char memory[24];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof(memory));
    costs_write(&payload, &row->cost);
    buf_clear(key);
    writer_be64(key, UINT64_MAX - row->cost.time_ns);
    writer_be32(key, row->rule);
    return sorter_add(ranked, buf_slice(key), buf_slice(&payload), err);
}

/* Sums of outside numbers: at the largest number they stay. */
static void costs_add(uint64_t *sum, uint64_t more)
{
    *sum = more > UINT64_MAX - *sum ? UINT64_MAX : *sum + more;
}

static enum result costs_join(
    struct sorter_reader *reader, struct sorter *ranked, struct buf *out, struct error *err)
{
    struct costs_row row = {0};
    slice key, payload;
    enum result result;
    while ((result = sorter_next(reader, &key, &payload, err)) == RESULT_OK) {
        struct detect_cost cost;
        struct reader rule = reader_over(key);
        uint32_t number = reader_be32(&rule);
        if (!costs_read(payload, &cost))
            continue;
        if (row.cost.asked > 0 && number != row.rule) {
            result = costs_put(ranked, &row, out, err);
            if (result != RESULT_OK)
                return result;
            row.cost = (struct detect_cost){0};
        }
        row.rule = number;
        costs_add(&row.cost.asked, cost.asked);
        costs_add(&row.cost.matched, cost.matched);
        costs_add(&row.cost.time_ns, cost.time_ns);
    }
    if (result == RESULT_END)
        result = row.cost.asked > 0 ? costs_put(ranked, &row, out, err) : RESULT_OK;
    return result;
}

enum result costs_rank(struct sorter *rows, struct sorter *ranked, struct error *err)
{
    struct sorter_reader *reader;
    struct buf key;
    enum result result = sorter_read(rows, &reader, err);
    if (result != RESULT_OK)
        return result;
    buf_init(&key, SORTER_KEY_MAX);
    result = costs_join(reader, ranked, &key, err);
    buf_free(&key);
    sorter_reader_free(reader);
    return result;
}

enum result costs_next(struct sorter_reader *ranked, struct costs_row *row, struct error *err)
{
    slice key, payload;
    enum result result = sorter_next(ranked, &key, &payload, err);
    if (result != RESULT_OK)
        return result;
    struct reader rank = reader_over(key);
    (void)reader_be64(&rank);
    row->rule = reader_be32(&rank);
    ASSERT(costs_read(payload, &row->cost)); /* costs_put wrote it */
    return RESULT_OK;
}
