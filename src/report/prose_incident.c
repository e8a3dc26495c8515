/* See prose_incident.h. */
#include "report/prose_incident.h"

#include "base/civil.h"
#include "report/invocation.h"
#include "report/tactic.h"
#include "report/words.h"

/* Names of one kind shown of an incident. */
#define PROSE_ENTITIES_MAX   6
#define PROSE_LONG_MAX       3 /* URLs, processes, files */
#define PROSE_WHY_MAX        6
#define PROSE_TECHNIQUES_MAX 12
/* Rules named of the signs outside incidents, of each kind. */
#define PROSE_RULES_MAX 15
/* Columns of a weight: "12345.6". */
#define PROSE_POINTS_COLUMNS 6

static void prose_list_gap(struct prose *prose, size_t index)
{
    if (index > 0)
        buf_append(&prose->text, text_get(TEXT_REPORT_LIST_COMMA));
}

static void prose_list_more(struct prose *prose, size_t shown, size_t count)
{
    if (count > shown) {
        prose_list_gap(prose, shown);
        text_append(
            &prose->text, TEXT_REPORT_MORE, ARG(phrase_number(&prose->phrase, count - shown)));
    }
}

/* --- rows of an incident --- */

static void prose_title_line(
    struct prose *prose, const struct triage_incident *incident, size_t number)
{
    layout_blank(&prose->layout);
    size_t begin = prose->text.len;
    prose_level_mark(prose, incident->priority);
    buf_append_u64(&prose->text, number);
    buf_append(&prose->text, S("  "));
    buf_append(&prose->text, words_level(incident->priority));
    buf_append(&prose->text, S(LAYOUT_PLAIN "  " LAYOUT_STRONG));
    size_t column = layout_width(slice_from(buf_slice(&prose->text), begin));
    layout_title(&prose->text, incident->title);
    buf_append(&prose->text, S(LAYOUT_PLAIN));
    prose_end(prose, 0, column);
}

static void prose_when(struct prose *prose, const struct triage_incident *incident)
{
    slice period = phrase_period(&prose->phrase, incident->first_ns, incident->last_ns);
    slice duration = phrase_duration(&prose->phrase, incident->first_ns, incident->last_ns);
    prose_row(prose, TEXT_REPORT_WHEN);
    if (duration.len > 0)
        text_append(&prose->text, TEXT_REPORT_WHEN_IS, ARG(period), ARG(duration));
    else if (incident->first_ns == CIVIL_TIME_NONE)
        buf_append(&prose->text, period);
    else
        text_append(&prose->text, TEXT_REPORT_WHEN_MOMENT, ARG(period));
    prose_row_end(prose);
}

static bool prose_is_long(enum entity_type type)
{
    return type == ENTITY_URL || type == ENTITY_PROCESS || type == ENTITY_FILE;
}

static void prose_entities(
    struct prose *prose, const struct triage_incident *incident, enum entity_type type)
{
    static const enum text labels[ENTITY_COUNT] = {
#define ENTITY(id, name) [ENTITY_##id] = TEXT_REPORT_ENTITY_##id,
#include "event/entities.def"
#undef ENTITY
    };
    size_t count = 0, shown = 0;
    for (size_t i = 0; i < incident->entity_count; i++)
        count += incident->entities[i].type == type ? 1 : 0;
    if (count == 0)
        return;
    prose_row(prose, labels[type]);
    size_t most = prose_is_long(type) ? PROSE_LONG_MAX : PROSE_ENTITIES_MAX;
    for (size_t i = 0; i < incident->entity_count && shown < most; i++) {
        if (incident->entities[i].type != type)
            continue;
        prose_list_gap(prose, shown++);
        layout_name(&prose->text, incident->entities[i].value);
    }
    prose_list_more(prose, shown, count);
    prose_row_end(prose);
}

