/* See logons.h.
 *
 * A worker's row has the key (source, log-on, place of its first record): rows of one source come
 * together, and so do equal log-ons, whichever file they are from. Two readers go over them in
 * step: the first goes ahead over all rows of a source and counts its failures, the second follows,
 * joins equal rows and gives each its rank, which is the key of the second sorter. Rejected: a map
 * of sources in memory, whose size the attacker chooses. */
#include "triage/logons.h"

#include "base/base.h"

/* Place at the end of a key: file, object, offset. */
#define LOGONS_PLACE_LEN 16U
#define LOGONS_KEY_MAX   ((size_t)16 << 10)

/* --- rows as bytes --- */

/* What a handler takes for one attacker: where it came from; without that, an account of a host. */
static void logons_write_source(struct buf *out, const struct logon *logon)
{
    bool known = logon_is_remote(logon);
    writer_slice(out, known && logon->address.len > 0 ? logon->address : S(""));
    writer_slice(out, known && logon->address.len == 0 ? logon->from : S(""));
    writer_slice(out, known ? S("") : logon->host);
    writer_slice(out, known ? S("") : logon->account);
}

static void logons_write_place(struct buf *out, const struct sign_place *place)
{
    writer_be32(out, place->file);
    writer_be32(out, place->object);
    writer_be64(out, place->offset);
}

static void logons_write_payload(struct buf *out, const struct logons_row *row)
{
    writer_u64(out, row->count);
    writer_u64(out, (uint64_t)row->first_ns);
    writer_u64(out, (uint64_t)row->last_ns);
    sign_place_write(out, &row->place);
}

/* *source is the part of the key that names it. */
static bool logons_read(slice key, slice payload, slice *source, struct logons_row *row)
{
    struct reader reader = reader_over(key);
    *row = (struct logons_row){.count = 0};
    for (size_t i = 0; i < 4; i++)
        (void)reader_slice(&reader);
    *source = slice_first(key, reader.at);
    if (!logon_read(&reader, &row->logon) || reader_left(&reader) != LOGONS_PLACE_LEN)
        return false;
    reader = reader_over(payload);
    row->count = reader_u64(&reader);
    row->first_ns = (int64_t)reader_u64(&reader);
    row->last_ns = (int64_t)reader_u64(&reader);
    row->place = sign_place_read(&reader);
    return !reader.failed && reader_left(&reader) == 0;
}

bool logons_check(slice key, slice payload)
{
    struct logons_row row;
    slice source;
    return key.len <= LOGONS_KEY_MAX && logons_read(key, payload, &source, &row);
}

/* --- worker --- */

void logons_counter_init(struct logons_counter *counter, logons_send send, void *context)
{
    *counter = (struct logons_counter){.send = send, .context = context};
    buf_init(&counter->key, LOGONS_KEY_MAX);
    buf_init(&counter->payload, LOGONS_KEY_MAX);
}

void logons_counter_free(struct logons_counter *counter)
{
    map_free(&counter->rows);
    arena_free(&counter->arena);
    buf_free(&counter->key);
    buf_free(&counter->payload);
}

/* A row that another one tells the rest of: later, or from elsewhere. */
static void logons_join(struct logons_row *row, const struct logons_row *other)
{
    bool earlier = other->first_ns != CIVIL_TIME_NONE &&
                   (row->first_ns == CIVIL_TIME_NONE || other->first_ns < row->first_ns);
    row->count += other->count;
    if (earlier) {
        row->first_ns = other->first_ns;
        row->place = other->place;
    }
    if (other->last_ns > row->last_ns)
        row->last_ns = other->last_ns;
}

