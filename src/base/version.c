/* The version is a string of its own file, so that a new commit recompiles these few lines and
 * nothing else. Rejected: -D on the command line, which would recompile everything. */
#include "base/version.h"

#include "version_generated.h"

const char *version_string(void)
{
    return VERSION_STRING;
}
