#define _GNU_SOURCE
#include "CElvesProcess.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

int elves_drop_pages(uint64_t from, uint64_t to)
{
    if (to <= from) return -EINVAL;
    return madvise((void *)(uintptr_t)from, (size_t)(to - from), MADV_DONTNEED) == 0 ? 0 : -errno;
}

void elves_trim_heap(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void elves_share_heap(void)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
#endif
}
