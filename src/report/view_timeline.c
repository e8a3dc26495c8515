/* See view_timeline.h. Two streams in order of time, signs and events, are put into one; a sign
 * comes before the events of its moment. Timesketch reads a whole column in the form of its first
 * value: every datetime has the same form. It makes objects of names with dots: no name has one. */
#include "report/view_timeline.h"

#include "base/civil.h"
#include "report/table.h"
#include "report/words.h"
#include "triage/timeline.h"

/* Texts of a sign's message. */
#define VIEW_TIMELINE_FIELD_MAX 200U

static const struct table_column view_timeline_columns[] = {
    {S_INIT("message"), TABLE_TEXT},
    {S_INIT("timestamp"), TABLE_MICROSECONDS},
    {S_INIT("datetime"), TABLE_DATETIME},
    {S_INIT("timestamp_desc"), TABLE_TEXT},
    {S_INIT("kind"), TABLE_TEXT},
    {S_INIT("level"), TABLE_TEXT},
    {S_INIT("rule"), TABLE_TEXT},
    {S_INIT("rule_id"), TABLE_TEXT},
    {S_INIT("vector"), TABLE_TEXT},
    {S_INIT("attack"), TABLE_LIST},
    {S_INIT("host"), TABLE_TEXT},
    {S_INIT("user"), TABLE_TEXT},
    {S_INIT("source_address"), TABLE_TEXT},
    {S_INIT("log"), TABLE_TEXT},
    {S_INIT("path"), TABLE_TEXT},
    {S_INIT("number"), TABLE_NUMBER},
    {S_INIT("id"), TABLE_TEXT},
    {S_INIT("incident"), TABLE_TEXT},
    {S_INIT("priority"), TABLE_TEXT},
    {S_INIT("time_assumed"), TABLE_FLAG},
};
#define VIEW_TIMELINE_COLUMNS (sizeof(view_timeline_columns) / sizeof(view_timeline_columns[0]))

static const struct table_shape view_timeline_shape = {
    S_INIT("timeline"), {NULL, 0}, view_timeline_columns, VIEW_TIMELINE_COLUMNS, NULL, 0};

struct view_timeline {
    struct table *table;
    struct triage_result *result;
    struct triage_signs *signs;
    struct sorter_reader *events; /* NULL: only signs */
    struct triage_sign sign;
    struct timeline_row event;
    bool has_sign, has_event;
    struct buf message;
    uint64_t left_out;
};

static slice view_timeline_entity(const struct triage_sign *sign, enum entity_type type)
{
    for (size_t i = 0; i < sign->entity_count; i++)
        if (sign->entities[i].type == type)
            return sign->entities[i].value;
    return S("");
}

/* A correlation names it where it counts by it. */
static slice view_timeline_address(const struct triage_sign *sign)
{
    for (size_t i = 0; i < sign->field_count && sign->source_address.len == 0; i++)
        if (slice_equal(sign->fields[i].name, S("source.ip")))
            return sign->fields[i].value;
    return sign->source_address;
}

/* The title and what the rule looked at. */
static slice view_timeline_message(struct view_timeline *view)
{
    const struct triage_sign *sign = &view->sign;
    struct buf *message = &view->message;
    buf_clear(message);
    buf_append(message, sign->title);
    for (size_t i = 0; i < sign->field_count && message->len < TIMELINE_MESSAGE_MAX; i++) {
        buf_append(message, i == 0 ? S(": ") : S("; "));
        buf_append(message, sign->fields[i].name);
        buf_append_byte(message, '=');
        buf_append(message, slice_first(sign->fields[i].value, VIEW_TIMELINE_FIELD_MAX));
    }
    return buf_slice(message);
}

static slice view_timeline_uuid(struct buf *out, uuid id)
{
    uuid_append(out, id);
    return buf_slice(out);
}

