/* See page_incident.h. */
#include "report/page_incident.h"

#include "base/civil.h"
#include "report/defang.h"
#include "report/invocation.h"
#include "report/page_sign.h"
#include "report/steps.h"
#include "report/tactic.h"
#include "report/words.h"
#include "triage/incident.h"

/* Of an incident's facts and reasons. */
#define PAGE_ENTITIES_MAX    30
#define PAGE_UNFOLDED_MAX    3 /* long ones that are not folded away */
#define PAGE_WHY_MAX         30
#define PAGE_TECHNIQUES_MAX  60
#define PAGE_DESCRIPTION_MAX ((size_t)2000)
/* Rules named of signs outside incidents, of each kind. */
#define PAGE_RULES_MAX 100

static slice page_incident_anchor(struct page *page, size_t number, bool link)
{
    struct buf *anchor = phrase_begin(&page->phrase);
    buf_append(anchor, link ? S("#incident-") : S("incident-"));
    buf_append_u64(anchor, number);
    return phrase_end(&page->phrase);
}

static void page_more(struct page *page, uint64_t more)
{
    slice number = phrase_number(&page->phrase, more);
    text_append(phrase_begin(&page->phrase), TEXT_PAGE_LIST_CUT, ARG(number));
    html_text(&page->html, text_get(TEXT_REPORT_LIST_COMMA));
    html_text(&page->html, phrase_end(&page->phrase));
}

/* --- the table of all --- */

static const struct page_column page_incident_columns[] = {
    {TEXT_PAGE_COLUMN_NUMBER, PAGE_COLUMN_NUMBER},
    {TEXT_PAGE_COLUMN_PRIORITY, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_WHAT, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_WHEN, PAGE_COLUMN_TIME},
    {TEXT_PAGE_COLUMN_SIGNS, PAGE_COLUMN_NUMBER},
};

static void page_incident_row(
    struct page *page, const struct triage_incident *incident, size_t number)
{
    html_open(&page->html, "tr");
    page_cell_number(page, &page_incident_columns[0], number);
    page_cell(page, &page_incident_columns[1]);
    page_level(page, incident->priority);
    html_close(&page->html, "td");
    page_cell(page, &page_incident_columns[2]);
    if (number <= PAGE_INCIDENTS_FULL) {
        slice anchor = page_incident_anchor(page, number, true);
        html_open(&page->html, "a");
        html_attribute(&page->html, "href", anchor);
        page_evidence(page, incident->title, PAGE_EVIDENCE_MAX);
        html_close(&page->html, "a");
    } else {
        page_evidence(page, incident->title, PAGE_EVIDENCE_MAX);
    }
    html_close(&page->html, "td");
    page_cell_text(page, &page_incident_columns[3],
        phrase_period(&page->phrase, incident->first_ns, incident->last_ns));
    page_cell_number(page, &page_incident_columns[4], incident->sign_count);
    html_close(&page->html, "tr");
    phrase_reset(&page->phrase);
}

static void page_incident_table(struct page *page)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(page->result, &count);
    size_t told = size_min(count, PAGE_INCIDENTS_MAX);
    page_table(page, text_get(TEXT_PAGE_INCIDENTS), page_incident_columns,
        sizeof(page_incident_columns) / sizeof(page_incident_columns[0]));
    html_open(&page->html, "tbody");
    for (size_t i = 0; i < told; i++)
        page_incident_row(page, &incidents[i], i + 1);
    html_close(&page->html, "tbody");
    page_table_end(page);
    if (count > PAGE_INCIDENTS_FULL) {
        text_append(
            phrase_begin(&page->phrase), TEXT_PAGE_INCIDENTS_SHORT, ARG(PAGE_INCIDENTS_FULL + 1));
        page_paragraph(page, "note", phrase_end(&page->phrase));
    }
    if (count > told) {
        slice more = phrase_number(&page->phrase, count - told);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_INCIDENTS_CUT, ARG(more));
        page_paragraph(page, "note", phrase_end(&page->phrase));
        invocation_everything(phrase_begin(&page->phrase), page->options);
        page_command(page, phrase_end(&page->phrase));
    }
}

/* --- facts --- */

