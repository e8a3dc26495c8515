/* Child processes: one per role that looks at outside bytes. */
#ifndef PROC_CHILD_H
#define PROC_CHILD_H

#include <sys/types.h>

#include "base/result.h"

/* Forks; the child runs `body`, which never returns, with SIGINT ignored: the parent decides when
 * to stop. */
MUST_USE enum result child_start(
    void (*body)(void *context), void *context, pid_t *pid, struct error *err);
/* In the child, before its sandbox: closes every descriptor but `fd` and those of standard input,
 * output and error, which lead to nowhere afterwards. What a parent happened to have open (the
 * user's terminal, the store of what was found so far) is out of reach of a child that is broken
 * into. In builds with a sanitizer standard error stays: its reports go there. */
void child_keep_only(int fd);
/* Waits for the end of a child; *status as waitpid gives it. */
void child_wait(pid_t pid, int *status);
/* Ends it at once. */
void child_kill(pid_t pid);

#endif
