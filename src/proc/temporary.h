/* Unnamed temporary files. */
#ifndef PROC_TEMPORARY_H
#define PROC_TEMPORARY_H

#include "base/result.h"

/* Opens an unnamed read-write file in `directory`; the descriptor is the caller's. */
MUST_USE enum result temporary_open(const char *directory, int *fd, struct error *err);

#endif
