/* What one event says of a log-on: who, where, from where, how, and whether it worked.
 *
 * Read from ECS fields (doc/views.md says which a product's definition must set) and, where ECS has
 * no place for it, from the fields of Windows itself. */
#ifndef TRIAGE_LOGON_H
#define TRIAGE_LOGON_H

#include "base/buf.h"
#include "event/event.h"
#include "wire/reader.h"

enum logon_method {
#define METHOD(id, name, type) LOGON_##id,
#include "triage/logon_methods.def"
#undef METHOD
    LOGON_METHOD_COUNT
};

/* LOGON_REASON_NONE: none was given, or one that the table does not have. */
enum logon_reason {
    LOGON_REASON_NONE,
#define REASON(id, name) LOGON_REASON_##id,
#define STATUS(id, status)
#define KERBEROS(id, code)
#define WORDS(id, words)
#include "triage/logon_reasons.def"
#undef REASON
#undef STATUS
#undef KERBEROS
#undef WORDS
    LOGON_REASON_COUNT
};

/* Bytes kept of one text of a log-on; longer ones are cut. */
#define LOGON_TEXT_MAX 256U

struct logon {
    slice account; /* name, or name@domain; lower case; empty when the event names none */
    slice as;      /* the account whose rights were got, where that is another; else empty */
    slice host;    /* where it was recorded */
    slice address; /* where it came from: canonical IP address; else empty */
    slice from;    /* and its name: workstation, host name; else empty */
    slice target;  /* the server or service that it was for, where the event names one */
    slice log;     /* channel or data set */
    slice package; /* password, publickey, ntlm v1, kerberos, rc4, …; lower case; may be empty */
    slice reason;  /* of a failure: a name of the table, else the product's words; may be empty */
    enum logon_method method;
    bool failure;
};

/* False when the event is no log-on, or one that another event of the same log tells better. Texts
 * live as long as the event's arena. */
bool logon_from_event(struct event *event, slice host, slice log, struct logon *logon);

/* The name of a method in output, and its Windows log-on type, -1 for none. */
slice logon_method_name(enum logon_method method);
int logon_method_type(enum logon_method method);
/* From the name in output. */
enum logon_reason logon_reason_named(slice name);

/* Accounts that no person uses: machines (NAME$), and the built-in ones of Windows. */
bool logon_account_is_routine(slice account);
/* Addresses of the Internet: not private (RFC 1918, 6598, 4193), local to a link or host. */
bool logon_address_is_outside(slice address);
/* It came from another system, as far as the event says. */
bool logon_is_remote(const struct logon *logon);

/* As it travels: everything but account-independent counts; equal log-ons have equal bytes. */
void logon_write(struct buf *out, const struct logon *logon);
/* Slices are into the reader's bytes. False when malformed. */
bool logon_read(struct reader *reader, struct logon *logon);

#endif
