/* A child keeps one descriptor of all that its parent had open. */
#include "proc/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

#define TEST_FDS_MAX 64

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static bool is_nowhere(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/* The child: exit status 0 when only `kept` and the standard streams are open. */
static void look_around(void *context)
{
    int kept = *(const int *)context;
    child_keep_only(kept);
    if (!is_nowhere(STDIN_FILENO) || !is_nowhere(STDOUT_FILENO))
        _exit(1);
    for (int fd = STDERR_FILENO + 1; fd < TEST_FDS_MAX; fd++)
        if (is_open(fd) != (fd == kept))
            _exit(2);
    _exit(write(kept, "!", 1) == 1 ? 0 : 3);
}

static void keeps_one(void **state)
{
    (void)state;
    int pairs[4][2];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pid_t pid;
        int status;
        char byte = 0;
        assert_int_equal(child_start(look_around, &pairs[i][1], &pid, NULL), RESULT_OK);
        child_wait(pid, &status);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        assert_int_equal(read(pairs[i][0], &byte, 1), 1);
        assert_int_equal(byte, '!');
    }
    for (size_t i = 0; i < 4; i++) {
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