void logons_count(struct logons_counter *counter, const struct logon *logon, int64_t time_ns,
    const struct sign_place *place)
{
    struct logons_row one = {.count = 1, .first_ns = time_ns, .last_ns = time_ns, .place = *place};
    bool inserted;
    buf_clear(&counter->key);
    logons_write_source(&counter->key, logon);
    logon_write(&counter->key, logon);
    if (counter->rows.count >= LOGONS_COUNTED_MAX &&
        map_find(&counter->rows, buf_slice(&counter->key)) == NULL)
        logons_flush(counter);
    buf_clear(&counter->key);
    logons_write_source(&counter->key, logon);
    logon_write(&counter->key, logon);
    uint64_t *index = map_put(&counter->rows, buf_slice(&counter->key), &inserted);
    if (!inserted) {
        logons_join(&counter->items[*index], &one);
        return;
    }
    *index = counter->rows.count - 1;
    if (*index == counter->capacity)
        counter->items = arena_grow(
            &counter->arena, counter->items, &counter->capacity, sizeof(*counter->items));
    counter->items[*index] = one;
}

void logons_flush(struct logons_counter *counter)
{
    for (size_t i = 0; i < counter->rows.count; i++) {
        buf_clear(&counter->key);
        buf_append(&counter->key, counter->rows.entries[i].key);
        logons_write_place(&counter->key, &counter->items[i].place);
        buf_clear(&counter->payload);
        logons_write_payload(&counter->payload, &counter->items[i]);
        counter->send(counter->context, buf_slice(&counter->key), buf_slice(&counter->payload));
    }
    map_free(&counter->rows);
}

/* --- parent: joining --- */

/* One reader over the joined rows. */
struct logons_joiner {
    struct sorter_reader *reader;
    struct arena arenas[2]; /* of the row handed out, and of the one read ahead */
    size_t at;
    struct logons_row ahead;
    slice ahead_key; /* without its place */
    slice ahead_source;
    bool has_ahead;
    struct logons_row row;
    slice source;
};

static enum result logons_read_ahead(struct logons_joiner *joiner, struct error *err)
{
    slice key, payload;
    struct arena *arena = &joiner->arenas[joiner->at ^ 1];
    enum result result = sorter_next(joiner->reader, &key, &payload, err);
    joiner->has_ahead = result == RESULT_OK;
    if (result != RESULT_OK)
        return result == RESULT_END ? RESULT_OK : result;
    arena_reset(arena);
    key = arena_copy(arena, key);
    /* Checked when it came in. */
    ASSERT(logons_read(key, payload, &joiner->ahead_source, &joiner->ahead));
    joiner->ahead_key = slice_first(key, key.len - LOGONS_PLACE_LEN);
    return RESULT_OK;
}

/* The next row with all that is equal to it; RESULT_END after the last. */
static enum result logons_join_next(struct logons_joiner *joiner, struct error *err)
{
    if (!joiner->has_ahead)
        return RESULT_END;
    slice key = joiner->ahead_key;
    joiner->row = joiner->ahead;
    joiner->source = joiner->ahead_source;
    joiner->at ^= 1;
    for (;;) {
        enum result result = logons_read_ahead(joiner, err);
        if (result != RESULT_OK)
            return result;
        if (!joiner->has_ahead || !slice_equal(joiner->ahead_key, key))
            return RESULT_OK;
        logons_join(&joiner->row, &joiner->ahead);
    }
}

static enum result logons_joiner_open(
    struct logons_joiner *joiner, struct sorter *counted, struct error *err)
{
    *joiner = (struct logons_joiner){.at = 0};
    enum result result = sorter_read(counted, &joiner->reader, err);
    return result == RESULT_OK ? logons_read_ahead(joiner, err) : result;
}

static void logons_joiner_free(struct logons_joiner *joiner)
{
    sorter_reader_free(joiner->reader);
    arena_free(&joiner->arenas[0]);
    arena_free(&joiner->arenas[1]);
}

/* --- parent: ranking --- */

/* What is known of a source. */
struct logons_source {
    uint64_t failures;
    int64_t first_failure_ns;
};

/* Rows that say of the same attempts what another row says better: some programs report an unknown
 * account twice, once with the method and once without. */
struct logons_echo {
    struct arena arena;
    struct logon logon; /* the last failure whose method is known in full */
    bool known;
};

