/* The inside of matching, for what asks the compiled conditions besides: explaining. */
#ifndef DETECT_MATCHER_H
#define DETECT_MATCHER_H

#include "detect/detect_match.h"
#include "detect/program.h"

struct detect_matcher {
    const struct detect_program *program;
    struct view view;
    struct clue_finder finder;
    struct regex_matcher *regexes;
    uint32_t *answers;  /* by item: number of the event × 2, and 1 for yes */
    uint32_t *places;   /* by place: the same */
    uint32_t *searched; /* by place: the event whose fields were all searched for it last */
    uint32_t *asked;    /* by instance: the event that it was asked for last */
    uint32_t *matched;  /* by rule: the event that it matched last */
    uint32_t *hits;
    size_t hit_count;
    struct detect_cost *costs; /* by rule; NULL unless they are wanted */
};

/* Makes the event the one that conditions are asked of. */
void matcher_begin(struct detect_matcher *matcher, struct event *event);
/* Whether a condition holds. */
bool matcher_node(struct detect_matcher *matcher, uint32_t index);
/* Whether the event is of the place. */
bool matcher_place(struct detect_matcher *matcher, uint32_t index);

#endif
