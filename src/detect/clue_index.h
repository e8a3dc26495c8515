/* Finds the clues that an event has, in one pass over its values. */
#ifndef DETECT_CLUE_INDEX_H
#define DETECT_CLUE_INDEX_H

#include "detect/clue.h"
#include "detect/view.h"

struct clue_field;
struct clue_gram;
struct clue_spot;
struct clue_equal;

/* Immutable once built; refers to the clues. */
struct clue_index {
    const struct clues *clues;
    const struct clue_field *fields; /* as clues count them */
    const struct clue_gram *grams;   /* open addressing, a power of two */
    size_t gram_mask;
    const struct clue_spot *spots;   /* the texts that are recognised by a gram */
    const struct clue_equal *equals; /* open addressing, a power of two */
    size_t equal_mask;
};

/* Of `place_count` places some look for texts in any field. */
void clue_index_build(
    struct clue_index *index, const struct clues *clues, size_t place_count, struct arena *arena);

/* Working memory of one process. */
struct clue_finder {
    const struct clue_index *index;
    uint32_t *seen; /* by clue: the event that it was seen in last */
    uint32_t *found;
    size_t count;
};

void clue_finder_init(struct clue_finder *finder, const struct clue_index *index);
void clue_finder_free(struct clue_finder *finder);
/* Forgets which events were seen: their numbers begin anew. */
void clue_finder_forget(struct clue_finder *finder);

/* Puts the clues of the event that view holds into `found`, each once; those that a place looks for
 * in any field are added by the second function. */
void clue_find(struct clue_finder *finder, struct view *view);
void clue_find_anywhere(struct clue_finder *finder, struct view *view, uint32_t place);

#endif
