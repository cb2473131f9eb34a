/* SPDX-License-Identifier: MIT */
/*
 * Loaded before the program under test (LD_PRELOAD), this lets the n-th call
 * of one kind fail.
 *
 * Environment:
 *   FAULT_KIND   read, write, sync, rename, open, mmap, thread or memory
 *   FAULT_AT     the n; 0: none
 *   FAULT_ERROR  errno, as a number; 0: the call does half of what it should
 *                (reads and writes), or just fails (memory)
 *   FAULT_STAYS  if set, all later calls of the kind fail too
 *   FAULT_COUNT  a file that takes the number of calls at a regular end
 */
#define _GNU_SOURCE /* RTLD_NEXT, pwrite64 and its like */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

enum kind { NONE, READ, WRITE, SYNC, RENAME, OPEN, MMAP, THREAD, MEMORY };

static const char *const names[] = {
    "", "read", "write", "sync", "rename", "open", "mmap", "thread", "memory"};

static enum kind chosen;
static long fail_at;
static int fail_with;
static bool stays;
static int count_fd = -1;
static atomic_long n_calls;
static bool ready; /* before main() nothing fails */

static long number(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *kind = getenv("FAULT_KIND");
    for (size_t i = 1; kind != NULL && i < sizeof(names) / sizeof(names[0]);
         i++) {
        if (strcmp(kind, names[i]) == 0) {
            chosen = (enum kind)i;
        }
    }
    fail_at = number("FAULT_AT");
    fail_with = (int)number("FAULT_ERROR");
    stays = getenv("FAULT_STAYS") != NULL;
    const char *count = getenv("FAULT_COUNT");
    count_fd = count != NULL ? open(count, O_WRONLY | O_CLOEXEC) : -1;
    ready = true;
}

/* Opened at the beginning: later the program may not. */
__attribute__((destructor)) static void end(void)
{
    ready = false;
    if (count_fd >= 0) {
        dprintf(count_fd, "%ld\n", atomic_load(&n_calls));
    }
}

/* Count a call; true if it is one to fail, with errno set. */
static bool fails(enum kind kind)
{
    if (!ready || kind != chosen) {
        return false;
    }
    long n = atomic_fetch_add(&n_calls, 1) + 1;
    bool now = fail_at > 0 && (stays ? n >= fail_at : n == fail_at);
    if (now) {
        errno = fail_with;
    }
    return now;
}

#define REAL(name, type)                                                       \
    static type real;                                                          \
    if (real == NULL) {                                                        \
        *(void **)&real = dlsym(RTLD_NEXT, name);                              \
    }

/* What is left of ${len} where a call only does half. */
static size_t half(size_t len)
{
    return len > 1 ? len / 2 : len;
}

/* ---- files ---- */

typedef ssize_t read_function(int fd, void *out, size_t len);
typedef ssize_t pread_function(int fd, void *out, size_t len, off_t at);
typedef ssize_t write_function(int fd, const void *bytes, size_t len);
typedef ssize_t pwrite_function(
    int fd, const void *bytes, size_t len, off_t at);
typedef int sync_function(int fd);
typedef int rename_function(const char *from, const char *to);
typedef int open_function(const char *path, int flags, ...);

ssize_t read(int fd, void *out, size_t len)
{
    REAL("read", read_function *)
    if (fails(READ)) {
        return fail_with != 0 ? -1 : real(fd, out, half(len));
    }
    return real(fd, out, len);
}

#define PREAD(name)                                                            \
    ssize_t name(int fd, void *out, size_t len, off_t at)                      \
    {                                                                          \
        REAL(#name, pread_function *)                                          \
        if (fails(READ)) {                                                     \
            return fail_with != 0 ? -1 : real(fd, out, half(len), at);         \
        }                                                                      \
        return real(fd, out, len, at);                                         \
    }
PREAD(pread)
PREAD(pread64)

ssize_t write(int fd, const void *bytes, size_t len)
{
    REAL("write", write_function *)
    if (fails(WRITE)) {
        return fail_with != 0 ? -1 : real(fd, bytes, half(len));
    }
    return real(fd, bytes, len);
}

#define PWRITE(name)                                                           \
    ssize_t name(int fd, const void *bytes, size_t len, off_t at)              \
    {                                                                          \
        REAL(#name, pwrite_function *)                                         \
        if (fails(WRITE)) {                                                    \
            return fail_with != 0 ? -1 : real(fd, bytes, half(len), at);       \
        }                                                                      \
        return real(fd, bytes, len, at);                                       \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

int fsync(int fd)
{
    REAL("fsync", sync_function *)
    return fails(SYNC) ? -1 : real(fd);
}

int fdatasync(int fd)
{
    REAL("fdatasync", sync_function *)
    return fails(SYNC) ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
    REAL("rename", rename_function *)
    return fails(RENAME) ? -1 : real(from, to);
}

static mode_t mode_of(int flags, va_list list)
{
    return (flags & O_CREAT) != 0 ? (mode_t)va_arg(list, int) : 0;
}

#define OPEN_AS(name)                                                          \
    int name(const char *path, int flags, ...)                                 \
    {                                                                          \
        REAL(#name, open_function *)                                           \
        va_list list;                                                          \
        va_start(list, flags);                                                 \
        mode_t mode = mode_of(flags, list);                                    \
        va_end(list);                                                          \
        return fails(OPEN) ? -1 : real(path, flags, mode);                     \
    }
OPEN_AS(open)
OPEN_AS(open64)

/* ---- memory and threads ---- */

typedef void *mmap_function(
    void *at, size_t len, int protection, int flags, int fd, off_t offset);

#define MMAP_AS(name)                                                          \
    void *name(                                                                \
        void *at, size_t len, int protection, int flags, int fd, off_t offset) \
    {                                                                          \
        REAL(#name, mmap_function *)                                           \
        return fails(MMAP) ? MAP_FAILED                                        \
                           : real(at, len, protection, flags, fd, offset);     \
    }
MMAP_AS(mmap)
MMAP_AS(mmap64)

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*work)(void *), void *argument)
{
    typedef int create_function(
        pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    REAL("pthread_create", create_function *)
    return fails(THREAD) ? fail_with : real(thread, attributes, work, argument);
}

void *malloc(size_t size)
{
    return fails(MEMORY) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails(MEMORY) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    return fails(MEMORY) ? NULL : __libc_realloc(p, size);
}
