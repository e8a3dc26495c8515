/* See object.h.
 *
 * A stack of levels, one per archive or compressed layer; the top one is being read. libarchive
 * does the formats; what is ours is the nesting, the names and the limits. Rejected: unpacking to
 * disk first, which needs the space, leaves copies of evidence behind and lets member names act. */
#include "input/object.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

#define OBJECT_BLOCK_SIZE ((size_t)256 << 10)
/* Enough for every magic number below (tar's stands at 257). */
#define OBJECT_PEEK_SIZE ((size_t)512)

/* Bytes of a descriptor from `base` on, read with pread so that several readers can share it. */
struct object_region {
    int fd;
    uint64_t base;
    uint64_t size;
    uint64_t at;
};

struct object_level {
    struct objects *owner;
    struct archive *archive;
    struct stream *outer; /* what is read, front to back; NULL when `region` is read */
    size_t outer_pending; /* bytes of `outer` shown to libarchive, to be taken at its next call */
    struct object_region region;
    char *block;
    size_t suffix_len;     /* of owner->suffix: the name of this archive */
    struct stream *member; /* of the member being read */
};

struct objects {
    struct objects_options options;
    struct object_region file;
    struct stream *stream; /* the evidence file itself */
    struct object_level levels[OBJECT_DEPTH_MAX];
    size_t depth;
    struct buf suffix;
    uint32_t ordinal;
    uint32_t members;
    uint64_t expanded;
    uint64_t temporary_at; /* end of what is in the temporary file */
    bool started;
    bool stopped; /* a limit was reached: nothing more is read */
};

static slice object_name(struct arena *arena, const struct objects *objects)
{
    slice suffix = buf_slice(&objects->suffix);
    size_t len = objects->options.name.len + suffix.len;
    struct buf name;
    buf_init_fixed(&name, arena_bytes(arena, len), len);
    buf_append(&name, objects->options.name);
    buf_append(&name, suffix);
    return buf_slice(&name);
}

static void object_problem(struct objects *objects, const struct error *why)
{
    objects->options.problem(objects->options.context, buf_slice(&objects->suffix), why);
}

static enum result object_stop(
    struct objects *objects, enum text text, uint64_t limit, struct error *err)
{
    struct arena arena = {0};
    objects->stopped = true;
    (void)error_set(err, RESULT_LIMIT, text, ARG(object_name(&arena, objects)), ARG(limit));
    arena_free(&arena);
    return RESULT_LIMIT;
}

/* --- bytes --- */

