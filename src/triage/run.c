/* See run.h. The parent opens files and hands them out; everything that looks into them happens in
 * the workers. Files are read in two rounds: first all, then the objects whose stamps have no year,
 * once the dated ones have told which it is. */
#include "triage/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "base/clock.h"
#include "proc/child.h"
#include "proc/temporary.h"
#include "triage/finish.h"
#include "triage/parts.h"
#include "triage/receive.h"
#include "triage/state.h"

#define RUN_POLL_MS          100
#define RUN_PROGRESS_STEP_NS (CIVIL_NS_PER_S / 5)
#define RUN_COPY_SIZE        ((size_t)256 << 10)

static int run_temporary(void *context)
{
    const struct triage_options *options = context;
    int fd = -1;
    struct error err;
    if (temporary_open(options->temporary_directory, &fd, &err) != RESULT_OK)
        return -1;
    return fd;
}

/* --- files --- */

static void run_on_walk_problem(void *context, const char *path, const struct error *why)
{
    (void)path;
    receive_report(context, why);
}

/* Copies standard input, which cannot be read twice, into a temporary file. */
static enum result run_keep_stdin(struct state *state, struct error *err)
{
    char *block = malloc(RUN_COPY_SIZE);
    ASSERT(block != NULL);
    enum result result =
        temporary_open(state->options->temporary_directory, &state->stdin_file, err);
    while (result == RESULT_OK && *state->options->stop == 0) {
        ssize_t got = read(STDIN_FILENO, block, RUN_COPY_SIZE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            break;
        if (got < 0 || write(state->stdin_file, block, (size_t)got) != got)
            result = error_set(err, RESULT_SYSTEM, TEXT_TRIAGE_STDIN, ARG(strerror(errno)));
    }
    free(block);
    return result;
}

/* The file's descriptor; standard input is opened anew from its copy. */
static enum result run_open(
    struct state *state, struct state_file *file, int *fd, struct error *err)
{
    if (!slice_equal(slice_from_cstr(file->path), S("-")))
        return walk_open(file->path, fd, &file->size, err);
    if (state->stdin_file < 0) {
        enum result result = run_keep_stdin(state, err);
        if (result != RESULT_OK)
            return result;
    }
    off_t end = lseek(state->stdin_file, 0, SEEK_END);
    *fd = dup(state->stdin_file);
    if (end < 0 || *fd < 0)
        return error_set(err, RESULT_SYSTEM, TEXT_TRIAGE_STDIN, ARG(strerror(errno)));
    file->size = (uint64_t)end;
    return RESULT_OK;
}

static enum result run_find_files(struct state *state, struct error *err)
{
    state->walk.problem = run_on_walk_problem;
    state->walk.context = state;
    for (size_t i = 0; i < state->options->path_count; i++) {
        struct error why;
        if (walk_add(&state->walk, state->options->paths[i], &why) != RESULT_OK)
            receive_report(state, &why);
    }
    if (state->walk.count == 0)
        return error_set(err, RESULT_USAGE, TEXT_TRIAGE_NOTHING);
    struct arena *arena = &state->result->arena;
    state->file_count = state->walk.count;
    state->files = ARENA_ARRAY(arena, struct state_file, state->file_count);
    state->queue = ARENA_ARRAY(arena, uint32_t, state->file_count);
    for (size_t i = 0; i < state->file_count; i++) {
        state->files[i] = (struct state_file){
            .path = arena_cstr(arena, slice_from_cstr(state->walk.files[i].path)),
            .crashed_object = PROTOCOL_NO_OBJECT};
        state->bytes_total += walk_size(state->files[i].path);
    }
    return RESULT_OK;
}

/* --- jobs --- */

static enum result run_send_job(struct state *state, struct pool_worker *worker, uint32_t number,
    uint32_t part, int fd, struct error *err)
{
    struct state_file *file = &state->files[number];
    struct decode_part bounds = parts_bounds(file, part);
    struct buf job;
    int fds[CHANNEL_FDS_MAX] = {fd, run_temporary((void *)(uintptr_t)state->options)};
    buf_init(&job, CHANNEL_FRAME_MAX);
    writer_u32(&job, number);
    writer_u64(&job, file->size);
    writer_slice(&job, slice_from_cstr(file->path));
    writer_u8(&job, (uint8_t)state->round);
    writer_u32(&job, part == 0 || part == PROTOCOL_NO_PART ? file->first_object : 0);
    writer_u64(&job, bounds.from);
    writer_u64(&job, bounds.to);
    writer_u8(&job, part == PROTOCOL_NO_PART && state->round == 1 && file->size >= PARTS_FILE_MIN);
    size_t years = state->round == 1 ? 0 : size_min(file->deferred, PROTOCOL_YEARS_MAX);
    writer_u32(&job, (uint32_t)years);
    for (size_t i = 0; i < file->object_count && years > 0; i++) {
        if (!file->objects[i].deferred)
            continue;
        writer_u32(&job, (uint32_t)i);
        writer_u32(&job, (uint32_t)file->objects[i].source.year);
        years--;
    }
    enum result result = channel_send_fds(
        worker->channel, PROTOCOL_JOB, buf_slice(&job), fds, fds[1] >= 0 ? 2 : 1, err);
    if (fds[1] >= 0)
        close(fds[1]);
    buf_free(&job);
    worker->busy = true;
    worker->file = number;
    worker->part = part;
    return result;
}

/* Takes the next job: parts of files that were begun, then the next file. */
static bool run_next(struct state *state, uint32_t *file, uint32_t *part)
{
    if (parts_next(state, file, part))
        return true;
    if (state->queue_at == state->queue_count)
        return false;
    *file = state->queue[state->queue_at++];
    *part = PROTOCOL_NO_PART;
    return true;
}

/* Opens the file and sends it to the worker. */
static void run_begin_job(
    struct state *state, struct pool_worker *worker, uint32_t number, uint32_t part)
{
    struct state_file *file = &state->files[number];
    struct error why;
    int fd;
    uint64_t size = file->size;
    if (run_open(state, file, &fd, &why) != RESULT_OK) {
        receive_report(state, &why);
        receive_note(state, file, &file->note, &file->note_en, &why);
        return;
    }
    if (part != PROTOCOL_NO_PART)
        file->size = size; /* as it was when the parts were made */
    /* A worker that died is noticed when its channel is read. */
    (void)run_send_job(state, worker, number, part, fd, &why);
    close(fd);
}

/* Gives the next job to the worker, which is started again when it has ended. */
static enum result run_assign(struct state *state, size_t index, struct error *err)
{
    struct pool_worker *worker = &state->pool.workers[index];
    uint32_t file, part;
    while (!worker->busy && run_next(state, &file, &part)) {
        if (worker->channel == NULL) {
            enum result result = pool_restart(&state->pool, index, err);
            if (result != RESULT_OK)
                return result;
        }
        run_begin_job(state, worker, file, part);
    }
    return RESULT_OK;
}

static void run_job_done(struct state *state, struct pool_worker *worker)
{
    if (worker->part != PROTOCOL_NO_PART)
        state->bytes_done += parts_len(&state->files[worker->file], worker->part);
    else if (state->round == 1)
        state->bytes_done += state->files[worker->file].size;
    worker->busy = false;
}

/* Objects that the dead worker left unfinished keep what it had counted. */
static void run_give_up_object(
    struct state *state, struct state_file *file, const struct protocol_shared *shared)
{
    struct error err;
    uint32_t number = file->crashed_object;
    uint64_t record = atomic_load(&shared->number);
    slice suffix = S("");
    if (number < file->object_count) {
        suffix = file->objects[number].suffix;
        file->objects[number].ended = true;
        file->objects[number].deferred = false;
    }
    char memory[8192];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof(memory));
    buf_append_cstr(&name, file->path);
    buf_append(&name, suffix);
    (void)error_set(
        &err, RESULT_MALFORMED, TEXT_TRIAGE_CRASHED, ARG(buf_slice(&name)), ARG(record));
    receive_report(state, &err);
    if (number < file->object_count)
        receive_note(state, file, &file->objects[number].source.note,
            &file->objects[number].source.note_en, &err);
    else
        receive_note(state, file, &file->note, &file->note_en, &err);
    file->first_object = number < UINT32_MAX ? number + 1 : number;
}

