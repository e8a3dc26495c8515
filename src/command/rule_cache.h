/* Compiled rules on disk, so that thousands of them need not be compiled at each start.
 *
 * A file of the cache is memory that is mapped as it is, so it is trusted only when nobody else
 * could have written it: it and its directory belong to the user who runs the program, and nobody
 * else may open them. Its name is the digest of all that its content depends on: this very build of
 * the program, PCRE2, the language, the options, and every rule. Whatever is wrong with a file, the
 * rules are compiled as if there were none. */
#ifndef COMMAND_RULE_CACHE_H
#define COMMAND_RULE_CACHE_H

#include "base/region.h"
#include "detect/detect.h"
#include "wire/hash.h"

/* Begins the digest with what holds for all rules; the caller adds what it loads. False: this build
 * cannot be told from others, and there is no cache. */
bool rule_cache_key_begin(struct hasher *hasher);
/* The compiled rules of that digest, or NULL. *region is the caller's, to be freed after them. */
struct detect_program *rule_cache_find(hash_sha256 key, struct region **region);
/* Keeps a program that was compiled in the region, and drops the oldest of too many files. What
 * hinders it is no error. */
void rule_cache_keep(hash_sha256 key, struct detect_program *program, struct region *region);

#endif
