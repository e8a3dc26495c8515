/* hikeshi rules list and hikeshi rules test (interfaces.md). */
#ifndef COMMAND_RULES_H
#define COMMAND_RULES_H

#include "command/command.h"

extern const struct command_option rules_command_options[];

/* What was loaded and what was refused. COMMAND_ATTENTION when something was. */
enum command_status rules_command_list(const struct command_call *call);
/* RULES.yml EVENTS.ndjson: which rules match which events, whatever their log source. */
enum command_status rules_command_test(const struct command_call *call);

#endif