static void page_incident_when(struct page *page, const struct triage_incident *incident)
{
    slice period = phrase_period(&page->phrase, incident->first_ns, incident->last_ns);
    slice duration = phrase_duration(&page->phrase, incident->first_ns, incident->last_ns);
    if (duration.len > 0)
        text_append(phrase_begin(&page->phrase), TEXT_REPORT_WHEN_IS, ARG(period), ARG(duration));
    else if (incident->first_ns != CIVIL_TIME_NONE)
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_UTC, ARG(period));
    else
        buf_append(phrase_begin(&page->phrase), period);
    page_fact_text(page, text_get(TEXT_REPORT_WHEN), phrase_end(&page->phrase));
    if (incident->raised_ns == CIVIL_TIME_NONE)
        return;
    slice raised = phrase_time(&page->phrase, incident->raised_ns);
    text_append(phrase_begin(&page->phrase), TEXT_PAGE_RAISED_IS, ARG(raised));
    page_fact_text(page, text_get(TEXT_PAGE_RAISED), phrase_end(&page->phrase));
}

/* Names that may be long and many: folded away, one a line. */
static bool page_is_long(enum entity_type type)
{
    return type == ENTITY_URL || type == ENTITY_PROCESS || type == ENTITY_FILE;
}

static void page_incident_names(struct page *page, const struct triage_incident *incident,
    enum entity_type type, const char *between)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->entity_count && count < PAGE_ENTITIES_MAX; i++) {
        if (incident->entities[i].type != type)
            continue;
        if (between != NULL)
            html_open(&page->html, between);
        else if (count > 0)
            html_text(&page->html, text_get(TEXT_REPORT_LIST_COMMA));
        defang_append(phrase_begin(&page->phrase), type, incident->entities[i].value);
        page_entity(page, phrase_end(&page->phrase));
        if (between != NULL)
            html_close(&page->html, between);
        count++;
    }
}

static void page_incident_folded(
    struct page *page, const struct triage_incident *incident, enum entity_type type, size_t count)
{
    slice number = phrase_number(&page->phrase, count);
    html_open(&page->html, "details");
    text_append(phrase_begin(&page->phrase), TEXT_PAGE_NAMES_FOLDED, ARG(number));
    html_element(&page->html, "summary", NULL, phrase_end(&page->phrase));
    html_open_class(&page->html, "ul", "names");
    page_incident_names(page, incident, type, "li");
    if (count > PAGE_ENTITIES_MAX) {
        slice more = phrase_number(&page->phrase, count - PAGE_ENTITIES_MAX);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_LIST_CUT, ARG(more));
        html_element(&page->html, "li", NULL, phrase_end(&page->phrase));
    }
    html_close(&page->html, "ul");
    html_close(&page->html, "details");
}

static void page_incident_entities(
    struct page *page, const struct triage_incident *incident, enum entity_type type)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->entity_count; i++)
        count += incident->entities[i].type == type ? 1 : 0;
    if (count == 0)
        return;
    page_fact(page, words_entity_type(type));
    if (page_is_long(type) && count > PAGE_UNFOLDED_MAX) {
        page_incident_folded(page, incident, type, count);
    } else {
        page_incident_names(page, incident, type, NULL);
        if (count > PAGE_ENTITIES_MAX)
            page_more(page, count - PAGE_ENTITIES_MAX);
    }
    page_fact_end(page);
}

static void page_incident_vectors(struct page *page, const struct triage_incident *incident)
{
    page_fact(page, text_get(TEXT_REPORT_VECTOR));
    for (size_t i = 0; i < incident->vector_count; i++) {
        if (i > 0)
            html_text(&page->html, text_get(TEXT_REPORT_LIST_COMMA));
        html_text(&page->html, words_vector(incident->vectors[i]));
    }
    if (incident->vector_count == 0)
        html_text(&page->html, words_vector(RULE_VECTOR_UNKNOWN));
    page_fact_end(page);
}

static void page_incident_techniques(struct page *page, const struct triage_incident *incident)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->attack_count; i++) {
        if (tactic_find(incident->attack[i]) != TACTIC_COUNT)
            continue;
        if (count++ == 0)
            page_fact(page, text_get(TEXT_PAGE_TECHNIQUES));
        else if (count <= PAGE_TECHNIQUES_MAX)
            html_text(&page->html, text_get(TEXT_REPORT_LIST_COMMA));
        if (count <= PAGE_TECHNIQUES_MAX)
            page_evidence_in(page, "span", "value", incident->attack[i]);
    }
    if (count > PAGE_TECHNIQUES_MAX)
        page_more(page, count - PAGE_TECHNIQUES_MAX);
    if (count > 0)
        page_fact_end(page);
}

