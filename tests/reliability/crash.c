/* SPDX-License-Identifier: MIT */
/*
 * Loaded before the program under test (LD_PRELOAD), this ends it in the
 * middle of its work on a database, in one of two ways:
 *
 *   kill   SIGKILL at the n-th call that changes a file, before it, in the
 *          middle of what it writes, or behind it.
 *   power  The same moment, but what was written and not synced since is lost
 *          or not, write by write and sector by sector, as when the power
 *          goes: each file is taken back to what it was at its last sync, and
 *          a random choice of the later changes is made again.  Files that
 *          were deleted may be back; shared memory is gone.
 *
 * Environment: CRASH_FILES, part of the paths that count; CRASH_MODE;
 * CRASH_AT, the n (0: never); CRASH_SEED; CRASH_COUNT, a file that takes the
 * number of calls at a regular end.
 *
 * Only calls that SQLite makes (os_unix.c, aSyscall) are known here.
 */
#define _GNU_SOURCE /* RTLD_NEXT, pwrite64 and its like */

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { N_FDS = 1024, N_FILES = 256, SECTOR = 512, PATH_LEN = 512 };

/* A change that no sync has made safe. */
struct change {
    struct change *next;
    struct change *before;
    bool truncates;
    off_t offset;
    size_t len;
    off_t old_size;
    size_t old_len; /* of what lay at the offset */
    unsigned char *old_bytes;
    unsigned char *new_bytes;
};

struct file {
    char path[PATH_LEN]; /* ended by NUL */
    bool deleted;        /* its content lies beside it, see gone_path() */
    struct change *first;
    struct change *last;
};

