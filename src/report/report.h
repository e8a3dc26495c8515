/* report: what people and machines read of a triage run.
 *
 * Takes the result of a run (triage/result.h), gives it as text for people, as JSON lines, as one
 * JSON document or as CSV. Runs in the parent, after the evidence was read. May open: nothing (it
 * writes to the descriptor that it is given).
 *
 * sink.c      bytes out, errors noted
 * words.c     levels, vectors, times and numbers, in the two languages
 * tactic.c    ATT&CK's tactics in the order of an attack
 * digest.c    what one pass over the signs leaves: the strongest, and sums by rule
 * machine.c   JSON lines and the JSON document
 * sheet.c     CSV, one sign a row, on csv_cell.c
 * view_*.c    other views of a run, each a table (table.c, for people on table_layout.c)
 * prose*.c    text for people, on layout.c and width.c
 * page*.c     the HTML page, on html.c (the only place that holds markup), picture.c, steps.c
 * invocation.c  commands that the reader is told to type
 *
 * Everything is bounded: what is left out is counted and said. The same result and options give the
 * same bytes. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/slice.h"
#include "triage/result.h"

enum report_format { REPORT_TEXT, REPORT_NDJSON, REPORT_JSON, REPORT_CSV, REPORT_HTML };

/* What a report cannot know from the result. People's formats are in the language of the process
 * (text_lang), the others are the same in all. */
struct report_options {
    int fd;             /* where it goes; stays open */
    slice name;         /* of that place, for messages */
    unsigned columns;   /* width of the text, 0: REPORT_COLUMNS */
    bool colour;        /* SGR sequences in the text */
    const slice *paths; /* the evidence as the user gave it, for the commands that the text shows */
    size_t path_count;
    const slice *arguments; /* the whole command, for the page */
    size_t argument_count;
    int64_t now_ns;      /* the time of the report, for the page; CIVIL_TIME_NONE: not stated */
    slice version;       /* of the program */
    slice rules_version; /* of the shipped rules, for the page; may be absent */
};

#define REPORT_COLUMNS     80
#define REPORT_COLUMNS_MIN 40
#define REPORT_COLUMNS_MAX 120

/* From --format's value; false when it is none of "text", "ndjson", "json", "csv", "html". */
bool report_format_parse(slice value, enum report_format *format);

/* What tells one set of shipped rules from another: the first digits of a SHA-256 over their names
 * and contents. */
slice report_rules_version(struct arena *arena);

/* Sets `columns` and `colour` for the terminal that options->fd may be: COLUMNS, else its width;
 * colour only on a terminal, not with NO_COLOR (no-color.org), not with TERM=dumb. */
void report_options_terminal(struct report_options *options);

/* Writes the whole report. RESULT_SYSTEM when it cannot be written; a reader that went away (EPIPE;
 * the process ignores SIGPIPE) is no error: the rest is dropped. */
MUST_USE enum result report_write(enum report_format format, struct triage_result *result,
    const struct report_options *options, struct error *err);

#endif
