/* Evaluating rules on events from JSON lines, for `rules test`. */
#ifndef COMMAND_RULES_TEST_H
#define COMMAND_RULES_TEST_H

#include "base/result.h"
#include "detect/detect.h"
#include "report/sink.h"

struct rules_test {
    struct rule_set *rules;
    const struct detect_program *program;
    struct sink *out;
    /* Called for a line that is no JSON object; the others are still evaluated. */
    void (*refused)(void *context, const struct error *why);
    void *context;
};

/* Writes one JSON object a line: {"rule","event"} for each match, in the order of the events, then
 * {"rule","group","time"} for each firing of a correlation, in the order of time. `events` is text;
 * `name` stands for it in messages. */
MUST_USE enum result rules_test_run(
    const struct rules_test *test, slice name, slice events, struct error *err);

#endif