/* All tactics in their order, those seen marked: how far it came, at a glance. */
static void page_incident_stage(struct page *page, const struct triage_incident *incident)
{
    enum tactic furthest = tactic_furthest(incident->attack, incident->attack_count);
    page_fact(page, text_get(TEXT_REPORT_STAGE));
    if (furthest == TACTIC_COUNT) {
        html_text(&page->html, text_get(TEXT_REPORT_STAGE_NONE));
        page_fact_end(page);
        return;
    }
    text_append(phrase_begin(&page->phrase), TEXT_REPORT_STAGE_IS, ARG(tactic_name(furthest)),
        ARG(tactic_id(furthest)));
    html_text(&page->html, phrase_end(&page->phrase));
    html_open_class(&page->html, "ol", "stages");
    html_attribute(&page->html, "aria-label", text_get(TEXT_PAGE_STAGE_STRIP));
    for (enum tactic tactic = 0; tactic < TACTIC_COUNT; tactic++) {
        bool seen = tactic_among(tactic, incident->attack, incident->attack_count);
        html_open_class(&page->html, "li", seen ? "seen" : NULL);
        html_text(&page->html, tactic_name(tactic));
        if (seen) {
            html_text(&page->html, S(" "));
            html_element(&page->html, "span", "unseen", text_get(TEXT_PAGE_SEEN));
        }
        html_close(&page->html, "li");
    }
    html_close(&page->html, "ol");
    page_fact_end(page);
}

static void page_incident_facts(struct page *page, const struct triage_incident *incident)
{
    html_open_class(&page->html, "dl", "facts");
    page_incident_when(page, incident);
    for (enum entity_type type = 0; type < ENTITY_COUNT; type++)
        page_incident_entities(page, incident, type);
    page_incident_vectors(page, incident);
    page_incident_stage(page, incident);
    page_incident_techniques(page, incident);
    html_close(&page->html, "dl");
    phrase_reset(&page->phrase);
}

/* --- reasons --- */

static const struct page_column page_why_columns[] = {
    {TEXT_PAGE_COLUMN_POINTS, PAGE_COLUMN_NUMBER},
    {TEXT_PAGE_COLUMN_RULE, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_LEVEL, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_HOST, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_COUNT, PAGE_COLUMN_NUMBER},
};

/* What the rule's author says of it, folded away. */
static void page_about_rule(struct page *page, const struct rule *rule)
{
    if (rule == NULL || (rule->description.len == 0 && rule->false_positive_count == 0))
        return;
    html_open(&page->html, "details");
    html_element(&page->html, "summary", NULL, text_get(TEXT_PAGE_ABOUT_RULE));
    html_open(&page->html, "p");
    page_evidence(page, rule->description, PAGE_DESCRIPTION_MAX);
    html_close(&page->html, "p");
    if (rule->false_positive_count > 0) {
        html_open(&page->html, "p");
        html_text(&page->html, text_get(TEXT_PAGE_FALSE_POSITIVES));
        for (size_t i = 0; i < rule->false_positive_count; i++) {
            html_text(&page->html, i == 0 ? S(" ") : text_get(TEXT_REPORT_LIST_COMMA));
            page_evidence(page, rule->false_positives[i], PAGE_EVIDENCE_MAX);
        }
        html_close(&page->html, "p");
    }
    page_evidence_in(page, "p", "value", rule->id);
    html_close(&page->html, "details");
}

static void page_why_row(struct page *page, const struct triage_why *why)
{
    html_open(&page->html, "tr");
    page_cell_text(page, &page_why_columns[0], phrase_points(&page->phrase, why->weight));
    page_cell(page, &page_why_columns[1]);
    page_evidence(page, words_title(why->rule, why->title), PAGE_EVIDENCE_MAX);
    page_about_rule(page, why->rule);
    html_close(&page->html, "td");
    page_cell(page, &page_why_columns[2]);
    page_level(page, why->level);
    html_close(&page->html, "td");
    page_cell_evidence(page, &page_why_columns[3], why->host);
    page_cell_number(page, &page_why_columns[4], why->count);
    html_close(&page->html, "tr");
    phrase_reset(&page->phrase);
}

