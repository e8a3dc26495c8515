/* See prose.h. Written for somebody who is woken by it: the first sentence says whether something
 * happened, what was looked at comes next, then the incidents, then what is known of the rest. */
#include "report/prose.h"

#include "base/civil.h"
#include "report/digest.h"
#include "report/prose_coverage.h"
#include "report/prose_incident.h"
#include "report/prose_writer.h"
#include "report/words.h"

/* Appends the sentence after the others of its paragraph. */
static void prose_sentence_gap(struct prose *prose)
{
    if (prose->text.len > 0)
        words_gap(&prose->text);
}

static slice prose_incident_title(struct prose *prose, const struct triage_incident *incident)
{
    return prose_evidence(prose, incident->title);
}

static void prose_found(struct prose *prose)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(prose->result, &count);
    buf_append(&prose->text, S(LAYOUT_STRONG));
    if (count == 0) {
        buf_append(&prose->text, text_get(TEXT_REPORT_FOUND_NONE));
    } else {
        const struct triage_incident *worst = &incidents[0];
        slice level = words_level(worst->priority);
        slice title = prose_incident_title(prose, worst);
        slice period = prose_period(prose, worst->first_ns, worst->last_ns);
        if (count == 1)
            text_append(&prose->text, TEXT_REPORT_FOUND_ONE, ARG(level), ARG(title), ARG(period));
        else
            text_append(&prose->text, TEXT_REPORT_FOUND_MANY,
                ARG(prose_count(prose, TEXT_REPORT_INCIDENT, TEXT_REPORT_INCIDENTS, count)),
                ARG(level), ARG(title), ARG(period));
    }
    buf_append(&prose->text, S(LAYOUT_PLAIN));
    prose_end(prose, 0, 0);
}

/* Hosts of which something was read. */
static uint64_t prose_hosts(const struct triage_result *result)
{
    size_t count;
    const struct triage_coverage *coverages = triage_coverages(result, &count);
    uint64_t hosts = 0;
    for (size_t i = 0; i < count; i++)
        if (coverages[i].host.len > 0 &&
            (i == 0 || !slice_equal(coverages[i].host, coverages[i - 1].host)))
            hosts++;
    return hosts;
}

static void prose_looked_at(struct prose *prose)
{
    const struct triage_counts *counts = triage_counts(prose->result);
    slice records = prose_count(prose, TEXT_REPORT_RECORD, TEXT_REPORT_RECORDS, counts->records);
    slice sources = prose_count(prose, TEXT_REPORT_SOURCE, TEXT_REPORT_SOURCES, counts->sources);
    slice hosts =
        prose_count(prose, TEXT_REPORT_HOST, TEXT_REPORT_HOSTS, prose_hosts(prose->result));
    words_bytes(prose_word(prose), counts->bytes);
    slice bytes = prose_word_end(prose);
    text_append(
        &prose->text, TEXT_REPORT_LOOKED_AT, ARG(records), ARG(sources), ARG(bytes), ARG(hosts));
    prose_sentence_gap(prose);
    if (counts->first_ns == CIVIL_TIME_NONE)
        buf_append(&prose->text, text_get(TEXT_REPORT_EVENTS_NO_TIME));
    else
        text_append(&prose->text, TEXT_REPORT_EVENTS_FROM,
            ARG(prose_period(prose, counts->first_ns, counts->last_ns)));
    prose_sentence_gap(prose);
    text_append(&prose->text, TEXT_REPORT_RULES_USED,
        ARG(prose_count(prose, TEXT_REPORT_RULE, TEXT_REPORT_RULES, counts->rules_loaded)),
        ARG(prose_count(prose, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, counts->signs)),
        ARG(prose_number(prose, counts->precursors)));
}

static void prose_head(struct prose *prose)
{
    const struct triage_counts *counts = triage_counts(prose->result);
    prose_found(prose);
    if (counts->interrupted) {
        buf_append(&prose->text, text_get(TEXT_REPORT_INTERRUPTED));
        prose_end(prose, 0, 0);
    }
    prose_looked_at(prose);
    if (counts->incidents == 0) {
        prose_sentence_gap(prose);
        buf_append(&prose->text,
            text_get(counts->events == 0 ? TEXT_REPORT_NONE_NO_EVENTS : TEXT_REPORT_NONE_MEANS));
    }
    if (prose_coverage_has_gaps(prose->result)) {
        prose_sentence_gap(prose);
        buf_append(&prose->text, text_get(TEXT_REPORT_SEE_GAPS));
    }
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