/* All guarded by the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[N_FILES];
static int n_files;
static struct file *file_of[N_FDS];
static uint64_t n_calls;
static uint64_t random_state;
static bool prepared;
static uint64_t crash_at;
static bool power;
static const char *part;

#define REAL(name, type, ...)                                                  \
    static type (*real)(__VA_ARGS__);                                          \
    if (real == NULL) {                                                        \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                             \
    }

static void prepare(void)
{
    if (prepared) {
        return;
    }
    prepared = true;
    const char *at = getenv("CRASH_AT");
    const char *mode = getenv("CRASH_MODE");
    const char *seed = getenv("CRASH_SEED");
    part = getenv("CRASH_FILES");
    crash_at = at != NULL ? strtoull(at, NULL, 10) : 0;
    power = mode != NULL && strcmp(mode, "power") == 0;
    random_state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
}

/* SplitMix64. */
static uint64_t next_random(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static bool counts(const char *path)
{
    prepare();
    return path != NULL && part != NULL && strstr(path, part) != NULL;
}

static struct file *find_file(const char *path)
{
    for (int i = 0; i < n_files; i++) {
        if (strcmp(files[i].path, path) == 0) {
            return &files[i];
        }
    }
    if (n_files == N_FILES || strlen(path) >= PATH_LEN) {
        abort();
    }
    strcpy(files[n_files].path, path);
    return &files[n_files++];
}

static struct file *file_at(int fd)
{
    return fd >= 0 && fd < N_FDS ? file_of[fd] : NULL;
}

static void forget_changes(struct file *f)
{
    while (f->first != NULL) {
        struct change *next = f->first->next;
        free(f->first->old_bytes);
        free(f->first->new_bytes);
        free(f->first);
        f->first = next;
    }
    f->last = NULL;
}

static void gone_path(const struct file *f, char *path)
{
    snprintf(path, PATH_LEN + 8, "%.511s.gone", f->path);
}

/* ---- the end ---- */

static void whole(int fd, const unsigned char *bytes, size_t len, off_t at)
{
    REAL(pwrite64, ssize_t, int, const void *, size_t, off_t)
    while (len > 0) {
        ssize_t n = real(fd, bytes, len, at);
        if (n <= 0) {
            abort();
        }
        bytes += n;
        at += n;
        len -= (size_t)n;
    }
}

static void set_size(int fd, off_t size)
{
    REAL(ftruncate64, int, int, off_t)
    if (real(fd, size) != 0) {
        abort();
    }
}

static void undo(int fd, const struct change *c)
{
    whole(fd, c->old_bytes, c->old_len, c->offset);
    set_size(fd, c->old_size);
}

/* Make the change again, all of it or some of its sectors. */
static void redo(int fd, const struct change *c)
{
    if (c->truncates) {
        set_size(fd, c->offset);
        return;
    }
    bool torn = next_random() % 4 == 0;
    for (size_t at = 0; at < c->len; at += SECTOR) {
        size_t n = c->len - at < SECTOR ? c->len - at : SECTOR;
        if (!torn || next_random() % 2 == 0) {
            whole(fd, c->new_bytes + at, n, c->offset + (off_t)at);
        }
    }
}

static void lose_unsynced(struct file *f)
{
    REAL(open64, int, const char *, int, ...)
    char gone[PATH_LEN + 8];
    gone_path(f, gone);
    if (f->deleted && next_random() % 2 == 0) {
        rename(gone, f->path);
    }
    int fd = real(f->path, O_RDWR);
    if (fd < 0) {
        return;
    }
    /* sometimes the disk had written everything */
    if (next_random() % 8 != 0) {
        for (const struct change *c = f->last; c != NULL; c = c->before) {
            undo(fd, c);
        }
        uint64_t kept_of_8 = next_random() % 9;
        for (const struct change *c = f->first; c != NULL; c = c->next) {
            if (next_random() % 8 < kept_of_8) {
                redo(fd, c);
            }
        }
    }
}

static void end(void)
{
    char shm[PATH_LEN + 8];
    for (int i = 0; power && i < n_files; i++) {
        lose_unsynced(&files[i]);
        snprintf(shm, sizeof(shm), "%.511s-shm", files[i].path);
        (void)remove(shm);
    }
    kill(getpid(), SIGKILL);
    /* the program may have given up the right to send signals */
    syscall(SYS_exit_group, 128 + SIGKILL);
    abort();
}

/* Is this the call?  Called with the lock held. */
static bool is_time(void)
{
    n_calls++;
    return crash_at != 0 && n_calls == crash_at;
}

/* ---- changes ---- */

static struct change *note_change(
    struct file *f, int fd, off_t offset, size_t len)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        abort();
    }
    struct change *c = calloc(1, sizeof(*c));
    c->offset = offset;
    c->len = len;
    c->old_size = status.st_size;
    if (offset < status.st_size) {
        off_t there = status.st_size - offset;
        c->old_len = there < (off_t)len ? (size_t)there : len;
    }
    c->old_bytes = malloc(c->old_len + 1);
    for (size_t n = 0; n < c->old_len;) {
        ssize_t got =
            pread(fd, c->old_bytes + n, c->old_len - n, offset + (off_t)n);
        if (got <= 0) {
            abort();
        }
        n += (size_t)got;
    }
    c->before = f->last;
    *(f->last != NULL ? &f->last->next : &f->first) = c;
    f->last = c;
    return c;
}

static void note_write(
    struct file *f, int fd, const void *bytes, size_t len, off_t offset)
{
    struct change *c = note_change(f, fd, offset, len);
    c->new_bytes = malloc(len + 1);
    memcpy(c->new_bytes, bytes, len);
}

