/* hikeshi explain: one sign or incident, unfolded (what the rule looked at, why it matches, the
 * records themselves), or why a rule matches a record or does not. */
#ifndef COMMAND_EXPLAIN_H
#define COMMAND_EXPLAIN_H

#include "command/command.h"

extern const struct command_option explain_command_options[];

/* explain ID PATH...: the sign or incident of that id; an incident is unfolded into its reasons and
 * its strongest signs. explain RULE --record N PATH...: that rule and the records of that number.
 */
enum command_status explain_command_run(const struct command_call *call);

#endif
