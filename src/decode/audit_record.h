/* One record of the Linux audit system: its header, and its fields under their own names. */
#ifndef DECODE_AUDIT_RECORD_H
#define DECODE_AUDIT_RECORD_H

#include "event/event.h"

struct audit_record {
    slice node; /* absent when the line has none */
    slice type; /* "SYSCALL"; numbers and UNKNOWN[n] are turned to names where they are known */
    int64_t time_ns; /* CIVIL_TIME_NONE: a record of the journal, whose stamp is elsewhere */
    uint64_t serial;
    slice fields;   /* key=value … */
    slice enriched; /* what auditd added (log_format = ENRICHED): KEY=value … */
};

/* "[node=N ]type=T msg=audit(seconds.ms:serial): fields", and the kernel's "audit: type=1400
 * audit(…): fields". */
bool audit_record_parse(slice line, struct audit_record *record);
/* What journald and others write of a record whose header they took off: "USER_AUTH pid=1 …",
 * "<audit-1100> pid=1 …". `program` is the logger's tag, which must be "audit". */
bool audit_record_parse_bare(slice program, slice text, struct audit_record *record);
/* The record is an event by itself: it comes from a program, not from the kernel, which writes
 * several for one call. */
bool audit_record_is_single(slice type);

/* Names of system calls, looked up once each. */
struct audit_syscalls;
struct audit_syscalls *audit_syscalls_new(void);
/* NULL is fine. */
void audit_syscalls_free(struct audit_syscalls *syscalls);

/* Adds the fields of a record. Values that the kernel encodes in hexadecimal are decoded; of EXECVE
 * the arguments are put together (`process.args`, `process.command_line`); where auditd added no
 * names, SYSCALL and ARCH are looked up
 * (`syscalls` may be NULL). Names that stand for nothing ("?", "(null)") are left out. */
void audit_record_add(
    struct event *event, const struct audit_record *record, struct audit_syscalls *syscalls);

#endif
