/* Archives made here with libarchive, nested in each other, damaged, and such that expand without
 * end. */
#include "input/object.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"
#include "base/test.h"

#define FOUND_MAX 32

/* What a walk over the objects of a file gave. */
struct found {
    char names[FOUND_MAX][256];
    struct buf contents[FOUND_MAX];
    size_t count;
    size_t problems;
    char problem[ERROR_MESSAGE_MAX + 1];
};

static void on_problem(void *context, slice suffix, const struct error *why)
{
    struct found *found = context;
    (void)suffix;
    found->problems++;
    memcpy(found->problem, why->english, why->english_len);
    found->problem[why->english_len] = '\0';
}

static int file_of(slice bytes)
{
    int fd = memfd_create("object", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.len), (ssize_t)bytes.len);
    return fd;
}

static enum result read_all(struct stream *stream, struct buf *out, struct error *err)
{
    for (;;) {
        slice bytes;
        enum result result = stream_peek(stream, 1, &bytes, err);
        if (result != RESULT_OK || bytes.len == 0)
            return result;
        buf_append(out, bytes);
        stream_take(stream, bytes.len);
    }
}

static void walk_objects(
    struct found *found, slice file, const char *const *passphrases, size_t count)
{
    struct error err;
    struct object object;
    int fd = file_of(file);
    int temporary = memfd_create("temporary", MFD_CLOEXEC);
    struct objects_options options = {.fd = fd,
        .size = file.len,
        .name = S("file"),
        .temporary = temporary,
        .passphrases = passphrases,
        .passphrase_count = count,
        .problem = on_problem,
        .context = found};
    *found = (struct found){0};
    struct objects *objects = objects_new(&options);
    while (objects_next(objects, &object, &err) == RESULT_OK) {
        assert_true(found->count < FOUND_MAX);
        assert_int_equal(object.ordinal, found->count);
        memcpy(found->names[found->count], object.suffix.at, object.suffix.len);
        buf_init(&found->contents[found->count], (size_t)8 << 20);
        if (read_all(object.stream, &found->contents[found->count], &err) != RESULT_OK)
            on_problem(found, object.suffix, &err);
        found->count++;
    }
    objects_free(objects);
    close(fd);
    close(temporary);
}

static void release(struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        buf_free(&found->contents[i]);
}

/* --- making archives --- */

struct member {
    const char *name;
    slice content;
};

static slice pack(struct arena *arena, int (*format)(struct archive *),
    int (*filter)(struct archive *), const char *passphrase, const struct member *members,
    size_t count)
{
    size_t used = 0;
    size_t size = (size_t)4 << 20;
    char *memory = arena_bytes(arena, size);
    struct archive *archive = archive_write_new();
    assert_int_equal(format(archive), ARCHIVE_OK);
    assert_int_equal(filter(archive), ARCHIVE_OK);
    if (passphrase != NULL) {
        assert_int_equal(archive_write_set_options(archive, "zip:encryption=aes256"), ARCHIVE_OK);
        assert_int_equal(archive_write_set_passphrase(archive, passphrase), ARCHIVE_OK);
    }
    assert_int_equal(archive_write_open_memory(archive, memory, size, &used), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, members[i].name);
        archive_entry_set_size(entry, (la_int64_t)members[i].content.len);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
        assert_int_equal(archive_write_data(archive, members[i].content.at, members[i].content.len),
            (la_ssize_t)members[i].content.len);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
    return slice_make(memory, used);
}

static slice gzip(struct arena *arena, slice content)
{
    struct member member = {"data", content};
    return pack(
        arena, archive_write_set_format_raw, archive_write_add_filter_gzip, NULL, &member, 1);
}

static const slice log_text = S_INIT("Nov 20 03:12:44 web01 sshd[1]: Failed password\n");

static void expect(const struct found *found, size_t index, const char *name, slice content)
{
    assert_true(index < found->count);
    assert_string_equal(found->names[index], name);
    assert_slice(buf_slice(&found->contents[index]), content);
}

static void test_plain(void **context)
{
    struct found found;
    (void)context;
    walk_objects(&found, log_text, NULL, 0);
    assert_int_equal(found.count, 1);
    expect(&found, 0, "", log_text);
    release(&found);
    walk_objects(&found, S(""), NULL, 0);
    assert_int_equal(found.count, 1);
    expect(&found, 0, "", S(""));
    release(&found);
}

static void test_compressed_layers(void **context)
{
    struct arena arena = {0};
    struct found found;
    (void)context;
    walk_objects(&found, gzip(&arena, gzip(&arena, log_text)), NULL, 0);
    assert_int_equal(found.count, 1);
    expect(&found, 0, "", log_text);
    release(&found);
    arena_free(&arena);
}

static void test_members(void **context)
{
    struct arena arena = {0};
    struct found found;
    (void)context;
    struct member members[] = {
        {"a/auth.log", log_text}, {"b.gz", gzip(&arena, log_text)}, {"empty", S("")}};
    int (*formats[])(struct archive *) = {archive_write_set_format_pax_restricted,
        archive_write_set_format_zip, archive_write_set_format_7zip};
    for (size_t i = 0; i < 3; i++) {
        slice file = pack(&arena, formats[i], archive_write_add_filter_none, NULL, members, 3);
        walk_objects(&found, file, NULL, 0);
        assert_int_equal(found.problems, 0);
        assert_int_equal(found.count, 3);
        expect(&found, 0, "!a/auth.log", log_text);
        release(&found);
    }
    arena_free(&arena);
}

