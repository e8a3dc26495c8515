/* See sandbox.h. Three layers, so that one that a kernel lacks or that has a hole leaves two:
 * another user, Landlock with no rule (all file system access denied), and a seccomp allow list.
 * And code that was made before (detect/regex.c) can be executed, but not changed. Calls that are
 * not on the list fail with EPERM rather than kill: a C library that tries something new must not
 * cost a handler the evidence. */
#include "proc/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/base.h"
#include "proc/file.h"

/* "nobody" and "nogroup" of every Linux distribution. */
#define SANDBOX_UID 65534
#define SANDBOX_GID 65534
/* Bytes of the list of mappings. */
#define SANDBOX_MAPS_MAX ((size_t)16 << 20)

static enum result sandbox_drop_user(struct sandbox_state *state, struct error *err)
{
    if (geteuid() != 0)
        return RESULT_OK;
    if (setgroups(0, NULL) != 0 || setresgid(SANDBOX_GID, SANDBOX_GID, SANDBOX_GID) != 0 ||
        setresuid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID) != 0) {
        /* In a user namespace without a mapping for nobody the root that we are has no power
         * outside it. */
        if (errno == EINVAL || errno == EPERM)
            return RESULT_OK;
        return error_set_system(err, errno, TEXT_SANDBOX_USER, ARG("nobody"));
    }
    state->user = true;
    return RESULT_OK;
}

static void sandbox_landlock(struct sandbox_state *state)
{
    /* The access rights of ABI 1; a rule set that handles them and allows nothing denies them all.
     */
    struct landlock_ruleset_attr rules = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0U);
    if (ruleset < 0)
        return;
    state->landlock = syscall(SYS_landlock_restrict_self, ruleset, 0U) == 0;
    close(ruleset);
}

/* `from-to rwxp …`, a line of /proc/self/maps. */
static bool sandbox_seal_mapping(slice line)
{
    slice range;
    slice rest;
    slice from_text;
    slice to_text;
    uint64_t from;
    uint64_t to;
    (void)slice_cut(line, ' ', &range, &rest);
    if (rest.len < 3 || rest.at[1] != 'w' || rest.at[2] != 'x')
        return true;
    return slice_cut(range, '-', &from_text, &to_text) && slice_to_hex_u64(from_text, &from) &&
           slice_to_hex_u64(to_text, &to) && from < to &&
           mprotect((void *)(uintptr_t)from, (size_t)(to - from), PROT_READ | PROT_EXEC) == 0;
}

/* Takes the right to write from all memory that can be executed. */
static void sandbox_seal(struct sandbox_state *state)
{
    struct arena arena = {0};
    struct error err;
    slice maps;
    slice line;
    if (file_read(&arena, "/proc/self/maps", SANDBOX_MAPS_MAX, &maps, &err) == RESULT_OK) {
        state->sealed = true;
        while (slice_next(&maps, '\n', &line))
            state->sealed = sandbox_seal_mapping(line) && state->sealed;
    }
    arena_free(&arena);
}

static const int sandbox_detect_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(ftruncate),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

static bool sandbox_allow_detect(scmp_filter_ctx filter)
{
    /* Memory, but never executable memory; a signal, but only to ourselves (abort). */
    struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    struct scmp_arg_cmp ourselves = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
    for (size_t i = 0; i < sizeof(sandbox_detect_calls) / sizeof(sandbox_detect_calls[0]); i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, sandbox_detect_calls[i], 0) != 0)
            return false;
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &not_executable) ==
               0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &not_executable) ==
               0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &ourselves) == 0;
}

static void sandbox_seccomp(struct sandbox_state *state)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL)
        return;
    state->seccomp = sandbox_allow_detect(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
}

enum result sandbox_enter(enum sandbox_role role, struct sandbox_state *state, struct error *err)
{
    struct rlimit none = {0, 0};
    struct sandbox_state made = {0};
    ASSERT(role == SANDBOX_DETECT);
    (void)setrlimit(RLIMIT_CORE, &none);
    sandbox_seal(&made);
    enum result result = sandbox_drop_user(&made, err);
    if (result != RESULT_OK)
        return result;
    /* After the user: a change of credentials clears it. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setrlimit(RLIMIT_NPROC, &none);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        sandbox_landlock(&made);
        sandbox_seccomp(&made);
    }
    *state = made;
    return RESULT_OK;
}