/* A worker ended in the middle of a job: the object is tried once more, then left. */
static void run_worker_died(struct state *state, size_t index)
{
    struct pool_worker *worker = &state->pool.workers[index];
    int status;
    bool was_busy = worker->busy;
    struct state_file *file = &state->files[worker->file];
    pool_reap(&state->pool, index, &status);
    if (was_busy && worker->part != PROTOCOL_NO_PART) {
        parts_died(state, worker);
    } else if (was_busy) {
        uint32_t object = atomic_load(&worker->shared->object);
        bool again = file->crashed_object == object;
        file->crashed_object = object;
        file->first_object = object;
        if (again)
            run_give_up_object(state, file, worker->shared);
        if (++file->crashes < STATE_CRASHES_MAX)
            state->queue[--state->queue_at] = worker->file;
        else
            run_give_up_object(state, file, worker->shared);
    }
}

static enum result run_take_frames(struct state *state, size_t index, struct error *err)
{
    struct pool_worker *worker = &state->pool.workers[index];
    struct channel_frame frame;
    struct error why;
    enum result pumped = channel_pump(worker->channel, &why);
    for (;;) {
        enum result result = channel_next(worker->channel, &frame, &why);
        if (result == RESULT_END)
            break;
        if (result == RESULT_OK) {
            for (size_t i = 0; i < frame.fd_count; i++)
                close(frame.fds[i]);
            result = receive_frame(state, worker, frame.payload, frame.type, &why);
        }
        if (result == RESULT_END)
            run_job_done(state, worker);
        if (result == RESULT_SYSTEM || result == RESULT_LIMIT) {
            *err = why;
            return result;
        }
        if (result == RESULT_MALFORMED) {
            /* It is not to be trusted any more. */
            receive_report(state, &why);
            child_kill(worker->pid);
            pumped = RESULT_END;
            break;
        }
    }
    if (pumped != RESULT_OK)
        run_worker_died(state, index);
    return RESULT_OK;
}

