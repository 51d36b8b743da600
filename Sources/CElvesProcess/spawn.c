#define _GNU_SOURCE
#include "CElvesProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/// Shared by parent and child, which run in one address space until the exec.
struct outcome {
    volatile int step;
    volatile int error;
};

/// As the kernel has it, whatever the C library's is.
struct limit {
    uint64_t now;
    uint64_t most;
};

static void close_from(int first)
{
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0) return;
    long last = sysconf(_SC_OPEN_MAX);
    if (last < 0 || last > 65536) last = 65536;
    for (int fd = first; fd < last; fd++) close(fd);
}

static int fail(struct outcome *outcome, int step)
{
    outcome->step = step;
    outcome->error = errno ? errno : EINVAL;
    return -1;
}

/// Back to what any process has, from what only this one was given; async-signal-safe.
static void give_up_privileges(void)
{
    errno = 0;
    if (getpriority(PRIO_PROCESS, 0) < 0 && errno == 0) setpriority(PRIO_PROCESS, 0, 0);
    int file = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    char text[8];
    if (read(file, text, sizeof text) > 0 && text[0] == '-' && pwrite(file, "0", 1, 0) < 0) {
        // It may always be raised; a kernel that says no has reasons of its own.
    }
    close(file);
}

int elves_is_privileged(void)
{
    errno = 0;
    if (getpriority(PRIO_PROCESS, 0) < 0 && errno == 0) return 1;
    int file = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char text[8];
    int is_protected = read(file, text, sizeof text) > 0 && text[0] == '-';
    close(file);
    return is_protected;
}

/// The kernel's own call: that of the C library may be of another width, and knows no other process everywhere.
static int lock_limit(pid_t pid, const struct limit *next, struct limit *now)
{
    return (int)syscall(SYS_prlimit64, pid, RLIMIT_LOCKS, next, now);
}

/// Marks this process; a limit that somebody has set already is left alone. Async-signal-safe.
static void take_mark(uint64_t mark)
{
    struct limit limit;
    if (lock_limit(0, NULL, &limit) != 0 || limit.most < mark) return;
    limit.now = mark;
    lock_limit(0, &limit, NULL);
}

uint64_t elves_tree_mark(pid_t pid)
{
    struct limit limit;
    if (pid <= 0 || lock_limit(pid, NULL, &limit) != 0) return 0;
    return limit.now == UINT64_MAX ? 0 : limit.now;
}

/// The child's way to exec. Only async-signal-safe calls: the parent's memory is shared.
static int become(const struct elves_spawn_order *order, struct outcome *outcome)
{
    // Past the C library, which keeps two signals to itself and would leave them ignored. All zero is
    // the kernel's "default action, no flags", whatever the architecture's layout.
    static const uint64_t by_default[4];
    for (int signal = 1; signal <= 64; signal++) syscall(SYS_rt_sigaction, signal, by_default, NULL, 8);
    setsid();
    int fds[4];
    for (int index = 0; index < 4; index++) {
        fds[index] = order->fds[index];
        if (fds[index] >= 0 && fds[index] < 4) {
            fds[index] = fcntl(fds[index], F_DUPFD_CLOEXEC, 4);
            if (fds[index] < 0) return fail(outcome, ELVES_SPAWN_DESCRIPTORS);
        }
    }
    for (int index = 0; index < 4; index++) {
        if (fds[index] < 0) {
            close(index);
        } else if (dup2(fds[index], index) < 0) {
            return fail(outcome, ELVES_SPAWN_DESCRIPTORS);
        }
    }
    close_from(4);
    umask((mode_t)order->umask);
    if (order->unprivileged) give_up_privileges();
    if (order->mark) take_mark(order->mark);
    if (chdir(order->folder) != 0) return fail(outcome, ELVES_SPAWN_FOLDER);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(order->path, order->arguments, order->environment);
    return fail(outcome, ELVES_SPAWN_EXEC);
}

#if defined(__x86_64__) && defined(CLONE_INTO_CGROUP)
/// vfork into a cgroup. The system call stands inline, because a function that returned in the child
/// would have its frame overwritten before it returned in the parent.
/// `order` may be NULL: the child then ends at once.
__attribute__((noinline)) static pid_t fork_into(
    int cgroup, const struct elves_spawn_order *order, struct outcome *outcome)
{
    struct clone_args arguments;
    memset(&arguments, 0, sizeof arguments);
    arguments.flags = CLONE_VM | CLONE_VFORK | CLONE_INTO_CGROUP;
    arguments.exit_signal = SIGCHLD;
    arguments.cgroup = (uint64_t)cgroup;
    register long result __asm__("rax") = SYS_clone3;
    register void *first __asm__("rdi") = &arguments;
    register long second __asm__("rsi") = sizeof arguments;
    __asm__ volatile("syscall" : "+r"(result) : "r"(first), "r"(second) : "rcx", "r11", "memory");
    if (result == 0) {
        if (order) become(order, outcome);
        _exit(127);
    }
    return (pid_t)result;
}
#else
static pid_t fork_into(int cgroup, const struct elves_spawn_order *order, struct outcome *outcome)
{
    (void)cgroup, (void)order, (void)outcome;
    return -ENOSYS;
}
#endif

int elves_try_cgroup(int cgroup)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork_into(cgroup, NULL, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) return pid;
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    return 0;
}

__attribute__((noinline)) static pid_t fork_here(
    const struct elves_spawn_order *order, struct outcome *outcome)
{
    pid_t pid = vfork();
    if (pid == 0) {
        become(order, outcome);
        _exit(127);
    }
    return pid < 0 ? -errno : pid;
}

pid_t elves_spawn(const struct elves_spawn_order *order, int *pidfd, int *step)
{
    struct outcome outcome = {0, 0};
    *pidfd = -1;
    *step = 0;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = order->cgroup >= 0 ? fork_into(order->cgroup, order, &outcome) : fork_here(order, &outcome);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) {
        *step = order->cgroup >= 0 ? ELVES_SPAWN_CGROUP : ELVES_SPAWN_FORK;
        return pid;
    }
    if (outcome.error != 0) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
        *step = outcome.step;
        return -outcome.error;
    }
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd >= 0) *pidfd = fd;
    return pid;
}

int elves_peek(pid_t pid, int *code, int *signal)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    *code = -1;
    *signal = -1;
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return -errno;
    if (info.si_pid == 0) return 0;
    if (info.si_code == CLD_EXITED) {
        *code = info.si_status;
    } else {
        *signal = info.si_status;
    }
    return 1;
}

int elves_reap(pid_t pid)
{
    return waitpid(pid, NULL, WNOHANG) == pid;
}

int elves_has_pidfds(void)
{
    int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (fd < 0) return 0;
    close(fd);
    return 1;
}