static ssize_t write_at(int fd, const void *bytes, size_t len, off_t offset)
{
    REAL(pwrite64, ssize_t, int, const void *, size_t, off_t)
    struct file *f = file_at(fd);
    if (f == NULL) {
        return real(fd, bytes, len, offset);
    }
    pthread_mutex_lock(&lock);
    bool now = is_time();
    if (power) {
        note_write(f, fd, bytes, len, offset);
    }
    uint64_t how = now ? next_random() % 3 : 2;
    ssize_t n =
        how == 0 ? 0 : real(fd, bytes, how == 1 ? len / 2 : len, offset);
    if (now) {
        end();
    }
    pthread_mutex_unlock(&lock);
    return n;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
    return write_at(fd, bytes, len, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
    return write_at(fd, bytes, len, offset);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    REAL(write, ssize_t, int, const void *, size_t)
    if (file_at(fd) == NULL) {
        return real(fd, bytes, len);
    }
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t n = write_at(fd, bytes, len, offset);
    if (n > 0) {
        lseek(fd, offset + n, SEEK_SET);
    }
    return n;
}

static int truncate_to(int fd, off_t size)
{
    REAL(ftruncate64, int, int, off_t)
    struct file *f = file_at(fd);
    if (f == NULL) {
        return real(fd, size);
    }
    struct stat status;
    pthread_mutex_lock(&lock);
    bool now = is_time();
    if (power && fstat(fd, &status) == 0) {
        size_t cut =
            size < status.st_size ? (size_t)(status.st_size - size) : 0;
        note_change(f, fd, size, cut)->truncates = true;
    }
    int result = real(fd, size);
    if (now) {
        end();
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int fd, off64_t size)
{
    return truncate_to(fd, size);
}

int ftruncate(int fd, off_t size)
{
    return truncate_to(fd, size);
}

static int sync_file(int fd)
{
    REAL(fdatasync, int, int)
    struct file *f = file_at(fd);
    if (f == NULL) {
        return real(fd);
    }
    pthread_mutex_lock(&lock);
    if (is_time()) {
        end();
    }
    forget_changes(f); /* to wait for a real disk would prove nothing more */
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd)
{
    return sync_file(fd);
}

int fdatasync(int fd)
{
    return sync_file(fd);
}

int unlink(const char *path)
{
    REAL(unlink, int, const char *)
    if (!counts(path)) {
        return real(path);
    }
    pthread_mutex_lock(&lock);
    if (is_time()) {
        end();
    }
    int result = 0;
    if (power) {
        char gone[PATH_LEN + 8];
        struct file *f = find_file(path);
        gone_path(f, gone);
        f->deleted = rename(path, gone) == 0;
        result = f->deleted ? 0 : real(path);
    } else {
        result = real(path);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

/* ---- descriptors ---- */

static void opened(int fd, const char *path)
{
    if (fd >= 0 && fd < N_FDS && counts(path) && strstr(path, "-shm") == NULL) {
        pthread_mutex_lock(&lock);
        file_of[fd] = find_file(path);
        file_of[fd]->deleted = false;
        pthread_mutex_unlock(&lock);
    }
}

#define OPEN_AS(name)                                                          \
    int name(const char *path, int flags, ...)                                 \
    {                                                                          \
        REAL(name, int, const char *, int, ...)                                \
        va_list arguments;                                                     \
        va_start(arguments, flags);                                            \
        int fd = real(path, flags, va_arg(arguments, mode_t));                 \
        va_end(arguments);                                                     \
        opened(fd, path);                                                      \
        return fd;                                                             \
    }

OPEN_AS(open)
OPEN_AS(open64)

int close(int fd)
{
    REAL(close, int, int)
    if (fd >= 0 && fd < N_FDS) {
        file_of[fd] = NULL;
    }
    return real(fd);
}

__attribute__((destructor)) static void count(void)
{
    const char *path = getenv("CRASH_COUNT");
    char gone[PATH_LEN + 8];
    for (int i = 0; i < n_files; i++) {
        gone_path(&files[i], gone);
        if (files[i].deleted) {
            (void)remove(gone);
        }
    }
    FILE *out = path != NULL ? fopen(path, "w") : NULL;
    if (out != NULL) {
        fprintf(out, "%llu\n", (unsigned long long)n_calls);
        fclose(out);
    }
}
