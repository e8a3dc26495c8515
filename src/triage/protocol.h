/* Messages between the parent of a triage run and its workers (proc/channel.h). Payloads are
 * written with writer_* and read with reader_* in the order given here. */
#ifndef TRIAGE_PROTOCOL_H
#define TRIAGE_PROTOCOL_H

#include <stdatomic.h>
#include <stdint.h>

enum protocol_frame {
    /* parent → worker */
    PROTOCOL_JOB =
        1, /* u32 file, u64 size, slice path, u8 round, u32 first object to decode, u64 from, u64 to
              (the part to decode, as struct decode_part), u8 whether it may be split, u32 n, n ×
              (u32 object, i32 year); descriptors: the evidence file, a temporary file */
    /* worker → parent; all begin with u32 file */
    PROTOCOL_OBJECT, /* u32 object, slice suffix, slice format ("" when nothing recognised it) */
    PROTOCOL_SIGN,   /* slice key, slice body (sign.h) */
    PROTOCOL_MATCH, /* slice key, slice record (kept_record in sign.h), slice correlation payload */
    PROTOCOL_PROBLEM,  /* u32 object or PROTOCOL_NO_OBJECT, u8 enum protocol_problem, slice message,
                          slice the same in English */
    PROTOCOL_COVERAGE, /* slice host, slice channel, u64 events, i64 first, i64 last */
    PROTOCOL_OBJECT_END, /* u32 object, u64 records, events, undecoded, dropped fields, limited
                            expressions, i64 first, last, dated first, dated last, u32 assumed,
                            i32 year, u8 whole */
    PROTOCOL_DEFERRED,   /* u32 object, u32 roll-overs, u8 month, day, hour, minute, second of the
                            last stamp */
    PROTOCOL_ACTIVITY,   /* struct activity as bytes */
    PROTOCOL_ROW,        /* slice key, slice payload, of a view (collect.h) */
    PROTOCOL_PARTS,    /* u32 how many the file can be decoded in; the job goes on with the first */
    PROTOCOL_FILE_END, /* slice sha256 */
};

#define PROTOCOL_NO_OBJECT UINT32_MAX
/* The whole file is one job. */
#define PROTOCOL_NO_PART UINT32_MAX
/* Objects that one job of the second round may name. */
#define PROTOCOL_YEARS_MAX 4096U

enum protocol_problem {
    PROTOCOL_UNDECODED, /* a record, line or chunk was lost */
    PROTOCOL_NOTE,      /* nothing was lost, but the reader must know */
    PROTOCOL_UNREAD,    /* the rest of an object or a member could not be read */
    PROTOCOL_UNKNOWN,   /* no format recognised the object */
};

/* Problems of one kind that are reported for one object; further ones are counted only. */
#define PROTOCOL_PROBLEMS_MAX 16U

/* Memory shared between the parent and one worker: where the worker is, and whether it should stop.
 * The parent trusts none of it beyond showing it. */
struct protocol_shared {
    _Atomic uint64_t bytes;   /* of the evidence file, read so far */
    _Atomic uint64_t records; /* decoded since the worker began */
    _Atomic uint64_t number;  /* of the last record decoded in the object at hand */
    _Atomic uint32_t object;
    _Atomic uint32_t stop; /* set by the parent */
};

#endif
