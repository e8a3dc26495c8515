/* hikeshi triage. */
#ifndef COMMAND_TRIAGE_H
#define COMMAND_TRIAGE_H

#include "command/command.h"

extern const struct command_option triage_command_options[];

enum command_status triage_command_run(const struct command_call *call);

#endif