static void prose_vector(struct prose *prose, const struct triage_incident *incident)
{
    prose_row(prose, TEXT_REPORT_VECTOR);
    for (size_t i = 0; i < incident->vector_count; i++) {
        prose_list_gap(prose, i);
        buf_append(&prose->text, words_vector(incident->vectors[i]));
    }
    if (incident->vector_count == 0)
        buf_append(&prose->text, words_vector(RULE_VECTOR_UNKNOWN));
    prose_row_end(prose);
}

static slice prose_tactics(struct prose *prose, const struct triage_incident *incident)
{
    struct buf *word = phrase_begin(&prose->phrase);
    size_t count = 0;
    for (enum tactic tactic = 0; tactic < TACTIC_COUNT; tactic++) {
        if (!tactic_among(tactic, incident->attack, incident->attack_count))
            continue;
        if (count++ > 0)
            buf_append(word, text_get(TEXT_REPORT_LIST_COMMA));
        buf_append(word, tactic_name(tactic));
    }
    return phrase_end(&prose->phrase);
}

static slice prose_techniques(struct prose *prose, const struct triage_incident *incident)
{
    struct buf *word = phrase_begin(&prose->phrase);
    size_t count = 0;
    for (size_t i = 0; i < incident->attack_count; i++) {
        if (slice_starts(incident->attack[i], S("TA")))
            continue;
        if (count > 0)
            buf_append(word, text_get(TEXT_REPORT_LIST_COMMA));
        if (count++ == PROSE_TECHNIQUES_MAX) {
            buf_append(word, S("\xe2\x80\xa6"));
            break;
        }
        layout_evidence(word, incident->attack[i]);
    }
    return phrase_end(&prose->phrase);
}

static void prose_stage(struct prose *prose, const struct triage_incident *incident)
{
    enum tactic furthest = tactic_furthest(incident->attack, incident->attack_count);
    prose_row(prose, TEXT_REPORT_STAGE);
    if (furthest == TACTIC_COUNT) {
        buf_append(&prose->text, text_get(TEXT_REPORT_STAGE_NONE));
    } else {
        text_append(&prose->text, TEXT_REPORT_STAGE_IS, ARG(tactic_name(furthest)),
            ARG(tactic_id(furthest)));
        text_append(&prose->text, TEXT_REPORT_STAGE_SEEN, ARG(prose_tactics(prose, incident)));
    }
    slice techniques = prose_techniques(prose, incident);
    if (techniques.len > 0)
        text_append(&prose->text, TEXT_REPORT_STAGE_TECHNIQUES, ARG(techniques));
    prose_row_end(prose);
}

/* The number of points, right-aligned. */
static void prose_points(struct prose *prose, double points)
{
    slice word = phrase_points(&prose->phrase, points);
    layout_spaces(&prose->text, PROSE_POINTS_COLUMNS - size_min(word.len, PROSE_POINTS_COLUMNS));
    buf_append(&prose->text, word);
    buf_append(&prose->text, S("  "));
}

static void prose_why_line(struct prose *prose, const struct triage_why *why)
{
    prose_points(prose, why->weight);
    slice count = phrase_number(&prose->phrase, why->count);
    slice title = prose_title(prose, why->rule, why->title);
    slice level = words_level(why->level);
    if (why->host.len > 0)
        text_append(&prose->text, TEXT_REPORT_WHY_ITEM_ON, ARG(count), ARG(title), ARG(level),
            ARG(prose_evidence(prose, why->host)));
    else
        text_append(&prose->text, TEXT_REPORT_WHY_ITEM, ARG(count), ARG(title), ARG(level));
    prose_row_line(prose, PROSE_POINTS_COLUMNS + 2);
}

