/* proc: processes, one per trust level.
 *
 * Takes nothing from outside. Gives roles their sandbox, framed messages between them with
 * descriptors attached, and unnamed temporary files. Runs in every role. May open: the directory
 * for temporary files (temporary.c), /dev/null (child.c), nothing else. */
#ifndef PROC_PROC_H
#define PROC_PROC_H

#include "proc/channel.h"
#include "proc/child.h"
#include "proc/sandbox.h"
#include "proc/temporary.h"

#endif
