/* See prose.h. Written for somebody who is woken by it: the first sentence says whether something
 * happened, what was looked at comes next, then the incidents, then what is known of the rest. */
#include "report/prose.h"

#include "report/digest.h"
#include "report/prose_coverage.h"
#include "report/prose_incident.h"
#include "report/prose_writer.h"
#include "report/summary.h"

static void prose_head(struct prose *prose)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(prose->result, &count);
    slice title = count > 0 ? prose_title(prose, NULL, incidents[0].title) : S("");
    buf_append(&prose->text, S(LAYOUT_STRONG));
    summary_found(&prose->text, &prose->phrase, prose->result, title);
    buf_append(&prose->text, S(LAYOUT_PLAIN));
    prose_end(prose, 0, 0);
    if (triage_counts(prose->result)->interrupted) {
        buf_append(&prose->text, text_get(TEXT_REPORT_INTERRUPTED));
        prose_end(prose, 0, 0);
    }
    summary_looked_at(&prose->text, &prose->phrase, prose->result);
    prose_end(prose, 0, 0);
}

enum result prose_write(struct sink *sink, struct triage_result *result,
    const struct report_options *options, struct error *err)
{
    static const struct digest_limits limits = {
        .incidents = PROSE_INCIDENTS_FULL, .signs = TRIAGE_STRONGEST_MAX};
    struct digest digest;
    struct prose prose;
    enum result status = digest_make(&digest, result, &limits, err);
    if (status != RESULT_OK)
        return status;
    prose_writer_init(&prose, sink, result, options, &digest);
    prose_head(&prose);
    prose_incident_all(&prose);
    prose_incident_none(&prose);
    prose_coverage_all(&prose);
    prose_writer_free(&prose);
    digest_free(&digest);
    return RESULT_OK;
}