static bool logons_is_echo(struct logons_echo *echo, const struct logon *logon)
{
    const struct logon *told = &echo->logon;
    if (!logon->failure)
        return false;
    if (logon->package.len > 0) {
        struct buf bytes;
        const size_t bytes_max = LOGONS_KEY_MAX;
        arena_reset(&echo->arena);
        buf_init_fixed(&bytes, arena_bytes(&echo->arena, bytes_max), bytes_max);
        logon_write(&bytes, logon);
        struct reader reader = reader_over(buf_slice(&bytes));
        echo->known = logon_read(&reader, &echo->logon);
        return false;
    }
    return echo->known && logon->method == LOGON_SSH && told->method == LOGON_SSH &&
           slice_equal(told->account, logon->account) && slice_equal(told->host, logon->host) &&
           slice_equal(told->address, logon->address) && slice_equal(told->from, logon->from) &&
           slice_equal(told->log, logon->log);
}

static bool logons_is_ticket(enum logon_method method)
{
    return method == LOGON_KERBEROS_TICKET || method == LOGON_KERBEROS_SERVICE_TICKET ||
           method == LOGON_CREDENTIAL_VALIDATION;
}

static bool logons_is_privilege(const struct logon *logon)
{
    return logon->method == LOGON_SU || logon->method == LOGON_SUDO ||
           logon->method == LOGON_SPECIAL_PRIVILEGES;
}

static bool logons_is_explicit(const struct logon *logon)
{
    if (logon_account_is_routine(logon->account))
        return false;
    return logon->method == LOGON_NETWORK_CLEARTEXT || logon->method == LOGON_NEW_CREDENTIALS ||
           logon->method == LOGON_EXPLICIT_CREDENTIALS;
}

static bool logons_is_guessed(const struct logons_row *row, const struct logons_source *source)
{
    return source->failures >= LOGONS_GUESSES && source->first_failure_ns < row->first_ns &&
           row->logon.method != LOGON_SPECIAL_PRIVILEGES;
}

static enum logons_attention logons_attention_of(
    const struct logons_row *row, const struct logons_source *source)
{
    const struct logon *logon = &row->logon;
    if (logon->failure)
        return source->failures >= LOGONS_MANY_FAILURES ? LOGONS_MANY : LOGONS_FAILED;
    if (logons_is_guessed(row, source))
        return LOGONS_GUESSED;
    if (logon_is_remote(logon) && logon_address_is_outside(logon->address))
        return LOGONS_OUTSIDE;
    if (logons_is_explicit(logon))
        return LOGONS_EXPLICIT;
    if (logons_is_ticket(logon->method) || logon_account_is_routine(logon->account) ||
        logon->method == LOGON_SERVICE || logon->method == LOGON_BATCH)
        return LOGONS_ROUTINE;
    if (logons_is_privilege(logon))
        return LOGONS_PRIVILEGED;
    return logon_is_remote(logon) ? LOGONS_REMOTE : LOGONS_LOCAL;
}

/* Failures: the source that failed most first, then the account that did. Successes: what is seldom
 * before what happens daily, but after guesses the source that failed most first; and credentials
 * of others by who used them. */
static void logons_write_rank(struct buf *out, const struct logons_row *row, slice source)
{
    bool by_source = row->attention == LOGONS_GUESSED || row->logon.failure;
    writer_u8(out, (uint8_t)row->attention);
    writer_be64(out, by_source ? UINT64_MAX - row->source_failures : 0);
    if (by_source)
        writer_slice(out, source);
    if (row->logon.failure || row->attention == LOGONS_EXPLICIT)
        writer_slice(out, row->logon.host);
    if (row->attention == LOGONS_EXPLICIT)
        writer_slice(out, row->logon.account);
    writer_be64(out, row->logon.failure ? UINT64_MAX - row->count : row->count);
    writer_be64(out, (uint64_t)row->first_ns ^ (UINT64_C(1) << 63));
    logon_write(out, &row->logon);
}

