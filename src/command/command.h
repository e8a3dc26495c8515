/* command: what can be done, as one typed table.
 *
 * Takes the parsed words of whoever asks (the command line now, HTTP later), runs the verb, gives
 * an exit status. Runs in the parent. May open: files that the user names (rules, assets, reports);
 * evidence is opened by triage.
 *
 * A command is one row: its words, its options with types and help in two languages, its function.
 * Parsing, help and completion come from the rows, so they cannot drift. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "base/slice.h"

/* Exit statuses (interfaces.md). */
enum command_status {
    COMMAND_DONE = 0,
    COMMAND_ATTENTION = 1, /* done, and something was refused, undecodable or altered */
    COMMAND_USAGE = 2,     /* wrong usage or unusable input: nothing done */
    COMMAND_FAILED = 3,    /* internal failure */
};

enum command_type {
    COMMAND_FLAG,   /* no value */
    COMMAND_TEXT,   /* any text */
    COMMAND_PATH,   /* a file or directory */
    COMMAND_NUMBER, /* minimum..maximum */
    COMMAND_TIME,   /* RFC 3339, or a date, UTC when it has no zone: nanoseconds */
    COMMAND_ZONE,   /* UTC, +09:00, JST: seconds east of UTC */
    COMMAND_LEVEL,  /* informational … critical: enum rule_level */
    COMMAND_CHOICE, /* one of `choices`, separated by '|' : its index */
};

struct command_option {
    slice name; /* without the dashes; one letter: a short option */
    enum command_type type;
    bool repeatable;
    slice value_name; /* for help; choices for COMMAND_CHOICE */
    int64_t minimum, maximum;
    enum text help;
};

struct command_value {
    const char *text; /* as given, terminated */
    int64_t number;   /* for numbers, times, zones, levels, choices */
};

struct command_values {
    struct command_value *items;
    size_t count;
};

struct command_call;

struct command {
    slice noun; /* "triage", "rules" */
    slice verb; /* "list"; empty when the noun is all */
    enum text help;
    const struct command_option *options; /* ended by one with an absent name */
    slice operands;                       /* for help: "PATH..." */
    size_t operands_min, operands_max;
    enum command_status (*run)(const struct command_call *call);
};

struct command_call {
    const struct command *command;
    struct command_values *values; /* by option */
    const char *const *operands;
    size_t operand_count;
    const char *const *arguments; /* the whole command line, for reports */
    size_t argument_count;
    const volatile sig_atomic_t *stop; /* set when the user interrupts */
};

/* Options of a command. */
size_t command_option_count(const struct command *command);
/* All commands, in the order of the help. */
const struct command *command_table(size_t *count);
/* The type of a value, for parsing: false when `text` is none. */
bool command_value_parse(
    const struct command_option *option, const char *text, struct command_value *value);

/* What a call says. `option` is the index in the command's options; defaults are the caller's. */
bool command_has(const struct command_call *call, size_t option);
const char *command_text(const struct command_call *call, size_t option, const char *otherwise);
int64_t command_number(const struct command_call *call, size_t option, int64_t otherwise);

/* One diagnostic line on standard error: "hikeshi: …", made harmless for the terminal. */
void command_say(const struct error *why);

#endif
