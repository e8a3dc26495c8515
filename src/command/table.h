/* The table of all commands: command_table() of command.h is made of it. */
#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H

#include "command/command.h"

#endif
