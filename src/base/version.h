/* Which hikeshi this is. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* The release, and the short hash of the commit where it was built from a repository:
 * "0.1.0+g1a2b3c4". Terminated, lives for ever. */
const char *version_string(void);

#endif
