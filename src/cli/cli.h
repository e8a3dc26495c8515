/* cli: the command line.
 *
 * Takes argv, gives a parsed call to a command and its exit status. Runs in the parent. May open:
 * nothing. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <signal.h>
#include <stddef.h>

/* The whole program: parses, runs, returns the exit status of interfaces.md. `stop` is set by the
 * caller's signal handler. */
int cli_main(size_t count, const char *const *arguments, const volatile sig_atomic_t *stop);

#endif
