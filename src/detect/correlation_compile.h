/* Compiling correlations. */
#ifndef DETECT_CORRELATION_COMPILE_H
#define DETECT_CORRELATION_COMPILE_H

#include "detect/program.h"

/* Resolves references, decides which rules give signs, lays out the payloads of matches.
 * Correlations that cannot be resolved become refused. */
void correlation_compile(struct detect_program *program);

#endif
