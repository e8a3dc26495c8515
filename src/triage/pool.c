/* See pool.h. Processes rather than threads: a decoder that is broken into has only its own memory.
 */
#include "triage/pool.h"

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "triage/worker.h"

/* In the child: nothing of the parent's but its own channel stays open. */
static void pool_child(struct pool *pool, size_t index, struct channel *channel)
{
    (void)signal(SIGINT, SIG_IGN); /* the parent decides when to stop */
    (void)signal(SIGTERM, SIG_DFL);
    for (size_t i = 0; i < pool->count; i++)
        if (i != index)
            channel_free(pool->workers[i].channel);
    channel_free(pool->workers[index].channel);
    worker_main(pool->options, channel, pool->workers[index].shared);
}

static enum result pool_spawn(struct pool *pool, size_t index, struct error *err)
{
    struct pool_worker *worker = &pool->workers[index];
    struct channel *theirs;
    if (worker->shared == NULL) {
        void *page = mmap(NULL, sizeof(*worker->shared), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED)
            return error_set_system(err, errno, TEXT_TRIAGE_FORK, ARG("mmap"));
        worker->shared = page;
    }
    enum result result = channel_pair(&worker->channel, &theirs, err);
    if (result != RESULT_OK)
        return result;
    pid_t pid = fork();
    if (pid == 0)
        pool_child(pool, index, theirs);
    channel_free(theirs);
    if (pid < 0) {
        result = error_set_system(err, errno, TEXT_TRIAGE_FORK, ARG("fork"));
        channel_free(worker->channel);
        worker->channel = NULL;
        return result;
    }
    worker->pid = pid;
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
    while (worker->pid > 0 && waitpid(worker->pid, status, 0) < 0 && errno == EINTR)
        continue;
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
