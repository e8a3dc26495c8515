/* See child.h. fork without exec: compiled rules are shared with the child as they are. */
#include "proc/child.h"

#include <errno.h>
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