static void page_incident_why(struct page *page, const struct triage_incident *incident)
{
    double rest = incident->points;
    slice points = phrase_points(&page->phrase, incident->points);
    slice low = phrase_points(&page->phrase, INCIDENT_LOW_POINTS_MAX);
    html_element(&page->html, "h4", NULL, text_get(TEXT_PAGE_WHY));
    text_append(phrase_begin(&page->phrase), TEXT_PAGE_WHY_IS, ARG(points), ARG(low));
    page_paragraph(page, NULL, phrase_end(&page->phrase));
    page_table(page, text_get(TEXT_PAGE_WHY), page_why_columns,
        sizeof(page_why_columns) / sizeof(page_why_columns[0]));
    html_open(&page->html, "tbody");
    for (size_t i = 0; i < incident->why_count && i < PAGE_WHY_MAX; i++) {
        page_why_row(page, &incident->why[i]);
        rest -= incident->why[i].weight;
    }
    html_close(&page->html, "tbody");
    page_table_end(page);
    if (incident->why_count > PAGE_WHY_MAX) {
        slice more = phrase_number(&page->phrase, incident->why_count - PAGE_WHY_MAX);
        slice rest_points = phrase_points(&page->phrase, rest < 0 ? 0 : rest);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_WHY_CUT, ARG(more), ARG(rest_points));
        page_paragraph(page, "note", phrase_end(&page->phrase));
    }
}

/* --- next steps --- */

static void page_incident_steps(struct page *page, const struct triage_incident *incident)
{
    html_open_class(&page->html, "div", "steps");
    html_element(&page->html, "h4", NULL, text_get(TEXT_PAGE_NEXT));
    html_open_class(&page->html, "dl", "facts");
    for (enum steps_kind kind = 0; kind < STEPS_KINDS; kind++) {
        size_t position = 0;
        size_t count = 0;
        slice step;
        while (steps_next(incident, kind, &position, &step)) {
            if (count++ == 0) {
                page_fact(page, steps_kind_name(kind));
                html_open(&page->html, "ul");
            }
            html_element(&page->html, "li", NULL, step);
        }
        if (count > 0) {
            html_close(&page->html, "ul");
            page_fact_end(page);
        }
    }
    html_close(&page->html, "dl");
    page_paragraph(page, "note", text_get(TEXT_PAGE_NEXT_NOTE));
    html_close(&page->html, "div");
}

static void page_incident(struct page *page, size_t index)
{
    size_t count;
    const struct triage_incident *incident = &triage_incidents(page->result, &count)[index];
    slice anchor = page_incident_anchor(page, index + 1, false);
    html_open_class(&page->html, "article", "incident");
    html_attribute(&page->html, "id", anchor);
    html_open(&page->html, "h3");
    text_append(phrase_begin(&page->phrase), TEXT_PAGE_INCIDENT, ARG(index + 1));
    html_element(&page->html, "span", "kicker", phrase_end(&page->phrase));
    html_text(&page->html, S(" "));
    page_level(page, incident->priority);
    html_text(&page->html, S(" "));
    page_evidence_in(page, "span", "name", incident->title);
    html_close(&page->html, "h3");
    page_incident_facts(page, incident);
    pictures_write_incident(page->pictures, index, &page->html, &page->phrase);
    page_incident_why(page, incident);
    page_incident_steps(page, incident);
    page_sign_table(page, incident, &page->digest->incidents[index]);
    html_close(&page->html, "article");
    phrase_reset(&page->phrase);
}

void page_incident_all(struct page *page)
{
    size_t count;
    (void)triage_incidents(page->result, &count);
    page_section(page, "incidents", text_get(TEXT_PAGE_INCIDENTS));
    if (count == 0)
        page_paragraph(page, NULL, text_get(TEXT_PAGE_NO_INCIDENTS));
    else
        page_incident_table(page);
    if (count > 0)
        page_paragraph(page, "note", text_get(TEXT_PAGE_DEFANGED));
    for (size_t i = 0; i < count && i < PAGE_INCIDENTS_FULL; i++)
        page_incident(page, i);
    html_close(&page->html, "section");
}

