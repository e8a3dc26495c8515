/* Functions that no C file of hikeshi may call: the build includes this header into every one of
 * them, and any use is an error that says what to use instead. scripts/check.py reads the same
 * list, for C++ and for code that a compiler never sees.
 *
 * A function declared again with the attribute `deprecated` is refused where it is named, in our
 * files only. Rejected: #pragma GCC poison, which also fails in system headers and gives no reason.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#ifndef __cplusplus

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <time.h>

#ifdef __clang__
/* clang takes the attribute on a declaration but not after an inline definition, as _FORTIFY_SOURCE
 * makes some: gcc, which builds everything as well, sees those. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wignored-attributes"
#endif

#define BANNED(function, instead)                                                                  \
    extern __typeof__(function) function __attribute__((deprecated("banned: " instead)))

/* They trust a terminator that bytes from outside do not have. */
BANNED(strlen, "a slice knows its length; slice_from_cstr for argv");
BANNED(strcpy, "arena_copy or buf_append");
BANNED(stpcpy, "arena_copy or buf_append");
BANNED(strncpy, "it pads and does not terminate: arena_copy or buf_append");
BANNED(stpncpy, "it pads and does not terminate: arena_copy or buf_append");
BANNED(strcat, "buf_append");
BANNED(strncat, "buf_append");
BANNED(strdup, "arena_copy");
BANNED(strndup, "arena_copy");
BANNED(strrchr, "slice_find_last_byte");
BANNED(strstr, "slice_find");
BANNED(strcasestr, "slice_find");
BANNED(strpbrk, "slice_find_byte");
BANNED(strspn, "slice_find_byte");
BANNED(strcspn, "slice_find_byte");
BANNED(strtok, "it writes into its input: slice_next");
BANNED(strtok_r, "it writes into its input: slice_next");
BANNED(strsep, "it writes into its input: slice_next");
BANNED(strcmp, "slice_equal");
BANNED(strncmp, "slice_equal, slice_starts");
BANNED(strcasecmp, "slice_equal_nocase");
BANNED(strncasecmp, "slice_starts_nocase");

/* Numbers: no report of errors, or a range that depends on the platform and the locale. */
BANNED(atoi, "slice_to_i64");
BANNED(atol, "slice_to_i64");
BANNED(atoll, "slice_to_i64");
BANNED(atof, "slice_to_double");
BANNED(strtol, "slice_to_i64");
BANNED(strtoll, "slice_to_i64");
BANNED(strtoul, "slice_to_u64");
BANNED(strtoull, "slice_to_u64");
BANNED(strtof, "slice_to_double");
BANNED(strtold, "slice_to_double");
BANNED(scanf, "the readers in wire");
BANNED(sscanf, "the readers in wire");
BANNED(fscanf, "the readers in wire");

/* No bound, or a bound whose overrun is silent. */
BANNED(sprintf, "buf_append");
BANNED(vsprintf, "buf_append");
BANNED(snprintf, "it cuts silently: buf_append");
BANNED(vsnprintf, "it cuts silently: buf_append");

/* Static memory, or the zone of whoever runs the program. */
BANNED(gmtime, "base/civil.h");
BANNED(gmtime_r, "base/civil.h");
BANNED(localtime, "base/civil.h");
BANNED(localtime_r, "base/civil.h");
BANNED(mktime, "base/civil.h");
BANNED(asctime, "base/civil.h");
BANNED(ctime, "base/civil.h");
BANNED(strftime, "base/civil.h");
BANNED(strptime, "wire's time stamp reader");

/* Randomness that is none. */
BANNED(rand, "getrandom, through base");
BANNED(srand, "getrandom, through base");
BANNED(random, "getrandom, through base");

/* A shell, or a name that another program can take first. */
BANNED(system, "nothing: hikeshi runs no shell");
BANNED(popen, "nothing: hikeshi runs no shell");
BANNED(tmpnam, "an unnamed file: open with O_TMPFILE");
BANNED(tempnam, "an unnamed file: open with O_TMPFILE");
BANNED(mktemp, "an unnamed file: open with O_TMPFILE");

#undef BANNED

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif
#endif