static enum result logons_put(
    struct sorter *ranked, const struct logons_row *row, slice source, struct error *err)
{
    struct buf key, payload;
    buf_init(&key, 4 * LOGONS_KEY_MAX);
    buf_init(&payload, 4 * LOGONS_KEY_MAX);
    logons_write_rank(&key, row, source);
    writer_u8(&payload, (uint8_t)row->attention);
    writer_u64(&payload, row->source_failures);
    logons_write_payload(&payload, row);
    logon_write(&payload, &row->logon);
    enum result result = sorter_add(ranked, buf_slice(&key), buf_slice(&payload), err);
    buf_free(&key);
    buf_free(&payload);
    return result;
}

/* Counts all rows of the source that the row at hand is of. */
static enum result logons_look_ahead(struct logons_joiner *ahead, struct logons_echo *echo,
    slice source, struct logons_source *counted, struct error *err)
{
    *counted = (struct logons_source){.first_failure_ns = INT64_MAX};
    while (ahead->has_ahead && slice_equal(ahead->ahead_source, source)) {
        enum result result = logons_join_next(ahead, err);
        if (result != RESULT_OK)
            return result;
        if (!ahead->row.logon.failure || logons_is_echo(echo, &ahead->row.logon))
            continue;
        counted->failures += ahead->row.count;
        if (ahead->row.first_ns != CIVIL_TIME_NONE &&
            ahead->row.first_ns < counted->first_failure_ns)
            counted->first_failure_ns = ahead->row.first_ns;
    }
    return RESULT_OK;
}

static enum result logons_rank_all(struct logons_joiner *rows, struct logons_joiner *ahead,
    struct sorter *ranked, struct error *err)
{
    struct logons_echo echoes[2] = {{.known = false}, {.known = false}};
    struct logons_source source = {.failures = 0};
    struct arena arena = {0};
    slice name = {NULL, 0};
    enum result result;
    while ((result = logons_join_next(rows, err)) == RESULT_OK) {
        if (slice_is_absent(name) || !slice_equal(name, rows->source)) {
            arena_reset(&arena);
            name = arena_copy(&arena, rows->source);
            result = logons_look_ahead(ahead, &echoes[0], name, &source, err);
        }
        if (result != RESULT_OK)
            break;
        if (logons_is_echo(&echoes[1], &rows->row.logon))
            continue;
        rows->row.source_failures = source.failures;
        rows->row.attention = logons_attention_of(&rows->row, &source);
        result = logons_put(ranked, &rows->row, rows->source, err);
        if (result != RESULT_OK)
            break;
    }
    arena_free(&echoes[0].arena);
    arena_free(&echoes[1].arena);
    arena_free(&arena);
    return result == RESULT_END ? RESULT_OK : result;
}

enum result logons_rank(struct sorter *counted, struct sorter *ranked, struct error *err)
{
    struct logons_joiner rows = {.reader = NULL}, ahead = {.reader = NULL};
    enum result result = logons_joiner_open(&rows, counted, err);
    if (result == RESULT_OK)
        result = logons_joiner_open(&ahead, counted, err);
    if (result == RESULT_OK)
        result = logons_rank_all(&rows, &ahead, ranked, err);
    logons_joiner_free(&rows);
    logons_joiner_free(&ahead);
    return result;
}

enum result logons_next(struct sorter_reader *ranked, struct logons_row *row, struct error *err)
{
    slice key, payload;
    enum result result = sorter_next(ranked, &key, &payload, err);
    if (result != RESULT_OK)
        return result;
    struct reader reader = reader_over(payload);
    struct logons_row made = {.attention = (enum logons_attention)reader_u8(&reader)};
    made.source_failures = reader_u64(&reader);
    made.count = reader_u64(&reader);
    made.first_ns = (int64_t)reader_u64(&reader);
    made.last_ns = (int64_t)reader_u64(&reader);
    made.place = sign_place_read(&reader);
    /* We wrote it ourselves. */
    ASSERT(logon_read(&reader, &made.logon) && !reader.failed &&
           made.attention < LOGONS_ATTENTION_COUNT);
    *row = made;
    return RESULT_OK;
}
