/* See file.h. */
#include "proc/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/base.h"

#define FILE_READ_SIZE ((size_t)64 << 10)

enum result file_read(
    struct arena *arena, const char *path, size_t maximum, slice *content, struct error *err)
{
    struct buf bytes;
    ssize_t got = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return error_set_system(err, errno, TEXT_STREAM_READ, ARG(path));
    buf_init(&bytes, maximum + 1);
    do {
        char *to = buf_reserve(&bytes, size_min(FILE_READ_SIZE, bytes.maximum - bytes.len));
        ASSERT(to != NULL);
        got = read(fd, to, size_min(FILE_READ_SIZE, bytes.maximum - bytes.len));
        if (got > 0)
            buf_commit(&bytes, (size_t)got);
    } while (got > 0 || (got < 0 && errno == EINTR));
    int error = errno;
    close(fd);
    enum result result = RESULT_OK;
    if (got < 0)
        result = error_set_system(err, error, TEXT_STREAM_READ, ARG(path));
    else if (bytes.len > maximum)
        result = error_set(err, RESULT_LIMIT, TEXT_FILE_LARGE, ARG(path), ARG(maximum));
    else
        *content = arena_copy(arena, buf_slice(&bytes));
    buf_free(&bytes);
    return result;
}

enum result file_create(const char *path, int *fd, struct error *err)
{
    int made = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0644);
    if (made < 0)
        return error_set_system(err, errno, TEXT_FILE_CREATE, ARG(path));
    *fd = made;
    return RESULT_OK;
}
