/* See auditd.h. Events are gathered in the order in which they begin and leave in the order in
 * which they are complete: the kernel's records of one call end with PROCTITLE or EOE, a program's
 * record is alone. What ends with neither (older kernels) leaves when newer records show that it is
 * over. Rejected: waiting for EOE only, which auditd does not write to its log. */
#include "decode/auditd.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "decode/audit_record.h"
#include "decode/line.h"
#include "decode/message.h"

/* An event whose records are being gathered. */
struct auditd_pending {
    int64_t time_ns;
    uint64_t serial;
    uint64_t number, offset; /* of its first record */
    uint64_t last;           /* count of records when the last one came */
    struct buf text;         /* its lines, each with LF */
    size_t node_len;         /* the node stands before the lines */
};

struct auditd {
    struct decode_job *job;
    struct audit_syscalls *syscalls;
    struct auditd_pending *pending[AUDITD_PENDING_MAX]; /* in the order in which they began */
    size_t count;
    struct auditd_pending *spare[AUDITD_PENDING_MAX]; /* for reuse: their memory is kept */
    size_t spare_count;
    size_t held; /* bytes of all that are pending */
    uint64_t records;
};

/* A buffer that grew past this is not kept. */
#define AUDITD_SPARE_MAX ((size_t)64 << 10)

static slice auditd_node(const struct auditd_pending *pending)
{
    return slice_first(buf_slice(&pending->text), pending->node_len);
}

/* --- events --- */

static void auditd_add_head(struct event *event, const struct audit_record *record)
{
    event->time_ns = record->time_ns;
    event_add_ecs(event, S("event.dataset"), S("auditd.log"), EVENT_STRING);
    event_add_ecs(event, S("host.name"), record->node, EVENT_STRING);
    event_add_u64(event, S("serial"), record->serial);
}

/* All lines of an event as one. */
static enum result auditd_emit(struct auditd *auditd, slice lines, uint64_t number, uint64_t offset)
{
    struct event *event = decode_begin(auditd->job, number, offset);
    slice rest = lines, line;
    bool first = true;
    event->raw = lines;
    while (slice_next(&rest, '\n', &line)) {
        struct audit_record record;
        if (!audit_record_parse(line, &record))
            continue;
        if (first)
            auditd_add_head(event, &record);
        first = false;
        if (!slice_equal(record.type, S("EOE")))
            audit_record_add(event, &record, auditd->syscalls);
    }
    return auditd->job->on_event(auditd->job->context, event);
}

static enum result auditd_emit_pending(struct auditd *auditd, size_t index)
{
    struct auditd_pending *pending = auditd->pending[index];
    slice lines = slice_from(buf_slice(&pending->text), pending->node_len);
    auditd->count--;
    memmove(&auditd->pending[index], &auditd->pending[index + 1],
        (auditd->count - index) * sizeof(auditd->pending[0]));
    enum result result =
        auditd_emit(auditd, slice_first(lines, lines.len - 1), pending->number, pending->offset);
    auditd->held -= pending->text.len;
    buf_clear(&pending->text);
    if (pending->text.size > AUDITD_SPARE_MAX)
        buf_free(&pending->text);
    auditd->spare[auditd->spare_count++] = pending;
    return result;
}

/* --- gathering --- */

/* Index of the event that the record belongs to, or auditd->count. Nearly always it is among the
 * last few. */
static size_t auditd_find(const struct auditd *auditd, const struct audit_record *record)
{
    for (size_t i = auditd->count; i > 0; i--) {
        const struct auditd_pending *pending = auditd->pending[i - 1];
        if (pending->serial == record->serial && pending->time_ns == record->time_ns &&
            slice_equal(auditd_node(pending), record->node))
            return i - 1;
    }
    return auditd->count;
}

static struct auditd_pending *auditd_begin(
    struct auditd *auditd, const struct audit_record *record, const struct stream_line *line)
{
    struct auditd_pending *pending;
    ASSERT(auditd->count < AUDITD_PENDING_MAX);
    if (auditd->spare_count > 0) {
        pending = auditd->spare[--auditd->spare_count];
    } else {
        pending = calloc(1, sizeof(*pending));
        ASSERT(pending != NULL);
    }
    if (pending->text.size == 0)
        buf_init(&pending->text, AUDITD_EVENT_MAX + 2 * DECODE_LINE_MAX);
    pending->time_ns = record->time_ns;
    pending->serial = record->serial;
    pending->number = line->number;
    pending->offset = line->offset;
    buf_append(&pending->text, record->node);
    pending->node_len = record->node.len;
    auditd->held += record->node.len;
    auditd->pending[auditd->count++] = pending;
    return pending;
}

