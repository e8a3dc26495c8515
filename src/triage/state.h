/* What the parent of a run holds while evidence is read: shared by run.c (files and workers),
 * receive.c (what workers send) and finish.c (correlation, years, the result). */
#ifndef TRIAGE_STATE_H
#define TRIAGE_STATE_H

#include "base/map.h"
#include "base/sorter.h"
#include "input/walk.h"
#include "triage/found.h"
#include "triage/pool.h"

/* Memory of each of the two sorters before they use the temporary file. */
#define STATE_SIGNS_MEMORY   ((size_t)48 << 20)
#define STATE_MATCHES_MEMORY ((size_t)32 << 20)
/* And of the two of a view. */
#define STATE_ROWS_MEMORY ((size_t)32 << 20)
/* Crashes of one file before it is given up. */
#define STATE_CRASHES_MAX 16U
/* Objects of one file. */
#define STATE_OBJECTS_MAX ((size_t)1 << 20)
/* Logs (host, channel) counted in one run; further ones are not listed. */
#define STATE_COVERAGE_MAX ((size_t)1 << 16)

struct state_object {
    struct triage_source source; /* path, file, sha256, size are filled in at the end */
    slice suffix;
    bool ended;
    bool deferred;
    unsigned roll_overs;
    struct civil last_stamp;
};

/* What the end of an object, or of a part of one, says. */
struct state_tally {
    uint64_t records, events, undecoded, dropped_fields, limited_expressions;
    int64_t first_ns, last_ns;
    int64_t dated_first_ns, dated_last_ns; /* of events whose year was not assumed */
    uint32_t time_assumed;
    int32_t year;
};

struct state_parts; /* parts.h */

struct state_file {
    const char *path;
    uint64_t size;
    hash_sha256 sha256;
    bool hashed;
    bool opened;
    slice note, note_en; /* why the file as a whole was not read */
    struct state_object *objects;
    size_t object_count;
    size_t object_capacity;
    size_t deferred;
    unsigned crashes;
    uint32_t crashed_object;   /* the last one that ended a worker; PROTOCOL_NO_OBJECT: none */
    uint32_t first_object;     /* where the next job on this file begins */
    struct state_parts *parts; /* NULL: the file is one job */
};

struct state {
    const struct triage_options *options;
    struct triage_result *result; /* its arena holds what lives on */
    struct walk walk;
    struct pool pool;
    struct state_file *files;
    size_t file_count;
    struct sorter *matches;
    struct sorter *rows; /* of the view, as the workers sent them; NULL without a view */
    struct map logs;     /* host NUL channel → index into coverage */
    struct triage_coverage *coverage;
    size_t coverage_capacity;
    unsigned round;
    uint32_t *queue; /* files of this round that wait, in order */
    size_t queue_at, queue_count;
    struct state_parts *parts; /* of all files that are read in parts */
    uint64_t bytes_total, bytes_done;
    int64_t dated_first_ns, dated_last_ns;
    int64_t started_ns, progress_ns;
    int stdin_file; /* the copy of standard input, or -1 */
    bool stopping;
};

#endif
