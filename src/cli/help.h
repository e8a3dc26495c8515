/* Help, made from the table of commands. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "command/command.h"

/* All commands, to standard output. */
void help_write(void);
/* One command with its options. */
void help_write_command(const struct command *command);
/* "rules list" */
void help_append_name(struct buf *out, const struct command *command);

#endif
