/* See summary.h. */
#include "report/summary.h"

#include "base/civil.h"
#include "report/words.h"

void summary_found(
    struct buf *out, struct phrase *phrase, const struct triage_result *result, slice title)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(result, &count);
    if (count == 0) {
        buf_append(out, text_get(TEXT_REPORT_FOUND_NONE));
        return;
    }
    const struct triage_incident *worst = &incidents[0];
    slice level = words_level(worst->priority);
    slice period = phrase_period(phrase, worst->first_ns, worst->last_ns);
    slice number = phrase_count(phrase, TEXT_REPORT_INCIDENT, TEXT_REPORT_INCIDENTS, count);
    if (count == 1)
        text_append(out, TEXT_REPORT_FOUND_ONE, ARG(level), ARG(title), ARG(period));
    else
        text_append(out, TEXT_REPORT_FOUND_MANY, ARG(number), ARG(level), ARG(title), ARG(period));
}

/* Hosts of which something was read. */
static uint64_t summary_hosts(const struct triage_result *result)
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

static void summary_evidence(
    struct buf *out, struct phrase *phrase, const struct triage_result *result)
{
    const struct triage_counts *counts = triage_counts(result);
    slice records = phrase_count(phrase, TEXT_REPORT_RECORD, TEXT_REPORT_RECORDS, counts->records);
    slice sources = phrase_count(phrase, TEXT_REPORT_SOURCE, TEXT_REPORT_SOURCES, counts->sources);
    slice hosts = phrase_count(phrase, TEXT_REPORT_HOST, TEXT_REPORT_HOSTS, summary_hosts(result));
    text_append(out, TEXT_REPORT_LOOKED_AT, ARG(records), ARG(sources),
        ARG(phrase_bytes(phrase, counts->bytes)), ARG(hosts));
    words_gap(out);
    if (counts->first_ns == CIVIL_TIME_NONE)
        buf_append(out, text_get(TEXT_REPORT_EVENTS_NO_TIME));
    else
        text_append(out, TEXT_REPORT_EVENTS_FROM,
            ARG(phrase_period(phrase, counts->first_ns, counts->last_ns)));
}

void summary_looked_at(struct buf *out, struct phrase *phrase, const struct triage_result *result)
{
    const struct triage_counts *counts = triage_counts(result);
    summary_evidence(out, phrase, result);
    words_gap(out);
    text_append(out, TEXT_REPORT_RULES_USED,
        ARG(phrase_count(phrase, TEXT_REPORT_RULE, TEXT_REPORT_RULES, counts->rules_loaded)),
        ARG(phrase_count(phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, counts->signs)),
        ARG(phrase_number(phrase, counts->precursors)));
    if (counts->rules_loaded == 0) {
        words_gap(out);
        buf_append(out, text_get(TEXT_REPORT_NO_RULES));
    }
    if (counts->incidents == 0) {
        words_gap(out);
        buf_append(out,
            text_get(counts->events == 0 ? TEXT_REPORT_NONE_NO_EVENTS : TEXT_REPORT_NONE_MEANS));
    }
    if (summary_has_gaps(result)) {
        words_gap(out);
        buf_append(out, text_get(TEXT_REPORT_SEE_GAPS));
    }
}

bool summary_is_unread(const struct triage_source *source)
{
    return source->note.len > 0 || source->undecoded > 0 || slice_is_absent(source->format);
}

bool summary_has_gaps(const struct triage_result *result)
{
    size_t missing, count;
    (void)triage_missing_logs(result, &missing);
    const struct triage_source *sources = triage_sources(result, &count);
    for (size_t i = 0; i < count; i++)
        if (summary_is_unread(&sources[i]))
            return true;
    return missing > 0;
}

static void summary_assume(
    struct summary_assumption *assumption, const struct triage_source *source)
{
    if (assumption->named < SUMMARY_NAMED_MAX)
        assumption->first[assumption->named++] = source;
    assumption->count++;
}

/* The assumption of that year among the first `count`; the zone's place is kept free. */
static struct summary_assumption *summary_of_year(
    struct summary_assumption *assumptions, size_t *count, int32_t year)
{
    for (size_t i = 0; i < *count; i++)
        if (assumptions[i].year == year)
            return &assumptions[i];
    if (*count == SUMMARY_ASSUMPTIONS_MAX - 1)
        return &assumptions[*count - 1];
    assumptions[*count] = (struct summary_assumption){.year = year};
    return &assumptions[(*count)++];
}

size_t summary_assumptions(const struct triage_result *result,
    struct summary_assumption assumptions[SUMMARY_ASSUMPTIONS_MAX])
{
    size_t source_count, count = 0;
    const struct triage_source *sources = triage_sources(result, &source_count);
    struct summary_assumption zone = {.zone = true};
    for (size_t i = 0; i < source_count; i++) {
        if ((sources[i].time_assumed & EVENT_TIME_ASSUMED_YEAR) != 0)
            summary_assume(summary_of_year(assumptions, &count, sources[i].year), &sources[i]);
        if ((sources[i].time_assumed & EVENT_TIME_ASSUMED_ZONE) != 0)
            summary_assume(&zone, &sources[i]);
    }
    if (zone.count > 0)
        assumptions[count++] = zone;
    return count;
}