static bool view_timeline_sign(struct view_timeline *view)
{
    size_t count;
    const struct triage_incident *incidents = triage_incidents(view->result, &count);
    const struct triage_sign *sign = &view->sign;
    const struct triage_incident *incident =
        sign->incident < count ? &incidents[sign->incident] : NULL;
    const struct rule *rule = sign->rule;
    char ids[2][36];
    struct buf id, incident_id;
    buf_init_fixed(&id, ids[0], sizeof(ids[0]));
    buf_init_fixed(&incident_id, ids[1], sizeof(ids[1]));
    bool has_record = sign->record_count > 0;
    const struct table_cell cells[] = {
        {.text = view_timeline_message(view)},
        {.time_ns = sign->time_ns},
        {.time_ns = sign->time_ns},
        {.text = S("Sign")},
        {.text = words_kind_name(sign->kind)},
        {.text = words_level_name(sign->level)},
        {.text = sign->title},
        {.text = sign->rule_id},
        {.text = words_vector_name(sign->vector)},
        {.list = rule == NULL ? NULL : rule->attack,
            .list_count = rule == NULL ? 0 : rule->attack_count},
        {.text = view_timeline_entity(sign, ENTITY_HOST)},
        {.text = view_timeline_entity(sign, ENTITY_USER)},
        {.text = view_timeline_address(sign)},
        {.text = S("")},
        {.text = has_record ? sign->records[0].path : S("")},
        {.number = has_record ? sign->records[0].number : 0, .absent = !has_record},
        {.text = view_timeline_uuid(&id, sign->id)},
        {.text = incident == NULL ? S("") : view_timeline_uuid(&incident_id, incident->id)},
        {.text = incident == NULL ? S("") : words_level_name(incident->priority)},
        {.flag = sign->time_assumed},
    };
    return table_row(view->table, cells);
}

static bool view_timeline_event(struct view_timeline *view)
{
    const struct timeline_row *event = &view->event;
    const struct triage_source *source =
        triage_source_at(view->result, event->place.file, event->place.object);
    const struct table_cell cells[] = {
        {.text = event->message},
        {.time_ns = event->time_ns},
        {.time_ns = event->time_ns},
        {.text = S("Event Logged")},
        {.text = S("event")},
        {.text = S("")},
        {.text = S("")},
        {.text = S("")},
        {.text = S("")},
        {.list_count = 0},
        {.text = event->host},
        {.text = event->user},
        {.text = event->address},
        {.text = event->log},
        {.text = source == NULL ? S("") : source->path},
        {.number = event->place.number},
        {.text = S("")},
        {.text = S("")},
        {.text = S("")},
        {.flag = event->time_assumed},
    };
    return table_row(view->table, cells);
}

/* The next of each stream that has a time. */
static enum result view_timeline_next_sign(struct view_timeline *view, struct error *err)
{
    enum result result;
    while ((result = triage_signs_next(view->signs, &view->sign, err)) == RESULT_OK &&
           view->sign.time_ns == CIVIL_TIME_NONE)
        view->left_out++;
    view->has_sign = result == RESULT_OK;
    return result == RESULT_END ? RESULT_OK : result;
}

static enum result view_timeline_next_event(struct view_timeline *view, struct error *err)
{
    enum result result = RESULT_END;
    while (view->events != NULL &&
           (result = timeline_next(view->events, &view->event, err)) == RESULT_OK &&
           view->event.time_ns == CIVIL_TIME_NONE)
        view->left_out++;
    view->has_event = result == RESULT_OK;
    return result == RESULT_END ? RESULT_OK : result;
}

static enum result view_timeline_rows(struct view_timeline *view, struct error *err)
{
    enum result result = view_timeline_next_sign(view, err);
    if (result == RESULT_OK)
        result = view_timeline_next_event(view, err);
    bool goes_on = true;
    while (result == RESULT_OK && goes_on && (view->has_sign || view->has_event)) {
        if (view->has_sign && (!view->has_event || view->sign.time_ns <= view->event.time_ns)) {
            goes_on = view_timeline_sign(view);
            result = view_timeline_next_sign(view, err);
        } else {
            goes_on = view_timeline_event(view);
            result = view_timeline_next_event(view, err);
        }
    }
    return result;
}

enum result view_timeline_write(enum report_format format, struct sink *sink,
    struct triage_result *result, const struct report_options *options, uint64_t *left_out,
    struct error *err)
{
    struct view_timeline view = {.result = result};
    ASSERT(format == REPORT_CSV || format == REPORT_NDJSON);
    enum result done = triage_signs_open(result, &view.signs, err);
    if (done == RESULT_OK && triage_rows(result) != NULL)
        done = sorter_read(triage_rows(result), &view.events, err);
    if (done == RESULT_OK) {
        buf_init(&view.message, 4 * (size_t)TIMELINE_MESSAGE_MAX);
        view.table = table_new(sink, format, &view_timeline_shape, options);
        done = view_timeline_rows(&view, err);
        table_end(view.table);
        buf_free(&view.message);
    }
    triage_signs_free(view.signs);
    sorter_reader_free(view.events);
    *left_out = view.left_out;
    return done;
}
