/* Clues: what is cheap to see in an event, and without which a rule cannot match it. For each rule
 * a set of clues is chosen of which every matching event has at least one; a rule is asked only
 * when one of its clues was seen. */
#ifndef DETECT_CLUE_H
#define DETECT_CLUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

enum clue_type {
    CLUE_TEXT,       /* the lower-case value has this text */
    CLUE_EQUAL,      /* the lower-case value is this text */
    CLUE_THERE,      /* the event has the field */
    CLUE_NOT_ASCII,  /* the value has bytes beyond ASCII */
    CLUE_ODD_NUMBER, /* the value is a number that is not written as an integer */
};

struct clue {
    enum clue_type type;
    uint32_t field; /* from `field_count` on: any field may have it, where the place of that number
                       (field - field_count) is */
    slice text;
    bool at_start, at_end; /* CLUE_TEXT: where the value must have it */
    uint32_t uses;         /* times that rules ask for it */
    uint32_t first, count; /* what it leads to, in `links` */
};

/* What a clue leads to: an instance of a rule (index into detect_program's), or, from their count
 * on, a place of whose rules some want a text of any field: then these are to be looked for. */
struct clues {
    struct clue *items;
    size_t count, capacity;
    uint32_t *links;
    uint32_t *always; /* what no clue leads to */
    size_t always_count;
    uint32_t field_count;
};

/* Chooses for all instances of the program. What is made lives in the arena. */
struct detect_program;
void clues_choose(const struct detect_program *program, struct arena *arena, struct clues *clues);

#endif
