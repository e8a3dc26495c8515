/* Child processes: one per role that looks at outside bytes. */
#ifndef PROC_CHILD_H
#define PROC_CHILD_H

#include <sys/types.h>

#include "base/result.h"

/* Forks; the child runs `body`, which never returns, with SIGINT ignored: the parent decides when
 * to stop. */
MUST_USE enum result child_start(
    void (*body)(void *context), void *context, pid_t *pid, struct error *err);
/* Waits for the end of a child; *status as waitpid gives it. */
void child_wait(pid_t pid, int *status);
/* Ends it at once. */
void child_kill(pid_t pid);

#endif
