/* Words made on the way to a sentence, which live until the sentence is written: arguments for
 * text_append. */
#ifndef REPORT_PHRASE_H
#define REPORT_PHRASE_H

#include "base/base.h"

/* A longer word is cut. */
#define PHRASE_MAX ((size_t)64 << 10)

struct phrase {
    struct buf buf;
    struct arena arena;
    bool begun;
};

void phrase_init(struct phrase *phrase);
void phrase_free(struct phrase *phrase);
/* Forgets all words made. */
void phrase_reset(struct phrase *phrase);

/* Begin a word, append to the buffer, end it. One at a time: what else is wanted is made before. */
struct buf *phrase_begin(struct phrase *phrase);
slice phrase_end(struct phrase *phrase);

/* Words that are often wanted (see words.h). */
slice phrase_count(struct phrase *phrase, enum text one, enum text many, uint64_t count);
slice phrase_number(struct phrase *phrase, uint64_t number);
slice phrase_points(struct phrase *phrase, double points);
slice phrase_bytes(struct phrase *phrase, uint64_t bytes);
slice phrase_time(struct phrase *phrase, int64_t time_ns);
slice phrase_period(struct phrase *phrase, int64_t first_ns, int64_t last_ns);
/* How long from first to last; absent when there is no such time, or within a second. */
slice phrase_duration(struct phrase *phrase, int64_t first_ns, int64_t last_ns);
/* How many records in what time: "14 records in 1 min 26 s". */
slice phrase_records(struct phrase *phrase, uint64_t count, int64_t first_ns, int64_t last_ns);

#endif
