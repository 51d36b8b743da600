#define _GNU_SOURCE
#include "CElvesProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#ifndef PR_SET_CHILD_SUBREAPER
#define PR_SET_CHILD_SUBREAPER 36
#endif

int elves_become_subreaper(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static volatile sig_atomic_t child_fd = -1;

static void on_child(int signal)
{
    (void)signal;
    int saved = errno;
    uint64_t one = 1;
    if (child_fd >= 0 && write(child_fd, &one, sizeof one) < 0) {
        // The counter is full: the reader has been woken already.
    }
    errno = saved;
}

int elves_wake_on_child(int fd)
{
    child_fd = fd;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_child;
    action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
    return sigaction(SIGCHLD, &action, NULL);
}

void elves_ignore_broken_pipes(void)
{
    signal(SIGPIPE, SIG_IGN);
}

int elves_pipe(int fds[2], int nonblocking_end)
{
    if (pipe2(fds, O_CLOEXEC) != 0) return -errno;
    fcntl(fds[nonblocking_end], F_SETFL, O_NONBLOCK);
    return 0;
}

int elves_epoll_create(void)
{
    return epoll_create1(EPOLL_CLOEXEC);
}

int elves_epoll_add(int epoll, int fd, int for_writing, uint64_t token)
{
    struct epoll_event event = {.events = for_writing ? EPOLLOUT : EPOLLIN, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int elves_epoll_remove(int epoll, int fd)
{
    struct epoll_event event = {.events = 0, .data = {.u64 = 0}};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event) == 0 ? 0 : -errno;
}

int elves_epoll_wait(int epoll, uint64_t *tokens, int limit, int timeout_ms)
{
    struct epoll_event ready[64];
    int count = epoll_wait(epoll, ready, limit < 64 ? limit : 64, timeout_ms);
    for (int index = 0; index < count; index++) {
        tokens[index] = ready[index].data.u64;
    }
    return count < 0 ? 0 : count;
}

int elves_eventfd(void)
{
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int64_t elves_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t elves_wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int elves_errno(void)
{
    return errno;
}

void elves_error_text(int error, char *text, size_t size)
{
    const char *known = strerror_r(error, text, size);
    if (known != text) snprintf(text, size, "%s", known);
}