/* --- signs in no incident --- */

static const struct page_column page_rule_columns[] = {
    {TEXT_PAGE_COLUMN_LEVEL, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_RULE, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_HOSTS, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_COUNT, PAGE_COLUMN_NUMBER},
    {TEXT_PAGE_COLUMN_WHEN, PAGE_COLUMN_TEXT},
    {TEXT_PAGE_COLUMN_RECORD, PAGE_COLUMN_TEXT},
};

static void page_rule_hosts(struct page *page, const struct digest_rule *rule)
{
    page_cell(page, &page_rule_columns[2]);
    for (size_t i = 0; i < rule->host_count; i++) {
        if (i > 0)
            html_text(&page->html, text_get(TEXT_REPORT_LIST_COMMA));
        page_evidence(page, rule->hosts[i], PAGE_EVIDENCE_MAX);
    }
    if (rule->more_hosts) {
        html_text(&page->html, text_get(TEXT_REPORT_LIST_COMMA));
        html_text(&page->html, text_get(TEXT_REPORT_MORE_HOSTS));
    }
    html_close(&page->html, "td");
}

static void page_rule_row(struct page *page, const struct digest_rule *rule)
{
    html_open(&page->html, "tr");
    page_cell(page, &page_rule_columns[0]);
    page_level(page, rule->level);
    html_close(&page->html, "td");
    page_cell(page, &page_rule_columns[1]);
    page_evidence(page, words_title(rule->rule, rule->title), PAGE_EVIDENCE_MAX);
    page_about_rule(page, rule->rule);
    html_close(&page->html, "td");
    page_rule_hosts(page, rule);
    page_cell_number(page, &page_rule_columns[3], rule->count);
    page_cell_text(
        page, &page_rule_columns[4], phrase_period(&page->phrase, rule->first_ns, rule->last_ns));
    page_cell(page, &page_rule_columns[5]);
    if (rule->record.path.len > 0)
        html_element(&page->html, "span", "value", page_record(page, &rule->record));
    html_close(&page->html, "td");
    html_close(&page->html, "tr");
    phrase_reset(&page->phrase);
}

static void page_rules(
    struct page *page, slice label, const struct digest_rule *rules, size_t count)
{
    page_table(
        page, label, page_rule_columns, sizeof(page_rule_columns) / sizeof(page_rule_columns[0]));
    html_open(&page->html, "tbody");
    for (size_t i = 0; i < count && i < PAGE_RULES_MAX; i++)
        page_rule_row(page, &rules[i]);
    html_close(&page->html, "tbody");
    page_table_end(page);
    if (count > PAGE_RULES_MAX) {
        slice more = phrase_number(&page->phrase, count - PAGE_RULES_MAX);
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_RULES_CUT, ARG(more));
        page_paragraph(page, "note", phrase_end(&page->phrase));
        invocation_everything(phrase_begin(&page->phrase), page->options);
        page_command(page, phrase_end(&page->phrase));
    }
}

void page_incident_none(struct page *page)
{
    const struct digest *digest = page->digest;
    if (digest->precursor_count > 0) {
        slice signs = phrase_count(
            &page->phrase, TEXT_REPORT_PRECURSOR, TEXT_REPORT_PRECURSORS, digest->precursor_signs);
        page_section(page, "precursors", text_get(TEXT_PAGE_PRECURSORS));
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_PRECURSORS_IS, ARG(signs));
        page_paragraph(page, NULL, phrase_end(&page->phrase));
        page_rules(
            page, text_get(TEXT_PAGE_PRECURSORS), digest->precursors, digest->precursor_count);
        html_close(&page->html, "section");
    }
    if (digest->other_count > 0) {
        slice signs =
            phrase_count(&page->phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, digest->other_signs);
        page_section(page, "others", text_get(TEXT_PAGE_OTHERS));
        text_append(phrase_begin(&page->phrase), TEXT_PAGE_OTHERS_IS, ARG(signs));
        page_paragraph(page, NULL, phrase_end(&page->phrase));
        page_rules(page, text_get(TEXT_PAGE_OTHERS), digest->others, digest->other_count);
        html_close(&page->html, "section");
    }
}