static void prose_why(struct prose *prose, const struct triage_incident *incident)
{
    double rest = incident->points;
    prose_row(prose, TEXT_REPORT_WHY);
    text_append(
        &prose->text, TEXT_REPORT_WHY_POINTS, ARG(phrase_points(&prose->phrase, incident->points)));
    prose_row_end(prose);
    for (size_t i = 0; i < incident->why_count && i < PROSE_WHY_MAX; i++) {
        prose_why_line(prose, &incident->why[i]);
        rest -= incident->why[i].weight;
    }
    if (incident->why_count > PROSE_WHY_MAX) {
        words_points(phrase_begin(&prose->phrase), rest);
        slice points = phrase_end(&prose->phrase);
        layout_spaces(&prose->text, PROSE_POINTS_COLUMNS + 2);
        text_append(&prose->text, TEXT_REPORT_WHY_MORE,
            ARG(phrase_number(&prose->phrase, incident->why_count - PROSE_WHY_MAX)), ARG(points));
        prose_row_line(prose, PROSE_POINTS_COLUMNS + 2);
    }
}

/* --- signs --- */

static void prose_sign_what(struct prose *prose, const struct triage_sign *sign)
{
    slice title = prose_title(prose, sign->rule, sign->title);
    slice host = digest_entity(sign->entities, sign->entity_count, ENTITY_HOST);
    if (host.len > 0)
        text_append(&prose->text, TEXT_REPORT_SIGN_ON, ARG(title), ARG(words_level(sign->level)),
            ARG(prose_evidence(prose, host)));
    else
        text_append(&prose->text, TEXT_REPORT_SIGN_OFF, ARG(title), ARG(words_level(sign->level)));
    if (sign->count > 1) {
        slice records = phrase_records(&prose->phrase, sign->count, sign->time_ns, sign->last_ns);
        buf_append(&prose->text, text_get(TEXT_REPORT_NOTE_GAP));
        buf_append(&prose->text, records);
    }
    if (sign->recovered)
        buf_append(&prose->text, text_get(TEXT_REPORT_SIGN_RECOVERED));
    if (sign->time_assumed)
        buf_append(&prose->text, text_get(TEXT_REPORT_SIGN_TIME_ASSUMED));
}

static void prose_sign(struct prose *prose, const struct triage_sign *sign)
{
    words_time(phrase_begin(&prose->phrase), sign->time_ns);
    slice when = phrase_end(&prose->phrase);
    buf_append(&prose->text, when);
    buf_append(&prose->text, S("  "));
    prose_level_mark(prose, sign->level);
    prose_sign_what(prose, sign);
    buf_append(&prose->text, S(LAYOUT_PLAIN));
    prose_row_line(prose, 2);
    if (sign->record_count > 0) {
        buf_append(&prose->text, prose_record(prose, &sign->records[0]));
        buf_append(&prose->text, S("  "));
    }
    buf_append(&prose->text, S(LAYOUT_FAINT));
    uuid_append(&prose->text, sign->id);
    buf_append(&prose->text, S(LAYOUT_PLAIN));
    size_t column = PROSE_INDENT + prose->label_columns + 2;
    prose_end(prose, column, column);
}

static const struct digest_sign *prose_ranked(const struct digest_incident *incident, size_t rank)
{
    for (size_t i = 0; i < incident->count; i++)
        if (incident->signs[i].rank == rank)
            return &incident->signs[i];
    return NULL;
}

/* Whether a stronger sign of the incident is of the same rule. */
static bool prose_is_repeated(
    const struct digest_incident *incident, const struct digest_sign *sign)
{
    for (size_t i = 0; i < incident->count; i++)
        if (incident->signs[i].rank < sign->rank &&
            slice_equal(incident->signs[i].sign.rule_id, sign->sign.rule_id))
            return true;
    return false;
}

/* Marks at most PROSE_SIGNS_MAX ranks: the strongest sign of each rule, then what is left. Rules
 * first, since the same sign five times tells one thing. */
