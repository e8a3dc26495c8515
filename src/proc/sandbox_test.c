/* What a broken-in decoder could try, tried from inside the sandbox: every attempt must fail. */
#include "proc/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

/* Each gives true when it succeeded, which it must not. Raw system calls, as an intruder would make
 * them. */
static bool try_open_read(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0;
}

static bool try_open_write(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/tmp/hikeshi-sandbox", O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool try_connect(void)
{
    return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0) >= 0 ||
           syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool try_fork(void)
{
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        _exit(0);
    return pid > 0 || syscall(SYS_vfork) > 0;
}

static bool try_execute(void)
{
    const char *const arguments[] = {"/bin/true", NULL};
    (void)syscall(SYS_execve, "/bin/true", arguments, NULL);
    return false; /* it comes back only when it failed */
}

static bool try_trace(void)
{
    return syscall(SYS_ptrace, PTRACE_ATTACH, getppid(), 0, 0) == 0;
}

static bool try_signal(void)
{
    return syscall(SYS_kill, getppid(), 0) == 0;
}

static bool try_executable_memory(void)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED)
        return true;
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool try_remove(void)
{
    return syscall(SYS_unlink, "/tmp/hikeshi-sandbox") == 0 ||
           syscall(SYS_mkdir, "/tmp/hikeshi-sandbox", 0700) == 0;
}

static bool try_regain(void)
{
    return syscall(SYS_setresuid, 0, 0, 0) == 0;
}

static bool (*const attempts[])(void) = {try_open_read, try_open_write, try_connect, try_fork,
    try_execute, try_trace, try_signal, try_executable_memory, try_remove, try_regain};

/* Runs the attempt in a sandboxed child: 0 refused, 1 succeeded, 2 no sandbox. */
static int run_inside(bool (*attempt)(void))
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct sandbox_state state;
        struct error err;
        if (sandbox_enter(SANDBOX_DETECT, &state, &err) != RESULT_OK || !state.seccomp)
            _exit(2);
        _exit(attempt() ? 1 : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_attempts_fail(void **context)
{
    (void)context;
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        int outcome = run_inside(attempts[i]);
        if (outcome != 0)
            print_error("attempt %zu: outcome %d\n", i, outcome);
        assert_int_equal(outcome, 0);
    }
}

/* What a decoder needs goes on working: memory, its descriptors, the clock. */
static bool try_work(void)
{
    char byte = 0;
    void *page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && read(STDIN_FILENO, &byte, 0) == 0;
}

static void test_work_goes_on(void **context)
{
    (void)context;
    assert_int_equal(run_inside(try_work), 1);
}

/* Code that was made before can be read, but not changed. */
static void test_code_is_sealed(void **context)
{
    int status;
    char *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)context;
    if (page == MAP_FAILED)
        skip(); /* this system allows no such memory to anyone */
    page[0] = 7;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct sandbox_state state;
        struct error err;
        (void)signal(SIGSEGV, SIG_DFL);
        if (sandbox_enter(SANDBOX_DETECT, &state, &err) != RESULT_OK || !state.sealed ||
            page[0] != 7)
            _exit(2);
        *(volatile char *)page = 8;
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
    page[0] = 8; /* the parent's stays as it is */
    assert_int_equal(munmap(page, 4096), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts_fail),
        cmocka_unit_test(test_work_goes_on),
        cmocka_unit_test(test_code_is_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
