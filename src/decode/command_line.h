/* A command line of Windows taken apart into the arguments that a program sees. */
#ifndef DECODE_COMMAND_LINE_H
#define DECODE_COMMAND_LINE_H

#include <stdbool.h>

#include "base/arena.h"

/* Takes the next argument off *rest, by the rules of CommandLineToArgvW and of the C runtime:
 * white space parts, double quotes hold together, a backslash counts only before a quote. Of the
 * first argument (`program`) only quotes count. False when none is left. The argument is a slice of
 * *rest, or in the arena where quotes stood in it. */
bool command_line_next(struct arena *arena, slice *rest, bool program, slice *argument);

#endif