static void test_nested(void **context)
{
    struct arena arena = {0};
    struct found found;
    (void)context;
    struct member inner = {"inner/log.gz", gzip(&arena, log_text)};
    struct member middle[] = {{"one.7z", pack(&arena, archive_write_set_format_7zip,
                                             archive_write_add_filter_none, NULL, &inner, 1)},
        {"two.zip", pack(&arena, archive_write_set_format_zip, archive_write_add_filter_none, NULL,
                        &inner, 1)},
        {"last.log", log_text}};
    slice file = pack(&arena, archive_write_set_format_pax_restricted, archive_write_add_filter_xz,
        NULL, middle, 3);
    walk_objects(&found, file, NULL, 0);
    assert_int_equal(found.problems, 0);
    assert_int_equal(found.count, 3);
    expect(&found, 0, "!one.7z!inner/log.gz", log_text);
    expect(&found, 1, "!two.zip!inner/log.gz", log_text);
    expect(&found, 2, "!last.log", log_text);
    release(&found);
    arena_free(&arena);
}

static void test_depth(void **context)
{
    struct arena arena = {0};
    struct found found;
    (void)context;
    slice file = log_text;
    for (unsigned i = 0; i < OBJECT_DEPTH_MAX + 1; i++) {
        struct member member = {"deeper.zip", file};
        file = pack(
            &arena, archive_write_set_format_zip, archive_write_add_filter_none, NULL, &member, 1);
    }
    walk_objects(&found, file, NULL, 0);
    assert_int_equal(found.count, 0);
    assert_int_equal(found.problems, 1);
    assert_true(slice_contains(slice_from_cstr(found.problem), S("nested deeper")));
    release(&found);
    arena_free(&arena);
}

static void test_truncated(void **context)
{
    struct arena arena = {0};
    struct found found;
    (void)context;
    slice file = gzip(&arena, log_text);
    for (size_t len = 3; len < file.len; len++) {
        walk_objects(&found, slice_first(file, len), NULL, 0);
        assert_true(found.count <= 1);
        assert_true(found.problems <= 2);
        release(&found);
    }
    arena_free(&arena);
}

static void test_encrypted(void **context)
{
    static const char *const passphrases[] = {"wrong", "infected"};
    struct arena arena = {0};
    struct found found;
    (void)context;
    struct member member = {"auth.log", log_text};
    slice file = pack(&arena, archive_write_set_format_zip, archive_write_add_filter_none,
        "infected", &member, 1);
    walk_objects(&found, file, NULL, 0);
    assert_int_equal(found.count, 0);
    assert_true(slice_contains(slice_from_cstr(found.problem), S("--password-file")));
    release(&found);
    walk_objects(&found, file, passphrases, 2);
    assert_int_equal(found.count, 1);
    expect(&found, 0, "!auth.log", log_text);
    release(&found);
    arena_free(&arena);
}

/* A gigabyte and more of one letter in a few kilobytes. (Zeros would be read as an empty tar.) */
static slice bomb(struct arena *arena)
{
    size_t used = 0;
    size_t size = (size_t)4 << 20;
    char *memory = arena_bytes(arena, size);
    char *letters = arena_bytes(arena, (size_t)1 << 20);
    memset(letters, 'A', (size_t)1 << 20);
    struct archive *archive = archive_write_new();
    assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_add_filter_zstd(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(archive, memory, size, &used), ARCHIVE_OK);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_pathname(entry, "data");
    archive_entry_set_size(entry, (la_int64_t)(OBJECT_EXPANDED_FREE + ((uint64_t)16 << 20)));
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    for (size_t i = 0; i < (OBJECT_EXPANDED_FREE >> 20) + 16; i++)
        assert_true(archive_write_data(archive, letters, (size_t)1 << 20) > 0);
    archive_entry_free(entry);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
    return slice_make(memory, used);
}

static void test_bomb(void **context)
{
    struct arena arena = {0};
    struct error err = {0};
    struct object object;
    struct found found = {0};
    (void)context;
    slice file = bomb(&arena);
    int fd = file_of(file);
    struct objects_options options = {.fd = fd,
        .size = file.len,
        .name = S("file"),
        .temporary = -1,
        .problem = on_problem,
        .context = &found};
    struct objects *objects = objects_new(&options);
    if (objects_next(objects, &object, &err) != RESULT_OK)
        fail_msg("%s", found.problem);
    uint64_t skipped;
    assert_int_equal(stream_skip(object.stream, UINT64_MAX, &skipped, &err), RESULT_LIMIT);
    assert_true(slice_contains(slice_from_cstr(err.english), S("archive bomb")));
    assert_int_equal(objects_next(objects, &object, &err), RESULT_END);
    objects_free(objects);
    close(fd);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_compressed_layers),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_encrypted),
        cmocka_unit_test(test_bomb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
