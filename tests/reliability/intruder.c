/* SPDX-License-Identifier: MIT */
/*
 * Loaded before the program under test (LD_PRELOAD), this does what a stranger
 * would who has found a fault in a decoder: when the first log is opened (the
 * call of posix_fadvise(), which only input/feed.c makes), it tries to read,
 * write, run and connect what it should not, and writes to the descriptor
 * INTRUDER_FD, a line for each, "open NAME" or "shut NAME".
 *
 * Environment: INTRUDER_FD (unset: nothing is tried); INTRUDER_FOLDER, a folder
 * of no concern to the program, which holds files "secret" and "doomed";
 * INTRUDER_OLD_KERNEL, if set: neither Landlock nor seccomp is there.
 */
#define _GNU_SOURCE /* RTLD_NEXT, SYS_* */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *folder_path(char *out, size_t len, const char *name)
{
    snprintf(out, len, "%s/%s", getenv("INTRUDER_FOLDER"), name);
    return out;
}

static bool done(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static bool reads_elsewhere(void)
{
    char path[512];
    return done(open(folder_path(path, sizeof(path), "secret"), O_RDONLY));
}

static bool reads_passwd(void)
{
    return done(open("/etc/passwd", O_RDONLY));
}

static bool writes_elsewhere(void)
{
    char path[512];
    return done(open(folder_path(path, sizeof(path), "secret"), O_WRONLY));
}

static bool creates_elsewhere(void)
{
    char path[512];
    return done(open(
        folder_path(path, sizeof(path), "left"), O_WRONLY | O_CREAT, 0600));
}

static bool removes_elsewhere(void)
{
    char path[512];
    return unlink(folder_path(path, sizeof(path), "doomed")) == 0;
}

static bool truncates_elsewhere(void)
{
    char path[512];
    return truncate(folder_path(path, sizeof(path), "secret"), 0) == 0;
}

static bool links_elsewhere(void)
{
    char path[512];
    return symlink("/etc", folder_path(path, sizeof(path), "link")) == 0;
}

static bool makes_socket(void)
{
    return done(socket(AF_INET, SOCK_STREAM, 0));
}

static bool makes_local_socket(void)
{
    return done(socket(AF_UNIX, SOCK_STREAM, 0));
}

static bool forks(void)
{
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    return child > 0 && waitpid(child, NULL, 0) == child;
}

/* Where it may be done there is nobody left to tell, so it is told before:
 * the caller's "shut" must follow. */
static bool runs_program(void)
{
    char *argv[] = {"true", NULL};
    char *envp[] = {NULL};
    execve("/bin/true", argv, envp);
    return false;
}

/* There is no such process, which only somebody who may trace gets to know. */
static bool traces(void)
{
    return ptrace(PTRACE_ATTACH, 0x3fffff, NULL, NULL) == 0 || errno == ESRCH;
}

static bool changes_user(void)
{
    return syscall(SYS_setuid, 65534) == 0;
}

/* There is no such folder, which only somebody who may mount gets to know. */
static bool mounts(void)
{
    return syscall(SYS_mount, "none", "/no/such/folder", "tmpfs", 0, NULL) ==
               0 ||
           errno == ENOENT;
}

static const struct attempt {
    const char *name;
    bool (*succeeds)(void);
} attempts[] = {{"read a foreign file", reads_elsewhere},
    {"read /etc/passwd", reads_passwd},
    {"write a foreign file", writes_elsewhere},
    {"create a foreign file", creates_elsewhere},
    {"remove a foreign file", removes_elsewhere},
    {"truncate a foreign file", truncates_elsewhere},
    {"make a link", links_elsewhere}, {"open a socket", makes_socket},
    {"open a local socket", makes_local_socket}, {"fork", forks},
    {"trace", traces}, {"change the user", changes_user}, {"mount", mounts},
    {"run a program", runs_program}};

static void try_all(int fd)
{
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        dprintf(fd, "trying %s\n", attempts[i].name);
        bool open_to_us = attempts[i].succeeds();
        dprintf(fd, "%s %s\n", open_to_us ? "open" : "shut", attempts[i].name);
    }
}

int posix_fadvise(int fd, off_t from, off_t len, int advice)
{
    static bool tried;
    const char *report = getenv("INTRUDER_FD");
    if (!tried && report != NULL) {
        tried = true;
        try_all((int)strtol(report, NULL, 10));
    }
    int (*real)(int, off_t, off_t, int) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "posix_fadvise");
    return real != NULL ? real(fd, from, len, advice) : 0;
}

/* ---- an old kernel ---- */

static bool is_old(void)
{
    return getenv("INTRUDER_OLD_KERNEL") != NULL;
}

long syscall(long number, ...)
{
    long arguments[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) {
        arguments[i] = va_arg(list, long);
    }
    va_end(list);
    if (is_old() && number == SYS_landlock_create_ruleset) {
        errno = ENOSYS;
        return -1;
    }
    long (*real)(long, ...) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "syscall");
    return real(number, arguments[0], arguments[1], arguments[2], arguments[3],
        arguments[4], arguments[5]);
}

int seccomp_load(const scmp_filter_ctx filter)
{
    int (*real)(scmp_filter_ctx) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "seccomp_load");
    return is_old() ? -EINVAL : real(filter);
}
