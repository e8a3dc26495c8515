/* See temporary.h. O_TMPFILE never has a name; where the file system lacks it, a name is made and
 * removed at once. */
#include "proc/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"

#define TEMPORARY_NAME_MAX 4096

static int temporary_named(const char *directory)
{
    char name[TEMPORARY_NAME_MAX];
    struct buf path;
    buf_init_fixed(&path, name, sizeof(name));
    buf_append_cstr(&path, directory);
    buf_append(&path, S("/hikeshi-XXXXXX"));
    buf_append_byte(&path, '\0');
    if (path.overflow) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(name);
    return fd;
}

enum result temporary_open(const char *directory, int *fd, struct error *err)
{
    int opened = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (opened < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
        opened = temporary_named(directory);
    if (opened < 0)
        return error_set_system(err, errno, TEXT_TEMPORARY_OPEN, ARG(directory));
    *fd = opened;
    return RESULT_OK;
}
