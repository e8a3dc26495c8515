/* See child.h. fork without exec: compiled rules are shared with the child as they are. */
#include "proc/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"

enum result child_start(void (*body)(void *context), void *context, pid_t *pid, struct error *err)
{
    pid_t made = fork();
    if (made < 0)
        return error_set_system(err, errno, TEXT_CHILD_FORK, ARG("fork"));
    if (made == 0) {
        (void)signal(SIGINT, SIG_IGN);
        (void)signal(SIGTERM, SIG_DFL);
        body(context);
        _exit(3);
    }
    *pid = made;
    return RESULT_OK;
}

#if defined(__SANITIZE_ADDRESS__)
#define CHILD_SANITIZED 1
#elif defined(__has_feature)
#define CHILD_SANITIZED __has_feature(address_sanitizer)
#else
#define CHILD_SANITIZED 0
#endif

void child_keep_only(int fd)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        if (stream == fd || (stream == STDERR_FILENO && CHILD_SANITIZED))
            continue;
        if (nowhere < 0 || dup2(nowhere, stream) != stream)
            (void)close(stream);
    }
    int other = STDERR_FILENO + 1;
    for (; other < fd; other++)
        (void)close(other);
    closefrom(other > fd ? other : fd + 1);
}

void child_wait(pid_t pid, int *status)
{
    *status = 0;
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        continue;
}

void child_kill(pid_t pid)
{
    (void)kill(pid, SIGKILL);
}
