/* A small tree: order, links, special files, access times. */
#include "input/walk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "base/test.h"

struct tree {
    char path[64];
};

static const char *tree_name(const struct tree *tree, struct arena *arena, const char *name)
{
    struct buf path;
    char *memory = arena_bytes(arena, 256);
    buf_init_fixed(&path, memory, 256);
    buf_append_cstr(&path, tree->path);
    buf_append_cstr(&path, name);
    buf_append_byte(&path, '\0');
    return memory;
}

static void tree_file(const struct tree *tree, struct arena *arena, const char *name)
{
    int fd = open(tree_name(tree, arena, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

static void count_problem(void *context, const char *path, const struct error *why)
{
    size_t *problems = context;
    (void)path;
    (void)why;
    ++*problems;
}

static int set_up(void **state)
{
    static struct tree tree;
    tree = (struct tree){"/tmp/hikeshi-walk-XXXXXX"};
    assert_non_null(mkdtemp(tree.path));
    *state = &tree;
    return 0;
}

static int tear_down(void **state)
{
    const struct tree *tree = *state;
    static const char *const names[] = {"/b/2", "/b/10", "/b", "/a", "/Z", "/link", "/pipe", ""};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(remove(tree_name(tree, &arena, names[i])), 0);
    arena_free(&arena);
    return 0;
}

static void test_walk(void **state)
{
    static const char *const order[] = {"/Z", "/a", "/b/10", "/b/2"};
    const struct tree *tree = *state;
    struct arena arena = {0};
    struct error err;
    size_t problems = 0;
    struct walk walk = {.problem = count_problem, .context = &problems};
    assert_int_equal(mkdir(tree_name(tree, &arena, "/b"), 0700), 0);
    tree_file(tree, &arena, "/b/2");
    tree_file(tree, &arena, "/b/10");
    tree_file(tree, &arena, "/a");
    tree_file(tree, &arena, "/Z");
    assert_int_equal(symlink("/etc/passwd", tree_name(tree, &arena, "/link")), 0);
    assert_int_equal(mkfifo(tree_name(tree, &arena, "/pipe"), 0600), 0);
    assert_int_equal(walk_add(&walk, tree->path, &err), RESULT_OK);
    assert_int_equal(walk.count, 4);
    assert_int_equal(problems, 2);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(walk.files[i].path, tree_name(tree, &arena, order[i]));

    /* Reading leaves the access time alone. */
    struct stat before, after;
    struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    int fd;
    uint64_t size;
    char byte;
    assert_int_equal(utimensat(AT_FDCWD, walk.files[0].path, old, 0), 0);
    assert_int_equal(stat(walk.files[0].path, &before), 0);
    assert_int_equal(walk_open(walk.files[0].path, &fd, &size, &err), RESULT_OK);
    assert_int_equal(size, 1);
    assert_int_equal(read(fd, &byte, 1), 1);
    close(fd);
    assert_int_equal(stat(walk.files[0].path, &after), 0);
    assert_int_equal(after.st_atim.tv_sec, before.st_atim.tv_sec);

    /* A pipe given by name neither hangs nor is read. */
    assert_int_equal(
        walk_open(tree_name(tree, &arena, "/pipe"), &fd, &size, &err), RESULT_UNSUPPORTED);
    assert_int_equal(walk_add(&walk, tree_name(tree, &arena, "/none"), &err), RESULT_SYSTEM);

    const char *paths[] = {tree->path};
    assert_true(walk_holds(paths, 1, tree_name(tree, &arena, "/b")));
    assert_true(walk_holds(paths, 1, tree->path));
    assert_false(walk_holds(paths, 1, "/tmp"));
    walk_free(&walk);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_walk, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
