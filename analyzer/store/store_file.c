/* SPDX-License-Identifier: MIT */
/*
 * SQLite lets several processes write in turns, step by step.  But two runs
 * that read the same logs would only find out at each step that the other was
 * first, so whoever opens the store to write holds a lock on its file to the
 * end (flock(), which the system takes back from a process that is killed).
 */
#include "store/store_file.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/safepath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MODE = 0640, LOOK_AGAIN_MS = 50 /* whether the lock is free */ };

void store_file_refuse(const char *path, const char *why)
{
    diag_error("%s: cannot open the database: %s", path, why);
}

/* Neither the file nor what SQLite keeps beside it may be a trap. */
bool store_file_is_safe(const char *path)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    const char *objection = NULL;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        char *beside = memory_zalloc(strlen(path) + 16, 1);
        snprintf(beside, strlen(path) + 16, "%s%s", path, endings[i]);
        objection = safepath_objection(beside);
        if (objection != NULL) {
            store_file_refuse(beside, objection);
        }
        free(beside);
        if (objection != NULL) {
            return false;
        }
    }
    return true;
}

/* What SQLite sorts on disk is as private as the database, and lies where
 * there is room for it and where ingest may still write: beside it. */
void store_file_sort_beside(const char *path)
{
    char *folder = safepath_folder(path);
    (void)setenv("SQLITE_TMPDIR", folder, 0);
    free(folder);
}

/* False if somebody else has it and does not give it up in time. */
static bool wait_for_lock(const char *path, int fd)
{
    struct timespec pause = {.tv_nsec = LOOK_AGAIN_MS * 1000000L};
    int waited = 0;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return true; /* a file system without locks: SQLite has its own */
        }
        if (waited == 0) {
            diag_info(
                "%s: waiting for another smtpscope that writes to it", path);
        }
        if (waited >= LIMIT_LOCK_WAIT_MS || nanosleep(&pause, NULL) != 0) {
            diag_error("%s: another smtpscope is writing to it; try again when "
                       "it is done",
                path);
            return false;
        }
        waited += LOOK_AGAIN_MS;
    }
    return true;
}

/*
 * Open and lock the file; -1, having reported it, if that fails.  SQLite would
 * create the file with whatever the umask allows, so it is created here.  The
 * descriptor must be closed after SQLite's own: closing it drops all locks
 * that fcntl() gave to the process.
 */
int store_file_lock(const char *path, enum store_mode mode)
{
    int flags = mode == STORE_WRITE ? O_RDWR | O_CREAT : O_RDONLY;
    int fd = open(path, flags | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        store_file_refuse(path, strerror(errno));
        return -1;
    }
    if (!wait_for_lock(path, fd)) {
        close(fd);
        return -1;
    }
    return fd;
}
