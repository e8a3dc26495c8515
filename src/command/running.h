/* What every command that reads evidence has in common: its options, what they name, the run, and
 * what is said at its end. */
#ifndef COMMAND_RUNNING_H
#define COMMAND_RUNNING_H

#include "command/command.h"
#include "command/loading.h"
#include "command/progress.h"
#include "decode/csv_map.h"
#include "report/report.h"
#include "triage/assets.h"
#include "triage/run.h"

/* The options that all of them have stand first in each table of options, in this order; then,
 * where rules are matched, those of the rules.
 * OPTION(ID, name, type, repeatable, value or choices, minimum, maximum) */
#define RUNNING_EVIDENCE_OPTIONS(OPTION)                                                           \
    OPTION(SINCE, "since", COMMAND_TIME, false, "TIME", 0, 0)                                      \
    OPTION(UNTIL, "until", COMMAND_TIME, false, "TIME", 0, 0)                                      \
    OPTION(SOURCE, "source", COMMAND_TEXT, true, "NAME=GLOB", 0, 0)                                \
    OPTION(MAP, "map", COMMAND_PATH, false, "FILE.yml", 0, 0)                                      \
    OPTION(DECODERS, "decoders", COMMAND_PATH, true, "DIR|FILE", 0, 0)                             \
    OPTION(YEAR, "year", COMMAND_NUMBER, false, "N", 1970, 2261)                                   \
    OPTION(TIMEZONE, "timezone", COMMAND_ZONE, false, "ZONE", 0, 0)                                \
    OPTION(ASSETS, "assets", COMMAND_PATH, false, "FILE", 0, 0)                                    \
    OPTION(RECOVER, "recover", COMMAND_FLAG, false, "", 0, 0)                                      \
    OPTION(PASSWORD_FILE, "password-file", COMMAND_PATH, false, "FILE", 0, 0)                      \
    OPTION(TMP, "tmp", COMMAND_PATH, false, "DIR", 0, 0)                                           \
    OPTION(JOBS, "j", COMMAND_NUMBER, false, "N", 1, TRIAGE_JOBS_MAX)

#define RUNNING_RULE_OPTIONS(OPTION)                                                               \
    OPTION(RULES, "rules", COMMAND_PATH, true, "DIR|FILE", 0, 0)                                   \
    OPTION(NO_SHIPPED_RULES, "no-shipped-rules", COMMAND_FLAG, false, "", 0, 0)                    \
    OPTION(PLACEHOLDERS, "placeholders", COMMAND_PATH, false, "FILE", 0, 0)                        \
    OPTION(WIDER, "wider-log-sources", COMMAND_FLAG, false, "", 0, 0)                              \
    OPTION(NO_RULE_CACHE, "no-rule-cache", COMMAND_FLAG, false, "", 0, 0)                          \
    OPTION(MIN_LEVEL, "min-level", COMMAND_LEVEL, false, "LEVEL", 0, 0)

enum running_option {
#define OPTION(id, name, type, repeatable, value, minimum, maximum) RUNNING_##id,
    RUNNING_EVIDENCE_OPTIONS(OPTION)
#undef OPTION
        RUNNING_EVIDENCE_COUNT,
    RUNNING_BEFORE_RULES = RUNNING_EVIDENCE_COUNT - 1,
#define OPTION(id, name, type, repeatable, value, minimum, maximum) RUNNING_##id,
    RUNNING_RULE_OPTIONS(OPTION)
#undef OPTION
        RUNNING_OPTION_COUNT,
};

/* One row of a table of options. */
#define RUNNING_OPTION_ROW(id, name, type, repeatable, value, minimum, maximum)                    \
    {S_INIT(name), type, repeatable, S_INIT(value), minimum, maximum, TEXT_HELP_TRIAGE_##id},

/* Everything that a run needs, and that ends with it. */
struct running {
    const struct command_call *call;
    struct arena arena;
    struct loading loading;
    struct csv_map *map;
    struct assets *assets;
    struct progress progress;
    struct triage_options options;
    uint64_t problems;
};

/* Reads what the options name, and loads the rules unless the view needs none (its command then has
 * no options of rules). Whatever it gives, end it with running_end. */
MUST_USE enum result running_begin(struct running *running, const struct command_call *call,
    enum triage_view view, const char *const *paths, size_t path_count, struct error *err);
/* Reads the evidence. */
MUST_USE enum result running_run(
    struct running *running, struct triage_result **found, struct error *err);
void running_end(struct running *running);

/* For standard output. */
void running_report_options(struct running *running, struct report_options *options);
/* Says how much was read and found, on standard error. */
void running_summary(const struct running *running, const struct triage_counts *counts);
/* The exit status of a run that came to its end. */
enum command_status running_status(
    const struct running *running, const struct triage_counts *counts);
/* Says why it did not, and gives the exit status. */
enum command_status running_failed(enum result result, const struct error *err);

#endif