/* Lets go of events that are over, the oldest first. */
static enum result auditd_release(struct auditd *auditd, const struct audit_record *record)
{
    while (auditd->count > 0) {
        const struct auditd_pending *oldest = auditd->pending[0];
        bool late = record->time_ns - oldest->time_ns > AUDITD_WAIT_NS ||
                    auditd->records - oldest->last > AUDITD_WAIT_RECORDS;
        if (!late && auditd->count < AUDITD_PENDING_MAX && auditd->held < AUDITD_HELD_MAX)
            return RESULT_OK;
        enum result result = auditd_emit_pending(auditd, 0);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

static enum result auditd_take(
    struct auditd *auditd, const struct audit_record *record, const struct stream_line *line)
{
    enum result result = auditd_release(auditd, record);
    if (result != RESULT_OK)
        return result;
    size_t index = auditd_find(auditd, record);
    if (index == auditd->count && audit_record_is_single(record->type))
        return auditd_emit(auditd, line->text, line->number, line->offset);
    struct auditd_pending *pending =
        index < auditd->count ? auditd->pending[index] : auditd_begin(auditd, record, line);
    size_t before = pending->text.len;
    buf_append(&pending->text, line->text);
    buf_append_byte(&pending->text, '\n');
    auditd->held += pending->text.len - before;
    pending->last = auditd->records;
    if (slice_equal(record->type, S("PROCTITLE")) || slice_equal(record->type, S("EOE")) ||
        pending->text.len > AUDITD_EVENT_MAX)
        return auditd_emit_pending(auditd, index);
    return RESULT_OK;
}

/* What ausearch writes between events: "----", "time->Fri Nov 20 03:12:44 2026". */
static bool auditd_is_ornament(slice line)
{
    return slice_trim(line).len == 0 || slice_equal(line, S("----")) ||
           slice_starts(line, S("time->"));
}

static enum result auditd_line(struct auditd *auditd, const struct stream_line *line)
{
    struct audit_record record;
    struct decode_job *job = auditd->job;
    line_report_cut(job, line);
    if (auditd_is_ornament(line->text))
        return RESULT_OK;
    auditd->records++;
    if (audit_record_parse(line->text, &record))
        return auditd_take(auditd, &record, line);
    line_note(job, line->number, line->offset, TEXT_DECODE_AUDIT_LINE);
    struct event *event = decode_begin(job, line->number, line->offset);
    event->raw = line->text;
    message_add(NULL, event, line->text);
    return job->on_event(job->context, event);
}

static void auditd_free(struct auditd *auditd)
{
    for (size_t i = 0; i < auditd->count; i++)
        auditd->spare[auditd->spare_count++] = auditd->pending[i];
    for (size_t i = 0; i < auditd->spare_count; i++) {
        buf_free(&auditd->spare[i]->text);
        free(auditd->spare[i]);
    }
    audit_syscalls_free(auditd->syscalls);
}

enum result auditd_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct auditd auditd = {.job = job, .syscalls = audit_syscalls_new()};
    struct stream_line line;
    enum result result;
    while ((result = stream_next_line(stream, DECODE_LINE_MAX, &line, err)) == RESULT_OK) {
        result = auditd_line(&auditd, &line);
        if (result != RESULT_OK)
            break;
    }
    if (result == RESULT_END)
        result = RESULT_OK;
    while (result == RESULT_OK && auditd.count > 0)
        result = auditd_emit_pending(&auditd, 0);
    auditd_free(&auditd);
    return result;
}

static bool auditd_fits(slice line)
{
    struct audit_record record;
    return auditd_is_ornament(line) || audit_record_parse(line, &record);
}

unsigned auditd_sniff(slice head, bool whole)
{
    return slice_find(head, S("msg=audit(")) < head.len ? line_share(head, whole, auditd_fits) : 0;
}

bool auditd_add_message(struct event *event, slice program, slice message)
{
    struct audit_record record;
    if (!audit_record_parse(message, &record) &&
        !audit_record_parse_bare(program, message, &record))
        return false;
    if (record.time_ns != CIVIL_TIME_NONE) {
        event->time_ns = record.time_ns;
        event->time_assumed = 0;
        event_add_u64(event, S("serial"), record.serial);
    }
    event_add_ecs(event, S("event.dataset"), S("auditd.log"), EVENT_STRING);
    audit_record_add(event, &record, NULL);
    return true;
}