static void run_progress(struct state *state, bool last)
{
    int64_t now_ns = clock_monotonic_ns();
    if (state->options->progress == NULL ||
        (!last && now_ns - state->progress_ns < RUN_PROGRESS_STEP_NS))
        return;
    state->progress_ns = now_ns;
    struct triage_progress progress = {.bytes = state->bytes_done,
        .bytes_total = state->bytes_total,
        .records = state->pool.records_before,
        .signs = sorter_added(state->result->signs),
        .elapsed_ns = now_ns - state->started_ns};
    for (size_t i = 0; i < state->pool.count; i++) {
        const struct pool_worker *worker = &state->pool.workers[i];
        progress.records += atomic_load(&worker->shared->records);
        if (worker->busy && state->round == 1)
            progress.bytes += atomic_load(&worker->shared->bytes);
    }
    state->options->progress(state->options->context, &progress);
}

static bool run_is_busy(const struct state *state)
{
    for (size_t i = 0; i < state->pool.count; i++)
        if (state->pool.workers[i].busy)
            return true;
    return false;
}

static void run_stop(struct state *state)
{
    state->stopping = true;
    state->queue_at = state->queue_count;
    for (size_t i = 0; i < state->pool.count; i++)
        atomic_store(&state->pool.workers[i].shared->stop, 1);
}