static size_t prose_choose(
    const struct digest_incident *incident, bool chosen[TRIAGE_STRONGEST_MAX])
{
    size_t count = 0;
    for (int round = 0; round < 2; round++) {
        for (size_t rank = 0; rank < TRIAGE_STRONGEST_MAX && count < PROSE_SIGNS_MAX; rank++) {
            const struct digest_sign *sign = prose_ranked(incident, rank);
            bool wanted =
                sign != NULL && !chosen[rank] && (round == 1 || !prose_is_repeated(incident, sign));
            chosen[rank] = chosen[rank] || wanted;
            count += wanted ? 1 : 0;
        }
    }
    return count;
}

static void prose_signs(
    struct prose *prose, const struct triage_incident *incident, const struct digest_incident *kept)
{
    bool chosen[TRIAGE_STRONGEST_MAX] = {false};
    size_t count = prose_choose(kept, chosen);
    slice all =
        phrase_count(&prose->phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, incident->sign_count);
    prose_row(prose, TEXT_REPORT_EVIDENCE);
    if (incident->sign_count == 1)
        buf_append(&prose->text, text_get(TEXT_REPORT_ONLY_SIGN));
    else if (count < incident->sign_count)
        text_append(&prose->text, TEXT_REPORT_STRONGEST, ARG(count), ARG(all));
    else
        text_append(&prose->text, TEXT_REPORT_ALL_SIGNS, ARG(all));
    prose_row_end(prose);
    for (size_t rank = 0; rank < TRIAGE_STRONGEST_MAX; rank++) {
        const struct digest_sign *ranked = chosen[rank] ? prose_ranked(kept, rank) : NULL;
        if (ranked != NULL)
            prose_sign(prose, &ranked->sign);
    }
}

static void prose_unfold(struct prose *prose, const struct triage_incident *incident, bool explain)
{
    prose_row(prose, TEXT_REPORT_UNFOLD);
    invocation_explain(&prose->text, prose->options, incident->id);
    layout_line(&prose->layout, buf_slice(&prose->text), PROSE_INDENT);
    buf_clear(&prose->text);
    if (explain) {
        buf_append(&prose->text, text_get(TEXT_REPORT_UNFOLD_HINT));
        prose_row_line(prose, 0);
    }
}

static void prose_incident(struct prose *prose, size_t index)
{
    size_t count;
    const struct triage_incident *incident = &triage_incidents(prose->result, &count)[index];
    prose_title_line(prose, incident, index + 1);
    prose_when(prose, incident);
    for (enum entity_type type = 0; type < ENTITY_COUNT; type++)
        prose_entities(prose, incident, type);
    prose_vector(prose, incident);
    prose_stage(prose, incident);
    prose_why(prose, incident);
    prose_signs(prose, incident, &prose->digest->incidents[index]);
    prose_unfold(prose, incident, index == 0);
}

/* A line that ends with a command, which stays whole. */
static void prose_command_line(struct prose *prose, enum text text, uint64_t more, size_t indent)
{
    slice number = phrase_number(&prose->phrase, more);
    invocation_everything(phrase_begin(&prose->phrase), prose->options);
    text_append(&prose->text, text, ARG(number), ARG(phrase_end(&prose->phrase)));
    layout_line(&prose->layout, buf_slice(&prose->text), indent);
    buf_clear(&prose->text);
}

static void prose_short(struct prose *prose, const struct triage_incident *incident, size_t number)
{
    size_t begin = prose->text.len;
    prose_level_mark(prose, incident->priority);
    buf_append_u64(&prose->text, number);
    buf_append(&prose->text, S("  "));
    buf_append(&prose->text, words_level(incident->priority));
    buf_append(&prose->text, S(LAYOUT_PLAIN "  "));
    size_t column = layout_width(slice_from(buf_slice(&prose->text), begin));
    text_append(&prose->text, TEXT_REPORT_INCIDENT_LINE,
        ARG(prose_title(prose, NULL, incident->title)),
        ARG(phrase_count(
            &prose->phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, incident->sign_count)),
        ARG(phrase_period(&prose->phrase, incident->first_ns, incident->last_ns)));
    prose_end(prose, 0, column);
}

