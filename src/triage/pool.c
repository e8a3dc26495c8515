/* See pool.h. Processes rather than threads: a decoder that is broken into has only its own memory.
 */
#include "triage/pool.h"

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>

#include "base/base.h"
#include "proc/child.h"
#include "triage/worker.h"

struct pool_child {
    struct pool *pool;
    size_t index;
    struct channel *channel;
};

/* In the child: nothing of the parent's but its own channel stays open. */
static void pool_child(void *context)
{
    struct pool_child *child = context;
    for (size_t i = 0; i < child->pool->count; i++)
        channel_free(child->pool->workers[i].channel);
    child_keep_only(channel_fd(child->channel));
    worker_main(child->pool->options, child->channel, child->pool->workers[child->index].shared);
}

static enum result pool_spawn(struct pool *pool, size_t index, struct error *err)
{
    struct pool_worker *worker = &pool->workers[index];
    struct channel *theirs;
    if (worker->shared == NULL) {
        void *page = mmap(NULL, sizeof(*worker->shared), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED)
            return error_set_system(err, errno, TEXT_CHILD_FORK, ARG("mmap"));
        worker->shared = page;
    }
    enum result result = channel_pair(&worker->channel, &theirs, err);
    if (result != RESULT_OK)
        return result;
    struct pool_child child = {pool, index, theirs};
    result = child_start(pool_child, &child, &worker->pid, err);
    channel_free(theirs);
    if (result != RESULT_OK) {
        channel_free(worker->channel);
        worker->channel = NULL;
        return result;
    }
    worker->busy = false;
    return RESULT_OK;
}

enum result pool_start(struct pool *pool, const struct triage_options *options, struct error *err)
{
    *pool = (struct pool){.options = options};
    ASSERT(options->jobs >= 1 && options->jobs <= TRIAGE_JOBS_MAX);
    for (size_t i = 0; i < options->jobs; i++) {
        pool->count = i + 1;
        enum result result = pool_spawn(pool, i, err);
        if (result != RESULT_OK) {
            pool->count = i;
            pool_stop(pool);
            return result;
        }
    }
    return RESULT_OK;
}

enum result pool_restart(struct pool *pool, size_t index, struct error *err)
{
    struct protocol_shared *shared = pool->workers[index].shared;
    pool->records_before += atomic_load(&shared->records);
    atomic_store(&shared->records, 0);
    return pool_spawn(pool, index, err);
}

void pool_reap(struct pool *pool, size_t index, int *status)
{
    struct pool_worker *worker = &pool->workers[index];
    *status = 0;
    channel_free(worker->channel);
    worker->channel = NULL;
    if (worker->pid > 0)
        child_wait(worker->pid, status);
    worker->pid = 0;
    worker->busy = false;
}

void pool_stop(struct pool *pool)
{
    int status;
    for (size_t i = 0; i < pool->count; i++) {
        if (pool->workers[i].shared != NULL)
            atomic_store(&pool->workers[i].shared->stop, 1);
    }
    for (size_t i = 0; i < pool->count; i++) {
        if (pool->workers[i].pid > 0)
            pool_reap(pool, i, &status);
        if (pool->workers[i].shared != NULL)
            (void)munmap(pool->workers[i].shared, sizeof(*pool->workers[i].shared));
        pool->workers[i].shared = NULL;
    }
}

void pool_wait(struct pool *pool, int timeout_ms, bool ready[TRIAGE_JOBS_MAX])
{
    struct pollfd fds[TRIAGE_JOBS_MAX];
    for (size_t i = 0; i < pool->count; i++) {
        bool waits = pool->workers[i].channel != NULL;
        fds[i] = (struct pollfd){
            .fd = waits ? channel_fd(pool->workers[i].channel) : -1, .events = POLLIN};
        ready[i] = false;
    }
    if (poll(fds, pool->count, timeout_ms) <= 0)
        return;
    for (size_t i = 0; i < pool->count; i++)
        ready[i] = fds[i].revents != 0;
}
