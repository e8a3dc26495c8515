/* See collect.h. */
#include "triage/collect.h"

#include <stdlib.h>

#include "base/base.h"
#include "triage/logons.h"

struct collector {
    enum triage_view view;
    struct logons_counter logons;
};

struct collector *collector_new(enum triage_view view, collect_send send, void *context)
{
    if (view != TRIAGE_VIEW_LOGONS)
        return NULL;
    struct collector *collector = calloc(1, sizeof(*collector));
    ASSERT(collector != NULL);
    collector->view = view;
    logons_counter_init(&collector->logons, send, context);
    return collector;
}

void collector_free(struct collector *collector)
{
    if (collector == NULL)
        return;
    logons_counter_free(&collector->logons);
    free(collector);
}

void collector_event(
    struct collector *collector, struct event *event, const struct collect_place *at)
{
    struct logon logon;
    if (collector == NULL)
        return;
    if (logon_from_event(event, at->host, at->log, &logon))
        logons_count(&collector->logons, &logon, event->time_ns, &at->place);
}

void collector_object_end(struct collector *collector)
{
    if (collector == NULL)
        return;
    logons_flush(&collector->logons);
}

bool collect_wants_signs(enum triage_view view)
{
    return view != TRIAGE_VIEW_LOGONS && view != TRIAGE_VIEW_GAPS;
}

bool collect_check(enum triage_view view, slice key, slice payload)
{
    return view == TRIAGE_VIEW_LOGONS && logons_check(key, payload);
}
