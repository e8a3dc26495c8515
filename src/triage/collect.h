/* What a view wants of every event: rows of bytes that a worker sends and the parent sorts. One
 * door for all views, so that workers and the protocol know none of them. */
#ifndef TRIAGE_COLLECT_H
#define TRIAGE_COLLECT_H

#include "base/result.h"
#include "event/event.h"
#include "triage/sign.h"
#include "triage/view.h"

/* Sends one row. A key is unique to what it says: the same row twice is one. */
typedef void (*collect_send)(void *context, slice key, slice payload);

struct collector;

/* What is known of an event besides its fields. */
struct collect_place {
    struct sign_place place;
    slice host;    /* normalised; may be empty */
    slice log;     /* channel or data set; may be empty */
    slice path;    /* of the object */
    slice decoder; /* the product's definition, else the container */
};

/* NULL for a view that wants nothing of events. */
struct collector *collector_new(enum triage_view view, collect_send send, void *context);
/* NULL is fine for all of them. */
void collector_free(struct collector *collector);
void collector_event(
    struct collector *collector, struct event *event, const struct collect_place *at);
/* A record that could not be decoded; of `at` place and decoder. */
void collector_lost(
    struct collector *collector, const struct collect_place *at, const struct error *why);
/* The object is at its end: sends what was held back. */
void collector_object_end(struct collector *collector);

/* Whether the view shows signs, for which rules must be matched. */
bool collect_wants_signs(enum triage_view view);
/* Whether what a worker sent is a row of the view. */
bool collect_check(enum triage_view view, slice key, slice payload);

#endif
