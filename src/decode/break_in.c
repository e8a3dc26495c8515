/* See break_in.h. Raw system calls: an intruder does not ask the C library. */
#include "decode/break_in.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/base.h"

static bool break_in_open(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0;
}

static bool break_in_write(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/tmp/hikeshi-break-in", O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool break_in_connect(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {0x0100007FU}};
    long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    (void)syscall(SYS_connect, fd, &address, sizeof(address));
    return fd >= 0 || syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0) >= 0;
}

static bool break_in_fork(void)
{
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool break_in_execute(void)
{
    const char *const arguments[] = {"/bin/true", NULL};
    (void)syscall(SYS_execve, arguments[0], arguments, NULL);
    return false; /* it comes back only when it failed */
}

static bool break_in_trace(void)
{
    return syscall(SYS_ptrace, PTRACE_ATTACH, getppid(), 0, 0) == 0 ||
           syscall(SYS_kill, getppid(), 0) == 0;
}

static bool break_in_code(void)
{
    long page = syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page > 0;
}

unsigned break_in_sniff(slice head, bool whole)
{
    (void)whole;
    return slice_starts(head, S(BREAK_IN_MAGIC)) ? 100 : 0;
}

enum result break_in_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    static const struct {
        slice name;
        bool (*attempt)(void);
    } attempts[] = {{S_INIT("break_in.open"), break_in_open},
        {S_INIT("break_in.write"), break_in_write}, {S_INIT("break_in.connect"), break_in_connect},
        {S_INIT("break_in.fork"), break_in_fork}, {S_INIT("break_in.execute"), break_in_execute},
        {S_INIT("break_in.trace"), break_in_trace}, {S_INIT("break_in.code"), break_in_code}};
    (void)stream;
    (void)err;
    struct event *event = decode_begin(job, 1, 0);
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
        event_add_string(
            event, attempts[i].name, attempts[i].attempt() ? S("succeeded") : S("refused"));
    event_add_ecs(event, S("event.dataset"), S("break_in.test"), EVENT_STRING);
    return job->on_event(job->context, event);
}
