/* Why a rule matches an event, or does not: its condition step by step. */
#ifndef DETECT_DETECT_EXPLAIN_H
#define DETECT_DETECT_EXPLAIN_H

#include "detect/detect_match.h"

/* Steps of one explanation, and bytes of a text in it; what is over is left out. */
#define DETECT_STEPS_MAX     512U
#define DETECT_STEP_TEXT_MAX 256U

enum detect_step_kind {
    DETECT_STEP_LOG_SOURCE, /* the event is of the rule's log source; always the first step */
    DETECT_STEP_AND,
    DETECT_STEP_OR,
    DETECT_STEP_NOT,
    DETECT_STEP_COUNT, /* `least` of those below */
    DETECT_STEP_ITEM,
    DETECT_STEP_NEVER, /* a condition on selections that there are not */
};

struct detect_step {
    enum detect_step_kind kind;
    unsigned depth;
    bool holds;
    uint32_t least;
    slice selection; /* name of the selection that begins here, or empty */
    slice asked;     /* items: the rule's key; for keywords empty */
    slice wanted;    /* items: the rule's values */
    slice field;     /* items: the field of the event; absent when the event does not have it */
    slice value;     /* items: what the event has there, its first value */
};

typedef void (*detect_step_take)(void *context, const struct detect_step *step);

/* Gives the steps from the whole to its parts. Texts live until the next step. The rule must be a
 * plain one that was loaded. */
void detect_explain(struct detect_matcher *matcher, struct event *event, uint32_t rule,
    detect_step_take take, void *context);

#endif
