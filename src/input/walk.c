/* See walk.h. openat and fdopendir rather than nftw: the order must be ours, and a name that
 * changes under us must not lead outside the evidence. */
#include "input/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

static void walk_report(struct walk *walk, const char *path, const struct error *why)
{
    if (walk->problem != NULL)
        walk->problem(walk->context, path, why);
}

static void walk_push(struct walk *walk, const char *path)
{
    if (walk->count == walk->capacity)
        walk->files = arena_grow(&walk->arena, walk->files, &walk->capacity, sizeof(*walk->files));
    walk->files[walk->count++] = (struct walk_file){path};
}

/* The access time of evidence is evidence: O_NOATIME where we own the file or are root, plain
 * otherwise. */
static int walk_openat(int at, const char *name, int flags)
{
    int fd = openat(at, name, flags | O_NOATIME);
    if (fd < 0 && errno == EPERM)
        fd = openat(at, name, flags);
    return fd;
}

static int walk_order(const void *left, const void *right)
{
    const char *const *names[2] = {left, right};
    return slice_compare(slice_from_cstr(*names[0]), slice_from_cstr(*names[1]));
}

/* Names in an open directory, sorted; closes `fd`. */
static enum result walk_names(
    struct arena *arena, int fd, const char ***names, size_t *count, struct error *err)
{
    DIR *directory = fdopendir(fd);
    size_t capacity = 0;
    const char **found = NULL;
    size_t found_count = 0;
    if (directory == NULL) {
        int error = errno;
        close(fd);
        return error_set_system(err, error, TEXT_STREAM_READ, ARG("fdopendir"));
    }
    for (;;) {
        const struct dirent *entry = readdir(directory);
        if (entry == NULL)
            break;
        slice name = slice_from_cstr(entry->d_name);
        if (slice_equal(name, S(".")) || slice_equal(name, S("..")))
            continue;
        if (found_count == capacity)
            found = arena_grow(arena, found, &capacity, sizeof(*found));
        found[found_count++] = arena_cstr(arena, name);
    }
    closedir(directory);
    if (found_count > 0)
        qsort(found, found_count, sizeof(*found), walk_order);
    *names = found;
    *count = found_count;
    return RESULT_OK;
}

static const char *walk_join(struct arena *arena, const char *directory, const char *name)
{
    struct buf path;
    slice parts[2] = {slice_from_cstr(directory), slice_from_cstr(name)};
    size_t len = parts[0].len + parts[1].len + 2;
    char *memory = arena_bytes(arena, len);
    buf_init_fixed(&path, memory, len);
    buf_append(&path, parts[0]);
    if (!slice_ends(parts[0], S("/")))
        buf_append_byte(&path, '/');
    buf_append(&path, parts[1]);
    buf_append_byte(&path, '\0');
    return memory;
}

static void walk_directory(struct walk *walk, int fd, const char *path, unsigned depth);

static void walk_entry(
    struct walk *walk, int parent, const char *name, const char *path, unsigned depth)
{
    struct stat status;
    struct error err;
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        (void)error_set_system(&err, errno, TEXT_STREAM_READ, ARG(path));
        walk_report(walk, path, &err);
    } else if (S_ISREG(status.st_mode)) {
        walk_push(walk, path);
    } else if (S_ISDIR(status.st_mode)) {
        int fd = walk_openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) {
            (void)error_set_system(&err, errno, TEXT_WALK_DIRECTORY, ARG(path));
            walk_report(walk, path, &err);
        } else {
            walk_directory(walk, fd, path, depth + 1);
        }
    } else {
        (void)error_set(&err, RESULT_UNSUPPORTED,
            S_ISLNK(status.st_mode) ? TEXT_WALK_LINK : TEXT_WALK_SPECIAL, ARG(path));
        walk_report(walk, path, &err);
    }
}

/* Takes the descriptor. */
static void walk_directory(struct walk *walk, int fd, const char *path, unsigned depth)
{
    struct error err;
    const char **names = NULL;
    size_t count = 0;
    if (depth > WALK_DEPTH_MAX) {
        (void)error_set(&err, RESULT_LIMIT, TEXT_WALK_DEPTH, ARG(path), ARG(WALK_DEPTH_MAX));
        walk_report(walk, path, &err);
        close(fd);
        return;
    }
    int listing = dup(fd);
    if (listing < 0 || walk_names(&walk->arena, listing, &names, &count, &err) != RESULT_OK) {
        (void)error_set_system(&err, errno, TEXT_WALK_DIRECTORY, ARG(path));
        walk_report(walk, path, &err);
        close(fd);
        return;
    }
    for (size_t i = 0; i < count; i++)
        walk_entry(walk, fd, names[i], walk_join(&walk->arena, path, names[i]), depth);
    close(fd);
}

enum result walk_add(struct walk *walk, const char *path, struct error *err)
{
    struct stat status;
    const char *kept = arena_cstr(&walk->arena, slice_from_cstr(path));
    if (slice_equal(slice_from_cstr(path), S("-"))) {
        walk_push(walk, kept);
        return RESULT_OK;
    }
    if (stat(path, &status) != 0)
        return error_set_system(err, errno, TEXT_STREAM_READ, ARG(path));
    if (!S_ISDIR(status.st_mode)) {
        walk_push(walk, kept);
        return RESULT_OK;
    }
    int fd = walk_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set_system(err, errno, TEXT_WALK_DIRECTORY, ARG(path));
    walk_directory(walk, fd, kept, 0);
    return RESULT_OK;
}

void walk_free(struct walk *walk)
{
    arena_free(&walk->arena);
    walk->files = NULL;
    walk->count = 0;
    walk->capacity = 0;
}

enum result walk_open(const char *path, int *fd, uint64_t *size, struct error *err)
{
    struct stat status;
    /* O_NONBLOCK: a pipe given by mistake must not hang us; it means nothing for a regular file. */
    int opened = walk_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (opened < 0)
        return error_set_system(err, errno, TEXT_STREAM_READ, ARG(path));
    if (fstat(opened, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(opened);
        return error_set(err, RESULT_UNSUPPORTED, TEXT_WALK_SPECIAL, ARG(path));
    }
    *fd = opened;
    *size = (uint64_t)status.st_size;
    return RESULT_OK;
}

uint64_t walk_size(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

bool walk_holds(const char *const *paths, size_t count, const char *directory)
{
    char place[PATH_MAX];
    char root[PATH_MAX];
    if (realpath(directory, place) == NULL)
        return false;
    slice inside = slice_from_cstr(place);
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        if (realpath(paths[i], root) == NULL || stat(root, &status) != 0 ||
            !S_ISDIR(status.st_mode))
            continue;
        slice outside = slice_from_cstr(root);
        if (slice_equal(outside, S("/")) || slice_equal(inside, outside))
            return true;
        if (slice_starts(inside, outside) && inside.at[outside.len] == '/')
            return true;
    }
    return false;
}