static enum result object_region_read(struct objects *objects, struct object_region *region,
    char *to, size_t len, size_t *got, struct error *err)
{
    size_t want = region->size - region->at < len ? (size_t)(region->size - region->at) : len;
    ssize_t count;
    do {
        count = pread(region->fd, to, want, (off_t)(region->base + region->at));
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        return error_set_system(err, errno, TEXT_STREAM_READ, ARG(objects->options.name));
    region->at += (uint64_t)count;
    *got = (size_t)count;
    return RESULT_OK;
}

static enum result object_file_read(
    void *context, char *to, size_t len, size_t *got, struct error *err)
{
    struct objects *objects = context;
    return object_region_read(objects, &objects->file, to, len, got, err);
}

static uint64_t object_file_seek(void *context, uint64_t offset)
{
    struct objects *objects = context;
    objects->file.at = offset < objects->file.size ? offset : objects->file.size;
    return objects->file.at;
}

static bool object_expands_too_far(const struct objects *objects)
{
    return objects->expanded > OBJECT_EXPANDED_FREE &&
           objects->expanded / OBJECT_EXPANDED_TIMES > objects->options.size;
}

static enum result object_archive_error(struct object_level *level, struct error *err)
{
    struct arena arena = {0};
    const char *words = archive_error_string(level->archive);
    slice name = object_name(&arena, level->owner);
    (void)error_set(
        err, RESULT_MALFORMED, TEXT_OBJECT_ARCHIVE, ARG(name), ARG(words == NULL ? "?" : words));
    arena_free(&arena);
    return RESULT_MALFORMED;
}

/* The read function of a member's stream. */
static enum result object_member_read(
    void *context, char *to, size_t len, size_t *got, struct error *err)
{
    struct object_level *level = context;
    struct objects *objects = level->owner;
    if (objects->stopped)
        return object_stop(objects, TEXT_OBJECT_BOMB, OBJECT_EXPANDED_TIMES, err);
    la_ssize_t count = archive_read_data(level->archive, to, len);
    if (count < 0)
        return object_archive_error(level, err);
    objects->expanded += (uint64_t)count;
    if (object_expands_too_far(objects))
        return object_stop(objects, TEXT_OBJECT_BOMB, OBJECT_EXPANDED_TIMES, err);
    *got = (size_t)count;
    return RESULT_OK;
}

/* --- libarchive's callbacks --- */

static la_ssize_t object_level_read(struct archive *archive, void *context, const void **bytes)
{
    struct object_level *level = context;
    struct error err;
    size_t got = 0;
    enum result result;
    if (level->outer == NULL) {
        result = object_region_read(
            level->owner, &level->region, level->block, OBJECT_BLOCK_SIZE, &got, &err);
        *bytes = level->block;
    } else {
        slice shown;
        stream_take(level->outer, level->outer_pending);
        level->outer_pending = 0;
        result = stream_peek(level->outer, 1, &shown, &err);
        if (result == RESULT_OK) {
            level->outer_pending = shown.len;
            *bytes = shown.at;
            got = shown.len;
        }
    }
    if (result != RESULT_OK) {
        archive_set_error(
            archive, EIO, "%.*s", (int)error_message(&err).len, error_message(&err).at);
        return ARCHIVE_FATAL;
    }
    return (la_ssize_t)got;
}

static la_int64_t object_level_seek(
    struct archive *archive, void *context, la_int64_t offset, int whence)
{
    struct object_level *level = context;
    int64_t from = whence == SEEK_SET   ? 0
                   : whence == SEEK_CUR ? (int64_t)level->region.at
                                        : (int64_t)level->region.size;
    int64_t to;
    if (!checked_add_i64(from, offset, &to) || to < 0 || (uint64_t)to > level->region.size) {
        archive_set_error(archive, EINVAL, "seek outside of the file");
        return ARCHIVE_FATAL;
    }
    level->region.at = (uint64_t)to;
    return to;
}

static la_int64_t object_level_skip(struct archive *archive, void *context, la_int64_t request)
{
    struct object_level *level = context;
    (void)archive;
    if (level->outer != NULL || request < 0)
        return 0;
    uint64_t left = level->region.size - level->region.at;
    uint64_t step = (uint64_t)request < left ? (uint64_t)request : left;
    level->region.at += step;
    return (la_int64_t)step;
}

/* --- recognising containers --- */

enum object_container { OBJECT_PLAIN, OBJECT_SEQUENTIAL, OBJECT_NEEDS_SEEK };

static enum object_container object_recognise(slice head)
{
    static const slice sequential[] = {S_INIT("\x1f\x8b"), S_INIT("\x1f\x9d"), S_INIT("BZh"),
        S_INIT("\xfd"
               "7zXZ\0"),
        S_INIT("\x28\xb5\x2f\xfd"), S_INIT("\x04\x22\x4d\x18"), S_INIT("LZIP\x01")};
    static const slice needs_seek[] = {
        S_INIT("PK\x03\x04"), S_INIT("PK\x05\x06"), S_INIT("7z\xbc\xaf\x27\x1c")};
    for (size_t i = 0; i < sizeof(needs_seek) / sizeof(needs_seek[0]); i++)
        if (slice_starts(head, needs_seek[i]))
            return OBJECT_NEEDS_SEEK;
    for (size_t i = 0; i < sizeof(sequential) / sizeof(sequential[0]); i++)
        if (slice_starts(head, sequential[i]))
            return OBJECT_SEQUENTIAL;
    return slice_equal(slice_sub(head, 257, 5), S("ustar")) ? OBJECT_SEQUENTIAL : OBJECT_PLAIN;
}

/* --- levels --- */

static struct archive *object_archive_new(const struct objects_options *options)
{
    struct archive *archive = archive_read_new();
    ASSERT(archive != NULL);
    (void)archive_read_support_filter_gzip(archive);
    (void)archive_read_support_filter_bzip2(archive);
    (void)archive_read_support_filter_xz(archive);
    (void)archive_read_support_filter_zstd(archive);
    (void)archive_read_support_filter_lz4(archive);
    (void)archive_read_support_filter_lzip(archive);
    (void)archive_read_support_filter_compress(archive);
    (void)archive_read_support_format_tar(archive);
    (void)archive_read_support_format_zip(archive);
    (void)archive_read_support_format_7zip(archive);
    (void)archive_read_support_format_raw(archive);
    for (size_t i = 0; options != NULL && i < options->passphrase_count; i++)
        (void)archive_read_add_passphrase(archive, options->passphrases[i]);
    return archive;
}

void objects_prepare(void)
{
    (void)archive_read_free(object_archive_new(NULL));
}

static void object_pop(struct objects *objects)
{
    struct object_level *level = &objects->levels[--objects->depth];
    stream_free(level->member);
    (void)archive_read_free(level->archive);
    free(level->block);
    buf_truncate(&objects->suffix, level->suffix_len);
    if (objects->depth == 0)
        objects->temporary_at = 0;
}

/* Puts the rest of `stream` into the temporary file. */
static enum result object_spool(
    struct objects *objects, struct stream *stream, struct object_region *region, struct error *err)
{
    *region =
        (struct object_region){.fd = objects->options.temporary, .base = objects->temporary_at};
    for (;;) {
        slice bytes;
        enum result result = stream_peek(stream, 1, &bytes, err);
        if (result != RESULT_OK)
            return result;
        if (bytes.len == 0)
            return RESULT_OK;
        ssize_t written = pwrite(region->fd, bytes.at, bytes.len, (off_t)objects->temporary_at);
        if (written <= 0)
            return error_set_system(err, errno, TEXT_OBJECT_TEMPORARY, ARG(objects->options.name));
        stream_take(stream, (size_t)written);
        objects->temporary_at += (uint64_t)written;
        region->size += (uint64_t)written;
    }
}

/* Opens a level over `stream` (NULL: over the evidence file itself). Problems are reported. */
static void object_push(
    struct objects *objects, struct stream *stream, enum object_container container)
{
    struct error err;
    if (objects->depth == OBJECT_DEPTH_MAX) {
        struct arena arena = {0};
        (void)error_set(&err, RESULT_LIMIT, TEXT_OBJECT_DEPTH, ARG(object_name(&arena, objects)),
            ARG(OBJECT_DEPTH_MAX));
        arena_free(&arena);
        object_problem(objects, &err);
        return;
    }
    struct object_level *level = &objects->levels[objects->depth];
    *level = (struct object_level){.owner = objects,
        .outer = stream,
        .region = objects->file,
        .suffix_len = objects->suffix.len};
    if (stream != NULL && container == OBJECT_NEEDS_SEEK) {
        if (object_spool(objects, stream, &level->region, &err) != RESULT_OK) {
            object_problem(objects, &err);
            return;
        }
        level->outer = NULL;
    }
    level->archive = object_archive_new(&objects->options);
    level->block = malloc(OBJECT_BLOCK_SIZE);
    ASSERT(level->block != NULL);
    objects->depth++;
    if (level->outer == NULL)
        (void)archive_read_set_seek_callback(level->archive, object_level_seek);
    if (archive_read_open2(level->archive, level, NULL, object_level_read, object_level_skip,
            NULL) != ARCHIVE_OK) {
        (void)object_archive_error(level, &err);
        object_problem(objects, &err);
        object_pop(objects);
    }
}

struct objects *objects_new(const struct objects_options *options)
{
    struct objects *objects = calloc(1, sizeof(*objects));
    ASSERT(objects != NULL);
    objects->options = *options;
    objects->file = (struct object_region){.fd = options->fd, .size = options->size};
    objects->stream = stream_new(object_file_read, objects);
    stream_set_seek(objects->stream, object_file_seek);
    buf_init(&objects->suffix, (size_t)OBJECT_NAME_MAX * (OBJECT_DEPTH_MAX + 1));
    return objects;
}

void objects_free(struct objects *objects)
{
    if (objects == NULL)
        return;
    while (objects->depth > 0)
        object_pop(objects);
    stream_free(objects->stream);
    buf_free(&objects->suffix);
    free(objects);
}

uint64_t objects_consumed(const struct objects *objects)
{
    return objects->depth > 0 ? objects->levels[0].region.at : objects->file.at;
}

/* --- walking --- */

static bool object_is_raw(const struct object_level *level)
{
    return archive_format(level->archive) == ARCHIVE_FORMAT_RAW;
}

/* A magic number without the format behind it: the bytes as they are. */
static bool object_is_only_bytes(const struct object_level *level)
{
    return object_is_raw(level) && archive_filter_code(level->archive, 0) == ARCHIVE_FILTER_NONE;
}

/* Moves to the level's next member. RESULT_OK: *usable tells whether it is a file that can be read.
 * RESULT_END: no more. */
static enum result object_advance(struct object_level *level, bool *usable)
{
    struct objects *objects = level->owner;
    struct archive_entry *entry;
    struct error err;
    stream_free(level->member);
    level->member = NULL;
    buf_truncate(&objects->suffix, level->suffix_len);
    *usable = false;
    int status = archive_read_next_header(level->archive, &entry);
    if (status == ARCHIVE_EOF)
        return RESULT_END;
    if (status < ARCHIVE_WARN) {
        (void)object_archive_error(level, &err);
        object_problem(objects, &err);
        return RESULT_END;
    }
    if (++objects->members > OBJECT_MEMBERS_MAX) {
        (void)object_stop(objects, TEXT_OBJECT_MEMBERS, OBJECT_MEMBERS_MAX, &err);
        object_problem(objects, &err);
        return RESULT_END;
    }
    if (!object_is_raw(level)) {
        const char *name = archive_entry_pathname(entry);
        buf_append_byte(&objects->suffix, '!');
        buf_append(&objects->suffix,
            slice_first(slice_from_cstr(name == NULL ? "?" : name), OBJECT_NAME_MAX));
        if (archive_entry_filetype(entry) != AE_IFREG)
            return RESULT_OK;
    }
    if (archive_entry_is_data_encrypted(entry) && objects->options.passphrase_count == 0) {
        struct arena arena = {0};
        (void)error_set(
            &err, RESULT_UNSUPPORTED, TEXT_OBJECT_ENCRYPTED, ARG(object_name(&arena, objects)));
        arena_free(&arena);
        object_problem(objects, &err);
        return RESULT_OK;
    }
    level->member = stream_new(object_member_read, level);
    *usable = true;
    return RESULT_OK;
}

static void object_give(struct objects *objects, struct stream *stream, struct object *object)
{
    *object = (struct object){
        .suffix = buf_slice(&objects->suffix), .ordinal = objects->ordinal++, .stream = stream};
}

/* Begins with the evidence file. *given: it is itself an object. */
static enum result object_start(
    struct objects *objects, struct object *object, bool *given, struct error *err)
{
    slice head;
    objects->started = true;
    enum result result = stream_peek(objects->stream, OBJECT_PEEK_SIZE, &head, err);
    if (result != RESULT_OK)
        return result;
    enum object_container container = object_recognise(head);
    *given = container == OBJECT_PLAIN;
    if (*given) {
        object_give(objects, objects->stream, object);
    } else {
        objects->file.at = 0;
        object_push(objects, NULL, container);
    }
    return RESULT_OK;
}

enum result objects_next(struct objects *objects, struct object *object, struct error *err)
{
    bool given = false;
    if (!objects->started) {
        enum result result = object_start(objects, object, &given, err);
        if (result != RESULT_OK || given)
            return result;
    }
    while (objects->depth > 0) {
        struct object_level *level = &objects->levels[objects->depth - 1];
        struct error why;
        slice head;
        bool usable;
        if (objects->stopped || object_advance(level, &usable) == RESULT_END) {
            object_pop(objects);
            continue;
        }
        if (!usable)
            continue;
        if (stream_peek(level->member, OBJECT_PEEK_SIZE, &head, &why) != RESULT_OK) {
            object_problem(objects, &why);
            continue;
        }
        enum object_container container = object_recognise(head);
        if (container == OBJECT_PLAIN || object_is_only_bytes(level)) {
            object_give(objects, level->member, object);
            return RESULT_OK;
        }
        object_push(objects, level->member, container);
    }
    return RESULT_END;
}
