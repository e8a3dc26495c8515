/* See cache.h. The directory is $XDG_CACHE_HOME/hikeshi, or .cache/hikeshi at home. */
#include "proc/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

#define CACHE_PATH_MAX ((size_t)4096)

static bool cache_is_private(int fd, mode_t type)
{
    struct stat about;
    return fstat(fd, &about) == 0 && (about.st_mode & S_IFMT) == type &&
           about.st_uid == geteuid() && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static bool cache_directory_name(struct buf *path)
{
    slice home = slice_from_cstr(getenv("XDG_CACHE_HOME"));
    if (home.len > 0) {
        buf_append(path, home);
    } else {
        home = slice_from_cstr(getenv("HOME"));
        buf_append(path, home);
        buf_append(path, S("/.cache"));
    }
    return home.len > 0 && home.at[0] == '/' && path->len < CACHE_PATH_MAX / 2;
}

/* The open directory, made when asked to; -1 when there is none that can be trusted. */
static int cache_directory(bool make)
{
    char memory[CACHE_PATH_MAX];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof(memory));
    if (!cache_directory_name(&path))
        return -1;
    for (size_t i = 0; i < 2; i++) {
        if (i == 1)
            buf_append(&path, S("/hikeshi"));
        buf_append_byte(&path, '\0');
        if (make && mkdir(memory, S_IRWXU) != 0 && errno != EEXIST)
            return -1;
        path.len--;
    }
    int fd = open(memory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || cache_is_private(fd, S_IFDIR))
        return fd;
    close(fd);
    return -1;
}

int cache_open(const char *name, size_t *size)
{
    struct stat about;
    int directory = cache_directory(false);
    if (directory < 0)
        return -1;
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    close(directory);
    if (fd < 0)
        return -1;
    if (!cache_is_private(fd, S_IFREG) || fstat(fd, &about) != 0) {
        close(fd);
        return -1;
    }
    *size = (size_t)about.st_size;
    return fd;
}

static bool cache_write(int fd, slice bytes)
{
    while (bytes.len > 0) {
        ssize_t wrote = write(fd, bytes.at, bytes.len);
        if (wrote < 0 && errno != EINTR)
            return false;
        if (wrote > 0)
            bytes = slice_from(bytes, (size_t)wrote);
    }
    return fdatasync(fd) == 0;
}

void cache_store(const char *name, slice bytes)
{
    int directory = cache_directory(true);
    if (directory < 0)
        return;
    char draft[CACHE_NAME_MAX];
    struct buf out;
    buf_init_fixed(&out, draft, sizeof(draft));
    buf_append(&out, S("draft-"));
    buf_append_u64(&out, (uint64_t)getpid());
    buf_append_byte(&out, '\0');
    int fd = openat(
        directory, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd >= 0) {
        bool written = cache_write(fd, bytes);
        if (close(fd) != 0 || !written || renameat(directory, draft, directory, name) != 0)
            (void)unlinkat(directory, draft, 0);
    }
    close(directory);
}

/* Drops the oldest file when there are more than may be; gives whether it did. */
static bool cache_drop_oldest(int directory, slice prefix, size_t most)
{
    char oldest[CACHE_NAME_MAX] = {0};
    struct timespec least = {0};
    size_t count = 0;
    int copy = dup(directory);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (listing == NULL)
        return false;
    rewinddir(listing);
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        struct stat about;
        slice name = slice_from_cstr(entry->d_name);
        if (!slice_starts(name, prefix) || name.len >= sizeof(oldest) ||
            fstatat(directory, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (count++ == 0 || about.st_mtim.tv_sec < least.tv_sec) {
            least = about.st_mtim;
            memcpy(oldest, name.at, name.len + 1);
        }
    }
    closedir(listing);
    return count > most && unlinkat(directory, oldest, 0) == 0;
}

void cache_trim(slice prefix, size_t most)
{
    int directory = cache_directory(false);
    if (directory < 0)
        return;
    while (cache_drop_oldest(directory, prefix, most))
        continue;
    close(directory);
}