/* Works off the queue. */
static enum result run_round(struct state *state, struct error *err)
{
    bool ready[TRIAGE_JOBS_MAX];
    for (;;) {
        if (*state->options->stop != 0 && !state->stopping)
            run_stop(state);
        for (size_t i = 0; i < state->pool.count; i++) {
            enum result result = run_assign(state, i, err);
            if (result != RESULT_OK)
                return result;
        }
        if (!run_is_busy(state))
            return RESULT_OK;
        pool_wait(&state->pool, RUN_POLL_MS, ready);
        for (size_t i = 0; i < state->pool.count; i++) {
            if (!ready[i])
                continue;
            enum result result = run_take_frames(state, i, err);
            if (result != RESULT_OK)
                return result;
        }
        run_progress(state, false);
    }
}

static enum result run_first_round(struct state *state, struct error *err)
{
    state->round = 1;
    state->queue_count = state->file_count;
    for (size_t i = 0; i < state->file_count; i++)
        state->queue[i] = (uint32_t)i;
    return run_round(state, err);
}

/* Puts the files that still have objects without years into the queue; gives how many such objects
 * there are. */
static size_t run_queue_deferred(struct state *state)
{
    size_t left = 0;
    state->queue_at = 0;
    state->queue_count = 0;
    for (size_t i = 0; i < state->file_count; i++) {
        struct state_file *file = &state->files[i];
        file->deferred = 0;
        file->first_object = 0;
        for (size_t k = 0; k < file->object_count; k++)
            file->deferred += file->objects[k].deferred;
        if (file->deferred > 0)
            state->queue[state->queue_count++] = (uint32_t)i;
        left += file->deferred;
    }
    return left;
}

/* Objects without years. A file with very many of them takes several turns; a turn that brings
 * nothing is the last. */
static enum result run_second_round(struct state *state, struct error *err)
{
    size_t before = SIZE_MAX;
    state->round = 2;
    finish_years(state);
    for (;;) {
        size_t left = run_queue_deferred(state);
        if (left == 0 || left >= before || state->stopping)
            return RESULT_OK;
        before = left;
        enum result result = run_round(state, err);
        if (result != RESULT_OK)
            return result;
    }
}

static enum result run_read(struct state *state, struct error *err)
{
    enum result result = run_find_files(state, err);
    if (result != RESULT_OK)
        return result;
    result = pool_start(&state->pool, state->options, err);
    if (result != RESULT_OK)
        return result;
    result = run_first_round(state, err);
    parts_finish(state);
    if (result == RESULT_OK && !state->stopping)
        result = run_second_round(state, err);
    run_progress(state, true);
    pool_stop(&state->pool);
    return result;
}

enum result triage_run(
    const struct triage_options *options, struct triage_result **result, struct error *err)
{
    struct state state = {.options = options,
        .dated_first_ns = CIVIL_TIME_NONE,
        .dated_last_ns = CIVIL_TIME_NONE,
        .started_ns = clock_monotonic_ns(),
        .stdin_file = -1};
    struct triage_result *made = calloc(1, sizeof(*made));
    ASSERT(made != NULL);
    void *context = (void *)(uintptr_t)options;
    made->rules = rule_set_rules(options->rules, &made->rule_count);
    made->signs =
        sorter_new(STATE_SIGNS_MEMORY, run_temporary, context, options->temporary_directory);
    state.matches =
        sorter_new(STATE_MATCHES_MEMORY, run_temporary, context, options->temporary_directory);
    if (options->view != TRIAGE_VIEW_NONE && options->view != TRIAGE_VIEW_TIMELINE) {
        made->rows =
            sorter_new(STATE_ROWS_MEMORY, run_temporary, context, options->temporary_directory);
        state.rows =
            sorter_new(STATE_ROWS_MEMORY, run_temporary, context, options->temporary_directory);
    }
    state.result = made;
    enum result done = run_read(&state, err);
    if (done == RESULT_OK)
        done = finish_run(&state, err);
    walk_free(&state.walk);
    map_free(&state.logs);
    sorter_free(state.matches);
    sorter_free(state.rows);
    if (state.stdin_file >= 0)
        close(state.stdin_file);
    if (done != RESULT_OK) {
        triage_result_free(made);
        return done;
    }
    *result = made;
    return RESULT_OK;
}
