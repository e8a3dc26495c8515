/* What a role may still do once it has begun to read outside bytes. */
#ifndef PROC_SANDBOX_H
#define PROC_SANDBOX_H

#include <stdbool.h>

#include "base/result.h"

enum sandbox_role {
    /* Decode and match: reads and writes the descriptors it holds, receives more over its channel,
     * allocates memory. It opens, connects, forks, executes, traces and signals nothing, maps no
     * executable memory, and can change none of what is executable already. */
    SANDBOX_DETECT,
};

/* What could be put in force; the rest is missing in this kernel. */
struct sandbox_state {
    bool user;     /* root was given up for nobody */
    bool landlock; /* no file system access at all */
    bool seccomp;  /* system calls are an allow list; anything else fails with EPERM */
    bool sealed;   /* no memory can be both written and executed */
};

/* Enters the sandbox for good. Fails only when a privilege that we hold could not be given up. */
MUST_USE enum result sandbox_enter(
    enum sandbox_role role, struct sandbox_state *state, struct error *err);

#endif
