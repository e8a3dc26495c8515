/* See collect.h. */
#include "triage/collect.h"

#include <stdlib.h>

#include "base/base.h"
#include "triage/costs.h"
#include "triage/decoded.h"
#include "triage/gap_stretch.h"
#include "triage/logons.h"
#include "triage/timeline.h"

struct collector {
    enum triage_view view;
    collect_send send;
    void *context;
    struct logons_counter logons;
    struct gap_stretch_counter gaps;
    struct buf key, payload, text; /* of one row */
};

struct collector *collector_new(enum triage_view view, collect_send send, void *context)
{
    if (view != TRIAGE_VIEW_LOGONS && view != TRIAGE_VIEW_GAPS && view != TRIAGE_VIEW_EVENTS &&
        view != TRIAGE_VIEW_DECODED)
        return NULL;
    struct collector *collector = calloc(1, sizeof(*collector));
    ASSERT(collector != NULL);
    collector->view = view;
    collector->send = send;
    collector->context = context;
    buf_init(&collector->key, SORTER_KEY_MAX);
    buf_init(&collector->payload, DECODED_ROW_MAX);
    buf_init(&collector->text, SORTER_KEY_MAX);
    logons_counter_init(&collector->logons, send, context);
    gap_stretch_counter_init(&collector->gaps, send, context);
    return collector;
}

void collector_free(struct collector *collector)
{
    if (collector == NULL)
        return;
    logons_counter_free(&collector->logons);
    gap_stretch_counter_free(&collector->gaps);
    buf_free(&collector->key);
    buf_free(&collector->payload);
    buf_free(&collector->text);
    free(collector);
}

static void collect_logon(
    struct collector *collector, struct event *event, const struct collect_place *at)
{
    struct logon logon;
    if (logon_from_event(event, at->host, at->log, &logon))
        logons_count(&collector->logons, &logon, event->time_ns, &at->place);
}

static void collect_send_row(struct collector *collector)
{
    collector->send(collector->context, buf_slice(&collector->key), buf_slice(&collector->payload));
    buf_clear(&collector->key);
    buf_clear(&collector->payload);
}

static void collect_row(
    struct collector *collector, struct event *event, const struct collect_place *at)
{
    struct timeline_row row;
    timeline_from_event(event, &at->place, at->host, at->log, &collector->text, &row);
    timeline_write(&collector->key, &collector->payload, &row);
    collect_send_row(collector);
}

static void collect_whole(
    struct collector *collector, const struct event *event, const struct collect_place *at)
{
    decoded_write(&collector->key, &collector->payload, event, &at->place, at->decoder);
    collect_send_row(collector);
}

void collector_lost(
    struct collector *collector, const struct collect_place *at, const struct error *why)
{
    if (collector == NULL || collector->view != TRIAGE_VIEW_DECODED)
        return;
    decoded_write_lost(&collector->key, &collector->payload, &at->place, at->decoder, why);
    collect_send_row(collector);
}

void collector_event(
    struct collector *collector, struct event *event, const struct collect_place *at)
{
    if (collector == NULL)
        return;
    if (collector->view == TRIAGE_VIEW_LOGONS)
        collect_logon(collector, event, at);
    else if (collector->view == TRIAGE_VIEW_GAPS)
        gap_stretch_count(&collector->gaps, event, at->host, at->path, &at->place);
    else if (collector->view == TRIAGE_VIEW_DECODED)
        collect_whole(collector, event, at);
    else
        collect_row(collector, event, at);
}

void collector_object_end(struct collector *collector)
{
    if (collector == NULL)
        return;
    logons_flush(&collector->logons);
    gap_stretch_flush(&collector->gaps);
}

bool collect_wants_signs(enum triage_view view)
{
    return view != TRIAGE_VIEW_LOGONS && view != TRIAGE_VIEW_GAPS && view != TRIAGE_VIEW_DECODED;
}

bool collect_check(enum triage_view view, slice key, slice payload)
{
    struct timeline_row row;
    struct gap_stretch stretch;
    if (view == TRIAGE_VIEW_LOGONS)
        return logons_check(key, payload);
    if (view == TRIAGE_VIEW_GAPS)
        return gap_stretch_read(key, payload, &stretch);
    if (view == TRIAGE_VIEW_DECODED)
        return decoded_check(key, payload);
    if (view == TRIAGE_VIEW_COSTS)
        return costs_check(key, payload);
    if (view == TRIAGE_VIEW_EXPLAIN)
        return key.len == SIGN_PLACE_KEY_LEN;
    return view == TRIAGE_VIEW_EVENTS && timeline_read(key, payload, &row);
}
