#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CElvesFaultClock.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int (*clock_function)(clockid_t, struct timespec *);
typedef int (*cond_function)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
typedef int (*mutex_function)(pthread_mutex_t *, const struct timespec *);
typedef int (*semaphore_function)(sem_t *, const struct timespec *);

// Nil before the library is ready, and without a file.
static const int64_t *volatile seconds;
static clock_function real_clock;

// The C library's own function, in its present version where it has several.
static void *real(const char *name, const char *version)
{
    void *found = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
    return found ? found : dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    real_clock = (clock_function)real("clock_gettime", NULL);
    const char *path = getenv("ELVES_FAULT_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *bytes = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (bytes != MAP_FAILED) seconds = bytes;
}

int64_t elves_fault_clock_ahead(void)
{
    return seconds ? __atomic_load_n(seconds, __ATOMIC_RELAXED) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = real_clock ? real_clock(clock, now) : (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += elves_fault_clock_ahead();
    return result;
}

int gettimeofday(struct timeval *now, void *zone)
{
    (void)zone;
    struct timespec time;
    if (clock_gettime(CLOCK_REALTIME, &time) != 0) return -1;
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *place)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}

// A deadline by the wrong clock as the machine's own has it. One of a monotonic clock is a small number.
static struct timespec deadline(const struct timespec *until)
{
    struct timespec right = *until;
    if (right.tv_sec > 1000000000) right.tv_sec -= elves_fault_clock_ahead();
    return right;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
    static cond_function wait;
    if (!wait) wait = (cond_function)real("pthread_cond_timedwait", "GLIBC_2.3.2");
    struct timespec right = deadline(until);
    return wait(condition, mutex, &right);
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
    static mutex_function lock;
    if (!lock) lock = (mutex_function)real("pthread_mutex_timedlock", NULL);
    struct timespec right = deadline(until);
    return lock(mutex, &right);
}

int sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
    static semaphore_function wait;
    if (!wait) wait = (semaphore_function)real("sem_timedwait", NULL);
    struct timespec right = deadline(until);
    return wait(semaphore, &right);
}
