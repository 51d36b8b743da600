// What starting, watching and ending processes needs from Linux and Swift cannot say itself.
#ifndef ELVES_PROCESS_H
#define ELVES_PROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Where a start failed.
enum elves_spawn_step {
    ELVES_SPAWN_FORK = 1,
    ELVES_SPAWN_DESCRIPTORS = 2,
    ELVES_SPAWN_FOLDER = 3,
    ELVES_SPAWN_EXEC = 4,
    /// No process could be born in the cgroup; the same order without one may start.
    ELVES_SPAWN_CGROUP = 5,
};

/// A program to start. Descriptors of `fds` become 0, 1, 2, 3; -1 leaves one closed. Everything
/// else of the parent is closed in the child, which leads a session of its own, with default signal
/// handling and no signal blocked.
struct elves_spawn_order {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *folder;
    int fds[4];
    /// Folder of a version 2 cgroup to be born in, or -1.
    int cgroup;
    /// File mode bits that the program's files are made without, such as 022.
    unsigned umask;
    /// Whether the child gives up what was given to its parent alone: a nice value below 0, protection
    /// from the out-of-memory killer. What was taken from the parent stays taken.
    int unprivileged;
    /// What the child and all its descendants are known by, or 0: see `elves_tree_mark`.
    uint64_t mark;
};

/// Starts a program without copying the parent's pages. Returns its pid, or the negative errno and
/// the step in `step`. `pidfd` is -1 where the kernel has none (before 5.3).
pid_t elves_spawn(const struct elves_spawn_order *order, int *pidfd, int *step);

/// Whether a process can be born in the version 2 cgroup of this folder: 0, or the negative errno.
int elves_try_cgroup(int cgroup);

/// Whether this process has what `unprivileged` gives up.
int elves_is_privileged(void);

/// Whether the child `pid` ended: 1 and its exit code or signal (the other is -1), 0 not yet, or the
/// negative errno. It stays a zombie, so that its pid cannot be given away.
int elves_peek(pid_t pid, int *code, int *signal);

/// The mark that a process, or an ancestor of it, was started with; 0 without one, or when it may not be asked.
///
/// It is the soft limit of file locks, which Linux has not looked at since 2.4.25 and still hands down to every
/// descendant: neither a new session nor a cleared environment loses it.
uint64_t elves_tree_mark(pid_t pid);

/// Takes the zombie `pid` away if it is one; 1 when it did.
int elves_reap(pid_t pid);

/// Makes this process the parent of its descendants' orphans. 0 when the kernel can (since 3.4).
int elves_become_subreaper(void);

/// Whether the kernel has pidfds, and lets this process have them.
int elves_has_pidfds(void);

/// Writes to the eventfd `fd` at every SIGCHLD, for kernels without pidfds.
int elves_wake_on_child(int fd);

/// Lets writes to closed pipes fail with EPIPE instead of ending this process.
void elves_ignore_broken_pipes(void);

/// A pipe, close-on-exec at both ends; `nonblocking_end` (0 or 1) does not block in this process.
int elves_pipe(int fds[2], int nonblocking_end);

int elves_epoll_create(void);
/// Watches `fd` for writing or else for reading.
int elves_epoll_add(int epoll, int fd, int for_writing, uint64_t token);
int elves_epoll_remove(int epoll, int fd);
/// Waits; fills tokens; returns how many, 0 on time-out or interruption.
int elves_epoll_wait(int epoll, uint64_t *tokens, int limit, int timeout_ms);
int elves_eventfd(void);

/// Monotonic nanoseconds that do not jump with the wall clock.
int64_t elves_monotonic_ns(void);
/// UTC milliseconds by this machine's clock.
int64_t elves_wall_ms(void);

/// Lets the kernel take back the pages between two addresses that it can read from a file again. 0, or
/// the negative errno.
int elves_drop_pages(uint64_t from, uint64_t to);
/// Gives what the heap holds and nobody uses back to the kernel, where the C library can.
void elves_trim_heap(void);
/// Lets all threads share one heap, where the C library would make one for each.
void elves_share_heap(void);

int elves_errno(void);
/// Text of an errno, into `text`.
void elves_error_text(int error, char *text, size_t size);

#endif
