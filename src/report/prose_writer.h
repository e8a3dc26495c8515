/* What the parts of the text for people share: the paragraph being made, rows with a label, words
 * made on the way. */
#ifndef REPORT_PROSE_WRITER_H
#define REPORT_PROSE_WRITER_H

#include "report/digest.h"
#include "report/layout.h"
#include "report/phrase.h"
#include "report/report.h"
#include "report/sink.h"

#define PROSE_INDENT 3
/* A paragraph. */
#define PROSE_TEXT_MAX ((size_t)64 << 10)

struct prose {
    struct sink *sink;
    struct triage_result *result;
    const struct report_options *options;
    const struct digest *digest;
    struct layout layout;
    struct buf text;      /* the paragraph being made */
    struct phrase phrase; /* words of this paragraph */
    size_t label_columns; /* of rows, with the space after it */
};

/* Opens the prose over the sink; all pointers must outlive it. */
void prose_writer_init(struct prose *prose, struct sink *sink, struct triage_result *result,
    const struct report_options *options, const struct digest *digest);
void prose_writer_free(struct prose *prose);

/* Text from evidence as a word. */
slice prose_evidence(struct prose *prose, slice evidence);
/* path:number as a word. */
slice prose_record(struct prose *prose, const struct triage_record *record);
/* Of a rule or alert, as a word. */
slice prose_title(struct prose *prose, const struct rule *rule, slice title);

/* Appends the mark that a level is shown with. */
void prose_level_mark(struct prose *prose, enum rule_level level);

/* Writes the paragraph in prose->text out and empties it. */
void prose_end(struct prose *prose, size_t first, size_t rest);
/* Begins a row "   Label  …" whose text follows; a later line of it has no label. End it with
 * prose_row_end. */
void prose_row(struct prose *prose, enum text label);
void prose_row_end(struct prose *prose);
/* A paragraph without a label in the column of the rows' text, its later lines `hanging` further
 * in. */
void prose_row_line(struct prose *prose, size_t hanging);
/* A heading after a blank line. */
void prose_heading(struct prose *prose, slice heading);

#endif
