/* See assert.h. stdio is used on purpose: at this point nothing of ours can be trusted. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void assert_failed(const char *file, int line, const char *condition)
{
    fprintf(stderr, "hikeshi: %s:%d: assertion failed: %s\n", file, line, condition);
    abort();
}
