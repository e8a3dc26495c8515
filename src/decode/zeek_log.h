/* Which Zeek log a record is of, told by the names of its fields: a log's own name (#path, _path)
 * is often lost, and file names prove nothing. */
#ifndef DECODE_ZEEK_LOG_H
#define DECODE_ZEEK_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

/* Bytes of the name of a log; longer ones are none. */
#define ZEEK_LOG_NAME_MAX 64

/* The dataset ("zeek.conn") of a record with fields for which `has` answers true; absent when none
 * fits. */
slice zeek_log_of_fields(bool (*has)(const void *context, slice name), const void *context);
/* The dataset of a log that names itself, for any word: sites have logs of their own. Absent for
 * what is no word. */
slice zeek_log_of_path(struct arena *arena, slice path);

#endif
