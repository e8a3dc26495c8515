/* hikeshi triage and hikeshi explain. */
#ifndef COMMAND_TRIAGE_H
#define COMMAND_TRIAGE_H

#include "command/command.h"

extern const struct command_option triage_command_options[];

enum command_status triage_command_run(const struct command_call *call);
/* explain ID PATH…: the sign or incident of that id, with its records; options as triage. */
enum command_status triage_command_explain(const struct command_call *call);

#endif
