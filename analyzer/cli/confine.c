/* SPDX-License-Identifier: MIT */
/*
 * Logs are text that strangers wrote, and seven decoders read it; so whoever
 * finds a fault in one of them should find himself in an empty room.
 *
 * Landlock (landlock(7)) fences the files.  Its rules are for folders, not for
 * the inputs themselves: a log may be rotated between the walk and its
 * opening, and is then another file of the same name.
 *
 * The system calls are a list of what is needed, and the rest is answered
 * with ENOSYS, at which a C library newer than this list falls back to older
 * calls.  Threads may be started and processes may not: clone() must say
 * CLONE_THREAD, and clone3(), whose flags no filter can see, is not there.
 */
#define _GNU_SOURCE /* O_PATH, syscall() */
#include "cli/confine.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/safepath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* Younger than Debian 12's headers; since the third version of Landlock. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

enum { TRUNCATE_VERSION = 3, REFER_VERSION = 2 };

static const uint64_t may_read = LANDLOCK_ACCESS_FS_READ_FILE;

/* The database, its companions and SQLite's temporary files; the folder itself
 * is opened to be flushed. */
static const uint64_t may_write =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;

/* Of the first version: all that there is. */
static const uint64_t first_version = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

/* ---- files ---- */

struct fence {
    int ruleset;
    uint64_t handled; /* what this kernel can forbid */
    char *last;       /* the folder allowed last: inputs lie side by side */
};

static bool make_ruleset(struct fence *f)
{
    long version = syscall(
        SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        return false;
    }
    f->handled = first_version;
    if (version >= REFER_VERSION) {
        f->handled |= LANDLOCK_ACCESS_FS_REFER;
    }
    if (version >= TRUNCATE_VERSION) {
        f->handled |= LANDLOCK_ACCESS_FS_TRUNCATE;
    }
    struct landlock_ruleset_attr attr = {.handled_access_fs = f->handled};
    f->ruleset =
        (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
    return f->ruleset >= 0;
}

/* What cannot be opened now cannot be later either. */
static void allow(const struct fence *f, const char *path, uint64_t access)
{
    if (path == NULL) {
        return;
    }
    struct landlock_path_beneath_attr rule = {
        .allowed_access = access & f->handled,
        .parent_fd = open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent_fd >= 0) {
        (void)syscall(SYS_landlock_add_rule, f->ruleset,
            LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
        close(rule.parent_fd);
    }
}

/* The folder in which ${path} really lies.  A pipe lies in none, and needs no
 * leave. */
static void allow_folder(struct fence *f, const char *path, uint64_t access)
{
    char *real = realpath(path, NULL);
    if (real == NULL) {
        return;
    }
    char *folder = safepath_folder(real);
    if (f->last == NULL || strcmp(folder, f->last) != 0) {
        allow(f, folder, access);
    }
    free(f->last);
    f->last = folder;
    free(real);
}

static bool fence_files(const struct path_list *inputs, const char *database)
{
    struct fence f = {.ruleset = -1};
    if (!make_ruleset(&f)) {
        return false;
    }
    for (size_t i = 0; i < inputs->n; i++) {
        allow_folder(&f, inputs->entries[i].path, may_read);
    }
    free(f.last);
    f.last = NULL;
    if (database != NULL) {
        allow_folder(&f, database, may_write);
        allow(&f, getenv("SQLITE_TMPDIR"), may_write);
    }
    allow(&f, "/dev/urandom", may_read); /* SQLite's random numbers */
    bool ok = syscall(SYS_landlock_restrict_self, f.ruleset, 0) == 0;
    free(f.last);
    close(f.ruleset);
    return ok;
}

/* ---- system calls ---- */

/* By name: some are there on some processors only. */
static const char *const needed[] = {
    /* files */
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64",
    "pwritev", "open", "openat", "close", "lseek", "_llseek", "stat", "stat64",
    "fstat", "fstat64", "lstat", "lstat64", "newfstatat", "fstatat64", "statx",
    "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd",
    "ftruncate", "ftruncate64", "fallocate", "fsync", "fdatasync", "fadvise64",
    "fadvise64_64", "arm_fadvise64_64", "fcntl", "fcntl64", "flock", "fchmod",
    "fchown", "fchown32", "unlink", "unlinkat", "poll", "ppoll", "ppoll_time64",
    /* memory */
    "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "brk",
    /* threads and signals */
    "futex", "futex_time64", "set_robust_list", "rseq", "set_tid_address",
    "sched_yield", "sched_getaffinity", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "sigreturn", "sigaltstack", "restart_syscall", "tgkill",
    "exit", "exit_group", "membarrier",
    /* time and place */
    "clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64",
    "clock_nanosleep", "clock_nanosleep_time64", "nanosleep", "gettimeofday",
    "time", "getpid", "gettid", "getuid", "getuid32", "geteuid", "geteuid32",
    "getgid", "getgid32", "getegid", "getegid32", "getrandom", "sysinfo",
    "uname", "getrlimit", "ugetrlimit", "prlimit64", "getrusage"};

static bool allow_call(scmp_filter_ctx filter, const char *name)
{
    int number = seccomp_syscall_resolve_name(name);
    return number == __NR_SCMP_ERROR ||
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) == 0;
}

/* Those of which only some uses are needed. */
static bool allow_parts(scmp_filter_ctx filter)
{
    static const unsigned long terminal[] = {TCGETS, TIOCGWINSZ};
    bool ok =
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
            SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
    for (size_t i = 0; i < sizeof(terminal) / sizeof(terminal[0]); i++) {
        struct scmp_arg_cmp asks = {
            .arg = 1, .op = SCMP_CMP_EQ, .datum_a = terminal[i]};
        ok = ok && seccomp_rule_add(
                       filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, asks) == 0;
    }
    return ok;
}

static bool filter_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (filter == NULL) {
        return false;
    }
    /* by a binary tree: a list of a hundred would cost each call */
    (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    bool ok = allow_parts(filter);
    for (size_t i = 0; ok && i < sizeof(needed) / sizeof(needed[0]); i++) {
        ok = allow_call(filter, needed[i]);
    }
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

/* ---- both ---- */

void confine_process(const struct path_list *inputs, const char *database)
{
#ifdef CONFINE_NOTHING
    /* Sanitizers and coverage write files and look at processes at exit. */
    (void)fence_files;
    (void)filter_calls;
    (void)inputs;
    (void)database;
#else
    bool kept = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    if (!kept || !fence_files(inputs, database)) {
        diag_info("this kernel fences no files (Landlock): going on without");
    }
    if (!kept || !filter_calls()) {
        diag_info(
            "this kernel filters no system calls (seccomp): going on without");
    }
#endif
}