void prose_incident_all(struct prose *prose)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(prose->result, &count);
    size_t full = size_min(count, PROSE_INCIDENTS_FULL);
    size_t told = size_min(count, PROSE_INCIDENTS_MAX);
    for (size_t i = 0; i < full; i++)
        prose_incident(prose, i);
    if (told > full)
        prose_heading(prose, text_get(TEXT_REPORT_FURTHER_INCIDENTS));
    for (size_t i = full; i < told; i++)
        prose_short(prose, &incidents[i], i + 1);
    if (count > told)
        prose_command_line(prose, TEXT_REPORT_INCIDENTS_CUT, count - told, 0);
}

/* --- signs in no incident --- */

static void prose_rule(struct prose *prose, const struct digest_rule *rule)
{
    slice count = phrase_number(&prose->phrase, rule->count);
    slice title = prose_title(prose, rule->rule, rule->title);
    struct buf *hosts = phrase_begin(&prose->phrase);
    for (size_t i = 0; i < rule->host_count; i++) {
        if (i > 0)
            buf_append(hosts, text_get(TEXT_REPORT_LIST_COMMA));
        layout_evidence(hosts, rule->hosts[i]);
    }
    if (rule->more_hosts) {
        buf_append(hosts, text_get(TEXT_REPORT_LIST_COMMA));
        buf_append(hosts, text_get(TEXT_REPORT_MORE_HOSTS));
    }
    slice named = phrase_end(&prose->phrase);
    slice level = words_level(rule->level);
    if (rule->host_count > 0)
        text_append(
            &prose->text, TEXT_REPORT_WHY_ITEM_ON, ARG(count), ARG(title), ARG(level), ARG(named));
    else
        text_append(&prose->text, TEXT_REPORT_WHY_ITEM, ARG(count), ARG(title), ARG(level));
    prose_end(prose, PROSE_INDENT, PROSE_INDENT + 2);
    buf_append(&prose->text, phrase_period(&prose->phrase, rule->first_ns, rule->last_ns));
    if (rule->record.path.len > 0) {
        prose_list_gap(prose, 1);
        text_append(&prose->text, TEXT_REPORT_RECORD_AT, ARG(prose_record(prose, &rule->record)));
    }
    prose_end(prose, PROSE_INDENT + 2, PROSE_INDENT + 2);
}

static void prose_rules(
    struct prose *prose, slice heading, const struct digest_rule *rules, size_t count)
{
    if (count == 0)
        return;
    prose_heading(prose, heading);
    for (size_t i = 0; i < count && i < PROSE_RULES_MAX; i++)
        prose_rule(prose, &rules[i]);
    if (count > PROSE_RULES_MAX)
        prose_command_line(prose, TEXT_REPORT_RULES_CUT, count - PROSE_RULES_MAX, PROSE_INDENT);
}

void prose_incident_none(struct prose *prose)
{
    const struct digest *digest = prose->digest;
    slice precursors = phrase_count(
        &prose->phrase, TEXT_REPORT_PRECURSOR, TEXT_REPORT_PRECURSORS, digest->precursor_signs);
    slice by =
        phrase_count(&prose->phrase, TEXT_REPORT_RULE, TEXT_REPORT_RULES, digest->precursor_count);
    text_append(
        phrase_begin(&prose->phrase), TEXT_REPORT_PRECURSORS_HEAD, ARG(precursors), ARG(by));
    prose_rules(prose, phrase_end(&prose->phrase), digest->precursors, digest->precursor_count);
    slice others =
        phrase_count(&prose->phrase, TEXT_REPORT_SIGN, TEXT_REPORT_SIGNS, digest->other_signs);
    by = phrase_count(&prose->phrase, TEXT_REPORT_RULE, TEXT_REPORT_RULES, digest->other_count);
    text_append(phrase_begin(&prose->phrase), TEXT_REPORT_OTHERS_HEAD, ARG(others), ARG(by));
    prose_rules(prose, phrase_end(&prose->phrase), digest->others, digest->other_count);
}
