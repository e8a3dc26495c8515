/* From rules to a program. */
#ifndef DETECT_DETECT_COMPILE_H
#define DETECT_DETECT_COMPILE_H

#include "detect/rule_set.h"

/* A compiled set: immutable, shared between processes by fork, regular expressions already machine
 * code. Refers to `set`, which must outlive it and not be added to. Rules that cannot be compiled
 * become refused, with the reason; an error is a mistake in the log-source mapping. */
struct detect_program;
MUST_USE enum result detect_compile(
    struct rule_set *set, struct detect_program **program, struct error *err);
/* NULL is fine. */
void detect_program_free(struct detect_program *program);

/* A program and its rules that were made in a region can be written to a file with it, frozen, and
 * be thawed from there by the same build of the program. Frozen, nothing refers to memory outside
 * of the region. */
void detect_program_freeze(struct detect_program *program);
void detect_program_thaw(struct detect_program *program);
struct rule_set *detect_program_rules(const struct detect_program *program);

#endif
