/* What decoders of text lines share: votes over the head, stamps at the front of a line, years that
 * stamps leave out. */
#ifndef DECODE_LINE_H
#define DECODE_LINE_H

#include "decode/decode.h"
#include "decode/json_event.h"

/* Lines of the head that are looked at. */
#define LINE_VOTES_MAX 400

/* How many percent of the head's lines fit, 0 to 100; empty lines do not vote. A last line that the
 * head cuts votes only when it is the only one. More than none fitting never gives 0. */
unsigned line_share(slice head, bool whole, bool (*fits)(slice line));
/* Whether the head can be text: control bytes, and bytes that are no UTF-8, are rare in it. */
bool line_is_text(slice head);

/* The stamp at the front of a line of any log: RFC 3339, RFC 3164, "[…]" around one of them, the
 * form of ctime
 * ("Fri Nov 20 03:12:44 2026", fraction allowed), NCSA's, MySQL's, or Unix seconds with a fraction.
 * `*rest` is what comes after it, without the spaces, ':', ',' or ']' that part them. */
bool line_stamp(slice line, struct stamp *stamp, slice *rest);

/* Cuts "<PRI>" off (RFC 3164, 4.1.1): gives the rest, and the priority through `priority` (may be
 * NULL). Without one the line comes back as it is and `*priority` stays. */
slice line_priority(slice line, uint64_t *priority);
#define LINE_PRIORITY_MAX 191
/* Cuts "123: " off: Cisco numbers its messages, before the stamp. */
slice line_sequence(slice line);

/* The year of stamps that have none, going down an object whose records are nearly in order: a step
 * back by more than half a year is the turn of a year; smaller ones are disorder. */
struct line_years {
    int32_t year; /* of the stamp seen last; 0: none known */
    bool fixed;
    bool started;
    int last; /* days into a year of 12 × 31 days */
};

struct line_years line_years(const struct decode_options *options);
/* The year of this stamp; 0 when none is known. `*rolled` (may be NULL) tells that this stamp began
 * a year. */
int32_t line_years_step(struct line_years *years, const struct stamp *stamp, bool *rolled);

/* Sets the event's time from the stamp, with the year and the zone that it leaves out, and marks
 * what was assumed. */
void line_set_time(struct event *event, const struct stamp *stamp,
    const struct decode_options *options, struct line_years *years);

/* Reads the whole stream for yearless stamps: decode_scan_years. */
MUST_USE enum result line_scan_years(
    struct stream *stream, struct decode_years *found, struct error *err);

/* A decoder that goes line by line, while it runs. */
struct line_decoder {
    struct decode_job *job;
    struct line_years years;
    struct json_events *json; /* for lines and messages that are JSON */
};

/* Begins an event with the line as its raw text for each line that is not empty, and gives it to
 * `decode`, which adds the fields. */
MUST_USE enum result line_decode(struct decode_job *job, struct stream *stream,
    void (*decode)(struct line_decoder *decoder, struct event *event, slice line),
    struct error *err);

/* Notes that a line is not of the object's form, and was kept as a message; `why` takes its number.
 */
void line_note(struct decode_job *job, uint64_t number, uint64_t offset, enum text why);
/* Reports a line that was cut at DECODE_LINE_MAX; nothing otherwise. */
void line_report_cut(struct decode_job *job, const struct stream_line *line);

#endif
